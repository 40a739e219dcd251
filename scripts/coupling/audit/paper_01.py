"""Paper 01: coupling degrees, grades and obstacles of ten eastern provinces."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd

from coupling.audit import checks
from coupling.audit.checks import Check, Place
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
from coupling.audit.references import possible_grades

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
    names = dict(zip(regions["region_code"], regions["region"], strict=True))
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
        where = f"{row['region']}, {row['year']}"
        key = f"{row['region']} {row['year']}"
        c, d = row["c"], row["d"]
        degrees = f"C = {c.value} and D = {d.value}"
        found.append(
            checks.within(
                Place(PAPER, "table_2", "implied_index", f"index {key}", where),
                "C and D imply a comprehensive index that is one",
                (0, 1),
                implied(implied_index, c, d),
                f"T = D^2 / C from {degrees}",
            )
        )
        found.append(
            checks.within(
                Place(PAPER, "table_2", "implied_scores", f"scores {key}", where),
                "C and D imply scores of the two systems that are scores",
                (0, 1),
                implied(implied_score, c, d),
                f"The larger score, T (1 + sqrt(1 - C^2)), from {degrees}",
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
    level_of = dict(zip(scheme["grade_level"], scheme["grade"], strict=True))
    given: dict[tuple, list[dict]] = {}
    for row in checks.rows(grades):
        given.setdefault((row["region_code"], row["year"]), []).append(row)
    found = []
    for row in table:
        where = f"{row['region']}, {row['year']}"
        key = f"{row['region']} {row['year']}"
        stated = given.get((row["region_code"], row["year"]), [])
        place = Place(PAPER, "table_3", "listed_once", f"listed {key}", where)
        found.append(
            checks.number(
                place,
                "The region stands in exactly one grade of the year",
                "1",
                exact(len(stated)),
                "Counting the grades that list the region",
                is_exact=True,
                by_whom="it should be",
            )
        )
        place = Place(PAPER, "table_3", "grade_follows", f"grade {key}", where)
        possible = [grade["grade"] for grade in possible_grades(row["d"], scheme)]
        for one in stated[:1]:
            how = f"Grading D = {row['d_text']} of Table 2"
            claim = f"The grade is {one['grade_as_printed']}"
            text = level_of.get(one["grade_level"], one["grade_as_printed"])
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
        return mean(degrees(year)), f"The mean of D over the regions in {year}"

    def mean_grade(subject, year):
        found, how = mean_degree(subject, year)
        grades = [grade["grade"] for grade in possible_grades(found, scheme)]
        return grades, f"Grading {how[0].lower()}{how[1:]}, {found.value:.4f},"

    def other_score(subject, year):
        """Return the mean score of one system where the other's is `subject`."""
        indexes = [
            corners(implied_index, [row["c"], row["d"]])
            for row in table
            if row["year"] == year
        ]
        found = mean(indexes) * 2 - printed(subject)
        return found, f"Twice the mean of T = D^2 / C in {year}, less {subject},"

    def mean_degree_change(subject, year):
        before = max(row["year"] for row in table if row["year"] < year)
        found = mean(degrees(year)) - mean(degrees(before))
        return found, f"The mean of D in {year} less that in {before}"

    def degree(subject, year):
        for row in table:
            if (row["region"], row["year"]) == (subject, year):
                return row["d"], f"D of {subject} in {year}"
        return None, f"Table 2 has no {subject} in {year}"

    def regions_above(subject, year):
        found = count(degrees(year), float(subject), 1)
        return found, f"Counting the regions with D above {subject} in {year}"

    def obstacle(subject, year):
        how = f"Reading {subject} in {year}"
        if (subject, year) in shares:
            return shares[subject, year], how
        how = f"{subject} is not among the {LISTED} of {year}, the least of which"
        return between(0, last[year]), how

    def obstacle_rank(subject, year):
        if (subject, year) in ranks:
            place = float(ranks[subject, year])
            return exact(place), f"The rank of {subject} in {year}"
        return (
            Interval(LISTED + 1.0, LISTED + 1.0, float(len(catalogue) or LISTED + 1)),
            f"The rank of {subject}, not among the {LISTED} of {year},",
        )

    def obstacle_change(subject, year):
        now, before = obstacle(subject, year)[0], obstacle(subject, year - 1)[0]
        return now - before, f"{subject} in {year} less {subject} in {year - 1}"

    def years_listed(subject, year):
        found = sum((subject, one) in ranks for one in years)
        return exact(found), f"Counting the years that list {subject}"

    def criterion(label, year):
        members = catalogue.loc[catalogue["criterion"] == label, "indicator_id"]
        return total(obstacle(one, year)[0] for one in members)

    def criterion_rank(subject, year):
        labels = list(dict.fromkeys(catalogue["criterion"]))
        if subject not in labels:
            return None, "the catalogue of the paper is not among the studies"
        all_of = {label: criterion(label, year) for label in labels}
        mine = all_of.pop(subject)
        how = f"Ranking {subject} among {len(labels)} criteria by the sums of {year}"
        return rank_of(mine, all_of.values()), how

    def indicator_count(subject, year):
        if catalogue.empty:
            return None, "the catalogue of the paper is not among the studies"
        return exact(len(catalogue)), "Counting the indicators"

    def criterion_count(subject, year):
        if catalogue.empty:
            return None, "the catalogue of the paper is not among the studies"
        found = float(catalogue.groupby(["system_id", "criterion"]).ngroups)
        return exact(found), "Counting the primary indicators"

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
        "mean_score": checks.not_printed("the scores are only drawn in Figure 1"),
    }
