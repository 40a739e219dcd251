with regions as (
    select * from {{ ref('stg_reference__regions') }}
),

groups as (
    select
        region_code,
        max(case when grouping_id = 'three_belt' then group_id end) as three_belt,
        max(case when grouping_id = 'three_belt' then group_label_zh end)
            as three_belt_zh,
        max(case when grouping_id = 'four_region' then group_id end) as four_region,
        max(case when grouping_id = 'four_region' then group_label_zh end)
            as four_region_zh,
        max(case when grouping_id = 'yangtze_river_economic_belt' then 1 end) = 1
            as is_in_yangtze_river_economic_belt
    from {{ ref('dim_region_groups') }}
    group by region_code
),

neighbours as (
    select
        region_code,
        cast(count(*) as int) as neighbour_count
    from {{ ref('stg_reference__region_neighbours') }}
    group by region_code
),

final as (
    select
        regions.region_code,
        regions.region,
        regions.name_zh,
        regions.country_code,
        groups.three_belt,
        groups.four_region,
        regions.land_area_10k_km2,
        coalesce(groups.is_in_yangtze_river_economic_belt, false)
            as is_in_yangtze_river_economic_belt,
        regions.capital_latitude_deg,
        regions.capital_longitude_deg,
        regions.abbreviation,
        regions.tile_column,
        regions.tile_row,
        coalesce(neighbours.neighbour_count, 0) as neighbour_count,
        groups.three_belt_zh,
        groups.four_region_zh,
        regions.level as region_level,
        regions.parent_region_code,
        parents.region as parent_region,
        parents.name_zh as parent_region_zh,
        regions.row_origin as region_origin,
        regions.first_year,
        regions.last_year,
        regions.region_note,
        regions.region_note_zh
    from regions
    left join groups on regions.region_code = groups.region_code
    left join neighbours on regions.region_code = neighbours.region_code
    left join regions as parents on regions.parent_region_code = parents.region_code
)

select * from final
