-- Which ratio makes a household flagged, beside those of its peers. The flag is that of
-- the default detector, named by a row of the parameters, and the ratio is the one that
-- made this detector's score. Three sigma judges ratio by ratio, so it has a limit in
-- the ratio's own unit.
with detections as (
    select detections.*
    from {{ ref('int_household_detections') }} as detections
    inner join {{ ref('stg_detector_parameters') }} as parameters
        on
            parameters.parameter = 'default_detector'
            and detections.detector = parameters.value
    where detections.is_flagged
),

features as (
    select * from {{ ref('int_household_features') }}
),

peers as (
    select * from {{ ref('int_household_feature_peers') }}
),

households as (
    select * from {{ ref('int_households_screened') }}
),

final as (
    select
        detections.survey_id,
        detections.household_id,
        detections.detector,
        detections.score,
        detections.threshold,
        detections.score_at_median,
        detections.main_feature as feature,
        features.ratio,
        features.is_floored,
        households.currency,
        peers.peer_median,
        peers.peer_low,
        peers.peer_high,
        peers.peer_count,
        case
            when detections.detector <> 'three_sigma' then null
            when features.unit_free_value > peers.unit_free_mean then 'above'
            else 'below'
        end as side,
        case
            when detections.detector <> 'three_sigma' then null
            when features.unit_free_value > peers.unit_free_mean
                then peers.upper_limit
            else peers.lower_limit
        end as ratio_limit
    from detections
    inner join features
        on
            detections.survey_id = features.survey_id
            and detections.household_id = features.household_id
            and detections.main_feature = features.feature
    inner join peers
        on
            detections.survey_id = peers.survey_id
            and detections.main_feature = peers.feature
    inner join households
        on
            detections.survey_id = households.survey_id
            and detections.household_id = households.household_id
)

select * from final
