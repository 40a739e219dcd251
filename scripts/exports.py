"""Write the marts as files: one sorted Parquet file per table, always the same."""

from pathlib import Path

import duckdb


def export_marts(database: Path, folder: Path) -> list[Path]:
    """Write `folder`/<table>.parquet for each table of the schemas marts and quality.

    Rows are sorted by all columns from left to right, so equal tables give equal files.
    Returns the files written, in the order of their names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute("""
            select table_schema, table_name
            from information_schema.tables
            where table_schema in ('marts', 'quality')
            order by table_name
        """).fetchall()
        for schema, table in tables:
            path = folder / f"{table}.parquet"
            connection.execute(f"""
                copy (select * from {schema}.{table} order by all)
                to '{path.as_posix().replace("'", "''")}'
                (format parquet, compression zstd)
            """)
            written.append(path)
    return written
