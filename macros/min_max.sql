{#-
    How far a value lies from the worst (0) to the best (1). The worst is 0 by itself: the
    quotient is -0 where less is better.
-#}
{% macro min_max(value, worst, best) -%}
    case
        when {{ value }} = {{ worst }} and {{ best }} is not null then 0.0
        else ({{ value }} - {{ worst }}) / nullif({{ best }} - {{ worst }}, 0)
    end
{%- endmacro %}
