"""The results of a study as frames for people: ids with the names that they stand for.

Every frame is of the default method of the study; names are in the language spoken. The
frame `panel` has a row for each region and year with everything about it, as Stata,
SPSS and R take it.
"""

import re
from dataclasses import dataclass

import pandas as pd

from coupling.engine.engine import Results
from coupling.panels.headings import stated_unit
from coupling.queries.ask import ask
from coupling.words.language import _


@dataclass(frozen=True)
class Variable:
    """A column for a statistics package: its label, and what its numbers stand for."""

    name: str
    label: str
    values: dict[int, str] | None = None


def weights(results: Results) -> pd.DataFrame:
    """One row per indicator, and per year where a method weighs year by year.

    `weight` adds up to 1 in a system, `study_weight` in the study; missing where the
    indicator is of no use, for the reason in `status`.
    """
    return _asked(results, "answers/weights")


def scores(results: Results) -> pd.DataFrame:
    """One row per region, year and system: score, 0 to 1, and rank in the year."""
    return _asked(results, "answers/scores")


def coupling(results: Results) -> pd.DataFrame:
    """One row per region and year: C, T and D, 0 to 1, grade, who lags, rank."""
    return _asked(results, "answers/coupling")


def obstacles(results: Results) -> pd.DataFrame:
    """One row per region, year and indicator in use: its share in what is lacking.

    `obstacle_degree` lies between 0 and 1 and adds up to 1 in a region and year;
    `deviation` is 1 less the normalised value.
    """
    return _asked(results, "answers/obstacles")


def values(results: Results) -> pd.DataFrame:
    """One row per region, year and indicator: value in its unit, origin, normalised."""
    return _asked(results, "answers/values")


def _asked(results: Results, statement: str) -> pd.DataFrame:
    return ask(results.connection, statement, study_id=results.study_id)


FRAMES = {
    "weights": weights,
    "scores": scores,
    "coupling": coupling,
    "obstacles": obstacles,
    "values": values,
}


def panel(results: Results) -> tuple[pd.DataFrame, list[Variable]]:
    """Return a frame of one row per region and year, and its variables in order.

    Rows are in the order of region codes and years. Regions, grades and the lagging
    system are numbers with labels, as the statistics packages want them for panels.
    """
    found = coupling(results)
    regions = list(dict.fromkeys(found["region_code"]))
    systems = _asked(results, "answers/systems")
    grades = _asked(results, "answers/grades")
    names = dict(zip(found["region_code"], found["region"], strict=True))
    lags = {"synchronous": _("synchronous")}
    lags |= dict(zip(systems["system_id"], systems["label"], strict=True))
    places = {code: place for place, code in enumerate(regions, 1)}
    frame = pd.DataFrame(
        {
            "region_id": found["region_code"].map(places).astype("int32"),
            "region_code": found["region_code"],
            "region": found["region"],
            "year": found["year"],
            "coupling_degree": found["coupling_degree"],
            "comprehensive_index": found["comprehensive_index"],
            "coordination_degree": found["coupling_coordination_degree"],
            "coordination_rank": found["coordination_rank"].astype("Int32"),
            "grade_level": found["grade_level"].astype("Int32"),
            "lagging_system": found["lagging_system_id"]
            .map({name: place for place, name in enumerate(lags)})
            .astype("Int32"),
            "status": found["status"],
        }
    )
    variables = [
        Variable(
            "region_id",
            _("Region"),
            {place: names[code] for code, place in places.items()},
        ),
        Variable("region_code", _("Code of the region")),
        Variable("region", _("Name of the region")),
        Variable("year", _("Year")),
        Variable("coupling_degree", _("Coupling degree C")),
        Variable("comprehensive_index", _("Comprehensive index T")),
        Variable("coordination_degree", _("Coupling coordination degree D")),
        Variable("coordination_rank", _("Rank by D in the year")),
        Variable(
            "grade_level",
            _("Grade"),
            dict(
                zip(grades["grade_level"].astype(int), grades["grade"], strict=True),
            ),
        ),
        Variable("lagging_system", _("Lagging system"), dict(enumerate(lags.values()))),
        Variable("status", _("Status")),
    ]
    taken = {variable.name for variable in variables}
    wide = [
        (scores(results), "system", "score", "u", _("Score of {name}")),
        (values(results), "indicator", "raw_value", "x", "{name}"),
        (values(results), "indicator", "normalised_value", "y", _("Normalised {name}")),
        (
            obstacles(results),
            "indicator",
            "obstacle_degree",
            "o",
            _("Obstacle degree of {name}"),
        ),
    ]
    parts = [frame]
    index = pd.MultiIndex.from_frame(found[["region_code", "year"]])
    for long, item, measure, letter, label in wide:
        labels = dict(zip(long[f"{item}_id"], long[item], strict=True))
        units = (
            dict(zip(long[f"{item}_id"], long.get("unit", ""), strict=True))
            if (measure == "raw_value")
            else {}
        )
        across = long.pivot(
            index=["region_code", "year"], columns=f"{item}_id", values=measure
        ).reindex(index=index, columns=list(labels))
        named = {}
        for code in labels:
            named[code] = short_name(f"{letter}_{code}", taken)
            unit = stated_unit(units.get(code))
            variables.append(
                Variable(
                    named[code],
                    label.format(name=labels[code]) + (f" ({unit})" if unit else ""),
                )
            )
        parts.append(across.rename(columns=named).reset_index(drop=True))
    return pd.concat(parts, axis=1), variables


def short_name(name: str, taken: set[str]) -> str:
    """Return a name that every package takes: 32 letters at most, and not taken yet.

    Names differ by more than the case of their letters, as SPSS has it.
    """
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_").lower()[:32] or "v"
    short, place = plain, 1
    while short in taken:
        place += 1
        tail = f"_{place}"
        short = plain[: 32 - len(tail)] + tail
    taken.add(short)
    return short
