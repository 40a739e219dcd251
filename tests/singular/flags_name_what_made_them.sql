-- Every household that the screen flags is told the ratio that made the flag: with the
-- value that this ratio has, beyond the threshold that is named.
with households as (
    select * from {{ ref('fct_household_anomalies') }}
    where is_assessed
),

parameters as (
    select value as default_detector
    from {{ ref('stg_detector_parameters') }}
    where parameter = 'default_detector'
),

read_again as (
    select
        households.*,
        parameters.default_detector,
        case parameters.default_detector
            when 'three_sigma' then households.three_sigma_flag
            when 'isolation_forest' then households.isolation_forest_flag
            when 'local_outlier_factor' then households.local_outlier_factor_flag
            when 'vote' then households.vote_flag
            when 'mean_rank' then households.mean_rank_flag
        end as default_flag,
        case households.main_feature
            when 'income_expenditure_ratio' then households.income_expenditure_ratio
            when 'asset_debt_ratio' then households.asset_debt_ratio
            when 'per_capita_income' then households.per_capita_income
            when 'asset_income_ratio' then households.asset_income_ratio
        end as value_of_feature,
        case households.main_feature
            when 'income_expenditure_ratio' then 'The household spends % its income%'
            when 'asset_debt_ratio' then 'The household owes, mortgages apart, %'
            when 'per_capita_income' then 'The household has an income of % per person%'
            when 'asset_income_ratio' then 'The household owns % its income in assets%'
        end as words_of_feature
    from households
    cross join parameters
),

judged as (
    select
        *,
        case
            when default_flag is null then 'default_detector is no detector'
            when default_flag <> (deciding_detector is not null)
                then 'flagged without being told, or told without a flag'
            when not default_flag then null
            when value_of_feature is null or household_value <> value_of_feature
                then 'another value than that of main_feature'
            when not anomaly_reason like concat('%', words_of_feature)
                then 'words of another ratio'
            when
                deciding_score < deciding_threshold
                or (deciding_detector <> 'vote' and deciding_score = deciding_threshold)
                then 'score within the threshold'
            when
                deciding_detector = 'three_sigma'
                and not coalesce(
                    case deciding_side
                        when 'above' then household_value > deciding_limit
                        when 'below' then household_value < deciding_limit
                    end, false
                )
                then 'value within the limit'
        end as fault
    from read_again
),

final as (
    select
        survey_id,
        household_id,
        fault,
        deciding_detector,
        main_feature,
        household_value,
        deciding_side,
        deciding_limit,
        deciding_score,
        deciding_threshold
    from judged
    where fault is not null
)

select * from final
