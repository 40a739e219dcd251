with losses as (
    select * from {{ ref('stg_underwriting__disaster_losses') }}
),

final as (
    select
        region_code,
        hazard,
        year,
        100 * direct_loss_cny_100m
        / nullif(gross_regional_product_cny_100m, 0) as loss_rate_pct
    from losses
)

select * from final
