with weights as (
    select * from {{ ref('int_indicator_weights') }}
),

statuses as (
    select * from {{ ref('stg_reference__statuses') }}
),

final as (
    select
        weights.study_id,
        weights.method_id,
        weights.system_id,
        weights.indicator_id,
        nullif(weights.scope_year, 0) as year,
        weights.weight,
        weights.study_weight,
        weights.status,
        statuses.reason as status_reason,
        statuses.reason_zh as status_reason_zh
    from weights
    inner join statuses on weights.status = statuses.status
)

select * from final
