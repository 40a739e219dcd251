-- The figures that an operator of the catalogue takes together, side by side, over all
-- years that they have: all but those that are taken as they stand or accumulated.
with indicators as (
    select
        placed.indicator_key,
        placed.study_key,
        indicators.*,
        numerators.series_key as numerator_key,
        denominators.series_key as denominator_key
    from {{ ref('int_indicators_placed') }} as placed
    inner join {{ ref('stg_studies__indicators') }} as indicators
        on
            placed.study_id = indicators.study_id
            and placed.indicator_id = indicators.indicator_id
    left join {{ ref('int_series_numbered') }} as numerators
        on indicators.numerator_series_id = numerators.series_id
    left join {{ ref('int_series_numbered') }} as denominators
        on indicators.denominator_series_id = denominators.series_id
),

regions as (
    select
        numbered.region_key,
        regions.*
    from {{ ref('int_regions_numbered') }} as numbered
    inner join {{ ref('stg_reference__regions') }} as regions
        on numbered.region_code = regions.region_code
),

study_regions as (
    select
        members.study_id,
        members.region_code,
        regions.region_key
    from {{ ref('stg_studies__study_regions') }} as members
    inner join regions on members.region_code = regions.region_code
),

figures as (
    select
        chosen.*,
        coalesce(sources.quality, 'U') as quality
    from {{ ref('int_figures_chosen') }} as chosen
    left join {{ ref('int_sources_numbered') }} as sources
        on chosen.source_key = sources.source_key
),

final as (
    select
        indicators.indicator_key,
        indicators.operator,
        indicators.scale,
        study_regions.region_key,
        a.year,
        a.value as a,
        b.value as b,
        previous.value as a_before,
        regions.land_area_10k_km2,
        reference_totals.numerator_total,
        reference_totals.denominator_total,
        case indicators.operator
            when 'ratio' then b.value
            when 'location_quotient' then b.value
            when 'growth_pct' then previous.value
        end as base,
        coalesce(indicators.negative_base = 'allowed', false) as may_be_negative,
        greatest(
            a.quality,
            coalesce(b.quality, a.quality),
            coalesce(previous.quality, a.quality),
            coalesce(reference_totals.numerator_quality, a.quality),
            coalesce(reference_totals.denominator_quality, a.quality),
            case
                when
                    indicators.operator = 'per_area'
                    and regions.row_origin = 'workspace'
                    then 'U'
                else a.quality
            end
        ) as quality,
        a.source_key,
        coalesce(b.source_key, previous.source_key) as other_source_key
    from indicators
    inner join study_regions on indicators.study_id = study_regions.study_id
    inner join regions on study_regions.region_key = regions.region_key
    inner join figures as a
        on
            indicators.numerator_key = a.series_key
            and study_regions.region_key = a.region_key
    left join figures as b
        on
            indicators.denominator_key = b.series_key
            and a.region_key = b.region_key
            and a.year = b.year
    left join figures as previous
        on
            indicators.operator = 'growth_pct'
            and a.series_key = previous.series_key
            and a.region_key = previous.region_key
            and a.year = previous.year + 1
    left join {{ ref('int_reference_totals_matched') }} as reference_totals
        on
            indicators.study_id = reference_totals.study_id
            and indicators.indicator_id = reference_totals.indicator_id
            and study_regions.region_code = reference_totals.region_code
            and a.year = reference_totals.year
    where indicators.operator not in ('identity', 'perpetual_inventory')
)

select * from final
