"""Descriptions in the database, and the lineage page."""

import json
import re

import duckdb
import pytest

from coupling.comments import comment_tables
from coupling_reports.lineage import build_lineage, stable_manifest


def column(text):
    return {"description": text}


def node(name, description, columns, kind="model"):
    return {
        "resource_type": kind,
        "schema": "marts",
        "alias": name,
        "database": "small",
        "original_file_path": f"models/marts/{name}.sql",
        "description": description,
        "columns": columns,
        "created_at": 1.5,
        "depends_on": {"nodes": [], "macros": ["macro.p.own", "macro.dbt.theirs"]},
    }


@pytest.fixture
def small(tmp_path):
    """A database of two tables and the manifest that describes one and a half."""
    database = tmp_path / "small.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema marts")
        connection.execute('create table marts.a (x int primary key, "y z" int)')
        connection.execute("create table marts.b (x int)")
    columns = {"x": column("It's\n  x."), "y z": column(""), "gone": column("No.")}
    manifest = {
        "metadata": {
            "project_name": "p",
            "adapter_type": "duckdb",
            "dbt_schema_version": "v12",
            "generated_at": "2026-01-01",
            "invocation_id": "1",
        },
        "nodes": {
            "model.p.a": node("a", "One row per </script> x.", columns),
            "model.p.c": node("c", "Not in the database.", {}),
            "test.p.b": node("b", "A test, not a table.", {}, kind="test"),
        },
        "macros": {"macro.p.own": {"created_at": 1}, "macro.dbt.theirs": {}},
        "parent_map": {"model.p.a": ["model.p.c", "model.p.c"]},
        "disabled": {},
    }
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return database, path, manifest


def comments(database):
    with duckdb.connect(str(database), read_only=True) as connection:
        return dict(
            connection.execute("""
                select table_name, comment from duckdb_tables()
                union all
                select concat(table_name, '.', column_name), comment
                from duckdb_columns() where not internal
            """).fetchall()
        )


def test_descriptions_become_comments(small):
    database, path, _ = small
    assert comment_tables(database, path) == 2
    assert comments(database) == {
        "a": "One row per </script> x.",
        "a.x": "It's x.",
        "a.y z": None,
        "b": None,
        "b.x": None,
    }


def test_no_description_is_no_comment(small):
    database, path, manifest = small
    path.write_text(json.dumps(manifest | {"nodes": {}}), encoding="utf-8")
    assert comment_tables(database, path) == 0
    assert set(comments(database).values()) == {None}


def test_the_lineage_page_holds_manifest_and_types_and_no_network(small, tmp_path):
    database, path, _ = small
    page = build_lineage(database, path, tmp_path / "site").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert not re.search(r'<(?:script|link|img)[^>]*(?:src|href)="https?:', page)
    assert "INLINE DATA" not in page
    assert "One row per <\\/script> x." in page
    assert '"model.p.c"' in page
    assert '"type": "INTEGER"' in page
    assert "macro.dbt.theirs" not in page


def test_times_and_order_do_not_change_the_lineage_page(small, tmp_path):
    database, path, manifest = small
    first = build_lineage(database, path, tmp_path).read_bytes()
    manifest["metadata"] |= {"generated_at": "2027-02-02", "invocation_id": "2"}
    manifest["nodes"] = dict(reversed(manifest["nodes"].items()))
    manifest["nodes"]["model.p.a"]["created_at"] = 99.0
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert build_lineage(database, path, tmp_path).read_bytes() == first


@pytest.mark.parametrize(
    ("folder", "counts"),
    [
        ("models/staging/households", False),
        ("models/intermediate/households", False),
        ("models/marts/households", True),
    ],
)
def test_a_model_taken_over_and_one_built_read_alike(small, tmp_path, folder, counts):
    database, path, manifest = small
    node = manifest["nodes"]["model.p.a"]
    node["original_file_path"] = f"{folder}/a.sql"
    pages = []
    for compiled in ({}, {"compiled": True, "compiled_code": "select 1"}):
        told = manifest | {"nodes": manifest["nodes"] | {"model.p.a": node | compiled}}
        path.write_text(json.dumps(told), encoding="utf-8")
        pages.append(build_lineage(database, path, tmp_path).read_bytes())
    assert (pages[0] != pages[1]) == counts


def test_a_stable_manifest_keeps_what_the_project_says(small):
    stable = stable_manifest(small[2])
    assert stable["nodes"]["model.p.a"]["depends_on"]["macros"] == ["macro.p.own"]
    assert stable["parent_map"] == {"model.p.a": ["model.p.c"]}
    assert stable["metadata"]["send_anonymous_usage_stats"] is False
