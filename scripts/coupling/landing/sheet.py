"""A table as text, whatever file it was in, and how large it may be."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

MAX_BYTES = 50 * 1024 * 1024
# of all sheets together
MAX_CELLS = 4_000_000
# a spreadsheet holds no longer text in a cell
LONGEST_CELL = 32_767
# of all cells together, whatever few texts they share
MAX_CHARACTERS = 40_000_000


class FileError(Exception):
    """A file that cannot be read: one sentence."""


@dataclass
class Sheet:
    """A table as text: rows of cells, '' where blank, and each row's number.

    `widths` has the number of fields of each row where a missing field shows damage, in
    CSV; None elsewhere. `is_binary` where numbers were stored and not written, so that
    a percent sign may be a matter of format. `merged` has the first row and column of
    the merged cells that a cell, by row and column, is one of.
    """

    name: str
    rows: list[list[str]]
    lines: list[int]
    widths: list[int] | None = None
    is_binary: bool = False
    delimiter: str = ""
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)


def refuse_if_large(name: str, sheets: Iterable[Sheet]) -> list[Sheet]:
    """Return the sheets; raise FileError as soon as they hold too much together.

    What counts is what cells have become, not what the file weighs.
    """
    kept, cells, characters = [], 0, 0
    for sheet in sheets:
        cells += sum(map(len, sheet.rows))
        refuse_cells(name, cells)
        longest = 0
        for row in sheet.rows:
            lengths = list(map(len, row))
            longest = max(longest, max(lengths, default=0))
            characters += sum(lengths)
        if longest > LONGEST_CELL:
            raise FileError(
                f"{name} has a text of {longest:,} characters; a cell holds up to"
                f" {LONGEST_CELL:,}"
            )
        if characters > MAX_CHARACTERS:
            raise FileError(
                f"{name} has cells of {characters:,} characters in all; up to"
                f" {MAX_CHARACTERS:,} are landed"
            )
        kept.append(sheet)
    return kept


def refuse_cells(name: str, cells: int) -> None:
    """Raise FileError if a file, or what is read of it, has too many cells."""
    if cells > MAX_CELLS:
        raise FileError(f"{name} has more than {MAX_CELLS:,} cells")


def stored_text(value) -> str:
    """A stored value as text; whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        if value != value:
            return ""
        return (
            str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        )
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)
