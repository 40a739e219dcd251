-- The values that become 0 and 1 by places, one list for each scale and scope. min_max:
-- the extremes of the scope. goalpost: the goalposts. Where less is better, the larger
-- one becomes 0. NULL where the scope cannot tell regions apart by the indicator.
with scales as (
    select * from {{ ref('int_scales_numbered') }}
    where normalisation in ('min_max', 'goalpost')
),

scopes as (
    select * from {{ ref('int_indicator_scopes_bounded') }}
),

placed as (
    select * from {{ ref('int_indicators_placed') }}
),

goalposts as (
    select * from {{ ref('stg_studies__goalposts') }}
),

ends as (
    select
        scales.scale_key,
        scopes.scope_year,
        placed.place,
        placed.direction,
        case
            when scopes.scope_status <> 'usable' then null
            when scales.normalisation = 'min_max' then scopes.min_value
            else goalposts.low
        end as lower_end,
        case
            when scopes.scope_status <> 'usable' then null
            when scales.normalisation = 'min_max' then scopes.max_value
            else goalposts.high
        end as upper_end
    from scales
    inner join scopes
        on
            scales.study_id = scopes.study_id
            and scales.normalisation_scope = scopes.normalisation_scope
    inner join placed
        on
            scopes.study_id = placed.study_id
            and scopes.indicator_id = placed.indicator_id
    left join goalposts
        on
            scales.goalpost_set_id = goalposts.goalpost_set_id
            and scopes.study_id = goalposts.study_id
            and scopes.indicator_id = goalposts.indicator_id
),

directed as (
    select
        *,
        case direction when '-' then upper_end else lower_end end as worst_value,
        case direction when '-' then lower_end else upper_end end as best_value
    from ends
),

final as (
    select
        scale_key,
        scope_year,
        {{ in_order('worst_value', 'place') }} as worst_values,
        {{ in_order('best_value', 'place') }} as best_values,
        count(worst_value) < count(*) or count(best_value) < count(*) as has_gap
    from directed
    group by scale_key, scope_year
)

select * from final
