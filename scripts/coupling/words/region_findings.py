"""What stands out between regions, belts and grades, in plain sentences."""

from typing import Any

import pandas as pd

from coupling.words import tables
from coupling.words.language import _, ngettext

# what rounds to 0.000 is told as no difference
DIGITS = 3


BELTS = "three_belt"


def are_belts(study: dict) -> bool:
    """Say whether the groups of a study's regions are the three belts."""
    return study["grouping_id"] == BELTS


def between_groups(groups: pd.DataFrame, *, are_belts: bool) -> str | None:
    """Say mean D of each group in the last year, and which group gained most.

    Parameters
    ----------
    groups
        `study/group_means`; None comes of fewer than two groups in its last year.
    are_belts
        Whether they are the three belts, which are named so.

    """
    if groups.empty:
        return None
    first, last = int(groups["year"].min()), int(groups["year"].max())
    names = dict(zip(groups["belt"], groups["name"], strict=True))
    rows = tables.records(groups[groups["year"] == last])
    now = {row["belt"]: row["degree"] for row in rows}
    if not len(now) > 1:
        return None
    before = dict(groups.loc[groups["year"] == first, ["belt", "degree"]].to_numpy())
    sentence = (
        _("Mean D by belt in {last}: {degrees}")
        if are_belts
        else _("Mean D by group in {last}: {degrees}")
    ).format(
        last=last,
        degrees=tables.joined(
            [
                _("{belt} {degree}").format(
                    belt=names[belt], degree=tables.degree(degree)
                )
                for belt, degree in now.items()
            ]
        ),
    )
    gains = {
        belt: round(degree - before[belt], DIGITS)
        for belt, degree in now.items()
        if belt in before
    }
    if first < last and gains:
        most = max(gains.values())
        gained = [names[belt] for belt in gains if gains[belt] == most]
        if most > 0:
            sentence += _("; {belts} gained most since {first} ({change})").format(
                belts=tables.joined(gained), first=first, change=tables.signed(most)
            )
        else:
            none = (
                _("; no belt has gained since {first}")
                if are_belts
                else _("; no group has gained since {first}")
            )
            sentence += none.format(first=first)
    return sentence + _(".")


def change_of_gap(gaps: pd.DataFrame) -> str | None:
    """Say how far apart the regions were in the first year and are in the last.

    Parameters
    ----------
    gaps
        `study/regional_gap`; a year of a single region counts as none.

    """
    gaps = gaps[gaps["coefficient_of_variation"].notna()]
    if gaps.empty:
        return None
    first, last = gaps.iloc[0], gaps.iloc[-1]
    numbers: dict[str, Any] = {
        "first": int(first["year"]),
        "last": int(last["year"]),
        "start": tables.degree(first["degree_range"]),
        "end": tables.degree(last["degree_range"]),
        "first_variation": tables.degree(first["coefficient_of_variation"]),
        "last_variation": tables.degree(last["coefficient_of_variation"]),
    }
    if len(gaps) == 1:
        return _(
            "In {last} highest minus lowest D is {end}; the coefficient of variation "
            "is {last_variation}."
        ).format(**numbers)
    rises = {
        numbers["end"] > numbers["start"],
        numbers["last_variation"] > numbers["first_variation"],
    }
    falls = {
        numbers["end"] < numbers["start"],
        numbers["last_variation"] < numbers["first_variation"],
    }
    if rises == {True}:
        sentence = _(
            "The regional gap widened from {first} to {last}: highest minus lowest D "
            "{start} to {end}, coefficient of variation {first_variation} to "
            "{last_variation}."
        )
    elif falls == {True}:
        sentence = _(
            "The regional gap narrowed from {first} to {last}: highest minus lowest D "
            "{start} to {end}, coefficient of variation {first_variation} to "
            "{last_variation}."
        )
    else:
        sentence = _(
            "From {first} to {last} highest minus lowest D went from {start} to {end}, "
            "the coefficient of variation from {first_variation} to {last_variation}."
        )
    return sentence.format(**numbers)


def moves_of_grade(results: pd.DataFrame) -> str | None:
    """Say how many regions moved up or down a grade since the first year.

    Parameters
    ----------
    results
        `study/results`; regions with a grade in its first and in its last year count.

    """
    graded = results[results["grade_level"].notna()]
    if graded.empty:
        return None
    first, last = int(graded["year"].min()), int(graded["year"].max())
    levels = graded.pivot(index="region_code", columns="year", values="grade_level")
    both = levels[[first, last]].dropna()
    if first == last or both.empty:
        return None
    moves = both[last] - both[first]
    up, down, same = (int(are.sum()) for are in (moves > 0, moves < 0, moves == 0))
    clauses = [
        (up, _("{number} moved up a grade or more")),
        (down, _("{number} moved down a grade or more")),
        (same, ngettext("{number} kept its grade", "{number} kept their grade", same)),
    ]
    return ngettext(
        "Of {total} region with a grade in {first} and {last}, {moves}.",
        "Of {total} regions with a grade in {first} and {last}, {moves}.",
        len(both),
    ).format(
        first=first,
        last=last,
        total=len(both),
        moves=tables.joined_clauses(
            [clause.format(number=number) for number, clause in clauses if number]
        ),
    )


def standing(row: dict) -> str:
    """Say where a region stands in a study in the last year, and against its group.

    Parameters
    ----------
    row
        A row of `regions/standing`.

    """
    if row["status"] != "computed":
        return _("{study}: not computed in {year}: {reason}.").format(
            study=row["study"], year=row["year"], reason=row["status_reason"]
        )
    beside = _against_group(row)
    sentence = (
        _("{study}: D = {degree} in {year}, rank {rank} of {regions}, {grade}; {belt}.")
        if beside
        else _("{study}: D = {degree} in {year}, rank {rank} of {regions}, {grade}.")
    )
    return sentence.format(
        study=row["study"],
        degree=tables.degree(row["degree"]),
        year=row["year"],
        rank=row["coordination_rank"],
        regions=row["region_count"],
        grade=row["grade"],
        belt=beside,
    )


def _against_group(row: dict) -> str | None:
    if row["group_id"] is None:
        return None
    is_belt = are_belts(row)
    if row["belt_region_count"] == 1:
        return (
            _("the only region of its belt with a result")
            if is_belt
            else _("the only region of its group with a result")
        )
    lead = round(row["degree"] - row["belt_mean"], DIGITS)
    if lead > 0:
        sentence = (
            _("{difference} above the mean of its belt, {mean}")
            if is_belt
            else _("{difference} above the mean of its group, {mean}")
        )
    elif lead < 0:
        sentence = (
            _("{difference} below the mean of its belt, {mean}")
            if is_belt
            else _("{difference} below the mean of its group, {mean}")
        )
    else:
        sentence = (
            _("at the mean of its belt, {mean}")
            if is_belt
            else _("at the mean of its group, {mean}")
        )
    return sentence.format(
        difference=tables.degree(abs(lead)), mean=tables.degree(row["belt_mean"])
    )


def extremes(
    ahead: list[dict], behind: list[dict], *, is_compared: bool, is_belt: bool
) -> str:
    """Say in which indicators a region is furthest above and below its group.

    Parameters
    ----------
    ahead, behind
        Rows of `regions/against_group` above and below the mean, furthest first.
    is_compared
        Whether any indicator of the region has a value.
    is_belt
        Whether the group is one of the three belts.

    """
    if not is_compared:
        return (
            _("No indicator has a value to set against the mean of the belt.")
            if is_belt
            else _("No indicator has a value to set against the mean of the group.")
        )
    if ahead and behind:
        sentence = (
            _(
                "Against the mean of its belt it is strongest in {strongest} and "
                "weakest in {weakest}."
            )
            if is_belt
            else _(
                "Against the mean of its group it is strongest in {strongest} and "
                "weakest in {weakest}."
            )
        )
    elif ahead:
        sentence = (
            _(
                "Against the mean of its belt it is strongest in {strongest}; it has "
                "no weakness: no indicator is below that mean."
            )
            if is_belt
            else _(
                "Against the mean of its group it is strongest in {strongest}; it has "
                "no weakness: no indicator is below that mean."
            )
        )
    elif behind:
        sentence = (
            _(
                "Against the mean of its belt it is weakest in {weakest}; it has no "
                "strength: no indicator is above that mean."
            )
            if is_belt
            else _(
                "Against the mean of its group it is weakest in {weakest}; it has no "
                "strength: no indicator is above that mean."
            )
        )
    else:
        sentence = (
            _(
                "It has neither strengths nor weaknesses: no indicator differs from "
                "the mean of the belt."
            )
            if is_belt
            else _(
                "It has neither strengths nor weaknesses: no indicator differs from "
                "the mean of the group."
            )
        )
    return sentence.format(
        strongest=_led(ahead[0]) if ahead else "",
        weakest=_led(behind[0]) if behind else "",
    )


def _led(indicator: dict) -> str:
    name = f"{indicator['indicator_id']} {indicator['label']}"
    if indicator["is_shared_name"]:
        name = _("{indicator} in {system}").format(
            indicator=name, system=indicator["system"]
        )
    return _("{indicator} ({lead})").format(
        indicator=name, lead=tables.signed(indicator["lead"])
    )
