-- Cells of each indicator and year by origin, also of indicators that are not in use:
-- a cell is one region. The counts add up to the cells.
with indicators as (
    select * from {{ ref('dim_indicators') }}
),

studies as (
    select * from {{ ref('dim_studies') }}
),

years as (
    select
        study_id,
        unnest(generate_series(first_year, last_year)) as year
    from studies
),

counted as (
    select
        cells.study_id,
        cells.indicator_id,
        cells.year,
        count(*) filter (where cells.value_origin = 'observed') as observed,
        count(*) filter (where cells.value_origin = 'interpolated') as interpolated,
        count(*) filter (where cells.value_origin = 'carried') as carried
    from {{ ref('fct_indicator_values') }} as cells
    inner join studies
        on
            cells.study_id = studies.study_id
            and cells.method_id = studies.default_method_id
    group by cells.study_id, cells.indicator_id, cells.year
),

filled as (
    select
        indicators.study_id,
        indicators.indicator_id,
        years.year,
        indicators.coverage_status,
        indicators.operator = 'identity' as is_published,
        studies.region_count as cells,
        coalesce(counted.observed, 0) as observed,
        coalesce(counted.interpolated, 0) as interpolated,
        coalesce(counted.carried, 0) as carried
    from indicators
    inner join studies on indicators.study_id = studies.study_id
    inner join years on indicators.study_id = years.study_id
    left join counted
        on
            indicators.study_id = counted.study_id
            and indicators.indicator_id = counted.indicator_id
            and years.year = counted.year
),

remaining as (
    select
        *,
        cells - observed - interpolated - carried as rest
    from filled
),

final as (
    select
        study_id,
        indicator_id,
        cast(year as int) as year,
        cast(cells as int) as cells,
        cast(if(is_published, observed, 0) as int) as published_cells,
        cast(if(is_published, 0, observed) as int) as derived_cells,
        cast(interpolated as int) as interpolated_cells,
        cast(carried as int) as carried_cells,
        cast(if(coverage_status = 'no_series', rest, 0) as int) as no_series_cells,
        cast(if(coverage_status = 'excluded', rest, 0) as int) as excluded_cells,
        cast(
            if(coverage_status in ('no_series', 'excluded'), 0, rest) as int
        ) as missing_cells
    from remaining
)

select * from final
