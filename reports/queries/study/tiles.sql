-- One row per place on the tile map of a study: names, column and row.
--
-- The map is of the regions of the study, beside shipped ones if any of its own is
-- shipped; none where no region of the study has a place.
with members as (
    select distinct region_code
    from marts.fct_coupling
    where study_id = $study_id
),

placed as (
    select
        regions.region_code,
        region_name(regions.region, regions.name_zh) as region,
        regions.abbreviation,
        regions.tile_column,
        regions.tile_row,
        regions.region_origin = 'shipped' as is_shipped,
        members.region_code is not null as is_own
    from marts.dim_regions as regions
    left join members on regions.region_code = members.region_code
    where regions.tile_column is not null and regions.tile_row is not null
),

judged as (
    select
        *,
        bool_or(is_own and is_shipped) over () as has_shipped
    from placed
)

select
    region_code,
    region,
    coalesce(in_english(abbreviation), region) as abbreviation,
    tile_column,
    tile_row
from judged
where is_own or (is_shipped and has_shipped)
order by region_code
