{#- The values of a group in a list, in any order. -#}
{% macro gathered(value) -%}
    {{ adapter.dispatch('gathered')(value) }}
{%- endmacro %}
