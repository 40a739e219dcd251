"""The glossary: every term in both languages."""

import csv

from coupling.base.paths import REPORTS
from coupling.pages.pages import Page

TERMS = REPORTS / "glossary.csv"


def glossary_page() -> Page:
    """Return the page of terms, in the order of their English names."""
    with TERMS.open(encoding="utf-8", newline="") as file:
        terms = sorted(csv.DictReader(file), key=lambda row: row["term"].lower())
    return Page("glossary.html", "glossary.html.j2", {"terms": terms})
