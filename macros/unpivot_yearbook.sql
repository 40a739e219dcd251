{#-
    Turns a wide yearbook chapter (region_code, year, one column per series) into long
    rows. The columns are read from the table, so a new series needs no change here.
-#}
{% macro unpivot_yearbook(chapter) -%}
    {%- set columns = [] -%}
    {%- if execute -%}
        {%- for column in adapter.get_columns_in_relation(chapter) -%}
            {%- if column.name not in ['region_code', 'year'] -%}
                {%- do columns.append(column.name) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    select
        region_code,
        year,
        series_id,
        value
    from {{ chapter }}
    unpivot (value for series_id in ({{ columns | join(', ') or 'value' }}))
{%- endmacro %}
