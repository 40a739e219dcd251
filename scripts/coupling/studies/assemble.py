"""From a panel and what was chosen about it to the rows of a study."""

# ruff: noqa: RUF001, Chinese has signs of its own

import csv
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from coupling.base.names import nearest
from coupling.base.texts import key
from coupling.landing.dictionary import Dictionary, Series
from coupling.landing.figures import convert
from coupling.panels.headings import NO_UNIT, is_chinese
from coupling.panels.panel import Panel, PanelError, place_of, wrong
from coupling.panels.places import Place, name_columns
from coupling.panels.rows import Source, StudyRows
from coupling.studies.choices import (
    DEFAULT_GRADES,
    DEFAULT_METHOD,
    Choices,
    in_chinese,
    refuse,
    slug,
)
from coupling.words.in_both import Both

# sets of a study's own are called so in methods.csv
OWN_SET = "own"
# methods with given weights, where none is listed in methods.csv
GIVEN = {
    "given_linear": ("linear", "weighted sum", "加权求和", "exact", None),
    "given_topsis": ("topsis", "TOPSIS closeness", "TOPSIS贴近度", "exact", None),
    "given_geometric": (
        "geometric",
        "weighted geometric mean after mapping to [0.01, 1]",
        "平移至[0.01, 1]后加权几何平均",
        "shift",
        0.01,
    ),
}


@dataclass(frozen=True)
class Known:
    """Methods, grade schemes and series that are there already."""

    methods: dict[str, dict[str, Any]]
    grade_schemes: list[str]
    shipped_series: frozenset[str]
    shipped_studies: frozenset[str]
    method_columns: frozenset[str]
    has_goalposts: bool


def load_known(seeds: Path, workspace: Path) -> Known:
    """Read what the seeds and the workspace have."""
    methods, schemes = {}, []
    for folder in (seeds, workspace):
        for row in _rows(folder / "studies" / "methods.csv"):
            methods[row["method_id"]] = row
        for row in _rows(folder / "reference" / "grade_schemes.csv"):
            if row["grade_scheme_id"] not in schemes:
                schemes.append(row["grade_scheme_id"])
    series = _rows(seeds / "reference" / "series.csv")
    studies = _rows(seeds / "studies" / "studies.csv")
    return Known(
        methods,
        schemes,
        frozenset(row["series_id"] for row in series),
        frozenset(row["study_id"] for row in studies),
        frozenset(next(iter(methods.values()), {})),
        (seeds / "studies" / "goalposts.csv").exists(),
    )


def known_series(
    panel: Panel, used: list[int], dictionary: Dictionary, known: Known
) -> dict[int, Series]:
    """Shipped series that headings name, in a unit that converts to theirs."""
    found = {}
    for place in used:
        one = panel.indicators[place]
        series_id = dictionary.series_of(one.label) or dictionary.series_of(one.heading)
        if series_id not in known.shipped_series:
            continue
        series = dictionary.series[series_id]
        unit, own = dictionary.unit(one.unit), dictionary.unit(series.unit)
        if unit and own and unit.dimension == own.dimension:
            found[place] = series
    return found


def assemble(
    panel: Panel,
    choices: Choices,
    places: dict[str, Place],
    joined: dict[int, Series],
    dictionary: Dictionary,
    known: Known,
) -> StudyRows:
    """Return the rows of a study.

    `places` says which region each name is; `joined` which indicators stand in a
    shipped series. Raises ChoiceError for a name that is not there or is taken, and
    PanelError for a region that stands under two names with two figures.
    """
    study_id = choices.study_id
    if study_id in known.shipped_studies:
        refuse(
            f"{study_id} is the name of a shipped study; expected another, by --name",
            f"{study_id} 是随附研究的名称；请用 --name 另取名称",
        )
    used = choices.used
    method, made = _method(choices, known)
    scheme = _grade_scheme(choices, known)
    series = {
        place: joined[place].series_id if place in joined else f"{study_id}__x{number}"
        for number, place in enumerate(used, 1)
    }
    units = {place: _unit(panel, choices, place, joined) for place in used}
    figures = _figures(panel, choices, places, series, joined, dictionary)
    codes = list(dict.fromkeys(places[name].region_code for name in panel.regions))
    tables = {
        "studies": [
            {
                "study_id": study_id,
                **_labels(choices.label),
                "first_year": choices.first_year,
                "last_year": choices.last_year,
                "default_method_id": method,
                "grade_scheme_id": scheme,
            }
        ],
        "systems": _system_rows(choices),
        "indicators": _indicator_rows(panel, choices, series, units),
        "study_regions": [{"study_id": study_id, "region_code": c} for c in codes],
        "regions": [
            {"region_code": one.region_code, **name_columns(one.name)}
            for one in {p.region_code: p for p in places.values()}.values()
            if not one.is_known
        ],
        "series": [
            {
                "series_id": series[place],
                "chapter": "own",
                **_labels(panel.indicators[place].label),
                "unit": units[place],
            }
            for place in used
            if place not in joined
        ],
        "grade_schemes": [
            {
                "grade_scheme_id": scheme,
                "level": level,
                "lower": one.lower,
                "upper": one.upper,
                **_labels(one.grade, "grade", "grade_zh"),
            }
            for level, one in enumerate(choices.grades, 1)
        ],
        "methods": made,
        "goalposts": _goalpost_rows(choices) if known.has_goalposts else [],
    }
    return StudyRows(
        study_id,
        {name: pd.DataFrame(rows) for name, rows in tables.items() if rows},
        figures,
        Source(panel.file_name, panel.sha256),
        panel.rejected,
    )


def _system_rows(choices: Choices) -> list[dict[str, Any]]:
    ids = _system_ids(choices)
    return [
        {
            "study_id": choices.study_id,
            "system_id": ids[name],
            "position": position,
            **_labels(name),
            "contribution": choices.contributions[name],
        }
        for position, name in enumerate(choices.systems, 1)
    ]


def _indicator_rows(
    panel: Panel, choices: Choices, series: dict[int, str], units: dict[int, str]
) -> list[dict[str, Any]]:
    ids = _system_ids(choices)
    return [
        {
            "study_id": choices.study_id,
            "system_id": ids[choices.system_of(place)],
            **_labels(choices.criteria.get(place, ""), "criterion", "criterion_zh"),
            "indicator_id": f"X{number}",
            "position": number,
            **_labels(panel.indicators[place].label),
            "unit": units[place],
            "direction": choices.directions[place],
            "operator": "identity",
            "numerator": series[place],
            "scale": 1.0,
            "given_weight": choices.weights.get(place),
            "status": "measured",
        }
        for number, place in enumerate(choices.used, 1)
    ]


def _goalpost_rows(choices: Choices) -> list[dict[str, Any]]:
    return [
        {
            "goalpost_set_id": OWN_SET,
            "study_id": choices.study_id,
            "indicator_id": f"X{number}",
            "low": choices.goalposts[place][0],
            "high": choices.goalposts[place][1],
        }
        for number, place in enumerate(choices.used, 1)
        if place in choices.goalposts
    ]


def without_figures(rows: StudyRows) -> StudyRows:
    """Return a study whose figures are all shipped: it has none of its own, no file."""
    keys = rows.figures[["region_code", "year"]].iloc[:0]
    return replace(rows, figures=keys, source=None)


def _labels(
    text: str, english: str = "label", chinese: str = "label_zh"
) -> dict[str, Any]:
    """A text in the column of its language; the other one blank."""
    return {
        english: None if is_chinese(text) else text or None,
        chinese: text if is_chinese(text) else None,
    }


def _system_ids(choices: Choices) -> dict[str, str]:
    found: dict[str, str] = {}
    for place, name in enumerate(choices.systems, 1):
        made = f"s{place}" if is_chinese(name) else slug(name)
        found[name] = f"s{place}" if made in found.values() else made
    return found


def _unit(panel: Panel, choices: Choices, place: int, joined: dict[int, Series]) -> str:
    if place in joined:
        return str(joined[place].unit)
    return choices.units.get(place) or panel.indicators[place].unit or NO_UNIT


def _method(choices: Choices, known: Known) -> tuple[str, list[dict[str, Any]]]:
    """The method, and its row where nobody has one yet."""
    asked = choices.method
    is_weighted = set(choices.used) <= choices.weights.keys()
    if not asked:
        given = (m for m, row in known.methods.items() if _takes_own_weights(row))
        asked = next(given, "given_linear") if is_weighted else DEFAULT_METHOD
    row = known.methods.get(asked)
    needs_weights = asked in GIVEN if row is None else _takes_own_weights(row)
    if row is None and asked not in GIVEN:
        near = nearest(asked, [*known.methods, *GIVEN])
        refuse(
            f"the method {asked} is not in methods.csv. {near}",
            f"methods.csv 中没有方法 {asked}。{in_chinese(near)}",
        )
    if needs_weights and not is_weighted:
        refuse(
            f"the method {asked} takes weights as given, and not every indicator has"
            " one; expected a column weight in the sheet indicators of the template",
            f"方法 {asked} 采用给定权重，但有指标没有权重；请在模板“指标”表填写权重列",
        )
    if asked in known.methods:
        return asked, []
    aggregation, label, label_zh, zero_rule, epsilon = GIVEN[asked]
    row = {
        "method_id": asked,
        "label": f"Given weights, {label}",
        "label_zh": f"给定权重，{label_zh}",
        "normalisation_scope": "panel",
        "zero_rule": zero_rule,
        "epsilon": epsilon,
        "weighting": "given",
        "aggregation": aggregation,
        "coupling_formula": "standard",
    }
    if "is_on_request" in known.method_columns:
        # for this study, and no other that does not name it
        row["is_on_request"] = 1
    return asked, [row]


def _takes_own_weights(row: dict[str, Any]) -> bool:
    """Say whether a method takes the weights that stand with the indicators."""
    return row["weighting"] == "given" and not row.get("weight_set_id")


def _grade_scheme(choices: Choices, known: Known) -> str:
    if choices.grades:
        _check_grades(choices)
        return f"{choices.study_id}__grades"
    asked = choices.grade_scheme or DEFAULT_GRADES
    if asked not in known.grade_schemes:
        near = nearest(asked, known.grade_schemes)
        refuse(
            f"the grade scheme {asked} is not in grade_schemes.csv. {near}",
            f"grade_schemes.csv 中没有等级方案 {asked}。{in_chinese(near)}",
        )
    return asked


def _check_grades(choices: Choices) -> None:
    choices.grades.sort(key=lambda one: one.lower)
    before = 0.0
    for one in choices.grades:
        if abs(one.lower - before) > 1e-12 or one.upper <= one.lower:
            refuse(
                f"grades: found {one.grade} from {one.lower:g} to {one.upper:g} after"
                f" {before:g}; expected grades that fill 0 to 1 without gaps",
                f"等级：{one.grade} 为 {one.lower:g} 至 {one.upper:g}，而前一级止于"
                f" {before:g}；各级须从 0 到 1 首尾相接",
            )
        before = one.upper
    if abs(before - 1) > 1e-12:
        refuse(
            f"grades: found {before:g} as the highest; expected grades up to 1",
            f"等级：最高为 {before:g}；应到 1",
        )


def _figures(
    panel: Panel,
    choices: Choices,
    places: dict[str, Place],
    series: dict[int, str],
    joined: dict[int, Series],
    dictionary: Dictionary,
) -> pd.DataFrame:
    frame = panel.frame
    data = {
        "region_code": [places[name].region_code for name in frame["region"]],
        "year": frame["year"].astype(int),
    }
    for place in choices.used:
        values = frame[place].astype(float)
        if place in joined:
            values = _converted(values, panel, place, joined[place], dictionary)
        data[series[place]] = values
    found = pd.DataFrame(data)
    double = found.duplicated(["region_code", "year"], keep=False)
    if double.any():
        code, year = found.loc[double, ["region_code", "year"]].iloc[0]
        same = found["region_code"].eq(code) & found["year"].eq(year)
        names = " and ".join(dict.fromkeys(frame.loc[same, "region"]))
        both = Both(
            f"{names}, which are one region, {code}, each with a row of {year}",
            f"{names} 为同一地区 {code}，{year} 年各有一行",
        )
        expected = Both("one row, or --no-join-regions", "一行，或用 --no-join-regions")
        raise PanelError(wrong(place_of(panel.file_name), both, expected))
    return found.sort_values(["region_code", "year"], ignore_index=True)


def _converted(
    values: pd.Series, panel: Panel, place: int, series: Series, dictionary: Dictionary
) -> pd.Series:
    unit = dictionary.unit(panel.indicators[place].unit)
    assert unit is not None
    own = dictionary.units[key(series.unit)]
    return values.map(
        lambda v: v if v != v else float(convert(Decimal(repr(v)), unit, own))
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, restval=""))
