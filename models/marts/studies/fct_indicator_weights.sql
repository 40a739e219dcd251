with weights as (
    select * from {{ ref('int_indicator_weights') }}
),

final as (
    select
        study_id,
        method_id,
        system_id,
        indicator_id,
        nullif(scope_year, 0) as year,
        weight,
        study_weight,
        status
    from weights
)

select * from final
