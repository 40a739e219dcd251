-- The place of each computed indicator among those of its study: by these, a list holds
-- a number for each. indicator_key is its number among all indicators of all studies.
with indicators as (
    select * from {{ ref('stg_studies__indicators') }}
    where is_computed
),

systems as (
    select * from {{ ref('int_systems_placed') }}
),

final as (
    select
        systems.study_key,
        indicators.study_id,
        indicators.system_id,
        indicators.indicator_id,
        indicators.direction,
        systems.system_place,
        cast(row_number() over (
            partition by indicators.study_id
            order by
                systems.system_place,
                indicators.indicator_position,
                indicators.indicator_id
        ) as int) as place,
        cast(row_number() over (
            order by
                systems.study_key,
                systems.system_place,
                indicators.indicator_position,
                indicators.indicator_id
        ) as int) as indicator_key
    from indicators
    inner join systems
        on
            indicators.study_id = systems.study_id
            and indicators.system_id = systems.system_id
)

select * from final
