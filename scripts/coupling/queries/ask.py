"""What pages, answers and papers ask of a warehouse: the statements of reports/queries.

A statement is named by its folder and file, 'study/ranking'; its first lines say what a
row is. Statements read marts and quality alone. Labels come in the language spoken.
"""

from functools import cache

import duckdb
import pandas as pd

from coupling.base.paths import REPORTS
from coupling.words.language import spoken

FOLDER = REPORTS / "queries"
MACROS = FOLDER / "macros.sql"


def ask(
    con: duckdb.DuckDBPyConnection, statement: str, **parameters: object
) -> pd.DataFrame:
    """Return the rows of a statement, in its order.

    Parameters
    ----------
    con
        An open connection to a warehouse, or to the tables of one study.
    statement
        Folder and name of a file of reports/queries, without its ending.
    parameters
        What stands for each $name of the statement.

    Raises
    ------
    duckdb.CatalogException
        The warehouse lacks a table that is asked.
    FileNotFoundError
        There is no such statement.

    """
    return _run(con, statement, parameters).df()


def ask_if_there(
    con: duckdb.DuckDBPyConnection, statement: str, **parameters: object
) -> pd.DataFrame | None:
    """Return the rows of a statement; None where a table that it asks is not there.

    Tables that a refresh makes after dbt are not in a database that dbt alone built.
    """
    try:
        return ask(con, statement, **parameters)
    except duckdb.CatalogException:
        return None


def ask_rows(
    con: duckdb.DuckDBPyConnection, statement: str, **parameters: object
) -> list[dict]:
    """Return the rows of a statement as plain values of Python, None for NULL."""
    cursor = _run(con, statement, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@cache
def text(statement: str) -> str:
    """Return the SQL of a statement."""
    return (FOLDER / f"{statement}.sql").read_text(encoding="utf-8")


def let_speak(con: duckdb.DuckDBPyConnection) -> None:
    """Let a connection know the macros of the statements and the language spoken."""
    [known] = con.execute("select getvariable('language')").fetchone() or [None]
    if known is None:
        con.execute(MACROS.read_text(encoding="utf-8"))
    if known != spoken():
        con.execute(f"set variable language = '{spoken()}'")


def _run(
    con: duckdb.DuckDBPyConnection, statement: str, parameters: dict[str, object]
) -> duckdb.DuckDBPyConnection:
    let_speak(con)
    return con.execute(text(statement), parameters)
