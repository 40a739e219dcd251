{#- The first year is not after the last. -#}
{% test years_in_order(model, first_column, last_column) %}
    select *
    from {{ model }}
    where {{ first_column }} > {{ last_column }}
{% endtest %}
