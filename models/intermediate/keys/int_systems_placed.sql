-- The place of each system among those of its study: by these, a list holds a number
-- for each.
with systems as (
    select * from {{ ref('stg_studies__systems') }}
),

studies as (
    select * from {{ ref('int_studies_numbered') }}
),

final as (
    select
        studies.study_key,
        systems.study_id,
        systems.system_id,
        cast(row_number() over (
            partition by systems.study_id
            order by systems.system_position, systems.system_id
        ) as int) as system_place
    from systems
    inner join studies on systems.study_id = studies.study_id
)

select * from final
