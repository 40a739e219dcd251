-- The region-years that a study covers: its regions times its years.
with recursive years as (
    select
        study_id,
        first_year as year,
        last_year
    from {{ ref('stg_studies__studies') }}
    union all
    select
        study_id,
        year + 1 as year,
        last_year
    from years
    where year < last_year
),

study_regions as (
    select * from {{ ref('stg_studies__study_regions') }}
),

final as (
    select
        study_regions.study_id,
        study_regions.region_code,
        years.year
    from study_regions
    inner join years on study_regions.study_id = years.study_id
)

select * from final
