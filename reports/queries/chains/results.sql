-- One row per region and year: D, its grade and rank, who lags; of one region or year
-- alone where it is given.
with ranked as (
    select
        year,
        count(coordination_rank) as ranked_count
    from marts.fct_coupling
    where study_id = $study_id and method_id = $method_id
    group by year
)

select
    coupling.region_code,
    region_name(regions.region, regions.name_zh) as region,
    coupling.year,
    coupling.coupling_coordination_degree as degree,
    coupling.coupling_degree as coupling,
    coupling.comprehensive_index as index,
    spoken(coupling.grade, coupling.grade_zh) as grade,
    coupling.grade_level,
    coupling.coordination_rank as rank,
    ranked.ranked_count,
    coupling.lagging_system_id,
    spoken(systems.label, systems.label_zh) as lagging_system,
    coupling.status,
    spoken(coupling.status_reason, coupling.status_reason_zh) as reason
from marts.fct_coupling as coupling
inner join marts.dim_regions as regions
    on coupling.region_code = regions.region_code
inner join ranked on coupling.year = ranked.year
left join marts.dim_systems as systems
    on
        coupling.study_id = systems.study_id
        and coupling.lagging_system_id = systems.system_id
where
    coupling.study_id = $study_id
    and coupling.method_id = $method_id
    and coupling.region_code = coalesce($region_code, coupling.region_code)
    and coupling.year = coalesce($year, coupling.year)
order by coupling.region_code, coupling.year
