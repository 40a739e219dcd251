-- A region that has a name in one language bears it in both; no level counts as other.
-- Shipped figures keep the level of the shipped region, whatever a user makes of it.
with source as (
    {{ with_workspace(ref('regions')) }}
),

shipped as (
    select
        region_code,
        level as shipped_level
    from {{ ref('regions') }}
),

final as (
    select
        source.region_code,
        coalesce(source.region, source.name_zh) as region,
        coalesce(source.name_zh, source.region) as name_zh,
        coalesce(source.level, 'other') as level,
        coalesce(shipped.shipped_level, source.level, 'other') as level_of_figures,
        source.parent_region_code,
        source.country_code,
        source.land_area_10k_km2,
        source.capital_latitude as capital_latitude_deg,
        source.capital_longitude as capital_longitude_deg,
        source.abbreviation,
        source.tile_column,
        source.tile_row,
        source.first_year,
        source.last_year,
        coalesce(source.note, source.note_zh) as region_note,
        coalesce(source.note_zh, source.note) as region_note_zh,
        source.three_belt as older_three_belt,
        source.four_region as older_four_region,
        source.yangtze_river_economic_belt as older_yangtze_river_economic_belt,
        source.row_origin
    from source
    left join shipped on source.region_code = shipped.region_code
)

select * from final
