{#- Within each group the values add up to `total`, to within `tolerance`. -#}
{% test sums_to(model, column_name, group_columns, total=1, tolerance=1e-9) %}
    select
        {{ group_columns | join(',\n        ') }},
        sum({{ column_name }}) as sum_found,
        count(*) as row_count
    from {{ model }}
    group by
        {{ group_columns | join(',\n        ') }}
    having
        sum({{ column_name }}) is null
        or abs(sum({{ column_name }}) - {{ total }}) > {{ tolerance }}
{% endtest %}
