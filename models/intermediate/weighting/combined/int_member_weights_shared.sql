-- The weights of each member of a method whose weights are combined: w = d / sum of d
-- in the system.
with information as (
    select
        ruled.*,
        rules.combination_rule,
        rules.share
    from {{ ref('int_indicator_information_ruled') }} as ruled
    inner join {{ ref('int_weight_rules_listed') }} as rules
        on ruled.method_id = rules.method_id and ruled.member = rules.member
    where rules.combination_rule is not null
),

totals as (
    select
        study_id,
        method_id,
        member,
        system_id,
        scope_year,
        {{ exact_sum('information') }} as information_total,
        count(*) - count(information) as unknown_count
    from information
    group by study_id, method_id, member, system_id, scope_year
),

final as (
    select
        information.study_id,
        information.method_id,
        information.member,
        information.system_id,
        information.indicator_id,
        information.scope_year,
        information.combination_rule,
        information.share,
        totals.information_total,
        case
            when totals.unknown_count = 0
                then information.information / nullif(totals.information_total, 0)
        end as weight
    from information
    inner join totals
        on
            information.study_id = totals.study_id
            and information.method_id = totals.method_id
            and information.member = totals.member
            and information.system_id = totals.system_id
            and information.scope_year = totals.scope_year
)

select * from final
