{#- The first year is not after the last. -#}
{% test years_in_order(model, first_column, last_column) %}
    select
        {{ first_column }},
        {{ last_column }}
    from {{ model }}
    where {{ first_column }} > {{ last_column }}
{% endtest %}
