-- Detectors against one another and, where labels are known, against what was planted.
with detections as (
    select * from {{ ref('int_household_detections') }}
),

measures as (
    select * from {{ ref('int_household_detector_measures') }}
),

shared as (
    select
        a.survey_id,
        a.detector,
        count(*) filter (where b.detector = 'three_sigma') as also_three_sigma_count,
        count(*) filter (where b.detector = 'isolation_forest')
            as also_isolation_forest_count,
        count(*) filter (where b.detector = 'local_outlier_factor')
            as also_local_outlier_factor_count,
        count(*) filter (where b.detector = 'vote') as also_vote_count,
        count(*) filter (where b.detector = 'mean_rank') as also_mean_rank_count
    from detections as a
    inner join detections as b
        on
            a.survey_id = b.survey_id
            and a.household_id = b.household_id
    where a.is_flagged and b.is_flagged
    group by a.survey_id, a.detector
),

counted as (
    select
        survey_id,
        detector,
        count(*) as assessed_count,
        count(*) filter (where is_flagged) as flagged_count,
        max(threshold) as threshold
    from detections
    group by survey_id, detector
),

final as (
    select
        counted.survey_id,
        counted.detector,
        counted.detector = parameters.value as is_default_detector,
        counted.threshold,
        counted.assessed_count,
        counted.flagged_count,
        coalesce(shared.also_three_sigma_count, 0) as also_three_sigma_count,
        coalesce(shared.also_isolation_forest_count, 0)
            as also_isolation_forest_count,
        coalesce(shared.also_local_outlier_factor_count, 0)
            as also_local_outlier_factor_count,
        coalesce(shared.also_vote_count, 0) as also_vote_count,
        coalesce(shared.also_mean_rank_count, 0) as also_mean_rank_count,
        measures.planted as planted_count,
        measures.average_precision,
        measures.precision_at_k,
        measures.recall,
        measures.false_positive_rate
    from counted
    inner join {{ ref('stg_detector_parameters') }} as parameters
        on parameters.parameter = 'default_detector'
    left join shared
        on
            counted.survey_id = shared.survey_id
            and counted.detector = shared.detector
    left join measures
        on
            counted.survey_id = measures.survey_id
            and counted.detector = measures.detector
)

select * from final
