"""One method by scikit-criteria: a pipeline of its own steps."""

import numpy as np
import skcriteria
from skcriteria.agg.topsis import TOPSIS
from skcriteria.pipelines import mkpipe
from skcriteria.preprocessing.invert_objectives import NegateMinimize
from skcriteria.preprocessing.scalers import MinMaxScaler
from skcriteria.preprocessing.weighters import EntropyWeighter

from coupling.bench.peers import one_matrix
from coupling.bench.peers.one_matrix import prepared as prepared


def degrees(given: one_matrix.Input) -> dict[str, np.ndarray]:
    """Return D, [N], of the one method."""
    return one_matrix.degrees(given, closeness)


def closeness(matrix: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """Return the similarities of a matrix, [N, J] -> [N]; directions 1 or -1."""
    steps = mkpipe(
        NegateMinimize(), MinMaxScaler(target="matrix"), EntropyWeighter(), TOPSIS()
    )
    decision = skcriteria.mkdm(matrix, directions.tolist())
    return steps.evaluate(decision).extra_.similarity
