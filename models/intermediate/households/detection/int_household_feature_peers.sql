-- What each household is compared with: the assessed households of its survey. By its
-- standard deviation s, a feature f stands out below mean(f) - sigma s and above
-- mean(f) + sigma s. The ratio r behind f = ln(r / m), m the median of the positive
-- ratios, is r = m exp(f); of debt by assets f = ln(1 + r), so r = exp(f) - 1.
with features as (
    select * from {{ ref('int_household_features') }}
),

parameters as (
    select cast(value as double) as sigma
    from {{ ref('stg_detector_parameters') }}
    where parameter = 'sigma'
),

described as (
    select
        survey_id,
        feature,
        cast(count(*) as int) as peer_count,
        median(ratio) as peer_median,
        percentile_cont(0.05) within group (order by ratio) as peer_low,
        percentile_cont(0.95) within group (order by ratio) as peer_high,
        median(case when ratio > 0 then ratio end) as positive_median,
        {{ exact_sum('unit_free_value') }} / count(*) as unit_free_mean
    from features
    group by survey_id, feature
),

deviations as (
    select
        features.survey_id,
        features.feature,
        features.unit_free_value - described.unit_free_mean as deviation
    from features
    inner join described
        on
            features.survey_id = described.survey_id
            and features.feature = described.feature
),

spread as (
    select
        survey_id,
        feature,
        sqrt({{ exact_sum('power(deviation, 2)') }} / count(*)) as unit_free_sd
    from deviations
    group by survey_id, feature
),

bounded as (
    select
        described.*,
        exp(described.unit_free_mean - parameters.sigma * spread.unit_free_sd)
            as lower_bound,
        exp(described.unit_free_mean + parameters.sigma * spread.unit_free_sd)
            as upper_bound
    from described
    inner join spread
        on
            described.survey_id = spread.survey_id
            and described.feature = spread.feature
    cross join parameters
),

final as (
    select
        survey_id,
        feature,
        peer_count,
        peer_median,
        peer_low,
        peer_high,
        unit_free_mean,
        case
            when feature = 'asset_debt_ratio' then lower_bound - 1
            else positive_median * lower_bound
        end as lower_limit,
        case
            when feature = 'asset_debt_ratio' then upper_bound - 1
            else positive_median * upper_bound
        end as upper_limit
    from bounded
)

select * from final
