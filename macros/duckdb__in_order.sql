{% macro duckdb__in_order(value, place) -%}
    list({{ value }} order by {{ place }})
{%- endmacro %}
