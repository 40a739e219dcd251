-- w_i . w_j of each pair of members whose weights are combined by game theory; only of
-- systems in which every member has weights.
with weights as (
    select * from {{ ref('int_member_weights_shared') }}
    where combination_rule = 'game_theory'
),

lacking as (
    select distinct
        study_id,
        method_id,
        system_id,
        scope_year
    from weights
    where weight is null
),

final as (
    select
        a.study_id,
        a.method_id,
        a.system_id,
        a.scope_year,
        a.member,
        b.member as other_member,
        {{ exact_sum('a.weight * b.weight') }} as product
    from weights as a
    inner join weights as b
        on
            a.study_id = b.study_id
            and a.method_id = b.method_id
            and a.system_id = b.system_id
            and a.scope_year = b.scope_year
            and a.indicator_id = b.indicator_id
    left join lacking
        on
            a.study_id = lacking.study_id
            and a.method_id = lacking.method_id
            and a.system_id = lacking.system_id
            and a.scope_year = lacking.scope_year
    where lacking.study_id is null
    group by
        a.study_id,
        a.method_id,
        a.system_id,
        a.scope_year,
        a.member,
        b.member
)

select * from final
