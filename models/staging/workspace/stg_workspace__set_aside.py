"""What of a user's workspace this build leaves out, with the reason."""

from coupling.refresh.aside import set_aside


def model(dbt, session):
    """Return one row per thing set aside; none where all of it is built."""
    dbt.config(materialized="table")
    return set_aside()
