"""Households that `coupling land households` put into the workspace."""

from coupling.households.landing import HOUSEHOLDS, landed


def model(dbt, session):
    """Return one row per landed survey and household; none if nothing is landed."""
    dbt.config(materialized="table")
    return landed("households", HOUSEHOLDS)
