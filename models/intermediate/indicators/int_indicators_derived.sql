-- The operator of the catalogue applied to the figures, over all years that they have.
-- Over a base that is zero, or below where the catalogue does not allow it, a ratio or
-- growth has no meaning: the row stays without a value.
with indicators as (
    select * from {{ ref('stg_studies__indicators') }}
    where operator <> 'perpetual_inventory' and is_computed
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

reference_totals as (
    select * from {{ ref('int_reference_totals_matched') }}
),

capital_stocks as (
    select * from {{ ref('int_capital_stocks_accumulated') }}
),

parts as (
    select
        indicators.study_id,
        indicators.indicator_id,
        indicators.operator,
        indicators.scale,
        study_regions.region_code,
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
        {{ joined_notes(
            'a.quality_note', 'coalesce(b.quality_note, previous.quality_note)', '; '
        ) }} as quality_note,
        {{ joined_notes(
            'a.quality_note_zh',
            'coalesce(b.quality_note_zh, previous.quality_note_zh)',
            '；'
        ) }} as quality_note_zh
    from indicators
    inner join study_regions on indicators.study_id = study_regions.study_id
    inner join regions on study_regions.region_code = regions.region_code
    inner join observations as a
        on
            indicators.numerator_series_id = a.series_id
            and study_regions.region_code = a.region_code
    left join observations as b
        on
            indicators.denominator_series_id = b.series_id
            and a.region_code = b.region_code
            and a.year = b.year
    left join observations as previous
        on
            indicators.operator = 'growth_pct'
            and a.series_id = previous.series_id
            and a.region_code = previous.region_code
            and a.year = previous.year + 1
    left join reference_totals
        on
            indicators.study_id = reference_totals.study_id
            and indicators.indicator_id = reference_totals.indicator_id
            and study_regions.region_code = reference_totals.region_code
            and a.year = reference_totals.year
),

derived as (
    select
        study_id,
        indicator_id,
        region_code,
        year,
        scale * case operator
            when 'identity' then a
            when 'ratio' then a / nullif(b, 0)
            when 'per_area' then a / nullif(land_area_10k_km2, 0)
            when 'growth_pct' then 100 * (a / nullif(a_before, 0) - 1)
            when 'location_quotient'
                then
                    (a / nullif(b, 0))
                    / nullif(numerator_total / nullif(denominator_total, 0), 0)
        end as raw_value,
        quality,
        quality_note,
        quality_note_zh,
        coalesce(base <= 0 and not (may_be_negative and base < 0), false)
            as has_no_base
    from parts
    union all
    select
        study_id,
        indicator_id,
        region_code,
        year,
        raw_value,
        quality,
        quality_note,
        quality_note_zh,
        false as has_no_base
    from capital_stocks
),

final as (
    select
        study_id,
        indicator_id,
        region_code,
        year,
        case when not has_no_base then raw_value end as raw_value,
        case when has_no_base then 'base_not_positive' else 'computed' end as status,
        quality,
        quality_note,
        quality_note_zh
    from derived
    where raw_value is not null or has_no_base
)

select * from final
