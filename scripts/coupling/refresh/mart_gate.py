"""The gate behind a build: checks of the new database before anyone sees it.

A check gets the new database and the folder of the new pages, in which it may make a
folder with pages of its own. It returns its faults as sentences, none if it holds.
Checks run in the order of CHECKS and must open the database read-only.
"""

from collections.abc import Callable
from pathlib import Path

from coupling.base.connections import connect

Check = Callable[[Path, Path], list[str]]


def whole_without_a_log(database: Path, site: Path) -> list[str]:
    """The database is one file: readers look for no log beside a published name."""
    log = database.with_name(f"{database.name}.wal")
    return [f"{log.name} holds rows that are not in {database.name}"] * log.exists()


def opens_read_only(database: Path, site: Path) -> list[str]:
    """Readers can open it, and the results of the studies are in it."""
    with connect(str(database), read_only=True) as connection:
        query = "select count(*) from marts.fct_coupling"
        [(count,)] = connection.execute(query).fetchall()
    return [] if count else ["marts.fct_coupling has no rows"]


CHECKS: tuple[Check, ...] = (whole_without_a_log, opens_read_only)


def faults(database: Path, site: Path) -> list[str]:
    """What the checks found, each fault with the name of its check."""
    return [
        f"{check.__name__}: {fault}"
        for check in CHECKS
        for fault in check(database, site)
    ]
