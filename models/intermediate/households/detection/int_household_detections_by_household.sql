-- Scores and flags of all detectors side by side.
with detections as (
    select * from {{ ref('int_household_detections') }}
),

final as (
    select
        survey_id,
        household_id,
        max(case when detector = 'three_sigma' then score end) as three_sigma_score,
        bool_or(detector = 'three_sigma' and is_flagged) as three_sigma_flag,
        max(case when detector = 'isolation_forest' then score end)
            as isolation_forest_score,
        bool_or(detector = 'isolation_forest' and is_flagged) as isolation_forest_flag,
        max(case when detector = 'local_outlier_factor' then score end)
            as local_outlier_factor_score,
        bool_or(detector = 'local_outlier_factor' and is_flagged)
            as local_outlier_factor_flag,
        cast(max(case when detector = 'vote' then score end) as int) as votes,
        bool_or(detector = 'vote' and is_flagged) as vote_flag,
        max(case when detector = 'mean_rank' then score end) as mean_rank_score,
        bool_or(detector = 'mean_rank' and is_flagged) as mean_rank_flag
    from detections
    group by survey_id, household_id
)

select * from final
