{% macro duckdb__gathered(value) -%}
    list({{ value }})
{%- endmacro %}
