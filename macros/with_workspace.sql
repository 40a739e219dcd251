{#-
    The rows of a seed and those of the same table in the user's workspace, which take
    the place of shipped rows with the same key. Columns, types and key are those of the
    seed's YAML; `row_origin` is shipped or workspace. Without such a file, and off
    DuckDB, the seed alone.
-#}
{% macro with_workspace(seed) -%}
    {%- set own = namespace(file=none, columns=[], key=[]) -%}
    {%- if execute and target.type == 'duckdb' -%}
        {%- set node = graph.nodes['seed.' ~ project_name ~ '.' ~ seed.identifier] -%}
        {#- glob and read_csv take a path for a pattern -#}
        {%- set path = (env_var('COUPLING_WORKSPACE', 'workspace') ~ '/' ~ node.path)
            .replace("'", "''").replace('[', '[[]').replace('*', '[*]')
            .replace('?', '[?]') -%}
        {%- if run_query("from glob('" ~ path ~ "')").rows -%}
            {%- set own.file = path -%}
        {%- endif -%}
        {%- for column, type in node.config.column_types.items() -%}
            {%- set typed = 'cast(' ~ column ~ ' as ' ~ type ~ ') as ' ~ column -%}
            {%- do own.columns.append(typed) -%}
        {%- endfor -%}
        {%- for column in node.config.meta.workspace_key -%}
            {%- do own.key.append('own.' ~ column ~ ' = shipped.' ~ column) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if own.file is none -%}
    select
        *,
        'shipped' as row_origin
    from {{ seed }}
    {%- else -%}
    with own as (
        select
            {{ own.columns | join(', ') }},
            'workspace' as row_origin
        from read_csv(
            '{{ own.file }}',
            header = true, all_varchar = true, delim = ',', quote = '"', escape = '"'
        )
    )

    select * from own
    union all by name
    select
        *,
        'shipped' as row_origin
    from {{ seed }} as shipped
    where not exists (select 1 from own where {{ own.key | join(' and ') }})
    {%- endif -%}
{%- endmacro %}
