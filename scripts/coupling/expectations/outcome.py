"""What the suites found: checks, sentences, and the table in the schema quality."""

from dataclasses import asdict, dataclass, field
from pathlib import Path

from coupling.base.connections import connect
from coupling.contracts.declared import create_declared

TABLE = "qc_expectation_results"


@dataclass(frozen=True)
class Check:
    """One expectation on one column of one table, as qc_expectation_results has it."""

    suite: str
    table_name: str
    column_name: str
    expectation: str
    severity: str
    success: bool
    observed: str
    observed_zh: str
    expected: str
    expected_zh: str
    note: str = ""
    note_zh: str = ""

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
    """All checks of some suites."""

    checks: list[Check] = field(default_factory=list)

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


def record(database: Path, outcomes: list[Outcome], project: Path) -> None:
    """Write all checks to quality.qc_expectation_results of a database.

    The table is replaced by one as the YAML of `project` declares it. No other process
    may have the database open.
    """
    rows = [tuple(asdict(c).values()) for o in outcomes for c in o.checks]
    with connect(str(database)) as connection:
        columns = create_declared(connection, TABLE, project)
        if rows:
            places = ", ".join("?" for _ in columns)
            connection.execute("begin")
            connection.executemany(
                f"insert into quality.{TABLE} values ({places})", sorted(rows)
            )
            connection.execute("commit")
