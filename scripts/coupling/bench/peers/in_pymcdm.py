"""One method by pymcdm.

Its own entropy weights (1.4.0) take an indicator with a zero to have no entropy, and
min-max always has a zero, so the weights are made with scipy.
"""

import numpy as np
from pymcdm.methods import TOPSIS
from scipy import stats

from coupling.bench.peers import in_numpy, one_matrix
from coupling.bench.peers.one_matrix import prepared as prepared


def degrees(given: one_matrix.Input) -> dict[str, np.ndarray]:
    """Return D, [N], of the one method."""
    return one_matrix.degrees(given, closeness)


def closeness(matrix: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """Return the preferences of a matrix, [N, J] -> [N]; directions 1 or -1."""
    y = in_numpy.scaled(matrix, directions < 0, axis=0)
    information = 1 - stats.entropy(y, base=len(y), axis=0)
    return TOPSIS()(matrix, information / information.sum(), directions)
