with combinations as (
    select * from {{ ref('stg_studies__weight_combinations') }}
),

final as (
    select
        method_id,
        member_position,
        weighting,
        weight_set_id,
        judgement_set_id,
        share,
        row_origin as member_origin
    from combinations
)

select * from final
