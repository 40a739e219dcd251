with rules as (
    select * from {{ ref('int_household_rules') }}
),

final as (
    select
        survey_id,
        outcome,
        cast(rule_rank as int) as rule_rank,
        antecedent,
        antecedent_zh,
        cast(items as int) as item_count,
        cast(households as int) as household_count,
        cast(antecedent_households as int) as antecedent_household_count,
        support,
        confidence,
        lift,
        leverage,
        sentence,
        sentence_zh
    from rules
)

select * from final
