-- One row per region and year: C, T and D, grade, who lags, rank.
select
    coupling.region_code,
    region_name(regions.region, regions.name_zh) as region,
    coupling.year,
    coupling.coupling_degree,
    coupling.comprehensive_index,
    coupling.coupling_coordination_degree,
    coupling.grade_level,
    spoken(coupling.grade, coupling.grade_zh) as grade,
    coupling.lagging_system_id,
    lagging_name(systems.label, systems.label_zh, coupling.lagging_system_id)
        as lagging_system,
    coupling.coordination_rank,
    coupling.status,
    spoken(coupling.status_reason, coupling.status_reason_zh) as status_reason
from marts.fct_coupling as coupling
inner join marts.dim_regions as regions
    on coupling.region_code = regions.region_code
left join marts.dim_systems as systems
    on
        coupling.study_id = systems.study_id
        and coupling.lagging_system_id = systems.system_id
where coupling.study_id = $study_id and coupling.is_default_method
order by coupling.region_code, coupling.year
