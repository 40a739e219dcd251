-- Grey relational degree g of a system to the ideals of its indicators (Deng 1989):
-- with gaps to an ideal, g = mean of (min + rho max) / (gap + rho max), the smallest
-- and the largest gap over all indicators with a weight in the system and region-years
-- of the scope. Only for region-years that have a value of each.
with systems as (
    select
        study_key,
        method_key,
        resolution,
        region_key,
        year,
        scope_year,
        unnest(is_used_by_system) as is_used,
        generate_subscripts(is_used_by_system, 1) as system_place,
        weights,
        scaled_values,
        squared_to_best,
        squared_to_worst,
        unnest(distances_to_best) as distance_to_best,
        unnest(distances_to_worst) as distance_to_worst
    from {{ ref('int_panel_distances') }}
    where aggregation = 'grey_topsis'
),

marked as (
    select
        *,
        {{ each('is_used', 'u, i', 'u = 1 and weights[i] > 0') }} as is_weighted
    from systems
),

known as (
    select
        *,
        {{ only(
            'squared_to_best', 's, i', 'is_weighted[i] and scaled_values[i] is not null'
        ) }} as known_to_best,
        {{ only(
            'squared_to_worst', 's, i', 'is_weighted[i] and scaled_values[i] is not null'
        ) }} as known_to_worst,
        len({{ only('is_weighted', 'w', 'w') }}) as value_count
    from marked
),

gapped as (
    select
        *,
        {{ each('known_to_best', 's', 'sqrt(s)') }} as gaps_to_best,
        {{ each('known_to_worst', 's', 'sqrt(s)') }} as gaps_to_worst
    from known
),

extremes as (
    select
        study_key,
        method_key,
        system_place,
        scope_year,
        min(list_min(gaps_to_best)) as least_to_best,
        max(resolution * list_max(gaps_to_best)) as resolved_to_best,
        min(list_min(gaps_to_worst)) as least_to_worst,
        max(resolution * list_max(gaps_to_worst)) as resolved_to_worst
    from gapped
    group by study_key, method_key, system_place, scope_year
),

final as (
    select
        gapped.study_key,
        gapped.method_key,
        gapped.region_key,
        gapped.year,
        gapped.scope_year,
        gapped.system_place,
        gapped.distance_to_best,
        gapped.distance_to_worst,
        list_sum({% call each('gapped.gaps_to_best', 'g') %}
            (extremes.least_to_best + extremes.resolved_to_best)
            / nullif(g + extremes.resolved_to_best, 0)
        {% endcall %}) / gapped.value_count as relation_to_best,
        list_sum({% call each('gapped.gaps_to_worst', 'g') %}
            (extremes.least_to_worst + extremes.resolved_to_worst)
            / nullif(g + extremes.resolved_to_worst, 0)
        {% endcall %}) / gapped.value_count as relation_to_worst
    from gapped
    inner join extremes
        on
            gapped.study_key = extremes.study_key
            and gapped.method_key = extremes.method_key
            and gapped.system_place = extremes.system_place
            and gapped.scope_year = extremes.scope_year
    where len(gapped.gaps_to_best) = gapped.value_count and gapped.value_count > 0
)

select * from final
