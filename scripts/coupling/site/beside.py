"""What a refresh leaves in the folder of the site before its pages are made."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from coupling.site import lineage

# the one page that is not ours
DBT = f"{lineage.FOLDER}/index.html"


@dataclass(frozen=True)
class Beside:
    """What was found: the summary of the lineage."""

    lineage: dict | None = None


NOTHING = Beside()


def read(site: Path) -> Beside:
    """Return what lies in the folder of a site."""
    return Beside(lineage.read_summary(site / lineage.FOLDER))


def copy(site: Path, to: Path) -> None:
    """Copy what lies in the folder of a site into that of another."""
    if (site / lineage.FOLDER).is_dir():
        shutil.copytree(site / lineage.FOLDER, to / lineage.FOLDER, dirs_exist_ok=True)
