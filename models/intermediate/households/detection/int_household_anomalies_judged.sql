-- Reason first, flag second: a household with a reason is an anomaly. A reviewer's
-- override wins over both.
with screened as (
    select * from {{ ref('int_households_screened') }}
),

detected as (
    select distinct survey_id from {{ ref('int_household_detections') }}
),

-- where no ratio varies, there is nothing to detect
households as (
    select
        screened.survey_id,
        screened.household_id,
        screened.region_code,
        screened.survey_year,
        screened.is_simulated,
        case
            when screened.not_assessed_reason is not null
                then [screened.not_assessed_reason, screened.not_assessed_reason_zh]
            when detected.survey_id is null
                then [
                    'no ratio varies within the survey; nothing stands out',
                    '调查中没有任何比率有差异，无从识别异常'
                ]
        end as not_assessed_in_words
    from screened
    left join detected on screened.survey_id = detected.survey_id
),

reasons as (
    select * from {{ ref('int_household_reasons') }}
),

overrides as (
    select * from {{ ref('stg_household_overrides') }}
),

told as (
    select
        households.survey_id,
        households.household_id,
        households.region_code,
        households.survey_year,
        households.is_simulated,
        households.not_assessed_in_words is null as is_assessed,
        households.not_assessed_in_words,
        overrides.household_id is not null as is_overridden,
        -- a reviewer's own words are the same in both languages
        case
            when overrides.household_id is not null
                then [
                    concat(
                        'Settled by ', overrides.reviewer, ' on ',
                        overrides.reviewed_on, ': ', overrides.reason,
                        case
                            when reasons.reason is not null
                                then concat(' The screen said: ', reasons.reason)
                            else ''
                        end
                    ),
                    concat(
                        '由', overrides.reviewer, '于', overrides.reviewed_on,
                        '裁定：', overrides.reason,
                        case
                            when reasons.reason is not null
                                then concat(' 筛查认为：', reasons.reason_zh)
                            else ''
                        end
                    )
                ]
            else [reasons.reason, reasons.reason_zh]
        end as anomaly_in_words,
        case
            when overrides.household_id is not null then overrides.is_anomaly
            when households.not_assessed_in_words is null
                then reasons.reason is not null
        end as is_anomaly,
        reasons.feature as main_feature,
        reasons.household_value,
        reasons.peer_median,
        reasons.peer_count,
        reasons.detector as deciding_detector,
        reasons.score as deciding_score,
        reasons.threshold as deciding_threshold,
        reasons.score_at_median as deciding_score_at_median,
        reasons.side as deciding_side,
        reasons.ratio_limit as deciding_limit
    from households
    left join reasons
        on
            households.survey_id = reasons.survey_id
            and households.household_id = reasons.household_id
    left join overrides
        on
            households.survey_id = overrides.survey_id
            and households.household_id = overrides.household_id
),

final as (
    select
        survey_id,
        household_id,
        region_code,
        survey_year,
        is_simulated,
        is_assessed,
        not_assessed_in_words[1] as not_assessed_reason,
        not_assessed_in_words[2] as not_assessed_reason_zh,
        is_overridden,
        anomaly_in_words[1] as anomaly_reason,
        anomaly_in_words[2] as anomaly_reason_zh,
        is_anomaly,
        main_feature,
        household_value,
        peer_median,
        peer_count,
        deciding_detector,
        deciding_score,
        deciding_threshold,
        deciding_score_at_median,
        deciding_side,
        deciding_limit
    from told
)

select * from final
