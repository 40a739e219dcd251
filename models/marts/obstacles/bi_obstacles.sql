-- Everything about an obstacle in one row, for tools in which tables are not joined.
-- Nine methods would make nine times the rows, and a sum over them means nothing.
with obstacles as (
    select * from {{ ref('fct_obstacles') }}
),

indicator_values as (
    select * from {{ ref('fct_indicator_values') }}
),

weights as (
    select * from {{ ref('fct_indicator_weights') }}
),

indicators as (
    select * from {{ ref('dim_indicators') }}
),

systems as (
    select * from {{ ref('dim_systems') }}
),

studies as (
    select * from {{ ref('dim_studies') }}
),

methods as (
    select * from {{ ref('dim_methods') }}
),

regions as (
    select * from {{ ref('dim_regions') }}
),

final as (
    select
        obstacles.study_id,
        studies.label as study,
        studies.label_zh as study_zh,
        obstacles.method_id,
        methods.label as method,
        methods.label_zh as method_zh,
        obstacles.region_code,
        regions.region,
        regions.name_zh as region_zh,
        regions.three_belt,
        regions.three_belt_zh,
        regions.four_region,
        regions.four_region_zh,
        obstacles.year,
        make_date(obstacles.year, 1, 1) as year_start_date,
        indicators.system_id,
        systems.label as system,
        systems.label_zh as system_zh,
        indicators.criterion,
        indicators.criterion_zh,
        obstacles.indicator_id,
        indicators.label as indicator,
        indicators.label_zh as indicator_zh,
        indicators.direction,
        indicators.coverage_status,
        indicator_values.raw_value,
        indicators.unit,
        indicator_values.value_origin,
        indicator_values.quality,
        indicator_values.normalised_value,
        weights.study_weight,
        obstacles.deviation,
        obstacles.obstacle_degree,
        obstacles.obstacle_rank,
        obstacles.status
    from obstacles
    left join indicator_values
        on
            obstacles.study_id = indicator_values.study_id
            and obstacles.method_id = indicator_values.method_id
            and obstacles.region_code = indicator_values.region_code
            and obstacles.year = indicator_values.year
            and obstacles.indicator_id = indicator_values.indicator_id
    -- weights carry a year only where the method weighs year by year
    left join weights
        on
            obstacles.study_id = weights.study_id
            and obstacles.method_id = weights.method_id
            and obstacles.indicator_id = weights.indicator_id
            and obstacles.year = coalesce(weights.year, obstacles.year)
    inner join indicators
        on
            obstacles.study_id = indicators.study_id
            and obstacles.indicator_id = indicators.indicator_id
    inner join systems
        on
            indicators.study_id = systems.study_id
            and indicators.system_id = systems.system_id
    inner join studies
        on
            obstacles.study_id = studies.study_id
            and obstacles.method_id = studies.default_method_id
    inner join methods on obstacles.method_id = methods.method_id
    inner join regions on obstacles.region_code = regions.region_code
)

select * from final
