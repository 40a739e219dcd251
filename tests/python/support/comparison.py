"""Compare marts with the frames of the reference implementation, row by row."""

from pathlib import Path

import numpy as np
import pandas as pd
import projects

TOLERANCE = 1e-9

KEYS = {
    "fct_indicator_values": [
        "study_id",
        "method_id",
        "indicator_id",
        "region_code",
        "year",
    ],
    "fct_indicator_weights": ["study_id", "method_id", "indicator_id", "year"],
    "fct_system_scores": ["study_id", "method_id", "system_id", "region_code", "year"],
    "fct_coupling": ["study_id", "method_id", "region_code", "year"],
    "fct_obstacles": ["study_id", "method_id", "region_code", "year", "indicator_id"],
    "fct_obstacle_rankings": [
        "study_id",
        "method_id",
        "region_code",
        "year",
        "level",
        "item_id",
    ],
    "fct_indicator_contributions": [
        "study_id",
        "method_id",
        "region_code",
        "year",
        "indicator_id",
    ],
    "qc_study_coverage": ["study_id"],
}


def differences(database: Path, name: str, expected: pd.DataFrame) -> list[str]:
    """Say where a table and the reference differ: rows, texts, or numbers by > 1e-9.

    All columns of `expected` are compared; a missing value equals a missing value.
    """
    schema = "quality" if name.startswith("qc_") else "marts"
    found = projects.table(database, f"select * from {schema}.{name}")
    return between(found, name, expected)


def between(found: pd.DataFrame, name: str, expected: pd.DataFrame) -> list[str]:
    """Say where the rows found of a table and those of the reference differ."""
    key = KEYS[name]
    found, expected = (_keyed(frame, key) for frame in (found, expected))
    if not found.index.equals(expected.index):
        odd = found.index.symmetric_difference(expected.index)
        return [f"{len(odd)} rows on one side only, such as {odd[0]}"]
    said = []
    for column in expected.columns:
        bad = _differs(found[column], expected[column])
        if bad.any():
            where = expected.index[bad][0]
            said.append(
                f"{column}: {bad.sum()} of {len(bad)} differ; at {where} "
                f"{found[column][bad].iloc[0]!r} is not "
                f"{expected[column][bad].iloc[0]!r}"
            )
    return said


def _keyed(frame: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    frame = frame.copy()
    frame["year"] = frame["year"].fillna(0).astype(int) if "year" in frame else 0
    frame = frame.set_index(key).sort_index()
    assert frame.index.is_unique
    return frame


def _differs(found: pd.Series, expected: pd.Series) -> np.ndarray:
    missing = expected.isna().to_numpy()
    if pd.api.types.is_numeric_dtype(expected):
        numbers = found.to_numpy(dtype=float, na_value=np.nan)
        with np.errstate(invalid="ignore"):
            gap = np.abs(numbers - expected.to_numpy(dtype=float, na_value=np.nan))
        agrees = gap <= TOLERANCE
    else:
        agrees = (found.astype(object) == expected.astype(object)).to_numpy()
    return np.where(missing, found.notna().to_numpy(), ~agrees)
