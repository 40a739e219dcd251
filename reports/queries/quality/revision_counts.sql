-- One row per landing and kind of change of figures, in the order of landings.
select
    landing_position,
    landing_id,
    file_name,
    landed_at,
    kind,
    count(*) as figure_count,
    count(distinct series_id) as series_count
from marts.fct_data_revisions
group by all
order by landing_position, kind
