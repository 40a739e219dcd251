"""Paper 09: foreign direct investment in Thailand, 2020 to 2024."""

from __future__ import annotations

import itertools

import pandas as pd

from coupling.audit import checks
from coupling.audit.checks import Check, Place, alike
from coupling.audit.intervals import Interval, exact, printed, total
from coupling.words.in_both import Both, in_both

PAPER = "09"
FACTOR = 2.0  # a total that more than doubles or halves within a year is not plausible
# measures, and their shares in all investment
SHARES = {
    "project_count": "share_of_projects_pct",
    "amount_thb_billion": "share_of_amount_pct",
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


def unit_of(measure: str) -> Both:
    """Return what a measure counts."""
    if measure == "project_count":
        return in_both("projects")
    return in_both("billion baht")


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
        rate = None
        how = in_both("the amount of {year} is not printed", year=year - 1)
        if year - 1 in years:
            before = years[year - 1]
            rate = growth_pct(known(before, "amount_thb_billion"), now)
            how = alike(
                f"100 x ({row['amount_thb_billion_printed']} / "
                f"{before['amount_thb_billion_printed']} - 1)"
            )
        found.append(
            checks.number(
                Place(PAPER, "table_1", "growth_rate", f"growth {year}", alike(year)),
                in_both("The growth rate follows from the amounts"),
                row["growth_pct_printed"],
                rate,
                how,
                wanted=checks.paper_prints,
            )
        )
    return found


def _implied_totals(years: dict[int, dict]) -> list[Check]:
    """Each share implies a total; from year to year that should not jump."""
    found = []
    for measure, share in SHARES.items():
        unit = unit_of(measure)
        totals = {
            year: known(row, measure) / printed(row[f"{share}_printed"]) * 100
            for year, row in years.items()
        }
        for year, row in years.items():
            place = Place(
                *(PAPER, "table_2", "implied_total"),
                f"implied total {measure} {year}",
                checks.placed(alike(year), unit),
            )
            claim = in_both(
                "The share implies a plausible total ({measure})", measure=unit
            )
            if year - 1 not in totals:
                text = row[f"{share}_printed"]
                why = in_both(
                    "no total is printed, and no year before {year} to compare with",
                    year=year,
                )
                found.append(checks.number(place, claim, text, None, why))
                continue
            found.append(
                checks.within(
                    place,
                    claim,
                    (1 / FACTOR, FACTOR),
                    totals[year] / totals[year - 1],
                    in_both(
                        "The total implied for {year}, {total}, by that for the year "
                        "before, {other},",
                        year=year,
                        total=f"{totals[year].value:.0f}",
                        other=f"{totals[year - 1].value:.0f}",
                    ),
                )
            )
    return found


def _breakdowns(parts: list[dict], years: dict[int, dict]) -> list[Check]:
    found = []
    last = years[max(years)]
    for table_name in sorted({row["table_name"] for row in parts}):
        table = [row for row in parts if row["table_name"] == table_name]
        for measure in SHARES:
            unit = unit_of(measure)
            found.append(
                checks.number(
                    Place(
                        *(PAPER, table_name, "parts_within_total"),
                        f"sum {measure}",
                        checks.placed(
                            in_both("{number} rows", number=len(table)), unit
                        ),
                    ),
                    in_both(
                        "The parts add up to no more than the total of {year}",
                        year=max(years),
                    ),
                    str(last[measure])
                    if measure == "project_count"
                    else last[f"{measure}_printed"],
                    total(known(row, measure) for row in table),
                    in_both(
                        "Adding up the {number} rows, {measure},",
                        number=len(table),
                        measure=unit,
                    ),
                    comparison="at_most",
                    is_exact=measure == "project_count",
                    wanted=checks.should_be,
                )
            )
        for before, row in itertools.pairwise(table):
            found.append(_descends(table_name, before, row))
    return found


def _descends(table_name: str, before: dict, row: dict) -> Check:
    item, amount = _item(row), row["amount_thb_billion_printed"]
    return checks.number(
        Place(PAPER, table_name, "amounts_descend", f"descends {item.en}", item),
        in_both("The amount is not larger than that of the row before"),
        amount,
        known(before, "amount_thb_billion"),
        in_both("Reading the amount of {item}", item=_item(before)),
        comparison="at_least",
        wanted=lambda _: in_both(
            "as {item} follows it should be at least {value}", item=item, value=amount
        ),
    )


def _item(row: dict) -> Both:
    return Both(row["item"], row["item_zh"])


def _quantities(years: dict[int, dict], parts: list[dict]) -> dict:
    first_year, last_year = min(years), max(years)
    items = {row["item"]: row for row in parts}

    def of_year(measure):
        def quantity(subject, year):
            how = in_both("Reading the table in {year}", year=year)
            return known(years[year], measure), how

        return quantity

    def of_item(measure):
        def quantity(subject, year):
            if subject.en not in items:
                return None, in_both("no table has {item}", item=subject)
            how = in_both("Reading {item} in its table", item=subject)
            return known(items[subject.en], measure), how

        return quantity

    def share(measure):
        def quantity(subject, year):
            part, whole = items[subject.en], years[last_year]
            found = known(part, measure) / known(whole, measure) * 100
            return found, alike(f"100 x {part[measure]} / {whole[measure]}")

        return quantity

    def yearly_growth(subject, year):
        ends = (years[year - 1], years[year])
        found = growth_pct(*(known(row, "amount_thb_billion") for row in ends))
        return found, in_both(
            "The growth of the amount from {first} to {last}", first=year - 1, last=year
        )

    def compound_growth(subject, year):
        ends = (years[first_year], years[last_year])
        steps = last_year - first_year
        found = growth_pct(*(known(row, "amount_thb_billion") for row in ends), steps)
        return found, in_both(
            "The compound growth a year over the {number} years", number=steps
        )

    def change_of_share(subject, year):
        now, before = (
            printed(years[one][f"{subject.en}_printed"]) for one in (year, year - 1)
        )
        return now - before, in_both(
            "The share of {year} less that of {before}", year=year, before=year - 1
        )

    def amount_in_dollars(subject, year):
        """Convert at the rate that another printed pair implies: 'X at 9.00 / 0.25'."""
        item, pair = subject.en.split(" at ")
        baht, dollars = pair.split(" / ")
        rate = printed(baht) / printed(dollars)
        found = known(items[item], "amount_thb_billion") / rate
        return found, in_both(
            "{amount} by the rate {first} / {second}",
            amount=items[item]["amount_thb_billion"],
            first=baht,
            second=dollars,
        )

    def sum_of_parts(subject, year):
        parts = map(printed, subject.en.split(" + "))
        return total(parts), in_both("Adding up {sum}", sum=subject)

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
        "national_product": checks.not_printed(
            in_both("no table prints the national product")
        ),
    }
