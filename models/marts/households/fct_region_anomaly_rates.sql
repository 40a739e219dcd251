-- Each region's anomaly rate beside its coupling coordination degree in each study that
-- covers the region and the year, under the study's default method.
with rates as (
    select * from {{ ref('int_household_region_rates') }}
),

coupling as (
    select * from {{ ref('fct_coupling') }}
    where is_default_method
),

final as (
    select
        rates.survey_id,
        rates.region_code,
        cast(rates.survey_year as int) as survey_year,
        coalesce(coupling.study_id, 'none') as study_id,
        cast(rates.households as int) as household_count,
        cast(rates.assessed_households as int) as assessed_household_count,
        cast(rates.anomalous_households as int) as anomaly_count,
        rates.anomaly_rate,
        rates.rate_low,
        rates.rate_high,
        coupling.coupling_coordination_degree
    from rates
    left join coupling
        on
            rates.region_code = coupling.region_code
            and rates.survey_year = coupling.year
)

select * from final
