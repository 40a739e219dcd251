"""What a refresh leaves in the folder of the site before its pages are made."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from coupling.site import expectations, lineage

FOLDERS = (lineage.FOLDER, expectations.FOLDER)
# the one page that is not ours
DBT = f"{lineage.FOLDER}/index.html"


@dataclass(frozen=True)
class Beside:
    """What was found: HTML by suite of expectations, and the summary of the lineage."""

    suites: dict[str, str] = field(default_factory=dict)
    lineage: dict | None = None


NOTHING = Beside()


def read(site: Path) -> Beside:
    """Return what lies in the folder of a site."""
    return Beside(
        expectations.read_suites(site / expectations.FOLDER),
        lineage.read_summary(site / lineage.FOLDER),
    )


def copy(site: Path, to: Path) -> None:
    """Copy what lies in the folder of a site into that of another."""
    for name in FOLDERS:
        if (site / name).is_dir():
            shutil.copytree(site / name, to / name, dirs_exist_ok=True)
