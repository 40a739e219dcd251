"""The README of a replication bundle."""

from coupling.manuscripts.content import Manuscript
from coupling.words.language import _


def readme(manuscript: Manuscript) -> str:
    """Return what the bundle holds and how to work the study out again."""
    holds = {
        "recompute.sql": _(
            "the queries of the build in running order, from figures to degrees"
        ),
        "inputs/": _("the rows that the queries start from, a file per table"),
        "seeds/": _("the same rows as the warehouse's own input tables have them"),
        "cells/figures.csv": _(
            "every published figure behind an indicator: series, source, quality "
            "letter, origin"
        ),
        "results/": _("what the warehouse publishes, to compare with"),
        "methods.txt": _("the method in words, every choice stated"),
        "versions.csv, requirements.lock": _("versions of the software"),
        "CITATION.cff": _("how to cite"),
        "SHA256SUMS": _(
            "a checksum of every file; sha256sum -c SHA256SUMS checks them"
        ),
    }
    lines = [
        f"# {_plain(manuscript.title)}",
        _("Study {study}, method {method}.").format(
            study=f"`{manuscript.study_id}`", method=f"`{manuscript.method_id}`"
        ),
        "## " + _("To work it out again"),
        _(
            "Unpack the bundle and run DuckDB 2.0 or later in its folder; nothing else "
            "is needed:"
        ),
        "    duckdb < recompute.sql",
        _(
            "The last query compares every coupling coordination degree with the "
            "published one; the largest difference is below 1e-9. It was run when the "
            "bundle was made."
        ),
        _(
            "The obstacle degrees follow from results/fct_indicator_values.csv and "
            "results/fct_indicator_weights.csv by the formula in methods.txt."
        ),
        "## " + _("What the bundle holds"),
        "\n".join(f"- `{name}`: {text}" for name, text in holds.items()),
        "## " + _("How to cite"),
        *manuscript.citation,
    ]
    return "\n\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Return a text on one line, without the signs that Markdown and HTML read."""
    signs = "\\`*_{}[]<>#|"
    joined = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in signs else sign for sign in joined)
