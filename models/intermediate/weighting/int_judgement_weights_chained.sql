-- The analytic hierarchy process. One level: the priority of the indicator in the
-- matrix of its system. Two levels: the priority of its criterion times its own within
-- it; an indicator that is the only one of its criterion takes all of it.
with priorities as (
    select * from {{ ref('int_judgements_weighed') }}
),

indicators as (
    select * from {{ ref('stg_studies__indicators') }}
),

systems as (
    select * from priorities
    where matrix = 'system'
),

criteria as (
    select * from priorities
    where matrix <> 'system'
),

final as (
    select
        systems.judgement_set_id,
        indicators.study_id,
        indicators.indicator_id,
        systems.priority
        * case
            when systems.item = indicators.indicator_id then 1
            else coalesce(criteria.priority, 1)
        end as priority
    from indicators
    inner join systems
        on
            indicators.study_id = systems.study_id
            and indicators.system_id = systems.system_id
            and systems.item in (
                indicators.indicator_id, indicators.criterion, indicators.criterion_zh
            )
    left join criteria
        on
            systems.judgement_set_id = criteria.judgement_set_id
            and systems.study_id = criteria.study_id
            and systems.system_id = criteria.system_id
            and systems.item = criteria.matrix
            and indicators.indicator_id = criteria.item
)

select * from final
