{#- None of `columns` is blank in any row. -#}
{% test no_blanks(model, columns) %}
    select *
    from {{ model }}
    where {{ columns | join(' is null or ') }} is null
{% endtest %}
