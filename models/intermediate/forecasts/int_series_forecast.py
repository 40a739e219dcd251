"""Fitted values and forecasts of every model for every series."""

from coupling.forecasting.frames import forecasts


def model(dbt, session):
    """Return one row per series, model and year."""
    dbt.config(materialized="table")
    return forecasts(dbt.ref("int_forecast_series").df())
