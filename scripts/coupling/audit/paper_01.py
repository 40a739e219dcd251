"""Paper 01: coupling degrees, grades and obstacles of ten eastern provinces."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd

from coupling.audit import checks
from coupling.audit.checks import Check, Place, alike
from coupling.audit.intervals import (
    Interval,
    between,
    corners,
    count,
    exact,
    mean,
    printed,
    total,
)
from coupling.audit.intervals import rank as rank_of
from coupling.audit.ranked import ranked_shares
from coupling.audit.references import grades_named, names_of, no_catalogue
from coupling.words.in_both import Both, in_both

PAPER = "01"
LISTED = 8  # obstacles that Table 4 prints for each year


def audit(
    couplings: pd.DataFrame,
    grades: pd.DataFrame,
    obstacles: pd.DataFrame,
    claims: pd.DataFrame,
    scheme: pd.DataFrame,
    catalogue: pd.DataFrame,
    regions: pd.DataFrame,
) -> list[Check]:
    """Return all checks of the paper.

    The first four are staged tables of seeds/published; `scheme` holds the six grades,
    `catalogue` the indicators of the paper, `regions` the names of the regions.
    """
    names = names_of(regions)
    printed_rows = [
        {
            "region": names[row["region_code"]],
            "year": row["year"],
            "c": printed(row["coupling_degree_printed"]),
            "d": printed(row["coupling_coordination_degree_printed"]),
            "d_text": row["coupling_coordination_degree_printed"],
            "region_code": row["region_code"],
        }
        for row in checks.rows(couplings.sort_values(["region_code", "year"]))
    ]
    return [
        *_implied(printed_rows),
        *_graded(printed_rows, grades, scheme),
        *ranked_shares(
            PAPER, "table_4", "obstacle_degree_pct", ["year"], obstacles, catalogue, 100
        ),
        *checks.sentences(
            claims, PAPER, _quantities(printed_rows, obstacles, scheme, catalogue)
        ),
    ]


def implied_index(c: float, d: float) -> float:
    """T = D^2 / C, since D = sqrt(C T)."""
    return d * d / c


def implied_score(c: float, d: float) -> float:
    """Return the larger of the two scores that C and D imply.

    From C = 2 sqrt(U1 U2) / (U1 + U2) and T = (U1 + U2) / 2, eqs. (10) and (12), the
    scores are T (1 + sqrt(1 - C^2)) and T (1 - sqrt(1 - C^2)).
    """
    return implied_index(c, d) * (1 + math.sqrt(max(0.0, 1 - c * c)))


def _implied(table: list[dict]) -> list[Check]:
    found = []
    for row in table:
        where = checks.placed(row["region"], alike(row["year"]))
        key = f"{row['region'].en} {row['year']}"
        c, d = row["c"], row["d"]
        degrees = {"c": c.value, "d": d.value}
        found.append(
            checks.within(
                Place(PAPER, "table_2", "implied_index", f"index {key}", where),
                in_both("C and D imply a comprehensive index that is one"),
                (0, 1),
                implied(implied_index, c, d),
                in_both("T = D^2 / C from C = {c} and D = {d}", **degrees),
            )
        )
        found.append(
            checks.within(
                Place(PAPER, "table_2", "implied_scores", f"scores {key}", where),
                in_both("C and D imply scores of the two systems that are scores"),
                (0, 1),
                implied(implied_score, c, d),
                in_both(
                    "The larger score, T (1 + sqrt(1 - C^2)), from C = {c} and D = {d}",
                    **degrees,
                ),
            )
        )
    return found


def implied(function: Callable[..., float], *printed: Interval) -> Interval:
    """Apply a function to printed numbers; it holds for all that are degrees."""
    found = corners(function, printed)
    assert found is not None, f"{function.__name__} of {printed}"
    return found


def _graded(
    table: list[dict], grades: pd.DataFrame, scheme: pd.DataFrame
) -> list[Check]:
    level_of = {
        grade["grade_level"]: Both(grade["grade"], grade["grade_zh"])
        for grade in checks.rows(scheme)
    }
    given: dict[tuple, list[dict]] = {}
    for row in checks.rows(grades):
        given.setdefault((row["region_code"], row["year"]), []).append(row)
    found = []
    for row in table:
        where = checks.placed(row["region"], alike(row["year"]))
        key = f"{row['region'].en} {row['year']}"
        stated = given.get((row["region_code"], row["year"]), [])
        place = Place(PAPER, "table_3", "listed_once", f"listed {key}", where)
        found.append(
            checks.number(
                place,
                in_both("The region stands in exactly one grade of the year"),
                "1",
                exact(len(stated)),
                in_both("Counting the grades that list the region"),
                is_exact=True,
                wanted=checks.should_be,
            )
        )
        place = Place(PAPER, "table_3", "grade_follows", f"grade {key}", where)
        possible = grades_named(row["d"], scheme)
        for one in stated[:1]:
            how = in_both("Grading D = {degree} of Table 2", degree=row["d_text"])
            as_printed = Both(one["grade_as_printed"], one["grade_as_printed_zh"])
            claim = in_both("The grade is {grade}", grade=as_printed)
            text = level_of.get(one["grade_level"], as_printed)
            found.append(checks.name(place, claim, text, possible, how, row["d"]))
    return found


def _quantities(
    table: list[dict],
    obstacles: pd.DataFrame,
    scheme: pd.DataFrame,
    catalogue: pd.DataFrame,
) -> dict:
    shares, ranks = {}, {}
    for row in checks.rows(obstacles):
        key = (row["indicator_id"], row["year"])
        shares[key] = printed(row["obstacle_degree_pct_printed"])
        ranks[key] = row["obstacle_rank"]
    years = sorted({year for _, year in shares})
    last = {
        year: min(s.upper for (_, y), s in shares.items() if y == year)
        for year in years
    }

    def degrees(year):
        return [row["d"] for row in table if row["year"] == year]

    def mean_degree(subject, year):
        how = in_both("The mean of D over the regions in {year}", year=year)
        return mean(degrees(year)), how

    def mean_grade(subject, year):
        found = mean(degrees(year))
        return grades_named(found, scheme), in_both(
            "Grading the mean of D over the regions in {year}, {degree},",
            year=year,
            degree=f"{found.value:.4f}",
        )

    def other_score(subject, year):
        """Return the mean score of one system where the other's is `subject`."""
        indexes = [
            corners(implied_index, [row["c"], row["d"]])
            for row in table
            if row["year"] == year
        ]
        found = mean(indexes) * 2 - printed(subject.en)
        return found, in_both(
            "Twice the mean of T = D^2 / C in {year}, less {value},",
            year=year,
            value=subject,
        )

    def mean_degree_change(subject, year):
        before = max(row["year"] for row in table if row["year"] < year)
        found = mean(degrees(year)) - mean(degrees(before))
        return found, in_both(
            "The mean of D in {year} less that in {before}", year=year, before=before
        )

    def degree(subject, year):
        for row in table:
            if (row["region"].en, row["year"]) == (subject.en, year):
                how = in_both("D of {region} in {year}", region=subject, year=year)
                return row["d"], how
        return None, in_both(
            "Table 2 has no {region} in {year}", region=subject, year=year
        )

    def regions_above(subject, year):
        found = count(degrees(year), float(subject.en), 1)
        return found, in_both(
            "Counting the regions with D above {bound} in {year}",
            bound=subject,
            year=year,
        )

    def share(indicator_id, year):
        """Return a share; one that is not listed is no larger than the least."""
        return shares.get((indicator_id, year), between(0, last[year]))

    def obstacle(subject, year):
        how = in_both("Reading {item} in {year}", item=subject, year=year)
        if (subject.en, year) not in shares:
            how = in_both(
                "{indicator} is not among the {number} of {year}, the least of which",
                indicator=subject,
                number=LISTED,
                year=year,
            )
        return share(subject.en, year), how

    def obstacle_rank(subject, year):
        if (subject.en, year) in ranks:
            place = exact(float(ranks[subject.en, year]))
            return place, in_both(
                "The rank of {indicator} in {year}", indicator=subject, year=year
            )
        return (
            Interval(LISTED + 1.0, LISTED + 1.0, float(len(catalogue) or LISTED + 1)),
            in_both(
                "The rank of {indicator}, not among the {number} of {year},",
                indicator=subject,
                number=LISTED,
                year=year,
            ),
        )

    def obstacle_change(subject, year):
        found = share(subject.en, year) - share(subject.en, year - 1)
        return found, in_both(
            "{one} in {year} less {other} in {before}",
            one=subject,
            year=year,
            other=subject,
            before=year - 1,
        )

    def years_listed(subject, year):
        found = sum((subject.en, one) in ranks for one in years)
        how = in_both("Counting the years that list {indicator}", indicator=subject)
        return exact(found), how

    def criterion(label, year):
        members = catalogue.loc[catalogue["criterion"] == label, "indicator_id"]
        return total(share(one, year) for one in members)

    def criterion_rank(subject, year):
        labels = list(dict.fromkeys(catalogue["criterion"]))
        if subject.en not in labels:
            return None, no_catalogue()
        all_of = {label: criterion(label, year) for label in labels}
        mine = all_of.pop(subject.en)
        return rank_of(mine, all_of.values()), in_both(
            "Ranking {criterion} among {number} criteria by the sums of {year}",
            criterion=subject,
            number=len(labels),
            year=year,
        )

    def indicator_count(subject, year):
        if catalogue.empty:
            return None, no_catalogue()
        return exact(len(catalogue)), in_both("Counting the indicators")

    def criterion_count(subject, year):
        if catalogue.empty:
            return None, no_catalogue()
        found = float(catalogue.groupby(["system_id", "criterion"]).ngroups)
        return exact(found), in_both("Counting the primary indicators")

    return {
        "mean_degree": mean_degree,
        "mean_grade": mean_grade,
        "other_score": other_score,
        "mean_degree_change": mean_degree_change,
        "degree": degree,
        "regions_above": regions_above,
        "obstacle": obstacle,
        "obstacle_rank": obstacle_rank,
        "obstacle_change": obstacle_change,
        "years_listed": years_listed,
        "criterion_rank": criterion_rank,
        "indicator_count": indicator_count,
        "criterion_count": criterion_count,
        "mean_score": checks.not_printed(
            in_both("the scores are only drawn in Figure 1")
        ),
    }
