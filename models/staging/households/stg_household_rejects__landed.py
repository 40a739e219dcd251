"""Rows of landed survey files that could not stand, with the reason."""

from coupling.households.landing import REJECTS, landed


def model(dbt, session):
    """Return one row per fault of a row; none if nothing is landed."""
    dbt.config(materialized="table")
    return landed("rejects", REJECTS)
