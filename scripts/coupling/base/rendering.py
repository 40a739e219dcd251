"""Render the SQL of the project as dbt renders it, without starting dbt.

dbt takes seconds to start; its statements alone take a few milliseconds. So what asks a
few of them renders them here, from the same files and the same macros.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from jinja2.runtime import Macro

TARGET = {"type": "duckdb"}
EXTENSIONS = ["jinja2.ext.do"]


@dataclass(frozen=True)
class Column:
    """A column as dbt's adapters tell it."""

    name: str
    data_type: str

    def is_float(self) -> bool:
        """True of floating point numbers."""
        return self.data_type in ("DOUBLE", "FLOAT")


@dataclass(frozen=True)
class Adapter:
    """What macros ask of dbt's adapter; `columns` tells those of a relation."""

    environment: Environment
    columns: Callable[[str], list[Column]]

    def get_columns_in_relation(self, relation: str) -> list[Column]:
        """Return the columns of a relation, in their order."""
        return self.columns(relation)

    def dispatch(self, name: str, package: str = "") -> Any:
        """Return the macro of DuckDB or, without one, that for all databases."""
        known = self.environment.globals
        return known.get(f"duckdb__{name}") or known[f"default__{name}"]


def environment(
    ref: Callable[[str], str], columns: Callable[[str], list[Column]]
) -> Environment:
    """Return dbt's environment for SQL; it knows no macro yet.

    Parameters
    ----------
    ref
        Gives the relation of a model or seed by its name.
    columns
        Gives the columns of a relation.

    """
    made = Environment(undefined=StrictUndefined, extensions=EXTENSIONS)
    made.globals |= {
        "ref": ref,
        "config": lambda **_: "",
        "var": lambda name, default="": default,
        "execute": True,
        "target": TARGET,
        "adapter": Adapter(made, columns),
    }
    return made


def template(environment: Environment, text: str) -> Template:
    """Return the template of a text; each text is compiled once."""
    return Template.from_code(environment, _code(text), environment.make_globals(None))


@cache
def _code(text: str) -> CodeType:
    return Environment(extensions=EXTENSIONS).compile(text)


def read_macros(environment: Environment, folder: Path) -> None:
    """Let an environment know the macros of all files of a folder.

    A file is compiled when one of its macros is first called.
    """
    for path in sorted(folder.rglob("*.sql")):
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"{%-?\s*macro\s+(\w+)", text):
            environment.globals[name] = partial(_call, environment, text, name)


def _call(
    environment: Environment, text: str, name: str, *args: Any, **kwargs: Any
) -> str:
    known: dict[str, Any] = environment.globals
    module = template(environment, text).module
    for macro in vars(module).values():
        if isinstance(macro, Macro):
            known[macro.name] = macro
    return str(known[name](*args, **kwargs))
