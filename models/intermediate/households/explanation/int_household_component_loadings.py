"""Loadings of the two principal components of the scaled features."""

from coupling.households.clusters import components
from coupling.households.frames import by_survey, wide


def model(dbt, session):
    """Return one row per survey, component and feature."""
    dbt.config(materialized="table")
    features = dbt.ref("int_household_features").df().dropna(subset=["scaled_value"])
    return by_survey(
        features,
        lambda survey: components(wide(survey, "feature", "scaled_value"))[1],
        ["component", "feature", "loading", "explained_variance_ratio"],
    )
