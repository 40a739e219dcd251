{#-
    Rows of one key and level do not share a year; a row without a level has them all.
-#}
{% test periods_apart(model, key_column, level_column, first_column, last_column) %}
    with numbered as (
        select
            {{ key_column }} as key_value,
            {{ level_column }} as level,
            {{ first_column }} as first_year,
            {{ last_column }} as last_year,
            row_number() over (order by {{ key_column }}, {{ first_column }}) as place
        from {{ model }}
    )

    select
        earlier.key_value,
        earlier.level,
        earlier.last_year,
        later.first_year
    from numbered as earlier
    inner join numbered as later
        on
            earlier.key_value = later.key_value
            and earlier.place < later.place
            and later.first_year <= earlier.last_year
            and coalesce(earlier.level = later.level, true)
{% endtest %}
