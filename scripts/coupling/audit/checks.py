"""One row per claim: what a paper prints, what follows, whether the two agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

import pandas as pd

from coupling.audit.intervals import Interval, at_most, exact, printed

AGREES, DISAGREES = "agrees", "disagrees"
CANNOT = "cannot_be_recomputed"
NUMBERS = ("printed_value", "recomputed_value", "difference", "tolerance")
COMPARISONS = {
    "equals": "",
    "above": "above ",
    "at_least": "at least ",
    "below": "below ",
    "at_most": "at most ",
}


@dataclass(frozen=True)
class Place:
    """Where a claim stands, and the check that it goes through.

    `key` tells it from the other claims about the table; with paper and table it makes
    the check_id.
    """

    paper_id: str
    table_name: str
    check_name: str
    key: str
    place: str

    @property
    def check_id(self) -> str:
        """A readable key: '03_table_4_growth_beijing_2009_2014_n5'."""
        return slug(f"{self.paper_id} {self.table_name} {self.key}")


@dataclass(frozen=True)
class Check:
    """One row of the audit; numbers are None where the claim is not one."""

    check_id: str
    paper_id: str
    table_name: str
    place: str
    claim: str
    check_name: str
    printed_value: float | None
    printed_text: str
    recomputed_value: float | None
    recomputed_text: str | None
    difference: float | None
    tolerance: float | None
    verdict: str
    explanation: str


def slug(text: str) -> str:
    """Return the text as a key: lower case, words joined by underscores."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def rows(frame: pd.DataFrame) -> list[dict]:
    """Return the rows as dictionaries, None for missing values."""
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def frame(checks: Iterable[Check]) -> pd.DataFrame:
    """Return the checks as a table, one row per check, in their order."""
    columns = list(Check.__dataclass_fields__)
    types = dict.fromkeys(columns, "string") | dict.fromkeys(NUMBERS, "float64")
    table = pd.DataFrame([asdict(check) for check in checks], columns=columns)
    return table.astype(types)


def number(
    place: Place,
    claim: str,
    text: str,
    found: Interval | None,
    how: str,
    comparison: str = "equals",
    is_exact: bool = False,
    by_whom: str = "the paper says",
) -> Check:
    """Check a printed number, or a bound that the paper states.

    Parameters
    ----------
    place
        Where the number stands.
    claim
        What is said of it, in a short statement.
    text
        The number as printed; its decimals say how far it is rounded.
    found
        The number recomputed; None if it cannot be, and then `how` says why.
    how
        The computation in words or as a formula with its numbers.
    comparison
        A key of `COMPARISONS`: how the recomputed number stands to the printed one.
    is_exact
        True for counts and stated bounds, which are not rounded.
    by_whom
        Who wants it so: the paper, or the nature of the number ("it should be").

    """
    value = printed(text)
    if found is None:
        return _cannot(place, claim, text, how, value.value)
    if is_exact:
        value = exact(value.value)
    agrees = {
        "equals": found.meets(value),
        "above": found.upper > value.lower,
        "at_least": at_most(value.lower, found.upper),
        "below": found.lower < value.upper,
        "at_most": at_most(found.lower, value.upper),
    }[comparison]
    said = COMPARISONS[comparison] + text
    gap = found.value - value.value
    # the room on the side on which the printed number lies
    room = found.value - found.lower if gap > 0 else found.upper - found.value
    room += value.upper - value.value
    shown = _shown(found, len(text.partition(".")[2]))
    return _check(
        place,
        claim,
        printed_value=value.value,
        printed_text=said,
        recomputed_value=found.value,
        difference=gap,
        tolerance=max(room, 0.0),
        verdict=AGREES if agrees else DISAGREES,
        explanation=f"{how} gives {shown}, {_but(agrees)} {by_whom} {said}.",
    )


def within(
    place: Place,
    claim: str,
    bounds: tuple[float, float],
    found: Interval,
    how: str,
) -> Check:
    """Check that a quantity that the printed numbers imply can be what it is."""
    low, high = bounds
    agrees = at_most(found.lower, high) and at_most(low, found.upper)
    said = f"between {low:g} and {high:g}"
    return _check(
        place,
        claim,
        printed_text=said,
        recomputed_value=found.value,
        tolerance=max(found.upper - found.value, found.value - found.lower),
        verdict=AGREES if agrees else DISAGREES,
        explanation=f"{how} gives {_shown(found, 2)}, {_but(agrees)} it has to lie "
        f"{said}.",
    )


def name(
    place: Place,
    claim: str,
    text: str,
    possible: Iterable[str],
    how: str,
    found: Interval | None = None,
) -> Check:
    """Check a printed word against all that the figures allow, the likeliest first.

    Nothing possible means that nothing is known: the claim cannot be recomputed.
    """
    possible = list(possible)
    if not possible:
        return _cannot(place, claim, text, how)
    agrees = text.casefold() in [one.casefold() for one in possible]
    return _check(
        place,
        claim,
        printed_text=text,
        recomputed_value=found.value if found else None,
        recomputed_text=" or ".join(possible),
        verdict=AGREES if agrees else DISAGREES,
        explanation=f"{how} gives {' or '.join(possible)}, {_but(agrees)} the paper "
        f"says {text}.",
    )


def sentences(
    claims: pd.DataFrame, paper_id: str, quantities: dict[str, Callable]
) -> list[Check]:
    """Check the sentences of a paper.

    Parameters
    ----------
    claims
        Rows of the seed of claims, of all papers.
    paper_id
        The paper whose claims to check.
    quantities
        {name: function of subject and year}; a function returns what it found, an
        Interval, a list of words or None, and how.

    Raises
    ------
    ValueError
        A claim names a quantity that is not among these.

    """
    checked = []
    for claim in rows(claims[claims["paper_id"] == paper_id].sort_values("claim_id")):
        if claim["quantity"] not in quantities:
            raise ValueError(
                f"claim {claim['claim_id']}: no quantity {claim['quantity']!r}; "
                f"paper {paper_id} has {', '.join(sorted(quantities))}"
            )
        year = None if claim["year"] is None else int(claim["year"])
        found, how = quantities[claim["quantity"]](claim["subject"], year)
        where = Place(
            paper_id, claim["table_name"], "text", claim["claim_id"], claim["place"]
        )
        if claim["printed_kind"] == "text":
            checked.append(
                name(where, claim["statement"], claim["printed"], found or [], how)
            )
        else:
            checked.append(
                number(
                    where,
                    claim["statement"],
                    claim["printed"],
                    found,
                    how,
                    claim["comparison"],
                    is_exact=claim["printed_kind"] == "exact",
                )
            )
    return checked


def not_printed(what: str) -> Callable:
    """Return a quantity that nobody can recompute, because `what` is not printed."""
    return lambda subject, year: (None, what)


def _cannot(
    place: Place, claim: str, text: str, why: str, value: float | None = None
) -> Check:
    return _check(
        place,
        claim,
        printed_value=value,
        printed_text=text,
        verdict=CANNOT,
        explanation=f"The paper prints {text}, which cannot be recomputed: {why}.",
    )


def _check(place: Place, claim: str, **values) -> Check:
    blank = dict.fromkeys(Check.__dataclass_fields__)
    # binary fractions leave noise beyond the twelfth decimal
    for column in NUMBERS:
        if values.get(column) is not None:
            values[column] = round(values[column], 12)
    known = {
        "check_id": place.check_id,
        "paper_id": place.paper_id,
        "table_name": place.table_name,
        "place": place.place,
        "claim": claim,
        "check_name": place.check_name,
    }
    return Check(**{**blank, **known, **values})


def _but(agrees: bool) -> str:
    return "and" if agrees else "but"


def _shown(found: Interval, decimals: int) -> str:
    """Return a number with more decimals than printed, and its ends if apart."""
    numbers = (found.value, found.lower, found.upper)
    if all(number == round(number) for number in numbers):
        value, lower, upper = (f"{number:.0f}" for number in numbers)
        apart = f" ({lower} to {upper} possible)"
    else:
        places = decimals + 2 if abs(found.value) >= 10 else max(decimals + 2, 4)
        value, lower, upper = (f"{number:.{places}f}" for number in numbers)
        apart = f" ({lower} to {upper} with rounding)"
    return value if lower == upper else value + apart
