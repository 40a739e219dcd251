{#-
    A quantity that is at most 1 by its formula may exceed 1 in the last bit. That
    excess, and no larger one, is taken off; a wrong formula still fails the range check.
-#}
{% macro at_most_one(expression) -%}
    case
        when {{ expression }} > 1 and {{ expression }} < 1 + 1e-12 then 1
        else {{ expression }}
    end
{%- endmacro %}
