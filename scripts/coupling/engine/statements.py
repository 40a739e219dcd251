"""The models behind some tables: their statements as dbt compiles them, in order.

Nothing here knows a model by name. What a table is made of is found from the `ref()`
calls of the models themselves, so a model that is put in between is found as well.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from coupling.base import rendering
from coupling.base.quoting import sql_name
from coupling.contracts import declared

PYTHON_REF = re.compile(r"""\bdbt\.ref\(\s*["'](\w+)["']\s*\)""")


class Relation(str):
    """The name of a table in SQL; `identifier` is the table alone."""

    identifier: str

    def __new__(cls, *parts: str) -> "Relation":
        """Quote the parts of a name: database, schema, table."""
        made = super().__new__(cls, sql_name(*parts))
        made.identifier = parts[-1]
        return made


@dataclass(frozen=True)
class Step:
    """A seed or model to build: what it is made of, and how.

    `statement` is the query of an SQL model; None for seeds and Python models, which
    `path` leads to. A model that `is_view` is worked out whenever it is read.
    """

    name: str
    schema: str
    path: Path
    needs: tuple[str, ...] = ()
    statement: str | None = None
    is_view: bool = False

    @property
    def is_seed(self) -> bool:
        """True of a table of figures or rows, which no model makes."""
        return self.path.suffix == ".csv"


class _Nodes:
    """The seeds of dbt's graph, as far as macros ask for them."""

    def __init__(self, files: dict[str, Path]) -> None:
        self.files = files

    def __getitem__(self, name: str) -> dict:
        """Return the node of a name such as seed.project.table."""
        return {"config": declared.config_of_seed(self.files[name.split(".")[-1]])}


class Statements:
    """The seeds and models of a project.

    Parameters
    ----------
    project
        Folder with `models`, `macros` and `seeds`.
    database
        Name of the database in which the tables are to be.

    """

    def __init__(self, project: Path, database: str) -> None:
        """Read nothing yet."""
        self.project, self.database = project, database
        self._called: list[str] = []
        self._config: dict[str, Any] = {}

    def steps(self, names: Iterable[str]) -> list[Step]:
        """Return the steps to the tables `names`, each after those that it needs.

        Raises
        ------
        KeyError
            There is no seed or model of a name.

        """
        done: dict[str, Step] = {}
        for name in names:
            self._visit(name, done)
        return list(done.values())

    def relation(self, name: str) -> Relation:
        """Return the name in SQL of a seed's or model's table."""
        return Relation(self.database, self._schema(self._files[name]), name)

    def _visit(self, name: str, done: dict[str, Step]) -> None:
        if name in done:
            return
        step = self._step(name)
        for needed in step.needs:
            self._visit(needed, done)
        done[name] = step

    def _step(self, name: str) -> Step:
        path = self._files[name]
        schema = self._schema(path)
        if path.suffix == ".csv":
            return Step(name, schema, path)
        text = path.read_text(encoding="utf-8").strip()
        if path.suffix == ".py":
            return Step(name, schema, path, _once(PYTHON_REF.findall(text)))
        self._called, self._config = [], {}
        statement = rendering.template(self._environment, text).render()
        is_view = self._config.get("materialized") == "view"
        return Step(name, schema, path, _once(self._called), statement, is_view)

    @cached_property
    def _files(self) -> dict[str, Path]:
        models, seeds = self.project / "models", self.project / "seeds"
        found = [*models.rglob("*.sql"), *models.rglob("*.py"), *seeds.rglob("*.csv")]
        return {path.stem: path for path in found}

    def _schema(self, path: Path) -> str:
        """Return the folder that dbt_project.yml names a schema after."""
        parts = path.relative_to(self.project).parts
        return "seeds" if parts[0] == "seeds" else parts[1]

    @cached_property
    def _environment(self):
        made = rendering.environment(self._ref, self._columns)
        stated = (self.project / "dbt_project.yml").read_text(encoding="utf-8")
        name = yaml.load(stated, Loader=yaml.CSafeLoader)["name"]
        made.globals["config"] = self._configure
        made.globals |= {"project_name": name, "graph": {"nodes": _Nodes(self._files)}}
        rendering.read_macros(made, self.project / "macros")
        return made

    def _ref(self, name: str) -> Relation:
        self._called.append(name)
        return self.relation(name)

    def _configure(self, **stated: Any) -> str:
        self._config |= stated
        return ""

    def _columns(self, relation: Relation) -> list[rendering.Column]:
        """Return the columns of a seed, all that macros ask for."""
        with self._files[relation.identifier].open(encoding="utf-8") as file:
            return [rendering.Column(name, "") for name in next(csv.reader(file))]


def _once(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
