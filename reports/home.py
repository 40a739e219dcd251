"""What the home page shows."""

import duckdb

from coupling_reports.pages import Page


def home_page(
    con: duckdb.DuckDBPyConnection, studies: list[Page], others: list[Page]
) -> Page:
    """Return the home page; it leads to the other pages."""
    surveys = [
        survey
        for page in others
        if page.path == "households.html"
        for survey in page.context["surveys"]
    ]
    return Page("index.html", "home.html.j2", {"studies": studies, "surveys": surveys})
