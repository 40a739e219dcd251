-- Breaks that fall inside the years of a study, after its first: in these its figures
-- change their level for another reason than what they measure. A break that a user
-- states says nothing of a shipped study.
with studies as (
    select * from {{ ref('stg_studies__studies') }}
),

indicators as (
    select * from {{ ref('stg_studies__indicators') }}
    where is_computed
),

breaks as (
    select * from {{ ref('stg_reference__series_breaks') }}
),

levels as (
    select distinct
        study_regions.study_id,
        regions.level
    from {{ ref('stg_studies__study_regions') }} as study_regions
    inner join {{ ref('stg_reference__regions') }} as regions
        on study_regions.region_code = regions.region_code
),

used as (
    select
        study_id,
        indicator_id,
        numerator_series_id as series_id
    from indicators
    union
    select
        study_id,
        indicator_id,
        denominator_series_id as series_id
    from indicators
    where denominator_series_id is not null
),

final as (
    select
        used.study_id,
        breaks.year,
        used.indicator_id,
        used.series_id,
        breaks.region_level,
        breaks.reason,
        breaks.reason_zh
    from used
    inner join studies on used.study_id = studies.study_id
    inner join breaks on used.series_id = breaks.series_id
    inner join levels
        on
            used.study_id = levels.study_id
            and breaks.region_level = levels.level
    where
        breaks.year > studies.first_year
        and breaks.year <= studies.last_year
        and (breaks.row_origin = 'shipped' or studies.row_origin <> 'shipped')
)

select * from final
