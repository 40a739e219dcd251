-- The contract of a household survey, whatever file it came from.
with households as (
    select * from {{ ref('stg_households__engel') }}
    union all
    select * from {{ ref('stg_households__simulated') }}
    union all
    select * from {{ ref('stg_households__landed') }}
),

final as (
    select
        survey_id,
        household_id,
        region_code,
        cast(survey_year as int) as survey_year,
        currency,
        net_income_cny,
        total_expenditure_cny,
        total_assets_cny,
        non_mortgage_debt_cny,
        family_size,
        weight,
        starts_with(survey_id, 'simulated_') as is_simulated
    from households
)

select * from final
