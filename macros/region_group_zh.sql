{#- The Chinese name of a group of regions; other groups keep the name they have. -#}
{% macro region_group_zh(name) -%}
    case {{ name }}
        when 'east' then '东部'
        when 'central' then '中部'
        when 'west' then '西部'
        when 'northeast' then '东北'
        else {{ name }}
    end
{%- endmacro %}
