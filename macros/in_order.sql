{#- The values of a group in a list, by the order of `place`. -#}
{% macro in_order(value, place) -%}
    {{ adapter.dispatch('in_order')(value, place) }}
{%- endmacro %}
