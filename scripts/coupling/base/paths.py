"""Where things are in a project folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WORKSPACE = "COUPLING_WORKSPACE"


def workspace() -> Path:
    """A user's own files, from the project folder: COUPLING_WORKSPACE or workspace/."""
    return Path(os.environ.get(WORKSPACE, "workspace"))


@contextmanager
def using(folder: Path) -> Iterator[None]:
    """Let a folder be the workspace of this process and its children for the block.

    From whatever folder the process works in.
    """
    before = os.environ.get(WORKSPACE)
    os.environ[WORKSPACE] = str(folder.resolve())
    try:
        yield
    finally:
        if before is None:
            del os.environ[WORKSPACE]
        else:
            os.environ[WORKSPACE] = before


@dataclass(frozen=True)
class Paths:
    """The folders of one project; everything a refresh reads or writes."""

    project: Path = Path(__file__).resolve().parents[3]

    @property
    def seeds(self) -> Path:
        """Seed tables and the YAML that describes them."""
        return self.project / "seeds"

    @property
    def workspace(self) -> Path:
        """A user's own files."""
        return self.project / workspace()

    @property
    def target(self) -> Path:
        """The folder in which dbt compiles."""
        return self.project / "target"

    @property
    def warehouse(self) -> Path:
        """All that refreshes write, but for the name of the pages."""
        return self.project / "warehouse"

    @property
    def building(self) -> Path:
        """A build in progress; never read by users.

        Always the same place: dbt parses everything again when its database moves.
        """
        return self.warehouse / ".building"

    @property
    def builds(self) -> Path:
        """Whole builds, a folder each, named for their runs."""
        return self.warehouse / "builds"

    @property
    def current(self) -> Path:
        """The link to the build that is published; every published name leads by it."""
        return self.warehouse / "current"

    @property
    def runs(self) -> Path:
        """What runs did: a record and a log of each, whatever became of its build."""
        return self.warehouse / "runs"

    @property
    def lock(self) -> Path:
        """The file that the one refresh at work has locked."""
        return self.warehouse / ".lock"

    @property
    def database(self) -> Path:
        """The published database."""
        return self.warehouse / "coupling.duckdb"

    @property
    def exports(self) -> Path:
        """The published Parquet files and workbooks."""
        return self.warehouse / "exports"

    @property
    def site(self) -> Path:
        """The published pages."""
        return self.project / "reports" / "site"

    def shown(self, path: Path) -> str:
        """Return a path as the user would type it from the project folder."""
        return path.relative_to(self.project).as_posix()


# templates, words and styles of pages and papers
REPORTS = Paths().project / "reports"
