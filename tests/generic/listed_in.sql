{#- Every value stands in at least `at_least` rows of `field` of `to`. -#}
{% test listed_in(model, column_name, to, field, at_least=1) %}
    select
        parent.{{ column_name }},
        count(child.{{ field }}) as row_count
    from {{ model }} as parent
    left join {{ to }} as child on parent.{{ column_name }} = child.{{ field }}
    group by parent.{{ column_name }}
    having count(child.{{ field }}) < {{ at_least }}
{% endtest %}
