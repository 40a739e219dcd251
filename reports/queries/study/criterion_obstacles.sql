-- One row per year and criterion: mean obstacle degree over regions.
--
-- Criteria come in the order of the study, system by system.
with criteria as (
    select
        study_id,
        system_id,
        criterion,
        min(criterion_zh) as criterion_zh,
        min(indicator_position) as criterion_position
    from marts.dim_indicators
    group by study_id, system_id, criterion
)

select
    obstacles.year,
    obstacles.item_id,
    criteria.system_id,
    spoken(systems.label, systems.label_zh) as system,
    spoken(criteria.criterion, criteria.criterion_zh) as criterion,
    obstacles.obstacle_degree
from marts.fct_obstacle_rankings as obstacles
inner join marts.dim_studies as studies
    on
        obstacles.study_id = studies.study_id
        and obstacles.method_id = studies.default_method_id
inner join criteria
    on
        obstacles.study_id = criteria.study_id
        and obstacles.item_id
        = concat(criteria.system_id, ': ', criteria.criterion)
inner join marts.dim_systems as systems
    on
        criteria.study_id = systems.study_id
        and criteria.system_id = systems.system_id
where
    obstacles.study_id = $study_id
    and obstacles.region_code = 'ALL'
    and obstacles.level = 'criterion'
order by
    obstacles.year,
    systems.system_position,
    criteria.criterion_position,
    criteria.criterion
