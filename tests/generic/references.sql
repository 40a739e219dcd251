{#- Every combination of `columns` stands in `to_columns` of `to`; blanks fail. -#}
{% test references(model, columns, to, to_columns) %}
    select child.*
    from {{ model }} as child
    where not exists (
        select 1
        from {{ to }} as parent
        where
            {% for column in columns %}
                parent.{{ to_columns[loop.index0] }} = child.{{ column }}
                {{ 'and' if not loop.last }}
            {% endfor %}
    )
{% endtest %}
