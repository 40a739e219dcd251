"""What a new build changed: degrees and ranks, split by new figures and new methods.

A change of D has two causes. With D(figures, definitions):

    data_effect   = D(new, old) - D(old, old)
    method_effect = D(new, new) - D(new, old)

Definitions are the rows of the study tables and grade schemes, and the queries that
work them out. They are kept in each database, so that the middle term, new figures
under the old definitions, is worked out by the very queries of the build before.
Weights by eigenvectors and by game theory are no queries: where they differ between the
builds, there is no middle term.
"""

import re
from pathlib import Path

import duckdb
import pyarrow as pa

from coupling.base.connections import connect
from coupling.base.paths import Paths
from coupling.base.quoting import sql_name, sql_text
from coupling.contracts.declared import create_declared, sources

RESULT = "marts.fct_coupling"
# columns that a degree depends on, by table; all else that the queries read defines
FIGURES = {
    "intermediate.int_observations": "region_code, year, series_id, value",
    "staging.stg_workspace__figures": "region_code, year, series_id, value",
    "staging.stg_reference__sources": "source_id",
    "staging.stg_reference__regions": "region_code, country_code, land_area_10k_km2",
    "staging.stg_reference__series": "series_id, unit",
}
# worked out in Python, of definitions alone
JUDGED = "intermediate.int_judgements_weighed"
# worked out in Python, of figures and definitions together: no query can work out what
# they were with new figures under old definitions
SOLVED = ("intermediate.int_components_weighed", "intermediate.int_games_balanced")
RELATION = re.compile(r'"(\w+)"\."(\w+)"\."(\w+)"')


def relation_parts(relation: str) -> tuple[str, str, str]:
    """Return database, schema and table of a quoted name."""
    [parts] = RELATION.findall(relation)
    return parts


QUERIES_TABLE = """
    create or replace table intermediate.int_coupling_queries (
        place int primary key,
        relation string not null,
        query string not null
    );
    comment on table intermediate.int_coupling_queries is
        'Queries behind fct_coupling as this build ran them. One row per model.';
    comment on column intermediate.int_coupling_queries.place is
        'Order in which they run. Range: 1 up.';
    comment on column intermediate.int_coupling_queries.relation is
        'Database, schema and table that the query fills.';
    comment on column intermediate.int_coupling_queries.query is 'The query, in SQL.';
"""


class NoComparisonError(Exception):
    """There is no earlier build to compare with; the message says why."""


def record_effects(
    previous_database: Path | None, new_database: Path, paths: Paths, run_id: str
) -> str:
    """Write into `new_database` what differs from `previous_database`, and why.

    Fills marts.fct_revision_effects, earlier effects included, and
    intermediate.int_coupling_queries with the queries that dbt has just compiled below
    `paths.target`. A previous database that is absent, unreadable or of an older layout
    is no error: the effects then begin with this build.

    Returns a sentence that says what was found. Raises duckdb.Error if the new database
    cannot be read or written.
    """
    queries = queries_behind(RESULT, paths)
    earlier = effects = None
    with connect() as connection:
        connection.execute(f"attach {sql_text(new_database)} as newer (read_only)")
        try:
            _attach_previous(connection, previous_database)
            earlier = _earlier_effects(connection, run_id, paths.project)
            effects, said = _effects(connection, queries, run_id)
        except NoComparisonError as reason:
            said = f"{reason}; effects of revisions are recorded from this build on"
        connection.execute("detach newer")
    with connect(str(new_database)) as connection:
        _write(connection, queries, [earlier, effects], paths.project)
    return said


def queries_behind(result: str, paths: Paths) -> dict[str, str]:
    """Queries that lead from figures and definitions to a table, in running order.

    Keys are relations ("database"."schema"."table"), values what dbt compiled. Staging
    tables, FIGURES, JUDGED and SOLVED are where they start. Raises FileNotFoundError
    without the file of a model in between.
    """
    compiled = paths.target / "compiled"
    # what an earlier version compiled of a model that stood elsewhere stays there
    files = {
        path.stem: path
        for path in sorted(compiled.glob("*/models/**/*.sql"))
        if (paths.project / Path(*path.relative_to(compiled).parts[1:])).is_file()
    }
    found: dict[str, str] = {}

    def follow(schema: str, table: str) -> None:
        if table not in files:
            raise FileNotFoundError(f"{compiled} has no query of {schema}.{table}")
        query = files[table].read_text(encoding="utf-8")
        for database, schema_before, table_before in RELATION.findall(query):
            relation = f'"{database}"."{schema_before}"."{table_before}"'
            if _is_input(schema_before, table_before) or relation in found:
                continue
            follow(schema_before, table_before)
        database = RELATION.findall(query)[0][0]
        found[f'"{database}"."{schema}"."{table}"'] = query

    follow(*result.split("."))
    return found


def _is_input(schema: str, table: str) -> bool:
    name = f"{schema}.{table}"
    return schema == "staging" or name in {*FIGURES, JUDGED, *SOLVED}


def inputs_of(queries: dict[str, str]) -> list[str]:
    """Tables that the queries start from, as schema.table."""
    read = {
        f"{schema}.{table}"
        for query in queries.values()
        for _, schema, table in RELATION.findall(query)
        if _is_input(schema, table)
    }
    return sorted(read)


def _attach_previous(connection, database: Path | None) -> None:
    if database is None or not database.exists():
        raise NoComparisonError("No earlier build is published")
    try:
        connection.execute(f"attach {sql_text(database)} as previous (read_only)")
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise NoComparisonError(
            f"The published build cannot be read ({reason})"
        ) from error


def _earlier_effects(connection, run_id: str, project: Path) -> pa.Table:
    stated = sources(project)["fct_revision_effects"]["columns"]
    names = ", ".join(sql_name(column["name"]) for column in stated)
    try:
        return connection.sql(
            f"select {names} from previous.marts.fct_revision_effects"
            " where run_id <> $run_id",
            params={"run_id": run_id},
        ).to_arrow_table()
    except duckdb.Error as error:
        raise NoComparisonError("The published build is of an older layout") from error


def _effects(connection, queries: dict, run_id: str) -> tuple[pa.Table | None, str]:
    """Rows that differ, with their effects, and a sentence on them."""
    try:
        _compare_degrees(connection)
        (count,) = connection.execute("select count(*) from changed").fetchone()
        if not count:
            return None, "No degree and no rank differs from the published build."
        old_queries = dict(
            connection.execute(
                "select relation, query from previous.intermediate.int_coupling_queries"
                " order by place"
            ).fetchall()
        )
        has_new_figures = any(
            _differ(connection, table, columns) for table, columns in FIGURES.items()
        )
        definitions = set(inputs_of(queries)) | set(inputs_of(old_queries))
        definitions -= {*FIGURES, *SOLVED}
        has_new_methods = old_queries != queries or any(
            _differ(connection, table) for table in sorted(definitions)
        )
    except duckdb.Error as error:
        raise NoComparisonError("The published build is of an older layout") from error
    if has_new_figures and has_new_methods:
        cause = "by new figures and new methods"
        _work_out_counterfactual(connection, old_queries)
    else:
        cause = "by new figures" if has_new_figures else "by new methods"
        kept = "degree_after" if has_new_figures else "degree_before"
        connection.execute(f"""
            create temp table counterfactual as
            select study_id, method_id, region_code, year, {kept} as degree
            from changed
        """)
    return _split(connection, run_id), f"{count:,} degrees or ranks differ, {cause}."


def _compare_degrees(connection) -> None:
    connection.execute("""
        create temp table changed as
        with degrees as (
            select
                *,
                cast(coupling_coordination_degree as decimal(13, 12)) as degree
            from previous.marts.fct_coupling
        ),

        new_degrees as (
            select
                *,
                cast(coupling_coordination_degree as decimal(13, 12)) as degree
            from newer.marts.fct_coupling
        )

        select
            study_id,
            method_id,
            region_code,
            year,
            degrees.degree as degree_before,
            new_degrees.degree as degree_after,
            degrees.coordination_rank as rank_before,
            new_degrees.coordination_rank as rank_after
        from degrees
        full outer join new_degrees using (study_id, method_id, region_code, year)
        where
            degrees.degree is distinct from new_degrees.degree
            or degrees.coordination_rank is distinct from new_degrees.coordination_rank
    """)


def _differ(connection, table: str, columns: str = "*") -> bool:
    """Say whether a table holds other rows, or has other columns, than before."""
    before, after = (
        f"(select {columns} from {name}.{table})" for name in ("previous", "newer")
    )
    for one, other in ((before, after), (after, before)):
        try:
            query = f"select 1 from ({one} except all {other}) limit 1"
            if connection.execute(query).fetchall():
                return True
        except (duckdb.BinderException, duckdb.CatalogException):
            # a table or column that only one of the two has
            return True
    return False


def _work_out_counterfactual(connection, old_queries: dict[str, str]) -> None:
    """Run the old queries on the old definitions and the new figures.

    Leaves the table counterfactual; it has no rows where the old queries cannot read
    the new figures, nor for studies and methods whose SOLVED rows have changed.
    """
    database, _, _ = relation_parts(next(iter(old_queries)))
    connection.execute(f"""attach ':memory:' as "{database}" """)
    try:
        for table in inputs_of(old_queries):
            owner = "newer" if table in FIGURES else "previous"
            schema, _ = table.split(".")
            connection.execute(f"""create schema if not exists "{database}".{schema}""")
            connection.execute(
                f'create view "{database}".{table} as select * from {owner}.{table}'
            )
        for relation, query in old_queries.items():
            _, schema, _ = relation_parts(relation)
            connection.execute(f"""create schema if not exists "{database}".{schema}""")
            connection.execute(f"create table {relation} as {query}")
        source, degree = f'"{database}".{RESULT}', "coupling_coordination_degree"
    except duckdb.Error:
        source, degree = "changed where false", "cast(null as double)"
    connection.execute(f"""
        create temp table counterfactual as
        select
            study_id,
            method_id,
            region_code,
            year,
            cast({degree} as decimal(13, 12)) as degree
        from {source}
    """)
    for table in sorted(set(inputs_of(old_queries)) & set(SOLVED)):
        connection.execute(f"""
            delete from counterfactual
            where (study_id, method_id) in (
                select (study_id, method_id) from (
                    from previous.{table} except all from newer.{table}
                    union all
                    (from newer.{table} except all from previous.{table})
                )
            )
        """)


def _split(connection, run_id: str) -> pa.Table:
    return connection.sql(
        """
        with judged as (
            select
                changed.*,
                counterfactual.degree,
                case
                    when changed.degree_before is null then 'no_degree_before'
                    when changed.degree_after is null then 'no_degree_after'
                    when counterfactual.degree is null then 'no_counterfactual'
                    else 'split'
                end as effect_status
            from changed
            left join counterfactual using (study_id, method_id, region_code, year)
        )

        select
            $run_id as run_id,
            study_id,
            method_id,
            region_code,
            year,
            degree_before,
            degree_after,
            rank_before,
            rank_after,
            case when effect_status = 'split'
                then cast(degree - degree_before as decimal(13, 12))
            end as data_effect,
            case when effect_status = 'split'
                then cast(degree_after - degree as decimal(13, 12))
            end as method_effect,
            effect_status
        from judged
        """,
        params={"run_id": run_id},
    ).to_arrow_table()


def _write(
    connection, queries: dict[str, str], parts: list[pa.Table | None], project: Path
) -> None:
    connection.execute("begin")
    create_declared(connection, "fct_revision_effects", project)
    for part in parts:
        if part is not None:
            connection.register("part", part)
            connection.execute(
                "insert into marts.fct_revision_effects by name select * from part"
                " order by all"
            )
            connection.unregister("part")
    connection.execute(QUERIES_TABLE)
    connection.executemany(
        "insert into intermediate.int_coupling_queries values (?, ?, ?)",
        [(place, *query) for place, query in enumerate(queries.items(), 1)],
    )
    connection.execute("commit")
