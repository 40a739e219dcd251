{#-
    Every text reads as a plain decimal number, as papers print it, of a value in
    `min_value` to `max_value`, both included; blanks pass.
-#}
{% test printed_number(model, column_name, min_value=none, max_value=none) %}
    {%- set low = '-1.7976931348623157e308' if min_value is none else min_value -%}
    {%- set high = '1.7976931348623157e308' if max_value is none else max_value -%}
    select {{ column_name }} as value_found
    from {{ model }}
    where
        {{ column_name }} is not null
        and (
            translate({{ column_name }}, '0123456789', '') not in ('', '.', '-', '-.')
            or try_cast({{ column_name }} as double) is null
            or try_cast({{ column_name }} as double) < {{ low }}
            or try_cast({{ column_name }} as double) > {{ high }}
        )
{% endtest %}
