{#- At least one of `columns` is given in every row. -#}
{% test one_given(model, columns) %}
    select *
    from {{ model }}
    where coalesce({{ columns | join(', ') }}) is null
{% endtest %}
