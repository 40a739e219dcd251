"""Which years of a study have figures, told before anything is built."""

from itertools import compress
from typing import Any

from coupling.contracts.seeds import Seed
from coupling.contracts.workspace import has_figures


def warnings(seeds: dict[str, Seed]) -> list[str]:
    """Say of each study which of its years have no figure at all, and the last one.

    Such years are not computed. `seeds` are joined with the workspace and well.
    """
    indicators = seeds["indicators"].typed
    figures = _figures(
        list(seeds.values()), {*indicators["numerator"], *indicators["denominator"]}
    )
    members = seeds["study_regions"].typed
    said = []
    for study in seeds["studies"].typed.itertuples():
        catalogue = indicators[
            (indicators["study_id"] == study.study_id)
            & indicators["status"].isin(["measured", "proxy"])
        ]
        regions = members.loc[members["study_id"] == study.study_id, "region_code"]
        covered = set()
        for indicator in catalogue.itertuples():
            covered |= held_years(indicator, figures, frozenset(regions))
        wanted = range(int(study.first_year), int(study.last_year) + 1)
        empty = [year for year in wanted if year not in covered]
        if empty:
            said.append(
                f"{study.study_id}: no figure of any indicator in {_listed(empty)}; "
                f"{_last(covered)}. Years without figures are not computed."
            )
    return said


# of a series, the regions that have a figure in each year
Held = dict[int, set[str]]


def _figures(seeds: list[Seed], wanted: set[str]) -> dict[str, Held]:
    """Regions and years with a figure, by `wanted` series, wherever they are from."""
    found: dict[str, Held] = {}
    for seed in filter(has_figures, seeds):
        if not seed.has("region_code", "year"):
            continue
        regions = seed.typed["region_code"].to_numpy(object)
        keys = list(zip(seed.typed["year"].astype(int).tolist(), regions, strict=True))
        for series in wanted.intersection(seed.typed.columns):
            held = found.setdefault(series, {})
            for year, region in compress(keys, seed.typed[series].notna().tolist()):
                held.setdefault(year, set()).add(region)
    return found


def held_years(
    indicator: Any, figures: dict[str, Held], regions: frozenset[str]
) -> set[int]:
    """Years in which an indicator has a value in some region of the study."""
    held = figures.get(indicator.numerator, {})
    if indicator.operator in ("ratio", "location_quotient"):
        base = figures.get(indicator.denominator, {})
        held = {year: held[year] & base[year] for year in held.keys() & base.keys()}
    if indicator.operator == "growth_pct":
        held = {year: there & held.get(year - 1, set()) for year, there in held.items()}
    return {year for year, there in held.items() if not there.isdisjoint(regions)}


def _listed(years: list[int]) -> str:
    """Years as ranges: 2011, 2023 to 2024."""
    runs: list[list[int]] = []
    for year in years:
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(
        str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs
    )


def _last(covered: set[int]) -> str:
    return f"the last figure is of {max(covered)}" if covered else "it has none at all"
