-- One figure per cell: the user's own where there is one, else the shipped one. A
-- source speaks for the figures of its series, level and years; for a user's figures
-- only if the series is the user's.
{{ config(materialized='view') }}
with shipped as not materialized (
    select * from {{ ref('stg_yearbook__national_accounts') }}
    union all
    select * from {{ ref('stg_yearbook__population_and_income') }}
    union all
    select * from {{ ref('stg_yearbook__employment') }}
    union all
    select * from {{ ref('stg_yearbook__energy_and_environment') }}
    union all
    select * from {{ ref('stg_yearbook__science_and_finance') }}
    union all
    select * from {{ ref('stg_yearbook__industrial_innovation') }}
    union all
    select * from {{ ref('stg_yearbook__internet_and_ecommerce') }}
    union all
    select * from {{ ref('stg_yearbook__education') }}
    union all
    select * from {{ ref('stg_yearbook__transport') }}
    union all
    select * from {{ ref('stg_yearbook__industry') }}
    union all
    select * from {{ ref('stg_yearbook__investment_and_housing') }}
    union all
    select * from {{ ref('stg_yearbook__foreign_investment') }}
    union all
    select * from {{ ref('stg_yearbook__cities_economy') }}
    union all
    select * from {{ ref('stg_yearbook__cities_industry_and_trade') }}
    union all
    select * from {{ ref('stg_yearbook__cities_finance_and_innovation') }}
    union all
    select * from {{ ref('stg_yearbook__cities_transport_and_services') }}
    union all
    select * from {{ ref('stg_yearbook__cities_environment') }}
),

own as not materialized (
    select * from {{ ref('stg_workspace__figures') }}
),

sources as (
    select * from {{ ref('stg_reference__sources') }}
),

regions as (
    select
        region_code,
        level_of_figures
    from {{ ref('stg_reference__regions') }}
),

chosen as (
    select
        shipped.region_code,
        shipped.year,
        shipped.series_id,
        shipped.value,
        shipped.value as shipped_value,
        cast(null as string) as file_source_id,
        'shipped' as figure_origin
    from shipped
    left join own
        on
            shipped.region_code = own.region_code
            and shipped.year = own.year
            and shipped.series_id = own.series_id
    where own.year is null
    union all
    select
        own.region_code,
        own.year,
        own.series_id,
        own.value,
        shipped.value as shipped_value,
        own.source_id as file_source_id,
        'workspace' as figure_origin
    from own
    left join shipped
        on
            own.region_code = shipped.region_code
            and own.year = shipped.year
            and own.series_id = shipped.series_id
),

final as (
    select
        chosen.region_code,
        chosen.year,
        chosen.series_id,
        chosen.value,
        coalesce(sources.source_id, chosen.file_source_id) as source_id,
        coalesce(sources.quality, 'U') as quality,
        sources.quality_note,
        sources.quality_note_zh,
        chosen.figure_origin,
        chosen.shipped_value
    from chosen
    left join regions on chosen.region_code = regions.region_code
    left join sources
        on
            chosen.series_id = sources.series_id
            and sources.is_shipped = (chosen.figure_origin = 'shipped')
            and chosen.year between sources.first_year and sources.last_year
            and coalesce(regions.level_of_figures = sources.region_level, true)
)

select * from final
