"""A panel of shipped figures: series, regions and years that a user names."""

# ruff: noqa: RUF001, Chinese has signs of its own

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coupling.base.names import nearest
from coupling.landing.dictionary import Dictionary, Series
from coupling.landing.workspace import read_rows, shipped_figures
from coupling.panels.panel import SHIPPED, Indicator, Panel
from coupling.panels.places import Gazetteer, load_gazetteer
from coupling.studies.choices import in_chinese, refuse

PROVINCE = "province"


@dataclass(frozen=True)
class Asked:
    """What is asked for: series by name or label, regions, and their level.

    Without regions all of the level; with a level the named regions of it and, of the
    others, the parts that have it. Without a level the named regions as they are, or
    provinces.
    """

    series: tuple[str, ...]
    regions: tuple[str, ...] = ()
    level: str = ""


def shipped_panel(
    asked: Asked, seeds: Path, workspace: Path, dictionary: Dictionary
) -> Panel:
    """Return the shipped figures asked for, regions with none of them left out.

    Raises ChoiceError for a series, region or level that is not there.
    """
    series = [_series(text, seeds, dictionary) for text in asked.series]
    series = list({one.series_id: one for one in series}.values())
    codes = set(_codes(asked, load_gazetteer(seeds, workspace)))
    places = {one.series_id: place for place, one in enumerate(series)}
    rows: dict[tuple[str, int], dict[int, float]] = {}
    for (code, year, series_id), text in shipped_figures(seeds).items():
        if code in codes and series_id in places:
            rows.setdefault((code, year), {})[places[series_id]] = float(text)
    if not rows:
        refuse(
            "none of these series has a figure for these regions; coupling series says"
            " what there is",
            "这些序列在这些地区没有数据；可用 coupling series 查询",
        )
    names = _names(seeds, {code for code, _ in rows})
    frame = pd.DataFrame(
        [
            {"region": names[code], "year": year}
            | {place: values.get(place, float("nan")) for place in places.values()}
            for (code, year), values in sorted(rows.items())
        ]
    )
    return Panel(
        file_name="shipped figures",
        content=b"",
        sha256="",
        layout=SHIPPED,
        indicators=[
            Indicator(
                number=number,
                heading=one.series_id,
                label=one.label,
                unit=one.unit,
                names=(one.label_zh,),
            )
            for number, one in enumerate(series, 1)
        ],
        frame=frame,
        codes={name: code for code, name in names.items()},
    )


def _series(text: str, seeds: Path, dictionary: Dictionary) -> Series:
    shipped = {r["series_id"] for r in read_rows(seeds / "reference" / "series.csv")}
    found = text if text in shipped else dictionary.series_of(text)
    if found not in shipped:
        near = nearest(text, sorted(shipped))
        near = near if near.startswith("Nearest") else ""
        refuse(
            f"--series {text}: no shipped series; coupling series WORD searches them."
            f" {near}".strip(),
            f"--series {text}：没有这个随附序列，可用 coupling series 查询。"
            f"{in_chinese(near)}",
        )
    return dictionary.series[found]


def _codes(asked: Asked, known: Gazetteer) -> list[str]:
    """Codes of the regions asked for."""
    shipped = [code for code in known.levels if code not in known.own]
    if not asked.regions:
        level = asked.level or PROVINCE
        return [code for code in shipped if known.levels[code] == level]
    found: list[str] = []
    for text in asked.regions:
        meant = {text} if text in known.levels else known.codes(text)
        meant = {code for code in meant if code in shipped}
        meant = known.wholes(meant)
        if len(meant) != 1:
            could = ", ".join(f"{known.labels[code]} {code}" for code in sorted(meant))
            refuse(
                f"--regions {text}: found {could or 'no shipped region'}; expected one,"
                " by name or code",
                f"--regions {text}：{could or '没有这个随附地区'}；应为一个地区的"
                "名称或代码",
            )
        [code] = meant
        if not asked.level or known.levels[code] == asked.level:
            found.append(code)
            continue
        parts = [
            part
            for part in shipped
            if known.parents[part] == code and known.levels[part] == asked.level
        ]
        if not parts:
            refuse(
                f"--regions {text}: has no part of level {asked.level}",
                f"--regions {text}：没有 {asked.level} 级的下属地区",
            )
        found += parts
    return list(dict.fromkeys(found))


def _names(seeds: Path, codes: set[str]) -> dict[str, str]:
    """Names by code, each once: with the code where another region bears it."""
    named = {
        row["region_code"]: row["region"] or row["name_zh"]
        for row in read_rows(seeds / "reference" / "regions.csv")
        if row["region_code"] in codes
    }
    names = list(named.values())
    return {
        code: name if names.count(name) == 1 else f"{name} {code}"
        for code, name in named.items()
    }
