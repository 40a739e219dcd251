-- One row per system, in the order of the study, as its default method has it.
with contributions as (
    select distinct
        system_id,
        contribution
    from marts.fct_system_scores
    where study_id = $study_id and is_default_method
)

select
    systems.system_id,
    systems.label,
    systems.label_zh,
    coalesce(contributions.contribution, systems.contribution) as contribution
from marts.dim_systems as systems
left join contributions on systems.system_id = contributions.system_id
where systems.study_id = $study_id
order by systems.system_position
