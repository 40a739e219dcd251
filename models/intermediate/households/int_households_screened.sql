-- Which households can be assessed, and why the others cannot.
with households as (
    select * from {{ ref('stg_households') }}
),

judged as (
    select
        *,
        case
            when net_income_cny is null and total_expenditure_cny is null
                then 'neither income nor expenditure is known'
            when family_size <= 0
                then
                    concat(
                        'family size ', cast(family_size as string), ' is not above 0'
                    )
            when non_mortgage_debt_cny > 0 and total_assets_cny = 0
                then 'a debt without assets to set against it'
        end as row_fault
    from households
),

counted as (
    select
        survey_id,
        count(*) - count(row_fault) as assessable_count
    from judged
    group by survey_id
),

final as (
    select
        judged.survey_id,
        judged.household_id,
        judged.region_code,
        judged.survey_year,
        judged.currency,
        judged.net_income_cny,
        judged.total_expenditure_cny,
        judged.total_assets_cny,
        judged.non_mortgage_debt_cny,
        judged.family_size,
        judged.weight,
        judged.is_simulated,
        coalesce(
            judged.row_fault,
            case
                when counted.assessable_count < 30
                    then concat(
                        'the survey has ',
                        cast(counted.assessable_count as string),
                        ' assessable households; detectors need 30'
                    )
            end
        ) as not_assessed_reason
    from judged
    inner join counted on judged.survey_id = counted.survey_id
)

select * from final
