"""Which hazards to underwrite together, at which premium, and why."""

from coupling.forecasting.underwriting import decisions


def model(dbt, session):
    """Return one row per attitude set, region and basis of the loss rate."""
    dbt.config(materialized="table")
    attitudes = dbt.ref("stg_underwriting__risk_attitudes").df()
    return decisions(attitudes, dbt.ref("int_expected_loss_rates").df())
