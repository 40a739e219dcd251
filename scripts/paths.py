"""Where things are in a project folder."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Paths:
    """The folders of one project; everything a refresh reads or writes."""

    project: Path = Path(__file__).resolve().parent.parent

    @property
    def seeds(self) -> Path:
        """Seed tables and the YAML that describes them."""
        return self.project / "seeds"

    @property
    def target(self) -> Path:
        """The folder in which dbt compiles."""
        return self.project / "target"

    @property
    def building(self) -> Path:
        """A build in progress; never read by users."""
        return self.project / "warehouse" / ".building"

    @property
    def database(self) -> Path:
        """The published database."""
        return self.project / "warehouse" / "coupling.duckdb"

    @property
    def exports(self) -> Path:
        """The published Parquet files."""
        return self.project / "warehouse" / "exports"

    @property
    def site(self) -> Path:
        """The published pages."""
        return self.project / "reports" / "site"

    def shown(self, path: Path) -> str:
        """Return a path as the user would type it from the project folder."""
        return path.relative_to(self.project).as_posix()
