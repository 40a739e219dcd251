"""How numbers and codes are written on the pages."""

import re

from coupling.words import tables
from coupling.words.language import CHINESE, spoken

PAIR = 2
LARGE = 1_000_000
WHOLE_FROM = 100
# the hyphen of -0.5, also behind Chinese, not that of 2020-2021 or of a code
BELOW_ZERO = re.compile(r"(?<![\w.-])-(?=\d)", re.ASCII)


def difference(value: float | None) -> str:
    """Return a signed number with three decimals, a dash for none."""
    return tables.EN_DASH if value is None else tables.signed(value)


def rate(percentage: float | None) -> str:
    """Return a loss rate in per cent with four decimals, a dash for none."""
    if percentage is None:
        return tables.EN_DASH
    return f"{percentage:.4f}".replace("-", tables.MINUS)


def change(percentage: float | None) -> str:
    """Return a signed percentage with one decimal, a dash for none."""
    if percentage is None:
        return tables.EN_DASH
    text = f"{percentage:+.1f}"
    text = text[1:] if float(text) == 0 else text.replace("-", tables.MINUS)
    return f"{text}%"


def per_cent(percentage: float | None) -> str:
    """Return a percentage with one decimal, without a plus, a dash for none."""
    return change(percentage).removeprefix("+")


def count(number: int | None) -> str:
    """Return a whole number with commas between thousands, a dash for none."""
    return tables.EN_DASH if number is None else f"{number:,.0f}"


def how_many(number: int) -> str:
    """Return a number before what it counts; Chinese has a word of its own for two."""
    is_two = number == PAIR and spoken() == CHINESE
    return "两" if is_two else f"{number:,}"


def plain(code: str) -> str:
    """Return a code as words: 'no_series' is 'no series'."""
    return code.replace("_", " ")


def as_printed(number: float | None) -> str:
    """Return a number with six digits or, where it is large, whole; a dash for none."""
    if number is None:
        return tables.EN_DASH
    text = f"{number:.6g}" if abs(number) < LARGE else f"{number:.0f}"
    return text.replace("-", tables.MINUS)


def three_digits(number: float | None) -> str:
    """Return a measure with three digits, from 100 on whole; a dash for none."""
    if number is None or number != number:
        return tables.EN_DASH
    is_whole = isinstance(number, int) or abs(number) >= WHOLE_FROM
    return f"{number:,.0f}" if is_whole else f"{number:.3g}"


def with_minus(text: str | None) -> str | None:
    """Return a sentence of a table with a minus before its numbers below zero."""
    return None if text is None else BELOW_ZERO.sub(tables.MINUS, text)
