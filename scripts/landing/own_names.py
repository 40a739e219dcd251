"""Names of one's own for regions, series and units, kept in the workspace.

`--means "GNP=gdp_cny_100m"` says what a text means, in this file and all later ones.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from coupling.landing.dictionary import Dictionary
from coupling.landing.texts import clean, label

REFERENCE = "reference"


class OwnNameError(Exception):
    """A name that cannot be kept: what was found, what was expected."""


@dataclass(frozen=True)
class OwnName:
    """A row of a table of names; `meant` is what it stands for."""

    file: str
    row: dict[str, str]
    name: str
    meant: str

    @property
    def said(self) -> str:
        """What is kept, in one line."""
        return f"from now on {self.name} is read as {self.meant}"


def read_own_names(texts: Iterable[str], dictionary: Dictionary) -> list[OwnName]:
    """Return what texts such as NAME=gdp_cny_100m say.

    Behind the last sign that leaves something known stand a series_id, a unit, or a
    region. Raises OwnNameError for what means nothing, and for a name that has another
    meaning already.
    """
    return [one for text in texts if (one := _read(text, dictionary))]


def _read(text: str, dictionary: Dictionary) -> OwnName | None:
    parts = text.split("=")
    for place in range(len(parts) - 1, 0, -1):
        name, meant = clean("=".join(parts[:place])), clean("=".join(parts[place:]))
        found = _meaning(name, meant, dictionary) if name and meant else None
        if found is None:
            continue
        if not label(name):
            raise OwnNameError(f"--means: {name[:60]}... is too long for a name")
        if _means_it(name, found, dictionary):
            return None
        if dictionary.head(name).is_known:
            raise OwnNameError(
                f"--means: {name} is known already, as something else than {meant}"
            )
        return found
    meant = clean(parts[-1])
    near = "".join(dictionary.nearest(meant, kind) for kind in ("series", "unit"))
    raise OwnNameError(
        f"--means: found {text}; expected NAME=MEANING, where the meaning is a"
        f" series_id, a unit or a region{near}"
    )


def _meaning(name: str, meant: str, dictionary: Dictionary) -> OwnName | None:
    if meant in dictionary.series:
        row = {"name": name, "series_id": meant}
        return OwnName("series_names.csv", row, name, meant)
    if unit := dictionary.unit(meant):
        row = {
            "unit": name,
            "dimension": unit.dimension,
            "factor": f"{unit.factor:f}",
            "is_additive": str(int(unit.is_additive)),
        }
        return OwnName("units.csv", row, name, unit.name)
    region = dictionary.region(meant)
    if region is not None and region.kind == "region":
        row = {"name": name, "kind": "region", "region_code": region.region_code}
        return OwnName("region_names.csv", row, name, region.region_code)
    return None


def _means_it(name: str, found: OwnName, dictionary: Dictionary) -> bool:
    """Say whether a name has that meaning already."""
    head = dictionary.head(name)
    if found.file == "series_names.csv":
        return head.series_id == found.meant
    if found.file == "units.csv":
        return head.unit is not None and head.unit.name == found.meant
    return head.region is not None and head.region.region_code == found.meant


def rows_of(names: Iterable[OwnName]) -> dict[str, list[dict[str, str]]]:
    """Rows by file of the folder reference."""
    found: dict[str, list[dict[str, str]]] = {}
    for one in names:
        found.setdefault(one.file, []).append(one.row)
    return found


def files_with(workspace: Path, names: Iterable[OwnName]) -> dict[str, bytes]:
    """Contents of the files of a workspace, by path in it, once it keeps the names."""
    return {
        f"{REFERENCE}/{file}": _with(workspace / REFERENCE / file, rows)
        for file, rows in rows_of(names).items()
    }


def _with(path: Path, rows: list[dict[str, str]]) -> bytes:
    header, before = list(rows[0]), []
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            header = [*(reader.fieldnames or ())]
            before = list(reader)
    added = [row for row in rows if row not in before]
    text = io.StringIO()
    columns = [*header, *(name for name in rows[0] if name not in header)]
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows([*before, *added])
    return text.getvalue().encode()
