"""What was planted in simulated surveys of the workspace."""

from coupling.households.landing import LABELS, landed


def model(dbt, session):
    """Return one row per simulated survey and household; none if there is none."""
    dbt.config(materialized="table")
    return landed("labels", LABELS)
