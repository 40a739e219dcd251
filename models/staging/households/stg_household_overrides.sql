with source as (
    select * from {{ ref('household_overrides') }}
),

final as (
    select
        survey_id,
        household_id,
        is_anomaly = 1 as is_anomaly,
        reviewer,
        reviewed_on,
        reason
    from source
)

select * from final
