"""Association rules that lead to normal and to anomalous households."""

from coupling.households.explanation import rules
from coupling.households.frames import by_survey, screened


def model(dbt, session):
    """Return one row per survey, outcome and rule."""
    dbt.config(materialized="table")

    def mine(survey):
        households, _, is_anomaly = screened(survey)
        return rules(households, is_anomaly)

    columns = ["outcome", "rule_rank", "antecedent", "antecedent_zh", "items"]
    columns += ["households", "antecedent_households", "support", "confidence", "lift"]
    columns += ["leverage", "sentence", "sentence_zh"]
    return by_survey(dbt.ref("int_households_explained").df(), mine, columns)
