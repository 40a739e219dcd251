{#-
    Within each group, of the rows whose `condition_column` is in `condition_values`,
    either all have a value or none has; a row without one is bad beside others.
-#}
{% test complete_or_blank(
    model, value_column, group_columns, condition_column, condition_values
) %}
    with counted as (
        select
            *,
            count({{ value_column }}) over (
                partition by {{ group_columns | join(', ') }}
            ) as value_count
        from {{ model }}
        where {{ condition_column }} in ('{{ condition_values | join("', '") }}')
    )

    select *
    from counted
    where value_count > 0 and {{ value_column }} is null
{% endtest %}
