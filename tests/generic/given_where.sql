{#- A value is given in every row whose `condition_column` is in `condition_values`. -#}
{% test given_where(model, column_name, condition_column, condition_values) %}
    select *
    from {{ model }}
    where
        {{ condition_column }} in ('{{ condition_values | join("', '") }}')
        and {{ column_name }} is null
{% endtest %}
