-- dD/dy = (dD/dU) (dU/dy), for a step of 0.01 in y. Only a step that can be taken has a
-- rank: from y above 0.99 a whole one leads beyond 1, the best value.
with coordination as (
    select * from {{ ref('int_coordination_slopes_derived') }}
),

scores as (
    select * from {{ ref('int_score_slopes_derived') }}
),

statuses as (
    select * from {{ ref('stg_reference__statuses') }}
),

stepped as (
    select
        scores.study_id,
        scores.method_id,
        scores.system_id,
        scores.region_code,
        scores.year,
        scores.indicator_id,
        scores.normalised_value,
        0.01 * coordination.coordination_slope * scores.score_slope
            as coordination_gain,
        coordination.coordination_slope * scores.score_slope as slope,
        case
            when round(1 - scores.normalised_value, 12) >= 0.01 then 'computed'
            else 'no_room'
        end as status
    from scores
    inner join coordination
        on
            scores.study_id = coordination.study_id
            and scores.method_id = coordination.method_id
            and scores.system_id = coordination.system_id
            and scores.region_code = coordination.region_code
            and scores.year = coordination.year
    where coordination.coordination_slope * scores.score_slope is not null
),

final as (
    select
        stepped.study_id,
        stepped.method_id,
        stepped.system_id,
        stepped.region_code,
        stepped.year,
        stepped.indicator_id,
        stepped.normalised_value,
        stepped.coordination_gain,
        {{ competition_rank("case when stepped.status = 'computed' then slope end", [
            'stepped.study_id', 'stepped.method_id', 'stepped.region_code',
            'stepped.year',
        ]) }} as gain_rank,
        stepped.status,
        statuses.reason as status_reason,
        statuses.reason_zh as status_reason_zh
    from stepped
    left join statuses on stepped.status = statuses.status
)

select * from final
