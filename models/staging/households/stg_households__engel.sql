with source as (
    select * from {{ ref('engel_1857') }}
),

final as (
    select
        'engel_1857' as survey_id,
        household_id,
        cast(null as string) as region_code,
        1857 as survey_year,
        'BEF' as currency,
        annual_income_bef as net_income_cny,
        annual_food_expenditure_bef as total_expenditure_cny,
        cast(null as double) as total_assets_cny,
        cast(null as double) as non_mortgage_debt_cny,
        cast(null as double) as family_size,
        cast(null as double) as weight
    from source
)

select * from final
