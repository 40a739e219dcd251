"""The data tests of a refresh, done in one pass over the tables that dbt has built.

dbt needs some 40 ms for a test, whatever it asks; its statements alone take a few. So
the macros of the tests are rendered here as dbt renders them, and asked in one go.
"""

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment

from coupling.base.connections import connect
from coupling.base.quoting import sql_name
from coupling.base.rendering import Column
from coupling.base.rendering import environment as dbt_environment
from coupling.refresh.dbt import Node

# what dbt leaves out where `run` does it: unit tests are of the code, not of the data
LEFT_TO_RUN = ("test", "unit_test")
TEST_BEGINS, TEST_ENDS = (
    re.compile(r"{%(-?)\s*test\s+"),
    re.compile(r"{%(-?)\s*endtest"),
)


def run(database: Path, manifest: Path) -> list[Node]:
    """Run each data test that `manifest` states of models; seeds have the gate.

    `manifest` is dbt's manifest.json of the build of `database`, which is only read.
    Returns a node for each test, with the first bad row in the message of a failed one.
    """
    with connect(str(database), read_only=True) as connection:
        return [
            _ask(connection, name, statement)
            for name, statement in statements(connection, manifest).items()
        ]


def statements(connection: duckdb.DuckDBPyConnection, manifest: Path) -> dict[str, str]:
    """Return {name of a data test: query for what is bad}, in the order of the names.

    The columns of the tables are those that `connection` has.
    """
    project = json.loads(manifest.read_text(encoding="utf-8"))
    nodes, macros = project["nodes"].values(), project["macros"].values()
    relations = {n["name"]: n["relation_name"] for n in nodes if n.get("relation_name")}
    columns = _columns(connection)
    environment = dbt_environment(relations.__getitem__, columns.__getitem__)
    environment.globals |= _macros(environment, macros)
    tests = (n for n in nodes if n["resource_type"] == "test")
    return {
        test["name"]: _statement(environment, test)
        for test in sorted(tests, key=lambda test: test["name"])
        if not (test.get("attached_node") or "").startswith("seed.")
        # of a part that is left out there is nothing to test
        and relations.keys() >= {ref["name"] for ref in test.get("refs", ())}
    }


def _statement(environment: Environment, test: dict) -> str:
    stated = test.get("test_metadata")
    if not stated:
        return environment.from_string(test["raw_code"]).render()
    arguments = {
        name: _referred(environment, value)
        for name, value in stated["kwargs"].items()
        if name != "model"
    }
    known: dict[str, Any] = environment.globals
    model = known["ref"](test["attached_node"].rpartition(".")[2])
    if where := test["config"].get("where"):
        model = f"(select * from {model} where {where}) dbt_subquery"
    return str(known[f"test_{stated['name']}"](model=model, **arguments))


def _referred(environment: Environment, value):
    """Return the relation for the text of a ref, anything else as it is."""
    if isinstance(value, str) and re.fullmatch(r"ref\(.+\)", value):
        return environment.from_string("{{ " + value + " }}").render()
    return value


def _macros(environment: Environment, macros) -> dict:
    """Return the tests of the project and of dbt, and what those of dbt lead to."""
    found = {}
    for macro in macros:
        if re.match(r"(default__)?test_", macro["name"]):
            text = TEST_BEGINS.sub(r"{%\1 macro test_", macro["macro_sql"])
            text = TEST_ENDS.sub(r"{%\1 endmacro", text)
            module = environment.from_string(text).module
            found[macro["name"]] = getattr(module, macro["name"])
    return found


def _columns(
    connection: duckdb.DuckDBPyConnection,
) -> dict[str, list[Column]]:
    found = defaultdict(list)
    rows = connection.execute("""
        select database_name, schema_name, table_name, column_name, data_type
        from duckdb_columns()
        where not internal
        order by database_name, schema_name, table_name, column_index
    """).fetchall()
    for *path, name, data_type in rows:
        found[sql_name(*path)].append(Column(name, data_type))
    return dict(found)


def _ask(connection: duckdb.DuckDBPyConnection, name: str, statement: str) -> Node:
    found = connection.execute(statement)
    names, bad = [column[0] for column in found.description], found.fetchall()
    if not bad:
        return Node("test", name, "pass", "")
    first = ", ".join(f"{n} {v}" for n, v in zip(names, bad[0], strict=True))
    return Node("test", name, "fail", f"{len(bad)} bad rows, the first: {first}")
