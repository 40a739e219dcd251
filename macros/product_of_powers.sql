{#-
    prod y^w over the places of two lists, y being low + span x; 0 as soon as one y that
    is_used marks by 1 is 0.
-#}
{% macro product_of_powers(values, weights, is_used, low, span) -%}
    case
        when
            list_inner_product({{ is_used }}, {% call each(values, 'x') %}
                case when {{ low }} + {{ span }} * x > 0 then 0.0 else 1.0 end
            {% endcall %}) > 0
            then 0.0
        else
            exp(list_inner_product({{ weights }}, {% call each(values, 'x') %}
                coalesce(ln(nullif({{ low }} + {{ span }} * x, 0)), 0.0)
            {% endcall %}))
    end
{%- endmacro %}
