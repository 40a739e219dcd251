with source as (
    select * from {{ ref('forecast_settings') }}
),

final as (
    select
        subject,
        scope,
        training_years,
        horizon_years,
        minimum_training_years,
        interval_level,
        is_used = 1 as is_used
    from source
)

select * from final
