"""What seeds and workspace must agree in that no test of one table can ask.

Checked once every table by itself is well.
"""

from collections import Counter
from typing import Any

import pandas as pd

from coupling.contracts import method_sets
from coupling.contracts.seeds import Seed
from coupling.contracts.workspace import has_figures

KEYS = ["region_code", "year"]


def check(seeds: dict[str, Seed]) -> None:
    """Put what does not agree among the findings of the seeds."""
    for rule in ACROSS_SEEDS:
        rule(seeds)


def _sources_match_figures(seeds: dict[str, Seed]) -> None:
    """Count and years of the figures are those that the source of a series states.

    A source of a shipped series states what its chapters hold of its level and years,
    whatever a workspace puts in their place; one of a user's own series what the files
    of the workspace hold. A figure of a year that no source has belongs to the source
    of the nearest years.
    """
    sources = seeds["sources"]
    chapters = [seed for seed in seeds.values() if has_figures(seed)]
    shipped = [seed for seed in chapters if seed.is_shipped]
    owned = [seed for seed in chapters if not seed.is_shipped]
    levels = _levels(seeds["regions"])
    years = _figures_by_year(shipped, seeds["regions"])
    stated: dict[str, list[Any]] = {}
    for source in sources.typed.itertuples():
        if not pd.isna(source.series_id):
            stated.setdefault(source.series_id, []).append(source)
    for series, rows in stated.items():
        holding = [seed for seed in shipped if series in seed.typed]
        found = years.get(series, Counter())
        if not holding:
            holding = [seed for seed in owned if series in seed.typed]
            found = _figures_of_own(holding, series, levels)
        if holding:
            files = " and ".join(seed.file for seed in holding)
            _judge_sources(sources, rows, found, files)


def _levels(regions: Seed) -> pd.Series:
    """Levels by region_code; shipped figures have that of the shipped region."""
    own = regions.typed.drop_duplicates("region_code").set_index("region_code")["level"]
    return _shipped_levels(regions).combine_first(own).fillna("other")


def _shipped_levels(regions: Seed) -> pd.Series:
    return regions.shipped.set_index("region_code")["level"]


def _figures_by_year(chapters: list[Seed], regions: Seed) -> dict[str, Counter[Any]]:
    """By series, the number of figures of each level and year in shipped chapters.

    What was counted is kept with the chapter as read while the same regions ship.
    """
    levels = _shipped_levels(regions)
    found: dict[str, Counter[Any]] = {}
    for seed in chapters:
        counted_with, counts = seed.said.get(_figures_by_year, (None, {}))
        if counted_with is not regions.said:
            level = seed.typed["region_code"].map(levels)
            figures = seed.typed.drop(columns=KEYS)
            held = figures.notna().groupby([level, seed.typed["year"]]).sum()
            counts = held.to_dict()
            seed.said[_figures_by_year] = regions.said, counts
        for series, numbers in counts.items():
            found.setdefault(series, Counter()).update(numbers)
    return found


def _figures_of_own(
    chapters: list[Seed], series: str, levels: pd.Series
) -> Counter[Any]:
    """As `_figures_by_year`, of one series; a cell that files share counts once."""
    if not chapters:
        return Counter()
    cells = pd.concat([seed.typed.dropna(subset=[series])[KEYS] for seed in chapters])
    cells = cells.drop_duplicates()
    level = cells["region_code"].map(levels).fillna("other")
    return Counter(cells.groupby([level, cells["year"]]).size().to_dict())


def _judge_sources(
    sources: Seed, stated: list[Any], found: Counter[Any], files: str
) -> None:
    """Hold the sources of a series, rows, against its figures by level and year."""
    held: dict[int, Counter[float]] = {source.Index: Counter() for source in stated}
    for (level, year), number in (+found).items():
        row = _nearest_source(stated, level, year)
        if row is None:
            expected = f"a source of level {level} as well, which {files} has"
            sources.report([stated[0].Index], "level", expected)
        else:
            held[row][year] += number
    for source in stated:
        years = held[source.Index]
        numbers: dict[str, float] = {"figures": years.total()}
        if years:
            numbers |= {"first_year": min(years), "last_year": max(years)}
        for column, held_there in numbers.items():
            if getattr(source, column) != held_there:
                expected = f"{held_there:.0f}, as {files} has it"
                sources.report([source.Index], column, expected)


def _nearest_source(stated: list[Any], level: str, year: float) -> int | None:
    """The row of the source of that level that is nearest to the year."""
    nearest = {
        source.Index: max(source.first_year - year, year - source.last_year, 0)
        for source in stated
        if pd.isna(source.level) or source.level == level
    }
    return min(nearest, key=lambda row: nearest[row]) if nearest else None


def _studies_can_be_computed(seeds: dict[str, Seed]) -> None:
    """A study's years have figures, and each of its systems an indicator in use."""
    sources, systems = seeds["sources"].typed, seeds["systems"]
    figures = [
        seed.typed.set_index("year").drop(columns="region_code").dropna(how="all")
        for seed in seeds.values()
        if has_figures(seed) and not seed.is_shipped
    ]
    own_years = [year for frame in figures for year in frame.index]
    years = (
        min([sources["first_year"].min(), *own_years]),
        max([sources["last_year"].max(), *own_years]),
    )
    for column in ("first_year", "last_year"):
        outside = ~seeds["studies"].typed[column].between(*years)
        expected = f"a year of the figures, {years[0]:.0f} to {years[1]:.0f}"
        seeds["studies"].report(outside.index[outside], column, expected)
    catalogue = seeds["indicators"].typed
    in_use = catalogue[catalogue["status"].isin(["measured", "proxy"])]
    computed = set(zip(in_use["study_id"], in_use["system_id"], strict=True))
    for row, system in systems.typed.iterrows():
        if (system["study_id"], system["system_id"]) not in computed:
            expected = "an indicator that is measured or proxy"
            systems.report([row], "system_id", expected)


def _shipped_units_are_known(seeds: dict[str, Seed]) -> None:
    """Figures of a shipped series can be converted; a user's own unit is any text."""
    series = seeds["series"]
    rows = series.typed.index[~series.typed["unit"].isin(seeds["units"].typed["unit"])]
    shipped = [row for row in rows if series.place(row)[0] == series.file]
    series.report(shipped, "unit", f"a unit of {seeds['units'].files}")


def _names_are_plain(seeds: dict[str, Seed]) -> None:
    """Names that become keys, files and addresses hold no other characters."""
    for seed, column in (("studies", "study_id"), ("systems", "system_id")):
        names = seeds[seed].text[column]
        odd = ~names.str.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*")
        expected = "letters, digits, _ and -, beginning with a letter or digit"
        seeds[seed].report(names.index[odd], column, expected)


ACROSS_SEEDS = (
    *(_sources_match_figures, _studies_can_be_computed),
    *(_names_are_plain, _shipped_units_are_known, method_sets.check),
)
