"""Write the marts as files: one sorted Parquet file per table, always the same."""

from pathlib import Path

import duckdb

from coupling.base.quoting import sql_text

# history is no function of the inputs, so its bytes differ every time
HISTORY = (
    *("fct_runs", "fct_run_steps", "fct_run_tables", "fct_run_inputs"),
    "fct_revision_effects",
)


def public_tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Schema and name of each table of the schemas marts and quality, by name.

    Without history, which is not computed from the inputs.
    """
    return connection.execute(
        """
        select table_schema, table_name
        from information_schema.tables
        where table_schema in ('marts', 'quality')
            and table_catalog = current_database()
            and not list_contains($history, table_name)
        order by table_name
        """,
        {"history": list(HISTORY)},
    ).fetchall()


def export_marts(database: Path, folder: Path) -> list[Path]:
    """Write `folder`/<table>.parquet for each table of the schemas marts and quality.

    Rows are sorted by all columns from left to right, so equal tables give equal files.
    Returns the files written, in the order of their names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with duckdb.connect(str(database), read_only=True) as connection:
        for schema, table in public_tables(connection):
            path = folder / f"{table}.parquet"
            connection.execute(f"""
                copy (select * from {schema}.{table} order by all)
                to {sql_text(path)}
                (format parquet, compression zstd)
            """)
            written.append(path)
    return written
