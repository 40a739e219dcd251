"""The pages of expectations: what was expected of figures and marts, and found."""

import duckdb

from coupling.pages.pages import Page
from coupling.queries.ask import ask, ask_if_there
from coupling.words import tables

FOLDER = "expectations"
INDEX = f"{FOLDER}/index.html"


def expectation_pages(con: duckdb.DuckDBPyConnection) -> list[Page]:
    """Return a page that lists the suites and one for each; none without suites."""
    counts = ask_if_there(con, "quality/suites")
    if counts is None or counts.empty:
        return []
    failed = ask(con, "expectations/failed")
    held = ask(con, "expectations/held")
    pages = [Page(INDEX, "expectations.html.j2", {"suites": tables.records(counts)})]
    for suite in counts["suite"]:
        context = {
            "suite": suite,
            "failed": tables.records(failed[failed["suite"] == suite]),
            "held": tables.records(held[held["suite"] == suite]),
        }
        pages.append(Page(f"{FOLDER}/{suite}.html", "suite.html.j2", context))
    return pages
