"""A refresh publishes all or nothing, and the same inputs publish the same bytes."""

import io

import projects
import pytest
from rich.console import Console

from coupling.exports import export_marts
from coupling.paths import Paths
from coupling.refresh import RefreshError, refresh


def console():
    return Console(file=io.StringIO(), width=200)


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory):
    paths = projects.copy_project(tmp_path_factory.mktemp("refreshed"))
    screen = console()
    refresh(screen, paths)
    return paths, screen.file.getvalue()


def test_a_refresh_publishes_database_exports_and_pages(refreshed):
    paths, said = refreshed
    rows = projects.table(
        paths.database, "select count(*) as n from marts.fct_coupling"
    )
    assert rows["n"].tolist() == [9 * (80 + 240 + 145 + 248)]
    assert (paths.exports / "fct_coupling.parquet").exists()
    index = (paths.site / "index.html").read_text(encoding="utf-8")
    assert 'href="lineage/index.html"' in index
    lineage = (paths.site / "lineage" / "index.html").read_text(encoding="utf-8")
    for part in ("model.coupling_warehouse.fct_coupling", "obstacle_share"):
        assert part in lineage
    assert not paths.building.exists()
    for told in ("warehouse/coupling.duckdb", "reports/site/index.html", "Peak memory"):
        assert told in said


def test_published_tables_and_columns_are_described(refreshed):
    paths, _ = refreshed
    undescribed = projects.table(
        paths.database,
        """
        select table_name from duckdb_tables() where comment is null
        union all
        select concat(table_name, '.', column_name) from duckdb_columns()
        where schema_name in ('marts', 'quality') and comment is null
        """,
    )
    assert undescribed["table_name"].tolist() == []


def test_two_builds_export_the_same_bytes(refreshed, warehouse, tmp_path):
    paths, _ = refreshed
    again = export_marts(warehouse, tmp_path)
    assert len(again) >= 15
    first = {path.name: path.read_bytes() for path in paths.exports.iterdir()}
    assert {path.name: path.read_bytes() for path in again} == first


def published(folder):
    """A copy of the project with something published already."""
    paths = projects.copy_project(folder)
    paths.exports.mkdir(parents=True)
    paths.site.mkdir(parents=True)
    for path in (
        paths.database,
        paths.exports / "old.parquet",
        paths.site / "old.html",
    ):
        path.write_text("published before")
    return paths


def assert_untouched(paths: Paths):
    for path in (
        paths.database,
        paths.exports / "old.parquet",
        paths.site / "old.html",
    ):
        assert path.read_text() == "published before"


def test_a_bad_seed_stops_before_the_build_and_names_the_cell(tmp_path):
    paths = published(tmp_path)
    seed = paths.seeds / "studies" / "methods.csv"
    seed.write_text(seed.read_text(encoding="utf-8").replace("critic,", "critique,"))
    screen = console()
    with pytest.raises(RefreshError):
        refresh(screen, paths)
    said = screen.file.getvalue()
    assert "seeds/studies/methods.csv, row 7, column weighting" in said
    assert "found critique; expected one of entropy, critic" in said
    assert not paths.building.exists()
    assert_untouched(paths)


def test_a_failed_model_publishes_nothing_and_says_which(tmp_path):
    paths = published(tmp_path)
    model = paths.project / "models" / "marts" / "studies" / "dim_methods.sql"
    text = model.read_text(encoding="utf-8")
    model.write_text(
        text.replace("        weighting,", "        1 / 0 + 'x' as weighting,")
    )
    screen = console()
    with pytest.raises(RefreshError):
        refresh(screen, paths)
    assert "model dim_methods" in screen.file.getvalue()
    assert_untouched(paths)


def test_a_failed_data_test_publishes_nothing_and_says_which(tmp_path):
    paths = published(tmp_path)
    failing = paths.project / "tests" / "singular" / "never_holds.sql"
    failing.write_text("select * from {{ ref('dim_grades') }}\n")
    screen = console()
    with pytest.raises(RefreshError):
        refresh(screen, paths)
    assert "test never_holds: Got 16 results" in screen.file.getvalue()
    assert_untouched(paths)


def test_a_failed_page_publishes_nothing(tmp_path, monkeypatch, refreshed):
    paths = published(tmp_path)

    def fail(*_):
        raise OSError("no page today")

    monkeypatch.setattr("coupling.refresh.build_site", fail)
    monkeypatch.setattr("coupling.refresh.comment_tables", lambda *_: 0)
    monkeypatch.setattr("coupling.refresh.build_lineage", lambda *_: None)
    monkeypatch.setattr("coupling.refresh.export_marts", lambda *_: [])
    monkeypatch.setattr("coupling.refresh.build_with_progress", lambda *_: None)
    with pytest.raises(RefreshError, match="no page today"):
        refresh(console(), paths)
    assert_untouched(paths)
