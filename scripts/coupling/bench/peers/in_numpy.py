"""The nine methods in numpy, on wide arrays: the way of one who writes it by hand.

Sums over indicators are products of matrices, the ideals of min-max are w and 0, and
only the cells that are blank are filled. Axes: R regions, T years, N = R x T, J
indicators, k systems.
"""

import numpy as np

from coupling.bench.panels import Panel
from coupling.bench.peers import formulas

SMALLEST = np.finfo(float).tiny


def prepared(panel: Panel) -> Panel:
    """Return what is in memory before the clock starts: the array itself."""
    return panel


def degrees(panel: Panel) -> dict[str, np.ndarray]:
    """Return D, [N], of each of the nine methods."""
    size, members = panel.size, panel.members
    values = filled(panel.values.reshape(size.shape))
    by_year = scaled(values, panel.is_less_better, axis=0)
    y = scaled(values.reshape(-1, size.indicators), panel.is_less_better, axis=0)
    return formulas.degrees(_scores(y, by_year, members))


def filled(values: np.ndarray) -> np.ndarray:
    """Return [R, T, J] without gaps.

    Linear between the known years of a region, the nearest known value at the ends.
    """
    is_blank = np.isnan(values)
    last = values.shape[1] - 1
    years = np.arange(last + 1, dtype=np.int16)[:, None]
    before = np.maximum.accumulate(np.where(is_blank, np.int16(-1), years), axis=1)
    after = np.where(is_blank, np.int16(last + 1), years)[:, ::-1]
    after = np.minimum.accumulate(after, axis=1)[:, ::-1]
    region, year, indicator = np.nonzero(is_blank)
    before, after = before[is_blank].astype(int), after[is_blank].astype(int)
    left = values[region, np.maximum(before, 0), indicator]
    right = values[region, np.minimum(after, last), indicator]
    between = left + (right - left) * (year - before) / (after - before)
    found = values.copy()
    found[is_blank] = np.where(before < 0, right, np.where(after > last, left, between))
    return found


def scaled(values: np.ndarray, is_less_better: np.ndarray, axis: int) -> np.ndarray:
    """Return (x - worst) / (best - worst), the extremes along an axis."""
    lowest = values.min(axis=axis, keepdims=True)
    highest = values.max(axis=axis, keepdims=True)
    worst = np.where(is_less_better, highest, lowest)
    best = np.where(is_less_better, lowest, highest)
    found = values - worst
    found /= best - worst
    return found


def entropy(y: np.ndarray, low: float = 0.0) -> np.ndarray:
    """Return d = 1 - e along the first axis, after y -> low + (1 - low) y."""
    raised = low + (1 - low) * y if low else y
    logs = np.log(np.maximum(raised, SMALLEST))
    logs *= raised
    return formulas.entropy_information(raised.sum(axis=0), logs.sum(axis=0), len(y))


def critic(y: np.ndarray, members: list[np.ndarray]) -> np.ndarray:
    """Return d_j = sd_j sum_k (1 - r_jk), k over the system; [N, J] -> [J]."""
    found = y.std(axis=0, ddof=1)
    for own in members:
        if len(own) > 1:
            found[own] *= (1 - np.corrcoef(y[:, own].T)).sum(axis=0)
    return found


def linear(y: np.ndarray, weights: np.ndarray, members: list) -> np.ndarray:
    """Return sum w y of each system; y [N, J], w [J] -> [k, N]."""
    return _by_system(weights, members) @ y.T


def closeness(y: np.ndarray, weights: np.ndarray, members: list) -> np.ndarray:
    """Return d- / (d+ + d-) of each system by TOPSIS; [N, J], [J] -> [k, N]."""
    squares = _by_system(weights**2, members)
    to_best = np.sqrt(squares @ ((1 - y) ** 2).T)
    to_worst = np.sqrt(squares @ (y**2).T)
    return to_worst / (to_best + to_worst)


def _by_system(weights: np.ndarray, members: list) -> np.ndarray:
    """Return weights, [J], as a row for each system, 0 elsewhere; [k, J]."""
    rows = np.zeros((len(members), len(weights)))
    for row, own in zip(rows, members, strict=True):
        row[own] = weights[own]
    return rows


def _scores(y: np.ndarray, by_year: np.ndarray, members: list) -> dict[str, np.ndarray]:
    """Return U, [k, N], by method; y [N, J], by_year [R, T, J]."""

    def weights(information: np.ndarray) -> np.ndarray:
        return formulas.shares(information, members)

    by_entropy = weights(entropy(y))
    shifted = weights(entropy(y, formulas.SHIFTED))
    raised = weights(entropy(y, formulas.RAISED))
    in_years = np.stack([_by_system(row, members) for row in weights(entropy(by_year))])
    logs = np.log(formulas.RAISED + (1 - formulas.RAISED) * y)
    varied = y.std(axis=0, ddof=1) / y.mean(axis=0)
    # [T, k, J] and [T, J, R], then years within regions again
    of_years = (in_years @ by_year.transpose(1, 2, 0)).transpose(1, 2, 0)
    return {
        "entropy_topsis": closeness(y, by_entropy, members),
        "entropy_linear": linear(y, by_entropy, members),
        "entropy_linear_by_year": of_years.reshape(len(members), -1),
        "entropy_shifted_linear": formulas.SHIFTED
        + (1 - formulas.SHIFTED) * linear(y, shifted, members),
        "equal_linear": linear(y, weights(np.ones(y.shape[1])), members),
        "critic_linear": linear(y, weights(critic(y, members)), members),
        "variation_linear": linear(y, weights(varied), members),
        "entropy_geometric": np.exp(linear(logs, raised, members)),
    }
