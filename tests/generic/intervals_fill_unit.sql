{#-
    The intervals of each group run from 0 to 1 without overlap or hole. A bad row has
    `expected_lower_bound`, where the interval below ends, and `is_last`.
-#}
{% test intervals_fill_unit(model, group_column, lower_column, upper_column) %}
    with placed as (
        select
            *,
            coalesce(
                lag({{ upper_column }}) over (
                    partition by {{ group_column }} order by {{ lower_column }}
                ),
                0
            ) as expected_lower_bound,
            lead({{ lower_column }}) over (
                partition by {{ group_column }} order by {{ lower_column }}
            ) is null as is_last
        from {{ model }}
    )

    select *
    from placed
    where
        {{ lower_column }} is distinct from expected_lower_bound
        or {{ upper_column }} <= {{ lower_column }}
        or (is_last and {{ upper_column }} is distinct from 1)
{% endtest %}
