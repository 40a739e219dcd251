"""Which regions the names in a panel are: known ones by code, others one's own."""

# ruff: noqa: RUF001, Chinese has signs of its own

import csv
import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from coupling.base.texts import ENGLISH_ENDINGS, LONGEST_LABEL, clean, key, short_place
from coupling.panels.headings import is_chinese
from coupling.words.in_both import Both

OWN = "own_"
TOLD_APART = re.compile(r"[(].*[)]$")


@dataclass(frozen=True)
class Place:
    """A region in a panel: its code, and whether the warehouse knows it already."""

    name: str
    region_code: str
    is_known: bool


@dataclass
class Gazetteer:
    """Known regions by what they are called; codes, levels and parents."""

    names: dict[str, set[str]] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)

    def add(self, name: str, code: str) -> None:
        """Add a name: as it is, without what says city, and without its province."""
        name = key(name)
        bare = TOLD_APART.sub("", name[:LONGEST_LABEL])
        for one in {name, short_place(name), bare, short_place(bare)} - {""}:
            self.names.setdefault(one, set()).add(code)

    def codes(self, name: str) -> set[str]:
        """Codes of the regions that a name can mean.

        Of Chinese names the ending says what a region is: 朝阳 can be 朝阳市, which
        朝阳区 is not.
        """
        name = key(clean(name))
        bare = ENGLISH_ENDINGS.sub("", name)
        return set(self.names.get(name) or self.names.get(bare, set()))

    def wholes(self, codes: set[str]) -> set[str]:
        """Codes without those of the one part that makes up another of them.

        A municipality is a province and, under the same name, the only city in it.
        """
        parts = Counter(self.parents.values())
        return {
            code
            for code in codes
            if not (self.parents[code] in codes and parts[self.parents[code]] == 1)
        }


def load_gazetteer(seeds: Path, workspace: Path) -> Gazetteer:
    """Read the shipped regions and those of the workspace."""
    found = Gazetteer()
    for folder in (seeds, workspace):
        for row in _rows(folder / "reference" / "regions.csv"):
            code = row["region_code"]
            found.levels[code] = row.get("level") or "other"
            found.parents[code] = row.get("parent_region_code") or ""
            found.labels[code] = row.get("name_zh") or row.get("region") or code
            if folder == workspace:
                found.own.add(code)
            for name in (row.get("region"), row.get("name_zh")):
                found.add(name or "", code)
        for row in _rows(folder / "reference" / "region_names.csv"):
            if row["kind"] == "region" and not row["name"].isdigit():
                found.add(row["name"], row["region_code"])
    return found


def resolve(
    names: list[str], codes: dict[str, str], known: Gazetteer, join: bool
) -> tuple[dict[str, Place], list[Both]]:
    """Say which region each name is.

    `codes` has the code that stands beside a name in the file. A name that several
    regions bear is the one of the level, then of the province, of most others, and of a
    municipality the province. Without `join`, all regions are the user's own.
    Returns places by name, and remarks.
    """
    possible = {name: known.codes(name) for name in names}
    for name, code in codes.items():
        possible[name] = {code} if code in known.levels else set()
    if not join:
        possible = {name: set() for name in names}
    unclear = _settle(possible, known)
    places: dict[str, Place] = {}
    by_code: dict[str, list[str]] = {}
    for name in names:
        code = next(iter(possible[name])) if len(possible[name]) == 1 else ""
        is_known = bool(code)
        code = code or codes.get(name, "") * join or own_code(name)
        places[name] = Place(name, code, is_known)
        by_code.setdefault(code, []).append(name)
    remarks = []
    shipped = [n for n, p in places.items() if p.is_known]
    if shipped:
        shown = ", ".join(f"{n} = {places[n].region_code}" for n in shipped[:3])
        more = " ..." if len(shipped) > 3 else ""
        remarks.append(
            Both(
                f"{len(shipped)} of {len(names)} regions are known and joined by their"
                f" codes ({shown}{more}); --no-join-regions keeps them apart",
                f"{len(names)} 个地区中有 {len(shipped)} 个已知，按代码对应"
                f"（{shown}{more}）；--no-join-regions 则作为自有地区",
            )
        )
    for name in unclear:
        could_be = ", ".join(
            f"{known.labels[code]} {code}" for code in sorted(known.codes(name))
        )
        remarks.append(
            Both(
                f"{name} can be {could_be}: kept as a region of your own; a column of"
                " codes beside it says which",
                f"{name} 可能是 {could_be}：作为自有地区；可另加一列代码说明",
            )
        )
    for code, several in by_code.items():
        if len(several) > 1:
            remarks.append(
                Both(
                    f"{' and '.join(several)} are one region, {code}",
                    f"{'、'.join(several)} 为同一地区 {code}",
                )
            )
    return places, remarks


def own_code(name: str) -> str:
    """Code of a region that nothing but its name is known of."""
    digest = hashlib.md5(key(name).encode(), usedforsecurity=False).hexdigest()
    return OWN + digest[:8]


def name_columns(name: str) -> dict[str, str]:
    """A name in the column of its language."""
    return {"name_zh": name} if is_chinese(name) else {"region": name}


def _settle(possible: dict[str, set[str]], known: Gazetteer) -> list[str]:
    """Leave each name one code, by what the others are; return names still unclear."""
    for of in (known.levels, known.parents):
        clear = [next(iter(codes)) for codes in possible.values() if len(codes) == 1]
        counts = Counter(of.get(code, "") for code in clear)
        for name, codes in possible.items():
            if len(codes) < 2 or not counts:
                continue
            most = max(counts[of.get(code, "")] for code in codes)
            if most:
                possible[name] = {c for c in codes if counts[of.get(c, "")] == most}
    for name, codes in possible.items():
        possible[name] = known.wholes(codes)
    unclear = [name for name, codes in possible.items() if len(codes) > 1]
    for name in unclear:
        possible[name] = set()
    return unclear


def _rows(path: Path) -> list[dict]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, restval=""))
