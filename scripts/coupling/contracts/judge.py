"""The SQL of the data tests, asked of seeds and workspace before anything is built.

dbt asks the same statements once the seeds are tables; here they are asked of what was
read, so that what is bad can be told by file, row and column.
"""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from jinja2 import Environment

from coupling.base.paths import Paths
from coupling.base.quoting import sql_name
from coupling.base.rendering import Column, environment, read_macros, template
from coupling.contracts.seeds import NUMBERS, Seed

# rows of a table, by their place in it
ROW = "_row"
FRAME = "_frame"
TEST = re.compile(r"{%(-?)\s*(end)?test\b\s*")
# how dbt's own tests name the column that they are of
OF_DBT = ("unique_field", "value_field", "from_field")


class Judge:
    """Asks tests of seed tables that are in memory.

    Parameters
    ----------
    seeds
        Seeds by name, joined with a workspace or not.

    """

    def __init__(self, seeds: dict[str, Seed]) -> None:
        """Know the tables; each is looked at when a test asks for it."""
        self._seeds = seeds | {seed.name: seed for seed in seeds.values()}
        self._connection = duckdb.connect(config={"threads": 1})
        self._known: set[str] = set()
        self._environment = environment(self._relation, self._columns)
        self._tests = read_tests(self._environment)

    def bad_rows(
        self, seed: Seed, test: str, column: str | None, arguments: dict[str, Any]
    ) -> pd.DataFrame:
        """Return what a test finds bad, a row of the seed each, in the order of rows.

        The index is that of the seed's rows. Columns are those of the test's statement;
        what is bad of the table as a whole, or of a column, has the index -1. Raises
        KeyError for a test that there is not.
        """
        statement = self._statement(seed, test, column, arguments)
        if self._connection.execute(statement).fetchone() is None:
            return pd.DataFrame()
        bad = self._connection.execute(statement).df()
        names = dict.fromkeys(OF_DBT, column)
        bad = bad.rename(columns={k: v for k, v in names.items() if v})
        if ROW not in bad:
            bad = self._with_rows(seed, bad)
        return bad.set_index(ROW).sort_index(kind="stable")

    def _statement(
        self, seed: Seed, test: str, column: str | None, arguments: dict[str, Any]
    ) -> str:
        given = dict(arguments)
        if column is not None:
            given["column_name"] = column
        if "to" in given:
            given["to"] = self._relation(given["to"])
        return str(self._tests[test](model=self._relation(seed.name), **given))

    def _relation(self, name: str) -> str:
        if name not in self._known:
            typed = self._seeds[name].typed
            # a table, since to look at a frame takes as long at every statement
            self._connection.register(FRAME, typed.assign(**{ROW: typed.index}))
            self._connection.execute(f"create table {sql_name(name)} as from {FRAME}")
            self._connection.unregister(FRAME)
            self._known.add(name)
        return sql_name(name)

    def _columns(self, relation: str) -> list[Column]:
        seed = self._seeds[relation.strip('"')]
        return [
            Column(name, "DOUBLE" if seed.types.get(name) in NUMBERS else "VARCHAR")
            for name in seed.typed
        ]

    def _with_rows(self, seed: Seed, bad: pd.DataFrame) -> pd.DataFrame:
        """Give each bad row the rows of the seed that agree in what both have."""
        shared = [name for name in bad if name in seed.typed]
        if not shared:
            return bad.assign(**{ROW: -1})
        rows = seed.typed[shared].assign(**{ROW: seed.typed.index})
        found = bad.merge(rows, on=shared, how="left")
        return found.assign(**{ROW: found[ROW].fillna(-1).astype(int)})


def read_tests(known: Environment) -> dict[str, Any]:
    """Return the tests of the project and those of dbt, as macros of an environment."""
    project = Paths().project
    read_macros(known, project / "macros")
    found = {}
    for path in sorted((project / "tests" / "generic").glob("*.sql")):
        module = template(known, _as_macro(path)).module
        found[path.stem] = getattr(module, path.stem)
    for path in sorted(_of_dbt().glob("*.sql")):
        module = template(known, path.read_text(encoding="utf-8")).module
        found[path.stem] = getattr(module, f"default__test_{path.stem}")
    return found


@cache
def _as_macro(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return TEST.sub(lambda found: f"{{%{found[1]} {found[2] or ''}macro ", text)


@cache
def _of_dbt() -> Path:
    """Return the folder with the statements of dbt's own tests."""
    package = find_spec("dbt")
    assert package is not None and package.submodule_search_locations
    [folder] = package.submodule_search_locations
    return Path(folder, "include/global_project/macros/generic_test_sql")
