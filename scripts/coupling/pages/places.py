"""The page of all regions of a study that has many: a row for each, and a search."""

import duckdb

from coupling.charts import charts
from coupling.pages.pages import Page, places_path
from coupling.queries import compare_queries, queries, region_queries
from coupling.words import tables

OBSTACLES = 3


def place_pages(con: duckdb.DuckDBPyConnection, studies: list[str]) -> list[Page]:
    """Return one page per study of `studies`."""
    every = {row["study_id"]: row for row in tables.records(queries.studies(con))}
    return [
        Page(places_path(name), "places.html.j2", place_context(con, every[name]))
        for name in studies
    ]


def place_context(con: duckdb.DuckDBPyConnection, study: dict) -> dict:
    """Return what the page shows; `study` is a row of `queries.studies`."""
    study_id = study["study_id"]
    results = queries.results(con, study_id)
    ranking = queries.ranking(con, study_id)
    obstacles = compare_queries.obstacles(con, study_id)
    obstacles = obstacles.groupby("region_code").head(OBSTACLES)
    scores = compare_queries.scores(con, study_id)
    scores = scores[
        (scores["method_id"] == study["default_method_id"])
        & (scores["year"] == study["result_year"])
    ]
    regions = region_queries.regions(con).set_index("region_code")
    largest = {
        code: tables.records(rows) for code, rows in obstacles.groupby("region_code")
    }
    return {
        "study": study,
        "systems": tables.records(queries.systems(con, study_id)),
        "ranking": tables.records(ranking),
        "colours": charts.grade_colours(queries.grades(con, study_id)),
        "parents": regions["parent_region"]
        .reindex(ranking["region_code"])
        .dropna()
        .to_dict(),
        "years": sorted(int(year) for year in results["year"].unique()),
        "degrees": tables.by_year(results, "region_code", "degree"),
        "scores": {
            code: dict(zip(rows["system_id"], rows["score"], strict=True))
            for code, rows in scores.groupby("region_code")
        },
        "obstacles": largest,
        "legend": dict(
            sorted({(row.indicator_id, row.label) for row in obstacles.itertuples()})
        ),
    }
