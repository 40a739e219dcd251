"""What the home page shows."""

import duckdb

from coupling.pages.compare import LIST as COMPARISONS
from coupling.pages.pages import Page
from coupling.queries.ask import ask, ask_rows
from coupling.site.expectations import INDEX as EXPECTATIONS
from coupling.site.lineage import PAGE as LINEAGE
from coupling.words import tables


def home_page(
    con: duckdb.DuckDBPyConnection,
    studies: list[Page],
    others: list[Page],
) -> Page:
    """Return the home page; it leads to the other pages.

    What it tells of their content it takes from them.
    """
    found = {page.path: page.context for page in others}
    return Page(
        "index.html",
        "home.html.j2",
        {
            "holdings": ask_rows(con, "quality/holdings")[0],
            "publishers": tables.records(ask(con, "quality/publishers")),
            "studies": studies,
            "surveys": found.get("households.html", {}).get("surveys", []),
            "has_forecasts": "forecasts.html" in found,
            "has_regions": "regions.html" in found,
            "has_comparisons": COMPARISONS in found,
            "audit": found.get("papers.html"),
            "quality": found.get("quality.html"),
            "has_lineage": LINEAGE in found,
            "has_expectations": EXPECTATIONS in found,
            "has_scale": "scale.html" in found,
        },
    )
