-- Whether a method can use an indicator in a scope of its weights: the scope tells
-- regions apart by it, and it is normalised in every scope of normalisation inside.
with methods as (
    select
        study_methods.study_id,
        methods.*
    from {{ ref('int_study_methods') }} as study_methods
    inner join {{ ref('stg_studies__methods') }} as methods
        on study_methods.method_id = methods.method_id
),

scopes as (
    select * from {{ ref('int_indicator_scopes_bounded') }}
),

indicators as (
    select * from {{ ref('stg_studies__indicators') }}
),

goalposts as (
    select * from {{ ref('stg_studies__goalposts') }}
),

inside as (
    select
        weighed.study_id,
        methods.method_id,
        indicators.system_id,
        weighed.indicator_id,
        weighed.scope_year,
        weighed.scope_status,
        min(
            case
                when normalised.scope_status <> 'usable' then normalised.scope_status
            end
        ) as unusable_status,
        max(
            case
                when
                    methods.normalisation = 'vector'
                    and indicators.direction = '+'
                    and normalised.min_value < 0
                    then 1
                else 0
            end
        ) as has_negative_value,
        max(
            case
                when methods.normalisation = 'goalpost' and goalposts.low is null then 1
                else 0
            end
        ) as lacks_goalpost
    from scopes as weighed
    inner join methods
        on
            weighed.study_id = methods.study_id
            and weighed.normalisation_scope = methods.weight_scope
    inner join scopes as normalised
        on
            weighed.study_id = normalised.study_id
            and weighed.indicator_id = normalised.indicator_id
            and methods.normalisation_scope = normalised.normalisation_scope
            and (
                weighed.scope_year in (0, normalised.scope_year)
                or normalised.scope_year = 0
            )
    inner join indicators
        on
            weighed.study_id = indicators.study_id
            and weighed.indicator_id = indicators.indicator_id
    left join goalposts
        on
            methods.goalpost_set_id = goalposts.goalpost_set_id
            and weighed.study_id = goalposts.study_id
            and weighed.indicator_id = goalposts.indicator_id
    where
        normalised.scope_status <> 'no_figures_in_year'
        or weighed.scope_status = 'no_figures_in_year'
    group by
        weighed.study_id,
        methods.method_id,
        indicators.system_id,
        weighed.indicator_id,
        weighed.scope_year,
        weighed.scope_status
),

final as (
    select
        study_id,
        method_id,
        system_id,
        indicator_id,
        scope_year,
        case
            when scope_status <> 'usable' then scope_status
            when unusable_status is not null then unusable_status
            when has_negative_value = 1 then 'negative_value'
            when lacks_goalpost = 1 then 'no_goalpost'
            else 'usable'
        end as status
    from inside
)

select * from final
