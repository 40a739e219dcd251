"""Figures that landings of the user changed."""

from coupling.contracts.workspace import revisions


def model(dbt, session):
    """Return one row per landing and figure changed; none if nothing was changed."""
    dbt.config(materialized="table")
    return revisions()
