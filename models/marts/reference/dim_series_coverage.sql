-- What figures there are of a series, for each level of regions and each source.
with observations as (
    select * from {{ ref('int_observations') }}
),

regions as (
    select * from {{ ref('stg_reference__regions') }}
),

final as (
    select
        observations.series_id,
        regions.level as region_level,
        observations.source_id,
        observations.quality,
        min(observations.year) as first_year,
        max(observations.year) as last_year,
        cast(count(distinct observations.year) as int) as year_count,
        cast(count(distinct observations.region_code) as int) as region_count,
        cast(count(*) as int) as figure_count
    from observations
    inner join regions on observations.region_code = regions.region_code
    group by
        observations.series_id,
        regions.level,
        observations.source_id,
        observations.quality
)

select * from final
