-- The scores of a region-year next to those of the year before, with what D is made of
-- in either year: k systems, their sum S and largest score, T and D.
with scores as (
    select
        scored.*,
        systems.system_position,
        systems.contribution,
        systems.capacity_share
    from {{ ref('int_systems_scored') }} as scored
    inner join {{ ref('int_system_contributions') }} as systems
        on
            scored.study_id = systems.study_id
            and scored.method_id = systems.method_id
            and scored.system_id = systems.system_id
),

summed as (
    select
        study_id,
        method_id,
        region_code,
        year,
        cast(count(*) as int) as k,
        {{ exact_sum('score') }} as score_total,
        min(score) as lowest_score,
        max(score) as highest_score,
        {{ exact_sum('capacity_share * score') }} as capacity_total
    from scores
    group by study_id, method_id, region_code, year
),

coupled as (
    select
        summed.*,
        degrees.comprehensive_index,
        degrees.coupling_coordination_degree,
        degrees.status
    from summed
    inner join {{ ref('int_systems_coupled') }} as degrees
        on
            summed.study_id = degrees.study_id
            and summed.method_id = degrees.method_id
            and summed.region_code = degrees.region_code
            and summed.year = degrees.year
),

final as (
    select
        scores.study_id,
        scores.method_id,
        scores.system_id,
        scores.region_code,
        scores.year,
        scores.system_position,
        scores.contribution,
        scores.capacity_share,
        coupled.k,
        scores.score,
        before_scores.score as score_before,
        coupled.score_total,
        before.score_total as score_total_before,
        coupled.capacity_total,
        before.capacity_total as capacity_total_before,
        coupled.lowest_score,
        before.lowest_score as lowest_score_before,
        coupled.highest_score,
        before.highest_score as highest_score_before,
        coupled.comprehensive_index as t,
        before.comprehensive_index as t_before,
        coupled.coupling_coordination_degree as d,
        before.coupling_coordination_degree as d_before,
        case
            when coupled.status <> 'computed' then coupled.status
            when before.status is null then 'first_year'
            when before.status <> 'computed' then 'year_before_not_computed'
            else 'computed'
        end as change_status
    from scores
    inner join coupled
        on
            scores.study_id = coupled.study_id
            and scores.method_id = coupled.method_id
            and scores.region_code = coupled.region_code
            and scores.year = coupled.year
    left join coupled as before
        on
            scores.study_id = before.study_id
            and scores.method_id = before.method_id
            and scores.region_code = before.region_code
            and scores.year = before.year + 1
    left join scores as before_scores
        on
            scores.study_id = before_scores.study_id
            and scores.method_id = before_scores.method_id
            and scores.system_id = before_scores.system_id
            and scores.region_code = before_scores.region_code
            and scores.year = before_scores.year + 1
)

select * from final
