-- Household surveys: what they cover and how many households the screen flags.
with anomalies as (
    select * from {{ ref('fct_household_anomalies') }}
),

currencies as (
    select
        survey_id,
        array_to_string(array_agg(distinct currency order by currency), ', ')
            as currency
    from {{ ref('stg_households') }}
    group by survey_id
),

final as (
    select
        anomalies.survey_id,
        currencies.currency,
        min(anomalies.survey_year) as first_year,
        max(anomalies.survey_year) as last_year,
        bool_or(anomalies.is_simulated) as is_simulated,
        cast(count(*) as int) as household_count,
        cast(count(*) filter (where anomalies.is_assessed) as int) as assessed_count,
        cast(count(*) filter (where anomalies.is_anomaly) as int) as flagged_count,
        cast(count(*) filter (where anomalies.is_overridden) as int) as overridden_count
    from anomalies
    left join currencies on anomalies.survey_id = currencies.survey_id
    group by anomalies.survey_id, currencies.currency
)

select * from final
