"""Anomaly rate of each region and year, with a Wilson interval."""

from coupling.households.consumption import anomaly_rates
from coupling.households.frames import by_survey


def model(dbt, session):
    """Return one row per survey, region and year."""
    dbt.config(materialized="table")
    judged = dbt.ref("int_household_anomalies_judged").df()
    columns = ["region_code", "survey_year", "households", "assessed_households"]
    columns += ["anomalous_households", "anomaly_rate", "rate_low", "rate_high"]
    return by_survey(
        judged.dropna(subset=["region_code"]),
        lambda survey: anomaly_rates(
            survey[["region_code", "survey_year", "is_anomaly", "is_assessed"]]
        ),
        columns,
    )
