-- The weights of a method in lists by places, one row for each scope of its weights:
-- 0 where an indicator is not used. By system there is a list for each system over all
-- places: its weights, and 1 where it uses an indicator, 0 elsewhere.
with methods as (
    select * from {{ ref('int_methods_prepared') }}
),

placed as (
    select * from {{ ref('int_indicators_placed') }}
),

systems as (
    select * from {{ ref('int_systems_placed') }}
),

weights as (
    select
        methods.study_key,
        methods.method_key,
        weights.scope_year,
        placed.place,
        placed.system_place,
        case when weights.status = 'used' then 1.0 else 0.0 end as is_used,
        case when weights.status = 'used' then weights.weight else 0.0 end as weight,
        case when weights.status = 'used' then weights.study_weight else 0.0 end
            as study_weight
    from methods
    inner join {{ ref('int_indicator_weights') }} as weights
        on
            methods.study_id = weights.study_id
            and methods.method_id = weights.method_id
    inner join placed
        on
            weights.study_id = placed.study_id
            and weights.indicator_id = placed.indicator_id
),

sided as (
    select
        weights.*,
        systems.system_place as list_place,
        case
            when weights.system_place = systems.system_place then weights.weight
            else 0.0
        end as weight_of_system,
        case
            when weights.system_place = systems.system_place then weights.is_used
            else 0.0
        end as is_used_by_system
    from weights
    inner join systems on weights.study_key = systems.study_key
),

by_system as (
    select
        study_key,
        method_key,
        scope_year,
        list_place,
        {{ in_order('weight', 'place') }} as weights,
        {{ in_order('is_used', 'place') }} as is_used,
        {{ in_order('study_weight', 'place') }} as study_weights,
        {{ in_order('weight_of_system', 'place') }} as weights_of_system,
        {{ in_order('is_used_by_system', 'place') }} as is_used_by_system
    from sided
    group by study_key, method_key, scope_year, list_place
),

final as (
    select
        study_key,
        method_key,
        scope_year,
        any_value(weights) as weights,
        any_value(is_used) as is_used,
        any_value(study_weights) as study_weights,
        {{ in_order('weights_of_system', 'list_place') }} as weights_by_system,
        {{ in_order('is_used_by_system', 'list_place') }} as is_used_by_system,
        min(list_sum(is_used_by_system)) > 0 as is_complete
    from by_system
    group by study_key, method_key, scope_year
)

select * from final
