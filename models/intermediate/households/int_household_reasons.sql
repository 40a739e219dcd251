-- Why a household is flagged, in words; only flagged households have a row. The flag is
-- that of the default detector, named by a row of the parameters.
with detections as (
    select detections.*
    from {{ ref('int_household_detections') }} as detections
    inner join {{ ref('stg_detector_parameters') }} as parameters
        on
            parameters.parameter = 'default_detector'
            and detections.detector = parameters.value
    where detections.is_flagged
),

main_features as (
    select * from {{ ref('int_household_main_features') }}
),

peers as (
    select * from {{ ref('int_household_feature_peers') }}
),

households as (
    select * from {{ ref('int_households_screened') }}
),

phrased as (
    select
        detections.survey_id,
        detections.household_id,
        detections.detector,
        detections.score,
        detections.threshold,
        main_features.feature,
        main_features.ratio,
        main_features.is_floored,
        peers.peer_median,
        peers.peer_low,
        peers.peer_high,
        peers.peer_count,
        case main_features.feature
            when 'income_expenditure_ratio' then 'spends'
            when 'asset_debt_ratio' then 'owes, mortgages apart,'
            when 'per_capita_income' then 'has an income of'
            when 'asset_income_ratio' then 'owns'
        end as verb,
        case main_features.feature
            when 'income_expenditure_ratio' then 'times its income'
            when 'asset_debt_ratio' then 'times its assets'
            when 'per_capita_income' then concat(households.currency, ' per person')
            when 'asset_income_ratio' then 'times its income in assets'
        end as unit_phrase
    from detections
    inner join main_features
        on
            detections.survey_id = main_features.survey_id
            and detections.household_id = main_features.household_id
    inner join peers
        on
            main_features.survey_id = peers.survey_id
            and main_features.feature = peers.feature
    inner join households
        on
            detections.survey_id = households.survey_id
            and detections.household_id = households.household_id
),

final as (
    select
        survey_id,
        household_id,
        feature,
        ratio as household_value,
        peer_median,
        peer_count,
        detector,
        score,
        threshold,
        concat(
            'The household ', verb, ' ', cast(round(ratio, 2) as string), ' ',
            unit_phrase,
            case
                when is_floored
                    then ' (a denominator near or below zero was raised to the floor)'
                else ''
            end,
            '; the median of ', cast(peer_count as string),
            ' households of the survey is ', cast(round(peer_median, 2) as string),
            ', nine in ten lie between ', cast(round(peer_low, 2) as string), ' and ',
            cast(round(peer_high, 2) as string), '. Flagged by ',
            replace(detector, '_', ' '), ': score ',
            cast(round(score, 3) as string),
            case detector when 'vote' then ' of 3, at least ' else ' above ' end,
            cast(round(threshold, 3) as string), '.'
        ) as reason
    from phrased
)

select * from final
