with source as (
    select * from {{ ref('simulated_cfps2022') }}
),

final as (
    select
        survey_id,
        household_id,
        region_code,
        survey_year,
        currency,
        net_income_cny,
        total_expenditure_cny,
        total_assets_cny,
        non_mortgage_debt_cny,
        family_size,
        weight
    from source
)

select * from final
