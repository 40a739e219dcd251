-- The cells without a value of their own, between the known values of the same region
-- around them. Known years outside the study's years count; nothing is carried into a
-- year of which the study has no figure.
with years as (
    select
        studies.study_key,
        years.year,
        years.has_figures
    from {{ ref('int_study_years_judged') }} as years
    inner join {{ ref('int_studies_numbered') }} as studies
        on years.study_id = studies.study_id
),

spans as (
    select
        study_key,
        min(year) as first_year,
        max(year) as last_year,
        {{ in_order('year', 'year') }} as years
    from years
    group by study_key
),

members as (
    select
        studies.study_key,
        regions.region_key
    from {{ ref('stg_studies__study_regions') }} as members
    inner join {{ ref('int_studies_numbered') }} as studies
        on members.study_id = studies.study_id
    inner join {{ ref('int_regions_numbered') }} as regions
        on members.region_code = regions.region_code
),

indicators as (
    select * from {{ ref('int_indicators_placed') }}
),

known as (
    select * from {{ ref('int_values_derived') }}
),

observed as (
    select known.*
    from known
    inner join indicators on known.indicator_key = indicators.indicator_key
    inner join spans
        on
            indicators.study_key = spans.study_key
            and known.year between spans.first_year and spans.last_year
),

years_held as (
    select
        indicator_key,
        region_key,
        {{ gathered('year') }} as years
    from observed
    group by indicator_key, region_key
),

missing as (
    select
        indicators.indicator_key,
        members.region_key,
        unnest({{ only(
            'spans.years', 'y', 'not coalesce(list_contains(held.years, y), false)'
        ) }}) as year
    from members
    inner join spans on members.study_key = spans.study_key
    inner join indicators on members.study_key = indicators.study_key
    left join years_held as held
        on
            indicators.indicator_key = held.indicator_key
            and members.region_key = held.region_key
    where coalesce(len(held.years), 0) < len(spans.years)
),

judged as (
    select
        missing.*,
        years.has_figures
    from missing
    inner join indicators on missing.indicator_key = indicators.indicator_key
    inner join years
        on
            indicators.study_key = years.study_key
            and missing.year = years.year
),

final as (
    select
        judged.indicator_key,
        judged.region_key,
        judged.year,
        judged.has_figures,
        max(case when known.year < judged.year then known.year end) as year_before,
        min(case when known.year > judged.year then known.year end) as year_after,
        max_by(known.raw_value, known.year) filter (where known.year < judged.year)
            as value_before,
        min_by(known.raw_value, known.year) filter (where known.year > judged.year)
            as value_after,
        max_by(known.quality, known.year) filter (where known.year < judged.year)
            as quality_before,
        min_by(known.quality, known.year) filter (where known.year > judged.year)
            as quality_after,
        max_by(known.source_key, known.year) filter (
            where known.year < judged.year
        ) as source_before_key,
        max_by(known.other_source_key, known.year) filter (
            where known.year < judged.year
        ) as other_source_before_key,
        min_by(known.source_key, known.year) filter (
            where known.year > judged.year
        ) as source_after_key,
        min_by(known.other_source_key, known.year) filter (
            where known.year > judged.year
        ) as other_source_after_key
    from judged
    left join known
        on
            judged.indicator_key = known.indicator_key
            and judged.region_key = known.region_key
            and judged.has_figures
            and not known.has_no_base
    group by
        judged.indicator_key, judged.region_key, judged.year, judged.has_figures
)

select * from final
