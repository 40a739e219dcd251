"""What a site is made of, as one hash, so that an unchanged site is not rendered again.

A site keeps `fingerprint.json` beside its pages: `made_of`, the hash, and `files`, the
hash of each file by its path, in the order of the pages.
"""

import hashlib
import json
import sys
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from coupling.base import inputs
from coupling.base.connections import connect
from coupling.base.paths import REPORTS
from coupling.outputs import digest
from coupling.outputs.digest import hash_of
from coupling.site.beside import NOTHING, Beside

NAME = "fingerprint.json"
# code that makes pages, and what it fills in
MADE_BY = (*inputs.PAGES, REPORTS)
PACKAGES = (
    "altair",
    "babel",
    "duckdb",
    "jinja2",
    "latex2mathml",
    "pandas",
    "vl-convert-python",
)


def made_of(database: Path, beside: Beside = NOTHING) -> str:
    """Return the hash of all that the pages depend on: rows, code, words, packages.

    Every table of the database counts, whether a page reads it or not, so a page that
    comes to read another table needs no word here; and so does all that was found
    `beside` the pages.
    """
    others = json.dumps(asdict(beside), sort_keys=True)
    found = hashlib.sha256(f"Python {sys.version}\n{others}\n".encode())
    for name in PACKAGES:
        found.update(f"{name} {version(name)}\n".encode())
    for folder in MADE_BY:
        for path in inputs.sources(folder):
            name = path.relative_to(folder.parent).as_posix()
            found.update(f"{name} {hash_of(path.read_bytes())}\n".encode())
    with connect(database, read_only=True) as con:
        for line in digest.tables(con):
            found.update(f"{line}\n".encode())
    return found.hexdigest()


def written(made: str, files: dict[str, bytes]) -> bytes:
    """Return the content of the file that goes with the files, given by path."""
    hashes = {path: hash_of(content) for path, content in files.items()}
    return (json.dumps({"made_of": made, "files": hashes}, indent=0) + "\n").encode()


def unchanged_files(folder: Path, made: str) -> dict[str, bytes] | None:
    """Return the files of a site by path, if they are whole and made of the same.

    None where there is no such site, or a file of it is gone or not as it was written.
    """
    try:
        known = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if known["made_of"] != made:
            return None
        files = {path: (folder / path).read_bytes() for path in known["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    is_whole = all(hash_of(files[path]) == known["files"][path] for path in files)
    return files if is_whole else None
