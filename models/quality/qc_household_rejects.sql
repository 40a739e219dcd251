-- Households and columns that could not be used, with the reason: rows refused at
-- landing, households not assessed, and columns that tell households not apart.
with landed as (
    select * from {{ ref('stg_household_rejects__landed') }}
),

screened as (
    select * from {{ ref('int_household_anomalies_judged') }}
    where not_assessed_reason is not null
),

constant_features as (
    select
        survey_id,
        feature,
        min(ratio) as only_value
    from {{ ref('int_household_features') }}
    group by survey_id, feature
    having max(scaled_value) is null
),

final as (
    select
        survey_id,
        household_id,
        'landing' as step,
        source_file,
        source_row,
        column_name,
        found,
        reason,
        -- what was landed before reasons had a Chinese one keeps the English one
        coalesce(reason_zh, reason) as reason_zh
    from landed
    union all
    select
        survey_id,
        household_id,
        'screening' as step,
        cast(null as string) as source_file,
        cast(null as bigint) as source_row,
        cast(null as string) as column_name,
        cast(null as string) as found,
        not_assessed_reason as reason,
        not_assessed_reason_zh as reason_zh
    from screened
    union all
    select
        survey_id,
        cast(null as string) as household_id,
        'scaling' as step,
        cast(null as string) as source_file,
        cast(null as bigint) as source_row,
        feature as column_name,
        cast(only_value as string) as found,
        'the feature is the same for all households; detectors leave it out' as reason,
        '该特征对所有家庭相同，检测方法不使用' as reason_zh
    from constant_features
)

select * from final
