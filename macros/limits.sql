{#-
    How much of the machine DuckDB takes, from the same variables of the environment as
    scripts/coupling/base/connections.py.
-#}
{% macro limits() -%}
    {%- if target.type == 'duckdb' -%}
        {%- set wanted = {
            'memory_limit': env_var('COUPLING_MEMORY', '50%'),
            'threads': env_var('COUPLING_THREADS', ''),
            'temp_directory': env_var('COUPLING_TEMP', ''),
        } -%}
        {%- for setting, value in wanted.items() if value -%}
            set {{ setting }} = '{{ value }}';
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
