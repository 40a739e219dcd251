-- A group that no row of groupings names bears its group_id.
with members as (
    select * from {{ ref('stg_reference__region_groups') }}
),

groupings as (
    select * from {{ ref('stg_reference__groupings') }}
),

divisions as (
    select
        grouping_id,
        min(label) as label,
        min(label_zh) as label_zh
    from groupings
    group by grouping_id
),

final as (
    select
        members.grouping_id,
        members.region_code,
        members.group_id,
        coalesce(divisions.label, members.grouping_id) as grouping_label,
        coalesce(divisions.label_zh, members.grouping_id) as grouping_label_zh,
        cast(dense_rank() over (
            partition by members.grouping_id
            order by groupings.group_position nulls last, members.group_id
        ) as int) as group_position,
        coalesce(groupings.group_label, members.group_id) as group_label,
        coalesce(groupings.group_label_zh, members.group_id) as group_label_zh,
        members.row_origin as group_origin
    from members
    left join groupings
        on
            members.grouping_id = groupings.grouping_id
            and members.group_id = groupings.group_id
    left join divisions on members.grouping_id = divisions.grouping_id
)

select * from final
