"""Connections to DuckDB, and how much of the machine they take.

Half of the memory that the machine has for this process, as many threads as there are
processors, and what does not fit into memory beside the database or, without a file, in
the folder for temporary files. Three variables of the environment say otherwise.
"""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from coupling.base.failures import ExitCode, RefreshError

MEMORY, THREADS, TEMP = "COUPLING_MEMORY", "COUPLING_THREADS", "COUPLING_TEMP"
# two programs work beside each other at most times of a refresh
SHARE_OF_MEMORY = "50%"
SPILLED = "coupling_warehouse"
EXPECTED = {
    "memory_limit": (MEMORY, "a size such as 4GB, or a share such as 50%"),
    "threads": (THREADS, "a number of threads from 1"),
    "temp_directory": (TEMP, "a folder that can be written to"),
}


def connect(
    database: Path | str | None = None,
    *,
    read_only: bool = False,
    threads: int | None = None,
    config: Mapping[str, Any] | None = None,
) -> duckdb.DuckDBPyConnection:
    """Open a database within the limits of the environment.

    Parameters
    ----------
    database
        The file; by default the database is in memory.
    read_only
        Open a file that is there, and write nothing.
    threads
        Threads at most; by default as many as COUPLING_THREADS or the machine has.
    config
        What else DuckDB is to be opened with.

    Raises
    ------
    duckdb.Error
        The file is no database.
    RefreshError
        A variable of the environment is not what was expected.

    """
    name = ":memory:" if database is None else str(database)
    connection = duckdb.connect(name, read_only=read_only, config=dict(config or {}))
    for setting, value in settings(database, threads).items():
        try:
            connection.execute(f"set {setting} = $value", {"value": value})
        except duckdb.Error as error:
            variable, expected = EXPECTED[setting]
            message = f"{variable}: found {value!r}, expected {expected}"
            raise RefreshError(message, ExitCode.USAGE) from error
    return connection


def settings(
    database: Path | str | None = None, threads: int | None = None
) -> dict[str, str]:
    """Return DuckDB's settings for a database, by name."""
    wanted = {
        "memory_limit": os.environ.get(MEMORY, SHARE_OF_MEMORY),
        "threads": str(threads or os.environ.get(THREADS, "")),
        "temp_directory": _spilled(database),
    }
    return {name: value for name, value in wanted.items() if value}


def _spilled(database: Path | str | None) -> str:
    """Return the folder for what does not fit into memory; '' beside the database."""
    stated = os.environ.get(TEMP, "")
    if database is not None and not stated:
        return ""
    folder = Path(stated or tempfile.gettempdir()) / f"{SPILLED}.{os.getpid()}"
    return str(folder)
