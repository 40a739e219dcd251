-- One row per region, study and year: degrees, rank, grade, of how many regions.
--
-- `belt_mean` is mean D of the regions computed in the group of the grouping that the
-- study names, the region among them; `group_id` is NULL where the region is in none.
select
    coupling.region_code,
    coupling.study_id,
    spoken(studies.label, studies.label_zh) as study,
    coupling.year,
    years.is_result_year as is_last_year,
    studies.grouping_id,
    studies.paper_id is not null as has_paper,
    groups.group_id,
    coupling.coupling_coordination_degree as degree,
    coupling.coupling_degree,
    coupling.comprehensive_index,
    coupling.coordination_rank,
    years.computed_count as region_count,
    belts.computed_count as belt_region_count,
    belts.mean_coordination_degree as belt_mean,
    spoken(coupling.grade, coupling.grade_zh) as grade,
    studies.grade_scheme_id,
    lagging_name(systems.label, systems.label_zh, coupling.lagging_system_id)
        as lagging_system,
    coupling.status,
    coalesce(
        spoken(coupling.status_reason, coupling.status_reason_zh), coupling.status
    ) as status_reason
from marts.fct_coupling as coupling
inner join marts.dim_studies as studies on coupling.study_id = studies.study_id
inner join marts.fct_study_years as years
    on
        coupling.study_id = years.study_id
        and coupling.method_id = years.method_id
        and coupling.year = years.year
inner join marts.dim_regions as regions
    on coupling.region_code = regions.region_code
left join marts.dim_region_groups as groups
    on
        studies.grouping_id = groups.grouping_id
        and coupling.region_code = groups.region_code
left join marts.dim_systems as systems
    on
        coupling.study_id = systems.study_id
        and coupling.lagging_system_id = systems.system_id
left join marts.fct_group_years as belts
    on
        coupling.study_id = belts.study_id
        and coupling.method_id = belts.method_id
        and groups.group_id = belts.group_id
        and coupling.year = belts.year
where coupling.is_default_method
order by
    coupling.region_code,
    studies.paper_id nulls last,
    coupling.study_id,
    coupling.year
