-- What the explanations learn from: completed amounts, ratios and the flag, one row per
-- assessed household.
with amounts as (
    select
        survey_id,
        household_id,
        max(case when column_name = 'net_income_cny' then value end) as net_income_cny,
        max(case when column_name = 'total_expenditure_cny' then value end)
            as total_expenditure_cny,
        max(case when column_name = 'total_assets_cny' then value end)
            as total_assets_cny,
        max(case when column_name = 'non_mortgage_debt_cny' then value end)
            as non_mortgage_debt_cny,
        max(case when column_name = 'family_size' then value end) as family_size
    from {{ ref('int_household_values_imputed') }}
    group by survey_id, household_id
),

ratios as (
    select
        survey_id,
        household_id,
        max(case when feature = 'income_expenditure_ratio' then ratio end)
            as income_expenditure_ratio,
        max(case when feature = 'asset_debt_ratio' then ratio end) as asset_debt_ratio,
        max(case when feature = 'per_capita_income' then ratio end)
            as per_capita_income,
        max(case when feature = 'asset_income_ratio' then ratio end)
            as asset_income_ratio
    from {{ ref('int_household_features') }}
    group by survey_id, household_id
),

judged as (
    select * from {{ ref('int_household_anomalies_judged') }}
    where is_assessed
),

final as (
    select
        judged.survey_id,
        judged.household_id,
        judged.region_code,
        judged.survey_year,
        amounts.net_income_cny,
        amounts.total_expenditure_cny,
        amounts.total_assets_cny,
        amounts.non_mortgage_debt_cny,
        amounts.family_size,
        ratios.income_expenditure_ratio,
        ratios.asset_debt_ratio,
        ratios.per_capita_income,
        ratios.asset_income_ratio,
        judged.is_anomaly
    from judged
    inner join amounts
        on
            judged.survey_id = amounts.survey_id
            and judged.household_id = amounts.household_id
    left join ratios
        on
            judged.survey_id = ratios.survey_id
            and judged.household_id = ratios.household_id
)

select * from final
