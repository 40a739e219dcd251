with source as (
    {{ with_workspace(ref('groupings')) }}
),

final as (
    select
        grouping_id,
        coalesce(label, label_zh, grouping_id) as label,
        coalesce(label_zh, label, grouping_id) as label_zh,
        group_id,
        position as group_position,
        coalesce(group_label, group_label_zh, group_id) as group_label,
        coalesce(group_label_zh, group_label, group_id) as group_label_zh
    from source
)

select * from final
