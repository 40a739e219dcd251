"""Rolling origins: forecast each year from the years before it, compare, summarise."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from coupling.forecasting.rivals import MODELS, Forecast

# fewer errors than this make a quantile that hangs on one or two of them
FEWEST_OWN_ERRORS = 10
FEWEST_POOLED_ERRORS = 20
FEWEST_ERRORS_FOR_T = 2
DECIMALS = 12


class OriginError(NamedTuple):
    """One forecast of the backtest beside what came; error is forecast less observed.

    `position` is that of the origin in the series, from 0; `horizon` counts from 1.
    """

    position: int
    horizon: int
    forecast: float
    observed: float
    error: float


def rolling_origin_errors(
    values: np.ndarray,
    model: Callable[[np.ndarray, int], Forecast],
    *,
    horizon: int,
    minimum_training: int,
    window: int | None,
    bounds: tuple[float, float],
) -> list[OriginError]:
    """Forecast a series from every origin that has something after it to compare.

    Parameters
    ----------
    values
        The series, [n], at equal steps; NaN where nothing is known.
    model
        A function of `rivals.MODELS`.
    horizon
        Steps ahead.
    minimum_training
        Points that the first origin has.
    window
        Points before an origin that are used; None for all.
    bounds
        Forecasts are cut to these, as they are outside the backtest.

    Returns one error per origin and step. An origin whose training points have a gap,
    or that the model refuses, has none; nor has a step with nothing observed.

    """
    errors = []
    for origin in range(minimum_training - 1, len(values) - 1):
        training = window_of(values[: origin + 1], window)
        if np.isnan(training).any():
            continue
        steps = min(horizon, len(values) - 1 - origin)
        try:
            ahead = np.clip(model(training, steps).ahead, *bounds)
        except ValueError:
            continue
        for step in range(1, steps + 1):
            forecast, observed = ahead[step - 1], values[origin + step]
            if not np.isnan(observed):
                error = forecast - observed
                errors.append(OriginError(origin, step, forecast, observed, error))
    return errors


def window_of(values: np.ndarray, window: int | None) -> np.ndarray:
    """Return the last `window` values, or all."""
    return values if window is None else values[-window:]


def summary(errors: pd.DataFrame) -> pd.DataFrame:
    """Summarise errors by series, model and horizon, and say which model is best.

    `errors` has series_id, model, horizon, observed, error. Returns one row per
    series_id, model and horizon: origin_count, mean_absolute_error,
    root_mean_squared_error (unit of the series), mape_pct (over observed values other
    than zero), mae_by_naive (by that of the naive model; missing where that is 0) and
    is_best: the smallest mean absolute error among the models with the most origins; of
    equals, compared to 12 decimals, the simplest.
    """
    keys = ["series_id", "model", "horizon"]
    size = errors["error"].abs()
    known = errors["observed"].where(errors["observed"] != 0).abs()
    measured = (
        errors[keys]
        .assign(
            origin_count=1,
            mean_absolute_error=size,
            squared=errors["error"] ** 2,
            mape_pct=100 * size / known,
        )
        .groupby(keys, as_index=False, sort=True)
        .agg(
            {
                "origin_count": "sum",
                "mean_absolute_error": "mean",
                "squared": "mean",
                "mape_pct": "mean",
            }
        )
    )
    measured["root_mean_squared_error"] = np.sqrt(measured.pop("squared"))
    rounded = measured["mean_absolute_error"].round(DECIMALS)
    of_naive = measured[keys].assign(naive=rounded)[measured["model"] == "naive"]
    naive = measured.merge(
        of_naive.drop(columns="model"), on=["series_id", "horizon"], how="left"
    )["naive"]
    measured["mae_by_naive"] = measured["mean_absolute_error"] / naive.where(naive > 0)

    order = {model: place for place, model in enumerate(MODELS)}
    ranked = measured.assign(
        fewer_origins=-measured["origin_count"],
        rounded=rounded,
        order=measured["model"].map(order),
    ).sort_values(["series_id", "horizon", "fewer_origins", "rounded", "order"])
    best = ranked.groupby(["series_id", "horizon"]).head(1).index
    measured["is_best"] = measured.index.isin(best)
    return measured


def interval(
    own: np.ndarray, pooled: np.ndarray, level: float
) -> tuple[float, str, int]:
    """Return half the width of a forecast's interval, its basis and the errors used.

    `own` are the errors of a series at one horizon, `pooled` those of all series of its
    pool, its own among them; `level` is the share that the interval is to hold.

    - own_errors: with at least 10 own errors, the k-th smallest absolute error, k the
      least whole number not below (m + 1) `level` of m errors, as in split conformal
      prediction; an interpolated quantile would be too narrow for few errors.
    - pooled_errors: the same with at least 20 pooled errors.
    - rmse_t: with at least two own errors, their root mean square times Student's t
      with as many degrees of freedom as errors; it takes them as normal around 0.
    - none: NaN; too few errors for any of these.
    """
    for errors, fewest, basis in (
        (own, FEWEST_OWN_ERRORS, "own_errors"),
        (pooled, FEWEST_POOLED_ERRORS, "pooled_errors"),
    ):
        # rounded first: (9 + 1) * 0.8 must not become 8.000000000000002 and then 9
        place = int(np.ceil(round((len(errors) + 1) * level, 9)))
        if len(errors) >= fewest and place <= len(errors):
            return float(np.sort(np.abs(errors))[place - 1]), basis, len(errors)
    if len(own) >= FEWEST_ERRORS_FOR_T:
        quantile = stdtrit(len(own), (1 + level) / 2)
        return float(np.sqrt(np.mean(own**2)) * quantile), "rmse_t", len(own)
    return float("nan"), "none", 0
