{% macro duckdb__each(list, names, expression) -%}
    list_transform({{ list }}, lambda {{ names }}: {{ expression }})
{%- endmacro %}
