-- A small number for each region, which stands for it between the models.
with regions as (
    select * from {{ ref('stg_reference__regions') }}
),

final as (
    select
        region_code,
        cast(row_number() over (order by region_code) as int) as region_key
    from regions
)

select * from final
