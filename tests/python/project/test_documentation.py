"""Descriptions in the database, and the lineage page."""

import json
import re

import duckdb
import pytest
from made_up_site import Page
from prose import english_in

from coupling.outputs.comments import comment_tables
from coupling.pages.pages import environment, links
from coupling.site.lineage import (
    build_lineage,
    first_sentence,
    lineage_page,
    read_summary,
    stable_manifest,
    summary,
)
from coupling.words.language import speaking


def column(text):
    return {"description": text}


def node(name, description, columns, kind="model"):
    return {
        "resource_type": kind,
        "schema": "seeds" if kind == "seed" else "marts",
        "name": name,
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
        "exposures": {
            "exposure.p.e": {
                "label": "Page e",
                "url": "reports/site/e.html",
                "depends_on": {"nodes": ["model.p.a"]},
            },
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
    made = build_lineage(database, path, tmp_path / "site")
    page = made.read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert not re.search(r'<(?:script|link|img)[^>]*(?:src|href)="https?:', page)
    assert "INLINE DATA" not in page
    told = (made.parent / "manifest.js").read_text(encoding="utf-8")
    assert "One row per </script> x." in told
    assert '"model.p.c"' in told
    assert "macro.dbt.theirs" not in told
    # from the folder of the page
    assert '"url": "../e.html"' in told
    types = (made.parent / "catalog.js").read_text(encoding="utf-8")
    assert '"type": "INTEGER"' in types


def test_dbt_s_page_leads_back_in_both_languages(small, tmp_path):
    database, path, _ = small
    page = build_lineage(database, path, tmp_path).read_text(encoding="utf-8")
    assert 'href="../lineage.html">English<' in page
    assert 'href="../zh/lineage.html">中文<' in page


def written(database, manifest, folder):
    """What the page of dbt is made of, by file."""
    build_lineage(database, manifest, folder / "site")
    return {path.name: path.read_bytes() for path in (folder / "site").iterdir()}


def test_times_and_order_do_not_change_the_lineage_page(small, tmp_path):
    database, path, manifest = small
    first = written(database, path, tmp_path)
    manifest["metadata"] |= {"generated_at": "2027-02-02", "invocation_id": "2"}
    manifest["nodes"] = dict(reversed(manifest["nodes"].items()))
    manifest["nodes"]["model.p.a"]["created_at"] = 99.0
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert written(database, path, tmp_path) == first


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
        pages.append(written(database, path, tmp_path))
    assert (pages[0] != pages[1]) == counts


def test_a_stable_manifest_keeps_what_the_project_says(small):
    stable = stable_manifest(small[2])
    assert stable["nodes"]["model.p.a"]["depends_on"]["macros"] == ["macro.p.own"]
    assert stable["parent_map"] == {"model.p.a": ["model.p.c"]}
    assert stable["metadata"]["send_anonymous_usage_stats"] is False


# --- the page before dbt's own -----------------------------------------------------


@pytest.fixture
def three_layers(small):
    """A manifest in which a rests on c and on a seed, c on another seed."""
    manifest = small[2]
    nodes = manifest["nodes"]
    for name in ("s", "t"):
        nodes[f"seed.p.{name}"] = node(name, "A seed.", {}, kind="seed")
    nodes["model.p.c"] |= {"schema": "intermediate"}
    nodes["model.p.c"]["depends_on"]["nodes"] = ["seed.p.t"]
    nodes["model.p.a"]["depends_on"]["nodes"] = ["model.p.c", "seed.p.s", "gone.p.x"]
    return manifest


def test_the_summary_tells_what_a_table_is_made_of_and_shown_in(three_layers):
    told = summary(three_layers)
    assert told["layers"] == {"seeds": 2, "intermediate": 1, "marts": 1}
    (table,) = told["tables"]
    assert table["address"] == "lineage/index.html#!/model/model.p.a"
    assert (table["schema"], table["name"]) == ("marts", "a")
    assert table["meaning"] == "One row per </script> x."
    assert [one["name"] for one in table["made_of"]] == ["c", "s"]
    assert table["seeds"] == ["s", "t"]
    assert table["shown_in"] == ["Page e"]
    assert told["steps"] == []


def test_the_summary_is_read_from_what_stands_beside_the_pages(small, tmp_path):
    database, path, manifest = small
    assert read_summary(tmp_path / "site") is None
    build_lineage(database, path, tmp_path / "site")
    assert read_summary(tmp_path / "site") == summary(stable_manifest(manifest))


def test_the_first_sentence_is_whole_and_on_one_line():
    assert first_sentence("One of\n 0.5 each. Two.") == "One of 0.5 each."
    assert first_sentence("One") == "One"


def alone(told, language):
    """The page of a summary, without the rest of the site."""
    with speaking(language):
        page = lineage_page(told)
        template = environment().get_template(page.template)
        return template.render(page.context, menu=[], **links(page, language))


def test_the_lineage_page_tells_each_table(three_layers):
    page = Page(alone(summary(three_layers), "en"))
    _, row = page.tables["Published tables and what they are made of"]
    assert row == ["marts.a", "One row per </script> x.", "c, s", "2", "Page e"]
    links = [tags["href"] for tag, tags in page.tags if tag == "a"]
    assert "lineage/index.html#!/model/model.p.a?g_v=1&g_i=%2Ba" in links


def test_the_lineage_of_the_shipped_project_is_told_in_chinese(manifest):
    told = summary(json.loads(manifest.read_text(encoding="utf-8")))
    assert len(told["steps"]) == 8
    assert len(told["tables"]) > 40
    assert english_in(alone(told, "zh")) == []
