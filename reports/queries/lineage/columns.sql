-- One row per column of a table of the database, in the order of its table.
select
    schema_name,
    table_name,
    column_name,
    column_index,
    data_type
from duckdb_columns()
where not internal
order by schema_name, table_name, column_index
