with source as (
    select * from {{ ref('paper_06_tables_1_2_losses') }}
),

final as (
    select
        table_name,
        region_code,
        year,
        hazard,
        cast(direct_loss_cny_100m as double) as direct_loss_cny_100m,
        direct_loss_cny_100m as direct_loss_cny_100m_printed,
        cast(gross_regional_product_cny_100m as double)
            as gross_regional_product_cny_100m,
        gross_regional_product_cny_100m as gross_regional_product_cny_100m_printed,
        cast(loss_rate_pct as double) as loss_rate_pct,
        loss_rate_pct as loss_rate_pct_printed
    from source
)

select * from final
