-- What the systems contribute to the comprehensive index, and what they weigh in the
-- capacity of a method, in lists by systems.
with contributions as (
    select * from {{ ref('int_system_contributions') }}
),

systems as (
    select * from {{ ref('int_systems_placed') }}
),

methods as (
    select * from {{ ref('int_methods_prepared') }}
),

final as (
    select
        methods.study_key,
        methods.method_key,
        {{ in_order('contributions.contribution', 'systems.system_place') }}
            as contributions,
        {{ in_order('contributions.capacity_share', 'systems.system_place') }}
            as capacity_shares
    from contributions
    inner join systems
        on
            contributions.study_id = systems.study_id
            and contributions.system_id = systems.system_id
    inner join methods
        on
            contributions.study_id = methods.study_id
            and contributions.method_id = methods.method_id
    group by methods.study_key, methods.method_key
)

select * from final
