"""Which years of a study have figures, told before anything is built."""

import pandas as pd

from coupling.seeds import Seed
from coupling.workspace import has_figures


def warnings(seeds: dict[str, Seed]) -> list[str]:
    """Say of each study which of its years have no figure at all, and the last one.

    Such years are not computed. `seeds` are joined with the workspace and well.
    """
    figures = _figures(list(seeds.values()))
    indicators = seeds["indicators"].typed
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
            covered |= _years(indicator, figures, set(regions))
        wanted = range(int(study.first_year), int(study.last_year) + 1)
        empty = [year for year in wanted if year not in covered]
        if empty:
            said.append(
                f"{study.study_id}: no figure of any indicator in {_listed(empty)}; "
                f"{_last(covered)}. Years without figures are not computed."
            )
    return said


def _figures(seeds: list[Seed]) -> dict[str, pd.DataFrame]:
    """Region and year of each figure, by series; shipped ones and the workspace's."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for seed in filter(has_figures, seeds):
        if not seed.has("region_code", "year"):
            continue
        for series in seed.typed.columns.difference(["region_code", "year"]):
            known = seed.typed.loc[seed.typed[series].notna(), ["region_code", "year"]]
            parts.setdefault(series, []).append(known)
    return {series: pd.concat(known) for series, known in parts.items()}


def _years(indicator, figures: dict[str, pd.DataFrame], regions: set) -> set[int]:
    """Years in which an indicator has a value in some region of the study."""

    def cells(series) -> set[tuple]:
        known = figures.get(series)
        if known is None:
            return set()
        known = known[known["region_code"].isin(regions)]
        return set(zip(known["region_code"], known["year"].astype(int), strict=True))

    found = cells(indicator.numerator)
    if indicator.operator in ("ratio", "location_quotient"):
        found &= cells(indicator.denominator)
    if indicator.operator == "growth_pct":
        found &= {(region, year + 1) for region, year in found}
    return {year for _, year in found}


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
