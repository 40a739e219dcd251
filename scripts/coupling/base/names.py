"""Names that a user asks for: known ones, or the nearest there are."""

from collections.abc import Iterable
from difflib import get_close_matches


class NotThereError(Exception):
    """What was asked for is not there; the message says what is."""


def known(what: str, asked: str, there: list[str]) -> str:
    """Return what was asked for; raise NotThereError with the nearest if it is not."""
    if asked in there:
        return asked
    raise NotThereError(f"There is no {what} {asked!r}. {nearest(asked, there)}")


def nearest(asked: str, there: Iterable[str], listed: Iterable[str] = ()) -> str:
    """Return a sentence with the names nearest to one, or else with those listed."""
    by_lower = {name.casefold(): name for name in there}
    asked = asked.casefold()
    near = [name for name in by_lower if asked and asked in name][:3]
    near = near or get_close_matches(asked, by_lower, n=3, cutoff=0.5)
    if near:
        return f"Nearest: {', '.join(by_lower[name] for name in near)}."
    return f"There are: {', '.join(listed or by_lower.values())}."
