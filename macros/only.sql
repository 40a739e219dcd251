{#- The entries of a list for which a condition holds; written as `each` is. -#}
{% macro only(list, names, condition=none) -%}
    {{ adapter.dispatch('only')(list, names, condition or caller()) }}
{%- endmacro %}
