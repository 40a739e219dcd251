"""The grey model GM(1,1) and the tests that tell how well it fits.

Deng (1982, Systems & Control Letters 1, 288-294), as paper 06 uses it. All sums are
plain sums of a few numbers, so results do not depend on a linear algebra library.
"""

from dataclasses import dataclass

import numpy as np

from coupling.words.in_both import Both, in_both

# below four points the two parameters fit anything
FEWEST_POINTS = 4
# of a normal variable, half lies within this many standard deviations of its mean
PROBABLE_ERROR = 0.6745
# class, small error probability above, posterior variance ratio below
ACCURACY_CLASSES = (
    ("good", 0.95, 0.35),
    ("qualified", 0.80, 0.50),
    ("barely qualified", 0.70, 0.65),
)
WORST_CLASS = "unqualified"


@dataclass(frozen=True)
class GreyModel:
    """A fitted GM(1,1): x(k) + a z(k) = u, z the mean of neighbouring running sums.

    `development_coefficient` is a (no unit; negative where the series grows),
    `grey_input` is u and `first_value` x(1), both in the unit of the series.
    """

    development_coefficient: float
    grey_input: float
    first_value: float

    def values(self, count: int) -> np.ndarray:
        """Return the model's values at positions 1 to `count`, [count].

        x(1) is the first value; then x(k+1) = (1 - e^a) (x(1) - u / a) e^(-a k), which
        for a = 0 has the limit u.
        """
        a = self.development_coefficient
        growth = np.expm1(a)
        ratio = growth / a if a else 1.0
        start = self.grey_input * ratio - self.first_value * growth
        later = start * np.exp(-a * np.arange(1, count))
        return np.concatenate([[self.first_value], later])[:count]


def fit(values: np.ndarray) -> GreyModel:
    """Fit GM(1,1) to a series by least squares.

    `values` has shape [n], n at least 4, all above 0, in the order of time at equal
    steps. With one regressor least squares is the slope and intercept of x(k) on z(k),
    k = 2 to n: a = -slope, u = intercept.

    Raises ValueError with the reason where the model cannot be fitted.
    """
    values = np.asarray(values, dtype=float)
    reason = refusal(values)
    if reason:
        raise ValueError(reason.en)
    total = np.cumsum(values)
    background = (total[1:] + total[:-1]) / 2
    response = values[1:]
    centred = background - background.mean()
    slope = (centred * (response - response.mean())).sum() / (centred**2).sum()
    intercept = response.mean() - slope * background.mean()
    return GreyModel(float(-slope), float(intercept), float(values[0]))


def refusal(values: np.ndarray) -> Both | None:
    """Return in words why GM(1,1) cannot be fitted to a series [n]; None if it can."""
    if len(values) < FEWEST_POINTS:
        return in_both(
            "{number} points; GM(1,1) needs {least}",
            number=len(values),
            least=FEWEST_POINTS,
        )
    if not (values > 0).all():
        return in_both("a value of zero or below; GM(1,1) needs values above 0")
    return None


@dataclass(frozen=True)
class Accuracy:
    """How well the model fits the series it was fitted to.

    `mape_pct` is the mean of 100 |x - fitted| / x over points 2 to n; the first always
    fits. `variance_ratio` C is the standard deviation of the residuals of all points by
    that of the series, `small_error_probability` P the share of residuals within 0.6745
    standard deviations of the series from their mean. C, P and the class are None for
    a constant series, which has no standard deviation.
    """

    mape_pct: float
    variance_ratio: float | None
    small_error_probability: float | None
    accuracy_class: str | None


def accuracy(values: np.ndarray, fitted: np.ndarray) -> Accuracy:
    """Compare a series with its fitted values, both [n]."""
    residuals = values - fitted
    mape = 100 * float(np.mean(np.abs(residuals[1:]) / values[1:]))
    if values.max() == values.min():
        return Accuracy(mape, None, None, None)
    spread = values.std()
    ratio = float(residuals.std() / spread)
    distance = np.abs(residuals - residuals.mean())
    probability = float(np.mean(distance < PROBABLE_ERROR * spread))
    return Accuracy(mape, ratio, probability, accuracy_class(probability, ratio))


def accuracy_class(probability: float, ratio: float) -> str:
    """Return the class of a small error probability P and a variance ratio C.

    good: P > 0.95 and C < 0.35; qualified: 0.80 and 0.50; barely qualified: 0.70 and
    0.65; else unqualified. Both conditions must hold.
    """
    for name, least_probability, largest_ratio in ACCURACY_CLASSES:
        if probability > least_probability and ratio < largest_ratio:
            return name
    return WORST_CLASS


@dataclass(frozen=True)
class LevelRatioTest:
    """Whether a series is smooth enough for GM(1,1).

    The level ratios x(k-1) / x(k) have to lie between `bound_low` = e^(-2 / (n + 1))
    and `bound_high` = e^(2 / (n + 1)); `lowest` and `highest` are those found and
    `pass_share` (0 to 1) is the share that lies within.
    """

    bound_low: float
    bound_high: float
    lowest: float
    highest: float
    pass_share: float

    @property
    def is_passed(self) -> bool:
        """True where every level ratio lies within the bounds."""
        return self.bound_low < self.lowest and self.highest < self.bound_high


def level_ratio_test(values: np.ndarray) -> LevelRatioTest:
    """Test the level ratios of a series [n] of values above 0."""
    ratios = values[:-1] / values[1:]
    width = 2 / (len(values) + 1)
    low, high = float(np.exp(-width)), float(np.exp(width))
    within = (ratios > low) & (ratios < high)
    return LevelRatioTest(
        low, high, float(ratios.min()), float(ratios.max()), float(within.mean())
    )
