with methods as (
    select * from {{ ref('stg_studies__methods') }}
),

final as (
    select
        method_id,
        label,
        label_zh,
        normalisation_scope,
        zero_rule,
        epsilon,
        weighting,
        aggregation,
        coupling_formula,
        row_origin as method_origin,
        is_on_request,
        normalisation,
        goalpost_set_id,
        interval_low,
        interval_high,
        weight_scope,
        weight_set_id,
        judgement_set_id,
        combination_rule,
        resolution,
        coupling_exponent,
        capacity_a,
        capacity_b,
        capacity_exponent,
        contribution_set_id
    from methods
)

select * from final
