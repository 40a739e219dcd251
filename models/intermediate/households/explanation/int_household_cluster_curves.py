"""Within-cluster sum of squares and silhouette for 2 to 8 clusters, and the choice."""

from coupling.households.clusters import choose_clusters
from coupling.households.frames import by_survey, parameters, wide


def model(dbt, session):
    """Return one row per survey and number of clusters."""
    dbt.config(materialized="table")
    settings = parameters(dbt.ref("stg_detector_parameters").df())
    features = dbt.ref("int_household_features").df()

    def curves(survey):
        scaled = wide(survey, "feature", "scaled_value")
        return choose_clusters(scaled, seed=settings["seed"])

    columns = ["k", "within_sum_of_squares", "silhouette"]
    columns += ["is_elbow", "is_best_silhouette", "is_chosen"]
    return by_survey(features.dropna(subset=["scaled_value"]), curves, columns)
