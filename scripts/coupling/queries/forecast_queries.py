"""What the page of forecasts reads from the marts, one function per table.

Like `queries`: an open connection in, a DataFrame in a fixed order of rows out.
"""

import duckdb
import pandas as pd

from coupling.queries.queries import fetch
from coupling.words.language import region_name


def has_forecasts(con: duckdb.DuckDBPyConnection) -> bool:
    """Say whether the warehouse holds a forecast."""
    found = con.execute("select count(forecast) from marts.fct_forecasts").fetchone()
    return found[0] > 0


def studies(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per study with forecasts: study_id, label, paper_id."""
    return fetch(
        con,
        """
        select study_id, label, label_zh, paper_id
        from marts.dim_studies
        where study_id in (select study_id from marts.fct_forecasts)
        order by paper_id nulls last, study_id
        """,
    )


def study_backtests(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per model and horizon: errors over the regions of a study.

    mean_absolute_error weighs every error alike; error_by_naive divides it by that of
    the naive model; best_count is the number of regions where the model is best.
    """
    return fetch(
        con,
        """
        with measured as (
            select
                model,
                horizon_years,
                cast(sum(origin_count) as int) as error_count,
                cast(
                    sum(cast(mean_absolute_error * origin_count as decimal(38, 18)))
                    as double
                ) / nullif(sum(origin_count), 0) as mean_absolute_error,
                cast(count(*) filter (where is_best_model) as int) as best_count
            from marts.fct_forecast_backtests
            where study_id = $study_id
            group by model, horizon_years
        )
        select
            measured.*,
            measured.mean_absolute_error
            / nullif(naive.mean_absolute_error, 0) as error_by_naive
        from measured
        left join measured as naive
            on
                measured.horizon_years = naive.horizon_years
                and naive.model = 'naive'
        order by measured.horizon_years, measured.model
        """,
        study_id=study_id,
    )


def study_forecasts(
    con: duckdb.DuckDBPyConnection, study_id: str, model: str
) -> pd.DataFrame:
    """One row per region and horizon: a model's forecast of D, by the last degree."""
    return fetch(
        con,
        f"""
        with last_degrees as (
            select
                series_id,
                max(year) as last_year,
                max_by(observed, year) as last_degree
            from marts.fct_forecasts
            where study_id = $study_id and model = $model and observed is not null
            group by series_id
        )
        select
            forecasts.region_code,
            {region_name("regions")} as region,
            last_degrees.last_year,
            last_degrees.last_degree,
            forecasts.year,
            forecasts.horizon_years,
            forecasts.forecast,
            forecasts.lower_bound,
            forecasts.upper_bound,
            forecasts.interval_basis,
            forecasts.interval_error_count,
            forecasts.interval_level,
            forecasts.status_reason
        from marts.fct_forecasts as forecasts
        inner join last_degrees on forecasts.series_id = last_degrees.series_id
        inner join marts.dim_regions as regions
            on forecasts.region_code = regions.region_code
        where model = $model and horizon_years is not null
        order by
            round(last_degree, 12) desc, forecasts.region_code, horizon_years
        """,
        study_id=study_id,
        model=model,
    )


def loss_series(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per series of loss rates that GM(1,1) was tried on."""
    return fetch(
        con,
        f"""
        select models.*, {region_name("regions")} as region
        from marts.fct_forecast_models as models
        inner join marts.dim_regions as regions
            on models.region_code = regions.region_code
        where models.subject = 'loss_rate_pct' and models.status <> 'no_values'
        order by regions.region, models.hazard
        """,
    )


def series_years(
    con: duckdb.DuckDBPyConnection, series_id: str, model: str
) -> pd.DataFrame:
    """One row per year of a series under one model, with forecast and bounds."""
    return fetch(
        con,
        """
        select
            year, observed, fitted, forecast, lower_bound, upper_bound, interval_basis
        from marts.fct_forecasts
        where series_id = $series_id and model = $model
        order by year
        """,
        series_id=series_id,
        model=model,
    )


def series_backtests(con: duckdb.DuckDBPyConnection, series_id: str) -> pd.DataFrame:
    """One row per model and horizon of one series."""
    return fetch(
        con,
        """
        select
            model,
            horizon_years,
            origin_count,
            mean_absolute_error,
            mae_by_naive,
            is_best_model
        from marts.fct_forecast_backtests
        where series_id = $series_id
        order by horizon_years, model
        """,
        series_id=series_id,
    )


def decisions(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per attitude set, region and basis of the loss rate."""
    return fetch(
        con,
        f"""
        select decisions.*, {region_name("regions")} as region
        from marts.fct_underwriting_decisions as decisions
        inner join marts.dim_regions as regions
            on decisions.region_code = regions.region_code
        order by
            case when attitude_set_id like 'paper%' then 0 else 1 end,
            attitude_set_id, regions.region, loss_rate_basis
        """,
    )


def surface(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per client and insurer attitude: the maximum loss rate and its class."""
    return fetch(
        con,
        """
        select distinct
            client_risk_attitude,
            insurer_risk_attitude,
            maximum_loss_rate_pct,
            limit_class
        from marts.fct_underwriting_sensitivity
        order by client_risk_attitude, insurer_risk_attitude
        """,
    )
