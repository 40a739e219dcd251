"""The pages of Great Expectations: what was expected of figures and marts, and found.

A refresh leaves what Great Expectations renders of each suite in a file beside the
pages; the checks themselves are in `quality.qc_expectation_results`. The library speaks
English only: its words and ours are told in the language spoken.
"""

import json
import re
from pathlib import Path

import duckdb
from markupsafe import Markup, escape

from coupling.expectations.docs import FILE
from coupling.expectations.outcome import described
from coupling.pages.pages import Page
from coupling.queries.ask import ask, ask_if_there
from coupling.words import tables
from coupling.words.language import _
from coupling.words.sentences import told

FOLDER = "expectations"
INDEX = f"{FOLDER}/index.html"
# what stands between two tags
TEXT = re.compile(r"(?<=>)[^<>]+(?=<)")
# of a column, an expectation or several of them
NAME = re.compile(r"\[.*\]|[a-z]\w*")
CODE = Markup("<code>{}</code>")


def read_suites(folder: Path) -> dict[str, str]:
    """Return {suite: HTML} that a refresh left in a folder; empty if there is none."""
    try:
        return json.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def expectation_pages(
    con: duckdb.DuckDBPyConnection, suites: dict[str, str]
) -> list[Page]:
    """Return a page that lists the suites and one for each; none without suites."""
    counts = ask_if_there(con, "quality/suites")
    if counts is None or not suites:
        return []
    checks = ask(con, "quality/checks")
    words = descriptions(tables.records(checks))
    listed = counts[counts["suite"].isin(list(suites))]
    pages = [Page(INDEX, "expectations.html.j2", {"suites": tables.records(listed)})]
    for suite in listed["suite"]:
        failed = checks[(checks["suite"] == suite) & ~checks["success"]]
        context = {
            "suite": suite,
            "failed": tables.records(failed),
            "sections": said(suites[suite], words),
        }
        pages.append(Page(f"{FOLDER}/{suite}.html", "suite.html.j2", context))
    return pages


def descriptions(checks: list[dict]) -> dict[str, Markup]:
    """Return {description that an expectation has in English: as it is told}."""
    return {
        _described(check): Markup(_("{severity}, {name}: {expected}. {note}")).format(
            severity=told(check["severity"]),
            name=CODE.format(check["expectation"]),
            expected=told(check["expected"]),
            note=told(check["note"]),
        )
        for check in checks
    }


def _described(check: dict) -> str:
    keys = ("severity", "expectation", "expected", "note")
    return described(*(check[key] for key in keys))


def said(sections: str, words: dict[str, Markup]) -> Markup:
    """Return HTML with its texts told in the language spoken, by `words` or `told`."""

    def one(found: re.Match) -> str:
        text = Markup(found[0]).unescape()
        bare = " ".join(text.split())
        before = " " if text[0].isspace() else ""
        after = " " if bare and text[-1].isspace() else ""
        spoken = words.get(bare) or told(bare)
        if NAME.fullmatch(bare) and spoken == bare:
            spoken = CODE.format(bare)
        return before + escape(spoken) + after

    return Markup(TEXT.sub(one, sections))
