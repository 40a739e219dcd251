with source as (
    {{ with_workspace(ref('methods')) }}
),

final as (
    select
        method_id,
        coalesce(label, label_zh) as label,
        coalesce(label_zh, label) as label_zh,
        normalisation_scope,
        zero_rule,
        epsilon,
        weighting,
        aggregation,
        coupling_formula,
        row_origin
    from source
)

select * from final
