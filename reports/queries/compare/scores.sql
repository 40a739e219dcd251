-- One row per method, region, year and system: the score, NULL if none.
select
    method_id,
    region_code,
    year,
    system_id,
    score
from marts.fct_system_scores
where study_id = $study_id
order by method_id, region_code, year, system_id
