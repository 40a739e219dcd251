"""What pages ask stands in files, and reads what is published alone."""

import ast
import re

import duckdb
import pytest

from coupling.base import inputs
from coupling.base.inputs import SCRIPTS
from coupling.queries import ask
from coupling.words.language import LANGUAGES, speaking

STATEMENTS = sorted(
    path.relative_to(ask.FOLDER).with_suffix("").as_posix()
    for path in ask.FOLDER.rglob("*.sql")
    if path != ask.MACROS
)
# rooms and modules that say what a warehouse holds
SPEAKERS = [
    *(path for room in inputs.PAGES for path in room.rglob("*.py")),
    *(SCRIPTS / "coupling" / "answers").rglob("*.py"),
    SCRIPTS / "coupling" / "explain.py",
]
ASKED_BY = re.compile(r'"([a-z_]+/[a-z_]+)"')
# the tables that a refresh makes after dbt
OF_A_REFRESH = {
    *("marts.fct_runs", "marts.fct_run_inputs", "marts.fct_revision_effects"),
    "quality.qc_expectation_results",
}


def tables_read(con, statement):
    """The tables of a statement with their schemas, as DuckDB's parser finds them."""
    # the parser takes no parameters
    given = re.sub(r"\$\w+", "null", statement)
    names = con.get_table_names(given, qualified=True)
    return {name.split(" AS ")[0] for name in names}


@pytest.fixture(scope="module")
def built(warehouse):
    with duckdb.connect(warehouse, read_only=True) as con:
        ask.let_speak(con)
        yield con


def test_the_parser_finds_tables_wherever_they_stand():
    statement = """
        with own as (select * from marts.fct_a as a)
        select (select max(b) from staging.stg_b) from own
        where exists (select 1 from "intermediate"."int_c" as c where c.a = own.a)
    """
    with duckdb.connect() as con:
        assert tables_read(con, statement) == {
            "marts.fct_a", "staging.stg_b", "intermediate.int_c",
        }  # fmt: skip


def test_statements_read_marts_and_quality_alone(built):
    tables = {
        f"{schema}.{table}"
        for schema, table in built.execute("""
            select schema_name, table_name from duckdb_tables()
            union all select schema_name, view_name from duckdb_views()
        """).fetchall()
        if schema in ("marts", "quality")
    }
    # a view counts as it stands, not what it reads
    with duckdb.connect() as con:
        ask.let_speak(con)
        read = {name: tables_read(con, ask.text(name)) for name in STATEMENTS}
    assert len(read) > 90
    others = {name: read[name] - tables - OF_A_REFRESH for name in read}
    assert {name: found for name, found in others.items() if found} == {}


def test_macros_read_no_table():
    macros = ask.MACROS.read_text(encoding="utf-8")
    assert not re.search(r"\b(from|join)\b", re.sub("--.*", "", macros))


def test_every_statement_runs_in_both_languages(built):
    for name in STATEMENTS:
        if tables_read(built, ask.text(name)) & OF_A_REFRESH:
            continue
        asked = dict.fromkeys(re.findall(r"\$(\w+)", ask.text(name)))
        for language in LANGUAGES:
            with speaking(language):
                assert ask.ask(built, name, **asked).columns.is_unique, name


def test_every_statement_is_asked_and_says_what_a_row_is():
    source = "\n".join(path.read_text(encoding="utf-8") for path in SPEAKERS)
    papers = (SCRIPTS / "coupling" / "manuscripts").rglob("*.py")
    source += "\n".join(path.read_text(encoding="utf-8") for path in papers)
    asked = {name for name in ASKED_BY.findall(source) if name.count("/") == 1}
    assert set(STATEMENTS) - asked == set()
    for name in STATEMENTS:
        assert ask.text(name).startswith("-- One row"), name


def test_nothing_that_speaks_of_a_warehouse_has_sql_of_its_own():
    found = [
        f"{path.relative_to(SCRIPTS)}:{node.lineno}"
        for path in SPEAKERS
        if path.name != "ask.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("execute", "executemany", "sql", "query")
    ]
    assert found == []
    assert len(SPEAKERS) > 50


def test_a_connection_speaks_the_language_of_the_moment():
    with duckdb.connect() as con:
        for language, label in [("en", "a"), ("zh", "甲"), ("en", "a")]:
            with speaking(language):
                ask.let_speak(con)
            said = con.execute("select spoken('a', '甲'), spoken('a', null)").fetchone()
            assert said == (label, "a")
