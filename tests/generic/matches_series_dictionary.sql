{#-
    Every column of a yearbook table but region_code and year is a known series, and
    every figure lies within the bounds that the dictionary gives for its series.
-#}
{% test matches_series_dictionary(model) %}
    {%- set names = [] -%}
    {%- if execute -%}
        {%- for column in adapter.get_columns_in_relation(model) -%}
            {%- if column.name not in ['region_code', 'year'] -%}
                {%- do names.append("('" ~ column.name ~ "')") -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    with named as (
        select *
        from (
            values {{ names | join(', ') or "('')" }}
        ) as listed (series_id)
    ),

    figures as (
        {{ unpivot_yearbook(model) }}
    ),

    series as (
        select * from {{ ref('series') }}
    )

    select
        cast(null as string) as region_code,
        cast(null as int) as year,
        named.series_id,
        cast(null as double) as value_found,
        'unknown series' as problem
    from named
    left join series on named.series_id = series.series_id
    where series.series_id is null
    union all
    select
        figures.region_code,
        figures.year,
        figures.series_id,
        figures.value as value_found,
        'outside the bounds of the series' as problem
    from figures
    inner join series on figures.series_id = series.series_id
    where
        figures.value < series.min_value
        or figures.value > series.max_value
{% endtest %}
