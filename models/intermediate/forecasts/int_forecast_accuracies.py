"""Errors by horizon, the best model, and the interval that the errors allow."""

from coupling.forecasting.frames import accuracies


def model(dbt, session):
    """Return one row per series, model and horizon."""
    dbt.config(materialized="table")
    series = dbt.ref("int_forecast_series").df()
    return accuracies(series, dbt.ref("int_forecast_errors").df())
