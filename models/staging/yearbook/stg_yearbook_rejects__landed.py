"""Cells of landed yearbook files that were left out, with the reason."""

from coupling.landing.workspace import landed_rejects


def model(dbt, session):
    """Return one row per cell left out; none if nothing is landed."""
    dbt.config(materialized="table")
    return landed_rejects()
