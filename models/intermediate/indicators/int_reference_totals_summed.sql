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

observations as (
    select * from {{ ref('int_observations') }}
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

final as (
    select
        members.study_id,
        members.indicator_id,
        members.country_code,
        members.level,
        numerators.year,
        {{ exact_sum('numerators.value', scale=12) }} as numerator_total,
        {{ exact_sum('denominators.value', scale=12) }} as denominator_total,
        cast(count(*) as int) as region_count,
        max(numerators.quality) as numerator_quality,
        max(denominators.quality) as denominator_quality,
        min(numerators.source_id) as numerator_source_id,
        max(numerators.source_id) as numerator_further_source_id,
        min(denominators.source_id) as denominator_source_id,
        max(denominators.source_id) as denominator_further_source_id
    from members
    inner join observations as numerators
        on
            members.numerator_series_id = numerators.series_id
            and members.region_code = numerators.region_code
    inner join observations as denominators
        on
            members.denominator_series_id = denominators.series_id
            and members.region_code = denominators.region_code
            and numerators.year = denominators.year
    group by
        members.study_id,
        members.indicator_id,
        members.country_code,
        members.level,
        numerators.year
)

select * from final
