"""Winsorising, features without a unit, robust scaling and the anomaly detectors."""

from collections.abc import Sequence

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
    is_flagged; sorted by detector in the order of DETECTORS, then household_id. A
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
    scores = {
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
    scores["mean_rank"] = mean_rank(list(scores.values()))
    thresholds = {name: np.quantile(score, 1 - share) for name, score in scores.items()}
    thresholds["three_sigma"] = parameters["sigma"]
    flags = {name: score > thresholds[name] for name, score in scores.items()}
    scores["vote"] = np.sum([flags[name] for name in SINGLE_DETECTORS], axis=0)
    thresholds["vote"] = parameters["votes_needed"]
    flags["vote"] = scores["vote"] >= thresholds["vote"]

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
        }
    )


def three_sigma(points: np.ndarray) -> np.ndarray:
    """Largest distance from a feature's mean in its standard deviations, [N]."""
    points = points[:, np.ptp(points, axis=0) > 0]
    return (np.abs(points - points.mean(axis=0)) / points.std(axis=0)).max(axis=1)


def isolation_forest(
    points: np.ndarray, trees: int, sample_size: int, seed: int, n_jobs: int | None
) -> np.ndarray:
    """Anomaly score of Liu, Ting and Zhou (2008, doi:10.1109/ICDM.2008.17), [N]."""
    forest = IsolationForest(
        n_estimators=trees,
        max_samples=min(sample_size, len(points)),
        random_state=seed,
        n_jobs=n_jobs,
    )
    return -forest.fit(points).score_samples(points)


def local_outlier_factor(
    points: np.ndarray,
    neighbours: int,
    sample_size: int,
    seed: int,
    n_jobs: int | None,
) -> np.ndarray:
    """Local outlier factor of Breunig et al. (2000, doi:10.1145/342009.335388), [N].

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
        return np.ones(len(points))
    drawn = np.random.default_rng(seed).permutation(len(distinct))[:sample_size]
    drawn.sort()
    share = neighbours / sample_size
    neighbours = max(round(share * len(drawn)), LEAST_NEIGHBOURS)
    model = LocalOutlierFactor(
        n_neighbors=min(neighbours, len(drawn) - 1), novelty=True, n_jobs=n_jobs
    ).fit(distinct[drawn])
    factor = np.empty(len(distinct))
    if len(drawn) < len(distinct):
        for start in range(0, len(distinct), CHUNK):
            rows = slice(start, start + CHUNK)
            factor[rows] = -model.score_samples(distinct[rows])
    # a point drawn is not its own neighbour
    factor[drawn] = -model.negative_outlier_factor_
    return factor[place]


def mean_rank(scores: Sequence[np.ndarray]) -> np.ndarray:
    """Mean over detectors of the rank scaled to 0 (lowest) .. 1, ties averaged, [N]."""
    ranks = [(rankdata(score) - 1) / (len(score) - 1) for score in scores]
    return np.mean(ranks, axis=0)
