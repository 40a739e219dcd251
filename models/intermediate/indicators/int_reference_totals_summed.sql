-- What a location quotient is measured against: both series summed, over the regions in
-- which both are known that year. `country`: all regions of the country that have the
-- level, never a city on top of its province; of a shipped study, shipped regions only.
-- `study`: the study's own regions, whatever their country and level.
with indicators as (
    select * from {{ ref('stg_studies__indicators') }}
    where operator = 'location_quotient' and is_computed
),

studies as (
    select * from {{ ref('stg_studies__studies') }}
),

study_regions as (
    select * from {{ ref('stg_studies__study_regions') }}
),

regions as (
    select * from {{ ref('stg_reference__regions') }}
),

region_keys as (
    select * from {{ ref('int_regions_numbered') }}
),

series_keys as (
    select * from {{ ref('int_series_numbered') }}
),

sources as (
    select * from {{ ref('int_sources_numbered') }}
),

members as (
    select
        indicators.study_id,
        indicators.indicator_id,
        indicators.numerator_series_id,
        indicators.denominator_series_id,
        regions.country_code,
        regions.level,
        regions.region_code
    from indicators
    inner join studies on indicators.study_id = studies.study_id
    inner join regions
        on
            regions.country_code is not null
            and (regions.row_origin = 'shipped' or studies.row_origin <> 'shipped')
    where indicators.reference_total = 'country'
    union all
    select
        indicators.study_id,
        indicators.indicator_id,
        indicators.numerator_series_id,
        indicators.denominator_series_id,
        'study' as country_code,
        'study' as level,
        study_regions.region_code
    from indicators
    inner join study_regions on indicators.study_id = study_regions.study_id
    where indicators.reference_total = 'study'
),

keyed as (
    select
        members.*,
        region_keys.region_key,
        numerators.series_key as numerator_key,
        denominators.series_key as denominator_key
    from members
    inner join region_keys on members.region_code = region_keys.region_code
    inner join series_keys as numerators
        on members.numerator_series_id = numerators.series_id
    inner join series_keys as denominators
        on members.denominator_series_id = denominators.series_id
),

figures as (
    select * from {{ ref('int_figures_chosen') }}
    where
        series_key in (
            select keyed.numerator_key from keyed
            union
            select keyed.denominator_key from keyed
        )
),

sides as (
    select
        keyed.study_id,
        keyed.indicator_id,
        keyed.country_code,
        keyed.level,
        numerators.year,
        numerators.value as numerator,
        denominators.value as denominator,
        numerators.source_key as numerator_source_key,
        denominators.source_key as denominator_source_key
    from keyed
    inner join figures as numerators
        on
            keyed.numerator_key = numerators.series_key
            and keyed.region_key = numerators.region_key
    inner join figures as denominators
        on
            keyed.denominator_key = denominators.series_key
            and keyed.region_key = denominators.region_key
            and numerators.year = denominators.year
),

final as (
    select
        sides.study_id,
        sides.indicator_id,
        sides.country_code,
        sides.level,
        sides.year,
        {{ exact_sum('sides.numerator', scale=12) }} as numerator_total,
        {{ exact_sum('sides.denominator', scale=12) }} as denominator_total,
        cast(count(*) as int) as region_count,
        max(coalesce(numerator_sources.quality, 'U')) as numerator_quality,
        max(coalesce(denominator_sources.quality, 'U')) as denominator_quality,
        min(numerator_sources.source_id) as numerator_source_id,
        max(numerator_sources.source_id) as numerator_further_source_id,
        min(denominator_sources.source_id) as denominator_source_id,
        max(denominator_sources.source_id) as denominator_further_source_id
    from sides
    left join sources as numerator_sources
        on sides.numerator_source_key = numerator_sources.source_key
    left join sources as denominator_sources
        on sides.denominator_source_key = denominator_sources.source_key
    group by
        sides.study_id,
        sides.indicator_id,
        sides.country_code,
        sides.level,
        sides.year
)

select * from final
