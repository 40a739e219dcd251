"""Paper 02: coupling coordination degrees of 30 provinces, 2012 to 2022."""

from __future__ import annotations

import pandas as pd

from coupling.audit import checks
from coupling.audit.checks import Check, Place
from coupling.audit.intervals import (
    Interval,
    between,
    count,
    exact,
    mean,
    printed,
    rank,
    total,
)
from coupling.audit.references import possible_grades

PAPER = "02"
# provinces of the paper's three belts; Tibet is left out
BELTS = {"east": 11, "central": 8, "west": 11}


def audit(
    coordination: pd.DataFrame,
    claims: pd.DataFrame,
    scheme: pd.DataFrame,
    catalogue: pd.DataFrame,
    provinces: pd.DataFrame,
) -> list[Check]:
    """Return all checks of the paper.

    `coordination` and `claims` are staged tables of seeds/published; `scheme` holds the
    ten grades, `catalogue` the indicators of the paper, `provinces` region_code,
    region and three_belt of its sample.
    """
    table = [
        {**row, "d": printed(row["coupling_coordination_degree_printed"])}
        for row in checks.rows(coordination.sort_values(["table_row", "year"]))
    ]
    return [
        *_averages(table),
        *_listed(table, provinces),
        *checks.sentences(
            claims, PAPER, _quantities(table, scheme, catalogue, provinces)
        ),
    ]


def _averages(table: list[dict]) -> list[Check]:
    found = []
    for row in table:
        if row["year"] is not None:
            continue
        years = [
            other["d"]
            for other in table
            if other["table_row"] == row["table_row"] and other["year"] is not None
        ]
        label = f"row {row['table_row']}, {row['region_as_printed']}"
        found.append(
            checks.number(
                Place(PAPER, "table_2", "row_average", f"average {label}", label),
                "The average is the mean of the years of its row",
                row["coupling_coordination_degree_printed"],
                mean(years),
                f"The mean of the {len(years)} years",
            )
        )
    return found


def _listed(table: list[dict], provinces: pd.DataFrame) -> list[Check]:
    """Each province of the sample stands in one row under its own name.

    A row with a reading note counts as the province that it prints, not as the one that
    it is read as.
    """
    named = {}
    for row in table:
        key = "region_as_printed" if row["reading_note"] else "region_code"
        named[row["table_row"]] = row[key]
    found = []
    for province in checks.rows(provinces.sort_values("region_code")):
        own = (province["region"], province["region_code"])
        lines = sum(name in own for name in named.values())
        region = province["region"]
        found.append(
            checks.number(
                Place(
                    *(PAPER, "table_2", "province_listed_once"),
                    f"listed {region}",
                    region,
                ),
                "The province has exactly one row under its own name",
                "1",
                exact(lines),
                f"Counting the rows named {region}",
                is_exact=True,
                by_whom="it should be",
            )
        )
    return found


def _quantities(
    table: list[dict],
    scheme: pd.DataFrame,
    catalogue: pd.DataFrame,
    provinces: pd.DataFrame,
) -> dict:
    regions = {row["region_code"] for row in table}
    missing = len(set(provinces["region_code"]) - regions)
    belt_of = dict(zip(provinces["region_code"], provinces["three_belt"], strict=True))

    def column(year):
        return [row["d"] for row in table if row["year"] == year]

    def cell(subject, year):
        for row in table:
            if row["region_code"] == subject and row["year"] == year:
                return row["d"]
        return None

    def unknown(year) -> list[Interval]:
        """Provinces without a row: anything from the least to the largest printed."""
        known = column(year)
        low, high = min(d.lower for d in known), max(d.upper for d in known)
        return [between(low, high)] * missing

    def national_mean(subject, year):
        known = column(year)
        found = mean([*known, *unknown(year)])
        # the value is that of the rows at hand; the ends allow for the missing ones
        found = Interval(mean(known).value, found.lower, found.upper)
        how = f"The mean of the {len(known)} rows of {year}"
        if missing:
            how += f", the ends allowing for {missing} province without a row,"
        return found, how

    def change_of_mean(subject, year):
        found = mean(column(year)) - mean(column(int(subject)))
        return found, f"The mean of the rows in {year} less that in {subject}"

    def mean_grade(subject, year):
        found, how = national_mean(subject, year)
        return _grades(found), f"Grading {how[0].lower()}{how[1:]}"

    def _grades(found):
        return [grade["grade"] for grade in possible_grades(found, scheme)]

    def degree(subject, year):
        found = cell(subject, year)
        return found, f"The row of {subject}" if found else f"no row of {subject}"

    def grade(subject, year):
        found = cell(subject, year)
        if found is None:
            return [], f"Table 2 has no row of {subject}"
        return _grades(found), f"Grading the {found.value} of the table"

    def rank_of_average(subject, year):
        found = cell(subject, None)
        others = [row["d"] for row in table if row["year"] is None]
        place = rank(found, [d for d in others if d is not found])
        place = Interval(place.value, place.lower, place.upper + missing)
        how = f"Ranking the average {found.value} among the {len(others)} of the table"
        return place, how

    def lowest_average(subject, year):
        chosen = [
            row["d"]
            for row in table
            if row["year"] is None and belt_of.get(row["region_code"]) == subject
        ]
        least = min(chosen, key=lambda d: d.value)
        return least, f"The least average of the {len(chosen)} rows of belt {subject}"

    def regions_up_to(subject, year):
        found = count(column(year), -1, float(subject))
        found = Interval(found.value, found.lower, found.upper + missing)
        how = f"Counting the rows of {year} up to {subject}"
        if missing:
            how += f", with room for {missing} province without a row,"
        return found, how

    def eastern_above(subject, year):
        eastern = [
            row["d"]
            for row in table
            if row["year"] == year and belt_of.get(row["region_code"]) == "east"
        ]
        found = count(eastern, float(subject), 1)
        return found, f"Counting the eastern provinces above {subject} in {year}"

    def row_count(subject, year):
        return exact(len({row["table_row"] for row in table})), "Counting the rows"

    def belt_mean(subject, year):
        """Return the mean over belts printed in the text: 'east 0.204, west 0.072'."""
        parts = dict(part.split() for part in subject.split(", "))
        weighted = [printed(text) * BELTS[belt] for belt, text in parts.items()]
        provinces = sum(BELTS[belt] for belt in parts)
        how = f"The mean over belts ({subject}; {provinces} provinces)"
        return total(weighted) / provinces, how

    def indicator_count(subject, year):
        if catalogue.empty:
            return None, "the catalogue of the paper is not among the studies"
        column, value = subject.split(" = ")
        found = (catalogue[column] == value).sum()
        return exact(found), f"Counting the indicators of Table 1 with {subject}"

    def first_value(subject, year):
        return printed(subject), f"The value at the start of a rise, {subject},"

    return {
        "national_mean": national_mean,
        "change_of_mean": change_of_mean,
        "mean_grade": mean_grade,
        "degree": degree,
        "grade": grade,
        "rank_of_average": rank_of_average,
        "lowest_average": lowest_average,
        "regions_up_to": regions_up_to,
        "eastern_above": eastern_above,
        "row_count": row_count,
        "belt_mean": belt_mean,
        "indicator_count": indicator_count,
        "first_value": first_value,
        "index_level": checks.not_printed("the index is only drawn in a figure"),
    }
