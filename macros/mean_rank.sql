{#-
    Rank 1 is the largest; equal values share the mean of their ranks, as Spearman's
    correlation takes them. Values are compared after rounding to 12 decimals.
-#}
{% macro mean_rank(value, partition_by) -%}
    rank() over (
        partition by {{ partition_by | join(', ') }}
        order by round({{ value }}, 12) desc
    )
    + (
        count(*) over (
            partition by {{ partition_by | join(', ') }}, round({{ value }}, 12)
        ) - 1
    ) / 2.0
{%- endmacro %}
