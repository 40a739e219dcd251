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
        row_origin as method_origin
    from methods
)

select * from final
