"""Amounts of each survey pulled back to two declared quantiles."""

from coupling.households.detectors import AMOUNTS, winsorise
from coupling.households.frames import by_survey, parameters, wide

KEY = ["household_id", "column_name"]


def model(dbt, session):
    """Return one row per survey, household and column; bound tells a treated value."""
    dbt.config(materialized="table")
    settings = parameters(dbt.ref("stg_detector_parameters").df())

    def pull(survey):
        amounts = wide(survey, "column_name", "value").reset_index()
        _, treated = winsorise(
            amounts, AMOUNTS, settings["winsor_lower"], settings["winsor_upper"]
        )
        rows = survey[[*KEY, "value"]].merge(
            treated[[*KEY, "winsorised_value", "bound"]], on=KEY, how="left"
        )
        rows["winsorised_value"] = rows["winsorised_value"].fillna(rows["value"])
        return rows

    columns = [*KEY, "value", "winsorised_value", "bound"]
    return by_survey(dbt.ref("int_household_values_imputed").df(), pull, columns)
