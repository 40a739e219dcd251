-- One row per indicator with values that have no meaning: how many region-years.
select
    cells.indicator_id,
    indicator_label(indicators.label, indicators.label_zh, indicators.coverage_status)
        as label,
    count(*) as cells
from marts.fct_indicator_values as cells
inner join marts.dim_studies as studies
    on
        cells.study_id = studies.study_id
        and cells.method_id = studies.default_method_id
inner join marts.dim_indicators as indicators
    on
        cells.study_id = indicators.study_id
        and cells.indicator_id = indicators.indicator_id
where cells.study_id = $study_id and cells.status = 'base_not_positive'
group by all
order by min(indicators.indicator_position), cells.indicator_id
