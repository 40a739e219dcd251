"""The pages of comparisons: two regions or two methods of a study side by side.

A page holds the results of every method; the reader's choice picks among them and
stands in the address: `#regions=110000,310000`, or
`#methods=entropy_topsis,equal_linear&region=110000&year=2023`.
"""

import duckdb
import pandas as pd

from coupling.charts import charts
from coupling.pages.pages import Page, chain_link, compare_path, region_link
from coupling.queries import lists
from coupling.queries.ask import ask
from coupling.words import tables
from coupling.words.language import _

LIST = "compare.html"
ROOT = "../"  # from a comparison to the pages of its language
DIGITS = 9  # more than a page shows, and fewer than two sums of floats may differ in
LINES = ("first", "second")


def compare_pages(con: duckdb.DuckDBPyConnection) -> list[Page]:
    """Return the list of comparisons and one page per study with two regions."""
    compared = lists.compared_studies(con)
    studies = [
        study
        for study in tables.records(ask(con, "site/studies"))
        if study["study_id"] in compared
    ]
    if not studies:
        return []
    pages = [
        Page(
            compare_path(study["study_id"]),
            "compare.html.j2",
            {**compare_context(con, study), "studies": studies},
        )
        for study in studies
    ]
    listed = Page(LIST, "comparisons.html.j2", {"pages": pages})
    return [listed, *pages]


def compare_context(con: duckdb.DuckDBPyConnection, study: dict) -> dict:
    """Return all that the comparisons of a study show.

    Parameters
    ----------
    con
        An open connection.
    study
        A row of `site/studies`.

    """
    study_id = study["study_id"]
    regions = tables.records(ask(con, "compare/regions", study_id=study_id))
    methods = tables.records(ask(con, "compare/methods", study_id=study_id))
    systems = tables.records(ask(con, "study/systems", study_id=study_id))
    results = ask(con, "compare/results", study_id=study_id)
    agreement = ask(con, "compare/agreement", study_id=study_id)
    default = methods[0]["method_id"]
    ends = default_regions(results, default)
    names = {region["region_code"]: region["region"] for region in regions}
    styles = charts.line_styles(
        {line: names[code] for line, code in zip(LINES, ends, strict=True)}
    )
    return {
        "study": study,
        "methods": methods,
        "systems": systems,
        "ends": ends,
        "options": {
            "regions": [(row["region_code"], row["region"]) for row in regions],
            "methods": [(row["method_id"], row["method"]) for row in methods],
            "years": [(year, year) for year in sorted(results["year"].unique())[::-1]],
        },
        "against_default": against_default(agreement, methods, regions),
        "agreement_year": int(
            (results if agreement.empty else agreement)["year"].max()
        ),
        "styles": styles,
        "comparison": {
            "regions": [_addressed(study_id, region) for region in regions],
            "methods": methods,
            "ends": ends,
            "results": _packed(
                with_scores(
                    results, ask(con, "compare/scores", study_id=study_id), systems
                )
            ),
            "agreement": _packed(agreement),
            "obstacles": _packed(
                ask(
                    con,
                    "compare/obstacles",
                    study_id=study_id,
                    listed=tables.TOP_OBSTACLES,
                )
            ),
        },
        "charts": {
            "comparison": charts.specification(
                comparison_chart(study_id, results, default, ends, styles)
            )
        },
    }


def default_regions(results: pd.DataFrame, method_id: str) -> list[str]:
    """Return the codes of the first and the last region in the last year of results.

    Parameters
    ----------
    results
        `compare/results`; at least two regions have one of the method.
    method_id
        The method that ranks them.

    """
    ranked = results[results["reason"].isna() & (results["method_id"] == method_id)]
    counts = ranked.groupby("year").size()
    year = counts[counts > 1].index.max() if (counts > 1).any() else counts.index.max()
    ranked = ranked[ranked["year"] == year]
    ranked = ranked.sort_values(["coordination_rank", "region_code"])
    return [ranked["region_code"].iloc[0], ranked["region_code"].iloc[-1]]


def with_scores(
    results: pd.DataFrame, scores: pd.DataFrame, systems: list[dict]
) -> pd.DataFrame:
    """Return the results with a column for the score of each system, by its id."""
    keys = ["method_id", "region_code", "year"]
    wide = scores.pivot(index=keys, columns="system_id", values="score").reindex(
        columns=[system["system_id"] for system in systems]
    )
    wide.columns = [f"score_{i}" for i, _system in enumerate(systems, 1)]
    return results.join(wide, on=keys)


def against_default(
    agreement: pd.DataFrame, methods: list[dict], regions: list[dict]
) -> list[dict]:
    """Return how alike each other method ranks the regions in the last year.

    Parameters
    ----------
    agreement
        `compare/agreement`.
    methods
        Rows of `compare/methods`, the default first.
    regions
        Rows of `compare/regions`.

    """
    default, *others = methods
    names = {region["region_code"]: region["region"] for region in regions}
    last = agreement[agreement["year"] == agreement["year"].max()]
    found = {
        frozenset((row["first_method_id"], row["second_method_id"])): row
        for row in tables.records(last)
    }
    pairs = [
        (method, found.get(frozenset((default["method_id"], method["method_id"]))))
        for method in others
    ]
    return [
        {**method, **row, "moved_region": names.get(row["moved_region_code"])}
        for method, row in pairs
        if row
    ]


def comparison_chart(
    study_id: str,
    results: pd.DataFrame,
    method_id: str,
    ends: list[str],
    styles: dict[str, charts.LineStyle],
) -> charts.Drawing:
    """Lines over the years: D of the two that are compared; points lead to chains.

    The page gives the same chart other rows when the reader chooses.

    Parameters
    ----------
    study_id
        Of the study.
    results
        `compare/results`.
    method_id
        The method shown at first.
    ends
        Codes of the regions shown at first.
    styles
        By line, the first and the second.

    """
    shown = results[results["reason"].isna() & (results["method_id"] == method_id)]
    drawn = pd.concat(
        [
            shown[shown["region_code"] == code].assign(line=line)
            for line, code in zip(LINES, ends, strict=True)
        ]
    )
    drawn = drawn.assign(
        link=[
            ROOT + chain_link(study_id, row.region_code, row.year)
            for row in drawn.itertuples()
        ]
    )
    return charts.line_chart(
        drawn.rename(columns={"degree": "value"})[["year", "line", "value", "link"]],
        styles,
        name="comparison",
        y_title=_("Coupling coordination degree D"),
        y_format="~g",
        value_format=".3f",
        description=_(
            "Line chart: coupling coordination degree D of the two that are compared, "
            "by year. The table that follows has the numbers."
        ),
    )


def _addressed(study_id: str, region: dict) -> dict:
    """Return the region with the addresses of its pages, as seen from a comparison."""
    code = region["region_code"]
    return {
        **region,
        "page": ROOT + region_link(study_id, code),
        "chain": ROOT + chain_link(study_id, code, "{year}"),
    }


def _packed(frame: pd.DataFrame) -> dict[str, list | dict]:
    """Return the frame as names of columns and rows of values, to save room.

    A text stands in a row as its place in the `words` of the column.
    """
    numbers = frame.select_dtypes("float").columns
    packed = frame.assign(**frame[numbers].round(DIGITS))
    words = {}
    for column in frame.columns.difference(numbers):
        if not pd.api.types.is_numeric_dtype(frame[column]):
            known = frame[column].dropna().unique()
            words[column] = list(known)
            packed[column] = frame[column].map(
                {word: place for place, word in enumerate(known)}
            )
    rows = [list(row.values()) for row in tables.records(packed)]
    return {"columns": list(frame.columns), "words": words, "rows": rows}
