-- The totals that each region of a study is measured against: those of its country and
-- level, or those of the study. A region of no country has none.
with totals as (
    select * from {{ ref('int_reference_totals_summed') }}
),

study_regions as (
    select * from {{ ref('stg_studies__study_regions') }}
),

regions as (
    select * from {{ ref('stg_reference__regions') }}
),

final as (
    select
        totals.study_id,
        totals.indicator_id,
        study_regions.region_code,
        totals.year,
        totals.numerator_total,
        totals.denominator_total,
        totals.numerator_quality,
        totals.denominator_quality,
        totals.numerator_source_id,
        nullif(totals.numerator_further_source_id, totals.numerator_source_id)
            as numerator_further_source_id,
        totals.denominator_source_id,
        nullif(totals.denominator_further_source_id, totals.denominator_source_id)
            as denominator_further_source_id
    from totals
    inner join study_regions on totals.study_id = study_regions.study_id
    inner join regions
        on
            study_regions.region_code = regions.region_code
            and (
                totals.level = 'study'
                or (
                    totals.country_code = regions.country_code
                    and totals.level = regions.level
                )
            )
)

select * from final
