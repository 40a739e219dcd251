-- The figures in use under the numbers of their regions, series and sources.
with figures as (
    select * from {{ ref('int_observations') }}
),

regions as (
    select * from {{ ref('int_regions_numbered') }}
),

series as (
    select * from {{ ref('int_series_numbered') }}
),

sources as (
    select * from {{ ref('int_sources_numbered') }}
),

final as (
    select
        regions.region_key,
        series.series_key,
        figures.year,
        figures.value,
        sources.source_key
    from figures
    inner join regions on figures.region_code = regions.region_code
    inner join series on figures.series_id = series.series_id
    left join sources on figures.source_id = sources.source_id
)

select * from final
