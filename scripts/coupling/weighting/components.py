"""Weights by eigenvectors of the correlation matrix of a system."""

import numpy as np
import pandas as pd
import pyarrow as pa

RULES = ("pca", "scatter")
SCOPE = ["study_id", "method_id", "system_id", "scope_year"]
# an eigenvalue of 1 is that of one indicator by itself, not above 1
ROUNDING = 1e-9
SCHEMA = pa.schema(
    [
        ("study_id", pa.string()),
        ("method_id", pa.string()),
        ("weighting", pa.string()),
        ("system_id", pa.string()),
        ("indicator_id", pa.string()),
        ("scope_year", pa.int32()),
        ("information", pa.float64()),
    ]
)


def weigh(correlations: pd.DataFrame, rules: pd.DataFrame) -> pa.Table:
    """Return the information d of each indicator by the rules pca and scatter.

    Parameters
    ----------
    correlations
        Rows of int_indicator_correlations.
    rules
        Rows of int_weight_rules_listed.

    """
    wanted = rules.loc[rules["weighting"].isin(RULES), ["method_id", "weighting"]]
    wanted = wanted.drop_duplicates().sort_values(["method_id", "weighting"])
    rows = []
    for method_id, weighting in wanted.itertuples(index=False):
        own = correlations[correlations["method_id"] == method_id]
        for scope, pairs in own.groupby(SCOPE, sort=True):
            study_id, _, system_id, scope_year = scope
            names, matrix = correlation_matrix(pairs)
            rule = principal if weighting == "pca" else scatter
            found = rule(matrix) if len(names) > 1 else np.ones(len(names))
            rows += [
                (study_id, method_id, weighting, system_id, name, scope_year, value)
                for name, value in zip(names, found.tolist(), strict=True)
            ]
    columns = list(zip(*rows, strict=True)) or [() for _ in SCHEMA]
    arrays = [
        pa.array(column, field.type)
        for column, field in zip(columns, SCHEMA, strict=True)
    ]
    return pa.table(arrays, schema=SCHEMA)


def correlation_matrix(pairs: pd.DataFrame) -> tuple[list[str], np.ndarray]:
    """Return the indicators that correlate with any other, and their matrix.

    A correlation that is unknown counts as 0.
    """
    known = pairs.dropna(subset=["correlation"])
    names = sorted(set(known["indicator_id"]))
    wide = known.pivot(
        index="indicator_id", columns="other_indicator_id", values="correlation"
    )
    matrix = wide.reindex(index=names, columns=names).to_numpy(dtype=float)
    matrix = np.where(np.isnan(matrix), 0.0, matrix)
    np.fill_diagonal(matrix, 1.0)
    return names, (matrix + matrix.T) / 2


def principal(matrix: np.ndarray) -> np.ndarray:
    """Return sum over components of |loading| / sqrt(eigenvalue) x share of variance.

    Components are those with an eigenvalue above 1 (Kaiser 1960). A loading is the
    element of the eigenvector times sqrt(eigenvalue), and the share of variance the
    eigenvalue over the number of indicators. Zeros where no component is above 1.
    """
    eigenvalues, vectors = np.linalg.eigh(matrix)
    kept = eigenvalues > 1 + ROUNDING
    return np.abs(vectors[:, kept]) @ (eigenvalues[kept] / len(matrix))


def scatter(matrix: np.ndarray) -> np.ndarray:
    """Return the eigenvector of the largest eigenvalue, taken absolute, summing to 1.

    Vertical and horizontal scatter degree (Guo 2012): the weights that spread the
    weighted sums most over regions and years, the eigenvector of sum_t A_t' A_t. With
    A the panel standardised by mean and sd over the scope, that sum is N - 1 times the
    correlation matrix.
    """
    vector = np.abs(np.linalg.eigh(matrix)[1][:, -1])
    return vector / vector.sum()
