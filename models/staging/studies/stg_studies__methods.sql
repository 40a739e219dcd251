-- What a row leaves blank is what all methods did before the column was there.
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
        coalesce(is_on_request, 0) = 1 as is_on_request,
        coalesce(normalisation, 'min_max') as normalisation,
        goalpost_set_id,
        interval_low,
        interval_high,
        coalesce(weight_scope, normalisation_scope) as weight_scope,
        weight_set_id,
        judgement_set_id,
        combination_rule,
        case when aggregation = 'grey_topsis' then coalesce(resolution, 0.5) end
            as resolution,
        coupling_exponent,
        capacity_a,
        capacity_b,
        capacity_exponent,
        contribution_set_id,
        row_origin
    from source
)

select * from final
