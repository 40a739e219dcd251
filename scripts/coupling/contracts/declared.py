"""What the YAML files beside seeds and models declare of tables and their columns."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from coupling.base.quoting import sql_name, sql_text


@dataclass(frozen=True)
class Declared:
    """Types of columns in their order, and the key by which own rows replace others."""

    types: dict[str, str]
    key: tuple[str, ...] = ()
    older: dict[str, str] = field(default_factory=dict)


def of_seed(path: Path) -> Declared:
    """Return types and key of a seed table, and the types of columns of own rows alone.

    Those are of an older layout, which a workspace may have and the seed has not.
    """
    config = config_of_seed(path)
    return Declared(
        dict(config["column_types"]),
        tuple(config["meta"].get("workspace_key", ())),
        dict(config["meta"].get("older_columns", {})),
    )


def config_of_seed(path: Path) -> dict[str, Any]:
    """Return what is configured of a seed, as dbt's graph has it."""
    config = _stated(path.parent, "seeds")[path.stem]["config"]
    return {"meta": {}, **config}


def of_model(path: Path) -> Declared:
    """Return the types of a model's contract, none for a model without one."""
    stated = _stated(path.parent, "models").get(path.stem, {})
    columns = stated.get("columns", [])
    types = {column["name"]: column.get("data_type") for column in columns}
    return Declared({} if None in types.values() else types)


@cache
def sources(project: Path) -> dict[str, dict[str, Any]]:
    """Return {table: what is declared} of the tables that a refresh writes after dbt.

    They are dbt's sources; each has the name of its schema under `schema`.
    """
    found = {}
    for path in sorted((project / "models").rglob("*.yml")):
        for source in read_yaml(path).get("sources") or []:
            for table in source["tables"]:
                found[table["name"]] = table | {"schema": source["schema"]}
    return found


def read_yaml(path: Path) -> dict[str, Any]:
    """Return what a YAML file beside seeds or models states."""
    with path.open(encoding="utf-8") as file:
        stated: dict[str, Any] = yaml.load(file, Loader=yaml.CSafeLoader)
    return stated


def create_declared(
    connection: duckdb.DuckDBPyConnection, table: str, project: Path
) -> dict[str, str]:
    """Make an empty table as its YAML declares it, in the place of one that is there.

    Types, NOT NULL, checks, the key and the descriptions are those of the YAML. Returns
    {column: type} in their order. Raises KeyError for a table that no YAML
    file of the project declares.
    """
    stated = sources(project)[table]
    path = sql_name(stated["schema"], table)
    meta = stated.get("config", {}).get("meta", {})
    parts = [_column(column) for column in stated["columns"]]
    parts.append(f"primary key ({', '.join(map(sql_name, meta['primary_key']))})")
    parts += [f"check ({check})" for check in meta.get("checks", [])]
    connection.execute(f"create schema if not exists {sql_name(stated['schema'])}")
    connection.execute(f"create or replace table {path} ({', '.join(parts)})")
    connection.execute(f"comment on table {path} is {_plain(stated)}")
    for column in stated["columns"]:
        name = f"{path}.{sql_name(column['name'])}"
        connection.execute(f"comment on column {name} is {_plain(column)}")
    return {column["name"]: column["data_type"] for column in stated["columns"]}


def _column(stated: dict[str, Any]) -> str:
    definition = f"{sql_name(stated['name'])} {stated['data_type']}"
    for constraint in stated.get("constraints", []):
        if constraint["type"] == "not_null":
            definition += " not null"
        else:
            definition += f" check ({constraint['expression']})"
    return definition


def _plain(stated: dict[str, Any]) -> str:
    return sql_text(" ".join(stated["description"].split()))


@cache
def _stated(folder: Path, kind: str) -> dict[str, dict[str, Any]]:
    """Return {name: what is stated} of the seeds or models of a folder."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.yml")):
        found |= {row["name"]: row for row in read_yaml(path).get(kind) or []}
    return found
