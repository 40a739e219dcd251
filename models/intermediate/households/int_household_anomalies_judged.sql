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
        coalesce(
            screened.not_assessed_reason,
            case
                when detected.survey_id is null
                    then 'no ratio varies within the survey; nothing stands out'
            end
        ) as not_assessed_reason
    from screened
    left join detected on screened.survey_id = detected.survey_id
),

reasons as (
    select * from {{ ref('int_household_reasons') }}
),

overrides as (
    select * from {{ ref('stg_household_overrides') }}
),

final as (
    select
        households.survey_id,
        households.household_id,
        households.region_code,
        households.survey_year,
        households.is_simulated,
        households.not_assessed_reason is null as is_assessed,
        households.not_assessed_reason,
        overrides.household_id is not null as is_overridden,
        case
            when overrides.household_id is not null
                then
                    concat(
                        'Settled by ', overrides.reviewer, ' on ',
                        overrides.reviewed_on, ': ', overrides.reason,
                        case
                            when reasons.reason is not null
                                then concat(' The screen said: ', reasons.reason)
                            else ''
                        end
                    )
            else reasons.reason
        end as anomaly_reason,
        case
            when overrides.household_id is not null then overrides.is_anomaly
            when households.not_assessed_reason is null
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
)

select * from final
