"""Rolling origins: what every model would have said of years that are known."""

from coupling.forecasting.frames import errors


def model(dbt, session):
    """Return one row per series, model, origin and horizon."""
    dbt.config(materialized="table")
    return errors(dbt.ref("int_forecast_series").df())
