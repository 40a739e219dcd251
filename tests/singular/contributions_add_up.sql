-- The indicators of a system add up to its score (to its logarithm, or to the squared
-- distances), their parts to the change of the score, and those of all systems to the
-- change of D, to 1e-9.
with contributions as (
    select
        contributions.*,
        methods.aggregation
    from {{ ref('fct_indicator_contributions') }} as contributions
    inner join {{ ref('dim_methods') }} as methods
        on contributions.method_id = methods.method_id
),

distances as (
    select * from {{ ref('int_topsis_distances_measured') }}
),

degrees as (
    select * from {{ ref('fct_coupling') }}
),

by_system as (
    select
        study_id,
        method_id,
        system_id,
        region_code,
        year,
        aggregation,
        min(score) as score,
        min(score_change) as score_change,
        sum(score_contribution) as score_sum,
        count(*) - count(score_contribution) as zero_count,
        sum(squared_distance_to_best) as best_sum,
        sum(squared_distance_to_worst) as worst_sum,
        sum(score_change_contribution) as score_change_sum
    from contributions
    where score is not null and aggregation <> 'grey_topsis'
    group by study_id, method_id, system_id, region_code, year, aggregation
),

by_region as (
    select
        study_id,
        method_id,
        region_code,
        year,
        sum(coordination_change_contribution) as coordination_change_sum
    from contributions
    group by study_id, method_id, region_code, year
),

compared as (
    select
        by_system.study_id,
        by_system.method_id,
        by_system.region_code,
        by_system.year,
        case
            when
                by_system.aggregation = 'linear'
                and not coalesce(
                    abs(by_system.score_sum - by_system.score) <= 1e-9, false
                )
                then 'score'
            when
                by_system.aggregation = 'geometric'
                and by_system.zero_count = 0
                and not coalesce(
                    abs(exp(by_system.score_sum) - by_system.score) <= 1e-9, false
                )
                then 'score'
            when
                by_system.aggregation = 'geometric'
                and (by_system.zero_count > 0) <> (by_system.score = 0)
                then 'score of 0'
            when
                by_system.aggregation = 'topsis'
                and not coalesce(
                    abs(by_system.best_sum - power(distances.distance_to_best, 2))
                    + abs(by_system.worst_sum - power(distances.distance_to_worst, 2))
                    <= 1e-9,
                    false
                )
                then 'distances'
            when
                by_system.score_change is not null
                and not coalesce(
                    abs(by_system.score_change_sum - by_system.score_change) <= 1e-9,
                    false
                )
                then 'change of score'
        end as rule_broken
    from by_system
    left join distances
        on
            by_system.study_id = distances.study_id
            and by_system.method_id = distances.method_id
            and by_system.system_id = distances.system_id
            and by_system.region_code = distances.region_code
            and by_system.year = distances.year
    union all
    select
        present.study_id,
        present.method_id,
        present.region_code,
        present.year,
        'change of D' as rule_broken
    from degrees as present
    inner join degrees as before
        on
            present.study_id = before.study_id
            and present.method_id = before.method_id
            and present.region_code = before.region_code
            and present.year = before.year + 1
    left join by_region
        on
            present.study_id = by_region.study_id
            and present.method_id = by_region.method_id
            and present.region_code = by_region.region_code
            and present.year = by_region.year
    inner join {{ ref('dim_methods') }} as methods
        on present.method_id = methods.method_id
    where
        methods.aggregation <> 'grey_topsis'
        and present.status = 'computed'
        and before.status = 'computed'
        and not coalesce(
            abs(
                by_region.coordination_change_sum
                - present.coupling_coordination_degree
                + before.coupling_coordination_degree
            ) <= 1e-9,
            false
        )
)

select * from compared
where rule_broken is not null
