with forest as (
    select * from {{ ref('int_household_forest') }}
),

final as (
    select
        survey_id,
        metric,
        about,
        value,
        status,
        status_zh
    from forest
)

select * from final
