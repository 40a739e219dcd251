-- Indicators of a study whose value is another's in every region and year: such a twin
-- weighs its subject twice. Indicators without a value are left out.
with cells as (
    select * from {{ ref('fct_indicator_values') }}
),

studies as (
    select * from {{ ref('stg_studies__studies') }}
),

indicators as (
    select * from {{ ref('dim_indicators') }}
    where is_computed
),

systems as (
    select * from {{ ref('dim_systems') }}
),

by_indicator as (
    select
        cells.study_id,
        cells.indicator_id,
        array_agg(cells.raw_value order by cells.region_code, cells.year) as raw_values
    from cells
    inner join studies
        on
            cells.study_id = studies.study_id
            and cells.method_id = studies.default_method_id
    group by cells.study_id, cells.indicator_id
    having count(cells.raw_value) > 0
),

placed as (
    select
        by_indicator.study_id,
        by_indicator.indicator_id,
        by_indicator.raw_values,
        row_number() over (
            partition by by_indicator.study_id
            order by systems.system_position, indicators.indicator_position
        ) as place
    from by_indicator
    inner join indicators
        on
            by_indicator.study_id = indicators.study_id
            and by_indicator.indicator_id = indicators.indicator_id
    inner join systems
        on
            indicators.study_id = systems.study_id
            and indicators.system_id = systems.system_id
),

final as (
    select
        study_id,
        indicator_id,
        cast(place as int) as place,
        cast(min(place) over (partition by study_id, raw_values) as int)
            as first_place
    from placed
    qualify count(*) over (partition by study_id, raw_values) > 1
)

select * from final
