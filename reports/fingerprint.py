"""What a site is made of, as one hash, so that an unchanged site is not rendered again.

A site keeps `fingerprint.json` beside its pages: `made_of`, the hash, and `pages`, the
hash of each page by its path, in the order of the pages.
"""

import hashlib
import json
import sys
from importlib.metadata import version
from pathlib import Path

import duckdb

NAME = "fingerprint.json"
HERE = Path(__file__).parent
# of the project: what the pages are made with
SOURCES = (".py", ".j2", ".yml", ".csv", ".po", ".css", ".js")
PACKAGES = ("altair", "babel", "duckdb", "jinja2", "pandas", "vl-convert-python")


def made_of(database: Path) -> str:
    """Return the hash of all that the pages depend on: rows, code, words, packages.

    Every table of the database counts, whether a page reads it or not, so a page that
    comes to read another table needs no word here.
    """
    found = hashlib.sha256(f"Python {sys.version}\n".encode())
    for name in PACKAGES:
        found.update(f"{name} {version(name)}\n".encode())
    for path in sorted(HERE.rglob("*")):
        if path.suffix in SOURCES:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            found.update(f"{path.relative_to(HERE).as_posix()} {content}\n".encode())
    with duckdb.connect(database, read_only=True) as con:
        for line in _tables(con):
            found.update(f"{line}\n".encode())
    return found.hexdigest()


def of_page(content: bytes) -> str:
    """Return the hash of a page."""
    return hashlib.sha256(content).hexdigest()


def written(made: str, pages: dict[str, bytes]) -> str:
    """Return the text of the file that goes with the pages, given by path."""
    hashes = {path: of_page(content) for path, content in pages.items()}
    return json.dumps({"made_of": made, "pages": hashes}, indent=0) + "\n"


def unchanged_pages(folder: Path, made: str) -> dict[str, bytes] | None:
    """Return the pages of a site by path, if they are whole and made of the same.

    None where there is no such site, or a page of it is gone or not as it was written.
    """
    try:
        known = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if known["made_of"] != made:
            return None
        pages = {path: (folder / path).read_bytes() for path in known["pages"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    is_whole = all(of_page(pages[path]) == known["pages"][path] for path in pages)
    return pages if is_whole else None


def _tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return a line for each table with its columns and a sum over its rows.

    The sum does not depend on the order of the rows. It is made of 64 bits of a hash of
    every row as text, which tells apart what numbers and missing values print as.
    """
    views = con.execute("""
        select schema_name, view_name, sql from duckdb_views()
        where not internal order by all
    """).fetchall()
    tables = con.execute("""
        select table_schema, table_name,
            string_agg(column_name || ' ' || data_type, ', ' order by ordinal_position)
        from information_schema.columns
        where (table_schema, table_name) in (
            select (schema_name, table_name) from duckdb_tables()
        )
        group by all order by all
    """).fetchall()
    lines = [" ".join(view) for view in views]
    for schema, name, columns in tables:
        table = '"{}"."{}"'.format(*(part.replace('"', '""') for part in (schema, name)))
        rows = con.execute(
            f"select count(*), sum(hash(cast(t as varchar))) from {table} as t"
        ).fetchone()
        lines.append(f"{schema}.{name} ({columns}): {rows}")
    return lines
