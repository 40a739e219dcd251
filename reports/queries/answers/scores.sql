-- One row per region, year and system: score and rank in the year.
select
    scores.region_code,
    region_name(regions.region, regions.name_zh) as region,
    scores.year,
    scores.system_id,
    spoken(systems.label, systems.label_zh) as system,
    scores.score,
    scores.score_rank,
    scores.status
from marts.fct_system_scores as scores
inner join marts.dim_regions as regions
    on scores.region_code = regions.region_code
inner join marts.dim_systems as systems
    on
        scores.study_id = systems.study_id
        and scores.system_id = systems.system_id
where scores.study_id = $study_id and scores.is_default_method
order by scores.region_code, scores.year, systems.system_position
