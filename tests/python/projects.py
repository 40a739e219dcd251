"""Copies of the project with other seeds, built for a test."""

import csv
import shutil
from pathlib import Path

import duckdb

from coupling import dbt
from coupling.paths import Paths

# what no figure or row of a study reaches, and what tests a build
HOUSEHOLDS = "path:models/staging/households+"
TESTS = "resource_type:test resource_type:unit_test"
PARTS = ("models", "macros", "seeds", "dbt_project.yml", "profiles.yml")


def copy_project(folder: Path, with_tests: bool = True) -> Paths:
    """Copy what dbt needs into `folder`; without tests/ where they are not wanted."""
    source = Paths().project
    for part in PARTS + (("tests",) if with_tests else ()):
        if (source / part).is_dir():
            skip = shutil.ignore_patterns("python", "__pycache__")
            shutil.copytree(source / part, folder / part, ignore=skip)
        else:
            shutil.copy2(source / part, folder / part)
    return Paths(folder)


def write_rows(path: Path, rows: list[dict]) -> None:
    """Replace the rows of a seed; columns that a row leaves out are blank."""
    with path.open(encoding="utf-8") as file:
        header = next(csv.reader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def append_rows(path: Path, rows: list[dict]) -> None:
    """Add rows to a seed; columns that a row leaves out are blank."""
    with path.open(encoding="utf-8") as file:
        present = list(csv.DictReader(file))
    write_rows(path, present + rows)


def build(paths: Paths, *select: str, exclude: str = "") -> Path:
    """Build a project, or part of it; fail with what dbt said if it does not build."""
    database = paths.project / "built" / "coupling.duckdb"
    result = dbt.build(database, paths, select=select, exclude=exclude)
    assert result.succeeded, "\n".join(result.failures)
    return database


def table(database: Path, query: str):
    """The result of a query as a DataFrame."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).df()
