"""What stands out between regions, belts and grades, in plain sentences."""

import pandas as pd

from coupling_reports import tables
from coupling_reports.language import _, ngettext

# what rounds to 0.000 is told as no difference
DIGITS = 3


def belt_names() -> dict[str, str]:
    """Return the names of the three belts in the language spoken."""
    return {"east": _("East"), "central": _("Central"), "west": _("West")}


def between_belts(belts: pd.DataFrame) -> str | None:
    """Say mean D of each belt in the last year, and which belt gained most.

    Parameters
    ----------
    belts
        `queries.belt_means`; None comes of fewer than two belts in its last year.

    """
    if belts.empty:
        return None
    first, last = int(belts["year"].min()), int(belts["year"].max())
    names = belt_names()
    rows = tables.records(belts[belts["year"] == last])
    found = {row["belt"]: row["degree"] for row in rows}
    now = {belt: found[belt] for belt in [*names, *found] if belt in found}
    if not len(now) > 1:
        return None
    before = dict(belts.loc[belts["year"] == first, ["belt", "degree"]].to_numpy())
    sentence = _("Mean D by belt in {last}: {degrees}").format(
        last=last,
        degrees=tables.joined(
            [
                _("{belt} {degree}").format(
                    belt=names.get(belt, belt), degree=tables.degree(degree)
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
        gained = [names.get(belt, belt) for belt in gains if gains[belt] == most]
        if most > 0:
            sentence += _("; {belts} gained most since {first} ({change})").format(
                belts=tables.joined(gained), first=first, change=tables.signed(most)
            )
        else:
            sentence += _("; no belt has gained since {first}").format(first=first)
    return sentence + _(".")


def change_of_gap(gaps: pd.DataFrame) -> str | None:
    """Say how far apart the regions were in the first year and are in the last.

    Parameters
    ----------
    gaps
        `queries.regional_gap`; a year of a single region counts as none.

    """
    gaps = gaps[gaps["coefficient_of_variation"].notna()]
    if gaps.empty:
        return None
    first, last = gaps.iloc[0], gaps.iloc[-1]
    numbers = {
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
        `queries.results`; regions with a grade in its first and in its last year count.

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
    """Say where a region stands in a study in the last year, and against its belt.

    Parameters
    ----------
    row
        A row of `region_queries.standing`.

    """
    if row["status"] != "computed":
        reason = row["status_reason"] or row["status"]
        return _("{study}: not computed in {year}: {reason}.").format(
            study=row["study"], year=row["year"], reason=_(reason)
        )
    return _(
        "{study}: D = {degree} in {year}, rank {rank} of {regions}, {grade}; {belt}."
    ).format(
        study=row["study"],
        degree=tables.degree(row["degree"]),
        year=row["year"],
        rank=row["coordination_rank"],
        regions=row["region_count"],
        grade=row["grade"],
        belt=_against_belt(row),
    )


def _against_belt(row: dict) -> str:
    if row["belt_region_count"] == 1:
        return _("the only region of its belt with a result")
    lead = round(row["degree"] - row["belt_mean"], DIGITS)
    if lead > 0:
        sentence = _("{difference} above the mean of its belt, {mean}")
    elif lead < 0:
        sentence = _("{difference} below the mean of its belt, {mean}")
    else:
        sentence = _("at the mean of its belt, {mean}")
    return sentence.format(
        difference=tables.degree(abs(lead)), mean=tables.degree(row["belt_mean"])
    )


def extremes(ahead: list[dict], behind: list[dict], *, is_compared: bool) -> str:
    """Say in which indicators a region is furthest above and below its belt.

    Parameters
    ----------
    ahead, behind
        Rows of `region_queries.against_belt` above and below the mean, furthest first.
    is_compared
        Whether any indicator of the region has a value.

    """
    if not is_compared:
        return _("No indicator has a value to set against the mean of the belt.")
    if ahead and behind:
        sentence = _(
            "Against the mean of its belt it is strongest in {strongest} and weakest "
            "in {weakest}."
        )
    elif ahead:
        sentence = _(
            "Against the mean of its belt it is strongest in {strongest}; it has no "
            "weakness: no indicator is below that mean."
        )
    elif behind:
        sentence = _(
            "Against the mean of its belt it is weakest in {weakest}; it has no "
            "strength: no indicator is above that mean."
        )
    else:
        sentence = _(
            "It has neither strengths nor weaknesses: no indicator differs from the "
            "mean of the belt."
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
