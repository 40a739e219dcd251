"""The page of all regions of a study that has many: a row for each, and a search."""

import duckdb

from coupling.charts import charts
from coupling.pages.pages import Page, places_path
from coupling.queries.ask import ask
from coupling.words import tables

OBSTACLES = 3


def place_pages(con: duckdb.DuckDBPyConnection, studies: list[str]) -> list[Page]:
    """Return one page per study of `studies`."""
    every = {row["study_id"]: row for row in tables.records(ask(con, "site/studies"))}
    return [
        Page(places_path(name), "places.html.j2", place_context(con, every[name]))
        for name in studies
    ]


def place_context(con: duckdb.DuckDBPyConnection, study: dict) -> dict:
    """Return what the page shows; `study` is a row of `site/studies`."""
    study_id = study["study_id"]
    results = ask(con, "study/results", study_id=study_id)
    ranking = ask(con, "study/ranking", study_id=study_id)
    obstacles = ask(
        con, "compare/obstacles", study_id=study_id, listed=tables.TOP_OBSTACLES
    )
    obstacles = obstacles.groupby("region_code").head(OBSTACLES)
    scores = ask(con, "compare/scores", study_id=study_id)
    scores = scores[
        (scores["method_id"] == study["default_method_id"])
        & (scores["year"] == study["result_year"])
    ]
    regions = ask(con, "regions/regions").set_index("region_code")
    largest = {
        code: tables.records(rows) for code, rows in obstacles.groupby("region_code")
    }
    return {
        "study": study,
        "systems": tables.records(ask(con, "study/systems", study_id=study_id)),
        "ranking": tables.records(ranking),
        "colours": charts.grade_colours(ask(con, "study/grades", study_id=study_id)),
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
