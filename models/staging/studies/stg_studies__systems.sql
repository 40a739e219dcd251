with source as (
    select * from {{ ref('systems') }}
),

final as (
    select
        study_id,
        system_id,
        position as system_position,
        label,
        label_zh,
        contribution
    from source
)

select * from final
