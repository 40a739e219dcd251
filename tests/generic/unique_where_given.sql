{#- No two rows agree in all of `columns`; a row with a blank among them is let be. -#}
{% test unique_where_given(model, columns) %}
    select
        {{ columns | join(',\n        ') }},
        count(*) as row_count
    from {{ model }}
    where
        {{ columns | join(' is not null and ') }} is not null
    group by
        {{ columns | join(',\n        ') }}
    having count(*) > 1
{% endtest %}
