"""From a wide frame to the rows of a study, as the seed tables have them.

The study is a user's own: its regions, series and figures are those of the frame, and
none of the warehouse.
"""

# ruff: noqa: RUF001, Chinese has signs of its own

import csv
import hashlib
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from coupling.base.names import known
from coupling.base.paths import Paths
from coupling.panels.headings import NO_UNIT
from coupling.panels.rows import Source, StudyRows

STUDY = "study"
# what stands for the file that there is none of
FRAME = "a frame"
NAMES_SHOWN = 5
# a name that serves as an id, and as the name of a variable once more begins it
PLAIN = re.compile(r"[A-Za-z]\w{0,27}", re.ASCII)
# an aggregation in the label of a method
AGGREGATIONS = {
    "linear": ("weighted sum", "加权求和"),
    "geometric": ("weighted geometric mean", "加权几何平均"),
    "topsis": ("TOPSIS closeness", "TOPSIS贴近度"),
}


def from_frame(
    frame: pd.DataFrame,
    systems: dict[str, list[str]],
    *,
    negative: list[str],
    method: str,
    region: str,
    year: str,
    weights: Mapping[str, float] | None = None,
    units: Mapping[str, str] | None = None,
    contributions: Mapping[str, float] | None = None,
    grade_scheme: str,
    name: str,
) -> StudyRows:
    """Return the rows of a study; `coupling.study` tells what each parameter is.

    Raises
    ------
    ValueError
        What is given is no study; the message says what was found and expected.

    """
    columns = [column for listed in systems.values() for column in listed]
    _check_systems(systems, columns)
    for what, named in (
        ("systems", columns),
        ("negative", negative),
        ("weights", list(weights or {})),
        ("units", list(units or {})),
    ):
        _check_columns(what, named, list(frame) if what == "systems" else columns)
    _check_columns("region and year", [region, year], list(frame))
    figures = _figures(frame, columns, region, year)
    if weights is not None:
        _check_weights(weights, columns)
        made = _with_given_weights(method)
    else:
        made = None
    shares = _contributions(systems, contributions)

    ids = _ids(columns)
    codes = list(dict.fromkeys(figures["region_code"]))
    tables = {
        "studies": [
            {
                "study_id": STUDY,
                "label": name,
                "label_zh": name,
                "first_year": int(figures["year"].min()),
                "last_year": int(figures["year"].max()),
                "default_method_id": made["method_id"] if made else method,
                "grade_scheme_id": grade_scheme,
            }
        ],
        "systems": [
            {
                "study_id": STUDY,
                "system_id": f"s{place}",
                "position": place,
                "label": system,
                "label_zh": system,
                "contribution": shares[system],
            }
            for place, system in enumerate(systems, 1)
        ],
        "indicators": _indicator_rows(
            systems, ids, negative, weights or {}, units or {}
        ),
        "study_regions": [{"study_id": STUDY, "region_code": code} for code in codes],
        "regions": [
            {"region_code": code, "region": code, "name_zh": code} for code in codes
        ],
        "series": [
            {
                "series_id": f"{STUDY}__{ids[column]}",
                "chapter": "own",
                "label": column,
                "label_zh": column,
                "unit": (units or {}).get(column, NO_UNIT),
            }
            for column in columns
        ],
    }
    if made:
        tables["methods"] = [made]
    return StudyRows(
        STUDY,
        {table: pd.DataFrame(rows) for table, rows in tables.items()},
        figures.rename(columns={c: f"{STUDY}__{ids[c]}" for c in columns}),
        Source(FRAME, _digest(figures)),
    )


def _indicator_rows(
    systems: dict[str, list[str]],
    ids: dict[str, Any],
    negative: list[str],
    weights: Mapping[str, float],
    units: Mapping[str, str],
) -> list[dict[str, Any]]:
    columns = [column for listed in systems.values() for column in listed]
    return [
        {
            "study_id": STUDY,
            "system_id": f"s{place}",
            "criterion": system,
            "criterion_zh": system,
            "indicator_id": ids[column],
            "position": columns.index(column) + 1,
            "label": column,
            "label_zh": column,
            "unit": units.get(column, NO_UNIT),
            "direction": "-" if column in negative else "+",
            "operator": "identity",
            "numerator": f"{STUDY}__{ids[column]}",
            "scale": 1.0,
            "given_weight": weights.get(column),
            "status": "measured",
        }
        for place, (system, listed) in enumerate(systems.items(), 1)
        for column in listed
    ]


def _ids(columns: list[Any]) -> dict[str, Any]:
    """Return an id for each column: its name if that is a short word, else a number.

    All are X and a number if two would have the same id.
    """
    ids = {
        column: str(column) if PLAIN.fullmatch(str(column)) else f"X{place}"
        for place, column in enumerate(columns, 1)
    }
    if len({name.casefold() for name in ids.values()}) < len(columns):
        ids = {column: f"X{place}" for place, column in enumerate(columns, 1)}
    return ids


def _check_systems(systems: dict[str, list[str]], columns: list[str]) -> None:
    if len(systems) < 2:
        raise ValueError(f"systems: found {len(systems)}; expected two or more")
    for system, listed in systems.items():
        if not listed:
            raise ValueError(
                f"system {system!r}: found no column; expected one or more"
            )
    twice = sorted({str(c) for c in columns if columns.count(c) > 1})
    if twice:
        raise ValueError(
            f"systems: found {_listed(twice)} twice; expected each column in one system"
        )


def _check_columns(what: str, named: list[Any], known: list[Any]) -> None:
    missing = [str(column) for column in named if column not in known]
    if missing:
        raise ValueError(
            f"{what}: found {_listed(missing)}; expected columns among "
            f"{', '.join(map(str, known))}"
        )


def _figures(
    frame: pd.DataFrame, columns: list[Any], region: str, year: str
) -> pd.DataFrame:
    """Return region_code, year and a number per column, sorted; check each cell."""
    found = pd.DataFrame({"region_code": frame[region], "year": frame[year]})
    for name, kind in (("region_code", region), ("year", year)):
        blank = found[name].isna()
        if blank.any():
            raise ValueError(
                f"column {kind}, row {found.index[blank][0]}: found a blank; expected "
                f"a {'region' if name == 'region_code' else 'year'}"
            )
    found["region_code"] = found["region_code"].astype(str).str.strip()
    found["year"] = _numbers(found["year"], year, "a calendar year").astype(int)
    for column in columns:
        found[column] = _numbers(frame[column], column, "a number or a blank")
    double = found.duplicated(["region_code", "year"])
    if double.any():
        row = found[double].iloc[0]
        raise ValueError(
            f"row {found.index[double][0]}: found {row['region_code']} in "
            f"{row['year']} a second time; expected one row per region and year"
        )
    return found.sort_values(["region_code", "year"], ignore_index=True)


def _numbers(column: pd.Series, name: str, expected: str) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce").astype("float64")
    wrong = (numbers.isna() & column.notna()) | numbers.abs().eq(float("inf"))
    if wrong.any():
        row = column.index[wrong][0]
        raise ValueError(
            f"column {name}, row {row}: found {column[row]!r}; expected {expected}"
        )
    return numbers


def _check_weights(weights: Mapping[str, float], columns: list[str]) -> None:
    for column in columns:
        weight = weights.get(column)
        if weight is None or not 0 <= weight < float("inf"):
            raise ValueError(
                f"weights: found {weight} for {column}; expected a number, 0 or above, "
                "for each column of the systems"
            )


def _with_given_weights(method: str) -> dict[str, Any] | None:
    """Return a method that is another but for its weights; None if they are given."""
    with (Paths().seeds / "studies" / "methods.csv").open(encoding="utf-8") as file:
        methods = {row["method_id"]: row for row in csv.DictReader(file)}
    row = methods[known("method", method, list(methods))]
    if row["weighting"] == "given":
        return None
    label, label_zh = AGGREGATIONS.get(row["aggregation"], (row["aggregation"],) * 2)
    return row | {
        "method_id": f"{method}_given",
        "label": f"Given weights, {label}",
        "label_zh": f"给定权重，{label_zh}",
        "weighting": "given",
    }


def _contributions(
    systems: dict[str, Any], given: Mapping[str, float] | None
) -> dict[str, float]:
    if given is None:
        return dict.fromkeys(systems, 1 / len(systems))
    if set(given) != set(systems) or abs(sum(given.values()) - 1) > 1e-9:
        raise ValueError(
            f"contributions: found {given}; expected one for each of "
            f"{', '.join(systems)}, adding up to 1"
        )
    return dict(given)


def _digest(figures: pd.DataFrame) -> str:
    """Return the SHA-256 of the figures, as a file of them would have it."""
    return hashlib.sha256(figures.to_csv(index=False).encode()).hexdigest()


def _listed(names: list[str]) -> str:
    more = len(names) - NAMES_SHOWN
    shown = ", ".join(names[:NAMES_SHOWN])
    return f"{shown} and {more} more" if more > 0 else shown
