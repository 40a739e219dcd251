"""What the page of forecasts and underwriting shows."""

import duckdb
import pandas as pd

from coupling.charts import charts
from coupling.pages.pages import Page
from coupling.queries.ask import ask, ask_rows
from coupling.words import tables

MODELS = {
    "gm11": "GM(1,1)",
    "naive": "naive",
    "drift": "drift",
    "exponential_smoothing": "exponential smoothing",
}
BASES = {
    "own_errors": "own errors",
    "pooled_errors": "errors of all regions of the study",
    "rmse_t": "own mean squared error and Student's t",
    "none": "no interval: too few errors",
}
LOSS_BASES = {
    "gm11_forecast": "GM(1,1) forecast",
    "observed_mean": "mean of the observed years",
}
LIMIT_CLASSES = {
    "reject_all": "below 0: reject every risk",
    "limited": "from 0 to 100 %",
    "accept_all": "100 % or more: accept every risk",
    "undefined": "not defined: the client is neutral to risk",
}
UNQUALIFIED = "unqualified"
SURFACE_COLUMNS = 7
DRAWN_HORIZON = 1


def forecast_pages(con: duckdb.DuckDBPyConnection) -> list[Page]:
    """Return the page of forecasts; none where nothing is forecast."""
    context = forecast_context(con)
    return [Page("forecasts.html", "forecasts.html.j2", context)] if context else []


def forecast_context(con: duckdb.DuckDBPyConnection) -> dict | None:
    """Return what the page shows; None where nothing is forecast."""
    [found] = ask_rows(con, "forecasts/has_forecasts")
    if not found["has_forecasts"]:
        return None
    studies = [
        _study(con, study, position)
        for position, study in enumerate(
            tables.records(ask(con, "forecasts/studies")), 1
        )
    ]
    losses = [
        _loss(con, series, position)
        for position, series in enumerate(
            tables.records(ask(con, "forecasts/loss_series")), 1
        )
    ]
    decisions = ask(con, "forecasts/decisions")
    surface = ask(con, "forecasts/surface")
    drawings = {}
    if len(surface):
        shipped = decisions.drop_duplicates("attitude_set_id")
        drawings["surface"] = charts.surface_chart(surface, shipped, name="surface")
    drawn = {name: charts.specification(chart) for name, chart in drawings.items()}
    for part in [*studies, *losses]:
        drawn |= part["charts"]
    return {
        "studies": studies,
        "losses": losses,
        "decisions": tables.records(decisions),
        "unqualified": [
            part["series"]
            for part in losses
            if part["series"]["accuracy_class"] == UNQUALIFIED
        ],
        "surface": surface_table(surface),
        "charts": drawn,
        "models": MODELS,
        "bases": BASES,
        "loss_bases": LOSS_BASES,
        "limit_classes": LIMIT_CLASSES,
        "limit_colours": charts.LIMIT_COLOURS,
    }


def _study(con: duckdb.DuckDBPyConnection, study: dict, position: int) -> dict:
    study_id = study["study_id"]
    backtest = ask(con, "forecasts/study_backtests", study_id=study_id)
    model = best_model(backtest)
    ahead = ask(con, "forecasts/study_forecasts", study_id=study_id, model=model)
    drawn = {}
    nearest = ahead[ahead["horizon_years"] == DRAWN_HORIZON]
    nearest = nearest.dropna(subset=["forecast"])
    if len(nearest):
        name = f"degrees_{position}"
        chart = charts.interval_chart(nearest, name=name)
        drawn[name] = charts.specification(chart)
    return {
        "study": study,
        "position": position,
        "model": model,
        "backtest": tables.records(backtest),
        "forecasts": by_region(ends(ahead)),
        "region_count": ahead["region_code"].nunique(),
        "horizons": sorted(int(h) for h in ahead["horizon_years"].unique()),
        "bases": tables.records(
            ahead.dropna(subset=["forecast"])[
                ["horizon_years", "interval_basis", "interval_error_count"]
            ].drop_duplicates("horizon_years")
        ),
        "interval_level": next(iter(ahead["interval_level"].dropna()), None),
        "charts": drawn,
    }


def ends(ahead: pd.DataFrame) -> pd.DataFrame:
    """Return the regions with the highest and the lowest last degree, of many."""
    codes = list(dict.fromkeys(ahead["region_code"]))
    half = charts.REGIONS_DRAWN // 2
    shown = codes if len(codes) <= 2 * half else [*codes[:half], *codes[-half:]]
    return ahead[ahead["region_code"].isin(shown)]


def _loss(con: duckdb.DuckDBPyConnection, series: dict, position: int) -> dict:
    years = ask(
        con, "forecasts/series_years", series_id=series["series_id"], model="gm11"
    )
    name = f"loss_{position}"
    chart = charts.forecast_chart(years, name=name)
    return {
        "series": series,
        "name": name,
        "years": tables.records(years),
        "backtest": tables.records(
            ask(con, "forecasts/series_backtests", series_id=series["series_id"])
        ),
        "charts": {name: charts.specification(chart)},
    }


def best_model(backtest: pd.DataFrame) -> str:
    """Return the model with the least error one year ahead; GM(1,1) without any.

    Parameters
    ----------
    backtest
        `forecasts/study_backtests`.

    """
    known = backtest.dropna(subset=["mean_absolute_error"])
    known = known[known["horizon_years"] == known["horizon_years"].min()]
    if known.empty:
        return "gm11"
    least = known.sort_values(["mean_absolute_error", "model"], kind="stable")
    return least["model"].iloc[0]


def by_region(ahead: pd.DataFrame) -> list[dict]:
    """Return one row per region with `ahead`: {horizon: forecast and bounds}.

    Parameters
    ----------
    ahead
        `forecasts/study_forecasts`.

    """
    regions: dict[str, dict] = {}
    for row in tables.records(ahead):
        region = regions.setdefault(
            row["region_code"],
            {key: row[key] for key in ("region", "last_year", "last_degree")}
            | {"ahead": {}, "reason": row["reason"]},
        )
        region["ahead"][row["horizon_years"]] = row
    return list(regions.values())


def surface_table(surface: pd.DataFrame) -> dict:
    """Return a coarse table of the surface: `insurers`, and `rows` by client.

    At most seven insurer and seven client attitudes, evenly spaced, are shown.

    Parameters
    ----------
    surface
        `forecasts/surface`.

    """
    insurers = _spaced(sorted(surface["insurer_risk_attitude"].unique()))
    clients = _spaced(sorted(surface["client_risk_attitude"].unique()))
    cells = {
        (row["client_risk_attitude"], row["insurer_risk_attitude"]): row
        for row in tables.records(surface)
    }
    return {
        "insurers": insurers,
        "rows": [
            {"client": client, "cells": [cells[client, other] for other in insurers]}
            for client in clients
        ],
    }


def _spaced(values: list[float]) -> list[float]:
    step = max(1, -(-(len(values) - 1) // (SURFACE_COLUMNS - 1)))
    return [float(value) for value in values[::step]]
