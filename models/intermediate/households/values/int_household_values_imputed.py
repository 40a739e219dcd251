"""Gaps of each survey filled by multiple imputation; observed values stay."""

from coupling.households.detectors import AMOUNTS, FAMILY_SIZE
from coupling.households.frames import by_survey, parameters
from coupling.households.imputation import impute

KEY = ["household_id", "column_name"]


def model(dbt, session):
    """Return one row per survey, assessed household and column with any value."""
    dbt.config(materialized="table")
    settings = parameters(dbt.ref("stg_detector_parameters").df())
    households = dbt.ref("int_households_screened").df()
    assessed = households[households["not_assessed_reason"].isna()]

    def fill(survey):
        survey = survey.sort_values("household_id", ignore_index=True)
        names = [c for c in (*AMOUNTS, FAMILY_SIZE) if survey[c].notna().any()]
        completed, imputed = impute(
            survey[["household_id", *names]],
            names,
            settings["imputation_draws"],
            settings["seed"],
        )
        observed = survey.melt("household_id", names, "column_name", "observed_value")
        rows = completed.melt("household_id", names, "column_name", "value")
        rows = rows.merge(observed, on=KEY).merge(
            imputed[[*KEY, "between_draw_sd"]], on=KEY, how="left"
        )
        return rows.assign(is_imputed=rows["observed_value"].isna())

    columns = [*KEY, "observed_value", "value", "is_imputed", "between_draw_sd"]
    return by_survey(assessed, fill, columns)
