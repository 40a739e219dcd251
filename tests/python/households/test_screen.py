"""The screen of the households is taken over only where it would be the same."""

import io
import json
from datetime import datetime
from types import SimpleNamespace

import duckdb
import projects
import pytest

from coupling.base import inputs
from coupling.base.paths import Paths
from coupling.publishing import publish
from coupling.publishing.runs import Run
from coupling.refresh import dbt, refresh, screen

BEFORE = {
    "models/staging/households/stg_households.sql": "a",
    "scripts/coupling/households/detectors.py": "a",
    "seeds/households/engel_1857.csv": "a",
    "seeds/yearbook/national_accounts.csv": "a",
    "workspace/households/households.parquet": "a",
    "workspace/yearbook/figures.csv": "a",
    "scripts/coupling/pages/pages.py": "a",
    "requirements.lock": "a",
}


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("models/staging/households/stg_households.sql", False),
        ("scripts/coupling/households/detectors.py", False),
        ("seeds/households/engel_1857.csv", False),
        ("seeds/yearbook/national_accounts.csv", True),
        ("workspace/households/households.parquet", False),
        ("workspace/yearbook/figures.csv", True),
        ("scripts/coupling/pages/pages.py", True),
        ("requirements.lock", False),
    ],
)
def test_inputs_that_reach_the_screen_change_it(name, same):
    assert screen.is_unchanged(BEFORE, BEFORE)
    assert screen.is_unchanged(BEFORE, BEFORE | {name: "b"}) == same
    without = {other: text for other, text in BEFORE.items() if other != name}
    assert screen.is_unchanged(BEFORE, without) == same
    assert screen.is_unchanged(without, BEFORE) == same


@pytest.mark.parametrize(
    ("before", "kept"),
    [
        (Run("1", "", versions={"duckdb": "2"}, inputs=BEFORE), True),
        (Run("1", "", versions={"duckdb": "1"}, inputs=BEFORE), False),
        (Run("1", "", versions={"duckdb": "2"}, inputs={}), False),
        (None, False),
    ],
)
def test_the_screen_is_kept_where_inputs_and_versions_are_the_same(
    monkeypatch, before, kept
):
    monkeypatch.setattr(screen, "take_over", lambda paths, database: True)
    run = Run("2", "", versions={"duckdb": "2"}, inputs=BEFORE)
    work = SimpleNamespace(run=run, paths=None, database=None, log=io.StringIO())
    assert refresh._keeps_screen(work, before) == kept
    assert bool(work.log.getvalue()) == kept


def test_no_figure_of_a_yearbook_reaches_the_screen(manifest):
    """The rule of `is_unchanged` follows from what the models are made of."""
    stated = json.loads(manifest.read_text(encoding="utf-8"))
    nodes, parents = stated["nodes"], stated["parent_map"]
    reached = [
        id_
        for id_, node in nodes.items()
        if node["resource_type"] == "model"
        and node["original_file_path"].startswith(tuple(inputs.SCREEN.values()))
    ]
    tables = [(nodes[id_]["schema"], nodes[id_]["alias"]) for id_ in reached]
    assert sorted(tables) == screen.tables(Paths().project)
    for id_ in reached:
        node = nodes[id_]
        reached += [parent for parent in parents[id_] if parent not in reached]
        folder = "/households/"
        assert folder in node["original_file_path"], node["original_file_path"]


@pytest.fixture
def published(tmp_path):
    return publish_screen(tmp_path)


def publish_screen(tmp_path, left_out=()):
    """Paths of a project whose published build has a screen of two tables."""
    paths = Paths(tmp_path)
    for layer, name in (("staging", "stg_a.sql"), ("intermediate", "int_b.py")):
        folder = tmp_path / "models" / layer / "households"
        folder.mkdir(parents=True)
        (folder / name).touch()
    profile = (Paths().project / "profiles.yml").read_text()
    (tmp_path / "profiles.yml").write_text(profile)
    paths.building.mkdir(parents=True)
    with duckdb.connect(str(paths.building / "coupling.duckdb")) as connection:
        connection.execute("""
            create schema staging; create schema intermediate; create schema marts;
            create table staging.stg_a as
                select i, i / 3 as third from range(100) t(i) order by hash(i);
            create table intermediate.int_b as select 'x''y' as text;
            create table marts.fct_c as select 1 as one;
            create schema quality; create table quality.qc_set_aside (kind varchar);
        """)
        for kind in left_out:
            connection.execute("insert into quality.qc_set_aside values (?)", [kind])
    publish.seal(paths.building, "000001-x", "f" * 64, datetime(2026, 1, 1, 12))
    publish.publish(paths, "000001-x")
    return paths


def test_the_tables_of_the_screen_alone_are_taken_over(published, tmp_path):
    new = tmp_path / "it's new" / "coupling.duckdb"
    assert screen.take_over(published, new)
    with duckdb.connect(str(new), read_only=True) as connection:
        connection.execute(f"attach '{published.database}' as old (read_only)")
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables()"
            " where database_name = 'coupling' order by all"
        ).fetchall()
        assert tables == [("intermediate", "int_b"), ("staging", "stg_a")]
        for table in ("staging.stg_a", "intermediate.int_b"):
            rows = connection.execute(f"from {table}").fetchall()
            assert rows == connection.execute(f"from old.{table}").fetchall()
            assert rows


@pytest.mark.parametrize("fault", ["nothing published", "damaged", "a table less"])
def test_nothing_is_taken_over_from_a_build_that_is_not_whole(
    published, tmp_path, fault
):
    if fault == "nothing published":
        published.database.unlink()
    elif fault == "damaged":
        database = published.database.resolve()
        database.chmod(0o644)
        with database.open("r+b") as file:
            file.write(b"\0" * 64)
    else:
        (tmp_path / "models/staging/households/stg_new.sql").touch()
    new = tmp_path / "new" / "coupling.duckdb"
    assert not screen.take_over(published, new)
    assert not new.exists()


def test_nothing_is_taken_over_from_a_build_that_left_something_out(tmp_path):
    new = tmp_path / "new" / "coupling.duckdb"
    assert not screen.take_over(publish_screen(tmp_path, ["survey"]), new)
    assert not new.exists()


def test_a_build_on_the_screen_of_another_makes_the_same_marts(warehouse, tmp_path):
    """What dbt leaves out, it finds where `take_over` puts it."""
    new = tmp_path / "coupling.duckdb"
    marts = ("marts", "fct_household_anomalies")
    with duckdb.connect(str(new)) as connection:
        connection.execute(f"attach '{warehouse}' as old (read_only)")
        for schema, table in screen.tables(Paths().project):
            connection.execute(f"create schema if not exists {schema}")
            path = f"{schema}.{table}"
            connection.execute(f"create table {path} as from old.{path}")
    result = dbt.build(
        new,
        projects.TargetAside(aside=tmp_path),
        select=("fct_household_anomalies", "stg_households"),
        exclude=f"resource_type:test {screen.MODELS}",
        onto=True,
    )
    assert result.succeeded, result.failures
    assert result.counts == {"model": 1}
    path = ".".join(marts)
    with duckdb.connect(str(new), read_only=True) as connection:
        connection.execute(f"attach '{warehouse}' as old (read_only)")
        rows = connection.execute(f"from {path} order by all").fetchall()
        assert rows == connection.execute(f"from old.{path} order by all").fetchall()
        assert rows
