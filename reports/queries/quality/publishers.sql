-- One row per publisher and origin of figures, those with most figures first.
select
    publisher,
    figure_origin,
    count(distinct series_id) as series_count,
    sum(figure_count) as figure_count,
    min(first_year) as first_year,
    max(last_year) as last_year
from marts.dim_sources
group by publisher, figure_origin
order by figure_count desc, publisher asc, figure_origin asc
