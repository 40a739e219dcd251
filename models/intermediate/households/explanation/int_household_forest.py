"""A random forest that learns the flags, and the debt that separates best."""

import pandas as pd

from coupling.households.explanation import debt_threshold, forest, with_status
from coupling.households.frames import by_survey, parameters, screened

DEBT = "non_mortgage_debt_cny"


def model(dbt, session):
    """Return one row per survey, metric and what it is about."""
    dbt.config(materialized="table")
    settings = parameters(dbt.ref("stg_detector_parameters").df())

    def learn(survey):
        households, ratios, is_anomaly = screened(survey)
        learned = forest(households, ratios, is_anomaly, seed=settings["seed"])
        debt = households[DEBT] if households[DEBT].notna().any() else None
        cut = debt_threshold(debt, is_anomaly)
        if cut is None:
            return learned
        found = pd.DataFrame(
            [(f"debt_{name}", DEBT, value) for name, value in vars(cut).items()],
            columns=["metric", "about", "value"],
        )
        return pd.concat([learned, with_status(found)], ignore_index=True)

    columns = ["metric", "about", "value", "status", "status_zh"]
    return by_survey(dbt.ref("int_households_explained").df(), learn, columns)
