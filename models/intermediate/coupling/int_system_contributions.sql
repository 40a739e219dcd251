-- What a system contributes to the comprehensive index under a method: alpha of the set
-- that the method names, else that of the study; and what the first and the second
-- weigh in the capacity of the method.
with systems as (
    select
        *,
        row_number() over (
            partition by study_id order by system_position
        ) as place
    from {{ ref('stg_studies__systems') }}
),

sets as (
    select * from {{ ref('stg_studies__contribution_sets') }}
),

methods as (
    select
        study_methods.study_id,
        methods.*
    from {{ ref('int_study_methods') }} as study_methods
    inner join {{ ref('stg_studies__methods') }} as methods
        on study_methods.method_id = methods.method_id
),

final as (
    select
        systems.study_id,
        methods.method_id,
        systems.system_id,
        systems.system_position,
        case
            when methods.contribution_set_id is null then systems.contribution
            else sets.contribution
        end as contribution,
        case systems.place
            when 1 then methods.capacity_a
            when 2 then methods.capacity_b
        end as capacity_share
    from systems
    inner join methods on systems.study_id = methods.study_id
    left join sets
        on
            methods.contribution_set_id = sets.contribution_set_id
            and systems.study_id = sets.study_id
            and systems.system_id = sets.system_id
)

select * from final
