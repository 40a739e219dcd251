"""Short answers that pages share: lists and names instead of tables."""

import duckdb

from coupling.queries.ask import ask_rows

MANY_REGIONS = 60  # a study of more has one page for all of them, not one for each


def crowds(con: duckdb.DuckDBPyConnection) -> tuple[list[str], list[str]]:
    """Return the ids of studies of many regions, and the regions in no other study."""
    [row] = ask_rows(con, "site/crowds", many=MANY_REGIONS)
    return row["studies"] or [], row["regions"] or []


def compared_studies(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the ids of the studies whose default method computes two regions."""
    return [row["study_id"] for row in ask_rows(con, "compare/compared_studies")]


def groups(con: duckdb.DuckDBPyConnection, study_id: str) -> dict[str, str]:
    """Return {group: name} of the grouping that a study names, in order; or nothing."""
    rows = ask_rows(con, "study/groups", study_id=study_id)
    return {row["group_id"]: row["name"] for row in rows}
