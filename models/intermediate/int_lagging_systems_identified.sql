-- Two systems: the first lags below 0.8 of the second; the second lags when the first
-- is above 1.2 of it. More systems: the lowest lags below 0.8 of the highest.
with scores as (
    select
        scored.study_id,
        scored.method_id,
        scored.region_code,
        scored.year,
        scored.system_id,
        scored.score,
        row_number() over (
            partition by
                scored.study_id, scored.method_id, scored.region_code, scored.year
            order by systems.system_position
        ) as place,
        row_number() over (
            partition by
                scored.study_id, scored.method_id, scored.region_code, scored.year
            order by round(scored.score, 12), systems.system_position
        ) as place_from_lowest
    from {{ ref('int_systems_scored') }} as scored
    inner join {{ ref('stg_studies__systems') }} as systems
        on
            scored.study_id = systems.study_id
            and scored.system_id = systems.system_id
),

compared as (
    select
        study_id,
        method_id,
        region_code,
        year,
        count(*) as k,
        count(score) as score_count,
        max(case when place = 1 then system_id end) as first_system_id,
        max(case when place = 2 then system_id end) as second_system_id,
        max(case when place_from_lowest = 1 then system_id end) as lowest_system_id,
        max(case when place = 1 then score end) as first_score,
        max(case when place = 2 then score end) as second_score,
        min(score) as lowest_score,
        max(score) as highest_score
    from scores
    group by study_id, method_id, region_code, year
),

final as (
    select
        study_id,
        method_id,
        region_code,
        year,
        case
            when score_count < k then null
            when k = 2 and first_score < 0.8 * second_score then first_system_id
            when k = 2 and first_score > 1.2 * second_score then second_system_id
            when k > 2 and lowest_score < 0.8 * highest_score then lowest_system_id
            else 'synchronous'
        end as lagging_system_id
    from compared
)

select * from final
