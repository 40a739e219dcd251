"""What the peers share: the methods, and short sums that take no time.

Each peer fills, scales, weighs and scores in its own way; weights of some hundred
indicators, and degrees of two scores, all leave to numpy.
"""

import numpy as np

# zero rules y -> low + (1 - low) y
SHIFTED, RAISED = 0.0001, 0.01
ONE_METHOD = "entropy_topsis"
WANG = "entropy_topsis_wang"
NINE_METHODS = (
    *(ONE_METHOD, "entropy_linear", "entropy_linear_by_year", "entropy_shifted_linear"),
    *("equal_linear", "critic_linear", "variation_linear", "entropy_geometric", WANG),
)


def shares(information: np.ndarray, members: list[np.ndarray]) -> np.ndarray:
    """Return weights d / sum d within each system; d and weights [..., J]."""
    weights = np.empty_like(information, dtype=float)
    for own in members:
        part = information[..., own]
        weights[..., own] = part / part.sum(axis=-1, keepdims=True)
    return weights


def entropy_information(
    total: np.ndarray, total_of_logs: np.ndarray, count: int
) -> np.ndarray:
    """Return d = 1 - e, e = (ln S - sum(y ln y) / S) / ln N, S = sum y.

    Parameters
    ----------
    total, total_of_logs
        S and sum(y ln y), each [..., J], with 0 ln 0 = 0.
    count
        N, region-years of the scope.

    """
    return 1 - (np.log(total) - total_of_logs / total) / np.log(count)


def degrees(scores: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return D, [N], of each method by its id, from scores [k, N] of its systems.

    The method by the coupling degree of Wang et al. (2021) has the scores of the one
    before it.
    """
    found = {name: _degree(own, standard(own)) for name, own in scores.items()}
    own = scores[ONE_METHOD]
    return found | {WANG: _degree(own, wang(own))}


def degree_of_one(scores: np.ndarray) -> dict[str, np.ndarray]:
    """Return D, [N], of the one method of a library, from its scores [k, N]."""
    return {ONE_METHOD: _degree(scores, standard(scores))}


def standard(scores: np.ndarray) -> np.ndarray:
    """Return C = k (prod U)^(1/k) / sum U; scores [k, N] -> [N]."""
    k = len(scores)
    total = scores.sum(axis=0)
    return k * scores.prod(axis=0) ** (1 / k) / np.where(total == 0, np.nan, total)


def wang(scores: np.ndarray) -> np.ndarray:
    """Return the coupling degree of Wang et al. (2021); scores [k, N] -> [N].

    C = sqrt((1 - sum_{i>j} |U_i - U_j| / (k (k - 1) / 2))
             x prod(U_i / max U)^(1 / (k - 1)))
    """
    k = len(scores)
    first, second = np.triu_indices(k, 1)
    gap = np.abs(scores[first] - scores[second]).mean(axis=0)
    highest = scores.max(axis=0)
    ratios = scores / np.where(highest == 0, np.nan, highest)
    return np.sqrt((1 - gap) * ratios.prod(axis=0) ** (1 / (k - 1)))


def _degree(scores: np.ndarray, coupling: np.ndarray) -> np.ndarray:
    """Return D = sqrt(C T) of systems that contribute alike; 0 where a score is 0."""
    coupling = np.where(scores.min(axis=0) == 0, 0, np.minimum(coupling, 1))
    return np.sqrt(coupling * scores.mean(axis=0))
