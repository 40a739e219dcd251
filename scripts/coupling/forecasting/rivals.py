"""Forecasts that GM(1,1) has to beat, and one way to call them all."""

from dataclasses import dataclass

import numpy as np

from coupling.forecasting import grey

SMOOTHING_LEVELS = np.arange(1, 101) / 100


@dataclass(frozen=True)
class Forecast:
    """Fitted values of the training points [n] and forecasts of the next steps [h].

    A fitted value is NaN where the model says nothing of the point.
    """

    fitted: np.ndarray
    ahead: np.ndarray


def gm11(values: np.ndarray, horizon: int) -> Forecast:
    """GM(1,1); raises ValueError where it cannot be fitted."""
    curve = grey.fit(values).values(len(values) + horizon)
    return Forecast(curve[: len(values)], curve[len(values) :])


def naive(values: np.ndarray, horizon: int) -> Forecast:
    """The last value, for all steps ahead."""
    return Forecast(_after_the_first(values[:-1]), np.full(horizon, values[-1]))


def drift(values: np.ndarray, horizon: int) -> Forecast:
    """The last value plus the mean yearly change of the series for each step ahead."""
    change = (values[-1] - values[0]) / (len(values) - 1)
    ahead = values[-1] + change * np.arange(1, horizon + 1)
    return Forecast(_after_the_first(values[:-1] + change), ahead)


def exponential_smoothing(values: np.ndarray, horizon: int) -> Forecast:
    """Simple exponential smoothing: level = alpha x + (1 - alpha) level.

    The level starts at the first value; of the alphas 0.01, 0.02 ... 1 the one with
    the smallest sum of squared one-step errors is taken, of equals the smallest. Simple
    and not Holt's: a trend would be a second parameter and a second start, four numbers
    for as few as four points, and `drift` has a trend already. A search over a grid
    agrees with statsmodels and takes a hundredth of its time.
    """
    levels = np.empty((len(values), len(SMOOTHING_LEVELS)))
    levels[0] = values[0]
    for k in range(1, len(values)):
        levels[k] = levels[k - 1] + SMOOTHING_LEVELS * (values[k] - levels[k - 1])
    squared = ((values[1:, None] - levels[:-1]) ** 2).sum(axis=0)
    # rounded, so that equals are equal: noise must not choose the alpha
    scale = squared.max() or 1.0
    best = int(np.argmin(np.round(squared / scale, 12)))
    return Forecast(
        _after_the_first(levels[:-1, best]), np.full(horizon, levels[-1, best])
    )


def _after_the_first(fitted: np.ndarray) -> np.ndarray:
    return np.concatenate([[np.nan], fitted])


# the simplest first: of equally good models it is the one to prefer
MODELS = {
    "naive": naive,
    "drift": drift,
    "exponential_smoothing": exponential_smoothing,
    "gm11": gm11,
}
