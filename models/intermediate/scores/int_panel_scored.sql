-- The score U of each system, in lists by systems. linear: sum w y. geometric: prod
-- y^w, 0 as soon as one y is 0. topsis: closeness d- / (d+ + d-). grey_topsis: S+ / (S+
-- + S-). NULL where the status is not computed.
with scored as (
    select
        study_key,
        method_key,
        region_key,
        year,
        statuses,
        {% call each('weights_by_system', 'w') %}
            lowest_value * list_sum(w)
            + value_span * list_inner_product(w, known_values)
        {% endcall %} as scores
    from {{ ref('int_panel_weighted') }}
    where aggregation = 'linear'
    union all
    select
        study_key,
        method_key,
        region_key,
        year,
        statuses,
        {% call each('weights_by_system', 'w, s') %}
            {{ product_of_powers(
                'known_values', 'w', 'is_used_by_system[s]', 'lowest_value', 'value_span'
            ) }}
        {% endcall %} as scores
    from {{ ref('int_panel_weighted') }}
    where aggregation = 'geometric'
    union all
    select
        study_key,
        method_key,
        region_key,
        year,
        statuses,
        {{ each(
            'distances_to_worst', 'd, s', 'd / nullif(distances_to_best[s] + d, 0)'
        ) }} as scores
    from {{ ref('int_panel_distances') }}
    where aggregation = 'topsis'
    union all
    select
        weighted.study_key,
        weighted.method_key,
        weighted.region_key,
        weighted.year,
        weighted.statuses,
        grey.closeness_by_system as scores
    from {{ ref('int_panel_weighted') }} as weighted
    left join {{ ref('int_grey_closeness_measured') }} as grey
        on
            weighted.study_key = grey.study_key
            and weighted.method_key = grey.method_key
            and weighted.region_key = grey.region_key
            and weighted.year = grey.year
    where weighted.aggregation = 'grey_topsis'
),

final as (
    select
        study_key,
        method_key,
        region_key,
        year,
        statuses,
        {% call each('statuses', 'status, s') %}
            case
                when status = 'computed' then {{ at_most_one('scores[s]') }}
            end
        {% endcall %} as scores
    from scored
)

select * from final
