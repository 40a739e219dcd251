{#- C = U1 U2 / (a U1 + b U2)^g, by the sum of the logs and the mixture a U1 + b U2. -#}
{% macro coupling_by_capacity(log_total, mixture, exponent) -%}
    exp({{ log_total }} - {{ exponent }} * ln(nullif({{ mixture }}, 0)))
{%- endmacro %}
