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

import duckdb

from coupling import inputs
from coupling.quoting import sql_name
from coupling_reports.beside import NOTHING, Beside

NAME = "fingerprint.json"
HERE = Path(__file__).parent
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
    for path in inputs.sources(HERE):
        name = path.relative_to(HERE).as_posix()
        found.update(f"{name} {_hash(path.read_bytes())}\n".encode())
    with duckdb.connect(database, read_only=True) as con:
        for line in _tables(con):
            found.update(f"{line}\n".encode())
    return found.hexdigest()


def written(made: str, files: dict[str, bytes]) -> bytes:
    """Return the content of the file that goes with the files, given by path."""
    hashes = {path: _hash(content) for path, content in files.items()}
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
    is_whole = all(_hash(files[path]) == known["files"][path] for path in files)
    return files if is_whole else None


def of_results(con: duckdb.DuckDBPyConnection) -> str:
    """Return twelve hex digits that stand for the rows of the marts.

    They are the same whichever run built the rows: tables that tell of runs are left
    out.
    """
    lines = [line for line in _tables(con, "marts") if "run_id" not in line]
    return _hash("\n".join(lines).encode())[:12]


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _tables(con: duckdb.DuckDBPyConnection, schemas: str = "%") -> list[str]:
    """Return a line for each table with its columns and a sum over its rows.

    Schemas are those that are like `schemas`.

    The sum is of a 64-bit hash of every row, so it does not depend on their order. It
    tells missing from empty, and all numbers apart but the two zeros.
    """
    views = con.execute(
        """
        select schema_name, view_name, sql from duckdb_views()
        where not internal and schema_name like $schemas order by all
    """,
        {"schemas": schemas},
    ).fetchall()
    tables = con.execute(
        """
        select table_schema, table_name,
            string_agg(column_name || ' ' || data_type, ', ' order by ordinal_position)
        from information_schema.columns
        where (table_schema, table_name) in (
            select (schema_name, table_name) from duckdb_tables()
        )
            and table_schema like $schemas
        group by all order by all
    """,
        {"schemas": schemas},
    ).fetchall()
    lines = [" ".join(view) for view in views]
    for schema, name, columns in tables:
        table = sql_name(schema, name)
        rows = con.execute(
            f"select count(*), sum(hash(t)) from {table} as t"
        ).fetchone()
        lines.append(f"{schema}.{name} ({columns}): {rows}")
    return lines
