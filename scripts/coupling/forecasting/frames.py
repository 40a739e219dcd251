"""Frames between the forecast models: from rows of series to rows of results.

Numbers that are stored are rounded to 12 decimals.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coupling.forecasting import backtest, grey
from coupling.forecasting.rivals import MODELS
from coupling.words.in_both import Both, in_both, in_columns, joined_in_both

GREY = "gm11"
FITTED = "fitted"


@dataclass(frozen=True)
class Series:
    """A series from its first to its last known year, with what its setting says.

    `values` is [n], NaN in years between without a value; `window` is the number of
    last years to train on, None for all; `bounds` are the least and the largest value
    that can be, infinite where there is none.
    """

    series_id: str
    pool_id: str
    first_year: int
    values: np.ndarray
    window: int | None
    horizon: int
    minimum_training: int
    interval_level: float
    bounds: tuple[float, float]

    @property
    def training(self) -> np.ndarray:
        """The points that the forecast is made from."""
        return backtest.window_of(self.values, self.window)

    @property
    def last_year(self) -> int:
        """The last year with a value."""
        return self.first_year + len(self.values) - 1


def series_of(frame: pd.DataFrame) -> list[Series]:
    """Collect the rows of int_forecast_series, sorted by series_id.

    `frame` has one row per series and year: series_id, pool_id, year, value,
    lower_bound, upper_bound, training_years, horizon_years, minimum_training_years,
    interval_level; the last four are the same in all rows of a series.

    Raises ValueError naming the series where a window is shorter than the least that
    its setting asks of an origin: no forecast could ever be compared.
    """
    found = []
    for series_id, rows in frame.sort_values("year").groupby("series_id", sort=True):
        first = rows.iloc[0]
        window = None if pd.isna(first["training_years"]) else first["training_years"]
        minimum = int(first["minimum_training_years"])
        if window is not None and window < minimum:
            raise ValueError(
                f"seeds/forecasts/forecast_settings.csv, setting of {series_id}, "
                f"column training_years: found {window:.0f}; expected at least "
                f"minimum_training_years {minimum}, or blank for all years"
            )
        first_year, values = _from_first_to_last(
            rows["year"].to_numpy(), rows["value"].to_numpy(dtype=float)
        )
        found.append(
            Series(
                series_id=series_id,
                pool_id=first["pool_id"],
                first_year=first_year,
                values=values,
                window=None if window is None else int(window),
                horizon=int(first["horizon_years"]),
                minimum_training=minimum,
                interval_level=float(first["interval_level"]),
                bounds=(
                    _number(first["lower_bound"], -np.inf),
                    _number(first["upper_bound"], np.inf),
                ),
            )
        )
    return found


def status_of(series: Series, model: str) -> tuple[str, Both | None]:
    """Return whether a model can be fitted to a series: a status, and why not.

    fitted; no_values; too_few_points: fewer than the setting's least training length;
    missing_years: a gap among the training years; not_positive (the grey model only): a
    value of zero or below.
    """
    training = series.training
    if not len(series.values):
        return "no_values", in_both("the series has no value in any year")
    if len(training) < series.minimum_training:
        return (
            "too_few_points",
            in_both(
                "{number} points; the setting asks for {least}",
                number=len(training),
                least=series.minimum_training,
            ),
        )
    if np.isnan(training).any():
        gaps = np.flatnonzero(np.isnan(training)) + series.last_year + 1
        years = [str(year - len(training)) for year in gaps]
        listed = joined_in_both([Both(year, year) for year in years])
        return "missing_years", in_both("no value in {years}", years=listed)
    if model == GREY and (reason := grey.refusal(training)):
        return "not_positive", reason
    return FITTED, None


def grey_fits(frame: pd.DataFrame) -> pd.DataFrame:
    """Fit GM(1,1) to every series of `frame` (see `series_of`) and test the fit.

    Returns one row per series: series_id, first_training_year, last_training_year,
    point_count, the parameters, and the numbers of `grey.Accuracy` and
    `grey.LevelRatioTest`, missing where there is no fit; status, status_reason and
    status_reason_zh.
    """
    rows = []
    for series in series_of(frame):
        status, reason = status_of(series, GREY)
        training = series.training
        row = {
            "series_id": series.series_id,
            "point_count": int(np.isfinite(training).sum()),
            "status": status,
        }
        if len(training):
            row["first_training_year"] = series.last_year - len(training) + 1
            row["last_training_year"] = series.last_year
        if status == FITTED:
            row |= _grey_row(training)
            if row["variance_ratio"] is None:
                reason = in_both(
                    "the series is constant, so C, P and the class are not defined"
                )
        rows.append(row | in_columns("status_reason", reason))
    return _table(rows, GREY_COLUMNS)


def _grey_row(training: np.ndarray) -> dict:
    model = grey.fit(training)
    quality = grey.accuracy(training, model.values(len(training)))
    ratios = grey.level_ratio_test(training)
    return {
        "development_coefficient": model.development_coefficient,
        "grey_input": model.grey_input,
        "mape_pct": quality.mape_pct,
        "variance_ratio": quality.variance_ratio,
        "small_error_probability": quality.small_error_probability,
        "accuracy_class": quality.accuracy_class,
        "level_ratio_bound_low": ratios.bound_low,
        "level_ratio_bound_high": ratios.bound_high,
        "lowest_level_ratio": ratios.lowest,
        "highest_level_ratio": ratios.highest,
        "level_ratio_pass_share": ratios.pass_share,
        "is_level_ratio_passed": ratios.is_passed,
    }


def forecasts(frame: pd.DataFrame) -> pd.DataFrame:
    """Fit every model to every series and forecast; see `series_of` for `frame`.

    Returns one row per series, model and year, the years of the series and then those
    ahead: series_id, model, year, horizon (1 up; missing in the years of the series),
    is_training, observed, fitted, forecast, is_cut (the forecast lay outside the
    series' bounds and was cut to them), status, status_reason, status_reason_zh.
    """
    rows = []
    for series in series_of(frame):
        for name, model in MODELS.items():
            status, reason = status_of(series, name)
            if status == "no_values":
                continue
            fitted = np.full(len(series.training), np.nan)
            ahead = np.full(series.horizon, np.nan)
            if status == FITTED:
                made = model(series.training, series.horizon)
                fitted, ahead = made.fitted, made.ahead
            possible = np.clip(ahead, *series.bounds)
            before = len(series.values) - len(fitted)
            shared = {
                "series_id": series.series_id,
                "model": name,
                "status": status,
                **in_columns("status_reason", reason),
            }
            for place, observed in enumerate(series.values):
                rows.append(
                    shared
                    | {
                        "year": series.first_year + place,
                        "is_training": place >= before,
                        "observed": observed,
                        "fitted": fitted[place - before] if place >= before else np.nan,
                        "is_cut": False,
                    }
                )
            for step in range(series.horizon):
                rows.append(
                    shared
                    | {
                        "year": series.last_year + step + 1,
                        "horizon": step + 1,
                        "is_training": False,
                        "forecast": possible[step],
                        "is_cut": bool(abs(possible[step] - ahead[step]) > 0),
                    }
                )
    return _table(rows, FORECAST_COLUMNS)


def errors(frame: pd.DataFrame) -> pd.DataFrame:
    """Backtest every model on every series; see `series_of` for `frame`.

    Returns one row per series, model, origin and horizon: series_id, model,
    origin_year, year, horizon, forecast, observed, error.
    """
    rows = []
    for series in series_of(frame):
        for name, model in MODELS.items():
            found = backtest.rolling_origin_errors(
                series.values,
                model,
                horizon=series.horizon,
                minimum_training=series.minimum_training,
                window=series.window,
                bounds=series.bounds,
            )
            for error in found:
                origin = series.first_year + error.position
                rows.append(
                    error._asdict()
                    | {
                        "series_id": series.series_id,
                        "model": name,
                        "origin_year": origin,
                        "year": origin + error.horizon,
                    }
                )
    return _table(rows, ERROR_COLUMNS)


def accuracies(frame: pd.DataFrame, errors: pd.DataFrame) -> pd.DataFrame:
    """Summarise the backtest and derive the intervals.

    `frame` as in `series_of`, `errors` as the function of that name gives. Returns one
    row per series, model and horizon of the setting, also without any origin:
    series_id, model, horizon, the numbers of `backtest.summary`, half_width,
    interval_basis, interval_error_count, interval_series_count (series whose errors the
    interval rests on) and interval_level.
    """
    measured = backtest.summary(errors).set_index(["series_id", "model", "horizon"])
    all_series = series_of(frame)
    pool_of = {series.series_id: series.pool_id for series in all_series}
    own = {
        key: rows["error"].to_numpy()
        for key, rows in errors.groupby(["series_id", "model", "horizon"])
    }
    pooled = {
        key: (rows["error"].to_numpy(), rows["series_id"].nunique())
        for key, rows in errors.assign(
            pool_id=errors["series_id"].map(pool_of)
        ).groupby(["pool_id", "model", "horizon"])
    }
    rows = []
    for series in all_series:
        for name in MODELS:
            for horizon in range(1, series.horizon + 1):
                key = (series.series_id, name, horizon)
                group, members = pooled.get(
                    (series.pool_id, name, horizon), (np.empty(0), 0)
                )
                width, basis, used = backtest.interval(
                    own.get(key, np.empty(0)), group, series.interval_level
                )
                shared_by = {"pooled_errors": members, "none": 0}.get(basis, 1)
                rows.append(
                    {
                        "series_id": series.series_id,
                        "model": name,
                        "horizon": horizon,
                        "half_width": width,
                        "interval_basis": basis,
                        "interval_error_count": used,
                        "interval_series_count": shared_by,
                        "interval_level": series.interval_level,
                        "origin_count": 0,
                        "is_best": False,
                    }
                    | (measured.loc[key].to_dict() if key in measured.index else {})
                )
    return _table(rows, ACCURACY_COLUMNS)


GREY_COLUMNS = {
    "series_id": "str",
    "first_training_year": "Int64",
    "last_training_year": "Int64",
    "point_count": "Int64",
    "development_coefficient": "float",
    "grey_input": "float",
    "mape_pct": "float",
    "variance_ratio": "float",
    "small_error_probability": "float",
    "accuracy_class": "str",
    "level_ratio_bound_low": "float",
    "level_ratio_bound_high": "float",
    "lowest_level_ratio": "float",
    "highest_level_ratio": "float",
    "level_ratio_pass_share": "float",
    "is_level_ratio_passed": "boolean",
    "status": "str",
    "status_reason": "str",
    "status_reason_zh": "str",
}
FORECAST_COLUMNS = {
    "series_id": "str",
    "model": "str",
    "year": "Int64",
    "horizon": "Int64",
    "is_training": "bool",
    "observed": "float",
    "fitted": "float",
    "forecast": "float",
    "is_cut": "bool",
    "status": "str",
    "status_reason": "str",
    "status_reason_zh": "str",
}
ERROR_COLUMNS = {
    "series_id": "str",
    "model": "str",
    "origin_year": "Int64",
    "year": "Int64",
    "horizon": "Int64",
    "forecast": "float",
    "observed": "float",
    "error": "float",
}
ACCURACY_COLUMNS = {
    "series_id": "str",
    "model": "str",
    "horizon": "Int64",
    "origin_count": "Int64",
    "mean_absolute_error": "float",
    "root_mean_squared_error": "float",
    "mape_pct": "float",
    "mae_by_naive": "float",
    "is_best": "bool",
    "half_width": "float",
    "interval_basis": "str",
    "interval_error_count": "Int64",
    "interval_series_count": "Int64",
    "interval_level": "float",
}


def _table(rows: list[dict] | pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    """Rows as a frame with these columns and types, numbers rounded."""
    table = pd.DataFrame(rows).reindex(columns=list(columns))
    table = table.astype(columns).reset_index(drop=True)
    numbers = [name for name, kind in columns.items() if kind == "float"]
    # adding 0 turns -0.0 into 0.0
    table[numbers] = table[numbers].round(backtest.DECIMALS) + 0.0
    return table


def _from_first_to_last(
    years: np.ndarray, values: np.ndarray
) -> tuple[int, np.ndarray]:
    """First known year, and the values from it to the last known one, NaN in gaps."""
    known = ~np.isnan(values)
    if not known.any():
        return int(years[0]), np.empty(0)
    years, values = years[known], values[known]
    filled = np.full(int(years.max() - years.min()) + 1, np.nan)
    filled[years - years.min()] = values
    return int(years.min()), filled


def _number(value, otherwise: float) -> float:
    return otherwise if pd.isna(value) else float(value)
