-- One row per region and year: C, T and D.
select
    coupling.region_code,
    region_name_apart(regions.region, regions.name_zh, coupling.region_code)
        as region,
    coupling.year,
    coupling.coupling_degree,
    coupling.comprehensive_index,
    coupling.coupling_coordination_degree
from marts.fct_coupling as coupling
inner join marts.dim_regions as regions
    on coupling.region_code = regions.region_code
where coupling.study_id = $study_id and coupling.is_default_method
order by coupling.region_code, coupling.year
