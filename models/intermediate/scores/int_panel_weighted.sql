-- What a score is made of, for each method, region and year, in lists by places: the
-- scaled values, those without a value as 0 in known_values, and the weights; and, in
-- lists by systems, whether each can have a score.
{{ config(materialized='view') }}
with panel as (
    select
        *,
        {{ each('scaled_values', 'y', 'coalesce(y, 0.0)') }} as known_values
    from {{ ref('int_panel_scaled') }}
),

lined_up as (
    select * from {{ ref('int_panel_lined_up') }}
),

methods as (
    select
        *,
        'year' in (normalisation_scope, weight_scope) as is_by_year
    from {{ ref('int_methods_prepared') }}
),

weights as (
    select * from {{ ref('int_weights_lined_up') }}
),

years as (
    select
        study_key,
        year,
        count(*) as region_count
    from {{ ref('int_panel_lined_up') }}
    where has_figures
    group by study_key, year
),

scope_sizes as (
    select
        methods.study_key,
        methods.method_key,
        case when methods.is_by_year then years.year else 0 end as scope_year,
        sum(years.region_count) as region_year_count
    from methods
    inner join years on methods.study_key = years.study_key
    group by
        methods.study_key,
        methods.method_key,
        case when methods.is_by_year then years.year else 0 end
),

systems as (
    select
        study_key,
        {{ in_order('system_place', 'system_place') }} as system_places,
        {{ in_order("'computed'", 'system_place') }} as computed
    from {{ ref('int_systems_placed') }}
    group by study_key
),

final as (
    select
        methods.study_key,
        methods.method_key,
        methods.aggregation,
        methods.resolution,
        methods.lowest_value,
        methods.value_span,
        panel.region_key,
        panel.year,
        panel.scope_year,
        panel.scaled_values,
        panel.known_values,
        weights.weights,
        weights.weights_by_system,
        weights.is_used_by_system,
        case
            when
                lined_up.has_figures
                and scope_sizes.region_year_count > 1
                and not panel.has_gap
                and weights.is_complete
                then systems.computed
            else
                {{ each('systems.system_places', 's', score_status(
                    'lined_up', 'panel.scaled_values', 'weights.is_used_by_system[s]',
                    'scope_sizes.region_year_count',
                )) }}
        end as statuses
    from panel
    inner join methods on panel.scale_key = methods.scale_key
    inner join systems on panel.study_key = systems.study_key
    inner join lined_up
        on
            panel.study_key = lined_up.study_key
            and panel.row_place = lined_up.row_place
    left join scope_sizes
        on
            methods.study_key = scope_sizes.study_key
            and methods.method_key = scope_sizes.method_key
            and case when methods.is_by_year then panel.year else 0 end
            = scope_sizes.scope_year
    left join weights
        on
            methods.study_key = weights.study_key
            and methods.method_key = weights.method_key
            and case methods.weight_scope when 'year' then panel.year else 0 end
            = weights.scope_year
)

select * from final
