"""What the tables of a warehouse hold, as a few digits."""

import hashlib

import duckdb

from coupling.base.quoting import sql_name


def of_results(con: duckdb.DuckDBPyConnection) -> str:
    """Return twelve hex digits that stand for the rows of the marts.

    They are the same whichever run built the rows: tables that tell of runs are left
    out.
    """
    lines = [line for line in tables(con, "marts") if "run_id" not in line]
    return hash_of("\n".join(lines).encode())[:12]


def hash_of(content: bytes) -> str:
    """Return the SHA-256 of some bytes, as hex digits."""
    return hashlib.sha256(content).hexdigest()


def tables(con: duckdb.DuckDBPyConnection, schemas: str = "%") -> list[str]:
    """Return a line for each table with its columns and a sum over its rows.

    Schemas are those that are like `schemas`.

    The sum is of a 64-bit hash of every row, so it does not depend on their order. It
    tells missing from empty, and all numbers apart but the two zeros.
    """
    views = con.execute(
        """
        select schema_name, view_name, sql from duckdb_views()
        where not internal and schema_name like $schemas order by all
    """,
        {"schemas": schemas},
    ).fetchall()
    tables = con.execute(
        """
        select table_schema, table_name,
            string_agg(column_name || ' ' || data_type, ', ' order by ordinal_position)
        from information_schema.columns
        where (table_schema, table_name) in (
            select (schema_name, table_name) from duckdb_tables()
        )
            and table_schema like $schemas
        group by all order by all
    """,
        {"schemas": schemas},
    ).fetchall()
    lines = [" ".join(view) for view in views]
    for schema, name, columns in tables:
        table = sql_name(schema, name)
        rows = con.execute(
            f"select count(*), sum(hash(t)) from {table} as t"
        ).fetchone()
        lines.append(f"{schema}.{name} ({columns}): {rows}")
    return lines
