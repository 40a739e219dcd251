"""What was understood of a panel, shown before anything is written."""

# ruff: noqa: RUF001, Chinese has signs of its own

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from coupling.base.texts import visible
from coupling.landing.dictionary import Series
from coupling.panels.panel import Panel
from coupling.panels.rows import StudyRows
from coupling.panels.words import Words
from coupling.studies.choices import Choices
from coupling.words.in_both import Both

SHOWN_SPIKES = 8
SHOWN_REJECTS = 10
SHOWN_REMARKS = 20


@dataclass(frozen=True)
class Spike:
    """A figure that leaps: against the year before, or beyond both its neighbours."""

    place: int
    region: str
    year: int
    value: float
    before: float


@dataclass
class Findings:
    """What a user should look at before a study is written."""

    spikes: list[Spike] = field(default_factory=list)
    constant: list[int] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    years_without: list[int] = field(default_factory=list)


def look(panel: Panel, choices: Choices, seeds: Path) -> Findings:
    """Find spikes, indicators that do not vary, and years without any figure.

    Spikes are what expectations.csv warns of in yearbook figures: jumps and spikes, in
    spreads of the changes of all regions.
    """
    found = Findings()
    used = choices.used
    within = panel.frame["year"].between(choices.first_year, choices.last_year)
    frame = panel.frame[within]
    for place in used:
        values = frame[place].dropna()
        if values.empty:
            found.empty.append(place)
        elif values.nunique() == 1:
            found.constant.append(place)
    given = frame[used].notna().any(axis=1)
    years = set(frame.loc[given, "year"])
    asked = range(choices.first_year, choices.last_year + 1)
    found.years_without = [year for year in asked if year not in years]
    found.spikes = _spikes(panel, used, seeds)
    return found


def _spikes(panel: Panel, used: list[int], seeds: Path) -> list[Spike]:
    from coupling.expectations.panel import oddities

    frame = panel.frame.rename(columns={"region": "region_code"})
    cells = frame.drop_duplicates(["region_code", "year"]).melt(
        ["region_code", "year"], used, "series_id", "value"
    )
    values = cells.set_index(["series_id", "region_code", "year"])["value"]
    found = oddities(cells.dropna(subset="value"), seeds)
    return [
        Spike(
            int(place),
            region,
            int(year),
            float(values.get((place, region, year), math.nan)),
            float(values.get((place, region, year - 1), math.nan)),
        )
        for place, region, year, _times in found.itertuples(index=False)
    ]


def show(
    console: Console,
    panel: Panel,
    choices: Choices,
    rows: StudyRows,
    findings: Findings,
    words: Words,
    remarks: Iterable[Both] = (),
    offers: dict[int, Series] | None = None,
) -> None:
    """Print what was understood: systems, indicators, and what is to be looked at."""
    _say(console, _head(panel, choices, rows, words))
    console.print(_table(panel, choices, rows, words))
    for text in _warnings(panel, choices, findings, words):
        _say(console, f"  {text}")
    for one in panel.rejected[:SHOWN_REJECTS]:
        where = f"{one.sheet} {one.column}{one.row}".strip()
        _say(
            console,
            "  "
            + words(
                f"left out {where}: found {one.text}; {one.reason.en}",
                f"略去 {where}：{one.text}；{one.reason.zh}",
            ),
        )
    _say_rest(console, len(panel.rejected) - SHOWN_REJECTS, words)
    said = [words(*one) for one in (*panel.remarks, *choices.remarks, *remarks)]
    for place, series in (offers or {}).items():
        label = f"{panel.indicators[place].number} {panel.indicators[place].heading}"
        said.append(
            words(
                f"{label} is known as {series.series_id}: kept as a series of your own;"
                " --join-series puts its figures there, where they"
                " change shipped studies",
                f"{label} 即已有序列 {series.series_id}：仍作为自有序列保存；"
                "--join-series 可并入该序列，但会改变随附研究的结果",
            )
        )
    for text in said[:SHOWN_REMARKS]:
        _say(console, f"  {text}")
    _say_rest(console, len(said) - SHOWN_REMARKS, words)


def _head(panel: Panel, choices: Choices, rows: StudyRows, words: Words) -> str:
    study = rows.tables["studies"].iloc[0]
    regions = len(rows.tables["study_regions"])
    years = f"{choices.first_year}-{choices.last_year}"
    layout = {
        "wide": "宽面板",
        "long": "长面板",
        "a sheet per year": "每年一表",
        "a sheet per indicator": "每指标一表",
        "by series": "按序列",
    }[panel.layout]
    return words(
        f"{panel.file_name} ({panel.layout}): {choices.label} [{rows.study_id}],"
        f" {regions} regions, {years}, {len(choices.used)} indicators in"
        f" {len(choices.systems)} systems; method {study['default_method_id']}, grades"
        f" {study['grade_scheme_id']}",
        f"{panel.file_name}（{layout}）：{choices.label} [{rows.study_id}]，"
        f"{regions} 个地区，{years} 年，{len(choices.systems)} 个系统共"
        f" {len(choices.used)} 项指标；方法 {study['default_method_id']}，等级划分"
        f" {study['grade_scheme_id']}",
    )


def _table(panel: Panel, choices: Choices, rows: StudyRows, words: Words) -> Table:
    table = Table(box=SIMPLE_HEAD)
    weighted = bool(choices.weights)
    for heading in (
        words("no.", "列号"),
        words("system", "系统"),
        words("indicator", "指标"),
        words("unit", "单位"),
        words("better", "方向"),
    ):
        table.add_column(heading, overflow="fold")
    for heading in (
        *([words("weight", "权重")] if weighted else []),
        words("min", "最小值"),
        words("median", "中位数"),
        words("max", "最大值"),
        words("blank", "缺失"),
    ):
        table.add_column(heading, justify="right")
    within = panel.frame["year"].between(choices.first_year, choices.last_year)
    frame = panel.frame[within]
    units = rows.tables["indicators"]["unit"].tolist()
    unit_of = dict(zip(choices.used, units, strict=True))
    for name, places in choices.systems.items():
        for place in sorted(places):
            values, one = frame[place], panel.indicators[place]
            less = choices.directions[place] == "-"
            table.add_row(
                *map(
                    _text,
                    (
                        str(one.number),
                        name,
                        one.label,
                        unit_of[place],
                        words("less -", "负 -") if less else words("more +", "正 +"),
                        *([f"{choices.weights[place]:g}"] if weighted else []),
                        _figure(values.min()),
                        _figure(values.median()),
                        _figure(values.max()),
                        str(int(values.isna().sum())),
                    ),
                )
            )
    return table


def _warnings(
    panel: Panel, choices: Choices, found: Findings, words: Words
) -> Iterator[str]:
    for place in found.empty:
        label = panel.indicators[place].heading
        yield words(
            f"WARNING: {label} has no figure; it gets no weight",
            f"注意：{label} 没有数据，不赋权",
        )
    for place in found.constant:
        label = panel.indicators[place].heading
        yield words(
            f"WARNING: {label} is the same everywhere; it gets no weight",
            f"注意：{label} 全部相同，不赋权",
        )
    if found.years_without:
        years = ", ".join(map(str, found.years_without))
        yield words(
            f"WARNING: no figure at all in {years}; these years are not computed",
            f"注意：{years} 年没有任何数据，不予计算",
        )
    for one in found.spikes[:SHOWN_SPIKES]:
        label = panel.indicators[one.place].heading
        before = "" if math.isnan(one.before) else _figure(one.before)
        yield words(
            f"look at {one.region} {one.year}, {label}: {_figure(one.value)}"
            + (f" after {before}" if before else ""),
            f"请核对 {one.region} {one.year} 年 {label}：{_figure(one.value)}"
            + (f"（上年 {before}）" if before else ""),
        )
    more = len(found.spikes) - SHOWN_SPIKES
    if more > 0:
        yield words(f"... and {more} more leaps", f"……另有 {more} 处突变")


def _figure(value: float) -> str:
    if pd.isna(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100_000 else f"{value:.6g}"


def _say_rest(console: Console, more: int, words: Words) -> None:
    if more > 0:
        _say(console, "  " + words(f"... and {more} more", f"……另有 {more} 条"))


def _text(text: str) -> Text:
    return Text(visible(text, 60))


def _say(console: Console, text: str) -> None:
    console.print(Text(visible(text, 400)), soft_wrap=True)
