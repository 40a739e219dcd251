"""What a build is made of: a hash of every input file, and the versions at work."""

import hashlib
import json
import platform
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from coupling.base.paths import REPORTS, Paths

FOLDERS = ("models", "macros", "seeds", "tests/generic", "tests/singular")
FILES = (
    "dbt_project.yml",
    "profiles.yml",
    "pyproject.toml",
    "requirements.lock",
    "tests/_singular.yml",
)
# code that makes numbers or files, from where it is installed
SCRIPTS = Path(__file__).resolve().parents[2]
CODE = {"scripts": SCRIPTS, "reports": REPORTS}
# models of the screen of the households, by schema: a refresh may take their tables
# over from the build before
SCREEN = {
    "staging": "models/staging/households",
    "intermediate": "models/intermediate/households",
}
# folders of code that pages are made by
PAGES = tuple(
    SCRIPTS / "coupling" / room
    for room in ("charts", "pages", "prose", "queries", "site", "words")
)
# what starts a refresh is nothing that one is made of
SCHEDULE = SCRIPTS / "schedule"
# code, statements, templates, words and styles; of the site, a link, nothing counts
SOURCES = (".py", ".sql", ".j2", ".yml", ".csv", ".po", ".css", ".js")
NUMBERS_COME_FROM = (
    "dbt-core",
    "dbt-duckdb",
    "duckdb",
    "mlxtend",
    "numpy",
    "pandas",
    "pyarrow",
    "scikit-learn",
    "statsmodels",
    "xlsxwriter",
)


def file_hashes(paths: Paths) -> dict[str, str]:
    """SHA-256 of every input file by its name, sorted.

    Names are relative to the project; those of a workspace elsewhere begin with
    workspace/ all the same, so moving it is no change.
    """
    return {name: _digest(path) for name, path in sorted(_files(paths))}


def versions() -> dict[str, str]:
    """Versions of Python and of what numbers come from, by name."""
    return {
        "python": platform.python_version(),
        "project": metadata.version("coupling-warehouse"),
        **{name: metadata.version(name) for name in NUMBERS_COME_FROM},
    }


def total_hash(files: dict[str, str], at_work: dict[str, str]) -> str:
    """One SHA-256 over all files and versions."""
    text = json.dumps([files, at_work], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def changes(before: dict[str, str] | None, now: dict[str, str]) -> dict[str, str]:
    """Each file's change since `before`: same, added, changed or removed; sorted."""
    before = now if before is None else before
    return {
        name: "added"
        if name not in before
        else "removed"
        if name not in now
        else "same"
        if before[name] == now[name]
        else "changed"
        for name in sorted(before.keys() | now.keys())
    }


def sources(folder: Path) -> Iterator[Path]:
    """Files below `folder` that are SOURCES, sorted."""
    for path in sorted(folder.rglob("*")):
        is_source = path.suffix in SOURCES and SCHEDULE not in path.parents
        if is_source and path.is_file():
            yield path


def _files(paths: Paths) -> Iterator[tuple[str, Path]]:
    for folder in FOLDERS:
        yield from _below(folder, paths.project / folder)
    for name in FILES:
        if (paths.project / name).is_file():
            yield name, paths.project / name
    for part, code in CODE.items():
        for path in sources(code):
            yield f"{part}/{path.relative_to(code).as_posix()}", path
    yield from _below("workspace", paths.workspace)


def _below(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix != ".pyc":
            yield f"{name}/{path.relative_to(folder).as_posix()}", path


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
