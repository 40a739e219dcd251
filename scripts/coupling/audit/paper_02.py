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
from coupling.audit.references import grades_named, names_of, no_catalogue
from coupling.words.in_both import Both, in_both

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
        label = checks.placed(
            in_both("row {number}", number=row["table_row"]),
            Both(row["region_as_printed"], row["region_as_printed_zh"]),
        )
        found.append(
            checks.number(
                Place(PAPER, "table_2", "row_average", f"average {label.en}", label),
                in_both("The average is the mean of the years of its row"),
                row["coupling_coordination_degree_printed"],
                mean(years),
                in_both("The mean of the {number} years", number=len(years)),
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
    for code, region in names_of(provinces.sort_values("region_code")).items():
        lines = sum(name in (region.en, code) for name in named.values())
        found.append(
            checks.number(
                Place(
                    *(PAPER, "table_2", "province_listed_once"),
                    f"listed {region.en}",
                    region,
                ),
                in_both("The province has exactly one row under its own name"),
                "1",
                exact(lines),
                in_both("Counting the rows named {region}", region=region),
                is_exact=True,
                wanted=checks.should_be,
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

    def mean_of_rows(year):
        """Return the mean of the rows at hand; its ends allow for the missing ones."""
        known = column(year)
        found = mean([*known, *unknown(year)])
        return Interval(mean(known).value, found.lower, found.upper)

    def parts(year):
        return {"number": len(column(year)), "year": year, "missing": missing}

    def national_mean(subject, year):
        if missing:
            how = in_both(
                "The mean of the {number} rows of {year}, the ends allowing for "
                "{missing} province without a row,",
                **parts(year),
            )
        else:
            how = in_both("The mean of the {number} rows of {year}", **parts(year))
        return mean_of_rows(year), how

    def change_of_mean(subject, year):
        found = mean(column(year)) - mean(column(int(subject.en)))
        return found, in_both(
            "The mean of the rows in {year} less that in {before}",
            year=year,
            before=subject,
        )

    def mean_grade(subject, year):
        if missing:
            how = in_both(
                "Grading the mean of the {number} rows of {year}, the ends allowing "
                "for {missing} province without a row,",
                **parts(year),
            )
        else:
            how = in_both(
                "Grading the mean of the {number} rows of {year}", **parts(year)
            )
        return grades_named(mean_of_rows(year), scheme), how

    def degree(subject, year):
        found = cell(subject.en, year)
        if found is None:
            return None, in_both("no row of {region}", region=subject)
        return found, in_both("The row of {region}", region=subject)

    def grade(subject, year):
        found = cell(subject.en, year)
        if found is None:
            return [], in_both("Table 2 has no row of {region}", region=subject)
        how = in_both("Grading the {degree} of the table", degree=found.value)
        return grades_named(found, scheme), how

    def rank_of_average(subject, year):
        found = cell(subject.en, None)
        others = [row["d"] for row in table if row["year"] is None]
        place = rank(found, [d for d in others if d is not found])
        place = Interval(place.value, place.lower, place.upper + missing)
        return place, in_both(
            "Ranking the average {degree} among the {number} of the table",
            degree=found.value,
            number=len(others),
        )

    def lowest_average(subject, year):
        chosen = [
            row["d"]
            for row in table
            if row["year"] is None and belt_of.get(row["region_code"]) == subject.en
        ]
        least = min(chosen, key=lambda d: d.value)
        return least, in_both(
            "The least average of the {number} rows of belt {belt}",
            number=len(chosen),
            belt=subject,
        )

    def regions_up_to(subject, year):
        found = count(column(year), -1, float(subject.en))
        found = Interval(found.value, found.lower, found.upper + missing)
        bound = {"year": year, "bound": subject}
        if missing:
            how = in_both(
                "Counting the rows of {year} up to {bound}, with room for {missing} "
                "province without a row,",
                missing=missing,
                **bound,
            )
        else:
            how = in_both("Counting the rows of {year} up to {bound}", **bound)
        return found, how

    def eastern_above(subject, year):
        eastern = [
            row["d"]
            for row in table
            if row["year"] == year and belt_of.get(row["region_code"]) == "east"
        ]
        return count(eastern, float(subject.en), 1), in_both(
            "Counting the eastern provinces above {bound} in {year}",
            bound=subject,
            year=year,
        )

    def row_count(subject, year):
        found = exact(len({row["table_row"] for row in table}))
        return found, in_both("Counting the rows")

    def belt_mean(subject, year):
        """Return the mean over belts printed in the text: 'east 0.204, west 0.072'."""
        parts = dict(part.split() for part in subject.en.split(", "))
        weighted = [printed(text) * BELTS[belt] for belt, text in parts.items()]
        provinces = sum(BELTS[belt] for belt in parts)
        return total(weighted) / provinces, in_both(
            "The mean over belts ({belts}; {number} provinces)",
            belts=subject,
            number=provinces,
        )

    def indicator_count(subject, year):
        if catalogue.empty:
            return None, no_catalogue()
        column, value = subject.en.split(" = ")
        how = in_both("Counting the indicators of Table 1 with {what}", what=subject)
        return exact((catalogue[column] == value).sum()), how

    def first_value(subject, year):
        how = in_both("The value at the start of a rise, {value},", value=subject)
        return printed(subject.en), how

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
        "index_level": checks.not_printed(
            in_both("the index is only drawn in a figure")
        ),
    }
