-- A region that has a name in one language bears it in both; no level counts as other.
with source as (
    {{ with_workspace(ref('regions')) }}
),

final as (
    select
        region_code,
        coalesce(region, name_zh) as region,
        coalesce(name_zh, region) as name_zh,
        coalesce(level, 'other') as level,
        parent_region_code,
        country_code,
        land_area_10k_km2,
        capital_latitude as capital_latitude_deg,
        capital_longitude as capital_longitude_deg,
        abbreviation,
        tile_column,
        tile_row,
        three_belt as older_three_belt,
        four_region as older_four_region,
        yangtze_river_economic_belt as older_yangtze_river_economic_belt,
        row_origin
    from source
)

select * from final
