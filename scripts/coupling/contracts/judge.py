"""The SQL of the data tests, asked of seeds and workspace before anything is built.

dbt asks the same statements once the seeds are tables; here they are asked of what was
read, so that what is bad can be told by file, row and column.
"""

import itertools
import json
import re
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from coupling.base.connections import connect
from coupling.base.paths import Paths
from coupling.base.quoting import sql_name
from coupling.base.rendering import Column, environment, read_macros, template
from coupling.contracts.seeds import NUMBERS, Seed

# rows of a table, by their place in it
ROW = "_row"
FRAME = "_frame"
# several times as many as there are tests of seeds
STATEMENTS_KEPT = 4096
# under which what tests said of a file keeps the name of its table
TABLE = "table"
COUNTER = itertools.count()
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
        self._connection = _database().cursor()
        self._known: set[str] = set()
        self._columns: dict[str, tuple[Column, ...]] = {}

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
        stated = json.dumps(arguments)
        if seed.name not in self._columns:
            self._columns[seed.name] = _columns(seed)
        columns = self._columns[seed.name]
        statement, names = _asker().statement(test, seed.name, columns, column, stated)
        for name in names:
            self._hold(name)
        return statement

    def _hold(self, name: str) -> None:
        """Let the connection have the table of a seed, kept of a file that ships."""
        if name in self._known:
            return
        self._known.add(name)
        seed, relation = self._seeds[name], sql_name(name)
        said = seed.verdicts
        if said is None:
            self._create(f"temp table {relation}", seed)
            return
        if TABLE not in said:
            kept = sql_name(f"{name} {next(COUNTER)}")
            self._create(f"table {kept}", seed)
            said[TABLE] = kept
        self._connection.execute(f"create temp view {relation} as from {said[TABLE]}")

    def _create(self, what: str, seed: Seed) -> None:
        # to look at a frame takes as long at every statement
        self._connection.register(FRAME, seed.typed.assign(**{ROW: seed.typed.index}))
        self._connection.execute(f"create {what} as from {FRAME}")
        self._connection.unregister(FRAME)

    def _with_rows(self, seed: Seed, bad: pd.DataFrame) -> pd.DataFrame:
        """Give each bad row the rows of the seed that agree in what both have."""
        shared = [name for name in bad if name in seed.typed]
        if not shared:
            return bad.assign(**{ROW: -1})
        rows = seed.typed[shared].assign(**{ROW: seed.typed.index})
        found = bad.merge(rows, on=shared, how="left")
        return found.assign(**{ROW: found[ROW].fillna(-1).astype(int)})


def _columns(seed: Seed) -> tuple[Column, ...]:
    return tuple(
        Column(name, "DOUBLE" if seed.types.get(name) in NUMBERS else "VARCHAR")
        for name in seed.typed
    )


class Asker:
    """Writes the statements of tests, each once for a table of the same columns."""

    def __init__(self) -> None:
        """Know the tests of the project and those of dbt."""
        self._columns: tuple[Column, ...] = ()
        self._named: list[str] = []
        self._environment = environment(self._relation, lambda _: list(self._columns))
        self._tests = self._read_tests()
        self.statement = lru_cache(STATEMENTS_KEPT)(self._written)

    def _written(
        self,
        test: str,
        table: str,
        columns: tuple[Column, ...],
        column: str | None,
        arguments: str,
    ) -> tuple[str, tuple[str, ...]]:
        """Return a statement and the tables that it reads; arguments are JSON."""
        self._columns, self._named = columns, []
        given = json.loads(arguments)
        if column is not None:
            given["column_name"] = column
        if "to" in given:
            given["to"] = self._relation(given["to"])
        statement = str(self._tests[test](model=self._relation(table), **given))
        return statement, tuple(dict.fromkeys(self._named))

    def _relation(self, name: str) -> str:
        self._named.append(name)
        return sql_name(name)

    def _read_tests(self) -> dict[str, Any]:
        """Return the tests as macros of the environment."""
        known = self._environment
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
def _database() -> duckdb.DuckDBPyConnection:
    """Hold the tables of shipped files as long as `Seed.said` holds for them."""
    return connect(threads=1)


@cache
def _asker() -> Asker:
    return Asker()


def _as_macro(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return TEST.sub(lambda found: f"{{%{found[1]} {found[2] or ''}macro ", text)


def _of_dbt() -> Path:
    """Return the folder with the statements of dbt's own tests."""
    package = find_spec("dbt")
    assert package is not None and package.submodule_search_locations
    [folder] = package.submodule_search_locations
    return Path(folder, "include/global_project/macros/generic_test_sql")
