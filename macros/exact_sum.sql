{#-
    A sum that does not depend on the order in which rows arrive: terms are added as
    decimals, so two builds give the same bits however many threads run. `scale` is the
    number of decimals kept; 24 suits numbers near 1, 12 suits yearbook figures.
-#}
{% macro exact_sum(expression, scale=24) -%}
    cast(sum(cast({{ expression }} as decimal(38, {{ scale }}))) as double)
{%- endmacro %}
