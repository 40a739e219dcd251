"""Clusters of households, their profiles, and the map of two principal components."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn import config_context
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import pairwise_distances_chunked
from threadpoolctl import threadpool_limits

from coupling.households.detectors import AMOUNTS, DECIMALS, FAMILY_SIZE, RATIOS

PROFILED = [*AMOUNTS, FAMILY_SIZE, *RATIOS]
STARTS = 10
# the elbow wins if its silhouette is at least this share of the best one
ENOUGH_OF_THE_BEST = 0.9
# above this many households the distances between all pairs cost too much
ALL_SILHOUETTES = 20_000
# chunks of distances that fit into the processor's cache are twice as fast
CHUNK_MB = 16
# sums over several threads depend on their number, and waiting for them costs more
THREADS = 1


def choose_clusters(
    scaled: pd.DataFrame,
    *,
    seed: int,
    smallest: int = 2,
    largest: int = 8,
    silhouette_sample: int = 2000,
) -> pd.DataFrame:
    """Fit k-means for each number of clusters and choose one by elbow and silhouette.

    The elbow is the k whose within-cluster sum of squares lies furthest below the
    straight line between the ends of the curve, so never an end of it. The elbow is
    chosen if its silhouette is within 10 % of the best, else the k with the best
    silhouette; ties go to the smaller k. The silhouette is the mean over a seeded
    sample of households, each against all households (Rousseeuw 1987, J. Comput.
    Appl. Math. 20).

    `scaled` (households x features) is unit-free and finite, indexed by household_id.
    Returns one row per k: k, within_sum_of_squares (squared scaled units), silhouette
    (-1 to 1), is_elbow, is_best_silhouette, is_chosen. The curve ends before the number
    of distinct households; a curve without a bend has no elbow.
    Raises ValueError if there are too few distinct households to compare.
    """
    points = scaled.sort_index()
    distinct = len(points.drop_duplicates())
    if distinct <= smallest:
        raise ValueError(
            f"{distinct} distinct households are too few for {smallest} clusters"
        )
    counts = range(smallest, min(largest, distinct - 1) + 1)
    values = points.to_numpy(dtype=float)
    fits = [_k_means(values, k, seed) for k in counts]
    random = np.random.default_rng(seed)
    size = min(silhouette_sample, len(values))
    sample = np.sort(random.choice(len(values), size, replace=False))
    sampled = silhouettes(values, [fit.labels_ for fit in fits], sample)
    curves = pd.DataFrame(
        {
            "k": list(counts),
            "within_sum_of_squares": [fit.inertia_ for fit in fits],
            "silhouette": sampled.mean(axis=1),
        }
    )
    return mark_choice(curves.round(DECIMALS))


def mark_choice(curves: pd.DataFrame) -> pd.DataFrame:
    """Add is_elbow, is_best_silhouette and is_chosen to the curves over k.

    `curves` has k (rising), within_sum_of_squares and silhouette. At most one row is
    the elbow, exactly one is the best silhouette, exactly one is chosen.
    """
    k = curves["k"].to_numpy(dtype=float)
    within = curves["within_sum_of_squares"].to_numpy(dtype=float)
    silhouette = curves["silhouette"].to_numpy(dtype=float)
    rows = np.arange(len(curves))
    best = silhouette.argmax()
    chord = np.interp(k, k[[0, -1]], within[[0, -1]])
    below = chord - within
    # a straight curve differs from its chord by rounding only
    elbow = below.argmax() if below.max() > 1e-9 * within.max() else -1
    good = elbow >= 0 and silhouette[elbow] >= ENOUGH_OF_THE_BEST * silhouette[best]
    return curves.assign(
        is_elbow=rows == elbow,
        is_best_silhouette=rows == best,
        is_chosen=rows == (elbow if good else best),
    )


def cluster(scaled: pd.DataFrame, k: int, *, seed: int) -> pd.DataFrame:
    """Put each household into one of `k` clusters (k-means, ten seeded starts).

    Returns one row per household, sorted: household_id, cluster (1 is the largest; of
    equals, the one that holds the first household_id), distance_to_centre (scaled
    units), silhouette (-1 to 1; missing for every household of a survey of more than
    20,000).
    Raises ValueError if there are fewer distinct households than clusters.
    """
    points = scaled.sort_index()
    distinct = len(points.drop_duplicates())
    if distinct < k:
        raise ValueError(f"{distinct} distinct households are too few for {k} clusters")
    values = points.to_numpy(dtype=float)
    fit = _k_means(values, k, seed)
    size = np.bincount(fit.labels_, minlength=k)
    _, first = np.unique(fit.labels_, return_index=True)
    number = np.empty(k, dtype=int)
    number[np.lexsort((first, -size))] = np.arange(1, k + 1)
    distance = np.linalg.norm(values - fit.cluster_centers_[fit.labels_], axis=1)
    silhouette = np.full(len(values), np.nan)
    if k > 1 and len(values) <= ALL_SILHOUETTES:
        silhouette = silhouettes(values, [fit.labels_], np.arange(len(values)))[0]
    return pd.DataFrame(
        {
            "household_id": points.index,
            "cluster": number[fit.labels_],
            "distance_to_centre": distance.round(DECIMALS),
            "silhouette": silhouette.round(DECIMALS),
        }
    )


def silhouettes(
    values: np.ndarray, labelings: Sequence[np.ndarray], rows: np.ndarray
) -> np.ndarray:
    """Silhouette of some rows against all rows, under several clusterings at once.

    scikit-learn's silhouette of a sample compares the sample with itself, and fails if
    the sample misses all clusters but one: likely here, where extremes form clusters of
    a few households. Here the distances are also worked out only once.

    `values` is n x features; each labeling has n labels from 0; `rows` are m positions.
    Returns labelings x m, from -1 to 1; 0 for a row that is alone in its cluster.
    """
    members = [np.eye(labels.max() + 1)[labels] for labels in labelings]
    all_members = np.hstack(members)
    with threadpool_limits(THREADS), config_context(working_memory=CHUNK_MB):
        sums = np.vstack(
            [
                distances @ all_members
                for distances in pairwise_distances_chunked(values[rows], values)
            ]
        )
    ends = np.cumsum([member.shape[1] for member in members])
    return np.vstack(
        [
            _silhouette(part, labels[rows], np.bincount(labels))
            for part, labels in zip(np.hsplit(sums, ends[:-1]), labelings, strict=True)
        ]
    )


def _silhouette(sums: np.ndarray, own: np.ndarray, size: np.ndarray) -> np.ndarray:
    """(b - a) / max(a, b) from the sums of distances of m rows to k clusters."""
    rows = np.arange(len(own))
    alone = size[own] == 1
    inside = sums[rows, own] / np.maximum(size[own] - 1, 1)
    means = sums / size
    means[rows, own] = np.inf
    nearest = means.min(axis=1)
    larger = np.maximum(inside, nearest)
    spread = (nearest - inside) / np.where(larger > 0, larger, 1)
    return np.where(alone, 0.0, spread)


def _k_means(values: np.ndarray, k: int, seed: int) -> KMeans:
    with threadpool_limits(THREADS):
        return KMeans(k, n_init=STARTS, random_state=seed).fit(values)


def profiles(
    households: pd.DataFrame,
    ratios: pd.DataFrame,
    clusters: pd.DataFrame,
    is_anomaly: pd.Series,
) -> pd.DataFrame:
    """Describe each cluster by its size, its medians and its share of anomalies.

    `households`, `ratios` and `is_anomaly` are indexed by household_id and may hold
    more households than `clusters`, the result of cluster(). Returns one row per
    cluster: cluster, households (number), household_share, median_ of each of PROFILED
    in its own unit (missing where the survey lacks the column), mean_silhouette,
    anomalies (number), anomaly_share (0 to 1).
    Raises KeyError for a clustered household that the other frames lack.
    """
    members = clusters.set_index("household_id").sort_index()
    known = pd.concat([households, ratios], axis=1).reindex(columns=PROFILED)
    number = members["cluster"]
    medians = known.loc[members.index].groupby(number).median()
    flagged = is_anomaly.loc[members.index].astype(int).groupby(number)
    size = number.value_counts().sort_index()
    return pd.concat(
        [
            size.rename("households"),
            (size / size.sum()).rename("household_share"),
            medians.add_prefix("median_"),
            members["silhouette"].groupby(number).mean().rename("mean_silhouette"),
            flagged.sum().rename("anomalies"),
            flagged.mean().rename("anomaly_share"),
        ],
        axis=1,
    ).reset_index()


def components(scaled: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find the two principal components of the scaled features.

    The features are centred, not scaled again. A loading is the weight of a feature in
    the component (unit length over the features); scikit-learn turns a component such
    that its largest loading is positive. Returns

    - scores: household_id, component_1, component_2, one row per household, sorted;
    - loadings: component (1 or 2), feature, loading (-1 to 1),
      explained_variance_ratio (of the component, 0 to 1), one row per component and
      feature, the features in the order of `scaled`.

    A survey with a single feature has one component; component_2 is then missing.
    """
    points = scaled.sort_index()
    values = points.to_numpy(dtype=float)
    fit = PCA(n_components=min(2, *values.shape)).fit(values)
    number = np.arange(1, len(fit.components_) + 1)
    scores = pd.DataFrame(
        fit.transform(values).round(DECIMALS),
        index=points.index.rename("household_id"),
        columns=[f"component_{i}" for i in number],
    ).reindex(columns=["component_1", "component_2"])
    features = points.shape[1]
    loadings = pd.DataFrame(
        {
            "component": np.repeat(number, features),
            "feature": np.tile(points.columns.astype(str), len(number)),
            "loading": fit.components_.ravel().round(DECIMALS),
            "explained_variance_ratio": np.repeat(
                fit.explained_variance_ratio_, features
            ).round(DECIMALS),
        }
    )
    return scores.reset_index(), loadings
