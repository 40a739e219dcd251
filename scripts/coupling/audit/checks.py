"""One row per claim: what a paper prints, what follows, whether the two agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

import pandas as pd

from coupling.audit.intervals import Interval, at_most, exact, printed
from coupling.words.in_both import Both, in_both

AGREES, DISAGREES = "agrees", "disagrees"
CANNOT = "cannot_be_recomputed"
NUMBERS = ("printed_value", "recomputed_value", "difference", "tolerance")
# columns of a check that stand in both languages
IN_BOTH = ("place", "claim", "printed_text", "recomputed_text", "explanation")
# says of a printed number, or of a bound, that it is wanted, and by whom
Wanted = Callable[[Both], Both]


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
    place: Both

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
    place: Both
    claim: Both
    check_name: str
    printed_value: float | None
    printed_text: Both
    recomputed_value: float | None
    recomputed_text: Both | None
    difference: float | None
    tolerance: float | None
    verdict: str
    explanation: Both


def slug(text: str) -> str:
    """Return the text as a key: lower case, words joined by underscores."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def rows(frame: pd.DataFrame) -> list[dict]:
    """Return the rows as dictionaries, None for missing values."""
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def frame(checks: Iterable[Check]) -> pd.DataFrame:
    """Return the checks as a table, one row per check, in their order.

    What is said in Chinese stands in a column `_zh` behind the English one.
    """
    columns = []
    for column in Check.__dataclass_fields__:
        columns += [column, f"{column}_zh"] if column in IN_BOTH else [column]
    types = dict.fromkeys(columns, "string") | dict.fromkeys(NUMBERS, "float64")
    table = pd.DataFrame([list(_cells(check)) for check in checks], columns=columns)
    return table.astype(types)


def _cells(check: Check) -> Iterator[str | float | None]:
    for column, value in vars(check).items():
        if column in IN_BOTH:
            yield from value or (None, None)
        else:
            yield value


def alike(text: object) -> Both:
    """Return a number, code or formula, which both languages write alike."""
    return Both(str(text), str(text))


def placed(*parts: Both) -> Both:
    """Return the parts of a place, one after the other."""
    return reduce(
        lambda before, after: in_both("{before}, {after}", before=before, after=after),
        parts,
    )


def parts_of(difference: Both) -> list[Both]:
    """Return 'east' and 'central' of 'east - central', each in both languages."""
    parts = zip(*(text.split(" - ") for text in difference), strict=True)
    return [Both(*part) for part in parts]


def paper_says(value: Both) -> Both:
    """Say that the paper has it in its text."""
    return in_both("the paper says {value}", value=value)


def paper_prints(value: Both) -> Both:
    """Say that the paper has it in a table."""
    return in_both("the paper prints {value}", value=value)


def should_be(value: Both) -> Both:
    """Say that the nature of the number wants it so."""
    return in_both("it should be {value}", value=value)


def number(
    place: Place,
    claim: Both,
    text: str,
    found: Interval | None,
    how: Both,
    comparison: str = "equals",
    is_exact: bool = False,
    wanted: Wanted = paper_says,
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
        How the recomputed number stands to the printed one, as in `_bound`.
    is_exact
        True for counts and stated bounds, which are not rounded.
    wanted
        Says who wants it so: the paper, or the nature of the number.

    """
    value = printed(text)
    if found is None:
        return _cannot(place, claim, alike(text), how, value.value)
    if is_exact:
        value = exact(value.value)
    agrees = {
        "equals": found.meets(value),
        "above": found.upper > value.lower,
        "at_least": at_most(value.lower, found.upper),
        "below": found.lower < value.upper,
        "at_most": at_most(found.lower, value.upper),
    }[comparison]
    said = _bound(comparison, text)
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
        explanation=_explained(how, shown, wanted(said), agrees=agrees),
    )


def within(
    place: Place,
    claim: Both,
    bounds: tuple[float, float],
    found: Interval,
    how: Both,
) -> Check:
    """Check that a quantity that the printed numbers imply can be what it is."""
    low, high = bounds
    agrees = at_most(found.lower, high) and at_most(low, found.upper)
    ends = {"low": f"{low:g}", "high": f"{high:g}"}
    wanted = in_both("it has to lie between {low} and {high}", **ends)
    return _check(
        place,
        claim,
        printed_text=in_both("between {low} and {high}", **ends),
        recomputed_value=found.value,
        tolerance=max(found.upper - found.value, found.value - found.lower),
        verdict=AGREES if agrees else DISAGREES,
        explanation=_explained(how, _shown(found, 2), wanted, agrees=agrees),
    )


def name(
    place: Place,
    claim: Both,
    text: Both,
    possible: Iterable[Both],
    how: Both,
    found: Interval | None = None,
) -> Check:
    """Check a printed word against all that the figures allow, the likeliest first.

    Nothing possible means that nothing is known: the claim cannot be recomputed.
    """
    possible = list(possible)
    if not possible:
        return _cannot(place, claim, text, how)
    agrees = text.en.casefold() in [one.en.casefold() for one in possible]
    either = either_of(possible)
    return _check(
        place,
        claim,
        printed_text=text,
        recomputed_value=found.value if found else None,
        recomputed_text=either,
        verdict=AGREES if agrees else DISAGREES,
        explanation=_explained(how, either, paper_says(text), agrees=agrees),
    )


def either_of(texts: Iterable[Both]) -> Both:
    """Return texts of which any one may hold."""
    return reduce(
        lambda one, other: in_both("{one} or {other}", one=one, other=other), texts
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
        {name: function of subject and year}; the subject is in both languages. A
        function returns what it found, an Interval, a list of words or None, and how.

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
        found, how = quantities[claim["quantity"]](_of(claim, "subject"), year)
        where = Place(
            *(paper_id, claim["table_name"], "text", claim["claim_id"]),
            _of(claim, "place"),
        )
        statement = _of(claim, "statement")
        if claim["printed_kind"] == "text":
            checked.append(
                name(where, statement, _of(claim, "printed"), found or [], how)
            )
        else:
            checked.append(
                number(
                    where,
                    statement,
                    claim["printed"],
                    found,
                    how,
                    claim["comparison"],
                    is_exact=claim["printed_kind"] == "exact",
                )
            )
    return checked


def _of(claim: dict, column: str) -> Both:
    """Return a text of a claim; blank in Chinese where it is the same."""
    return Both(claim[column], claim[f"{column}_zh"] or claim[column])


def not_printed(what: Both) -> Callable:
    """Return a quantity that nobody can recompute, because `what` is not printed."""
    return lambda subject, year: (None, what)


def _cannot(
    place: Place, claim: Both, text: Both, why: Both, value: float | None = None
) -> Check:
    return _check(
        place,
        claim,
        printed_value=value,
        printed_text=text,
        verdict=CANNOT,
        explanation=in_both(
            "The paper prints {value}, which cannot be recomputed: {why}.",
            value=text,
            why=why,
        ),
    )


def _check(place: Place, claim: Both, **values) -> Check:
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


def _bound(comparison: str, text: str) -> Both:
    """Return a printed number as what it bounds."""
    bounds: dict[str, Wanted] = {
        "equals": lambda value: value,
        "above": lambda value: in_both("above {value}", value=value),
        "at_least": lambda value: in_both("at least {value}", value=value),
        "below": lambda value: in_both("below {value}", value=value),
        "at_most": lambda value: in_both("at most {value}", value=value),
    }
    return bounds[comparison](alike(text))


def _explained(how: Both, found: Both, wanted: Both, *, agrees: bool) -> Both:
    parts = {"step": how, "found": found, "wanted": wanted}
    if agrees:
        return in_both("{step} gives {found}, and {wanted}.", **parts)
    return in_both("{step} gives {found}, but {wanted}.", **parts)


def _shown(found: Interval, decimals: int) -> Both:
    """Return a number with more decimals than printed, and its ends if apart."""
    numbers = (found.value, found.lower, found.upper)
    is_whole = all(number == round(number) for number in numbers)
    places = decimals + 2 if abs(found.value) >= 10 else max(decimals + 2, 4)
    value, low, high = (f"{number:.{0 if is_whole else places}f}" for number in numbers)
    if low == high:
        return alike(value)
    parts = {"value": value, "low": low, "high": high}
    if is_whole:
        return in_both("{value} ({low} to {high} possible)", **parts)
    return in_both("{value} ({low} to {high} with rounding)", **parts)
