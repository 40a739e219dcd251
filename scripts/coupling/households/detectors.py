"""Winsorising, features without a unit, robust scaling and the anomaly detectors."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import LocalOutlierFactor
from sklearn.preprocessing import RobustScaler

from coupling.households.imputation import AMOUNTS, FAMILY_SIZE

# numerator, denominator
RATIOS = {
    "income_expenditure_ratio": ("total_expenditure_cny", "net_income_cny"),
    "asset_debt_ratio": ("non_mortgage_debt_cny", "total_assets_cny"),
    "per_capita_income": ("net_income_cny", FAMILY_SIZE),
    "asset_income_ratio": ("total_assets_cny", "net_income_cny"),
}
SINGLE_DETECTORS = ["three_sigma", "isolation_forest", "local_outlier_factor"]
DETECTORS = [*SINGLE_DETECTORS, "vote", "mean_rank"]
# what goes into a learner, so that the unit of money and the last bit do not matter
DECIMALS = 9
# fewer neighbours give factors that fluctuate by chance (Breunig et al., section 6.2)
LEAST_NEIGHBOURS = 10
# rows scored at once, to bound memory
CHUNK = 100_000


class Fit(NamedTuple):
    """A detector fitted to the N households of a survey."""

    scores: np.ndarray  # of the survey, [N]; higher is more anomalous
    score: Callable[[np.ndarray], np.ndarray]  # of other points, [M, J] -> [M]


def winsorise(
    frame: pd.DataFrame, columns: Sequence[str], lower: float, upper: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pull the values of one survey beyond two quantiles back to them.

    The quantiles are observed values: of the two next to quantile `lower` the smaller,
    of those next to `upper` the larger. So winsorising again changes nothing, and
    neither does the unit of money. Missing values stay missing; columns without any
    value, or not there, are left alone. Returns

    - frame: `frame` in its order, the columns winsorised;
    - treated: household_id, column_name, value, winsorised_value, bound ('lower' or
      'upper'), one row per changed value, sorted.

    Raises ValueError unless 0 <= lower < upper <= 1.
    """
    if not 0 <= lower < upper <= 1:
        raise ValueError(f"cannot winsorise between the quantiles {lower} and {upper}")
    result = frame.copy()
    ids = frame["household_id"].to_numpy(dtype=object)
    treated = []
    for name in columns:
        if name not in _available(frame):
            continue
        value = frame[name].to_numpy(dtype=float)
        low = np.nanquantile(value, lower, method="lower")
        high = np.nanquantile(value, upper, method="higher")
        result[name] = np.clip(value, low, high)
        for bound, at, rows in (
            ("lower", low, np.flatnonzero(value < low)),
            ("upper", high, np.flatnonzero(value > high)),
        ):
            treated += [(ids[row], name, value[row], at, bound) for row in rows]
    treated = pd.DataFrame(
        sorted(treated),
        columns=["household_id", "column_name", "value", "winsorised_value", "bound"],
    )
    texts = dict.fromkeys(["household_id", "column_name", "bound"], "str")
    return result, treated.astype(texts | {"value": float, "winsorised_value": float})


def household_features(
    completed: pd.DataFrame,
    winsor_lower: float,
    winsor_upper: float,
    floor_share: float,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ratios of one survey without gaps, and the features the detectors see.

    Amounts are winsorised first; for a frame that `winsorise` has treated with the same
    quantiles, that changes nothing. A denominator in money below `floor_share` of the
    median of its positive values is replaced by that floor, also if it is zero or
    negative; a family of less than one person counts as one. Returns, by household_id
    in the order of `completed`,

    - features: log_<ratio>, the logarithm of the ratio divided by the median of its
      positive values, the quotient being at least `floor_share`; for asset_debt_ratio,
      of 1 + the ratio, since most households have no debt;
    - ratios: income_expenditure_ratio (expenditure by income), asset_debt_ratio (debt
      by assets), per_capita_income (yuan per person), asset_income_ratio (assets by
      income), each followed by <ratio>_floored: whether its denominator was replaced.

    A ratio is left out of both where a column of its own has no value or no denominator
    is above 0, all but asset_debt_ratio also where no ratio is above 0. The first three
    are equations 4 to 6 of Yu, Jiang and Zhao; the fourth is what shows a household
    with assets and little income.

    Raises ValueError for a gap in a column that has values.
    """
    amounts, _ = winsorise(completed, AMOUNTS, winsor_lower, winsor_upper)
    available = _available(amounts)
    _refuse_gaps(amounts[sorted(available & {*AMOUNTS, FAMILY_SIZE})])
    ids = pd.Index(completed["household_id"], name="household_id")
    ratios, features = pd.DataFrame(index=ids), pd.DataFrame(index=ids)
    for name, (above, below) in RATIOS.items():
        if not {above, below} <= available:
            continue
        denominator = amounts[below].to_numpy(dtype=float)
        floor = 1.0 if below == FAMILY_SIZE else floor_share * _middle(denominator)
        if np.isnan(floor):
            continue
        # compared after rounding: the unit of money must not decide a tie
        is_floored = np.round(denominator / floor, DECIMALS) < 1
        denominator = np.where(is_floored, floor, denominator)
        ratio = amounts[above].to_numpy(dtype=float) / denominator
        middle = _middle(ratio)
        if name == "asset_debt_ratio":
            feature = np.log1p(np.maximum(ratio, 0))
        elif np.isnan(middle):
            continue
        else:
            feature = np.log(np.maximum(ratio / middle, floor_share))
        ratios[name], ratios[f"{name}_floored"] = ratio, is_floored
        features[f"log_{name}"] = np.round(feature, DECIMALS)
    return features, ratios


def _available(frame: pd.DataFrame) -> set[str]:
    return {name for name in frame if frame[name].notna().any()}


def _middle(values: np.ndarray) -> float:
    """Median of the positive values; NaN if there is none."""
    positive = values[values > 0]
    return float(np.median(positive)) if len(positive) else np.nan


def _refuse_gaps(frame: pd.DataFrame) -> None:
    for name, gaps in frame.isna().sum().items():
        if gaps:
            raise ValueError(
                f"{name} is missing for {gaps} household(s): features need a survey "
                "whose gaps have been filled"
            )


def scale(
    features: pd.DataFrame, lower: float = 0.05, upper: float = 0.95
) -> pd.DataFrame:
    """Centre on the median and divide by the range between two quantiles.

    scikit-learn's RobustScaler. The quantiles lie further out than the quartiles
    because most households have no debt: where nearly three in four have none, the
    interquartile range of a debt ratio is next to nothing, and dividing by it makes
    debt outweigh all else. A feature without such a range is divided by its standard
    deviation; a constant one is dropped. Returns rows sorted by household_id, rounded
    to 9 decimals.
    """
    rounded = features.sort_index().round(DECIMALS)
    varying = rounded.loc[:, rounded.nunique() > 1]
    if varying.empty:
        return varying
    values = varying.to_numpy(dtype=float)
    quantiles = (100 * lower, 100 * upper)
    scaled = RobustScaler(quantile_range=quantiles).fit_transform(values)
    low, high = np.percentile(values, quantiles, axis=0)
    # RobustScaler has divided these by 1
    is_narrow = high == low
    scaled[:, is_narrow] /= values[:, is_narrow].std(axis=0)
    return pd.DataFrame(
        np.round(scaled, DECIMALS) + 0.0, index=varying.index, columns=varying.columns
    )


def detect(
    scaled: pd.DataFrame, parameters: dict, n_jobs: int | None = None
) -> pd.DataFrame:
    """Score and flag every household by each of DETECTORS.

    `scaled` has one row per household_id and one column per feature, finite.
    Parameters: sigma, forest_trees, forest_sample_size, lof_neighbours (of
    lof_sample_size points), flagged_share (of all households, for the detectors without
    a threshold of their own), votes_needed, seed.

    Returns household_id, detector, score (higher is more anomalous), threshold,
    is_flagged, and for the flagged, else missing,

    - main_feature: the feature that made the flag. For three_sigma the one whose
      distance is the score; for the others, which judge all features together, the one
      whose return to the median of the survey lowers the score most. Of equal ones that
      which lowers the mean rank most, then that furthest from its mean, then the first
      by name.
    - score_at_median: the score with this feature at the median, all else, other
      households too, as it is.

    Rows are sorted by detector in the order of DETECTORS, then household_id. A
    household is flagged if its score is above the threshold, for 'vote' if it reaches
    it. The result does not depend on the order of rows or columns.

    Raises ValueError without two households or without a feature that varies.
    """
    # the forest draws columns by position
    scaled = scaled.sort_index().sort_index(axis=1)
    points = scaled.to_numpy(dtype=float)
    if len(points) < 2 or not points.shape[1] or not np.ptp(points, axis=0).any():
        raise ValueError(
            "detectors need at least two households and one feature that varies"
        )
    share, seed = parameters["flagged_share"], parameters["seed"]
    fitted = {
        "three_sigma": three_sigma(points),
        "isolation_forest": isolation_forest(
            points,
            parameters["forest_trees"],
            parameters["forest_sample_size"],
            seed,
            n_jobs,
        ),
        "local_outlier_factor": local_outlier_factor(
            points,
            parameters["lof_neighbours"],
            parameters["lof_sample_size"],
            seed,
            n_jobs,
        ),
    }
    scores = {name: fit.scores for name, fit in fitted.items()}
    scores["mean_rank"] = mean_rank(list(scores.values()))
    thresholds = {name: np.quantile(score, 1 - share) for name, score in scores.items()}
    thresholds["three_sigma"] = parameters["sigma"]
    flags = {name: score > thresholds[name] for name, score in scores.items()}
    scores["vote"] = np.sum([flags[name] for name in SINGLE_DETECTORS], axis=0)
    thresholds["vote"] = parameters["votes_needed"]
    flags["vote"] = scores["vote"] >= thresholds["vote"]
    features, at_median = _main_features(points, fitted, scores, thresholds, flags)
    names = np.array([*scaled, None], dtype=object)

    rows = len(scaled)
    ids = scaled.index.astype("str")
    return pd.DataFrame(
        {
            "household_id": ids.append([ids] * (len(DETECTORS) - 1)),
            "detector": pd.Series(DETECTORS, dtype="str").repeat(rows).array,
            "score": np.concatenate([scores[name] for name in DETECTORS]),
            "threshold": np.repeat(
                [float(thresholds[name]) for name in DETECTORS], rows
            ),
            "is_flagged": np.concatenate([flags[name] for name in DETECTORS]),
            "main_feature": pd.array(
                np.concatenate([names[features[name]] for name in DETECTORS]),
                dtype="str",
            ),
            "score_at_median": np.concatenate([at_median[name] for name in DETECTORS]),
        }
    )


def _main_features(
    points: np.ndarray,
    fitted: dict[str, Fit],
    scores: dict[str, np.ndarray],
    thresholds: dict[str, float],
    flags: dict[str, np.ndarray],
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Position of each detector's main feature, and the score without it.

    As `detect` describes them, [N] by detector; -1 and NaN where it flags not.
    """
    households, features = points.shape
    rows = np.flatnonzero(np.any([flags[name] for name in DETECTORS], axis=0))
    middle = np.median(points, axis=0)
    # score of the flagged with one feature at the median, [flagged, J]
    without = {name: np.empty((len(rows), features)) for name in DETECTORS}
    for j in range(features):
        moved = points[rows]
        moved[:, j] = middle[j]
        single = {name: fitted[name].score(moved) for name in SINGLE_DETECTORS}
        for name, score in single.items():
            without[name][:, j] = score
        without["vote"][:, j] = np.sum(
            [score > thresholds[name] for name, score in single.items()], axis=0
        )
        without["mean_rank"][:, j] = np.mean(
            [_moved_rank(scores[name], rows, single[name]) for name in single], axis=0
        )
    distance = _distances(points)(points[rows])
    falls = {
        name: np.round(scores[name][rows, None] - without[name], DECIMALS)
        for name in DETECTORS
    }
    # what the score of three_sigma is the largest of
    falls["three_sigma"] = distance
    positions, at_median = {}, {}
    for name in DETECTORS:
        place = np.lexsort((-distance, -falls["mean_rank"], -falls[name]))[:, 0]
        is_flagged = flags[name][rows]
        positions[name] = np.full(households, -1)
        positions[name][rows] = np.where(is_flagged, place, -1)
        at_median[name] = np.full(households, np.nan)
        found = without[name][np.arange(len(rows)), place]
        at_median[name][rows] = np.where(is_flagged, found, np.nan)
    return positions, at_median


def _moved_rank(scores: np.ndarray, rows: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """Ranks as in `mean_rank` of `rows`, each alone having a score of `moved`."""
    ordered, own = np.sort(scores), scores[rows]
    below = np.searchsorted(ordered, moved, "left") - (own < moved)
    up_to = np.searchsorted(ordered, moved, "right") - (own <= moved)
    return (below + up_to) / 2 / (len(scores) - 1)


def three_sigma(points: np.ndarray) -> Fit:
    """Largest distance from a feature's mean in its standard deviations."""
    distances = _distances(points)

    def score(others: np.ndarray) -> np.ndarray:
        return distances(others).max(axis=1)

    return Fit(score(points), score)


def _distances(points: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Return what tells distances from the means of `points` in their deviations.

    Of others with the same features, [M, J] -> [M, J]; 0 for a constant feature.
    """
    mean = points.mean(axis=0)
    deviation = np.where(np.ptp(points, axis=0) > 0, points.std(axis=0), np.inf)
    return lambda others: np.abs(others - mean) / deviation


def isolation_forest(
    points: np.ndarray, trees: int, sample_size: int, seed: int, n_jobs: int | None
) -> Fit:
    """Anomaly score of Liu, Ting and Zhou (2008, doi:10.1109/ICDM.2008.17)."""
    forest = IsolationForest(
        n_estimators=trees,
        max_samples=min(sample_size, len(points)),
        random_state=seed,
        n_jobs=n_jobs,
    ).fit(points)

    def score(others: np.ndarray) -> np.ndarray:
        return -forest.score_samples(others) if len(others) else np.empty(0)

    return Fit(score(points), score)


def local_outlier_factor(
    points: np.ndarray,
    neighbours: int,
    sample_size: int,
    seed: int,
    n_jobs: int | None,
) -> Fit:
    """Local outlier factor of Breunig et al. (2000, doi:10.1145/342009.335388).

    `neighbours` are sought among `sample_size` points drawn without replacement, and
    in the same proportion, but at least LEAST_NEIGHBOURS, if there are fewer points. So
    a neighbourhood is a share of the survey: the same number of neighbours in a larger
    survey would cover less, and a group of anomalies would look like any other group
    (Zimek et al. 2013, doi:10.1145/2487575.2487676, on drawing).

    Points are distinct, since more equal points than neighbours would have an infinite
    density; equal households get equal factors.
    """
    distinct, place = np.unique(points, axis=0, return_inverse=True)
    if len(distinct) < 3:
        return Fit(np.ones(len(points)), lambda others: np.ones(len(others)))
    drawn = np.random.default_rng(seed).permutation(len(distinct))[:sample_size]
    drawn.sort()
    share = neighbours / sample_size
    neighbours = max(round(share * len(drawn)), LEAST_NEIGHBOURS)
    model = LocalOutlierFactor(
        n_neighbors=min(neighbours, len(drawn) - 1), novelty=True, n_jobs=n_jobs
    ).fit(distinct[drawn])

    def score(others: np.ndarray) -> np.ndarray:
        factor = np.empty(len(others))
        for start in range(0, len(others), CHUNK):
            rows = slice(start, start + CHUNK)
            factor[rows] = -model.score_samples(others[rows])
        return factor

    factor = np.empty(len(distinct))
    if len(drawn) < len(distinct):
        factor = score(distinct)
    # a point drawn is not its own neighbour
    factor[drawn] = -model.negative_outlier_factor_
    return Fit(factor[place], score)


def mean_rank(scores: Sequence[np.ndarray]) -> np.ndarray:
    """Mean over detectors of the rank scaled to 0 (lowest) .. 1, ties averaged, [N]."""
    ranks = [(rankdata(score) - 1) / (len(score) - 1) for score in scores]
    return np.mean(ranks, axis=0)
