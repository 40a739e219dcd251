{#-
    The rows of a seed and those of the same table in the user's workspace, which take
    the place of shipped rows with the same key. Columns, types and key are those of the
    seed's YAML; `row_origin` is shipped or workspace. Without such a file, and off
    DuckDB, the seed alone.
-#}
{% macro with_workspace(seed) -%}
    {%- set table = namespace(file=none) -%}
    {%- if execute and target.type == 'duckdb' -%}
        {%- set node = graph.nodes[
            'seed.' ~ project_name ~ '.' ~ seed.identifier
        ] -%}
        {%- set folder = env_var('COUPLING_WORKSPACE', 'workspace') -%}
        {#- glob and read_csv take a path for a pattern -#}
        {%- set pattern = (folder ~ '/' ~ node.path).replace("'", "''")
            .replace('[', '[[]').replace('*', '[*]').replace('?', '[?]') -%}
        {%- set found = run_query("select file from glob('" ~ pattern ~ "')") -%}
        {%- if found.rows | length > 0 -%}
            {%- set table.file = pattern -%}
        {%- endif -%}
    {%- endif -%}
    {%- if table.file is none -%}
    select
        *,
        'shipped' as row_origin
    from {{ seed }}
    {%- else -%}
    {%- set key = node.config.meta.workspace_key -%}
    {%- set types = node.config.column_types -%}
    with own as (
        select
            {% for column, type in types.items() -%}
                cast({{ column }} as {{ type }}) as {{ column }},
            {% endfor -%}
            'workspace' as row_origin
        from read_csv(
            '{{ table.file }}',
            header = true, all_varchar = true, delim = ',', quote = '"', escape = '"'
        )
    )

    select * from own
    union all
    select
        {{ types | join(', ') }},
        'shipped' as row_origin
    from {{ seed }} as shipped
    where not exists (
        select 1
        from own
        where
            {% for column in key -%}
                own.{{ column }} = shipped.{{ column }} {{ 'and' if not loop.last }}
            {% endfor %}
    )
    {%- endif -%}
{%- endmacro %}
