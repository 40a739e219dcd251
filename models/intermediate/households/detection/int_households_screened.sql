-- Which households can be assessed, and why the others cannot.
with households as (
    select * from {{ ref('stg_households') }}
),

judged as (
    select
        *,
        case
            when net_income_cny is null and total_expenditure_cny is null
                then ['neither income nor expenditure is known', '收入和支出均不详']
            when family_size <= 0
                then [
                    concat(
                        'family size ', cast(family_size as string), ' is not above 0'
                    ),
                    concat('家庭人口为', cast(family_size as string), '，不大于0')
                ]
            when non_mortgage_debt_cny > 0 and total_assets_cny = 0
                then [
                    'a debt without assets to set against it',
                    '有负债而没有可对应的资产'
                ]
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

explained as (
    select
        judged.*,
        coalesce(
            judged.row_fault,
            case
                when counted.assessable_count < 30
                    then [
                        concat(
                            'the survey has ',
                            cast(counted.assessable_count as string),
                            ' assessable households; detectors need 30'
                        ),
                        concat(
                            '调查中可评估的家庭为',
                            cast(counted.assessable_count as string),
                            '户，检测方法需要30户'
                        )
                    ]
            end
        ) as reason_in_words
    from judged
    inner join counted on judged.survey_id = counted.survey_id
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
        weight,
        is_simulated,
        reason_in_words[1] as not_assessed_reason,
        reason_in_words[2] as not_assessed_reason_zh
    from explained
)

select * from final
