"""The models that are run in memory are those that dbt compiles, to the letter."""

import json

import pytest

from coupling.base.paths import Paths
from coupling.engine import engine
from coupling.engine.statements import Statements

DATABASE = "coupling"


@pytest.fixture(scope="module")
def compiled(manifest) -> dict[str, str]:
    """{name of an SQL model: what dbt compiled it to}."""
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    return {
        node["name"]: node["compiled_code"].replace(
            f'"{node["database"]}".', f'"{DATABASE}".'
        )
        for node in nodes
        if node["resource_type"] == "model"
        and node["language"] == "sql"
        # a build of a part has compiled that part
        and "compiled_code" in node
    }


@pytest.fixture(scope="module")
def relations(manifest) -> dict[str, str]:
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    return {
        node["name"]: node["relation_name"].replace(
            f'"{node["database"]}".', f'"{DATABASE}".'
        )
        for node in nodes
        if node.get("relation_name")
    }


@pytest.fixture(scope="module")
def statements() -> Statements:
    return Statements(Paths().project, DATABASE)


def test_every_model_is_rendered_as_dbt_compiles_it(statements, compiled):
    steps = {step.name: step for step in statements.steps(sorted(compiled))}
    assert len(compiled) > 60
    assert {name: steps[name].statement for name in compiled} == compiled


def test_every_model_that_a_study_needs_is_among_them(statements, compiled):
    steps = statements.steps(engine.TABLES)
    assert {step.name for step in steps if step.statement} <= set(compiled)


def test_every_table_stands_where_dbt_puts_it(statements, relations):
    for step in statements.steps(sorted(relations)):
        assert statements.relation(step.name) == relations[step.name]


def test_what_a_model_needs_is_built_before_it(statements, manifest):
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    steps = statements.steps(engine.TABLES)
    built = []
    for step in steps:
        assert set(step.needs) <= set(built)
        built.append(step.name)
    assert set(engine.TABLES) <= set(built)
    assert {"int_obstacle_degrees_computed", "methods"} <= set(built)
    by_name = {node["name"]: node for node in nodes.values()}
    for step in steps:
        stated = by_name[step.name].get("depends_on", {}).get("nodes", [])
        assert {name.rpartition(".")[2] for name in stated} == set(step.needs)


def test_a_name_that_nothing_has_is_refused(statements):
    with pytest.raises(KeyError, match="fct_nothing"):
        statements.steps(["fct_nothing"])
