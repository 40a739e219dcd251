"""Names of one's own for regions, series and units, kept in the workspace.

`--means "GNP=gdp_cny_100m"` says what a text means, in this file and all later ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from coupling.base.texts import clean, key, label
from coupling.landing.dictionary import Dictionary


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
    meaning already, or is given two.
    """
    found: dict[str, OwnName] = {}
    for one in filter(None, (_read(text, dictionary) for text in texts)):
        other = found.setdefault(key(one.name), one)
        if (other.file, other.meant) != (one.file, one.meant):
            raise OwnNameError(
                f"--means: {one.name} is given two meanings, {other.meant} and"
                f" {one.meant}; expected one"
            )
    return list(found.values())


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
