-- One row per region, year and indicator: value in its unit, origin, normalised.
select
    cells.region_code,
    region_name(regions.region, regions.name_zh) as region,
    cells.year,
    cells.indicator_id,
    spoken(indicators.label, indicators.label_zh) as indicator,
    indicators.unit,
    cells.raw_value,
    cells.value_origin,
    cells.normalised_value,
    cells.status
from marts.fct_indicator_values as cells
inner join marts.dim_studies as studies
    on
        cells.study_id = studies.study_id
        and cells.method_id = studies.default_method_id
inner join marts.dim_regions as regions
    on cells.region_code = regions.region_code
inner join marts.dim_indicators as indicators
    on
        cells.study_id = indicators.study_id
        and cells.indicator_id = indicators.indicator_id
inner join marts.dim_systems as systems
    on
        indicators.study_id = systems.study_id
        and indicators.system_id = systems.system_id
where cells.study_id = $study_id
order by
    cells.region_code,
    cells.year,
    systems.system_position,
    indicators.indicator_position
