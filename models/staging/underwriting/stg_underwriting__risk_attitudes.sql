with source as (
    select * from {{ ref('risk_attitudes') }}
),

final as (
    select
        attitude_set_id,
        label,
        label_zh,
        client_risk_attitude,
        insurer_risk_attitude,
        note
    from source
)

select * from final
