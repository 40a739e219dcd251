{#- The table has at least one row. -#}
{% test not_empty(model) %}
    select 'table has no rows' as problem
    where not exists (select 1 from {{ model }})
{% endtest %}
