"""The data tests of a refresh are those of dbt, and find what is bad."""

import json
import re

import duckdb
import pytest

from coupling.refresh import data_tests


@pytest.fixture(scope="module")
def project(manifest) -> dict:
    return json.loads(manifest.read_text(encoding="utf-8"))


def in_one_line(statement):
    return re.sub(r"\s+", " ", statement).strip()


def test_statements_are_those_that_dbt_compiles(warehouse, manifest, project):
    compiled = {
        node["name"]: in_one_line(node["compiled_code"])
        for node in project["nodes"].values()
        if node["resource_type"] == "test"
        and not (node.get("attached_node") or "").startswith("seed.")
    }
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        ours = data_tests.statements(connection, manifest)
    assert {name: in_one_line(text) for name, text in ours.items()} == compiled
    assert len(ours) > 200
    assert list(ours) == sorted(ours)


def test_all_hold_on_the_shipped_figures(warehouse, manifest):
    nodes = data_tests.run(warehouse, manifest)
    assert len(nodes) > 200
    assert [node for node in nodes if not (node.is_good and node.is_test)] == []


def node(name, **more):
    return {"name": name, "resource_type": "test", "config": {}} | more


def generic(name, **kwargs):
    return node(
        name,
        attached_node="model.p.facts",
        test_metadata={"name": name, "kwargs": {"model": "...", **kwargs}},
    )


CASES = {
    "two rows share a key": (
        generic("unique_combination", columns=["region", "year"]),
        "1 bad rows, the first: region 11, year 2020, row_count 2",
    ),
    "a key that no two rows share": (
        generic("unique_combination", columns=["region", "year", "degree"]),
        "",
    ),
    "infinity is no number": (
        generic("finite_numbers"),
        "1 bad rows, the first: region 12, year 2020, degree inf",
    ),
    "only the rows that are asked for": (
        generic("finite_numbers") | {"config": {"where": "region = '11'"}},
        None,
    ),
    "a table with rows": (generic("not_empty"), ""),
    "a parent that is not there": (
        generic("relationships", column_name="region", to="ref('dim')", field="code"),
        "1 bad rows, the first: from_field 12",
    ),
    "a sum that is not 1": (
        generic("sums_to", column_name="degree", group_columns=["region"]),
        "2 bad rows, the first: region ",
    ),
    "a test in a file of its own": (
        node(
            "own",
            raw_code="{{ config(x=1) }}select code from {{ ref('dim') }}",
        ),
        "1 bad rows, the first: code 11",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_bad_is_told_with_its_first_row(case, project, tmp_path):
    stated, expected = CASES[case]
    database = tmp_path / "small.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("""
            create table facts (region varchar, year integer, degree double);
            insert into facts values ('11', 2020, 0.5), ('11', 2020, 0.25),
                ('12', 2020, 'inf');
            create table dim as select '11' as code;
        """)
    tables = {
        name: {
            "name": name,
            "resource_type": "model",
            "relation_name": f'"small"."main"."{name}"',
        }
        for name in ("facts", "dim")
    }
    written = tmp_path / "manifest.json"
    nodes = tables | {"test": stated}
    written.write_text(json.dumps({"nodes": nodes, "macros": project["macros"]}))
    if expected is None:  # dbt does not look for columns behind a condition either
        with pytest.raises(KeyError):
            data_tests.run(database, written)
        return
    (found,) = data_tests.run(database, written)
    assert found.is_good == (expected == "")
    assert found.message.startswith(expected)
