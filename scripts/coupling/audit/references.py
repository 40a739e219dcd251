"""What the checks look up: grades, the catalogue of a paper, names of regions."""

from __future__ import annotations

import pandas as pd

from coupling.audit.checks import Check, Place, alike, name, rows
from coupling.audit.intervals import Interval
from coupling.words.in_both import Both, in_both


def names_of(regions: pd.DataFrame) -> dict[str, Both]:
    """Return {region_code: name}."""
    return {
        row["region_code"]: Both(row["region"], row["name_zh"] or row["region"])
        for row in rows(regions)
    }


def grades_named(number: Interval, scheme: pd.DataFrame) -> list[Both]:
    """Return the names of `possible_grades`."""
    grades = possible_grades(number, scheme)
    return [Both(grade["grade"], grade["grade_zh"]) for grade in grades]


def no_catalogue() -> Both:
    """Say that indicators of a paper are not known."""
    return in_both("the catalogue of the paper is not among the studies")


def possible_grades(number: Interval, scheme: pd.DataFrame) -> list[dict]:
    """Return the grades that some value of the interval has, the likeliest first.

    Grades are rows of stg_reference__grade_schemes: (lower_bound, upper_bound], and the
    lowest also holds its lower bound.
    """
    possible = [
        grade
        for grade in rows(scheme.sort_values("grade_level"))
        if number.lower <= grade["upper_bound"]
        and (number.upper > grade["lower_bound"] or grade["grade_level"] == 1)
    ]
    return sorted(possible, key=lambda grade: not _holds(grade, number.value))


def _holds(grade: dict, value: float) -> bool:
    return grade["lower_bound"] < value <= grade["upper_bound"]


def study_of(paper_id: str, studies: pd.DataFrame) -> str | None:
    """Return the study that follows a paper, the shipped one before a user's own.

    None where there is none.
    """
    found = studies[studies["paper_id"] == paper_id].sort_values(
        ["row_origin", "study_id"]
    )
    return found["study_id"].iloc[0] if len(found) else None


def catalogue_of(
    paper_id: str, studies: pd.DataFrame, indicators: pd.DataFrame
) -> pd.DataFrame:
    """Return the indicators of the study that follows a paper, in their order."""
    of_study = indicators["study_id"] == study_of(paper_id, studies)
    return indicators[of_study].sort_values("indicator_position")


def with_belts(regions: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """Return the regions with three_belt, the group that `groups` gives each."""
    belts = groups[groups["grouping_id"] == "three_belt"]
    belt_of = belts.set_index("region_code")["group_id"]
    return regions.assign(three_belt=regions["region_code"].map(belt_of))


def indicator_exists(place: Place, indicator_id: str, catalogue: pd.DataFrame) -> Check:
    """Check that a printed indicator is one of the paper's own catalogue."""
    known = list(catalogue["indicator_id"])
    printed = alike(indicator_id)
    claim = in_both("The indicator is one of the catalogue")
    if not known:
        return name(place, claim, printed, [], no_catalogue())
    how = in_both(
        "Looking up {indicator} among the {number} indicators of the paper",
        indicator=indicator_id,
        number=len(known),
    )
    found = printed if indicator_id in known else in_both("no such indicator")
    return name(place, claim, printed, [found], how)


def provinces_of(
    paper_id: str, studies: pd.DataFrame, members: pd.DataFrame, regions: pd.DataFrame
) -> pd.DataFrame:
    """Return the regions of the study that follows a paper, in the order of codes."""
    chosen = members.loc[members["study_id"] == study_of(paper_id, studies)]
    of_study = regions["region_code"].isin(chosen["region_code"])
    return regions[of_study].sort_values("region_code")
