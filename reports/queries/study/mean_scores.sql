-- One row per year and system: the mean score over the regions computed.
select
    scores.year,
    scores.system_id,
    exact_mean(scores.score) as score
from marts.fct_system_scores as scores
inner join marts.dim_systems as systems
    on
        scores.study_id = systems.study_id
        and scores.system_id = systems.system_id
where
    scores.study_id = $study_id
    and scores.is_default_method
    and scores.status = 'computed'
group by scores.year, scores.system_id, systems.system_position
order by scores.year, systems.system_position
