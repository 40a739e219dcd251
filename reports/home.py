"""What the home page shows."""

from collections.abc import Sequence

from coupling_reports.pages import Page


def home_page(studies: list[Page], others: list[Page], beside: Sequence[str]) -> Page:
    """Return the home page; it leads to the other pages."""
    found = {page.path: page.context for page in others}
    return Page(
        "index.html",
        "home.html.j2",
        {
            "studies": studies,
            "surveys": found.get("households.html", {}).get("surveys", []),
            "has_forecasts": "forecasts.html" in found,
            "audit": found.get("papers.html"),
            "beside": beside,
        },
    )
