"""A study worked out in memory, by the statements of the models and by nothing else.

The seed tables of an in-memory database get the study's rows and the shipped rows that
they may refer to; then the models are built in their order. What a refresh publishes of
the study is the same to the last bit, since it is the same text over the same rows.
"""

import importlib.util
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING

import duckdb

from coupling.names import known as check_known
from coupling.paths import Paths
from coupling.quoting import sql_name, sql_text
from coupling.studies import contracts
from coupling.studies.statements import Statements, Step

if TYPE_CHECKING:
    import pandas as pd

    from coupling.studies.rows import StudyRows

DATABASE = "coupling"
# what a study's answer, its workbook, its page and its files are made of
TABLES = (
    *("fct_coupling", "fct_system_scores", "fct_indicator_weights"),
    *("fct_indicator_values", "fct_obstacles", "fct_obstacle_rankings"),
    *("dim_studies", "dim_methods", "dim_systems", "dim_indicators", "dim_grades"),
    *("dim_regions", "dim_region_groups", "dim_series", "dim_sources", "dim_papers"),
    "fct_indicator_figures",
    *("qc_study_coverage", "qc_degenerate_indicators"),
)
FIGURES = "stg_workspace__figures"
FILES = "stg_workspace__files"
REVISIONS = "stg_workspace__revisions"
CELL = ["region_code", "year"]
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

    def ask(self, query: str, **parameters: object) -> "pd.DataFrame":
        """Return the result of a query, in which $study is the study's id."""
        if "$study" in query:
            parameters["study"] = self.study_id
        return self.connection.execute(query, parameters).df()


def evaluate(
    rows: "StudyRows",
    method_ids: Iterable[str] | None = None,
    *,
    tables: Iterable[str] = TABLES,
    paths: Paths | None = None,
    figures: "pd.DataFrame | None" = None,
    files: "pd.DataFrame | None" = None,
    threads: int | None = None,
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
        Threads of the database; by default as many as there are processors. No result
        depends on them.

    Raises
    ------
    NotThereError
        A method, the grade scheme or a region of the study is not among its own or
        those of the warehouse.

    """
    paths = paths or Paths()
    statements = Statements(paths.project, DATABASE)
    steps = statements.steps(tables)
    connection = duckdb.connect(config={"threads": threads} if threads else {})
    connection.execute(f"attach ':memory:' as {DATABASE}; use {DATABASE}")
    for schema in sorted({step.schema for step in steps}):
        connection.execute(f"create schema {schema}")
    run = _Run(connection, statements, rows, figures, files)
    chosen = run.study["default_method_id"] if method_ids is None else None
    run.fill([step for step in steps if step.is_seed], method_ids or [chosen])
    run.check_names()
    for step in steps:
        if not step.is_seed:
            run.build(step)
    return Results(connection, rows.study_id)


@dataclass(frozen=True)
class _Run:
    connection: duckdb.DuckDBPyConnection
    statements: Statements
    rows: "StudyRows"
    figures: "pd.DataFrame | None"
    files: "pd.DataFrame | None"

    @property
    def study(self) -> dict:
        return self.rows.tables["studies"].iloc[0].to_dict()

    # --- seeds ----------------------------------------------------------------------

    def fill(self, seeds: list[Step], method_ids: Iterable[str]) -> None:
        """Fill the seed tables: shipped rows that may be asked for, and own ones."""
        declared = {step.name: contracts.of_seed(step.path) for step in seeds}
        asked = self._series_asked()
        for step in seeds:
            types = declared[step.name].types
            table = sql_name(step.schema, step.name)
            columns = ", ".join(f"{sql_name(name)} {types[name]}" for name in types)
            self.connection.execute(f"create table {table} ({columns})")
            if _is_figures(step) and not asked & types.keys():
                continue
            self.connection.execute(
                f"copy {table} from {sql_text(step.path)}"
                " (format csv, header true, delimiter ',')"
            )
            self._put_own(table, step.name, declared[step.name])
        self._keep_methods(declared, list(method_ids))

    def _put_own(self, table: str, name: str, declared: contracts.Declared) -> None:
        if "study_id" in declared.types:
            self.connection.execute(f"delete from {table}")
        own = self.rows.tables.get(name)
        if own is None or own.empty:
            return
        self.connection.register("own", _arrow(own, declared.types))
        if declared.key:
            same = " and ".join(f"own.{key} = shipped.{key}" for key in declared.key)
            self.connection.execute(
                f"delete from {table} as shipped"
                f" where exists (select 1 from own where {same})"
            )
        self.connection.execute(f"insert into {table} by name select * from own")
        self.connection.unregister("own")

    def _series_asked(self) -> set[str]:
        """Return the series that the study's indicators are made of."""
        indicators = self.rows.tables["indicators"]
        return {
            series
            for column in ("numerator", "denominator")
            if column in indicators
            for series in indicators[column].dropna()
        }

    def check_names(self) -> None:
        """Refuse a grade scheme or a region that no table has."""
        schemes = self._rows("select distinct grade_scheme_id from seeds.grade_schemes")
        asked = self.study["grade_scheme_id"]
        check_known("grade scheme", asked, sorted(name for (name,) in schemes))
        strange = self._rows("""
            select region_code from seeds.study_regions
            where region_code not in (select region_code from seeds.regions)
            order by region_code
        """)
        if strange:
            regions = self._rows("select region_code from seeds.regions")
            check_known("region", strange[0][0], sorted(code for (code,) in regions))

    def _keep_methods(self, declared: Mapping, method_ids: list[str]) -> None:
        """Leave the methods asked for, and those that they are made of."""
        known = {name for (name,) in self._rows("select method_id from seeds.methods")}
        kept: set[str] = set()
        wanted = set(method_ids)
        for method in sorted(wanted):
            check_known("method", method, sorted(known))
        while wanted - kept:
            kept |= wanted
            for name, table in declared.items():
                if "method_id" in table.types:
                    wanted |= known & self._named_beside(name, table.types, kept)
        self.connection.execute(
            "delete from seeds.methods where not list_contains($kept, method_id)",
            {"kept": sorted(kept)},
        )

    def _named_beside(self, seed: str, types: Mapping, methods: set[str]) -> set[str]:
        """Return all texts that stand in rows of some methods."""
        texts = [name for name, kind in types.items() if kind == "string"]
        found = self._rows(
            f"select {', '.join(texts)} from seeds.{seed} "
            "where list_contains($methods, method_id)",
            methods=sorted(methods),
        )
        return {text for row in found for text in row if text}

    def _rows(self, query: str, **parameters: object) -> list[tuple]:
        return self.connection.execute(query, parameters).fetchall()

    # --- models ---------------------------------------------------------------------

    def build(self, step: Step) -> None:
        """Build the table of a model."""
        table = sql_name(step.schema, step.name)
        own = {FIGURES: self._figures, FILES: self._files, REVISIONS: self._revisions}
        if step.statement is None:
            made = own[step.name]() if step.name in own else self._python(step)
            self.connection.register("made", made)
            self.connection.execute(f"create table {table} as select * from made")
            self.connection.unregister("made")
            return
        types = contracts.of_model(step.path).types if step.schema == "marts" else {}
        if types:
            columns = ", ".join(f"{sql_name(name)} {types[name]}" for name in types)
            self.connection.execute(f"create table {table} ({columns})")
            named = ", ".join(map(sql_name, types))
            self.connection.execute(
                f"insert into {table} select {named} from ({step.statement})"
            )
        else:
            self.connection.execute(f"create table {table} as {step.statement}")

    def _python(self, step: Step):
        """Run a Python model as it is."""
        found = importlib.util.spec_from_file_location(step.name, step.path)
        module = importlib.util.module_from_spec(found)
        found.loader.exec_module(module)
        dbt = SimpleNamespace(
            ref=lambda name: self.connection.table(self.statements.relation(name)),
            config=lambda **_: None,
        )
        return module.model(dbt, self.connection)

    def _figures(self):
        """Return the figures of the study, and others of series that it shares."""
        import pandas as pd

        from coupling.workspace import FIGURES_SCHEMA, source_of

        own = self.rows.figures.melt(CELL, var_name="series_id").dropna()
        own = own.assign(source_id=source_of(self.rows.study_id))
        parts = [own]
        if self.figures is not None:
            shared = self.figures["series_id"].isin(self._series_asked())
            parts.insert(0, self.figures[shared])
        table = pd.concat(parts).drop_duplicates([*CELL, "series_id"], keep="last")
        return _arrow(table, _kinds(FIGURES_SCHEMA))

    def _files(self):
        """Return the origin of the study's figures, and of the others in use."""
        import pandas as pd

        from coupling.workspace import FILES_SCHEMA, origin

        parts = []
        if source := self.rows.source:
            row = origin(self.rows.study_id, source.file_name, source.sha256)
            parts.append(pd.DataFrame([row]))
        if self.files is not None:
            parts.insert(0, self.files)
        parts = parts or [pd.DataFrame(columns=FILES_SCHEMA.names)]
        table = pd.concat(parts).drop_duplicates("source_id", keep="last")
        return _arrow(table, _kinds(FILES_SCHEMA))

    def _revisions(self):
        from coupling.workspace import REVISIONS_SCHEMA

        return REVISIONS_SCHEMA.empty_table()


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
