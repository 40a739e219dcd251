-- One row per region, year and system: its score and what it weighs.
select
    scores.region_code,
    scores.year,
    scores.system_id,
    spoken(systems.label, systems.label_zh) as label,
    scores.contribution,
    scores.score,
    scores.score_rank,
    scores.status
from marts.fct_system_scores as scores
inner join marts.dim_systems as systems
    on
        scores.study_id = systems.study_id
        and scores.system_id = systems.system_id
where
    scores.study_id = $study_id
    and scores.method_id = $method_id
    and scores.region_code = coalesce($region_code, scores.region_code)
    and scores.year = coalesce($year, scores.year)
order by scores.region_code, scores.year, systems.system_position
