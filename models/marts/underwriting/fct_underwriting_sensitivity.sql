with tried as (
    select * from {{ ref('int_underwriting_sensitivity') }}
),

final as (
    select
        client_risk_attitude,
        insurer_risk_attitude,
        region_code,
        loss_rate_basis,
        expected_loss_rate_pct,
        maximum_loss_rate_pct,
        limit_class,
        decision
    from tried
)

select * from final
