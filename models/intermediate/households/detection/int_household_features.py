"""Ratios of each household and the unit-free, robustly scaled features of them."""

from coupling.households.detectors import household_features, scale
from coupling.households.frames import by_survey, parameters, wide


def without_log(feature):
    """Name of the ratio that a feature is the logarithm of."""
    return feature.removeprefix("log_")


def model(dbt, session):
    """Return one row per survey, household and feature; scaled_value may be missing."""
    dbt.config(materialized="table")
    settings = parameters(dbt.ref("stg_detector_parameters").df())

    def derive(survey):
        completed = wide(survey, "column_name", "winsorised_value").reset_index()
        features, ratios = household_features(
            completed,
            settings["winsor_lower"],
            settings["winsor_upper"],
            settings["floor_share"],
        )
        scaled = scale(features, settings["scale_lower"], settings["scale_upper"])
        names = [without_log(name) for name in features]
        floored = ratios[[f"{name}_floored" for name in names]]
        floored.columns = names
        parts = {
            "ratio": ratios[names],
            "is_floored": floored,
            "unit_free_value": features.rename(columns=without_log),
            "scaled_value": scaled.rename(columns=without_log),
        }
        long = [
            part.rename_axis(columns="feature").stack().rename(value)
            for value, part in parts.items()
        ]
        return long[0].to_frame().join(long[1:], how="left").reset_index()

    columns = ["household_id", "feature", "ratio", "is_floored"]
    columns += ["unit_free_value", "scaled_value"]
    return by_survey(dbt.ref("int_household_values_winsorised").df(), derive, columns)
