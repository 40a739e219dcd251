with decided as (
    select * from {{ ref('int_underwriting_decided') }}
),

attitudes as (
    select * from {{ ref('stg_underwriting__risk_attitudes') }}
),

final as (
    select
        decided.attitude_set_id,
        attitudes.label as attitude_set,
        attitudes.label_zh as attitude_set_zh,
        decided.region_code,
        decided.loss_rate_basis,
        attitudes.client_risk_attitude,
        attitudes.insurer_risk_attitude,
        cast(decided.year as int) as year,
        decided.hazards,
        decided.hazards_zh,
        cast(decided.hazard_count as int) as hazard_count,
        decided.expected_loss_rate_pct,
        decided.maximum_loss_rate_pct,
        decided.limit_class,
        decided.decision,
        decided.reason,
        decided.reason_zh,
        decided.selected_hazards,
        decided.selected_hazards_zh,
        cast(decided.selected_hazard_count as int) as selected_hazard_count,
        decided.excluded_hazards,
        decided.excluded_hazards_zh,
        decided.selected_loss_rate_pct,
        decided.premium_rate_low_pct,
        decided.premium_rate_high_pct,
        decided.premium_rate_chosen_pct,
        decided.expected_margin_pct,
        decided.largest_set_hazards,
        decided.largest_set_hazards_zh,
        decided.largest_set_loss_rate_pct,
        decided.is_selection_largest
    from decided
    inner join attitudes on decided.attitude_set_id = attitudes.attitude_set_id
)

select * from final
