-- One row per indicator in use and origin of its values: how many cells.
select
    cells.indicator_id,
    cells.value_origin,
    count(*) as cells
from marts.fct_indicator_values as cells
inner join marts.dim_studies as studies
    on
        cells.study_id = studies.study_id
        and cells.method_id = studies.default_method_id
where cells.study_id = $study_id
group by cells.indicator_id, cells.value_origin
order by cells.indicator_id, cells.value_origin
