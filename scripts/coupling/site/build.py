"""Which build the pages belong to, in a script of its own beside them.

Pages are rendered before a run has ended and are taken over while nothing changes, so
they cannot say when they were built. `assets/build.js` can: it sets one constant, and
the pages fill their blanks from it. Where it says nothing, they keep the text that they
have.
"""

import json
from pathlib import Path

import duckdb

from coupling.base.connections import connect
from coupling.queries.ask import ask_rows

NAME = "assets/build.js"


def build_facts(database: Path) -> dict | None:
    """Return what a database tells of the run that made it, None if it tells nothing.

    The names are columns of `marts.fct_runs`; `finished_at` is UTC, to the minute.
    `input_count` counts input files, and `folders` has a list of folder, files and
    files changed for each folder of them; '.' stands for the project's own.
    """
    with connect(database, read_only=True) as con:
        try:
            runs = ask_rows(con, "build/run")
        except duckdb.CatalogException:
            return None
        if not runs:
            return None
        [facts] = runs
        folders = ask_rows(con, "build/folders", run_id=facts["run_id"])
    return facts | {
        "input_count": sum(row["file_count"] for row in folders),
        "folders": [list(row.values()) for row in folders],
    }


def build_script(database: Path) -> bytes:
    """Return the script that tells the pages which build they belong to."""
    facts = json.dumps(build_facts(database), indent=1)
    return f'"use strict";\nconst buildFacts = {facts};\n'.encode()


def write_build(database: Path, site: Path) -> Path:
    """Write the script of a finished build beside its pages; return its path."""
    path = site / NAME
    path.write_bytes(build_script(database))
    return path
