"""Paper 03: weights, coupling coordination indexes and growth of 29 provinces."""

from __future__ import annotations

import itertools

import pandas as pd

from coupling.audit import checks
from coupling.audit.checks import Check, Place
from coupling.audit.intervals import Interval, count, exact, mean, printed, total
from coupling.audit.references import possible_grades

PAPER = "03"
YEARS = (2009, 2014, 2019, 2024)
# column of the growth rate, first and last year whose index is printed, and the years
# that the heading names
PERIODS = {
    "growth_2009_2014_pct": (2009, 2014, "2009-2014"),
    "growth_2015_2019_pct": (2014, 2019, "2015-2019"),
    "growth_2020_2024_pct": (2019, 2024, "2020-2024"),
}
# how the rate may have been worked out: steps more than the years between the two
READINGS = {
    "growth_over_n_minus_1": -1,
    "growth_over_n": 0,
    "growth_over_n_plus_1": 1,
}


def audit(
    weights: pd.DataFrame,
    coordination: pd.DataFrame,
    claims: pd.DataFrame,
    scheme: pd.DataFrame,
    regions: pd.DataFrame,
) -> list[Check]:
    """Return all checks of the paper.

    The first three are staged tables of seeds/published; `scheme` holds the ten grades,
    `regions` the belt of each region.
    """
    belt_of = dict(zip(regions["region_code"], regions["three_belt"], strict=True))
    table = []
    for row in checks.rows(coordination.sort_values("region_code", na_position="last")):
        numbers = {
            column.removesuffix("_printed"): printed(row[column])
            for column in row
            if column.endswith("_printed") and column != "region_as_printed"
        }
        table.append({**row, **numbers, "belt": belt_of.get(row["region_code"])})
    provinces = [row for row in table if row["region_code"] is not None]
    national = [row for row in table if row["region_code"] is None]
    return [
        *_weight_sums(weights),
        *_growth(table),
        *_rising(table),
        *_national(provinces, national),
        *checks.sentences(claims, PAPER, _quantities(provinces, national, scheme)),
    ]


def compound_rate(first: Interval, last: Interval, steps: int) -> Interval:
    """Return the yearly rate, in per cent, that leads from `first` to `last`."""
    return (last / first).rising(lambda ratio: 100 * (ratio ** (1 / steps) - 1))


def simple_rate(first: Interval, last: Interval, steps: int) -> Interval:
    """Return the growth from `first` to `last`, in per cent, by the number of steps."""
    return (last / first).rising(lambda ratio: 100 * (ratio - 1) / steps)


def _weight_sums(weights: pd.DataFrame) -> list[Check]:
    found = []
    for system_id, members in weights.groupby("system_id", sort=True):
        parts = [printed(text) for text in members["weight_printed"]]
        place = Place(PAPER, "table_3", "weights_sum", f"sum {system_id}", system_id)
        found.append(
            checks.number(
                place,
                "The weights of the system add up to 1",
                "1",
                total(parts),
                f"Adding up {len(parts)} weights",
                is_exact=True,
                by_whom="it should be",
            )
        )
    return found


def _growth(table: list[dict]) -> list[Check]:
    """Each growth rate against its two ends, read in three ways, and simple growth."""
    found = []
    for column, (first_year, last_year, heading) in PERIODS.items():
        n = last_year - first_year
        for row in table:
            first, last = row[f"cr_{first_year}"], row[f"cr_{last_year}"]
            ends = (
                f"{row[f'cr_{first_year}_printed']} to {row[f'cr_{last_year}_printed']}"
            )
            text = row[f"{column}_printed"]
            region = row["region_as_printed"]
            fits = _fitting(first, last, n, printed(text))
            for check_name, more in READINGS.items():
                steps = n + more
                found.append(
                    checks.number(
                        Place(
                            *(PAPER, "table_4", check_name),
                            f"growth {region} {first_year} {last_year} n{steps}",
                            f"{region}, {heading}",
                        ),
                        f"The average growth rate is that from {first_year} to "
                        f"{last_year}, compound over {steps} steps (n = {n})",
                        text,
                        compound_rate(first, last, steps),
                        f"Growth from {ends} over {steps} steps",
                        by_whom=f"{fits}; the paper prints",
                    )
                )
    return found


def _fitting(first: Interval, last: Interval, n: int, rate: Interval) -> str:
    """Say over how many steps, and how, the rate would fit."""
    kinds = {"compound": compound_rate, "simple": simple_rate}
    fits = [
        f"{kind} growth over {steps}"
        for steps in (n - 1, n, n + 1)
        for kind, rule in kinds.items()
        if rule(first, last, steps).meets(rate)
    ]
    return f"what fits is {' or '.join(fits)}" if fits else "no reading fits"


def _rising(table: list[dict]) -> list[Check]:
    found = []
    for row in table:
        region = row["region_as_printed"]
        for before, year in itertools.pairwise(YEARS):
            found.append(
                checks.number(
                    Place(
                        *(PAPER, "table_4", "index_rises"),
                        f"rises {region} {before} {year}",
                        f"{region}, {before} to {year}",
                    ),
                    "The index has climbed steadily",
                    row[f"cr_{year}_printed"],
                    row[f"cr_{before}"],
                    f"Reading the index of {before}",
                    comparison="below",
                    by_whom=f"as that of {year} is larger it should be",
                )
            )
    return found


def _national(provinces: list[dict], national: list[dict]) -> list[Check]:
    found = []
    for row in national[:1]:
        columns = [f"cr_{year}" for year in YEARS] + list(PERIODS)
        for column in columns:
            found.append(
                checks.number(
                    Place(
                        *(PAPER, "table_4", "national_average"),
                        f"national average {column}",
                        f"National Average, {column}",
                    ),
                    "The national average is the mean of the provinces",
                    row[f"{column}_printed"],
                    mean(one[column] for one in provinces),
                    f"The mean of {len(provinces)} provinces",
                )
            )
    return found


def _quantities(
    provinces: list[dict], national: list[dict], scheme: pd.DataFrame
) -> dict:
    def column(year, belt=None):
        chosen = [row for row in provinces if belt is None or row["belt"] == belt]
        return [row[f"cr_{year}"] for row in chosen]

    def national_average(subject, year):
        for row in national:
            return row[f"cr_{year}"], f"The national average of Table 4 in {year}"
        return None, "Table 4 has no national average"

    def national_grade(subject, year):
        found, how = national_average(subject, year)
        return _grades(found), f"Grading {how[0].lower()}{how[1:]}"

    def _grades(found):
        return [grade["grade"] for grade in possible_grades(found, scheme)]

    def belt_mean(subject, year):
        members = column(year, subject)
        how = f"The mean of the {len(members)} provinces of belt {subject} in {year}"
        return mean(members), how

    def belt_gap(subject, year):
        one, other = subject.split(" - ")
        found = mean(column(year, one)) - mean(column(year, other))
        return found, f"The mean of belt {one} less that of belt {other} in {year}"

    def index(subject, year):
        for row in provinces:
            if row["region_as_printed"] == subject:
                return row[f"cr_{year}"], f"Reading {subject} in {year}"
        return None, f"Table 4 has no {subject}"

    def provinces_within(subject, year):
        lower, upper = map(float, subject.split(" to "))
        found = count(column(year), lower, upper)
        return found, f"Counting the provinces in ({lower:g}, {upper:g}] in {year}"

    def belt_growth_gap(subject, year):
        one, other = subject.split(" - ")
        (measure,) = [key for key, ends in PERIODS.items() if ends[1] == year]
        one_mean, other_mean = (
            mean(row[measure] for row in provinces if row["belt"] == belt)
            for belt in (one, other)
        )
        how = f"The mean growth rate of belt {one} less that of belt {other} to {year}"
        return one_mean - other_mean, how

    def row_count(subject, year):
        return exact(len(provinces)), "Counting the provinces of Table 4"

    return {
        "national_average": national_average,
        "national_grade": national_grade,
        "belt_mean": belt_mean,
        "belt_gap": belt_gap,
        "belt_growth_gap": belt_growth_gap,
        "index": index,
        "provinces_within": provinces_within,
        "row_count": row_count,
        "index_of_year": checks.not_printed(
            "Table 4 prints no index of this year, only 2009, 2014, 2019 and 2024"
        ),
    }
