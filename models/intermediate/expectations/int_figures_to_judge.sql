-- Figures beside those that they are compared with: what ships by itself, and a user's
-- own in the place of shipped ones. `file_name` is that of a figure that is judged.
with observations as (
    select * from {{ ref('int_observations') }}
),

own as (
    select * from {{ ref('stg_workspace__figures') }}
),

series as (
    select * from {{ ref('series') }}
),

regions as (
    select
        region_code,
        level,
        level_of_figures
    from {{ ref('stg_reference__regions') }}
),

shipped as (
    select
        'yearbook' as panel,
        observations.series_id,
        coalesce(regions.level_of_figures, 'other') as region_level,
        observations.region_code,
        observations.year,
        observations.shipped_value as value,
        case
            when regions.level_of_figures = 'city' and series.city_chapter is not null
                then series.city_chapter
            else coalesce(series.chapter, series.city_chapter)
        end as file_name
    from observations
    left join regions on observations.region_code = regions.region_code
    left join series on observations.series_id = series.series_id
    where observations.shipped_value is not null
),

counted as (
    select count(*) as file_figures from own
),

with_own as (
    select
        'workspace' as panel,
        observations.series_id,
        coalesce(regions.level, 'other') as region_level,
        observations.region_code,
        observations.year,
        observations.value,
        replace(own.source_id, 'workspace__', '') as file_name
    from observations
    left join regions on observations.region_code = regions.region_code
    left join own
        on
            observations.series_id = own.series_id
            and observations.region_code = own.region_code
            and observations.year = own.year
    cross join counted
    where counted.file_figures > 0
)

select * from shipped
union all
select * from with_own
