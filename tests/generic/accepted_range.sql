{#- Every value lies in `min_value` to `max_value`, both included; blanks pass. -#}
{% test accepted_range(model, column_name, min_value=none, max_value=none) %}
    {%- set low = '-1.7976931348623157e308' if min_value is none else min_value -%}
    {%- set high = '1.7976931348623157e308' if max_value is none else max_value -%}
    select *
    from {{ model }}
    where {{ column_name }} < {{ low }} or {{ column_name }} > {{ high }}
{% endtest %}
