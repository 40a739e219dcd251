"""Find the table of a sheet: its headings, label columns, and columns of figures.

Region, year and indicator each come from a column, from the headings, or from the name
of the sheet; so wide and long panels, a sheet per year and a sheet per indicator are
one case. Rows above the headings name systems and criteria, or directions and units.
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from coupling.base.texts import clean, column_letter, key, read_figure
from coupling.landing.layouts import METADATA, NOTE, UNIT_STATEMENT
from coupling.landing.sheet import Sheet
from coupling.panels import headings
from coupling.panels.headings import Heading, direction_of, is_plain, role_of, year_of

SEARCHED_ROWS = 60
ROWS_ABOVE = 4
STATED = ("system", "criterion", "direction", "unit", "weight")
MOST = 0.5
# fewer figures may be one, two, three by chance
COUNTED = 8
# how figures that may be years begin
CENTURIES = ("19", "20")


@dataclass
class Column:
    """A column of figures: what the rows over it say; None where they do not."""

    place: int
    heading: Heading | None = None
    year: int | None = None
    system: str = ""
    criterion: str = ""


@dataclass
class Table:
    """The table of a sheet; columns by their place from 0, None where there is none."""

    sheet: Sheet
    title: str
    body: range
    columns: list[Column]
    region: int | None = None
    year: int | None = None
    series: int | None = None
    unit: int | None = None
    code: int | None = None
    left_out: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def names_years(self) -> bool:
        """Say whether the table itself says the years of its figures."""
        return self.year is not None or all(c.year for c in self.columns)

    @property
    def names_series(self) -> bool:
        """Say whether the table itself names its indicators."""
        return self.series is not None or all(c.heading for c in self.columns)


def find_table(sheet: Sheet, units=()) -> Table | None:
    """Find the table of a sheet; None if no figures stand under headings."""
    return _Finder(sheet, units).find()


def is_number(text: str) -> bool:
    """Say whether a text is a number, with or without a unit behind it."""
    return is_plain(text) or (bool(text) and read_figure(text).value is not None)


class _Finder:
    """Looks at one sheet."""

    def __init__(self, sheet: Sheet, units):
        self.sheet = sheet
        self.rows = sheet.rows
        self.units = units
        self.width = max(map(len, self.rows), default=0)

    def find(self) -> Table | None:
        anchor = self._anchor()
        start = None if anchor is None else self._body_start(anchor)
        if anchor is None or start is None:
            return None
        self.body = range(start, len(self.rows))
        self.heads = self._heads(anchor, start)
        self.title = self._title(self.heads[0])
        self._measure()
        table = Table(self.sheet, self.title, self.body, [])
        self._label_columns(table)
        self._figure_columns(table)
        return table if table.columns else None

    def text(self, row: int, column: int) -> str:
        cells = self.rows[row]
        return cells[column].strip() if column < len(cells) else ""

    def texts(self, row: int) -> list[str]:
        return [text.strip() for text in self.rows[row] if text.strip()]

    # --- rows ------------------------------------------------------------------------

    def _anchor(self) -> int | None:
        """The first row of headings."""
        searched = range(min(len(self.rows), SEARCHED_ROWS))
        several = [row for row in searched if len(set(self.texts(row))) > 1]
        for row in several:
            if {role_of(t) for t in self.texts(row)} & {"region", "year", "series"}:
                return row
        for row in several:
            if sum(year_of(t) is not None for t in self.texts(row)) > 1:
                return row
        for row in several:
            if not any(map(is_number, self.texts(row))):
                return row
        return None

    def _body_start(self, anchor: int) -> int | None:
        for row in range(anchor + 1, len(self.rows)):
            texts = self.texts(row)
            if not texts or role_of(texts[0]) in STATED or _is_numbering(texts):
                continue
            if all(direction_of(t) for t in texts):
                continue
            numbers = [t for t in texts if is_number(t)]
            if numbers and not all(year_of(t) for t in texts):
                return row
        return None

    def _heads(self, anchor: int, start: int) -> list[int]:
        heads = [row for row in range(anchor, start) if self.texts(row)]
        heads = [row for row in heads if not _is_numbering(self.texts(row))]
        while (above := heads[0] - 1) >= max(0, anchor - ROWS_ABOVE):
            texts = self.texts(above)
            is_said = any(
                METADATA.match(clean(t))
                or UNIT_STATEMENT.search(clean(t))
                or NOTE.match(clean(t))
                for t in texts
            )
            if len(set(texts)) < 2 or is_said or any(map(is_number, texts)):
                break
            heads.insert(0, above)
        return heads

    def _title(self, first: int) -> str:
        for row in range(first):
            if texts := self.texts(row):
                return clean(texts[0])
        return ""

    # --- columns ---------------------------------------------------------------------

    def _measure(self) -> None:
        """Count, by column: cells that are not blank, figures, years, other texts."""
        width = self.width
        self.filled, self.numbers, self.years = [0] * width, [0] * width, [0] * width
        self.distinct: list[set[str]] = [set() for _ in range(width)]
        for row in self.body:
            for column, text in enumerate(self.rows[row]):
                if not text:
                    continue
                is_figure = is_plain(text)
                if not is_figure:
                    figure = read_figure(text)
                    if figure.is_blank:
                        continue
                    is_figure = figure.value is not None
                self.filled[column] += 1
                self.numbers[column] += is_figure
                if text[:2] in CENTURIES or not is_figure:
                    self.years[column] += year_of(text) is not None
                self.distinct[column].add(text.strip())

    def _role(self, column: int) -> str:
        return next(
            (
                role
                for row in reversed(self.heads)
                if (role := role_of(self.text(row, column))) and role not in STATED[:3]
            ),
            "",
        )

    def _label_columns(self, table: Table) -> None:
        roles = {c: self._role(c) for c in range(self.width)}
        used = [c for c in range(self.width) if self.filled[c]]
        across = self._years_across()
        self.labels: set[int] = set()

        def take(column: int | None) -> int | None:
            if column is not None:
                self.labels.add(column)
            return column

        stated = [c for c in used if roles[c] == "year"]
        whole = [c for c in used if self.years[c] == self.filled[c]]
        if not across:
            table.year = take(next(iter(stated or whole), None))
        series = [c for c in used if roles[c] == "series" and not self._is_numeric(c)]
        value = [c for c in used if roles[c] == "value"]
        rest = [
            c
            for c in used
            if self._is_numeric(c)
            and c != table.year
            and roles[c] not in ("skip", "code", "year")
        ]
        if series and (across or value or len(rest) == 1):
            table.series = take(series[0])
            if not across and len(rest) > 1:
                rest = value[:1]
            units = (c for c in used if roles[c] == "unit" and not self._is_numeric(c))
            table.unit = take(next(units, None))
        self.rest = rest
        self._take_regions(table, roles, used, take)
        codes = (c for c in used if roles[c] == "code" and c not in self.labels)
        table.code = take(next((c for c in codes if self._are_codes(c)), None))
        if table.region is None and table.code is not None:
            table.region = table.code
        if table.series is None and not across and len(rest) == 1:
            self._find_series(table, used, take)
        for column in used:
            if column not in self.labels and column not in self.rest:
                why = {"skip": "id", "code": "code"}.get(roles[column], "text")
                table.left_out.append((column, self._name(column), why))

    def _take_regions(self, table: Table, roles, used, take) -> None:
        """Of columns that name regions, the one that tells most of them apart."""
        named = [c for c in used if roles[c] == "region" and c not in self.labels]
        texts = [c for c in named if not self._is_numeric(c)]
        if not named:
            texts = [
                c
                for c in used
                if not self._is_numeric(c)
                and c not in self.labels
                and roles[c] in ("", "skip")
            ]
        numeric = [c for c in named if self._is_numeric(c)]
        if texts:
            most = max(len(self.distinct[c]) for c in texts)
            table.region = take(next(c for c in texts if len(self.distinct[c]) == most))
        elif numeric:
            table.region = take(numeric[0])
        for column in numeric:
            if column != table.region and table.code is None:
                roles[column] = "code"
        self.rest = [c for c in self.rest if c not in self.labels and c not in numeric]

    def _find_series(self, table: Table, used, take) -> None:
        """A long panel whose indicator column has no heading that says so."""
        if table.region is None or table.year is None:
            return

        def pairs(*columns: int) -> int:
            return len({tuple(self.text(r, c) for c in columns) for r in self.body})

        keys = (table.region, table.year)
        if pairs(*keys) * 2 > len(self.body):
            return
        for column in used:
            is_text = not self._is_numeric(column) and column not in self.labels
            if is_text and pairs(*keys, column) == len(self.body):
                table.series = take(column)
                return

    def _years_across(self) -> bool:
        """Say whether figures stand under years."""
        return any(
            sum(year_of(self.text(row, c)) is not None for c in range(self.width)) > 1
            or (
                sum(year_of(t) is not None for t in self.texts(row)) == 1
                and any(role_of(t) == "series" for t in self.texts(row))
            )
            for row in self.heads
        )

    def _is_numeric(self, column: int) -> bool:
        return self.numbers[column] >= MOST * max(1, self.filled[column])

    def _are_codes(self, column: int) -> bool:
        return all(
            (t.isdigit() and len(t) in (2, 4, 6))
            or (t.isascii() and t.isalpha() and t.isupper() and len(t) in (2, 3))
            for t in map(_whole, self.distinct[column])
        )

    def _name(self, column: int) -> str:
        names = (self.text(row, column) for row in reversed(self.heads))
        return clean(next(filter(None, names), ""))

    # --- headings --------------------------------------------------------------------

    def _figure_columns(self, table: Table) -> None:
        columns = [c for c in self.rest if c not in self.labels]
        if table.series is not None and not self._years_across():
            table.columns = [Column(c) for c in columns]
            return
        kinds = self._kinds_of_heads(columns)
        columns = sorted([*columns, *self._blank_columns(kinds)])
        groups = {"system", "criterion"}
        if "year" in kinds.values():
            groups.add("heading")
        for column in columns:
            said = {
                kind: clean(self._over(row, column, columns[0], kind in groups))
                for row, kind in kinds.items()
            }
            found = Column(column, year=year_of(said.get("year", "")))
            if "year" in said and found.year is None:
                table.left_out.append((column, said["year"], "under no year"))
                continue
            if text := said.get("heading"):
                found.heading = self._heading(text, said)
            elif "heading" in said or not said.get("year"):
                table.left_out.append((column, "", "without heading"))
                continue
            found.system = said.get("system", "")
            found.criterion = said.get("criterion", "")
            if why := self._counts(table, column):
                table.left_out.append((column, self._name(column), why))
                continue
            table.columns.append(found)

    def _blank_columns(self, kinds: dict[int, str]) -> list[int]:
        """Columns under a heading that have no figure, here at least."""
        named = [row for row, kind in kinds.items() if kind in ("heading", "year")]
        return [
            c
            for c in range(self.width)
            if not self.filled[c]
            and named
            and all(self.text(row, c) for row in named)
            and not self._role(c)
        ]

    def _heading(self, text: str, said: dict[str, str]) -> Heading:
        found = headings.read_heading(text, self.units)
        unit = said.get("unit", "").strip("()[]")
        direction = direction_of(said.get("direction", "")) or found.direction
        return Heading(found.text, found.label, found.unit or unit, direction)

    def _kinds_of_heads(self, columns: list[int]) -> dict[int, str]:
        """What each row of headings says: heading, year, system, unit, direction."""
        kinds: dict[int, str] = {}
        names = []
        for row in self.heads:
            own = [self.text(row, c) for c in columns]
            given = [t for t in own if t]
            first = role_of(self.texts(row)[0])
            before = columns[0] if columns else 0
            is_said = first in STATED and self._first(row) < before
            if not given:
                continue
            if is_said:
                kinds[row] = first
            elif all(direction_of(t) for t in given):
                kinds[row] = "direction"
            elif sum(year_of(t) is not None for t in given) * 2 > len(given):
                kinds[row] = "year"
            else:
                names.append(row)
        last = names[-1] if names else None
        if (
            last is not None
            and len(names) > 1
            and all(
                self._is_unit(self.text(last, c)) for c in columns if self.text(last, c)
            )
        ):
            kinds[names.pop()] = "unit"
        if names:
            kinds[names.pop()] = "heading"
        for row, kind in zip(names, ("system", "criterion"), strict=False):
            if kind not in kinds.values():
                kinds[row] = kind
        return kinds

    def _first(self, row: int) -> int:
        return next(c for c in range(self.width) if self.text(row, c))

    def _is_unit(self, text: str) -> bool:
        text = clean(text).strip("()[]")
        return key(text) in self.units or bool(headings.UNIT_ENDING.search(text))

    def _over(self, row: int, column: int, first: int, is_group: bool) -> str:
        """What a row says over a column; of groups, the text at or left of it."""
        columns = range(column, first - 1, -1) if is_group else (column,)
        return next(filter(None, (self.text(row, c) for c in columns)), "")

    def _counts(self, table: Table, column: int) -> str:
        """Why a column is no indicator: it counts rows, years or regions; or ''."""
        rows = [r for r in self.body if self.text(r, column)]
        numbers = [_whole(self.text(r, column)) for r in rows]
        if len(rows) < COUNTED or not all(n.isdigit() for n in numbers):
            return ""
        values = [int(n) for n in numbers]
        steps = {b - a for a, b in pairwise(values)}
        if steps == {1} and values[0] in (0, 1):
            return "counts rows"
        if table.year is not None:
            years = [year_of(self.text(r, table.year)) for r in rows]
            apart = {v - y for v, y in zip(values, years, strict=True) if y}
            if len(apart) == 1 and len(set(values)) > 2:
                return "counts years"
        if table.region is not None and table.year is not None:
            of = dict(
                zip((self.text(r, table.region) for r in rows), values, strict=True)
            )
            same = all(
                of[self.text(r, table.region)] == v
                for r, v in zip(rows, values, strict=True)
            )
            numbered = sorted(of.values())
            if (
                same
                and len(of) > 2
                and numbered == list(range(numbered[0], numbered[0] + len(of)))
            ):
                return "counts regions"
        return ""


def _whole(text: str) -> str:
    """A whole number without .0 behind it."""
    return text[:-2] if text.endswith(".0") else text


def _is_numbering(texts: list[str]) -> bool:
    """Say whether a row numbers the columns: 甲, 1, 2, 3."""
    numbers = [t for t in texts if t.isdigit()]
    if len(numbers) < 2 or not set(texts) - set(numbers) <= set("甲乙丙丁"):
        return False
    first = int(numbers[0])
    return first in (1, 2) and [int(n) for n in numbers] == list(
        range(first, first + len(numbers))
    )


def twice(columns: list[Column]) -> list[tuple[str, str]]:
    """Headings that two columns have, with the letters of these columns."""
    texts = [c.heading.text for c in columns if c.heading and c.year is None]
    found = []
    for text, count in Counter(texts).items():
        if count > 1:
            letters = [
                column_letter(c.place)
                for c in columns
                if c.heading and c.heading.text == text
            ]
            found.append((text, " and ".join(letters)))
    return found
