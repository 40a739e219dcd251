"""Readers of a published warehouse, and what they must never see.

Each check reads once and returns '' or what is wrong. `python readers.py NAME PROJECT
KNOWN REPORT PAUSE` reads and rests for PAUSE seconds, in turn, until its standard input
closes, then writes how often it read, how many builds it met, and what was wrong.
"""

import hashlib
import json
import sys
import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import clients
from clients import CLIENTS, COLUMNS, Found

DEGREES_FILE = Path("exports") / "fct_coupling.parquet"
KEY = COLUMNS.index("year") + 1
# fingerprints of the degrees that this process has met
SEEN: set[str] = set()
# hashes of each page, by its name, in all builds that this process has met
SEALED: dict[str, set[str]] = defaultdict(set)


def fingerprint(degrees: list[tuple]) -> str:
    """A hash of all degrees and grades, in the order of their keys."""
    rows = sorted(degrees, key=lambda row: row[:KEY])
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def described(found: Found) -> dict:
    """What a program found, but for the run: equal in all builds of the same inputs."""
    ((_, inputs_hash),) = found.made_by
    return {
        "inputs_hash": inputs_hash,
        "degrees": fingerprint(found.degrees),
        "tables": sorted(map(list, found.tables)),
    }


def describe(build: Path) -> dict:
    """What readers may find of one build."""
    found = clients.read_with_duckdb(build / "coupling.duckdb", build / DEGREES_FILE)
    return described(found) | {
        "pages": sorted(path.name for path in (build / "site").glob("*.html")),
        "exports": sorted(path.name for path in (build / "exports").iterdir()),
    }


def read_with(
    client: Callable[[Path, Path], Found], project: Path, known: list[dict]
) -> str:
    """The database by its published name and a Parquet file of a build, by a program.

    All tables are there, run and numbers are those of one build. The folder of the
    Parquet file is resolved first, since most programs open it several times.
    """
    warehouse = project / "warehouse"
    parquet = (warehouse / "current").resolve(strict=True) / DEGREES_FILE
    found = client(warehouse / "coupling.duckdb", parquet)
    facts = described(found)
    build = [one for one in known if one["inputs_hash"] == facts["inputs_hash"]]
    if not build:
        return f"a build of unknown inputs {facts['inputs_hash']}"
    if wrong := [name for name in facts if facts[name] != build[0][name]]:
        return f"wrong {' and '.join(wrong)} in the database"
    if fingerprint(found.exported) not in [one["degrees"] for one in known]:
        return "wrong degrees in the Parquet file"
    SEEN.add(facts["degrees"])
    return ""


def read_pages(project: Path, known: list[dict]) -> str:
    """Each page by its published name: whole, and as a build has sealed it."""
    for name in known[0]["pages"]:
        page = (project / "reports" / "site" / name).read_bytes()
        found = hashlib.sha256(page).hexdigest()
        if found not in SEALED[name]:
            # a build that was published since
            for manifest in (project / "warehouse" / "builds").glob("*/manifest.json"):
                with suppress(FileNotFoundError):  # an old build, just removed
                    files = json.loads(manifest.read_text(encoding="utf-8"))["files"]
                    SEALED[name].add(files[f"site/{name}"]["sha256"])
        if found not in SEALED[name]:
            return f"page {name} is of no build"
    return ""


def read_all_of_one_build(project: Path, known: list[dict]) -> str:
    """Whoever enters by warehouse/current finds all parts of one build."""
    build = (project / "warehouse" / "current").resolve(strict=True)
    manifest = json.loads((build / "manifest.json").read_text(encoding="utf-8"))
    found = clients.read_with_duckdb(build / "coupling.duckdb", build / DEGREES_FILE)
    ((run_id, inputs_hash),) = found.made_by
    if not run_id == manifest["run_id"] == build.name:
        return (
            f"database of {run_id}, manifest of {manifest['run_id']}, in {build.name}"
        )
    if inputs_hash != manifest["inputs_hash"]:
        return "manifest and database disagree on the inputs"
    names = set()
    for name, facts in manifest["files"].items():
        if name.startswith(("exports/", "site/")):
            content = (build / name).read_bytes()
            if hashlib.sha256(content).hexdigest() != facts["sha256"]:
                return f"{name} is not that of {run_id}"
            names.add(name)
    if lost := {f"exports/{name}" for name in known[0]["exports"]} - names:
        return f"{run_id} lacks {sorted(lost)}"
    if fingerprint(found.exported) != fingerprint(found.degrees):
        return f"database and Parquet file of {run_id} disagree"
    return ""


READERS: dict[str, Callable[[Path, list[dict]], str]] = {
    "pages": read_pages,
    "one_build": read_all_of_one_build,
    **{name: partial(read_with, client) for name, client in CLIENTS.items()},
}


def main() -> None:
    """Read until standard input closes."""
    name, project, known, report = sys.argv[1], *map(Path, sys.argv[2:5])
    pause = float(sys.argv[5])
    builds = json.loads(known.read_text(encoding="utf-8"))
    ended = threading.Event()
    threading.Thread(target=wait_for_the_end, args=(ended,), daemon=True).start()
    reads, wrong = 0, []
    while not ended.wait(pause):
        try:
            said = READERS[name](project, builds)
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
        reads += 1
        wrong += [said] if said else []
    report.write_text(
        json.dumps({"reads": reads, "wrong": wrong, "builds": len(SEEN)}),
        encoding="utf-8",
    )


def wait_for_the_end(ended: threading.Event) -> None:
    """Say when standard input closes."""
    sys.stdin.read()
    ended.set()


if __name__ == "__main__":
    main()
