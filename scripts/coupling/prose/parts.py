"""What a manuscript is made of: tables with their columns, and figures."""

from collections.abc import Callable
from dataclasses import dataclass, field

from coupling.words import tables

Value = str | float | int | None


def four_decimals(value: float) -> str:
    """Return a number with four decimals, as the field prints weights and degrees."""
    return f"{value:.4f}".replace("-", tables.MINUS)


def per_cent(number: float) -> str:
    """Return a number of per cent with two decimals and no sign."""
    return f"{number:.2f}"


def whole(number: float) -> str:
    """Return a whole number with commas between thousands."""
    return f"{number:,.0f}"


@dataclass(frozen=True)
class Column:
    """A column: its heading, how a number in it is printed, how wide it is.

    `width` counts in parts of the page's width that the columns share out; words begin
    at the left, all else stands in the middle.
    """

    heading: str
    digits: Callable[[float], str] = four_decimals
    width: float = 1.0
    has_words: bool = False

    def printed(self, value: Value) -> str:
        """Return a value as printed: text as it is, a dash for none."""
        if value is None:
            return tables.EN_DASH
        return value if isinstance(value, str) else self.digits(value)


def words(heading: str, width: float) -> Column:
    """Return a column of words."""
    return Column(heading, width=width, has_words=True)


@dataclass(frozen=True)
class Table:
    """A table: text and numbers in full precision, None where there is nothing.

    `name` is that of its sheet. The values of the first column head blocks of rows if
    `is_grouped`; the columns before `stub` are repeated where the others, of which
    `across` fit beside each other, go on below.
    """

    name: str
    caption: str
    columns: list[Column]
    rows: list[list[Value]]
    notes: list[str] = field(default_factory=list)
    is_grouped: bool = False
    stub: int = 1
    across: int = 10

    def parts(self) -> list[list[int]]:
        """Return the columns of each part that fits across a page, in order."""
        first = int(self.is_grouped)
        stub = list(range(first, self.stub))
        others = list(range(self.stub, len(self.columns)))
        cuts = range(0, len(others), self.across)
        return [stub + others[cut : cut + self.across] for cut in cuts] or [stub]

    def blocks(self) -> list[tuple[str | None, list[list[Value]]]]:
        """Return the rows with the heading that they stand under, None without one."""
        if not self.is_grouped:
            return [(None, self.rows)]
        found: list[tuple[str | None, list[list[Value]]]] = []
        for row in self.rows:
            heading = self.columns[0].printed(row[0])
            if not found or found[-1][0] != heading:
                found.append((heading, []))
            found[-1][1].append(row)
        return found


@dataclass(frozen=True)
class Figure:
    """A figure: the name of its files, its caption and its Vega-Lite specification."""

    name: str
    caption: str
    specification: dict
