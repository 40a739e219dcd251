"""Three detectors and two combinations: score, threshold, flag and what made it."""

from coupling.households.detectors import detect
from coupling.households.frames import by_survey, parameters, wide


def model(dbt, session):
    """Return one row per survey, household and detector."""
    dbt.config(materialized="table")
    settings = parameters(dbt.ref("stg_detector_parameters").df())
    features = dbt.ref("int_household_features").df()

    def screen(survey):
        return detect(wide(survey, "feature", "scaled_value"), settings)

    columns = ["household_id", "detector", "score", "threshold", "is_flagged"]
    columns += ["main_feature", "score_at_median"]
    return by_survey(features.dropna(subset=["scaled_value"]), screen, columns)
