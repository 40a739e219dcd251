{#-
    The rows of a seed and those of the same table in the user's workspace, which take
    the place of shipped rows with the same key. Columns, types and key are those of the
    seed's YAML; columns of an older layout (`older_columns`) are blank in the seed.
    `row_origin` is shipped or workspace. Off DuckDB, the seed alone.
-#}
{% macro with_workspace(seed) -%}
    {%- set own = namespace(types=[], older=[], key=['true']) -%}
    {%- if execute -%}
        {%- set node = graph.nodes['seed.' ~ project_name ~ '.' ~ seed.identifier] -%}
        {%- set own.older = node.config.meta.get('older_columns', {}).items() | list -%}
        {%- set own.types = (node.config.column_types.items() | list) + own.older -%}
        {%- for column in node.config.meta.workspace_key -%}
            {%- do own.key.append('own.' ~ column ~ ' = shipped.' ~ column) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if target.type == 'duckdb' %}
    with own as (
        select
            {% for column, type in own.types %}
            cast(max(case when column_name = '{{ column }}' then value end) as {{ type }})
                as {{ column }},
            {% endfor %}
            'workspace' as row_origin
        from {{ ref('stg_workspace__rows') }}
        where table_name = '{{ seed.identifier }}'
        group by row_number
    )

    select * from own
    union all by name
    {% endif %}
    select
        *,
        {% for column, type in own.older %}
        cast(null as {{ type }}) as {{ column }},
        {% endfor %}
        'shipped' as row_origin
    from {{ seed }} as shipped
    {% if target.type == 'duckdb' %}
    where not exists (select 1 from own where {{ own.key | join(' and ') }})
    {% endif %}
{%- endmacro %}
