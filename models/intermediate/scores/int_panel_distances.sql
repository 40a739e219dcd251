-- TOPSIS: r = w y; squared distances of each indicator to its ideals, in lists by
-- places (a gap adds nothing), and the Euclidean distances of each system, in lists by
-- systems.
{{ config(materialized='view') }}
with weighted as (
    select * from {{ ref('int_panel_weighted') }}
    where aggregation in ('topsis', 'grey_topsis')
),

ideals as (
    select * from {{ ref('int_ideals_lined_up') }}
),

squared as (
    select
        weighted.*,
        {% call each('weighted.scaled_values', 'y, i') %}
            coalesce(power(
                ideals.best_values[i]
                - weighted.weights[i]
                * (weighted.lowest_value + weighted.value_span * y),
                2
            ), 0)
        {% endcall %} as squared_to_best,
        {% call each('weighted.scaled_values', 'y, i') %}
            coalesce(power(
                weighted.weights[i]
                * (weighted.lowest_value + weighted.value_span * y)
                - ideals.worst_values[i],
                2
            ), 0)
        {% endcall %} as squared_to_worst
    from weighted
    left join ideals
        on
            weighted.study_key = ideals.study_key
            and weighted.method_key = ideals.method_key
            and weighted.scope_year = ideals.scope_year
),

final as (
    select
        *,
        {{ each(
            'is_used_by_system', 'used', 'sqrt(list_inner_product(used, squared_to_best))'
        ) }} as distances_to_best,
        {{ each(
            'is_used_by_system', 'used', 'sqrt(list_inner_product(used, squared_to_worst))'
        ) }} as distances_to_worst
    from squared
)

select * from final
