"""Write the marts as files: one sorted Parquet file per table, always the same."""

from pathlib import Path

import duckdb

from coupling.base.connections import connect
from coupling.base.paths import Paths
from coupling.base.quoting import sql_text
from coupling.contracts.declared import sources


def public_tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Schema and name of each table of the schemas marts and quality, by name.

    Without what refreshes tell of themselves: it is no function of the inputs, so its
    bytes differ every time.
    """
    declared = sources(Paths().project)
    history = [name for name, table in declared.items() if table["schema"] == "marts"]
    return connection.execute(
        """
        select table_schema, table_name
        from information_schema.tables
        where table_schema in ('marts', 'quality')
            and table_catalog = current_database()
            and not list_contains($history, table_name)
        order by table_name
        """,
        {"history": history},
    ).fetchall()


def export_marts(database: Path, folder: Path) -> list[Path]:
    """Write `folder`/<table>.parquet for each table of the schemas marts and quality.

    Rows are sorted by all columns from left to right, so equal tables give equal files.
    Returns the files written, in the order of their names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with connect(str(database), read_only=True) as connection:
        for schema, table in public_tables(connection):
            path = folder / f"{table}.parquet"
            connection.execute(f"""
                copy (select * from {schema}.{table} order by all)
                to {sql_text(path)}
                (format parquet, compression zstd)
            """)
            written.append(path)
    return written
