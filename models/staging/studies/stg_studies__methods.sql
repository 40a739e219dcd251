with source as (
    select * from {{ ref('methods') }}
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
        coupling_formula
    from source
)

select * from final
