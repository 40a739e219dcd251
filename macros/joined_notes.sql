{#- Two notes one after the other, once where they are the same; NULL where none is. -#}
{% macro joined_notes(note, other, between) -%}
    case
        when {{ note }} = {{ other }} then {{ note }}
        else nullif(concat_ws('{{ between }}', {{ note }}, {{ other }}), '')
    end
{%- endmacro %}
