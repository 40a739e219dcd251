with regions as (
    select * from {{ ref('stg_reference__regions') }}
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
        regions.three_belt,
        regions.four_region,
        regions.land_area_10k_km2,
        regions.is_in_yangtze_river_economic_belt,
        regions.capital_latitude_deg,
        regions.capital_longitude_deg,
        regions.abbreviation,
        regions.tile_column,
        regions.tile_row,
        coalesce(neighbours.neighbour_count, 0) as neighbour_count,
        {{ region_group_zh('regions.three_belt') }} as three_belt_zh,
        {{ region_group_zh('regions.four_region') }} as four_region_zh
    from regions
    left join neighbours on regions.region_code = neighbours.region_code
)

select * from final
