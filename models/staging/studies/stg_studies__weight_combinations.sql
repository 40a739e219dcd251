with source as (
    {{ with_workspace(ref('weight_combinations')) }}
),

final as (
    select
        method_id,
        position as member_position,
        weighting,
        weight_set_id,
        judgement_set_id,
        share,
        row_origin
    from source
)

select * from final
