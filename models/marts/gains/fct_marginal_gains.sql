-- dD/dy = (dD/dU) (dU/dy), for a step of 0.01 in y.
with coordination as (
    select * from {{ ref('int_coordination_slopes_derived') }}
),

scores as (
    select * from {{ ref('int_score_slopes_derived') }}
),

final as (
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
        {{ competition_rank('coordination.coordination_slope * scores.score_slope', [
            'scores.study_id', 'scores.method_id', 'scores.region_code', 'scores.year',
        ]) }} as gain_rank
    from scores
    inner join coordination
        on
            scores.study_id = coordination.study_id
            and scores.method_id = coordination.method_id
            and scores.system_id = coordination.system_id
            and scores.region_code = coordination.region_code
            and scores.year = coordination.year
    where coordination.coordination_slope * scores.score_slope is not null
)

select * from final
