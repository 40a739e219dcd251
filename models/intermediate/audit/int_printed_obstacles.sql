-- The largest obstacles that papers print: of paper 01 as the mean over its regions
-- ('ALL'), of paper 04 for each city of Anhui.
with paper_01 as (
    select * from {{ ref('stg_published__paper_01_obstacles') }}
),

paper_04 as (
    select * from {{ ref('stg_published__paper_04_obstacles') }}
),

regions as (
    select * from {{ ref('stg_reference__regions') }}
    where level = 'city' and parent_region_code = '340000'
),

final as (
    select
        '01' as paper_id,
        'ALL' as region_code,
        year as printed_year,
        indicator_id,
        obstacle_rank as printed_rank
    from paper_01
    union all
    select
        '04' as paper_id,
        regions.region_code,
        paper_04.year as printed_year,
        paper_04.indicator_id,
        paper_04.obstacle_rank as printed_rank
    from paper_04
    inner join regions
        on paper_04.city = regexp_replace(regions.region, ' \(.*\)$', '')
)

select * from final
