with source as (
    {{ with_workspace(ref('systems')) }}
),

final as (
    select
        study_id,
        system_id,
        position as system_position,
        coalesce(label, label_zh) as label,
        coalesce(label_zh, label) as label_zh,
        contribution,
        row_origin
    from source
)

select * from final
