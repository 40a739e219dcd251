-- One row per region in the last year computed, best D first.
--
-- Regions without a result come last, with `status_reason` and no degree.
select
    coupling.coordination_rank,
    coupling.region_code,
    region_name_apart(regions.region, regions.name_zh, coupling.region_code)
        as region,
    regions.name_zh,
    coupling.coupling_coordination_degree,
    coupling.coupling_degree,
    coupling.comprehensive_index,
    coupling.grade_level,
    spoken(coupling.grade, coupling.grade_zh) as grade,
    coupling.lagging_system_id,
    lagging_name(systems.label, systems.label_zh, coupling.lagging_system_id)
        as lagging_system,
    coupling.status,
    coalesce(
        spoken(coupling.status_reason, coupling.status_reason_zh), coupling.status
    ) as status_reason
from marts.fct_coupling as coupling
inner join marts.fct_study_years as years
    on
        coupling.study_id = years.study_id
        and coupling.method_id = years.method_id
        and coupling.year = years.year
        and years.is_result_year
inner join marts.dim_regions as regions
    on coupling.region_code = regions.region_code
left join marts.dim_systems as systems
    on
        coupling.study_id = systems.study_id
        and coupling.lagging_system_id = systems.system_id
where coupling.study_id = $study_id and coupling.is_default_method
order by coupling.coordination_rank nulls last, coupling.region_code
