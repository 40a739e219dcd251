{#-
    What the contract of a view states: a database enforces constraints of tables alone.
    Rows of which one of `checks` is false, or of which one of the columns `filled` is
    blank.
-#}
{% test constraints_hold(model, checks, filled) %}
    select *
    from {{ model }}
    where
        not ({{ checks | join(')\n        or not (') }})
        or {{ filled | join(' is null\n        or ') }} is null
{% endtest %}
