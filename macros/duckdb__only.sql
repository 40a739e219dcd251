{% macro duckdb__only(list, names, condition) -%}
    list_filter({{ list }}, lambda {{ names }}: {{ condition }})
{%- endmacro %}
