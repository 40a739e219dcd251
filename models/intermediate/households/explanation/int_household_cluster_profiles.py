"""What the households of each cluster have in common."""

from coupling.households.clusters import PROFILED, profiles
from coupling.households.frames import by_survey, screened


def model(dbt, session):
    """Return one row per survey and cluster."""
    dbt.config(materialized="table")
    key = ["survey_id", "household_id"]
    clusters = dbt.ref("int_household_clusters").df()
    together = dbt.ref("int_households_explained").df().merge(clusters, on=key)

    def describe(survey):
        households, ratios, is_anomaly = screened(survey)
        members = survey[["household_id", "cluster", "silhouette"]]
        return profiles(households, ratios, members, is_anomaly)

    columns = ["cluster", "households", "household_share"]
    columns += [f"median_{name}" for name in PROFILED]
    columns += ["mean_silhouette", "anomalies", "anomaly_share"]
    return by_survey(together, describe, columns)
