"""Multiple imputation of the amounts and the family size of a household survey."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

# the import that makes IterativeImputer available
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer

AMOUNTS = [
    "net_income_cny",
    "total_expenditure_cny",
    "total_assets_cny",
    "non_mortgage_debt_cny",
]
FAMILY_SIZE = "family_size"
NEVER_NEGATIVE = {*AMOUNTS} - {"net_income_cny"}
# what goes into the learner, so that the unit of money and the last bit do not matter
DECIMALS = 9


def impute(
    frame: pd.DataFrame, columns: Sequence[str], draws: int = 5, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fill the gaps of one survey by `draws` draws from the posterior, pooled.

    Each draw is scikit-learn's IterativeImputer (Bayesian ridge, sample_posterior),
    seeded with `seed` plus its number, on asinh(amount / median of the positive
    amounts) and log(family size). A filled cell is the mean of its draws in its own
    unit, beside the standard deviation between them (Rubin 1987, Multiple Imputation
    for Nonresponse in Surveys, section 3.1; missing for a single draw). Expenditure,
    assets and debt are at least 0, family size is in whole persons from 1.

    `frame` has household_id (unique) and float `columns`. Those without any value, or
    not there, stay as they are. Returns

    - completed: `frame` in its order, observed values untouched;
    - imputed: household_id, column_name, value, between_draw_sd, one row per filled
      cell, sorted.

    Raises ValueError for fewer than one draw.
    """
    if draws < 1:
        raise ValueError(f"imputation needs at least one draw, not {draws}")
    ids = frame["household_id"].to_numpy(dtype=object)
    order = np.argsort(ids)
    known = [name for name in columns if name in frame and frame[name].notna().any()]
    gaps = frame[known].isna().to_numpy()
    completed = frame.copy()
    if not gaps.any():
        return completed, _filled_cells([], [], [], [])

    values = frame[known].to_numpy(dtype=float)
    units = {name: _unit(frame[name]) for name in known}
    model = np.column_stack(
        [_to_model(name, values[order, j], units) for j, name in enumerate(known)]
    )
    drawn = np.empty((draws, *values.shape))
    for draw in range(draws):
        imputer = IterativeImputer(sample_posterior=True, random_state=seed + draw)
        filled = np.round(imputer.fit_transform(model), DECIMALS)
        for j, name in enumerate(known):
            drawn[draw, order, j] = _from_model(name, filled[:, j], units)
    pooled = drawn.mean(axis=0)
    spread = drawn.std(axis=0, ddof=1) if draws > 1 else np.full(values.shape, np.nan)

    parts = []
    for j, name in enumerate(known):
        rows = order[gaps[order, j]]
        value = pooled[rows, j]
        if name == FAMILY_SIZE:
            value = np.maximum(np.round(value), 1)
        column = values[:, j].copy()
        column[rows] = value
        completed[name] = column
        parts.append((ids[rows], [name] * len(rows), value, spread[rows, j]))
    return completed, _filled_cells(*map(np.concatenate, zip(*parts, strict=True)))


def _unit(column: pd.Series) -> float:
    """Median of the positive values, 1 if there is none."""
    positive = column[column > 0]
    return float(positive.median()) if len(positive) else 1.0


def _to_model(name: str, column: np.ndarray, units: dict[str, float]) -> np.ndarray:
    if name == FAMILY_SIZE:
        return np.round(np.log(np.where(column > 0, column, np.nan)), DECIMALS)
    return np.round(np.arcsinh(column / units[name]), DECIMALS)


def _from_model(name: str, column: np.ndarray, units: dict[str, float]) -> np.ndarray:
    if name == FAMILY_SIZE:
        return np.exp(column)
    amount = np.sinh(column) * units[name]
    return np.maximum(amount, 0) if name in NEVER_NEGATIVE else amount


def _filled_cells(ids, names, values, spreads) -> pd.DataFrame:
    cells = pd.DataFrame(
        {
            "household_id": pd.Series(ids, dtype="str"),
            "column_name": pd.Series(names, dtype="str"),
            "value": pd.Series(values, dtype=float),
            "between_draw_sd": pd.Series(spreads, dtype=float),
        }
    )
    return cells.sort_values(["household_id", "column_name"], ignore_index=True)
