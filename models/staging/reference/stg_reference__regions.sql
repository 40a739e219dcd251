with source as (
    {{ with_workspace(ref('regions')) }}
),

final as (
    select
        region_code,
        region,
        name_zh,
        country_code,
        three_belt,
        four_region,
        land_area_10k_km2,
        yangtze_river_economic_belt = 1 as is_in_yangtze_river_economic_belt,
        capital_latitude as capital_latitude_deg,
        capital_longitude as capital_longitude_deg,
        abbreviation,
        tile_column,
        tile_row
    from source
)

select * from final
