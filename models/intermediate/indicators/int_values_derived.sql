-- The operator of the catalogue applied to the figures, over all years that they have.
-- Over a base that is zero, or below where the catalogue does not allow it, a ratio or
-- growth has no meaning: the row stays without a value.
with indicators as (
    select
        placed.indicator_key,
        indicators.*,
        numerators.series_key as numerator_key
    from {{ ref('int_indicators_placed') }} as placed
    inner join {{ ref('stg_studies__indicators') }} as indicators
        on
            placed.study_id = indicators.study_id
            and placed.indicator_id = indicators.indicator_id
    left join {{ ref('int_series_numbered') }} as numerators
        on indicators.numerator_series_id = numerators.series_id
),

regions as (
    select * from {{ ref('int_regions_numbered') }}
),

study_regions as (
    select
        members.study_id,
        regions.region_key
    from {{ ref('stg_studies__study_regions') }} as members
    inner join regions on members.region_code = regions.region_code
),

sources as (
    select * from {{ ref('int_sources_numbered') }}
),

-- the figure as it stands
taken as (
    select
        indicators.indicator_key,
        figures.region_key,
        figures.year,
        indicators.scale * figures.value as raw_value,
        false as has_no_base,
        coalesce(sources.quality, 'U') as quality,
        figures.source_key,
        cast(null as int) as other_source_key
    from indicators
    inner join study_regions on indicators.study_id = study_regions.study_id
    inner join {{ ref('int_figures_chosen') }} as figures
        on
            indicators.numerator_key = figures.series_key
            and study_regions.region_key = figures.region_key
    left join sources on figures.source_key = sources.source_key
    where indicators.operator = 'identity'
),

derived as (
    select * from taken
    union all
    select
        indicator_key,
        region_key,
        year,
        scale * case operator
            when 'ratio' then a / nullif(b, 0)
            when 'per_area' then a / nullif(land_area_10k_km2, 0)
            when 'growth_pct' then 100 * (a / nullif(a_before, 0) - 1)
            when 'location_quotient'
                then
                    (a / nullif(b, 0))
                    / nullif(numerator_total / nullif(denominator_total, 0), 0)
        end as raw_value,
        coalesce(base <= 0 and not (may_be_negative and base < 0), false)
            as has_no_base,
        quality,
        source_key,
        other_source_key
    from {{ ref('int_figures_joined') }}
    union all
    select
        indicators.indicator_key,
        regions.region_key,
        stocks.year,
        stocks.raw_value,
        false as has_no_base,
        stocks.quality,
        sources.source_key,
        other_sources.source_key as other_source_key
    from {{ ref('int_capital_stocks_accumulated') }} as stocks
    inner join indicators
        on
            stocks.study_id = indicators.study_id
            and stocks.indicator_id = indicators.indicator_id
    inner join regions on stocks.region_code = regions.region_code
    left join sources on stocks.source_id = sources.source_id
    left join sources as other_sources
        on stocks.other_source_id = other_sources.source_id
),

final as (
    select
        indicator_key,
        region_key,
        year,
        case when not has_no_base then raw_value end as raw_value,
        has_no_base,
        quality,
        source_key,
        other_source_key
    from derived
    where raw_value is not null or has_no_base
)

select * from final
