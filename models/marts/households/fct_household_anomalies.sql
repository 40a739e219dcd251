with judged as (
    select * from {{ ref('int_household_anomalies_judged') }}
),

detections as (
    select * from {{ ref('int_household_detections_by_household') }}
),

explained as (
    select * from {{ ref('int_households_explained') }}
),

versions as (
    select max(rule_version) as rule_version
    from {{ ref('stg_detector_parameters') }}
),

final as (
    select
        judged.survey_id,
        judged.household_id,
        judged.region_code,
        judged.survey_year,
        judged.is_simulated,
        judged.is_assessed,
        judged.not_assessed_reason,
        judged.not_assessed_reason_zh,
        explained.income_expenditure_ratio,
        explained.asset_debt_ratio,
        explained.per_capita_income,
        explained.asset_income_ratio,
        detections.three_sigma_score,
        detections.three_sigma_flag,
        detections.isolation_forest_score,
        detections.isolation_forest_flag,
        detections.local_outlier_factor_score,
        detections.local_outlier_factor_flag,
        detections.votes,
        detections.vote_flag,
        detections.mean_rank_score,
        detections.mean_rank_flag,
        judged.anomaly_reason,
        judged.anomaly_reason_zh,
        judged.is_anomaly,
        judged.is_overridden,
        judged.main_feature,
        judged.household_value,
        judged.peer_median,
        judged.peer_count,
        judged.deciding_detector,
        judged.deciding_score,
        judged.deciding_threshold,
        judged.deciding_score_at_median,
        judged.deciding_side,
        judged.deciding_limit,
        versions.rule_version
    from judged
    left join detections
        on
            judged.survey_id = detections.survey_id
            and judged.household_id = detections.household_id
    left join explained
        on
            judged.survey_id = explained.survey_id
            and judged.household_id = explained.household_id
    cross join versions
)

select * from final
