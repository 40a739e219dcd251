-- One row per region of the study, by code: code and name.
select
    regions.region_code,
    region_name_apart(regions.region, regions.name_zh, regions.region_code)
        as region
from marts.dim_regions as regions
where
    regions.region_code in (
        select coupling.region_code
        from marts.fct_coupling as coupling
        where coupling.study_id = $study_id
    )
order by regions.region_code
