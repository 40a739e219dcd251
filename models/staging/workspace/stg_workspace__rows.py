"""Cells of the user's reference and study tables, as text, for with_workspace."""

from coupling.contracts.workspace import rows


def model(dbt, session):
    """Return one row per table, row and cell with a value; none without files."""
    dbt.config(materialized="table")
    return rows()
