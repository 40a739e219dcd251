-- One row per indicator, origin other than observed, and set of years.
--
-- `years` and `regions` are arrays: the regions share exactly these years. The origin
-- of a value without a meaning is `base_not_positive`; years without any figure are
-- left out.
with by_region as (
    select
        cells.indicator_id,
        case
            when cells.status = 'base_not_positive' then cells.status
            else cells.value_origin
        end as value_origin,
        cells.region_code,
        array_agg(cells.year order by cells.year) as years
    from marts.fct_indicator_values as cells
    inner join marts.dim_studies as studies
        on
            cells.study_id = studies.study_id
            and cells.method_id = studies.default_method_id
    where
        cells.study_id = $study_id
        and cells.value_origin <> 'observed'
        and coalesce(cells.status, '') <> 'no_figures_in_year'
    group by all
)

select
    by_region.indicator_id,
    indicator_label(indicators.label, indicators.label_zh, indicators.coverage_status)
        as label,
    by_region.value_origin,
    by_region.years,
    array_agg(
        region_name(regions.region, regions.name_zh) order by regions.region_code
    ) as regions
from by_region
inner join marts.dim_indicators as indicators
    on
        indicators.study_id = $study_id
        and by_region.indicator_id = indicators.indicator_id
inner join marts.dim_regions as regions
    on by_region.region_code = regions.region_code
group by
    by_region.indicator_id,
    spoken(indicators.label, indicators.label_zh),
    indicators.coverage_status,
    indicators.indicator_position,
    by_region.value_origin,
    by_region.years
order by
    indicators.indicator_position,
    by_region.indicator_id,
    by_region.value_origin,
    by_region.years
