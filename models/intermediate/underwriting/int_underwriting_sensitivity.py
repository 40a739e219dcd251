"""The maximum loss rate and the decision over a grid of both risk attitudes."""

from coupling.forecasting.underwriting import sensitivity


def model(dbt, session):
    """Return one row per client and insurer attitude, region and basis."""
    dbt.config(materialized="table")
    grid = dbt.ref("stg_underwriting__sensitivity_grid").df()
    return sensitivity(grid, dbt.ref("int_expected_loss_rates").df())
