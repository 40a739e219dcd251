"""Builds the pages: an index, one page per study and one of household surveys."""

import re
from pathlib import Path

import duckdb
import pandas as pd
import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from coupling_reports import charts, findings, households, queries, tables

TEMPLATES = Path(__file__).parent / "templates"
INDEX = "index"
HOUSEHOLDS = "households"
LINEAGE = "lineage"
PLACES = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth"]


def build_site(database: Path, output: Path) -> list[Path]:
    """Write all pages and return their paths, the index first.

    The same database gives the same bytes. All pages are rendered before the first is
    written; pages of studies that are gone are then removed from `output`.

    Parameters
    ----------
    database
        The built DuckDB file; it is opened read-only.
    output
        Folder of the pages, `index.html`, `<study_id>.html` and, where the warehouse
        holds a survey, `households.html`; created if missing. The index links to
        `lineage/index.html` where that is there already.

    Raises
    ------
    FileNotFoundError
        There is no such database.
    ValueError
        A study_id does not serve as the name of a page.
    duckdb.CatalogException
        The database lacks a mart that the pages read.

    """
    if not database.is_file():
        raise FileNotFoundError(f"no database at {database}; build the warehouse first")
    with duckdb.connect(database, read_only=True) as con:
        pages = render_pages(con, (output / LINEAGE / f"{INDEX}.html").exists())

    output.mkdir(parents=True, exist_ok=True)
    paths = [_write(output / name, page) for name, page in pages.items()]
    for stale in set(output.glob("*.html")) - set(paths):
        stale.unlink()
    return paths


def render_pages(
    con: duckdb.DuckDBPyConnection, has_lineage: bool = False
) -> dict[str, str]:
    """Return {file name: HTML} of all pages, the index first."""
    environment = _environment()
    studies = tables.records(queries.studies(con))
    names = [page_name(study["study_id"]) for study in studies]
    contexts = [study_context(con, study) for study in studies]
    surveys = households.survey_contexts(con)
    bundle = Markup(vl_convert.javascript_bundle())

    index = environment.get_template("index.html.j2")
    page = environment.get_template("study.html.j2")
    survey_page = environment.get_template("households.html.j2")
    survey_name = f"{HOUSEHOLDS}.html"
    survey_context = {
        "surveys": surveys,
        "charts": {
            name: chart
            for survey in surveys
            for name, chart in survey["charts"].items()
        },
        "bundle": bundle,
    }
    return {
        f"{INDEX}.html": index.render(
            pages=list(zip(names, contexts, strict=True)),
            surveys=surveys,
            survey_page=survey_name,
            lineage_page=f"{LINEAGE}/{INDEX}.html" if has_lineage else None,
        ),
        **{
            name: page.render(context, bundle=bundle)
            for name, context in zip(names, contexts, strict=True)
        },
        **({survey_name: survey_page.render(survey_context)} if surveys else {}),
    }


def page_name(study_id: str) -> str:
    """Return the file name of a study's page.

    Raises
    ------
    ValueError
        The id has other characters than letters, digits, hyphen and underscore, or is
        that of the index or of the page of households.

    """
    taken = (INDEX, HOUSEHOLDS)
    if not re.fullmatch(r"[\w-]+", study_id) or study_id.lower() in taken:
        raise ValueError(
            f"study_id {study_id!r} cannot name a page: use letters, digits, hyphens "
            f"and underscores, and not '{INDEX}' or '{HOUSEHOLDS}'"
        )
    return f"{study_id}.html"


def study_context(con: duckdb.DuckDBPyConnection, study: dict) -> dict:
    """Return all that the page of a study shows.

    Parameters
    ----------
    con
        An open connection.
    study
        A row of `queries.studies`.

    """
    study_id = study["study_id"]
    systems = queries.systems(con, study_id)
    grades = queries.grades(con, study_id)
    scores = queries.mean_scores(con, study_id)
    coupling = queries.mean_coupling(con, study_id)
    ranking = queries.ranking(con, study_id)
    grade_counts = queries.grade_counts(con, study_id)
    obstacles = queries.indicator_obstacles(con, study_id)
    criteria = queries.criterion_obstacles(con, study_id)
    weights = queries.weights(con, study_id)
    series = queries.series_used(con, study_id)
    indicators = queries.indicators(con, study_id)
    coverage = next(iter(tables.records(queries.coverage(con, study_id))), None)
    agreement = queries.published_agreement(con, study_id)

    styles = charts.line_styles(systems.set_index("system_id")["label"].to_dict())
    colours = charts.grade_colours(grades)
    drawn = charts.largest_criteria(criteria)
    criterion_styles = charts.line_styles(
        {row.item_id: f"{row.criterion} ({row.system})" for row in drawn.itertuples()}
    )
    drawings = {}
    if len(coupling):
        drawings["trend"] = charts.trend_chart(scores, coupling, styles)
    if (ranking["status"] == "computed").any():
        drawings["ranking"] = charts.ranking_chart(ranking, colours)
    if len(obstacles):
        drawings["obstacles"] = charts.obstacle_chart(obstacles, styles)
        drawings["criteria"] = charts.criterion_chart(criteria, criterion_styles)

    return {
        "study": study,
        "method": tables.records(queries.method(con, study_id))[0],
        "systems": tables.records(systems),
        "findings": findings.key_findings(
            study,
            ranking,
            coupling,
            queries.lagging_counts(con, study_id),
            obstacles,
            coverage,
        ),
        "has_proxy": bool((indicators["coverage_status"] == "proxy").any()),
        "means": tables.yearly_means(scores, coupling),
        "ranking": tables.records(ranking),
        "grades": tables.grade_table(grades, grade_counts),
        "grade_years": _years(grade_counts),
        "obstacles": tables.top_obstacles(obstacles),
        "obstacle_legend": tables.obstacle_legend(obstacles),
        "criteria": tables.criterion_table(criteria),
        "criterion_years": _years(criteria),
        "weights": tables.weight_table(weights),
        "weights_by_year": bool(weights["year"].notna().any()),
        "indicators": tables.coverage_table(indicators),
        "coverage": findings.of_catalogue(
            coverage, has_paper=study["paper_id"] is not None
        ),
        "cells": findings.of_cells(coverage),
        "imputed": tables.imputed_table(
            queries.imputed_cells(con, study_id), study["region_count"]
        ),
        "methods": tables.method_table(queries.degrees_by_method(con, study_id)),
        "agreement": tables.records(agreement),
        "levels": findings.levels_against_print(agreement),
        "series": tables.records(series),
        "publishers": tables.publishers(series),
        "styles": styles,
        "criterion_styles": criterion_styles,
        "colours": colours,
        "charts": {
            name: charts.specification(chart) for name, chart in drawings.items()
        },
    }


def degree(value: float | None) -> str:
    """Return a number with three decimals, a dash for none."""
    return tables.EN_DASH if value is None else f"{value:.3f}"


def difference(value: float | None) -> str:
    """Return a signed number with three decimals, a dash for none."""
    return tables.EN_DASH if value is None else tables.signed(value)


def percent(share: float | None) -> str:
    """Return a share as a percentage with one decimal, a dash for none."""
    return tables.EN_DASH if share is None else f"{share:.1%}"


def change(percentage: float | None) -> str:
    """Return a signed percentage with one decimal, a dash for none."""
    if percentage is None:
        return tables.EN_DASH
    text = f"{percentage:+.1f}"
    text = text[1:] if float(text) == 0 else text.replace("-", tables.MINUS)
    return f"{text}%"


def count(number: int | None) -> str:
    """Return a whole number with commas between thousands, a dash for none."""
    return tables.EN_DASH if number is None else f"{number:,.0f}"


def plain(code: str) -> str:
    """Return a code as words: 'no_series' is 'no series'."""
    return code.replace("_", " ")


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.policies["json.dumps_kwargs"] = {
        "sort_keys": True,
        "allow_nan": False,
        "separators": (",", ":"),
    }
    environment.filters |= {
        "degree": degree,
        "difference": difference,
        "percent": percent,
        "change": change,
        "count": count,
        "feature": tables.feature_label,
        "plain": plain,
        "year_span": tables.year_span,
    }
    environment.globals |= {
        "places": PLACES,
        "style": Markup((TEMPLATES / "style.css").read_text(encoding="utf-8")),
        "MEAN_DEGREE_STYLE": charts.MEAN_DEGREE_STYLE,
    }
    return environment


def _years(frame: pd.DataFrame) -> list[int]:
    return sorted(int(year) for year in frame["year"].unique())


def _write(path: Path, page: str) -> Path:
    partial = path.with_suffix(".partial")
    partial.write_text(page, encoding="utf-8", newline="\n")
    return partial.replace(path)
