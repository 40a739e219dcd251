"""How well each detector finds what was planted, where labels are known."""

from coupling.households.evaluation import compare
from coupling.households.frames import by_survey


def model(dbt, session):
    """Return one row per labelled survey and detector."""
    dbt.config(materialized="table")
    labels = dbt.ref("stg_household_labels").df()
    detections = dbt.ref("int_household_detections").df()
    labelled = detections.merge(labels, on=["survey_id", "household_id"])

    def measure(survey):
        truth = survey[["household_id", "anomaly_kind"]].drop_duplicates()
        return compare(survey, truth)

    columns = ["detector", "planted", "flagged", "average_precision"]
    columns += ["precision_at_k", "recall", "false_positive_rate"]
    return by_survey(labelled, measure, columns)
