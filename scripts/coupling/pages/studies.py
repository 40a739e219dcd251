"""What the page of a study shows."""

import re
from itertools import combinations

import duckdb
import pandas as pd

from coupling.charts import charts, study_charts
from coupling.outputs import digest
from coupling.pages.pages import Page, chain_link, is_crowded
from coupling.prose import variant_text
from coupling.queries import lists
from coupling.queries.ask import ask
from coupling.queries.shared_names import with_codes
from coupling.words import citations, findings, formulas, tables
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
    study_id = study["study_id"]
    systems = ask(con, "study/systems", study_id=study_id)
    grades = ask(con, "study/grades", study_id=study_id)
    scores = ask(con, "study/mean_scores", study_id=study_id)
    coupling = ask(con, "study/mean_coupling", study_id=study_id)
    ranking = with_codes(ask(con, "study/ranking", study_id=study_id))
    grade_counts = ask(con, "study/grade_counts", study_id=study_id)
    obstacles = ask(con, "study/indicator_obstacles", study_id=study_id)
    criteria = ask(con, "study/criterion_obstacles", study_id=study_id)
    weights = ask(con, "study/weights", study_id=study_id)
    series = ask(con, "study/series_used", study_id=study_id)
    indicators = ask(con, "study/indicators", study_id=study_id)
    alike = ask(con, "study/same_figures", study_id=study_id)
    coverage = next(
        iter(tables.records(ask(con, "study/coverage", study_id=study_id))), None
    )
    agreement = ask(con, "study/published_agreement", study_id=study_id)
    method = tables.records(ask(con, "study/method", study_id=study_id))[0]
    publishers = tables.publishers(series)
    results = with_codes(ask(con, "study/results", study_id=study_id))
    groups = ask(con, "study/group_means", study_id=study_id)
    tiles = ask(con, "study/tiles", study_id=study_id)
    years = _years(results)
    gaps = ask(con, "study/regional_gap", study_id=study_id)

    labels = {row["system_id"]: named(row) for row in tables.records(systems)}
    styles = charts.line_styles(labels)
    colours = charts.grade_colours(grades)
    drawn = charts.largest_criteria(criteria)
    criterion_styles = charts.line_styles(
        {
            row.item_id: f"{row.criterion}{tables.in_brackets(row.system)}"
            for row in drawn.itertuples()
        }
    )
    drawings = {}
    if len(coupling):
        drawings["trend"] = charts.trend_chart(scores, coupling, styles, years)
    if (ranking["status"] == "computed").any():
        drawings["ranking"] = charts.ranking_chart(linked(ranking, study), colours)
        drawings |= _drawn_over_years(
            con, study, systems, method, results, groups, gaps, tiles
        )
    if len(obstacles):
        drawings["obstacles"] = charts.obstacle_chart(obstacles, styles)
        drawings["criteria"] = charts.criterion_chart(criteria, criterion_styles, years)

    return {
        "study": study,
        "is_compared": is_compared,
        "method": method,
        "formulas": formulas.of_method(method, systems["contribution"].to_list()),
        "weight_scope": variant_text.weight_scope(method),
        "lagging_rule": variant_text.lagging(
            tables.records(ask(con, "study/development_types", study_id=study_id)),
            len(systems),
        ),
        "closed_side": grades["closed_side"].iloc[0],
        "systems": tables.records(systems),
        "findings": findings.key_findings(
            study,
            ranking,
            coupling,
            groups,
            gaps,
            results,
            ask(con, "study/lagging_counts", study_id=study_id),
            obstacles,
            weights,
            alike,
            coverage,
        ),
        "has_proxy": bool((indicators["coverage_status"] == "proxy").any()),
        "means": tables.yearly_means(scores, coupling),
        "ranking": tables.records(ranking),
        "shown": ends(ranking) if is_crowded(study_id) else tables.records(ranking),
        "is_crowded": is_crowded(study_id),
        "grades": tables.grade_table(grades, grade_counts),
        "grade_years": _years(grade_counts),
        "graded": tables.graded_regions(grades, results),
        "belts": tables.group_table(groups),
        "belt_years": _years(groups),
        "belt_styles": group_styles(groups),
        "group_words": group_words(study),
        "without_tile": without_tile(results, tiles),
        "gaps": tables.records(gaps),
        "gap_styles": gap_styles(),
        "degrees": tables.by_year(results, "region_code", "degree"),
        "degree_years": years,
        "obstacles": tables.top_obstacles(obstacles),
        "obstacle_legend": tables.obstacle_legend(obstacles),
        "criteria": tables.criterion_table(criteria),
        "criterion_years": _years(criteria),
        "weights": tables.weight_table(weights),
        "weights_by_year": bool(weights["year"].notna().any()),
        "indicators": tables.coverage_table(
            indicators, ask(con, "study/indicator_sources", study_id=study_id)
        ),
        "coverage": findings.of_catalogue(
            coverage, has_paper=study["paper_id"] is not None
        ),
        "letters": letters_sentence(),
        "counted_twice": findings.counted_twice(alike, in_full=True),
        "cells": findings.of_cells(coverage),
        "meaningless": findings.without_meaning(
            ask(con, "study/meaningless", study_id=study_id)
        ),
        "blank_years": findings.years_without_figures(study),
        "breaks": findings.breaks_inside(ask(con, "study/breaks", study_id=study_id)),
        "imputed": tables.imputed_table(
            ask(con, "study/imputed_cells", study_id=study_id), study["region_count"]
        ),
        "methods": tables.method_table(
            ask(con, "study/degrees_by_method", study_id=study_id)
        ),
        "agreement": tables.records(agreement),
        "others": tables.records(ask(con, "study/other_studies", study_id=study_id)),
        "levels": findings.levels_against_print(agreement),
        "series": tables.records(series),
        "publishers": publishers,
        "cite": citations.citation(study, method, build, publishers),
        "has_curves": study_charts.has_curves(len(systems), method),
        "scatter_titles": scatter_titles(tables.records(systems), study["result_year"]),
        "degree_colours": study_charts.degree_colours(),
        "no_result_colour": study_charts.NO_RESULT,
        "fillings": charts.FILLINGS,
        "styles": styles,
        "criterion_styles": criterion_styles,
        "colours": colours,
        "charts": {
            name: charts.specification(chart) for name, chart in drawings.items()
        },
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
        scores = with_codes(
            ask(
                con,
                "study/score_pairs",
                study_id=study["study_id"],
                first=first,
                second=second,
            )
        )
        if len(scores):
            drawings[name] = study_charts.score_scatter(
                linked(scores, study),
                (names[first - 1], names[second - 1]),
                tuple(systems["contribution"]) if has_curves else None,
                name=name,
            )
    return drawings
