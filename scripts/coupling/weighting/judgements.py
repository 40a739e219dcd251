"""The analytic hierarchy process: priorities of pairwise matrices (Saaty 1980)."""

import numpy as np
import pandas as pd
import pyarrow as pa

MATRIX = ["judgement_set_id", "study_id", "system_id", "matrix"]
# random consistency index by number of items, Saaty (1980)
RANDOM_INDEX = (
    *(0, 0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45),
    *(1.49, 1.51, 1.48, 1.56, 1.57, 1.59),
)
MOST_ITEMS = len(RANDOM_INDEX) - 1
REFUSED_FROM = 0.1
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in MATRIX),
        ("item", pa.string()),
        ("priority", pa.float64()),
        ("item_count", pa.int32()),
        ("largest_eigenvalue", pa.float64()),
        ("consistency_index", pa.float64()),
        ("random_index", pa.float64()),
        ("consistency_ratio", pa.float64()),
    ]
)


def weigh(judged: pd.DataFrame) -> pa.Table:
    """Return the priority of each item of each pairwise matrix, and its consistency.

    Parameters
    ----------
    judged
        Rows of stg_studies__pairwise_judgements.

    """
    rows = []
    for key, pairs in judged.groupby(MATRIX, sort=True):
        names, matrix = pairwise_matrix(pairs)
        priorities, consistency = solve(matrix)
        rows += [
            (*key, name, priority, len(names), *consistency)
            for name, priority in zip(names, priorities.tolist(), strict=True)
        ]
    columns = list(zip(*rows, strict=True)) or [() for _ in SCHEMA]
    arrays = [
        pa.array(column, field.type)
        for column, field in zip(columns, SCHEMA, strict=True)
    ]
    return pa.table(arrays, schema=SCHEMA)


def pairwise_matrix(pairs: pd.DataFrame) -> tuple[list[str], np.ndarray]:
    """Return the items of a matrix in the order of their names, and the matrix.

    pairs: item, other_item, judgement. Of the two sides of a pair the judgement of 1 or
    more counts, as its reciprocal is often rounded; one side is enough. A pair without
    any is NaN.
    """
    names = sorted({*pairs["item"], *pairs["other_item"]})
    place = {name: i for i, name in enumerate(names)}
    given = np.full((len(names), len(names)), np.nan)
    for row in pairs.itertuples():
        given[place[row.item], place[row.other_item]] = row.judgement
    np.fill_diagonal(given, 1.0)
    larger = np.fmax(given, 1 / given.T)
    return names, np.where(larger >= 1, larger, np.fmin(given, 1 / given.T))


def solve(matrix: np.ndarray) -> tuple[np.ndarray, tuple[float, float, float, float]]:
    """Return priorities summing to 1, and lambda_max, CI, RI and CR of a matrix.

    Priorities are the principal eigenvector; CI = (lambda_max - n) / (n - 1) and
    CR = CI / RI. Up to two items nothing can be inconsistent: CI and CR are 0.
    """
    count = len(matrix)
    eigenvalues, vectors = np.linalg.eig(matrix)
    largest = int(np.argmax(eigenvalues.real))
    vector = np.abs(vectors[:, largest].real)
    eigenvalue = float(eigenvalues[largest].real)
    # rounding may bring a consistent matrix below 0
    index = max((eigenvalue - count) / (count - 1), 0.0) if count > 2 else 0.0
    random = float(RANDOM_INDEX[count]) if count <= MOST_ITEMS else float("nan")
    ratio = index / random if count > 2 else 0.0
    return vector / vector.sum(), (eigenvalue, index, random, ratio)
