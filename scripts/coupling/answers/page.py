"""The page of a user's own study: one file, both languages, nothing to load.

It reads what the page of a study reads, from any connection to the marts, and shows
what does not need a map, a grouping of regions, or a script.
"""

from functools import partial

import duckdb
import pandas as pd
from markupsafe import Markup

from coupling.pages.pages import ASSETS, environment
from coupling.prose import method_text
from coupling.queries.ask import ask
from coupling.words import findings, formulas, styles, tables
from coupling.words.language import ENGLISH, LANGUAGES, _, named, speaking

# of the drawing of lines, in its own units
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 300, 44, 12, 12, 30
STEPS = 5
NO_GROUPS = pd.DataFrame(columns=["belt", "name", "year", "degree", "region_count"])


def own_study_page(
    con: duckdb.DuckDBPyConnection,
    study_id: str,
    versions: dict[str, str],
    first: str = ENGLISH,
) -> str:
    """Return the page of a study in all languages, `first` being shown at first.

    Parameters
    ----------
    con
        An open connection to marts that hold the study.
    study_id
        The study.
    versions
        Of the software, by name; 'project' is that of the warehouse.
    first
        A language of the site.

    """
    templates = environment()
    contents, title = {}, ""
    for code in LANGUAGES:
        with speaking(code):
            context = study_context(con, study_id, versions)
            contents[code] = Markup(
                templates.get_template("own_study.html.j2").render(context)
            )
            if code == first:
                title = named(context["study"])
    with speaking(first):
        return templates.get_template("own_study_page.html.j2").render(
            contents=contents,
            first=first,
            title=title,
            style=Markup((ASSETS / "style.css").read_text(encoding="utf-8")),
        )


def study_context(
    con: duckdb.DuckDBPyConnection, study_id: str, versions: dict[str, str]
) -> dict:
    """Return all that the page shows, in the language spoken."""
    [study] = [
        row
        for row in tables.records(ask(con, "site/studies"))
        if row["study_id"] == study_id
    ]
    asked = partial(ask, con, study_id=study_id)
    systems = asked("study/systems")
    scores = asked("study/mean_scores")
    coupling = asked("study/mean_coupling")
    results = asked("study/results")
    ranking = asked("study/ranking")
    grades = asked("study/grades")
    weights = asked("study/weights")
    obstacles = asked("study/indicator_obstacles")
    coverage = tables.records(asked("study/coverage"))
    method = tables.records(asked("study/method"))[0]
    labels = {row["system_id"]: named(row) for row in tables.records(systems)}
    line_styles = styles.line_styles(labels)
    shown = {**line_styles, styles.MEAN_DEGREE: styles.mean_degree_style()}
    means = tables.yearly_means(scores, coupling)
    return {
        "study": study,
        "method": method,
        "systems": tables.records(systems),
        "breaks": findings.breaks_inside(asked("study/breaks")),
        # nothing is said of belts, which are groups of the shipped provinces
        "findings": findings.key_findings(
            *(study, ranking, coupling, NO_GROUPS, asked("study/regional_gap")),
            *(results, asked("study/lagging_counts"), obstacles, weights),
            *(asked("study/same_figures"), coverage[0] if coverage else None),
        ),
        "ranking": tables.records(ranking),
        "colours": styles.grade_colours(grades),
        "means": means,
        "drawing": line_drawing(means, shown),
        "line_styles": list(shown.values()),
        "years": sorted(int(year) for year in results["year"].unique()),
        "heat": heat_cells(results),
        "degree_colours": styles.degree_colours(),
        "no_result_colour": styles.NO_RESULT,
        "weights": tables.weight_table(weights),
        "weights_by_year": bool(weights["year"].notna().any()),
        "obstacles": tables.top_obstacles(obstacles),
        "obstacle_legend": tables.obstacle_legend(obstacles),
        "indicators": [
            {**row, "label": named(row)}
            for row in tables.records(asked("study/indicators"))
        ],
        "cells": method_text.cells_by_origin(con, study_id),
        "imputed": tables.imputed_table(
            asked("study/imputed_cells"), study["region_count"]
        ),
        "told": method_text.paragraphs(con, study, versions),
        "formulas": steps_in_formulas(method, systems["contribution"].to_list()),
        "sources": tables.records(asked("study/series_used")),
    }


def heat_cells(results: pd.DataFrame) -> list[dict]:
    """Return one row per region, best of the last year first: colours by year.

    Parameters
    ----------
    results
        `study/results`.

    """
    last = results[results["year"] == results["year"].max()]
    order = last.sort_values(
        ["degree", "region_code"], ascending=[False, True], na_position="last"
    )
    cells = tables.by_year(results, "region_code", "degree")
    return [
        {
            "region": row["region"],
            "degrees": {
                year: (
                    degree,
                    styles.NO_RESULT
                    if degree is None
                    else styles.degree_colour(degree),
                    "#fff" if (degree or 0) >= styles.WHITE_FROM else "#000",
                )
                for year, degree in cells[row["region_code"]].items()
            },
        }
        for row in tables.records(order)
    ]


def _cell_colours(degree: float | None) -> tuple[str, str]:
    """Return the colours of a cell and of what is written in it."""
    if degree is None:
        return styles.NO_RESULT, "#000"
    return styles.degree_colour(
        degree
    ), "#fff" if degree >= styles.WHITE_FROM else "#000"


def line_drawing(means: list[dict], shown: dict[str, styles.LineStyle]) -> dict | None:
    """Return where the lines of an SVG drawing go: means of scores and of D by year.

    Parameters
    ----------
    means
        `tables.yearly_means`.
    shown
        Styles by system_id and for D.

    """
    if not means:
        return None
    years = [row["year"] for row in means]
    found = {
        line: [
            row[line] if line == styles.MEAN_DEGREE else row["scores"].get(line)
            for row in means
        ]
        for line in shown
    }
    top = _rounded_up(max(v for line in found.values() for v in line if v is not None))
    span = max(years[-1] - years[0], 1)

    def across(year: int) -> float:
        return LEFT + (year - years[0]) / span * (WIDTH - LEFT - RIGHT)

    def down(value: float) -> float:
        return TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM)

    every = -(-len(years) // 12)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "bottom": HEIGHT - BOTTOM,
        "levels": [
            (f"{top * step / STEPS:.3g}", round(down(top * step / STEPS), 1))
            for step in range(STEPS + 1)
        ],
        "years": [(year, round(across(year), 1)) for year in years[::every]],
        "lines": [
            {
                "style": shown[line],
                "points": [
                    (round(across(year), 1), round(down(value), 1))
                    for year, value in zip(years, values, strict=True)
                    if value is not None
                ],
            }
            for line, values in found.items()
        ],
    }


def _rounded_up(value: float) -> float:
    """Return the next of 0.1, 0.2, ... 1 at or above a value from 0 to 1."""
    return max(1, -(-value * 10 // 1)) / 10


def steps_in_formulas(method: dict, contributions: list[float]) -> list[tuple]:
    """Return (heading, formulas) of each step of a method that has formulas."""
    known = formulas.of_method(method, contributions)
    steps = [
        (_("Normalisation"), ["larger", "smaller"]),
        (_("Zero rule"), ["shift"] if method["zero_rule"] == "shift" else []),
        (
            _("Weights"),
            [
                *(["share", "entropy"] if method["weighting"] == "entropy" else []),
                *("information", "weight", "study_weight"),
            ],
        ),
        (
            _("System scores"),
            [
                *(
                    ["weighted", "to_best", "to_worst"]
                    if method["aggregation"] == "topsis"
                    else []
                ),
                "score",
            ],
        ),
        (_("Coupling degree"), ["coupling"]),
        (_("Comprehensive index"), ["index"]),
        (_("Coupling coordination degree"), ["degree"]),
        (_("Obstacle degree"), ["obstacle"]),
    ]
    found = [
        (heading, [known[name] for name in names if known.get(name)])
        for heading, names in steps
    ]
    return [(heading, drawn) for heading, drawn in found if drawn]
