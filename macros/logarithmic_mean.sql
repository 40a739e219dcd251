{#-
    L(a, b) = (a - b) / (ln a - ln b), L(a, a) = a, of two positive numbers; NULL where
    one is 0. Near each other, where the quotient loses its digits, by the series
    ln(a / b) = 2 x (1 + x^2 / 3 + x^4 / 5 + ...), x = (a - b) / (a + b).
-#}
{% macro logarithmic_mean(a, b) -%}
    {%- set x = '(' ~ a ~ ' - ' ~ b ~ ') / nullif(' ~ a ~ ' + ' ~ b ~ ', 0)' -%}
    {%- set x2 = 'power(' ~ x ~ ', 2)' -%}
    case
        when abs({{ a }} - {{ b }}) < 0.01 * ({{ a }} + {{ b }})
            then
                ({{ a }} + {{ b }}) / 2
                / (1 + {{ x2 }} * (1.0 / 3 + {{ x2 }} * (1.0 / 5 + {{ x2 }} / 7)))
        else ({{ a }} - {{ b }}) / ln(nullif({{ a }}, 0) / nullif({{ b }}, 0))
    end
{%- endmacro %}
