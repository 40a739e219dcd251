"""A study worked out in memory, by the statements of the models and by nothing else.

The seed tables of an in-memory database get the study's rows and the shipped rows that
they may refer to; then the models are built in their order. What a refresh publishes of
the study is the same to the last bit, since it is the same text over the same rows.
"""

import csv
import importlib.util
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import duckdb

from coupling.base.connections import connect
from coupling.base.names import known as check_known
from coupling.base.paths import Paths
from coupling.base.quoting import sql_name, sql_text
from coupling.contracts import declared
from coupling.engine.statements import Statements, Step

if TYPE_CHECKING:
    import pandas as pd

    from coupling.panels.rows import StudyRows

DATABASE = "coupling"
# what a study's answer, its workbook, its page and its files are made of
TABLES = (
    *("fct_coupling", "fct_system_scores", "fct_indicator_weights"),
    *("fct_indicator_values", "fct_obstacles", "fct_obstacle_rankings"),
    *("dim_studies", "dim_methods", "dim_systems", "dim_indicators", "dim_grades"),
    *("dim_regions", "dim_region_groups", "dim_series", "dim_sources", "dim_papers"),
    *("dim_development_types", "dim_combined_weights", "fct_pairwise_consistency"),
    *("fct_indicator_figures", "fct_indicator_sources", "fct_study_breaks"),
    *("fct_study_years", "fct_group_years", "qc_same_figures"),
    *("qc_study_coverage", "qc_degenerate_indicators"),
)
NAMED = "study_methods"
ROWS = "stg_workspace__rows"
FIGURES = "stg_workspace__figures"
FILES = "stg_workspace__files"
REVISIONS = "stg_workspace__revisions"
CELL = ["region_code", "year"]
# to share the work of fewer cells among threads takes longer than to do it
CELLS_FOR_ONE_THREAD = 50_000
# types of columns as arrow has them
ARROW = {"string": "string", "int": "int32", "double": "double"}


@dataclass(frozen=True)
class Results:
    """The tables of one study, in the database of an open connection.

    Schemas and names are those of the warehouse, so what reads the warehouse reads
    this as well.
    """

    connection: duckdb.DuckDBPyConnection
    study_id: str

    def table(self, name: str, schema: str = "marts") -> "pd.DataFrame":
        """Return a table of the study."""
        return self.connection.table(sql_name(DATABASE, schema, name)).df()


def evaluate(
    rows: "StudyRows",
    method_ids: Iterable[str] | None = None,
    *,
    tables: Iterable[str] = TABLES,
    paths: Paths | None = None,
    figures: "pd.DataFrame | None" = None,
    files: "pd.DataFrame | None" = None,
    threads: int | None = None,
    database: Path | None = None,
    watch: Callable[[str, float], None] = lambda name, seconds: None,
) -> Results:
    """Work a study out and return its results.

    Parameters
    ----------
    rows
        The study: its rows of the seed tables, its figures and where they come from;
        no source where the figures are all among `figures`.
    method_ids
        Methods to work out; by default that of the study alone. Those that they are
        made of come along.
    tables
        Models to build, with all that they need.
    paths
        The project whose models are taken; by default this one.
    figures
        Other figures of the user, long, as `workspace.figures` has them, for series
        that the study shares; its own go before them.
    files
        Origins of these other figures, as `workspace.files` has them.
    threads
        Threads of the database; by default as many as there are processors, and one
        for a study of few cells. No result depends on them.
    database
        A file for the tables, which is not there yet; by default they stay in memory.
    watch
        Gets the name of each table that was made, and the seconds that it took.

    Raises
    ------
    NotThereError
        A method, the grade scheme or a region of the study is not among its own or
        those of the warehouse.

    """
    paths = paths or Paths()
    statements = Statements(paths.project, DATABASE)
    steps = statements.steps(tables)
    cells = rows.figures.size + (0 if figures is None else len(figures))
    if threads is None and cells < CELLS_FOR_ONE_THREAD:
        threads = 1
    connection = connect(threads=threads)
    place = sql_text(database or ":memory:")
    connection.execute(f"attach {place} as {DATABASE}; use {DATABASE}")
    for schema in sorted({step.schema for step in steps}):
        connection.execute(f"create schema {schema}")
    run = _Run(connection, statements, rows, figures, files)
    clock = time.perf_counter
    started = clock()
    run.fill([step for step in steps if step.is_seed], method_ids)
    watch("seeds", clock() - started)
    for step in steps:
        if not step.is_seed:
            started = clock()
            run.build(step)
            watch(step.name, clock() - started)
    return Results(connection, rows.study_id)


@dataclass
class _Run:
    connection: duckdb.DuckDBPyConnection
    statements: Statements
    rows: "StudyRows"
    figures: "pd.DataFrame | None"
    files: "pd.DataFrame | None"
    # own rows of each seed, {column: text}
    rows_of: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    # --- seeds ----------------------------------------------------------------------

    def fill(self, seeds: list[Step], method_ids: Iterable[str] | None) -> None:
        """Fill the seed tables with shipped rows that may be asked for."""
        for step in sorted(seeds, key=_is_figures):
            types = declared.of_seed(step.path).types
            create_seed(self.connection, step)
            if _is_figures(step) and not self.series & types.keys():
                continue
            fill_seed(self.connection, step)
            if "study_id" in types:
                self.connection.execute(
                    f"delete from {sql_name(step.schema, step.name)}"
                    " where study_id <> $study",
                    {"study": self.rows.study_id},
                )
            self.rows_of[step.name] = _own_rows(self.rows, step)
        self._check_names()
        self._keep_methods(seeds, method_ids)

    @cached_property
    def series(self) -> set[str]:
        """The series that the study's indicators are made of."""
        return self._texts("indicators", "numerator") | self._texts(
            "indicators", "denominator"
        )

    def _texts(self, seed: str, column: str) -> set[str]:
        """Return what stands in a column of a table, shipped or own."""
        shipped = self.connection.execute(f"select {column} from seeds.{seed}")
        own = self.rows_of.get(seed, ())
        found = {text for (text,) in shipped.fetchall()}
        own_texts = {row[column] for row in own if column in row}
        return {text for text in found | own_texts if text is not None}

    def _asked(self, column: str) -> str:
        """Return what the row of the study says, its own before a shipped one."""
        own = [row[column] for row in self.rows_of["studies"] if column in row]
        if own:
            return own[0]
        shipped = self.connection.execute(f"select {column} from seeds.studies")
        [(value,)] = shipped.fetchmany(1)
        return value

    def _check_names(self) -> None:
        """Refuse a grade scheme or a region that no table has."""
        schemes = self._texts("grade_schemes", "grade_scheme_id")
        check_known("grade scheme", self._asked("grade_scheme_id"), sorted(schemes))
        regions = sorted(self._texts("regions", "region_code"))
        for code in sorted(self._texts("study_regions", "region_code")):
            check_known("region", code, regions)

    def _keep_methods(
        self, seeds: list[Step], method_ids: Iterable[str] | None
    ) -> None:
        """Leave the methods asked for, and those that they are made of."""
        known = self._texts("methods", "method_id")
        asked = sorted(method_ids or [self._asked("default_method_id")])
        wanted = set(asked)
        for method in asked:
            check_known("method", method, sorted(known))
        kept: set[str] = set()
        while wanted - kept:
            kept |= wanted
            for step in seeds:
                if "method_id" in declared.of_seed(step.path).types:
                    wanted |= known & self._named_beside(step.name, kept)
        for step in seeds:
            if "method_id" in declared.of_seed(step.path).types:
                table = sql_name(step.schema, step.name)
                self.connection.execute(
                    f"delete from {table} where not list_contains($kept, method_id)",
                    {"kept": sorted(kept)},
                )
                self.rows_of[step.name] = [
                    row for row in self.rows_of[step.name] if row["method_id"] in kept
                ]
        # where a study names its methods, those asked for are named
        if method_ids is not None and NAMED in self.rows_of:
            self.rows_of[NAMED] = [
                {"study_id": self.rows.study_id, "method_id": name} for name in asked
            ]

    def _named_beside(self, seed: str, methods: set[str]) -> set[str]:
        """Return all texts that stand in rows of some methods."""
        shipped = self.connection.execute(
            f"select * from seeds.{seed} where list_contains($methods, method_id)",
            {"methods": sorted(methods)},
        ).fetchall()
        own = [
            row.values()
            for row in self.rows_of[seed]
            if row.get("method_id") in methods
        ]
        cells = (cell for row in [*shipped, *own] for cell in row)
        return {cell for cell in cells if isinstance(cell, str)}

    # --- models ---------------------------------------------------------------------

    def build(self, step: Step) -> None:
        """Build the table of a model; those of the workspace from the study's rows."""
        own = {
            ROWS: self._own,
            FILES: self._files,
            REVISIONS: self._revisions,
        }
        if step.name == FIGURES:
            self._create_figures(step)
        elif step.name in own:
            _create(self.connection, step, own[step.name]())
        else:
            build_model(self.connection, self.statements, step)

    def _own(self):
        """Return the cells of the study's own rows, as `workspace.rows` has them."""
        import pandas as pd

        from coupling.contracts.workspace import ROWS_SCHEMA

        cells = [
            (seed, number, column, text)
            for seed, rows in self.rows_of.items()
            for number, row in enumerate(rows, 2)
            for column, text in row.items()
        ]
        return _arrow(
            pd.DataFrame(cells, columns=ROWS_SCHEMA.names), _kinds(ROWS_SCHEMA)
        )

    def _create_figures(self, step: Step) -> None:
        """Create the table of the study's figures, and others of series that it shares.

        As `workspace.figures` has them; its own go before the others.
        """
        from coupling.contracts.workspace import FIGURES_SCHEMA, source_of

        own = self.rows.figures
        series = [name for name in own if name not in CELL]
        kinds = {"region_code": "string", "year": "int"}
        wide = _arrow(own, kinds | dict.fromkeys(series, "double"))
        if not series:
            wide = FIGURES_SCHEMA.empty_table().drop_columns(["series_id", "source_id"])
        others = self.figures
        if others is None:
            others = FIGURES_SCHEMA.empty_table()
        table = sql_name(step.schema, step.name)
        self.connection.register("wide", wide)
        self.connection.register("others", others)
        self.connection.execute(
            f"""
            create table {table} as
            with own as (
                select
                    region_code, year, series_id, value,
                    {sql_text(source_of(self.rows.study_id))} as source_id
                from wide unpivot (
                    value for series_id in (
                        {", ".join(map(sql_name, series)) or "value"}
                    )
                )
            )
            from own
            union all
            select region_code, year, series_id, value, source_id
            from others anti join own using (region_code, year, series_id)
            where list_contains($series, series_id)
            """,
            {"series": sorted(self.series)},
        )
        self.connection.unregister("wide")
        self.connection.unregister("others")

    def _files(self):
        """Return the origin of the study's figures, and of the others in use."""
        import pandas as pd

        from coupling.contracts.workspace import FILES_SCHEMA, origin

        parts = []
        if source := self.rows.source:
            name = source.file_name
            row = origin(self.rows.study_id, name, name, source.sha256)
            parts.append(pd.DataFrame([row]))
        if self.files is not None:
            parts.insert(0, self.files)
        parts = parts or [pd.DataFrame(columns=FILES_SCHEMA.names)]
        table = pd.concat(parts).drop_duplicates("source_id", keep="last")
        return _arrow(table, _kinds(FILES_SCHEMA))

    def _revisions(self):
        from coupling.contracts.workspace import REVISIONS_SCHEMA

        return REVISIONS_SCHEMA.empty_table()


def create_seed(connection: duckdb.DuckDBPyConnection, step: Step) -> None:
    """Create the table of a seed, without rows."""
    types = declared.of_seed(step.path).types
    columns = ", ".join(f"{sql_name(name)} {types[name]}" for name in types)
    table = sql_name(step.schema, step.name)
    connection.execute(f"create table {table} ({columns})")


def fill_seed(connection: duckdb.DuckDBPyConnection, step: Step) -> None:
    """Put the rows of a seed into its table."""
    connection.execute(
        f"copy {sql_name(step.schema, step.name)} from {sql_text(step.path)}"
        " (format csv, header true, delimiter ',')"
    )


def build_tables(
    connection: duckdb.DuckDBPyConnection, project: Path, names: Iterable[str]
) -> None:
    """Build tables, and all that they need, of the seeds and the workspace as they are.

    They come into a database of its own, DATABASE, in memory, which is in use then.
    """
    statements = Statements(project, DATABASE)
    steps = statements.steps(names)
    connection.execute(f"attach ':memory:' as {DATABASE}; use {DATABASE}")
    for schema in sorted({step.schema for step in steps}):
        connection.execute(f"create schema {schema}")
    for step in steps:
        if step.is_seed:
            load_seed(connection, step)
        else:
            build_model(connection, statements, step)


def load_seed(connection: duckdb.DuckDBPyConnection, step: Step) -> None:
    """Load a seed as it is, also columns that no YAML file declares, as dbt does."""
    stated = declared.of_seed(step.path).types
    with step.path.open(encoding="utf-8") as file:
        header = next(csv.reader(file))
    types = ", ".join(f"'{name}': '{stated.get(name, 'double')}'" for name in header)
    connection.execute(
        f"create table {sql_name(step.schema, step.name)} as from"
        f" read_csv({sql_text(step.path)}, header = true, columns = {{{types}}})"
    )


def build_model(
    connection: duckdb.DuckDBPyConnection, statements: Statements, step: Step
) -> None:
    """Build the table of a model from those that it needs."""
    if step.statement is None:
        _create(connection, step, _python(connection, statements, step))
        return
    table = sql_name(step.schema, step.name)
    types = declared.of_model(step.path).types if step.schema == "marts" else {}
    if step.is_view:
        named = ", ".join(map(sql_name, types)) or "*"
        # by schema alone, as macros/duckdb__create_view_as.sql has it
        statement = step.statement.replace(f"{sql_name(statements.database)}.", "")
        connection.execute(f"create view {table} as select {named} from ({statement})")
    elif types:
        columns = ", ".join(f"{sql_name(name)} {types[name]}" for name in types)
        connection.execute(f"create table {table} ({columns})")
        named = ", ".join(map(sql_name, types))
        connection.execute(
            f"insert into {table} select {named} from ({step.statement})"
        )
    else:
        connection.execute(f"create table {table} as {step.statement}")


def _python(connection: duckdb.DuckDBPyConnection, statements: Statements, step: Step):
    """Run a Python model as it is."""
    found = importlib.util.spec_from_file_location(step.name, step.path)
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    dbt = SimpleNamespace(
        ref=lambda name: connection.table(statements.relation(name)),
        config=lambda **_: None,
    )
    return module.model(dbt, connection)


def _create(connection: duckdb.DuckDBPyConnection, step: Step, made) -> None:
    connection.register("made", made)
    table = sql_name(step.schema, step.name)
    connection.execute(f"create table {table} as select * from made")
    connection.unregister("made")


def _own_rows(rows: "StudyRows", step: Step) -> list[dict[str, str]]:
    """Return the study's own rows of a seed as text, without blanks.

    Numbers are written as Python has them, so that every reader takes the same number.
    """
    own = rows.tables.get(step.name)
    if own is None:
        return []
    stated = declared.of_seed(step.path)
    types = stated.types | stated.older
    write: dict[str, Callable[[Any], str]] = {
        "string": str,
        "int": lambda number: repr(int(float(number))),
        "double": lambda number: repr(float(number)),
    }
    return [
        {
            name: write[types[name]](cell)
            for name, cell in row.items()
            if name in types and not _is_blank(cell)
        }
        for row in own.to_dict("records")
    ]


def _is_figures(step: Step) -> bool:
    """True of a chapter of the yearbook, which has a column for each series."""
    return step.path.parent.name == "yearbook"


def _kinds(schema) -> dict[str, str]:
    names = {"string": "string", "int32": "int", "double": "double"}
    return {field.name: names[str(field.type)] for field in schema}


def _arrow(frame: "pd.DataFrame", types: Mapping[str, str]):
    """Return the columns of a frame that have a type, in these types; blanks are none.

    Numbers may be text, as a table of text has them.
    """
    import pandas as pd
    import pyarrow as pa

    columns = {}
    for name, kind in types.items():
        if name not in frame:
            continue
        column = frame[name]
        if kind == "string":
            texts = column.astype(object)
            values = [None if _is_blank(text) else str(text) for text in texts]
        else:
            if column.dtype == object or isinstance(column.dtype, pd.StringDtype):
                column = pd.to_numeric(column.where(column != ""))
            values = column
        kinds = pa.type_for_alias(ARROW[kind])
        columns[name] = pa.array(values, kinds, from_pandas=True)
    return pa.table(columns)


def _is_blank(value: object) -> bool:
    return value is None or value == "" or value != value
