with source as (
    select * from {{ ref('disaster_losses') }}
),

final as (
    select
        region_code,
        hazard,
        year,
        direct_loss_cny_100m,
        gross_regional_product_cny_100m,
        origin
    from source
)

select * from final
