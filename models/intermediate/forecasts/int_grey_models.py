"""GM(1,1) of every series, with the tests of its fit."""

from coupling.forecasting.frames import grey_fits


def model(dbt, session):
    """Return one row per series."""
    dbt.config(materialized="table")
    return grey_fits(dbt.ref("int_forecast_series").df())
