{#- Every text is a plain decimal number in `min_value` to `max_value`; blanks pass. -#}
{% test printed_number(model, column_name, min_value='-1e308', max_value='1e308') %}
    select *
    from {{ model }}
    where
        {{ column_name }} is not null
        and (
            translate({{ column_name }}, '0123456789', '') not in ('', '.', '-', '-.')
            or try_cast({{ column_name }} as double) is null
            or try_cast({{ column_name }} as double) < {{ min_value }}
            or try_cast({{ column_name }} as double) > {{ max_value }}
        )
{% endtest %}
