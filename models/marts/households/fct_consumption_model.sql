with models as (
    select * from {{ ref('int_household_consumption') }}
),

final as (
    select
        survey_id,
        held_out,
        scale,
        cast(test_households as int) as test_household_count,
        cast(train_households_with as int) as train_household_count_with_flagged,
        cast(train_households_without as int) as train_household_count_without_flagged,
        rmse_with_flagged,
        rmse_without_flagged,
        change_percent as change_pct,
        status,
        status_zh
    from models
)

select * from final
