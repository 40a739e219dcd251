"""What flagged households do to a linear consumption model."""

from coupling.households.consumption import MEASURED, consumption_model
from coupling.households.frames import by_survey, parameters, screened


def model(dbt, session):
    """Return one row per survey, held-out part and scale."""
    dbt.config(materialized="table")
    settings = parameters(dbt.ref("stg_detector_parameters").df())

    def compare(survey):
        households, _, is_anomaly = screened(survey)
        return consumption_model(households, is_anomaly, seed=settings["seed"])

    columns = ["held_out", "scale", *MEASURED, "status", "status_zh"]
    return by_survey(dbt.ref("int_households_explained").df(), compare, columns)
