-- Why a household is flagged, in words; only flagged households have a row. The flag is
-- that of the default detector, named by a row of the parameters, and the ratio told is
-- the one that made this detector's score. Three sigma judges ratio by ratio, so it has
-- a limit in the ratio's own unit; the others judge all together, and what the score
-- were with this ratio at the median says how much of it is of this ratio.
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

judged as (
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
),

worded as (
    select
        *,
        case feature
            when 'income_expenditure_ratio' then 'spends'
            when 'asset_debt_ratio' then 'owes, mortgages apart,'
            when 'per_capita_income' then 'has an income of'
            when 'asset_income_ratio' then 'owns'
        end as verb,
        case feature
            when 'income_expenditure_ratio' then 'times its income'
            when 'asset_debt_ratio' then 'times its assets'
            when 'per_capita_income' then concat(currency, ' per person')
            when 'asset_income_ratio' then 'times its income in assets'
        end as unit_phrase,
        case
            when is_floored
                then ' (a denominator near or below zero was raised to the floor)'
            else ''
        end as floor_phrase,
        case detector when 'vote' then ' of 3, at least ' else ' above ' end
            as threshold_phrase,
        case
            when side is not null
                then
                    concat(
                        ', as for every value ', side, ' ',
                        {{ told_apart('ratio_limit', 'ratio', 2) }}
                    )
            else
                concat(
                    ', and ', {{ told_apart('score_at_median', 'score', 3) }},
                    ' with this ratio at the median'
                )
        end as limit_phrase
    from judged
),

final as (
    select
        survey_id,
        household_id,
        feature,
        ratio as household_value,
        peer_median,
        peer_count,
        side,
        ratio_limit,
        detector,
        score,
        threshold,
        score_at_median,
        concat(
            'The household ', verb, ' ', {{ told_apart('ratio', 'ratio_limit', 2) }},
            ' ', unit_phrase, floor_phrase,
            '; the median of ', cast(peer_count as string),
            ' households of the survey is ', cast(round(peer_median, 2) as string),
            ', nine in ten lie between ', cast(round(peer_low, 2) as string), ' and ',
            cast(round(peer_high, 2) as string), '. Flagged by ',
            replace(detector, '_', ' '), ': score ',
            {{ told_apart('score', 'threshold', 3) }}, threshold_phrase,
            {{ told_apart('threshold', 'score', 3) }}, limit_phrase, '.'
        ) as reason
    from worded
)

select * from final
