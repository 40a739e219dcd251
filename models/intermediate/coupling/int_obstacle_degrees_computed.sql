-- Obstacle degrees O = v (1 - y) / sum v (1 - y) of the indicators in use, under the
-- names of their studies, methods, systems and regions. Unknown where an indicator in
-- use has no value, and where nothing is left to better.
{{ config(materialized='view') }}
with totals as (
    select
        totals.*,
        case
            when list_contains(scored.statuses, 'no_figures_in_year')
                then 'no_figures_in_year'
            when list_contains(scored.statuses, 'base_not_positive')
                then 'base_not_positive'
            when list_contains(scored.statuses, 'missing_value') then 'missing_value'
            when totals.deviation_total <= 1e-12 then 'no_deviation'
            else 'computed'
        end as status
    from {{ ref('int_obstacle_totals_summed') }} as totals
    inner join {{ ref('int_panel_scored') }} as scored
        on
            totals.study_key = scored.study_key
            and totals.method_key = scored.method_key
            and totals.region_key = scored.region_key
            and totals.year = scored.year
),

methods as (
    select * from {{ ref('int_methods_prepared') }}
),

weights as (
    select * from {{ ref('int_weights_lined_up') }}
),

apart as (
    select
        totals.study_key,
        totals.region_key,
        totals.year,
        totals.deviation_total,
        totals.status,
        methods.study_id,
        methods.method_id,
        methods.lowest_value,
        methods.value_span,
        weights.study_weights,
        weights.is_used_by_system,
        unnest(panel.scaled_values) as scaled_value,
        generate_subscripts(panel.scaled_values, 1) as place
    from totals
    inner join methods
        on
            totals.study_key = methods.study_key
            and totals.method_key = methods.method_key
    inner join {{ ref('int_panel_scaled') }} as panel
        on
            methods.scale_key = panel.scale_key
            and totals.region_key = panel.region_key
            and totals.year = panel.year
    inner join weights
        on
            totals.study_key = weights.study_key
            and totals.method_key = weights.method_key
            and case methods.weight_scope when 'year' then totals.year else 0 end
            = weights.scope_year
),

deviating as (
    select
        *,
        study_weights[place] as study_weight,
        1 - (lowest_value + value_span * scaled_value) as deviation
    from apart
),

final as (
    select
        deviating.study_id,
        deviating.method_id,
        regions.region_code,
        deviating.year,
        placed.system_id,
        placed.indicator_id,
        deviating.study_weight,
        deviating.deviation,
        case
            when deviating.status = 'computed'
                then
                    deviating.study_weight * deviating.deviation
                    / deviating.deviation_total
        end as obstacle_degree,
        deviating.status
    from deviating
    inner join {{ ref('int_indicators_placed') }} as placed
        on
            deviating.study_key = placed.study_key
            and deviating.place = placed.place
    inner join {{ ref('int_regions_numbered') }} as regions
        on deviating.region_key = regions.region_key
    where deviating.is_used_by_system[placed.system_place][placed.place] = 1
)

select * from final
