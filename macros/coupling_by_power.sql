{#- C = [prod U / (sum U / k)^k]^e of k scores, by their sum and that of logs. -#}
{% macro coupling_by_power(log_total, total, k, exponent) -%}
    exp({{ exponent }} * ({{ log_total }} - {{ k }} * ln(nullif({{ total }}, 0) / {{ k }})))
{%- endmacro %}
