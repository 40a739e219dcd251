"""Weights by eigenvectors of the correlations in a system: pca and scatter."""

from coupling.weighting import components


def model(dbt, session):
    """Return one row per study, method, rule, system, scope and indicator."""
    dbt.config(materialized="table")
    return components.weigh(
        dbt.ref("int_indicator_correlations").df(),
        dbt.ref("int_weight_rules_listed").df(),
    )
