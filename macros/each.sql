{#-
    What an expression gives for each entry of a list. `names` are those of the entry and,
    after a comma, of its place; the expression is given or stands between call and
    endcall.
-#}
{% macro each(list, names, expression=none) -%}
    {{ adapter.dispatch('each')(list, names, expression or caller()) }}
{%- endmacro %}
