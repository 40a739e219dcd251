"""Figures of the user's yearbook files, one file over the other."""

from coupling.contracts.workspace import figures


def model(dbt, session):
    """Return one row per region, year and series with a figure; none without files."""
    dbt.config(materialized="table")
    return figures()
