{#-
    Within each group, of the rows whose `condition_column` is in `condition_values`,
    either all have a value or none has.
-#}
{% test complete_or_blank(
    model, value_column, group_columns, condition_column, condition_values
) %}
    select
        {{ group_columns | join(',\n        ') }},
        count({{ value_column }}) as value_count,
        count(*) as row_count
    from {{ model }}
    where {{ condition_column }} in ('{{ condition_values | join("', '") }}')
    group by
        {{ group_columns | join(',\n        ') }}
    having count({{ value_column }}) not in (0, count(*))
{% endtest %}
