{#- The intervals of each group run from 0 to 1 without overlap or hole. -#}
{% test intervals_fill_unit(model, group_column, lower_column, upper_column) %}
    with placed as (
        select
            {{ group_column }} as group_id,
            {{ lower_column }} as lower_bound,
            {{ upper_column }} as upper_bound,
            coalesce(
                lag({{ upper_column }}) over (
                    partition by {{ group_column }} order by {{ lower_column }}
                ),
                0
            ) as expected_lower_bound,
            lead({{ lower_column }}) over (
                partition by {{ group_column }} order by {{ lower_column }}
            ) as next_lower_bound
        from {{ model }}
    )

    select *
    from placed
    where
        lower_bound is distinct from expected_lower_bound
        or upper_bound <= lower_bound
        or (next_lower_bound is null and upper_bound is distinct from 1)
{% endtest %}
