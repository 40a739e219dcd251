with yearbook as (
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
),

sources as (
    select * from {{ ref('stg_reference__sources') }}
),

final as (
    select
        yearbook.region_code,
        yearbook.year,
        yearbook.series_id,
        yearbook.value,
        sources.source_id,
        sources.quality,
        sources.quality_note
    from yearbook
    left join sources on yearbook.series_id = sources.series_id
)

select * from final
