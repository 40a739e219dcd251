"""How well each detector finds the planted anomalies of simulated surveys."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score

from coupling.households.detectors import DETECTORS, detect, household_features, scale
from coupling.households.imputation import AMOUNTS, FAMILY_SIZE, impute
from coupling.households.simulation import simulate

MEASURES = [
    "average_precision",
    "precision_at_k",
    "recall",
    "false_positive_rate",
    "flagged",
]


def screen(
    households: pd.DataFrame, parameters: dict, n_jobs: int | None = None
) -> pd.DataFrame:
    """Impute, winsorise, build features, scale and detect for one survey.

    Parameters are those of `detect` and imputation_draws, winsor_lower, winsor_upper,
    floor_share, scale_lower, scale_upper. Returns what `detect` returns.
    """
    completed, _ = impute(
        households,
        [*AMOUNTS, FAMILY_SIZE],
        parameters["imputation_draws"],
        parameters["seed"],
    )
    features, _ = household_features(
        completed,
        parameters["winsor_lower"],
        parameters["winsor_upper"],
        parameters["floor_share"],
    )
    scaled = scale(features, parameters["scale_lower"], parameters["scale_upper"])
    return detect(scaled, parameters, n_jobs)


def evaluate(
    regions: Sequence[str],
    parameters: dict,
    seeds: Iterable[int] = range(20),
    households: int = 2000,
    n_jobs: int | None = None,
) -> pd.DataFrame:
    """Screen one simulated survey per seed and compare with what was planted in it.

    Returns one row per seed and detector: seed and the columns of `compare`.
    """
    parts = []
    for seed in seeds:
        survey, labels = simulate(regions, households, seed)
        compared = compare(screen(survey, parameters, n_jobs), labels)
        compared.insert(0, "seed", seed)
        parts.append(compared)
    return pd.concat(parts, ignore_index=True)


def compare(detections: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Measure each detector of one survey against the labels of its households.

    Returns one row per detector, in the order of DETECTORS: planted and flagged
    households; average_precision of the score; precision_at_k among the k highest
    scores, k being the number planted; recall, and false_positive_rate among the
    households with nothing planted, at the threshold. Equal scores around place k count
    with the precision expected from drawing among them.

    Raises ValueError if nothing, or everything, was planted.
    """
    is_planted = labels.set_index("household_id")["anomaly_kind"] != "none"
    rows = []
    for name in DETECTORS:
        of_detector = detections[detections["detector"] == name]
        planted = is_planted.loc[of_detector["household_id"]].to_numpy()
        if planted.all() or not planted.any():
            raise ValueError("a comparison needs households with and without a label")
        score = of_detector["score"].to_numpy()
        flagged = of_detector["is_flagged"].to_numpy()
        rows.append(
            {
                "detector": name,
                "planted": int(planted.sum()),
                "flagged": int(flagged.sum()),
                "average_precision": average_precision_score(planted, score),
                "precision_at_k": _precision_at(score, planted, int(planted.sum())),
                "recall": flagged[planted].mean(),
                "false_positive_rate": flagged[~planted].mean(),
            }
        )
    return pd.DataFrame(rows).astype({"detector": "str"})


def _precision_at(score: np.ndarray, planted: np.ndarray, k: int) -> float:
    last = np.sort(score)[-k]
    above, level = score > last, score == last
    found = planted[above].sum() + (k - above.sum()) * planted[level].mean()
    return float(found / k)


def summary(evaluated: pd.DataFrame) -> pd.DataFrame:
    """Mean and standard deviation over seeds of each measure, one row per detector.

    Columns: detector, seeds, and <measure>_mean and <measure>_sd for MEASURES.
    """
    grouped = evaluated.groupby("detector")[MEASURES].agg(["mean", "std"])
    grouped.columns = [
        f"{measure}_{'sd' if statistic == 'std' else statistic}"
        for measure, statistic in grouped.columns
    ]
    seeds = evaluated.groupby("detector")["seed"].nunique()
    grouped.insert(0, "seeds", seeds)
    return grouped.loc[DETECTORS].reset_index()
