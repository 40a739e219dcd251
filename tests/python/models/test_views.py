"""Models that are views: readers meet them as tables."""

import threading

import duckdb
import yaml

from coupling.base.paths import Paths

PROJECT = Paths().project
SLOWEST_SECONDS = 10
VIEWS = {
    path.stem
    for path in (PROJECT / "models").rglob("*.sql")
    if "materialized='view'" in path.read_text(encoding="utf-8")
}


def views_of(con):
    return con.execute("""
        select schema_name, view_name from duckdb_views() where not internal
    """).fetchall()


def test_the_first_row_of_a_view_takes_no_time(warehouse):
    slow = []
    with duckdb.connect(warehouse, read_only=True) as con:
        asked = views_of(con)
        for schema, view in asked:
            alarm = threading.Timer(SLOWEST_SECONDS, con.interrupt)
            alarm.start()
            try:
                con.execute(f"from {schema}.{view} limit 1").fetchall()
            except duckdb.InterruptException:
                slow.append(view)
            finally:
                alarm.cancel()
    assert {view for _, view in asked} == VIEWS
    assert slow == []


def test_a_view_names_no_database(warehouse, tmp_path):
    """A published file is attached under any name."""
    with duckdb.connect() as con:
        con.execute(f"attach '{warehouse}' as another (read_only)")
        for schema, view in con.execute("""
            select schema_name, view_name from duckdb_views()
            where database_name = 'another' and not internal
        """).fetchall():
            assert con.execute(f"from another.{schema}.{view} limit 1").fetchall(), view


def constraints(stated):
    """The checks and the columns without blanks that a contract states."""
    columns = stated.get("columns", [])
    checks = [one["expression"] for one in stated.get("constraints", [])]
    filled = [one["name"] for one in columns if "constraints" in one]
    return {"checks": checks, "filled": filled}


def test_constraints_of_a_view_are_tested():
    stated = {
        model["name"]: model
        for path in (PROJECT / "models").rglob("*.yml")
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])
    }
    marts = {path.stem for path in (PROJECT / "models/marts").rglob("*.sql")}
    assert len(VIEWS & marts) > 1
    for view in VIEWS & marts:
        tests = [one for one in stated[view]["data_tests"] if isinstance(one, dict)]
        tested = [one["constraints_hold"] for one in tests if "constraints_hold" in one]
        assert tested == [{"arguments": constraints(stated[view])}], view
