"""Readers of a published warehouse, and what they must never see.

Each check reads once and returns '' or what is wrong. `python readers.py NAME PROJECT
KNOWN REPORT` reads without pause until its standard input closes, then writes how often
it read and what was wrong.
"""

import hashlib
import json
import sys
import threading
from pathlib import Path

import duckdb

from coupling.exports import public_tables

DEGREES = """
    select study_id, method_id, region_code, year, coupling_coordination_degree, grade
    from {relation} order by all
"""


def connect(database: Path):
    """Open a database as a BI tool does."""
    return duckdb.connect(str(database), read_only=True)


def digest(connection, relation: str) -> str:
    """A hash of all degrees and grades."""
    rows = connection.execute(DEGREES.format(relation=relation)).fetchall()
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def describe(build: Path) -> dict:
    """What readers may find of one build."""
    with connect(build / "coupling.duckdb") as connection:
        return {
            "inputs_hash": made_by(connection)[1],
            "degrees": digest(connection, "marts.fct_coupling"),
            "tables": [list(table) for table in public_tables(connection)],
            "pages": {
                path.name: hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted((build / "site").glob("*.html"))
            },
            "exports": sorted(path.name for path in (build / "exports").iterdir()),
        }


def made_by(connection) -> tuple[str, str]:
    """Run and hash of inputs of the build that a database belongs to."""
    return connection.execute("""
        select run_id, inputs_hash from marts.fct_runs order by run_id desc limit 1
    """).fetchone()


def read_database(project: Path, known: list[dict]) -> str:
    """The database by its published name: all tables there, the numbers right."""
    with connect(project / "warehouse" / "coupling.duckdb") as connection:
        _, inputs_hash = made_by(connection)
        build = [one for one in known if one["inputs_hash"] == inputs_hash]
        if not build:
            return f"a build of unknown inputs {inputs_hash}"
        tables = [list(table) for table in public_tables(connection)]
        if tables != build[0]["tables"]:
            return f"other tables: {tables}"
        if digest(connection, "marts.fct_coupling") != build[0]["degrees"]:
            return "wrong degrees in the database"
    return ""


def read_exports(project: Path, known: list[dict]) -> str:
    """The exports: the numbers right, no file missing.

    The folder is resolved first, since DuckDB opens a Parquet file three times by name.
    """
    folder = (project / "warehouse" / "exports").resolve(strict=True)
    with duckdb.connect() as connection:
        found = digest(connection, f"'{folder / 'fct_coupling.parquet'}'")
    if found not in [one["degrees"] for one in known]:
        return "wrong degrees in the Parquet file"
    names = sorted(path.name for path in folder.iterdir())
    return "" if names == known[0]["exports"] else f"other exports: {names}"


def read_pages(project: Path, known: list[dict]) -> str:
    """Each page by its published name: whole, and of one of the builds."""
    for name in known[0]["pages"]:
        page = (project / "reports" / "site" / name).read_bytes()
        found = hashlib.sha256(page).hexdigest()
        if found not in [one["pages"][name] for one in known]:
            return f"page {name} is of no build"
    return ""


def read_all_of_one_build(project: Path, known: list[dict]) -> str:
    """Whoever enters by warehouse/current finds all parts of one build."""
    build = (project / "warehouse" / "current").resolve(strict=True)
    manifest = json.loads((build / "manifest.json").read_text(encoding="utf-8"))
    with connect(build / "coupling.duckdb") as connection:
        run_id, inputs_hash = made_by(connection)
        degrees = digest(connection, "marts.fct_coupling")
    if not run_id == manifest["run_id"] == build.name:
        return (
            f"database of {run_id}, manifest of {manifest['run_id']}, in {build.name}"
        )
    if inputs_hash != manifest["inputs_hash"]:
        return "manifest and database disagree on the inputs"
    for name, facts in manifest["files"].items():
        if name.startswith(("exports/", "site/")):
            content = (build / name).read_bytes()
            if hashlib.sha256(content).hexdigest() != facts["sha256"]:
                return f"{name} is not that of {run_id}"
    with duckdb.connect() as connection:
        parquet = build / "exports" / "fct_coupling.parquet"
        if digest(connection, f"'{parquet}'") != degrees:
            return f"database and Parquet file of {run_id} disagree"
    return ""


READERS = {
    "database": read_database,
    "exports": read_exports,
    "pages": read_pages,
    "one_build": read_all_of_one_build,
}


def main() -> None:
    """Read until standard input closes."""
    name, project, known, report = sys.argv[1], *map(Path, sys.argv[2:])
    builds = json.loads(known.read_text(encoding="utf-8"))
    ended = threading.Event()
    threading.Thread(target=wait_for_the_end, args=(ended,), daemon=True).start()
    reads, wrong = 0, []
    while not ended.is_set():
        try:
            said = READERS[name](project, builds)
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
        reads += 1
        wrong += [said] if said else []
    report.write_text(json.dumps({"reads": reads, "wrong": wrong}), encoding="utf-8")


def wait_for_the_end(ended: threading.Event) -> None:
    """Say when standard input closes."""
    sys.stdin.read()
    ended.set()


if __name__ == "__main__":
    main()
