-- The rules of weights behind a method: its own or, where its weights are combined,
-- those of its members.
with methods as (
    select distinct methods.*
    from {{ ref('int_study_methods') }} as study_methods
    inner join {{ ref('stg_studies__methods') }} as methods
        on study_methods.method_id = methods.method_id
),

members as (
    select * from {{ ref('stg_studies__weight_combinations') }}
),

final as (
    select
        method_id,
        cast(1 as int) as member,
        weighting,
        weight_set_id,
        judgement_set_id,
        cast(null as string) as combination_rule,
        cast(null as double) as share
    from methods
    where weighting <> 'combined'
    union all
    select
        methods.method_id,
        cast(row_number() over (
            partition by methods.method_id order by members.member_position
        ) as int) as member,
        members.weighting,
        members.weight_set_id,
        members.judgement_set_id,
        methods.combination_rule,
        members.share
    from methods
    inner join members on methods.method_id = members.method_id
    where methods.weighting = 'combined'
)

select * from final
