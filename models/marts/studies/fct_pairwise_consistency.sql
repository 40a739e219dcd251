with priorities as (
    select * from {{ ref('int_judgements_weighed') }}
),

final as (
    select
        judgement_set_id,
        study_id,
        system_id,
        matrix,
        item,
        priority,
        item_count,
        largest_eigenvalue,
        consistency_index,
        random_index,
        consistency_ratio
    from priorities
)

select * from final
