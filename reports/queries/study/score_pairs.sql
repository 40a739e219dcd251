-- One row per region computed in the last year: scores of two systems.
--
-- `places` has the places of the two among the systems of the study.
with places as (
    select
        scores.region_code,
        scores.score,
        row_number() over (
            partition by scores.region_code order by systems.system_position
        ) as place
    from marts.fct_system_scores as scores
    inner join marts.fct_study_years as years
        on
            scores.study_id = years.study_id
            and scores.method_id = years.method_id
            and scores.year = years.year
            and years.is_result_year
    inner join marts.dim_systems as systems
        on
            scores.study_id = systems.study_id
            and scores.system_id = systems.system_id
    where
        scores.study_id = $study_id
        and scores.is_default_method
        and scores.status = 'computed'
),

pairs as (
    select
        region_code,
        max(score) filter (where place = $first) as first_score,
        max(score) filter (where place = $second) as second_score
    from places
    group by region_code
    having count(*) filter (where place in ($first, $second)) = 2
)

select
    pairs.region_code,
    region_name_apart(regions.region, regions.name_zh, pairs.region_code) as region,
    pairs.first_score,
    pairs.second_score
from pairs
inner join marts.dim_regions as regions
    on pairs.region_code = regions.region_code
order by pairs.region_code
