"""Each household in one of the chosen number of clusters."""

from coupling.households.clusters import cluster
from coupling.households.frames import by_survey, parameters, wide


def model(dbt, session):
    """Return one row per survey and household."""
    dbt.config(materialized="table")
    settings = parameters(dbt.ref("stg_detector_parameters").df())
    curves = dbt.ref("int_household_cluster_curves").df()
    chosen = curves[curves["is_chosen"]][["survey_id", "k"]]
    features = dbt.ref("int_household_features").df().merge(chosen, on="survey_id")

    def group(survey):
        scaled = wide(survey, "feature", "scaled_value")
        return cluster(scaled, int(survey["k"].iloc[0]), seed=settings["seed"])

    columns = ["household_id", "cluster", "distance_to_centre", "silhouette"]
    return by_survey(features.dropna(subset=["scaled_value"]), group, columns)
