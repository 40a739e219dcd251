"""Read single texts of a table: labels, numbers, years; and make texts safe to show."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

YEARS = range(1949, 2101)

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
FULL_WIDTH_SIGNS = "\uff1d\uff0b\uff0d\uff20"
MISSING = {
    *("", "…", "……", "...", "......", "..", "—", "——", "\u2013", "-", "--", "#", "x"),
    *("n.a.", "na", "n/a", "#n/a", "nan", "null", "none"),
}
# not normalised to digits before they are taken off: ① would become 1
NOTES = r"[①-⑳]|\*|\[注?[0-9]{1,2}\]|\(注[0-9]{0,2}\)|[¹²³⁴-⁹†‡※]"
# one note, at the end of what is looked at
FIGURE_NOTE = re.compile(rf"(?:{NOTES}|\([0-9]{{1,2}}\))$")
LABEL_NOTE = re.compile(rf"(?:{NOTES}|[0-9]\))$")
LONGEST_NOTE = 6
# no name of a region, series or unit is as long, no figure either
LONGEST_LABEL = 300
LONGEST_FIGURE = 100
# why a cell is no figure
NO_NUMBER = "not a number"
ODD_COMMA = "a comma that does not separate thousands"
TOO_LARGE = "beyond the numbers that can be kept"
TOO_LONG = f"longer than {LONGEST_FIGURE} characters"
NO_FIGURE = (NO_NUMBER, ODD_COMMA, TOO_LARGE, TOO_LONG)
FIGURE = re.compile(
    r"(?P<number>[+-]?"
    r"(?:[0-9]{1,3}(?P<separator>[, '])[0-9]{3}(?:(?P=separator)[0-9]{3})*"
    r"|[0-9]+|(?=[.][0-9]))"
    r"(?:[.][0-9]*)?(?:[eE][+-]?[0-9]{1,3})?)"
    r"\s*(?P<unit>[^\s0-9.,+'-].*)?"
)
DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})")
YEAR = re.compile(r"(?:FY\s?)?([0-9]{4})(?:[.]0+)?\s?(年度?)?", re.IGNORECASE)
# what a name says of the kind of place that it is
PLACE_ENDINGS = ("市", "地区", "盟", "自治州")
# as `key` leaves them: no blanks, no capitals
ENGLISH_ENDINGS = re.compile(r"(?:city|-shi|province|municipality|prefecture)$")
NUMBER_ONLY = re.compile(r"[+-]?[0-9]+(?:[.][0-9]*)?(?:[eE][+-]?[0-9]+)?")
FORMULA_SIGNS = ("=", "+", "-", "@", *FULL_WIDTH_SIGNS)


@lru_cache(maxsize=100_000)
def clean(text: str) -> str:
    """A text in half-width letters, with single blanks and nothing invisible."""
    text = text.translate(FULL_WIDTH).translate(ZERO_WIDTH)
    return " ".join(text.split())


def label(text: str) -> str:
    """A text that may be a name, clean; '' for one longer than any name."""
    text = clean(text)
    return text if len(text) <= LONGEST_LABEL else ""


@lru_cache(maxsize=100_000)
def key(text: str) -> str:
    """What two spellings of one label share: no blanks, no case, no notes."""
    return without_notes(clean(text), LABEL_NOTE).replace(" ", "").casefold()


def short_place(name: str) -> str:
    """A name of a region, Chinese or as `key` leaves it, without the word for city."""
    for ending in PLACE_ENDINGS:
        short = name.removesuffix(ending)
        if short != name and len(short) > 1:
            return short
    return ENGLISH_ENDINGS.sub("", name) or name


def without_notes(text: str, note: re.Pattern[str]) -> str:
    """A text without the notes at its end and the blanks before them.

    Notes are taken off one by one from behind, so the time grows with their number and
    not with its square.
    """
    end = len(text)
    while match := note.search(text, max(0, end - LONGEST_NOTE), end):
        end = match.start()
        while end and text[end - 1].isspace():
            end -= 1
    return text[:end]


def visible(text: str, limit: int = 200) -> str:
    """A text without control characters, cut to `limit`, for terminals and tables."""
    shown = "".join(
        " " if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs") else c
        for c in text
    )
    return shown if len(shown) <= limit else shown[: limit - 3] + "..."


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula: a quote before = + - @.

    Numbers keep their sign. Control characters are blanks in the result.
    """
    text = visible(text, 1000)
    return f"'{text}" if _is_formula(text) else text


def no_formula(value: Any) -> Any:
    """Return a cell of a CSV file so that no spreadsheet takes a text for a formula.

    A text that begins with = + - @ or a control character gets a quote before it;
    numbers, lone signs and what is no text stay as they are.
    """
    if not isinstance(value, str) or value.strip() in ("", "+", "-"):
        return value
    is_hidden = value.lstrip(" ")[0] in "\t\r\n"
    return f"'{value}" if is_hidden or _is_formula(value) else value


def _is_formula(text: str) -> bool:
    """Say whether a spreadsheet would take a text for a formula."""
    return text.lstrip()[:1] in FORMULA_SIGNS and not NUMBER_ONLY.fullmatch(text)


def column_letter(column: int) -> str:
    """Name of a column as spreadsheets have it; 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True)
class Figure:
    """What a cell says: a number, nothing (both None and ''), or a fault.

    `unit` is what stands behind the number, such as the percent sign.
    """

    value: Decimal | None = None
    unit: str = ""
    fault: str = ""

    @property
    def is_blank(self) -> bool:
        """True for a blank or a mark that stands for one."""
        return self.value is None and not self.fault


@lru_cache(maxsize=100_000)
def read_figure(text: str) -> Figure:
    """Read the text of a cell as a number, exactly as written.

    Notes behind it are dropped, and so are separators of thousands that stand every
    three digits. Marks for 'not published' are blanks.
    """
    cleaned = clean(text).replace("\u2212", "-")
    if len(cleaned) > LONGEST_FIGURE:
        return Figure(fault=TOO_LONG)
    cleaned = cleaned if cleaned.casefold() in MISSING else _without_notes(cleaned)
    if cleaned.casefold() in MISSING:
        return Figure()
    match = FIGURE.fullmatch(cleaned)
    if match is None:
        if DECIMAL_COMMA.match(cleaned):
            return Figure(fault=ODD_COMMA)
        return Figure(fault=NO_NUMBER)
    try:
        value = Decimal(re.sub(r"[, ']", "", match["number"]))
        as_double = float(value)
    except (InvalidOperation, OverflowError):
        return Figure(fault=NO_NUMBER)
    if as_double in (float("inf"), float("-inf")) or (value and not as_double):
        return Figure(fault=TOO_LARGE)
    return Figure(value, match["unit"] or "")


def _without_notes(text: str) -> str:
    # a note alone is no figure, and (12) may mean minus twelve
    return without_notes(text, FIGURE_NOTE) or text


def read_year(text: str) -> int | None:
    """Four digits as a year, also as 2023年, 2023.0 or FY2023 (China's fiscal year)."""
    if len(text) > LONGEST_LABEL:
        return None
    match = YEAR.fullmatch(without_notes(clean(text), LABEL_NOTE))
    return int(match[1]) if match else None


def number_text(value: Decimal) -> str:
    """A decimal without exponent."""
    return format(value, "f")
