{#-
    A number as text, rounded to so many decimals that it still differs from another one:
    `digits`, three more where these hide the difference, else all. So a value beyond a
    limit never reads as the limit. Without another number it has `digits`.
-#}
{% macro told_apart(value, other, digits) -%}
    cast(
        case
            when round({{ value }}, {{ digits + 3 }}) = round({{ other }}, {{ digits + 3 }})
                then {{ value }}
            when round({{ value }}, {{ digits }}) = round({{ other }}, {{ digits }})
                then round({{ value }}, {{ digits + 3 }})
            else round({{ value }}, {{ digits }})
        end as string
    )
{%- endmacro %}
