-- One row per system, region and year: the score.
select
    system_id,
    region_code,
    year,
    score
from marts.fct_system_scores
where study_id = $study_id and is_default_method
order by system_id, region_code, year
