"""Paper 09: foreign direct investment in Thailand, 2020 to 2024."""

from __future__ import annotations

import itertools

import pandas as pd

from coupling.audit import checks
from coupling.audit.checks import Check, Place
from coupling.audit.intervals import Interval, exact, printed, total

PAPER = "09"
FACTOR = 2.0  # a total that more than doubles or halves within a year is not plausible
MEASURES = {
    "project_count": ("share_of_projects_pct", "projects"),
    "amount_thb_billion": ("share_of_amount_pct", "billion baht"),
}


def audit(
    investment: pd.DataFrame, breakdowns: pd.DataFrame, claims: pd.DataFrame
) -> list[Check]:
    """Return all checks of the paper, from three staged tables of seeds/published."""
    years = {row["year"]: row for row in checks.rows(investment.sort_values("year"))}
    parts = checks.rows(breakdowns.sort_values(["table_name", "table_row"]))
    return [
        *_growth(years),
        *_implied_totals(years),
        *_breakdowns(parts, years),
        *checks.sentences(claims, PAPER, _quantities(years, parts)),
    ]


def known(row: dict, measure: str) -> Interval:
    """Return a printed number; projects are counted, not rounded."""
    if measure == "project_count":
        return exact(row[measure])
    return printed(row[f"{measure}_printed"])


def growth_pct(first: Interval, last: Interval, steps: int = 1) -> Interval:
    """Return the compound growth per step, in per cent."""
    return (last / first).rising(lambda ratio: 100 * (ratio ** (1 / steps) - 1))


def _growth(years: dict[int, dict]) -> list[Check]:
    found = []
    for year, row in years.items():
        now = known(row, "amount_thb_billion")
        rate, how = None, f"the amount of {year - 1} is not printed"
        if year - 1 in years:
            before = years[year - 1]
            rate = growth_pct(known(before, "amount_thb_billion"), now)
            how = (
                f"100 x ({row['amount_thb_billion_printed']} / "
                f"{before['amount_thb_billion_printed']} - 1)"
            )
        found.append(
            checks.number(
                Place(PAPER, "table_1", "growth_rate", f"growth {year}", str(year)),
                "The growth rate follows from the amounts",
                row["growth_pct_printed"],
                rate,
                how,
                by_whom="the paper prints",
            )
        )
    return found


def _implied_totals(years: dict[int, dict]) -> list[Check]:
    """Each share implies a total; from year to year that should not jump."""
    found = []
    for measure, (share, unit) in MEASURES.items():
        totals = {
            year: known(row, measure) / printed(row[f"{share}_printed"]) * 100
            for year, row in years.items()
        }
        for year, row in years.items():
            place = Place(
                *(PAPER, "table_2", "implied_total"),
                f"implied total {measure} {year}",
                f"{year}, {unit}",
            )
            claim = f"The share implies a plausible total ({unit})"
            if year - 1 not in totals:
                text = row[f"{share}_printed"]
                why = f"no total is printed, and no year before {year} to compare with"
                found.append(checks.number(place, claim, text, None, why))
                continue
            found.append(
                checks.within(
                    place,
                    claim,
                    (1 / FACTOR, FACTOR),
                    totals[year] / totals[year - 1],
                    f"The total implied for {year}, {totals[year].value:.0f}, by that "
                    f"for the year before, {totals[year - 1].value:.0f},",
                )
            )
    return found


def _breakdowns(parts: list[dict], years: dict[int, dict]) -> list[Check]:
    found = []
    last = years[max(years)]
    for table_name in sorted({row["table_name"] for row in parts}):
        table = [row for row in parts if row["table_name"] == table_name]
        for measure, (_, unit) in MEASURES.items():
            label = f"{len(table)} rows, {unit}"
            found.append(
                checks.number(
                    Place(
                        *(PAPER, table_name, "parts_within_total"),
                        f"sum {measure}",
                        label,
                    ),
                    f"The parts add up to no more than the total of {max(years)}",
                    str(last[measure])
                    if measure == "project_count"
                    else last[f"{measure}_printed"],
                    total(known(row, measure) for row in table),
                    f"Adding up the {label},",
                    comparison="at_most",
                    is_exact=measure == "project_count",
                    by_whom="it should be",
                )
            )
        for before, row in itertools.pairwise(table):
            found.append(
                checks.number(
                    Place(
                        *(PAPER, table_name, "amounts_descend"),
                        f"descends {row['item']}",
                        row["item"],
                    ),
                    "The amount is not larger than that of the row before",
                    row["amount_thb_billion_printed"],
                    known(before, "amount_thb_billion"),
                    f"Reading the amount of {before['item']}",
                    comparison="at_least",
                    by_whom=f"as {row['item']} follows it should be",
                )
            )
    return found


def _quantities(years: dict[int, dict], parts: list[dict]) -> dict:
    first_year, last_year = min(years), max(years)
    items = {row["item"]: row for row in parts}

    def of_year(measure):
        def quantity(subject, year):
            return known(years[year], measure), f"Reading the table in {year}"

        return quantity

    def of_item(measure):
        def quantity(subject, year):
            if subject not in items:
                return None, f"no table has {subject}"
            return known(items[subject], measure), f"Reading {subject} in its table"

        return quantity

    def share(measure):
        def quantity(subject, year):
            part, whole = items[subject], years[last_year]
            found = known(part, measure) / known(whole, measure) * 100
            return found, f"100 x {part[measure]} / {whole[measure]}"

        return quantity

    def yearly_growth(subject, year):
        ends = (years[year - 1], years[year])
        found = growth_pct(*(known(row, "amount_thb_billion") for row in ends))
        return found, f"The growth of the amount from {year - 1} to {year}"

    def compound_growth(subject, year):
        ends = (years[first_year], years[last_year])
        steps = last_year - first_year
        found = growth_pct(*(known(row, "amount_thb_billion") for row in ends), steps)
        return found, f"The compound growth a year over the {steps} years"

    def change_of_share(subject, year):
        now, before = (
            printed(years[one][f"{subject}_printed"]) for one in (year, year - 1)
        )
        return now - before, f"The share of {year} less that of {year - 1}"

    def amount_in_dollars(subject, year):
        """Convert at the rate that another printed pair implies: 'X at 9.00 / 0.25'."""
        item, pair = subject.split(" at ")
        baht, dollars = map(printed, pair.split(" / "))
        found = known(items[item], "amount_thb_billion") / (baht / dollars)
        return found, f"{items[item]['amount_thb_billion']} by the rate {pair}"

    def sum_of_parts(subject, year):
        return total(map(printed, subject.split(" + "))), f"Adding up {subject}"

    return {
        "projects_of_year": of_year("project_count"),
        "amount_of_year": of_year("amount_thb_billion"),
        "projects_of": of_item("project_count"),
        "amount_of": of_item("amount_thb_billion"),
        "share_of_projects": share("project_count"),
        "share_of_amount": share("amount_thb_billion"),
        "yearly_growth": yearly_growth,
        "compound_growth": compound_growth,
        "change_of_share": change_of_share,
        "amount_in_dollars": amount_in_dollars,
        "sum_of_parts": sum_of_parts,
        "national_product": checks.not_printed("no table prints the national product"),
    }
