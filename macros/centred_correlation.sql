{#-
    Pearson correlation of two columns that have mean 0, as an aggregate that does not
    depend on the order of the rows. NULL where a column does not vary. A correlation
    that rounding brings beyond 1 is taken back to it.
-#}
{% macro centred_correlation(x, y) -%}
    least(greatest(
        {{ exact_sum(x ~ ' * ' ~ y) }}
        / nullif(
            sqrt({{ exact_sum(x ~ ' * ' ~ x) }})
            * sqrt({{ exact_sum(y ~ ' * ' ~ y) }}),
            0
        ),
        -1.0
    ), 1.0)
{%- endmacro %}
