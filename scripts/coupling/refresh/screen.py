"""Take over the screen of the households from the build before, where it is the same.

The screen, from the staged surveys to the reasons of each household, takes a third of a
build and comes from the surveys alone. A refresh after new yearbook figures need not do
it again. The marts are made from its tables every time.
"""

from pathlib import Path

import yaml

from coupling.base import inputs
from coupling.base.connections import connect
from coupling.base.paths import Paths
from coupling.base.quoting import sql_name, sql_text
from coupling.publishing import publish

# what dbt leaves out once the tables are there
MODELS = " ".join(f"path:{folder}" for folder in inputs.SCREEN.values())
# what the build left out
ASIDE = ("quality", "qc_set_aside")
SURVEYS = ("seeds/households/", "workspace/households/")
# inputs that do not reach the screen, but for those of SURVEYS
BESIDE = (
    *("seeds/", "workspace/", "reports/", "tests/", "scripts/coupling/manuscripts/"),
    *(f"scripts/coupling/{room.name}/" for room in inputs.PAGES),
)


def is_unchanged(before: dict[str, str], now: dict[str, str]) -> bool:
    """Say whether two builds from these inputs have the same screen.

    Inputs are hashes of the files by name. Code, models and settings may not differ.
    """
    changed = (
        name for name, how in inputs.changes(before, now).items() if how != "same"
    )
    return all(
        name.startswith(BESIDE) and not name.startswith(SURVEYS) for name in changed
    )


def tables(project: Path) -> list[tuple[str, str]]:
    """Return schema and name of each table of the screen, sorted."""
    return sorted(
        (schema, path.stem)
        for schema, folder in inputs.SCREEN.items()
        for path in (project / folder).rglob("*")
        if path.suffix in (".sql", ".py")
    )


def take_over(paths: Paths, database: Path) -> bool:
    """Copy the screen of the published build into a new `database`.

    Returns False, and makes no database, where the published build is damaged, lacks
    one of the tables, or left something of the workspace out, which may be a survey.
    """
    source, wanted = publish.current_database(paths), tables(paths.project)
    if source is None or not wanted or publish.what_is_wrong(source.parent):
        return False
    with connect(str(source), read_only=True) as published:
        there = published.execute(
            "select schema_name, table_name from duckdb_tables()"
        ).fetchall()
        if not {*wanted, ASIDE} <= {*there}:
            return False
        if published.execute(f"from {sql_name(*ASIDE)} limit 1").fetchall():
            return False
    database.parent.mkdir(parents=True, exist_ok=True)
    with connect(str(database), config=_settings(paths)) as new:
        new.execute(f"attach {sql_text(source)} as before (read_only)")
        for schema, table in wanted:
            new.execute(f"create schema if not exists {sql_name(schema)}")
            path = sql_name(schema, table)
            new.execute(f"create table {path} as from before.{path}")
    return True


def _settings(paths: Paths) -> dict:
    """Return the settings with which dbt would have made the database."""
    profile = yaml.safe_load((paths.project / "profiles.yml").read_text("utf-8"))
    return profile["coupling"]["outputs"]["duckdb"]["config_options"]
