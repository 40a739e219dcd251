"""Programs that analysts use, each reading one published build.

Each takes the database by its published name, opened once, and a Parquet file, and
returns what it found there.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import duckdb

MADE_BY = """
    select run_id, inputs_hash from marts.fct_runs order by run_id desc limit 1
"""
TABLES = """
    select table_schema, table_name from information_schema.tables
    where table_schema in ('marts', 'quality') order by all
"""
COLUMNS = (
    *("study_id", "method_id", "region_code", "year"),
    *("coupling_coordination_degree", "grade"),
)
DEGREES = f"select {', '.join(COLUMNS)} from marts.fct_coupling"


class Found(NamedTuple):
    """What a program found: rows as tuples, in any order."""

    made_by: list[tuple]
    tables: list[tuple]
    degrees: list[tuple]
    exported: list[tuple]


def connect(database: Path):
    """Open a database as a BI tool does."""
    return duckdb.connect(str(database), read_only=True)


def read_with_duckdb(database: Path, parquet: Path) -> Found:
    """DuckDB's Python package."""
    with connect(database) as connection:
        made_by, tables, degrees = (
            connection.execute(query).fetchall() for query in (MADE_BY, TABLES, DEGREES)
        )
    with duckdb.connect() as connection:
        query = f"select {', '.join(COLUMNS)} from '{parquet}'"
        return Found(made_by, tables, degrees, connection.execute(query).fetchall())


def read_with_command_line(database: Path, parquet: Path) -> Found:
    """DuckDB's own command line, of another version than the library."""
    exported = f"select {', '.join(COLUMNS)} from '{parquet}'"
    run = subprocess.run(
        [command_line(), "-readonly", "-json", "-bail", str(database)],
        input=";\n".join((MADE_BY, TABLES, DEGREES, exported, "")),
        capture_output=True,
        text=True,
    )
    if run.returncode or run.stderr:
        raise RuntimeError(f"duckdb ended with {run.returncode}: {run.stderr}")
    results, text = [], run.stdout.strip()
    while text:
        rows, end = json.JSONDecoder().raw_decode(text)
        results.append([tuple(row.values()) for row in rows])
        text = text[end:].strip()
    return Found(*results)


def command_line() -> str:
    """The duckdb of this environment, or any other."""
    beside = Path(sys.executable).with_name("duckdb")
    return str(beside) if beside.exists() else shutil.which("duckdb") or "duckdb"


def read_with_pandas(database: Path, parquet: Path) -> Found:
    """Frames of pandas; its own reader of Parquet files."""
    import pandas as pd

    def rows(frame: pd.DataFrame) -> list[tuple]:
        columns = [frame[name].astype(object) for name in frame.columns]
        plain = [column.where(column.notna(), None).tolist() for column in columns]
        return list(zip(*plain, strict=True))

    with connect(database) as connection:
        read = [connection.execute(q).df() for q in (MADE_BY, TABLES, DEGREES)]
    exported = pd.read_parquet(parquet, columns=list(COLUMNS))
    return Found(*map(rows, (*read, exported)))


def read_with_polars(database: Path, parquet: Path) -> Found:
    """Frames of polars; its own reader of Parquet files."""
    import polars as pl

    with connect(database) as connection:
        read = [
            pl.read_database(query, connection).rows()
            for query in (MADE_BY, TABLES, DEGREES)
        ]
    return Found(*read, pl.read_parquet(parquet).select(COLUMNS).rows())


def read_with_sqlalchemy(database: Path, parquet: Path) -> Found:
    """SQLAlchemy with duckdb-engine, which lists the tables by itself."""
    import sqlalchemy
    from sqlalchemy.pool import NullPool

    def rows(connection, query: str) -> list[tuple]:
        return [tuple(row) for row in connection.execute(sqlalchemy.text(query))]

    address = f"duckdb:///{database}?access_mode=read_only"
    engine = sqlalchemy.create_engine(address, poolclass=NullPool)
    with engine.connect() as connection:
        made_by = rows(connection, MADE_BY)
        inspected = sqlalchemy.inspect(connection)
        tables = [
            (schema, name)
            for schema in ("marts", "quality")
            for name in sorted(
                [
                    *inspected.get_table_names(schema=schema),
                    *inspected.get_view_names(schema=schema),
                ]
            )
        ]
        degrees = rows(connection, DEGREES)
        query = f"select {', '.join(COLUMNS)} from '{parquet}'"
        return Found(made_by, tables, degrees, rows(connection, query))


CLIENTS: dict[str, Callable[[Path, Path], Found]] = {
    "duckdb": read_with_duckdb,
    "duckdb_cli": read_with_command_line,
    "pandas": read_with_pandas,
    "polars": read_with_polars,
    "sqlalchemy": read_with_sqlalchemy,
}
