"""One method by libraries of multi-criteria decisions: entropy weights with TOPSIS.

They rank the alternatives of one matrix, as packages of R do: a study of two systems is
one matrix a system, a region and year is an alternative, and what comes before and
after (gaps, degrees) is the user's own. Gaps are filled in pandas here.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coupling.bench.panels import Panel
from coupling.bench.peers import formulas, in_pandas

# scores, [N], of a matrix, [N, J], and directions: 1, or -1 where less is better
Score = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Input:
    """The wide frame, the columns of each system and the directions, [J]."""

    frame: in_pandas.Input
    members: list[np.ndarray]
    directions: np.ndarray


def prepared(panel: Panel) -> Input:
    """Return what is in memory before the clock starts."""
    directions = np.where(panel.is_less_better, -1, 1)
    return Input(in_pandas.prepared(panel), panel.members, directions)


def degrees(given: Input, score: Score) -> dict[str, np.ndarray]:
    """Return D, [N], of the one method, from the score of each system."""
    frame = given.frame
    values = in_pandas.filled(frame.values, frame.region, frame.year).to_numpy()
    scores = [score(values[:, own], given.directions[own]) for own in given.members]
    return formulas.degree_of_one(np.array(scores))
