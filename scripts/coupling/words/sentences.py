"""Sentences that stand in the tables, told in the language spoken.

The models write reasons, claims and notes in English. `templates/sentences.yml` holds
their forms with a `{part}` for all that changes; `translations/` holds the counterparts
of the forms, and the parts are told in turn. Parts whose names begin with `listed` are
lists. Of several forms that fit, the first is taken.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, reduce

import yaml

from coupling.base.paths import REPORTS
from coupling.words.language import ENGLISH, _, spoken
from coupling.words.tables import with_minus

FILE = REPORTS / "templates" / "sentences.yml"
PART = re.compile(r"\{(\w+)\}")
BETWEEN = re.compile(r", | and ")

LETTER = re.compile(r"[A-Za-z%]")

# names, and the texts told before
_known_names: ContextVar[tuple[dict, dict]] = ContextVar("names")


@contextmanager
def knowing(names: dict[str, str]) -> Iterator[None]:
    """Let sentences told inside the block give these names for the English ones."""
    token = _known_names.set((names, {}))
    try:
        yield
    finally:
        _known_names.reset(token)


@cache
def patterns() -> list[str]:
    """Return the forms of sentences, and the words that stand in them."""
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def told(text: str | None) -> str | None:
    """Return a sentence of a table in the language spoken; as it is where unknown.

    Numbers below zero get a minus, as in the rest of the page.
    """
    if text is None:
        return None
    if spoken() == ENGLISH or not LETTER.search(text):
        return with_minus(text)
    before = _known_names.get(({}, {}))[1]
    key = spoken(), text
    if key not in before:
        found = _known(text) or _formed(text) or text
        before[key] = with_minus(found)
    return before[key]


def told_list(text: str | None) -> str | None:
    """Return the parts of 'A, B and C' or of 'A; B', each told, as a list."""
    if text is None or spoken() == ENGLISH:
        return text
    known = _known(text)
    if known:
        return known
    parts = text.split("; ") if "; " in text else BETWEEN.split(text)
    return _(", ").join(told(part) or "" for part in parts)


def told_place(text: str | None) -> str | None:
    """Return the parts of 'Fujian, typhoon, 2024', each told, one after the other."""
    if text is None or spoken() == ENGLISH:
        return text
    parts = [told_list(part) for part in text.split(", ")]
    return reduce(lambda a, b: _("{before}, {after}").format(before=a, after=b), parts)


def _known(text: str) -> str | None:
    """Return the counterpart of a name or of a text without parts, None without one."""
    name = _known_names.get(({}, {}))[0].get(text) or _(text)
    return name if name != text else None


def _formed(text: str) -> str | None:
    """Return the counterpart of a text that has one of the forms, None without one."""
    for pattern, literals, form in _forms():
        if all(literal in text for literal in literals):
            found = form.fullmatch(text)
            if found:
                parts = {
                    name: told_list(part) if name.startswith("listed") else told(part)
                    for name, part in found.groupdict().items()
                }
                return _(pattern).format(**parts)
    return None


@cache
def _forms() -> list[tuple[str, list[str], re.Pattern]]:
    """Return each pattern with its fixed parts and its expression."""
    forms = []
    for pattern in patterns():
        pieces = PART.split(pattern)
        if len(pieces) == 1:
            continue
        expression = "".join(
            f"(?P<{piece}>.+?)" if place % 2 else re.escape(piece)
            for place, piece in enumerate(pieces)
        )
        literals = [piece for piece in pieces[::2] if piece]
        forms.append((pattern, literals, re.compile(expression, re.DOTALL)))
    return forms
