-- One row, or none: the latest run.
select
    run_id,
    strftime(finished_at, '%Y-%m-%d %H:%M') as finished_at,
    project_version,
    python_version,
    dbt_version,
    duckdb_version,
    inputs_hash,
    inputs_changed,
    tests_passed,
    tests_failed,
    tables_changed,
    table_rows,
    coupling_rows_changed
from marts.fct_runs
order by run_id desc
limit 1
