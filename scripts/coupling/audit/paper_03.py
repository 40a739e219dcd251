"""Paper 03: weights, coupling coordination indexes and growth of 29 provinces."""

from __future__ import annotations

import itertools

import pandas as pd

from coupling.audit import checks
from coupling.audit.checks import Check, Place, Wanted, alike, parts_of
from coupling.audit.intervals import Interval, count, exact, mean, printed, total
from coupling.audit.references import grades_named
from coupling.words.in_both import Both, in_both

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
        region = Both(row["region_as_printed"], row["region_as_printed_zh"])
        belt = belt_of.get(row["region_code"])
        table.append({**row, **numbers, "region": region, "belt": belt})
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
    systems = weights.groupby(["system_id", "system_zh"], sort=True)
    for (system_id, system_zh), members in systems:
        parts = [printed(text) for text in members["weight_printed"]]
        found.append(
            checks.number(
                Place(
                    *(PAPER, "table_3", "weights_sum", f"sum {system_id}"),
                    Both(system_id, system_zh),
                ),
                in_both("The weights of the system add up to 1"),
                "1",
                total(parts),
                in_both("Adding up {number} weights", number=len(parts)),
                is_exact=True,
                wanted=checks.should_be,
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
            text = row[f"{column}_printed"]
            region = row["region"]
            wanted = _fitting(first, last, n, printed(text))
            for check_name, more in READINGS.items():
                steps = n + more
                found.append(
                    checks.number(
                        Place(
                            *(PAPER, "table_4", check_name),
                            f"growth {region.en} {first_year} {last_year} n{steps}",
                            checks.placed(region, alike(heading)),
                        ),
                        in_both(
                            "The average growth rate is that from {first} to {last}, "
                            "compound over {steps} steps (n = {n})",
                            first=first_year,
                            last=last_year,
                            steps=steps,
                            n=n,
                        ),
                        text,
                        compound_rate(first, last, steps),
                        in_both(
                            "Growth from {first} to {last} over {steps} steps",
                            first=row[f"cr_{first_year}_printed"],
                            last=row[f"cr_{last_year}_printed"],
                            steps=steps,
                        ),
                        wanted=wanted,
                    )
                )
    return found


def _fitting(first: Interval, last: Interval, n: int, rate: Interval) -> Wanted:
    """Say over how many steps, and how, the rate would fit, and that it is printed."""
    fits = []
    for steps in (n - 1, n, n + 1):
        if compound_rate(first, last, steps).meets(rate):
            fits.append(in_both("compound growth over {steps}", steps=steps))
        if simple_rate(first, last, steps).meets(rate):
            fits.append(in_both("simple growth over {steps}", steps=steps))
    if not fits:
        return lambda value: in_both(
            "no reading fits; the paper prints {value}", value=value
        )
    return lambda value: in_both(
        "what fits is {fits}; the paper prints {value}",
        fits=checks.either_of(fits),
        value=value,
    )


def _rising(table: list[dict]) -> list[Check]:
    found = []
    for row in table:
        region = row["region"]
        for before, year in itertools.pairwise(YEARS):
            found.append(
                checks.number(
                    Place(
                        *(PAPER, "table_4", "index_rises"),
                        f"rises {region.en} {before} {year}",
                        checks.placed(
                            region,
                            in_both("{first} to {last}", first=before, last=year),
                        ),
                    ),
                    in_both("The index has climbed steadily"),
                    row[f"cr_{year}_printed"],
                    row[f"cr_{before}"],
                    in_both("Reading the index of {year}", year=before),
                    comparison="below",
                    wanted=_larger(year, row[f"cr_{year}_printed"]),
                )
            )
    return found


def _larger(year: int, text: str) -> Wanted:
    return lambda _: in_both(
        "as that of {year} is larger it should be below {value}", year=year, value=text
    )


def _national(provinces: list[dict], national: list[dict]) -> list[Check]:
    found = []
    for row in national[:1]:
        columns = {f"cr_{year}": in_both("cr_{year}", year=year) for year in YEARS}
        for column in PERIODS:
            _growth_rate, first, last, _unit = column.split("_")
            columns[column] = in_both(
                "growth_{first}_{last}_pct", first=first, last=last
            )
        for column, said in columns.items():
            found.append(
                checks.number(
                    Place(
                        *(PAPER, "table_4", "national_average"),
                        f"national average {column}",
                        checks.placed(row["region"], said),
                    ),
                    in_both("The national average is the mean of the provinces"),
                    row[f"{column}_printed"],
                    mean(one[column] for one in provinces),
                    in_both("The mean of {number} provinces", number=len(provinces)),
                )
            )
    return found


def _quantities(
    provinces: list[dict], national: list[dict], scheme: pd.DataFrame
) -> dict:
    def column(year, belt=None):
        chosen = [row for row in provinces if belt is None or row["belt"] == belt]
        return [row[f"cr_{year}"] for row in chosen]

    def no_average():
        return in_both("Table 4 has no national average")

    def national_average(subject, year):
        for row in national:
            how = in_both("The national average of Table 4 in {year}", year=year)
            return row[f"cr_{year}"], how
        return None, no_average()

    def national_grade(subject, year):
        for row in national:
            return grades_named(row[f"cr_{year}"], scheme), in_both(
                "Grading the national average of Table 4 in {year}", year=year
            )
        return [], no_average()

    def belt_mean(subject, year):
        members = column(year, subject.en)
        return mean(members), in_both(
            "The mean of the {number} provinces of belt {belt} in {year}",
            number=len(members),
            belt=subject,
            year=year,
        )

    def belt_gap(subject, year):
        one, other = parts_of(subject)
        found = mean(column(year, one.en)) - mean(column(year, other.en))
        return found, in_both(
            "The mean of belt {one} less that of belt {other} in {year}",
            one=one,
            other=other,
            year=year,
        )

    def index(subject, year):
        for row in provinces:
            if row["region_as_printed"] == subject.en:
                how = in_both("Reading {item} in {year}", item=subject, year=year)
                return row[f"cr_{year}"], how
        return None, in_both("Table 4 has no {region}", region=subject)

    def provinces_within(subject, year):
        lower, upper = map(float, subject.en.split(" to "))
        return count(column(year), lower, upper), in_both(
            "Counting the provinces in {interval} in {year}",
            interval=f"({lower:g}, {upper:g}]",
            year=year,
        )

    def belt_growth_gap(subject, year):
        one, other = parts_of(subject)
        (measure,) = [key for key, ends in PERIODS.items() if ends[1] == year]
        one_mean, other_mean = (
            mean(row[measure] for row in provinces if row["belt"] == belt.en)
            for belt in (one, other)
        )
        return one_mean - other_mean, in_both(
            "The mean growth rate of belt {one} less that of belt {other} to {year}",
            one=one,
            other=other,
            year=year,
        )

    def row_count(subject, year):
        return exact(len(provinces)), in_both("Counting the provinces of Table 4")

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
            in_both(
                "Table 4 prints no index of this year, only 2009, 2014, 2019 and 2024"
            )
        ),
    }
