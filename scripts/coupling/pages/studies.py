"""What the page of a study shows."""

import re
from collections.abc import Callable
from functools import partial
from itertools import combinations
from types import SimpleNamespace

import duckdb
import pandas as pd

from coupling.charts import charts, study_charts
from coupling.outputs import digest
from coupling.pages.pages import Page, chain_link, is_crowded
from coupling.prose import rule_text
from coupling.queries import lists
from coupling.queries.ask import ask
from coupling.words import citations, findings, formulas, tables
from coupling.words.in_both import said
from coupling.words.language import _, named
from coupling.words.letters import letters_sentence
from coupling.words.region_findings import are_belts

# names of pages that are not studies
TAKEN = (
    "index",
    "households",
    "papers",
    "forecasts",
    "compare",
    "quality",
    "glossary",
    "lineage",
    "scale",
    "regions",
)

# regions that the page of a study of many names in its ranking
FIRST, LAST = 20, 10


def study_pages(con: duckdb.DuckDBPyConnection) -> list[Page]:
    """Return one page per study, in the order of the studies."""
    build = digest.of_results(con)
    compared = lists.compared_studies(con)
    return [
        Page(
            page_name(study["study_id"]),
            "study.html.j2",
            study_context(con, study, build, is_compared=study["study_id"] in compared),
        )
        for study in tables.records(ask(con, "site/studies"))
    ]


def page_name(study_id: str) -> str:
    """Return the file name of a study's page.

    Raises
    ------
    ValueError
        The id has other characters than letters, digits, hyphen and underscore, or is
        that of another page.

    """
    if not re.fullmatch(r"[\w-]+", study_id) or study_id.lower() in TAKEN:
        raise ValueError(
            f"study_id {study_id!r} cannot name a page: use letters, digits, hyphens "
            f"and underscores, and none of {', '.join(TAKEN)}"
        )
    return f"{study_id}.html"


def study_context(
    con: duckdb.DuckDBPyConnection, study: dict, build: str, *, is_compared: bool
) -> dict:
    """Return all that the page of a study shows.

    Parameters
    ----------
    con
        An open connection.
    study
        A row of `site/studies`.
    build
        `digest.of_results`.
    is_compared
        Whether the study has a page of comparisons.

    """
    asked = partial(ask, con, study_id=study["study_id"])
    found = _found(asked)
    looks = _looks(found)
    publishers = tables.publishers(found.series)
    return {
        "study": study,
        "is_compared": is_compared,
        "cite": citations.citation(study, found.method, build, publishers),
        "series": tables.records(found.series),
        "publishers": [said(office) for office in publishers],
        **_methods(found, asked),
        **_results(study, found, asked),
        **_obstacles(found),
        **_catalogue(study, found, asked),
        **_agreement(asked),
        **looks,
        "charts": {
            name: charts.specification(chart)
            for name, chart in _drawings(con, study, found, looks).items()
        },
    }


def _found(asked: Callable[[str], pd.DataFrame]) -> SimpleNamespace:
    """Return the tables of a study that several parts of its page are made of."""
    method = tables.records(asked("study/method"))[0]
    coverage = tables.records(asked("study/coverage"))
    return SimpleNamespace(
        systems=asked("study/systems"),
        method=method,
        grades=asked("study/grades"),
        scores=asked("study/mean_scores"),
        coupling=asked("study/mean_coupling"),
        ranking=asked("study/ranking"),
        results=asked("study/results"),
        groups=asked("study/group_means"),
        gaps=asked("study/regional_gap"),
        tiles=asked("study/tiles"),
        obstacles=asked("study/indicator_obstacles"),
        criteria=asked("study/criterion_obstacles"),
        weights=asked("study/weights"),
        series=asked("study/series_used"),
        alike=asked("study/same_figures"),
        coverage=coverage[0] if coverage else None,
    )


def _looks(found: SimpleNamespace) -> dict:
    """Return lines, colours and words of what is drawn."""
    labels = {row["system_id"]: named(row) for row in tables.records(found.systems)}
    criteria = {
        row.item_id: f"{row.criterion}{tables.in_brackets(row.system)}"
        for row in charts.largest_criteria(found.criteria).itertuples()
    }
    return {
        "styles": charts.line_styles(labels),
        "criterion_styles": charts.line_styles(criteria),
        "colours": charts.grade_colours(found.grades),
        "fillings": charts.FILLINGS,
        "belt_styles": group_styles(found.groups),
        "gap_styles": gap_styles(),
        "degree_colours": study_charts.degree_colours(),
        "no_result_colour": study_charts.NO_RESULT,
    }


def _drawings(
    con: duckdb.DuckDBPyConnection, study: dict, found: SimpleNamespace, looks: dict
) -> dict[str, charts.Drawing]:
    """Return the charts of a study; those of nothing are left out."""
    years = _years(found.results)
    drawn: dict[str, charts.Drawing] = {}
    if len(found.coupling):
        drawn["trend"] = charts.trend_chart(
            found.scores, found.coupling, looks["styles"], years
        )
    if (found.ranking["status"] == "computed").any():
        ranking = linked(found.ranking, study)
        drawn["ranking"] = charts.ranking_chart(ranking, looks["colours"])
        drawn |= _drawn_over_years(
            *(con, study, found.systems, found.method, found.results),
            *(found.groups, found.gaps, found.tiles),
        )
    if len(found.obstacles):
        drawn["obstacles"] = charts.obstacle_chart(found.obstacles, looks["styles"])
        drawn["criteria"] = charts.criterion_chart(
            found.criteria, looks["criterion_styles"], years
        )
    return drawn


def _methods(found: SimpleNamespace, asked: Callable[[str], pd.DataFrame]) -> dict:
    """Return the method in words and formulas, and the degrees of the other methods."""
    types = tables.records(asked("study/development_types"))
    return {
        "method": found.method,
        "formulas": formulas.of_method(
            found.method, found.systems["contribution"].to_list()
        ),
        "weight_scope": rule_text.weight_scope(found.method),
        "lagging_rule": rule_text.other_lagging(types, len(found.systems)),
        "closed_side": found.grades["closed_side"].iloc[0],
        "systems": tables.records(found.systems),
        "has_curves": study_charts.has_curves(len(found.systems), found.method),
        "methods": tables.method_table(asked("study/degrees_by_method")),
        "weights": tables.weight_table(found.weights),
        "weights_by_year": bool(found.weights["year"].notna().any()),
    }


def _results(
    study: dict, found: SimpleNamespace, asked: Callable[[str], pd.DataFrame]
) -> dict:
    """Return findings, ranking, grades, groups and the gap between regions."""
    is_long = is_crowded(study["study_id"])
    ranking = tables.records(found.ranking)
    grade_counts = asked("study/grade_counts")
    systems = tables.records(found.systems)
    return {
        "findings": findings.key_findings(
            *(study, found.ranking, found.coupling, found.groups, found.gaps),
            *(found.results, asked("study/lagging_counts"), found.obstacles),
            *(found.weights, found.alike, found.coverage),
        ),
        "means": tables.yearly_means(found.scores, found.coupling),
        "ranking": ranking,
        "shown": ends(found.ranking) if is_long else ranking,
        "is_crowded": is_long,
        "grades": tables.grade_table(found.grades, grade_counts),
        "grade_years": _years(grade_counts),
        "graded": tables.graded_regions(found.grades, found.results),
        "belts": tables.group_table(found.groups),
        "belt_years": _years(found.groups),
        "group_words": group_words(study),
        "without_tile": without_tile(found.results, found.tiles),
        "gaps": tables.records(found.gaps),
        "degrees": tables.by_year(found.results, "region_code", "degree"),
        "degree_years": _years(found.results),
        "scatter_titles": scatter_titles(systems, study["result_year"]),
    }


def _obstacles(found: SimpleNamespace) -> dict:
    return {
        "obstacles": tables.top_obstacles(found.obstacles),
        "obstacle_legend": tables.obstacle_legend(found.obstacles),
        "criteria": tables.criterion_table(found.criteria),
        "criterion_years": _years(found.criteria),
    }


def _catalogue(
    study: dict, found: SimpleNamespace, asked: Callable[[str], pd.DataFrame]
) -> dict:
    """Return what the figures carry of the catalogue, and what was filled or left."""
    indicators = asked("study/indicators")
    has_paper = study["paper_id"] is not None
    return {
        "has_proxy": bool((indicators["coverage_status"] == "proxy").any()),
        "indicators": tables.coverage_table(
            indicators, asked("study/indicator_sources")
        ),
        "coverage": findings.of_catalogue(found.coverage, has_paper=has_paper),
        "letters": letters_sentence(),
        "counted_twice": findings.counted_twice(found.alike, in_full=True),
        "cells": findings.of_cells(found.coverage),
        "meaningless": findings.without_meaning(asked("study/meaningless")),
        "blank_years": findings.years_without_figures(study),
        "breaks": findings.breaks_inside(asked("study/breaks")),
        "imputed": tables.imputed_table(
            asked("study/imputed_cells"), study["region_count"]
        ),
    }


def _agreement(asked: Callable[[str], pd.DataFrame]) -> dict:
    """Return how far the results agree with print, and with other studies."""
    agreement = asked("study/published_agreement")
    return {
        "agreement": tables.records(agreement),
        "others": tables.records(asked("study/other_studies")),
        "levels": findings.levels_against_print(agreement),
    }


def _years(frame: pd.DataFrame) -> list[int]:
    return sorted(int(year) for year in frame["year"].unique())


def ends(ranking: pd.DataFrame) -> list[dict]:
    """Return the first and the last of a long ranking, and all without a result."""
    computed = ranking[ranking["status"] == "computed"]
    rest = ranking[ranking["status"] != "computed"]
    if len(computed) <= FIRST + LAST:
        return tables.records(ranking)
    return tables.records(pd.concat([computed.head(FIRST), computed.tail(LAST), rest]))


def linked(frame: pd.DataFrame, study: dict) -> pd.DataFrame:
    """Return the frame with `link`, to the chain of its region and year.

    Rows without a year are of the last year computed.
    """
    last = [study["result_year"]] * len(frame)
    years = frame.get("year", last)
    return frame.assign(
        link=[
            chain_link(study["study_id"], code, int(year))
            for code, year in zip(frame["region_code"], years, strict=True)
        ]
    )


def group_styles(groups: pd.DataFrame) -> dict[str, charts.LineStyle]:
    """Return a style for each group that has regions, in the order of the grouping."""
    return charts.line_styles(dict(zip(groups["belt"], groups["name"], strict=True)))


def group_words(study: dict) -> dict[str, str]:
    """Return what a page says of the groups of a study: `all`, `one`, `means`, `drawn`.

    The three belts are named so, groups of another grouping by its name.
    """
    if are_belts(study):
        return {
            "all": _("Belts"),
            "one": _("Belt"),
            "means": _("Mean D of the regions of each belt"),
            "drawn": _("Mean coupling coordination degree D by belt and year"),
        }
    return {
        "all": study["grouping"] or _("Groups"),
        "one": _("Group"),
        "means": _("Mean D of the regions of each group"),
        "drawn": _("Mean coupling coordination degree D by group and year"),
    }


def without_tile(results: pd.DataFrame, tiles: pd.DataFrame) -> list[str]:
    """Return the names of the regions of a study that its tile map cannot show."""
    names = dict(zip(results["region_code"], results["region"], strict=True))
    placed = set(tiles["region_code"])
    return [name for code, name in names.items() if code not in placed]


def gap_styles() -> dict[str, charts.LineStyle]:
    """Return the styles of the two measures of the regional gap."""
    return charts.line_styles(
        {
            "degree_range": _("Highest less lowest D"),
            "coefficient_of_variation": _("Coefficient of variation of D"),
        }
    )


def _drawn_over_years(
    con, study, systems, method, results, groups, gaps, tiles
) -> dict:
    years = _years(results)
    results = linked(results, study)
    drawings = {
        "belts": study_charts.group_chart(
            groups, group_styles(groups), years, are_belts=are_belts(study)
        ),
        "gap": study_charts.gap_chart(gaps, gap_styles(), years),
    }
    if not is_crowded(study["study_id"]):
        drawings["map"] = study_charts.tile_map(results, tiles)
        drawings["heat"] = study_charts.heat_map(results)
    drawings |= _scatters(con, study, systems, method)
    return {name: chart for name, chart in drawings.items() if chart is not None}


def scatter_pairs(system_count: int) -> dict[str, tuple[int, int]]:
    """Return {chart: places of its two systems}, for the first three systems."""
    places = combinations(range(1, min(system_count, 3) + 1), 2)
    return {
        "scatter" if pair == (1, 2) else "scatter_{}_{}".format(*pair): pair
        for pair in places
    }


def scatter_titles(systems: list[dict], year: int) -> dict[str, str]:
    """Return {chart: title} of the scatter charts of the last year."""
    names = [named(system) for system in systems]
    return {
        chart: _("Scores of {first} and {second}, {year}").format(
            first=names[first - 1], second=names[second - 1], year=year
        )
        for chart, (first, second) in scatter_pairs(len(systems)).items()
    }


def _scatters(con, study, systems, method) -> dict:
    """Draw the systems against each other, two at a time; of the first three."""
    names = [named(row) for row in tables.records(systems)]
    has_curves = study_charts.has_curves(len(systems), method)
    drawings = {}
    for name, (first, second) in scatter_pairs(len(systems)).items():
        scores = ask(
            con,
            "study/score_pairs",
            study_id=study["study_id"],
            first=first,
            second=second,
        )
        if len(scores):
            drawings[name] = study_charts.score_scatter(
                linked(scores, study),
                (names[first - 1], names[second - 1]),
                tuple(systems["contribution"]) if has_curves else None,
                name=name,
            )
    return drawings
