"""What the YAML files beside seeds and marts declare of their columns."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml


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


def config_of_seed(path: Path) -> dict:
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
def _stated(folder: Path, kind: str) -> dict[str, dict]:
    """Return {name: what is stated} of the seeds or models of a folder."""
    found = {}
    for path in sorted(folder.glob("*.yml")):
        with path.open(encoding="utf-8") as file:
            stated = yaml.load(file, Loader=yaml.CSafeLoader)
        found |= {row["name"]: row for row in stated.get(kind) or []}
    return found
