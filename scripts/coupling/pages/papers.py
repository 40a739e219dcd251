"""What the page about the papers' own numbers shows."""

import duckdb
import pandas as pd

from coupling.pages.pages import Page
from coupling.queries.ask import ask
from coupling.words import tables
from coupling.words.language import _

# what a check asks, for the reader; a check without an entry shows its name
LABELS = {
    "actual_rate_repeated": "actual loss rates are those of the tables before",
    "amounts_descend": "amounts descend",
    "grade_follows": "grades follow from D",
    "grey_error_within_15": "errors of the grey model stay within 15 per cent",
    "grey_forecast": "predictions are those of the grey model GM(1,1)",
    "growth_over_n": "growth rates fit their ends, over n years",
    "growth_over_n_minus_1": "growth rates fit their ends, over n - 1 years",
    "growth_over_n_plus_1": "growth rates fit their ends, over n + 1 years",
    "growth_rate": "growth rates follow from the amounts",
    "implied_index": "C and D imply an index T between 0 and 1",
    "implied_scores": "C and D imply scores between 0 and 1",
    "implied_total": "shares imply plausible totals",
    "index_rises": "the index climbs steadily",
    "indicator_exists": "indicators are in the catalogue",
    "indicators_distinct": "no indicator is listed twice",
    "listed_once": "each region has one grade",
    "loss_rate": "loss rates follow from losses and product",
    "national_average": "the national row is the mean of the rows",
    "parts_within_total": "parts add up to no more than the total",
    "province_listed_once": "each province has one row",
    "ranks_complete": "ranks are complete",
    "relative_error": "relative errors follow from predicted and actual",
    "row_average": "averages are the means of their rows",
    "shares_descend": "shares descend",
    "shares_sum_below_whole": "the listed shares stay below the whole",
    "text": "sentences of the paper",
    "weights_sum": "weights add up to 1",
}
# steps that a growth rate may have been worked out over, n the years between its ends
READINGS = {
    "growth_over_n_minus_1": "n - 1",
    "growth_over_n": "n",
    "growth_over_n_plus_1": "n + 1",
}
SENTENCES_BY_CHECK = 3  # of the sentences of a paper, those told at the top


def paper_pages(con: duckdb.DuckDBPyConnection) -> list[Page]:
    """Return the page about what the papers print; none where nothing was checked."""
    context = audit_context(con)
    return [Page("papers.html", "papers.html.j2", context)] if context["counts"] else []


def audit_context(con: duckdb.DuckDBPyConnection) -> dict:
    """Return all that the page shows; `counts` is empty where nothing was checked."""
    checks = ask(con, "papers/published_checks")
    counts = ask(con, "papers/check_counts")
    verdicts = counts[["claim_count", "agrees", "disagrees", "cannot"]].sum()
    rows = [
        {**row, "table": table_label(row["table_name"])}
        for row in tables.records(checks)
    ]
    return {
        "totals": {name: int(number) for name, number in verdicts.items()},
        "counts": [
            {**row, "label": label(row["check_name"])} for row in tables.records(counts)
        ],
        "papers": tables.records(ask(con, "site/papers")),
        "slips": slips(checks, counts),
        "readings": growth_readings(counts),
        "disagreeing": [row for row in rows if row["verdict"] == "disagrees"],
        "checks": rows,
        "replication": tables.records(ask(con, "papers/replication")),
        "obstacles": tables.records(ask(con, "papers/replication_obstacles")),
    }


def label(check_name: str) -> str:
    """Return what a check asks, or its name as words."""
    return _(LABELS.get(check_name, check_name.replace("_", " ")))


def table_label(table_name: str) -> str:
    """Return what a table of a paper is called; claims about none stand in the text."""
    if table_name == "text":
        return _("text")
    return _("table {number}").format(number=table_name.removeprefix("table_"))


def growth_readings(counts: pd.DataFrame) -> str | None:
    """Say over how many steps the printed growth rates fit; None where none is checked.

    Parameters
    ----------
    counts
        `papers/check_counts`.

    """
    fits = counts[counts["check_name"].isin(READINGS)].groupby("check_name").sum(True)
    if set(fits.index) != set(READINGS):
        return None
    parts = [
        _("{number} over {steps}").format(
            number=f"{fits.at[check, 'agrees']:,}", steps=steps
        )
        for check, steps in READINGS.items()
    ]
    best = max(READINGS, key=lambda check: fits.at[check, "agrees"])
    return _(
        "Of {rates} growth rates, {parts} steps lead from the first printed index to "
        "the last, n being the years between: most fit over {best}."
    ).format(
        rates=f"{fits['claim_count'].max():,}",
        parts=tables.joined(parts),
        best=READINGS[best],
    )


def slips(checks: pd.DataFrame, counts: pd.DataFrame) -> list[dict]:
    """Return the checks that some claims fail, the widest gap first, in sentences.

    The gap is the difference by what is printed; claims without numbers come last.

    Parameters
    ----------
    checks
        `papers/published_checks`.
    counts
        `papers/check_counts`.

    """
    failed = checks[checks["verdict"] == "disagrees"]
    told = []
    for row in tables.records(counts[counts["disagrees"] > 0]):
        of_check = failed[
            (failed["paper_id"] == row["paper_id"])
            & (failed["check_name"] == row["check_name"])
        ].sort_values(["gap", "check_id"], ascending=[False, True])
        shown = SENTENCES_BY_CHECK if row["check_name"] == "text" else 1
        told.append(
            {
                **row,
                "label": label(row["check_name"]),
                "gap": of_check["gap"].max(),
                "worst": tables.records(of_check.head(shown)),
            }
        )
    return sorted(
        told,
        key=lambda row: (
            -row["gap"] if pd.notna(row["gap"]) else float("inf"),
            row["paper_id"],
            row["check_name"],
        ),
    )
