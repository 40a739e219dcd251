-- One row per region: its code, its names, and whether it is in the study.
select
    regions.region_code,
    regions.region,
    regions.name_zh,
    regions.region_code in (
        select coupling.region_code
        from marts.fct_coupling as coupling
        where coupling.study_id = $study_id
    ) as is_own
from marts.dim_regions as regions
order by regions.region_code
