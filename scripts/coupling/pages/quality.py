"""What the page of data quality shows."""

import duckdb
import pandas as pd

from coupling.charts import charts, quality_charts
from coupling.pages.pages import Page
from coupling.queries.ask import ask, ask_if_there, ask_rows
from coupling.words import tables
from coupling.words.letters import letter_meanings

ADDITIVE = ["cells", "published", "derived", "interpolated", "carried", "missing"]
ADDITIVE += ["no_series", "excluded"]
CHANGES_LISTED = 50
ROWS_LISTED = 1000


def quality_pages(
    con: duckdb.DuckDBPyConnection, has_expectations: bool = False
) -> list[Page]:
    """Return the page of data quality; none where there is neither study nor source.

    It leads to the pages of expectations if the site `has_expectations`.
    """
    context = quality_context(con)
    if not context["coverage"] and not context["sources"]:
        return []
    context["has_expectations"] = has_expectations
    return [Page("quality.html", "quality.html.j2", context)]


def quality_context(con: duckdb.DuckDBPyConnection) -> dict:
    """Return all that the page shows.

    `suites` and `effects` are None where no refresh made the database.
    """
    cells = with_state(ask(con, "quality/cells"))
    coverage = ask(con, "quality/coverage")
    figures = ask(con, "quality/figures_by_year")
    suites, effects = (
        ask_if_there(con, "quality/suites"),
        ask_if_there(con, "quality/effect_counts"),
    )
    by_study = summed(cells, ["study_id", "study"])
    studies = study_parts(con, cells)
    drawings = {study["chart"]: study.pop("drawing") for study in studies}
    if len(cells):
        imputed = by_study["interpolated"] + by_study["carried"]
        drawings["shares"] = quality_charts.share_chart(
            by_study.assign(imputed=imputed)
        )
    if len(figures):
        drawings["letters"] = quality_charts.letter_chart(figures)
    return {
        "totals": totals(con, coverage, figures, suites),
        "coverage": tables.records(coverage),
        "studies": studies,
        "shares": tables.records(by_study),
        "by_year": tables.records(summed(cells, ["study_id", "study", "year"])),
        "states": quality_charts.state_names(),
        "state_marks": quality_charts.MARKS,
        "state_colours": quality_charts.COLOURS,
        "degenerate": tables.records(ask(con, "quality/degenerate")),
        "suspicious_counts": tables.records(ask(con, "quality/suspicious_counts")),
        "suspicious": tables.records(
            ask(con, "quality/suspicious", listed=ROWS_LISTED)
        ),
        "revision_counts": tables.records(ask(con, "quality/revision_counts")),
        "revisions": tables.records(ask(con, "quality/revisions", listed=ROWS_LISTED)),
        "effects": _records(effects),
        "largest_effects": (
            []
            if effects is None
            else tables.records(
                ask(con, "quality/largest_effects", listed=CHANGES_LISTED)
            )
        ),
        "set_aside": tables.records(ask(con, "quality/set_aside", listed=ROWS_LISTED)),
        "landing_rejects": tables.records(
            ask(con, "quality/landing_rejects", listed=ROWS_LISTED)
        ),
        "household_rejects": tables.records(
            ask(con, "quality/household_rejects", listed=ROWS_LISTED)
        ),
        "winsorised": tables.records(ask(con, "quality/winsorised")),
        "suites": _records(suites),
        "unmet": []
        if suites is None
        else tables.records(ask(con, "quality/unmet", listed=ROWS_LISTED)),
        "letters": tables.records(ask(con, "quality/letters")),
        "letter_meanings": letter_meanings(),
        "letter_colours": quality_charts.LETTER_COLOURS,
        "sources": tables.records(ask(con, "quality/sources")),
        "charts": {
            name: charts.specification(chart) for name, chart in drawings.items()
        },
    }


def with_state(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells with `state`, one of STATES, and `observed_share`.

    A year of an indicator is `missing` or `imputed` as soon as one region is.

    Parameters
    ----------
    cells
        `quality/cells`.

    """
    imputed = cells["interpolated"] + cells["carried"]
    # an indicator not in use has all its cells in one of the last two
    present = cells.assign(imputed=imputed)[
        ["missing", "imputed", "no_series", "excluded", "derived", "published"]
    ].gt(0)
    observed = cells["published"] + cells["derived"]
    return cells.assign(
        state=present.idxmax(axis=1), observed_share=observed / cells["cells"]
    )


def summed(cells: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return one row per value of the keys, in the order of the cells, with sums."""
    return cells.groupby(keys, sort=False, as_index=False)[ADDITIVE].sum()


def study_parts(con: duckdb.DuckDBPyConnection, cells: pd.DataFrame) -> list[dict]:
    """Return a part per study: its indicators, imputed cells and chart.

    Parameters
    ----------
    con
        An open connection.
    cells
        As `with_state` returns them.

    """
    region_counts = ask(con, "site/studies").set_index("study_id")["region_count"]
    parts: list[dict] = []
    for study_id, rows in cells.groupby("study_id", sort=False):
        name = f"coverage_{len(parts) + 1}"
        keys = ["indicator_id", "label", "coverage_status"]
        parts.append(
            {
                "study": rows["study"].iloc[0],
                "chart": name,
                "drawing": quality_charts.coverage_map(rows, name=name),
                "indicators": tables.records(summed(rows, keys)),
                "imputed": tables.imputed_table(
                    ask(con, "study/imputed_cells", study_id=study_id),
                    int(region_counts[study_id]),
                ),
            }
        )
    return parts


def totals(
    con: duckdb.DuckDBPyConnection,
    coverage: pd.DataFrame,
    figures: pd.DataFrame,
    suites: pd.DataFrame | None,
) -> dict:
    """Return sums over all studies, tables and suites; `checks` is None without suites.

    Parameters
    ----------
    con
        An open connection.
    coverage
        `quality/coverage`.
    figures
        `quality/figures_by_year`.
    suites
        `quality/suites`.

    """
    counts = [column for column in coverage if column.endswith("cells")]
    cells = {name: int(coverage[name].sum()) for name in counts}
    imputed = cells["interpolated_cells"] + cells["carried_cells"]
    checks = None
    if suites is not None:
        checks = {
            name: int(n) for name, n in suites.drop(columns="suite").sum().items()
        }
    return {
        **cells,
        **{
            row["table_name"]: row["row_count"]
            for row in ask_rows(con, "quality/row_counts")
        },
        "imputed_cells": imputed,
        "imputed_share": imputed / cells["cells"] if cells["cells"] else None,
        "figure_count": int(figures["figure_count"].sum()),
        "checks": checks,
    }


def _records(frame: pd.DataFrame | None) -> list[dict] | None:
    return None if frame is None else tables.records(frame)
