"""Priorities of pairwise matrices (AHP), with their consistency."""

from coupling.weighting import judgements


def model(dbt, session):
    """Return one row per set of judgements, study, system, matrix and item."""
    dbt.config(materialized="table")
    return judgements.weigh(dbt.ref("stg_studies__pairwise_judgements").df())
