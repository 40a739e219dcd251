"""How the tables of two builds differ: rows that only one of them has."""

from pathlib import Path

from coupling.base.connections import connect
from coupling.base.quoting import sql_text
from coupling.outputs.exports import public_tables


def compare(before: Path | None, after: Path, but_for: str = "") -> list[dict]:
    """Count the rows of each public table of `after`, and what changed since `before`.

    Parameters
    ----------
    before, after
        Databases of two builds; without one before, only rows are counted.
    but_for
        A study whose rows do not count as changes.

    Returns
    -------
    One dict per table of either: table_schema, table_name, row_count, rows_added and
    rows_removed. A changed row counts as one added and one removed; a table whose
    columns changed, or that only one build has, counts as wholly added and removed.
    The last two are None where there is nothing to compare with.

    """
    with connect() as connection:
        _attach(connection, after, "after")
        if before is not None:
            _attach(connection, before, "before")
        now = _columns(connection, "after")
        then = _columns(connection, "before") if before is not None else None
        return [
            _difference(connection, table, now, then, but_for)
            for table in sorted(now.keys() | (then or {}).keys())
        ]


def _attach(connection, database: Path, name: str) -> None:
    connection.execute(f"attach {sql_text(database)} as {name} (read_only)")


def _columns(connection, database: str) -> dict[tuple[str, str], list]:
    """Names and types of the columns of each public table."""
    connection.execute(f"use {database}")
    found: dict[tuple[str, str], list] = {
        table: [] for table in public_tables(connection)
    }
    columns = connection.execute(
        """
        select schema_name, table_name, column_name, data_type from duckdb_columns()
        where database_name = current_database()
        order by schema_name, table_name, column_index
        """
    ).fetchall()
    for schema, table, *column in columns:
        if (schema, table) in found:
            found[schema, table].append(tuple(column))
    return found


def _difference(connection, table, now: dict, then: dict | None, but_for: str) -> dict:
    schema, name = table
    found = {"table_schema": schema, "table_name": name, "row_count": None}
    if table in now:
        found["row_count"] = _count(connection, f"after.{schema}.{name}")
    if then is None:
        return found | {"rows_added": None, "rows_removed": None}
    if now.get(table) != then.get(table):
        removed = table in then and _count(connection, f"before.{schema}.{name}")
        return found | {
            "rows_added": found["row_count"] or 0,
            "rows_removed": int(removed),
        }
    others = ""
    if but_for and "study_id" in {column for column, _ in now[table]}:
        others = "where study_id is distinct from $study"
    relations = [f"{side}.{schema}.{name} {others}" for side in ("after", "before")]
    parameters = {"study": but_for} if others else {}
    if len({_fingerprint(connection, one, parameters) for one in relations}) == 1:
        return found | {"rows_added": 0, "rows_removed": 0}
    added, removed = (
        _count(
            connection,
            f"(select * from {one} except all select * from {other})",
            parameters,
        )
        for one, other in (relations, reversed(relations))
    )
    return found | {"rows_added": added, "rows_removed": removed}


def _count(connection, relation: str, parameters: dict | None = None) -> int:
    query = f"select count(*) from {relation}"
    return connection.execute(query, parameters or {}).fetchone()[0]


def _fingerprint(connection, relation: str, parameters: dict) -> tuple:
    """The same for the same rows in any order; 64 bits a row tell others apart."""
    query = f"select count(*), sum(hash(row_)) from (from {relation}) as row_"
    return connection.execute(query, parameters).fetchone()
