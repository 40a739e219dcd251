-- Rows of the workspace's regions.csv in its older layout name their belts themselves.
with source as (
    {{ with_workspace(ref('region_groups')) }}
),

regions as (
    select * from {{ ref('stg_reference__regions') }}
),

stated as (
    select
        region_code,
        'three_belt' as grouping_id,
        older_three_belt as group_id
    from regions
    union all
    select
        region_code,
        'four_region' as grouping_id,
        older_four_region as group_id
    from regions
    union all
    select
        region_code,
        'yangtze_river_economic_belt' as grouping_id,
        case when older_yangtze_river_economic_belt = 1 then 'member' end as group_id
    from regions
),

older as (
    select stated.*
    from stated
    left join source
        on
            stated.region_code = source.region_code
            and stated.grouping_id = source.grouping_id
    where stated.group_id is not null and source.region_code is null
),

final as (
    select
        grouping_id,
        region_code,
        group_id,
        row_origin
    from source
    union all
    select
        grouping_id,
        region_code,
        group_id,
        'workspace' as row_origin
    from older
)

select * from final
