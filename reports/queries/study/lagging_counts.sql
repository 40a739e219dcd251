-- One row per lagging system (or synchronous): its region-years, most first.
select
    coupling.lagging_system_id,
    lagging_name(systems.label, systems.label_zh, coupling.lagging_system_id)
        as lagging_system,
    count(*) as region_years
from marts.fct_coupling as coupling
left join marts.dim_systems as systems
    on
        coupling.study_id = systems.study_id
        and coupling.lagging_system_id = systems.system_id
where
    coupling.study_id = $study_id
    and coupling.is_default_method
    and coupling.status = 'computed'
group by coupling.lagging_system_id, lagging_system, systems.system_position
order by region_years desc, systems.system_position asc nulls last
