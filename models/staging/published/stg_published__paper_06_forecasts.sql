with source as (
    select * from {{ ref('paper_06_tables_3_4_forecasts') }}
),

final as (
    select
        table_name,
        region_code,
        year,
        hazard,
        cast(predicted_loss_rate_pct as double) as predicted_loss_rate_pct,
        predicted_loss_rate_pct as predicted_loss_rate_pct_printed,
        cast(actual_loss_rate_pct as double) as actual_loss_rate_pct,
        actual_loss_rate_pct as actual_loss_rate_pct_printed,
        cast(relative_error_pct as double) as relative_error_pct,
        relative_error_pct as relative_error_pct_printed
    from source
)

select * from final
