-- TOPSIS: r = w y; the ideals of an indicator are its largest and its smallest r in the
-- scope of normalisation. In lists by places, 0 where an indicator is not used.
with methods as (
    select
        *,
        case when 'year' in (normalisation_scope, weight_scope) then 'year' else 'panel'
        end as finer_scope
    from {{ ref('int_methods_prepared') }}
    where aggregation in ('topsis', 'grey_topsis')
),

weights as (
    select * from {{ ref('int_weights_lined_up') }}
),

extremes as (
    select
        scale_key,
        scope,
        scope_year,
        place,
        max(list_max(scaled_values)) as largest,
        min(list_min(scaled_values)) as smallest
    from {{ ref('int_scale_columns') }}
    group by scale_key, scope, scope_year, place
),

ideals as (
    select
        methods.study_key,
        methods.method_key,
        case methods.normalisation_scope when 'year' then extremes.scope_year else 0 end
            as scope_year,
        extremes.place,
        max(
            weights.weights[extremes.place]
            * (methods.lowest_value + methods.value_span * extremes.largest)
        ) as best,
        min(
            weights.weights[extremes.place]
            * (methods.lowest_value + methods.value_span * extremes.smallest)
        ) as worst
    from methods
    inner join extremes
        on
            methods.scale_key = extremes.scale_key
            and methods.finer_scope = extremes.scope
    inner join weights
        on
            methods.study_key = weights.study_key
            and methods.method_key = weights.method_key
            and case methods.weight_scope
                when 'year' then extremes.scope_year
                else 0
            end = weights.scope_year
            and weights.is_used[extremes.place] = 1
    group by
        methods.study_key,
        methods.method_key,
        case methods.normalisation_scope
            when 'year' then extremes.scope_year
            else 0
        end,
        extremes.place
),

scopes as (
    select distinct
        study_key,
        method_key,
        scope_year
    from ideals
),

final as (
    select
        scopes.study_key,
        scopes.method_key,
        scopes.scope_year,
        {{ in_order('coalesce(ideals.best, 0)', 'placed.place') }} as best_values,
        {{ in_order('coalesce(ideals.worst, 0)', 'placed.place') }} as worst_values
    from scopes
    inner join {{ ref('int_indicators_placed') }} as placed
        on scopes.study_key = placed.study_key
    left join ideals
        on
            scopes.study_key = ideals.study_key
            and scopes.method_key = ideals.method_key
            and scopes.scope_year = ideals.scope_year
            and placed.place = ideals.place
    group by scopes.study_key, scopes.method_key, scopes.scope_year
)

select * from final
