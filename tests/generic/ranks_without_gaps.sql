{#-
    Rank 1 is the largest value of its group, equal values (to 12 decimals) share a rank,
    each rank is 1 plus the number of larger values, and only a missing value has none.
    `rule_broken` says which rule a row breaks.
-#}
{% test ranks_without_gaps(model, rank_column, value_column, group_columns) %}
    with counted as (
        select
            {{ group_columns | join(',\n            ') }},
            {{ rank_column }} as rank_found,
            {{ value_column }} as ranked_value,
            case
                when {{ value_column }} is not null
                    then
                        1 + coalesce(
                            sum(1) over (
                                partition by {{ group_columns | join(', ') }}
                                order by round({{ value_column }}, 12) desc nulls last
                                range between unbounded preceding and current row
                            ) - count(*) over (
                                partition by
                                    {{ group_columns | join(', ') }},
                                    round({{ value_column }}, 12)
                            ),
                            0
                        )
            end as rank_expected
        from {{ model }}
    )

    select
        *,
        case
            when rank_found is null then 'a value has no rank'
            when rank_expected is null then 'a missing value has a rank'
            when rank_found > rank_expected then 'ranked too low'
            else 'ranked too high'
        end as rule_broken
    from counted
    where rank_found is distinct from rank_expected
{% endtest %}
