-- One row per region of any study: its name, the region it is a part of, whose.
select
    regions.region_code,
    region_name(regions.region, regions.name_zh) as region,
    regions.parent_region_code,
    region_name(parents.region, parents.name_zh) as parent_region,
    regions.region_level,
    regions.region_origin,
    count(*) over (
        partition by
            region_name(regions.region, regions.name_zh), regions.region_level
    ) > 1 as is_shared_name
from marts.dim_regions as regions
left join marts.dim_regions as parents
    on regions.parent_region_code = parents.region_code
where
    regions.region_code in (
        select coupling.region_code from marts.fct_coupling as coupling
    )
order by regions.region_code
