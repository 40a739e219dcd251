{#- No number of the table is NaN or infinite. Both sort above the largest double. -#}
{% test finite_numbers(model) %}
    {%- set numbers = [] -%}
    {%- if execute -%}
        {%- for column in adapter.get_columns_in_relation(model) if column.is_float() -%}
            {%- do numbers.append(column.name) -%}
        {%- endfor -%}
    {%- endif -%}
    select *
    from {{ model }}
    where
        false
        {% for number in numbers %}
            or abs({{ number }}) > 1.7976931348623157e308
        {% endfor %}
{% endtest %}
