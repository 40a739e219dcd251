{#-
    Rows of one key and level do not share a year; a row without a level has them all.
    The later of two is bad; it has `earlier_last_year`.
-#}
{% test periods_apart(model, key_column, level_column, first_column, last_column) %}
    with numbered as (
        select
            *,
            row_number() over (order by {{ key_column }}, {{ first_column }}) as place
        from {{ model }}
    )

    select
        later.*,
        earlier.{{ last_column }} as earlier_last_year,
        earlier.place as earlier_place
    from numbered as earlier
    inner join numbered as later
        on
            earlier.{{ key_column }} = later.{{ key_column }}
            and earlier.place < later.place
            and later.{{ first_column }} <= earlier.{{ last_column }}
            and coalesce(earlier.{{ level_column }} = later.{{ level_column }}, true)
{% endtest %}
