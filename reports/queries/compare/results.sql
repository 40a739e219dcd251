-- One row per method, region and year: D, C, T, rank, grade and lagging system.
--
-- `reason` says why there is no result, NULL where there is one.
select
    coupling.method_id,
    coupling.region_code,
    coupling.year,
    coupling.coupling_coordination_degree as degree,
    coupling.coupling_degree,
    coupling.comprehensive_index,
    coupling.coordination_rank,
    coupling.grade_level,
    spoken(coupling.grade, coupling.grade_zh) as grade,
    lagging_name(systems.label, systems.label_zh, coupling.lagging_system_id)
        as lagging_system,
    case
        when coupling.status != 'computed'
            then
                coalesce(
                    spoken(coupling.status_reason, coupling.status_reason_zh),
                    coupling.status
                )
    end as reason
from marts.fct_coupling as coupling
left join marts.dim_systems as systems
    on
        coupling.study_id = systems.study_id
        and coupling.lagging_system_id = systems.system_id
where coupling.study_id = $study_id
order by coupling.method_id, coupling.region_code, coupling.year
