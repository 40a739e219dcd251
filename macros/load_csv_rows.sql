{# Loads a seed by its path from the project's folder, in which dbt runs: the path
   of the machine, which dbt-duckdb takes, may hold quotes and brackets. #}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {% set query %}
        copy {{ this.render() }} from '{{ model.original_file_path }}'
        (format csv, header true, delimiter ',')
    {% endset %}
    {% do adapter.add_query(query, abridge_sql_log=True) %}
    {{ return(query) }}
{% endmacro %}
