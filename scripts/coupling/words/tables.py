"""Frames shaped into the rows that the templates print.

Rows are plain dictionaries with None where there is no value, never NaN.
"""

import re
from functools import reduce
from itertools import groupby, zip_longest
from math import fsum
from typing import Any

import numpy as np
import pandas as pd

from coupling.words.in_both import Both, in_both
from coupling.words.language import _, named

EN_DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
# between offices in one cell, in English and in Chinese
BETWEEN_OFFICES = re.compile(r"; *|\N{FULLWIDTH SEMICOLON}")
TIMES = "\N{MULTIPLICATION SIGN}"
TOP_OBSTACLES = 8
SMALLEST_CHANGE = 0.0005  # what rounds to 0.000 is told as no change
NAMES_LISTED = 12
ORIGINS = {
    "interpolated": "interpolated between known years",
    "carried": "taken from the nearest known year",
    "missing": "missing, no figure in any year",
    "base_not_positive": "without a meaning, the base is zero or below",
}
# features and detectors of household surveys, as words
FEATURES = [
    *("net income", "total expenditure", "total assets", "non-mortgage debt"),
    *("family size", "per capita income", "income expenditure ratio"),
    *("asset debt ratio", "asset income ratio", "three sigma", "isolation forest"),
    *("local outlier factor", "vote", "mean rank"),
]


def records(frame: pd.DataFrame) -> list[dict]:
    """Return the rows as dictionaries, None for missing values."""
    columns = [_values(column) for _name, column in frame.items()]
    names = list(frame)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _values(column: pd.Series) -> list:
    """Values of a column, None where one is missing; all but objects the short way."""
    if isinstance(column.dtype, pd.StringDtype):
        return column.to_numpy(object, na_value=None).tolist()
    kind = column.dtype.kind if isinstance(column.dtype, np.dtype) else ""
    if kind in ("i", "u", "b"):
        return column.tolist()
    if kind == "f":
        return [None if value != value else value for value in column.tolist()]
    return [
        None if missing else value
        for value, missing in zip(column.tolist(), column.isna(), strict=True)
    ]


def joined(names: list[str]) -> str:
    """Return 'A', 'A and B' or 'A, B and C'; names past the twelfth are counted."""
    if len(names) > NAMES_LISTED:
        more = len(names) - NAMES_LISTED
        names = [*names[:NAMES_LISTED], _("{number} more").format(number=more)]
    if not names[1:]:
        return "".join(names)
    return _("{listed} and {last}").format(
        listed=_(", ").join(names[:-1]), last=names[-1]
    )


def joined_clauses(clauses: list[str]) -> str:
    """Return 'A', 'A and B' or 'A, B and C' of what is said, not of names."""
    *before, last = clauses
    if not before:
        return last
    comma = _("{before}, {after}")
    start = reduce(lambda a, b: comma.format(before=a, after=b), before)
    return _("{clauses} and {last}").format(clauses=start, last=last)


def joined_list(names: list[str]) -> str:
    """Return the names one after the other: 'A, B, C'."""
    return _(", ").join(names)


def coded(code: str, name: str) -> str:
    """Return 'X1 Output', or the name alone where the code says the same."""
    return name if code.casefold() == name.casefold() else f"{code} {name}"


def in_brackets(text: str) -> str:
    """Return what is added to a name, in the brackets of the language spoken."""
    return _(" ({added})").format(added=text)


def degree(value: float | None) -> str:
    """Return a number with three decimals, a dash for none."""
    return EN_DASH if value is None else f"{value:.3f}"


def percent(share: float | None) -> str:
    """Return a share as a percentage with one decimal, a dash for none."""
    return EN_DASH if share is None else f"{share:.1%}"


def signed(number: float, decimals: int = 3) -> str:
    """Return a number with its sign and decimals, zero without a sign."""
    text = f"{number:+.{decimals}f}"
    return text[1:] if float(text) == 0 else text.replace("-", MINUS)


def contribution(value: float | None) -> str:
    """Return a signed part with four decimals, a dash for none."""
    return EN_DASH if value is None else signed(value, 4)


def year_span(years: list[int]) -> str:
    """Return ascending years in short: runs as first and last, joined by a dash."""
    runs = [
        [year for _, year in run]
        for _, run in groupby(enumerate(years), key=lambda pair: pair[1] - pair[0])
    ]
    return ", ".join(
        str(run[0]) if len(run) == 1 else f"{run[0]}{EN_DASH}{run[-1]}" for run in runs
    )


def by_year(frame: pd.DataFrame, key: str, value: str) -> dict[Any, dict]:
    """Return {key: {year: value}} of a frame with one row per key and year."""
    cells: dict[Any, dict] = {}
    for row in records(frame):
        cells.setdefault(row[key], {})[row["year"]] = row[value]
    return cells


def yearly_means(scores: pd.DataFrame, coupling: pd.DataFrame) -> list[dict]:
    """Return one row per year: mean C, T and D, and `scores` by system_id.

    Parameters
    ----------
    scores
        `study/mean_scores`.
    coupling
        `study/mean_coupling`.

    """
    score_of = {
        year: dict(zip(rows["system_id"], rows["score"], strict=True))
        for year, rows in scores.groupby("year")
    }
    return [{**row, "scores": score_of[row["year"]]} for row in records(coupling)]


def grade_table(grades: pd.DataFrame, counts: pd.DataFrame) -> list[dict]:
    """Return one row per grade, the highest first, with regions by year in `counts`.

    A last row with no `grade_level` counts the regions without a grade, if there are
    any.

    Parameters
    ----------
    grades
        `study/grades`.
    counts
        `study/grade_counts`.

    """
    cells = by_year(counts, "grade_level", "region_count")
    rows = [
        {**grade, "counts": cells.get(grade["grade_level"], {})}
        for grade in reversed(records(grades))
    ]
    if None in cells:
        rows.append({"grade_level": None, "counts": cells[None]})
    return rows


def graded_regions(grades: pd.DataFrame, results: pd.DataFrame) -> list[dict]:
    """Return one row per grade, the lowest first, with names by year in `regions`.

    Parameters
    ----------
    grades
        `study/grades`.
    results
        `study/results`.

    """
    ordered = results.sort_values(["degree", "region_code"], ascending=[False, True])
    names = {
        key: list(rows["region"])
        for key, rows in ordered.groupby(["grade_level", "year"])
    }
    years = sorted(results["year"].unique())
    return [
        {
            **grade,
            "regions": {
                int(year): joined_list(names.get((grade["grade_level"], year), []))
                for year in years
            },
        }
        for grade in records(grades)
    ]


def group_table(groups: pd.DataFrame) -> dict[str, dict]:
    """Return {group: {year: mean D}}.

    Parameters
    ----------
    groups
        `study/group_means`.

    """
    return by_year(groups, "belt", "degree")


def top_obstacles(obstacles: pd.DataFrame) -> list[dict]:
    """Return one row per year with its eight largest `obstacles`, in order of rank.

    Parameters
    ----------
    obstacles
        `study/indicator_obstacles`.

    """
    return [
        {"year": year, "obstacles": records(rows.head(TOP_OBSTACLES))}
        for year, rows in obstacles.groupby("year")
    ]


def obstacle_legend(obstacles: pd.DataFrame) -> list[dict]:
    """Return the indicators among the eight largest of any year, the first one first.

    Parameters
    ----------
    obstacles
        `study/indicator_obstacles`.

    """
    top = obstacles.groupby("year").head(TOP_OBSTACLES)
    return records(top.drop_duplicates("indicator_id")[["indicator_id", "label"]])


def criterion_table(obstacles: pd.DataFrame) -> list[dict]:
    """Return one row per criterion with its obstacle degree by year in `degrees`.

    Parameters
    ----------
    obstacles
        `study/criterion_obstacles`.

    """
    cells = by_year(obstacles, "item_id", "obstacle_degree")
    criteria = obstacles.drop_duplicates("item_id")
    return [{**row, "degrees": cells[row["item_id"]]} for row in records(criteria)]


def weight_table(weights: pd.DataFrame) -> list[dict]:
    """Return systems, each with `criteria`, each with `indicators` and its `weight`.

    Parameters
    ----------
    weights
        `study/weights`.

    """
    table = []
    for system_id, in_system in groupby(records(weights), lambda row: row["system_id"]):
        criteria = []
        for criterion, group in groupby(in_system, lambda row: row["criterion"]):
            rows = list(group)
            known = [row["weight"] for row in rows if row["weight"] is not None]
            criteria.append(
                {
                    "criterion": criterion,
                    "weight": fsum(known) if known else None,
                    "indicators": rows,
                }
            )
        first = criteria[0]["indicators"][0]
        table.append(
            {
                "system_id": system_id,
                "system": first["system"],
                "contribution": first["contribution"],
                "criteria": criteria,
            }
        )
    return table


def coverage_table(indicators: pd.DataFrame, sources: pd.DataFrame) -> list[dict]:
    """Return systems, each with `indicators` that with derivation, notes and sources.

    An indicator without a figure has the sources stated for its series.

    Parameters
    ----------
    indicators
        `study/indicators`.
    sources
        `study/indicator_sources`.

    """
    behind = {
        indicator: records(rows) for indicator, rows in sources.groupby("indicator_id")
    }
    rows = [
        {
            **row,
            "label": named(row),
            "criterion": named(row, "criterion"),
            "derivation": derivation(row),
            "notes": _notes(row, behind.get(row["indicator_id"])),
            "sources": _sources(row, behind.get(row["indicator_id"])),
        }
        for row in records(indicators)
    ]
    return [
        {"system": system, "indicators": list(group)}
        for system, group in groupby(rows, lambda row: row["system"])
    ]


def derivation(indicator: dict) -> str | None:
    """Return the operator and its series in words; None where nothing is derived."""
    a, b = indicator["a_label"], indicator["b_label"]
    match indicator["operator"]:
        case None:
            return None
        case "identity":
            formula = a
        case "ratio":
            formula = f"{a} / {b}"
        case "per_area":
            formula = _("{a} / land area").format(a=a)
        case "growth_pct":
            formula = _("100 ({a} / the year before {minus} 1)").format(
                a=a, minus=MINUS
            )
        case "location_quotient":
            formula = _("({a} / {b}) / the same of the country").format(a=a, b=b)
        case "perpetual_inventory":
            formula = _(
                "stock of {a}, price index {b}, δ = {depreciation}, g = {growth}"
            ).format(
                a=a,
                b=b,
                depreciation=f"{indicator['depreciation_rate']:g}",
                growth=f"{indicator['initial_growth_rate']:g}",
            )
        case _:
            formula = ", ".join(filter(None, [a, b]))
    if indicator["scale"] not in (None, 1):
        formula = f"{formula} {TIMES} {indicator['scale']:g}"
    return f"{_(indicator['operator'].replace('_', ' '))}{_(': ')}{formula}"


def imputed_table(cells: pd.DataFrame, region_count: int) -> list[dict]:
    """Return one row per indicator, origin and set of years: its regions and cells.

    Parameters
    ----------
    cells
        `study/imputed_cells`.
    region_count
        Regions of the study; a row that has them all says so instead of their names.

    """
    return [
        {
            "indicator_id": row["indicator_id"],
            "label": row["label"],
            "origin": _(ORIGINS.get(row["value_origin"], row["value_origin"])),
            "years": year_span(row["years"]),
            "regions": _regions(list(row["regions"]), region_count),
            "cells": len(row["regions"]) * len(row["years"]),
        }
        for row in records(cells)
    ]


def method_table(degrees: pd.DataFrame) -> list[dict]:
    """Return one row per method: mean D and how alike it ranks the regions.

    `rank_correlation` is Spearman's, with the default method, over the regions that
    both compute; None where fewer than two differ, or for the default itself.

    Parameters
    ----------
    degrees
        `study/degrees_by_method`.

    """
    value = "coupling_coordination_degree"
    by_method = {
        (method, is_default): rows.set_index("region_code")[value].round(12)
        for (method, is_default), rows in degrees.groupby(
            ["method", "is_default_method"], sort=False
        )
    }
    default = next((d for (_, is_default), d in by_method.items() if is_default), None)
    return [
        {
            "method": method,
            "is_default": is_default,
            "region_count": len(values),
            "mean_degree": fsum(values) / len(values),
            "rank_correlation": (
                None if is_default else _rank_correlation(values, default)
            ),
        }
        for (method, is_default), values in by_method.items()
    ]


def publishers(series: pd.DataFrame) -> list[Both]:
    """Return the distinct offices behind the series, in alphabetical order.

    A user's own figures come from the user's files, which follow.

    Parameters
    ----------
    series
        `study/series_used`.

    """
    is_own = series["figure_origin"] == "workspace"
    offices = {
        # an office that is named in one language is so named in both
        Both(office or in_chinese, in_chinese or office)
        for row in records(series[~is_own])
        for office, in_chinese in zip_longest(
            BETWEEN_OFFICES.split(row["publisher"]),
            BETWEEN_OFFICES.split(row["publisher_zh"]),
            fillvalue="",
        )
    }
    files = sorted(set(series.loc[is_own, "title"]))
    return sorted(offices) + [in_both("{file}, a user's own", file=f) for f in files]


def _sources(indicator: dict, behind: list[dict] | None) -> list[dict]:
    stated = [
        {"title": indicator[f"{part}_title"], "quality": indicator[f"{part}_quality"]}
        for part in ("a", "b")
        if indicator[f"{part}_title"] is not None
    ]
    told = [{name: row[name] for name in ("title", "quality")} for row in behind or []]
    sources = told or stated
    return [row for place, row in enumerate(sources) if row not in sources[:place]]


def _notes(indicator: dict, behind: list[dict] | None) -> list[str]:
    stated = [(indicator, f"{part}_quality_note") for part in ("a", "b")]
    told = [(row, "quality_note") for row in behind] if behind else stated
    given = [(indicator, "coverage_note"), *told]
    # compared in English
    known = {row[name]: named(row, name) for row, name in given}
    notes = [note for note in known if note]
    parts = [note.casefold().split("; ") for note in notes]
    # a note is left out where a longer one, or an earlier one, says all of it
    return [
        known[note]
        for place, note in enumerate(notes)
        if not any(
            set(parts[place]) <= set(other)
            and (len(parts[place]) < len(other) or before < place)
            for before, other in enumerate(parts)
            if before != place
        )
    ]


def _regions(regions: list[str], region_count: int) -> str:
    if len(regions) == region_count > 1:
        return _("all {number} regions").format(number=region_count)
    return joined(regions)


def _rank_correlation(values: pd.Series, default: pd.Series | None) -> float | None:
    if default is None:
        return None
    both = pd.concat([values, default], axis=1, join="inner").sort_index()
    if (both.nunique() < 2).any():
        return None
    ranks = both.rank()
    return float(ranks.iloc[:, 0].corr(ranks.iloc[:, 1]))


def feature_label(code: str) -> str:
    """Return the code of a feature or detector as words, without its currency."""
    words = code.removesuffix("_cny").replace("_", " ")
    return _(words.replace("non mortgage", "non-mortgage"))


def detector_table(detectors: pd.DataFrame) -> list[dict]:
    """Return one row per detector, with `also`: {detector: flagged by both}.

    Parameters
    ----------
    detectors
        `households/detectors`.

    """
    return [
        {
            **row,
            "also": {
                other: row.get(f"also_{other}_count") for other in detectors["detector"]
            },
        }
        for row in records(detectors)
    ]


def loading_table(loadings: pd.DataFrame) -> list[dict]:
    """Return one row per feature, with `loadings`: {component: loading}.

    Parameters
    ----------
    loadings
        `households/component_loadings`.

    """
    cells: dict[str, dict[int, float]] = {}
    for row in records(loadings):
        cells.setdefault(row["feature"], {})[row["component"]] = row["loading"]
    return [
        {"label": feature_label(feature), "loadings": by_component}
        for feature, by_component in cells.items()
    ]


def profile_columns(profiles: pd.DataFrame) -> list[dict]:
    """Return the medians that some cluster has: column, label and whether money.

    Parameters
    ----------
    profiles
        `households/cluster_profiles`.

    """
    medians = [column for column in profiles if column.startswith("median_")]
    return [
        {
            "column": column,
            "label": feature_label(column.removeprefix("median_")),
            "is_money": column.endswith("_cny") or column == "median_per_capita_income",
        }
        for column in medians
        if profiles[column].notna().any()
    ]


def forest_metrics(classifier: pd.DataFrame) -> dict[str, dict[str, float | None]]:
    """Return {metric: {about: value}} of the forest and of the cut on debt.

    Parameters
    ----------
    classifier
        `households/classifier`.

    """
    metrics: dict[str, dict[str, float | None]] = {}
    for row in records(classifier):
        metrics.setdefault(row["metric"], {})[row["about"]] = row["value"]
    return metrics


def importances(metrics: dict[str, dict[str, float | None]]) -> list[dict]:
    """Return label, mean and sd of each feature, the most important first.

    Parameters
    ----------
    metrics
        `forest_metrics`.

    """
    means = metrics.get("importance_mean", {})
    spread = metrics.get("importance_sd", {})
    rows = [
        {"label": feature_label(feature), "mean": mean, "sd": spread.get(feature)}
        for feature, mean in means.items()
        if mean is not None
    ]
    return sorted(rows, key=lambda row: (-row["mean"], row["label"]))
