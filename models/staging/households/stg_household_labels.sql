with shipped as (
    select * from {{ ref('simulated_cfps2022_labels') }}
),

landed as (
    select * from {{ ref('stg_household_labels__landed') }}
),

final as (
    select
        survey_id,
        household_id,
        anomaly_kind
    from shipped
    union all
    select
        survey_id,
        household_id,
        anomaly_kind
    from landed
)

select * from final
