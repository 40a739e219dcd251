"""What the suites found: checks, sentences, and the table in the schema quality."""

from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

from coupling.base.quoting import sql_text

TABLE = "quality.qc_expectation_results"
TABLE_COMMENT = (
    "One row per suite, table, column and expectation: what Great Expectations found "
    "in the figures before the build and in the marts after it."
)
COLUMNS = {
    "suite": "Suite: yearbook, workspace or marts, a dot, and chapter, file or group.",
    "table_name": "File of figures, or mart, that was judged.",
    "column_name": "Series, column or sum of columns; the key columns for a key.",
    "expectation": "Name of the expectation; rows of expectations.csv by their id.",
    "severity": "error stops a refresh, warning is let through with this note.",
    "success": "True where the expectation holds.",
    "observed": "What was found; the three worst where it does not hold.",
    "expected": "What was expected.",
    "note": "Why this is expected.",
}


def described(severity: str, name: str, expected: str, note: str) -> str:
    """Return how Great Expectations is told an expectation, which its pages print."""
    return f"{severity}, {name}: {expected}. {note}".strip()


@dataclass(frozen=True)
class Check:
    """One expectation on one column of one table; fields as in COLUMNS."""

    suite: str
    table_name: str
    column_name: str
    expectation: str
    severity: str
    success: bool
    observed: str
    expected: str
    note: str = ""

    @property
    def sentence(self) -> str:
        """Suite, table, column, what was found and what was expected."""
        where = ", ".join(filter(None, (self.table_name, self.column_name)))
        return (
            f"{self.suite}: {where}: {self.expectation} found {self.observed}; "
            f"expected {self.expected}"
        )


@dataclass
class Outcome:
    """All checks of some suites, and the sections of each as HTML by suite."""

    checks: list[Check] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=dict)

    def failed(self, severity: str) -> list[Check]:
        """Checks of a severity that do not hold."""
        return [c for c in self.checks if not c.success and c.severity == severity]

    @property
    def errors(self) -> list[Check]:
        """What stops a refresh."""
        return self.failed("error")

    @property
    def warnings(self) -> list[Check]:
        """What is let through with a note."""
        return self.failed("warning")


def record(database: Path, outcomes: list[Outcome]) -> None:
    """Write all checks to quality.qc_expectation_results of a database.

    The table is replaced. No other process may have the database open.
    """
    rows = [tuple(asdict(c).values()) for o in outcomes for c in o.checks]
    types = {name: "boolean" if name == "success" else "varchar" for name in COLUMNS}
    columns = ", ".join(f"{name} {kind} not null" for name, kind in types.items())
    key = "suite, table_name, column_name, expectation"
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema if not exists quality")
        connection.execute(
            f"create or replace table {TABLE} ({columns}, primary key ({key}))"
        )
        connection.execute(f"comment on table {TABLE} is {sql_text(TABLE_COMMENT)}")
        for name, comment in COLUMNS.items():
            connection.execute(
                f"comment on column {TABLE}.{name} is {sql_text(comment)}"
            )
        if rows:
            places = ", ".join("?" for _ in COLUMNS)
            connection.execute("begin")
            connection.executemany(
                f"insert into {TABLE} values ({places})", sorted(rows)
            )
            connection.execute("commit")
