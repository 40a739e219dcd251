"""Frames between the household models: survey by survey, long and wide."""

from collections.abc import Callable

import pandas as pd

from coupling.households.detectors import AMOUNTS, FAMILY_SIZE, RATIOS


def by_survey(frame: pd.DataFrame, step: Callable, columns: list[str]) -> pd.DataFrame:
    """Apply `step` to each survey alone and stack what comes back.

    `step` gets the rows of one survey and returns a frame without survey_id. The
    result has survey_id and then `columns`; with no survey at all it has no rows.
    """
    parts = []
    for survey_id, rows in frame.groupby("survey_id", sort=True):
        part = step(rows.drop(columns="survey_id").reset_index(drop=True))
        parts.append(part.assign(survey_id=survey_id)[["survey_id", *columns]])
    if not parts:
        return pd.DataFrame(columns=["survey_id", *columns])
    return pd.concat(parts, ignore_index=True)


def wide(frame: pd.DataFrame, names: str, values: str) -> pd.DataFrame:
    """Turn long rows of one survey into one row per household, sorted by it.

    `names` holds the new columns, `values` their values.
    """
    table = frame.pivot(index="household_id", columns=names, values=values)
    return table.rename_axis(columns=None).sort_index()


def parameters(frame: pd.DataFrame) -> dict:
    """Parameters by name from rows of parameter, value; whole numbers as int."""
    found = {}
    for name, text in zip(frame["parameter"], frame["value"], strict=True):
        try:
            number = float(text)
        except ValueError:
            found[name] = text
        else:
            found[name] = int(number) if number.is_integer() else number
    return found


def screened(survey: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Split one survey of int_households_explained into what the explanations take.

    Returns completed amounts, ratios and is_anomaly, each indexed by household_id.
    """
    indexed = survey.set_index("household_id").sort_index()
    amounts = indexed[[*AMOUNTS, FAMILY_SIZE]].astype(float)
    return amounts, indexed[list(RATIOS)], indexed["is_anomaly"].astype(bool)
