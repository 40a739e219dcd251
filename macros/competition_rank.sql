{#-
    Rank 1 is the largest; equal values share a rank and the next rank is skipped.
    Values are compared after rounding to 12 decimals, so rounding noise breaks no tie.
    A missing value has no rank.
-#}
{% macro competition_rank(value, partition_by) -%}
    case
        when {{ value }} is not null
            then cast(rank() over (
                partition by {{ partition_by | join(', ') }}
                order by round({{ value }}, 12) desc nulls last
            ) as int)
    end
{%- endmacro %}
