"""Find the tables in a sheet, and what region, year and series each of their cells is.

A table has heading rows over label columns (left) and figures. Region, year and series
each come from a label column (down), from the headings (across), or from what stands
above the table: its title, or what is stated there as 指标 or 单位. Which of them is
where is seen from what the labels mean, so long tables, series across, years across,
regions across and the bureau's exports are one case. What is not understood is a fault;
nothing is guessed.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from coupling.base.texts import clean, column_letter, read_figure, read_year
from coupling.landing.dictionary import Dictionary, Head, RegionName, Unit
from coupling.landing.files import DELIMITERS
from coupling.landing.sheet import Sheet

DIMENSIONS = ("region", "year", "series")
METADATA = re.compile(
    r"(指标|地区|时间|数据库|indicator|region|year|period|database)s?\s*:\s*(.*)",
    re.IGNORECASE,
)
NOTE = re.compile(
    r"(?:附?注|备注|说明|数据来源|资料来源|来源|notes?|(?:data )?sources?)\s*[0-9]*\s*"
    r"[:.、]|注[0-9]|数据来源|资料来源",
    re.IGNORECASE,
)
# a database of cities, four of which are called like provinces
CITIES = re.compile(r"城市|\bcit(?:y|ies)\b", re.IGNORECASE)
UNIT_STATEMENT = re.compile(r"(?:计量单位|单位|\bunits?)\s*:", re.IGNORECASE)


@dataclass(frozen=True)
class Options:
    """What the user says about a file, where the file does not."""

    series_id: str = ""
    unit: str = ""
    year: int | None = None
    region: RegionName | None = None
    skip: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    """Something that stops a file: where, what was found, what was expected."""

    sheet: str
    row: int | None
    column: int | None
    found: str
    expected: str


@dataclass(frozen=True)
class Cell:
    """A cell with all that its labels say; `unit` None where none is stated."""

    row: int
    column: int
    text: str
    region: RegionName
    year: int
    series_id: str
    unit: Unit | None
    names_unit: bool


@dataclass
class Block:
    """One table of a sheet: its cells, and the rows that are no province."""

    sheet: str
    place: str
    cells: list[Cell] = field(default_factory=list)
    totals: list[Cell] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


@dataclass
class Layout:
    """What was understood of a sheet, and what was not."""

    blocks: list[Block] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass
class _Context:
    """What stands above a table."""

    region: RegionName | None = None
    year: int | None = None
    series_id: str = ""
    unit: Unit | None = None
    unknown_series: str = ""
    unknown_unit: str = ""
    database: str = ""
    conflicts: set[str] = field(default_factory=set)


@dataclass
class _Column:
    """What the headings over a column of figures say."""

    region: RegionName | None = None
    year: int | None = None
    series_id: str = ""
    is_series_id: bool = False
    unit: Unit | None = None


@dataclass
class _Table:
    """Rows under headings, and their columns; some are left out if it is partial.

    What such a table lacks, the columns that are not understood may have.
    """

    body: int
    end: int
    labels: dict[str, list[int]]
    columns: dict[int, _Column]
    context: _Context
    is_partial: bool


def understand(sheet: Sheet, dictionary: Dictionary, options: Options) -> Layout:
    """Find all tables of a sheet."""
    return _Reader(sheet, dictionary, options).read()


def count_labels(rows: list[list[str]], dictionary: Dictionary) -> int:
    """How many cells are labels, years or numbers; the right delimiter makes most."""
    return sum(
        3 * dictionary.head(text).is_known or read_figure(text).value is not None
        for row in rows
        for text in row
        if text.strip()
    )


class _Reader:
    """Reads one sheet from top to bottom."""

    def __init__(self, sheet: Sheet, dictionary: Dictionary, options: Options):
        self.sheet = sheet
        self.rows = sheet.rows
        self.dictionary = dictionary
        self.options = options
        self.layout = Layout()
        self.unknown_series: set[str] = set()
        self.merged: dict[tuple[int, int], tuple] = {}
        self.texts: dict[int, dict[int, str]] = {}

    def read(self) -> Layout:
        self._check_delimiters()
        start = 0
        while (anchor := self._next_anchor(start)) is not None:
            start = self._read_block(start, anchor)
        if not self.layout.blocks and not self.layout.faults:
            self._say_no_table()
        if self.options.series_id and len(self.unknown_series) > 1:
            shown = ", ".join(sorted(self.unknown_series)[:5])
            self._fault(
                None, None, shown, "one heading, since --series names one series"
            )
        return self.layout

    def _check_delimiters(self) -> None:
        """Refuse a text in which some rows have another delimiter than the rest."""
        others = [d for d in DELIMITERS if self.sheet.delimiter not in ("", d)]
        for row, cells in enumerate(self.rows):
            for column, text in enumerate(cells):
                if any(self._is_row(text.split(d)) for d in others if d in text):
                    expected = (
                        f"cells separated by {self.sheet.delimiter!r}, as elsewhere"
                    )
                    self._fault(row, column, text, expected)

    def _is_row(self, parts: list[str]) -> bool:
        """Say whether some texts are a label and a figure, not 23 and 388.9."""
        heads = [self._head(text) for text in parts]
        named = (
            h.year or ((h.region or h.series_id) and not h.text.strip().isdecimal())
            for h in heads
        )
        figures = (
            self._is_figure(text) and not head.year
            for text, head in zip(parts, heads, strict=True)
        )
        return any(named) and any(figures)

    def _say_no_table(self) -> None:
        numbers = [
            (i, j)
            for i, row in enumerate(self.rows)
            for j, text in enumerate(row)
            if self._is_figure(text)
        ]
        if numbers:
            i, j = numbers[0]
            expected = "a row of headings above the figures, such as 地区,2023年,2022年"
            self._fault(i, j, self.rows[i][j], expected)
        else:
            self.layout.remarks.append("no figures in it; skipped")

    def _fault(self, row, column, found: str, expected: str) -> None:
        line = None if row is None else self.sheet.lines[row]
        fault = Fault(self.sheet.name, line, column, found, expected)
        if fault not in self.layout.faults:
            self.layout.faults.append(fault)

    def _head(self, text: str) -> Head:
        return self.dictionary.head(text)

    def _is_figure(self, text: str) -> bool:
        """Say whether a text is a number, alone or before a unit: not 1. or 2023年."""
        figure = read_figure(text)
        if figure.value is None:
            return False
        return not figure.unit or self.dictionary.unit(figure.unit) is not None

    def _text(self, row: int, column: int) -> str:
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""

    def _texts(self, row: int) -> dict[int, str]:
        """Cells of a row that are not blank, by column."""
        if row not in self.texts:
            cells = enumerate(self.rows[row])
            self.texts[row] = {j: text for j, text in cells if clean(text)}
        return self.texts[row]

    # --- headings -----------------------------------------------------------------

    def _next_anchor(self, start: int) -> int | None:
        rows = range(start, len(self.rows))
        return next((row for row in rows if self._is_anchor(row)), None)

    def _is_anchor(self, row: int) -> bool:
        """Say whether a row heads columns by what they hold or by its members."""
        texts = self._texts(row)
        heads = [self._head(text) for text in texts.values()]
        roles = {head.role for head in heads}
        if roles & {"region", "year", "series", "corner"}:
            return True
        regions = {head.region.region_code for head in heads if head.region}
        if len(regions) > 1:
            return True
        years = [head.year for head in heads if head.year]
        others = [
            text
            for text, head in zip(texts.values(), heads, strict=True)
            if not head.year and self._is_figure(text)
        ]
        ordered = sorted(set(years)) in (years, years[::-1])
        return len(years) > 1 and ordered and not others and not regions

    def _read_block(self, start: int, anchor: int) -> int:
        """Read the table headed at `anchor`; return the row after it."""
        body = self._first_body_row(anchor)
        if body is None:
            return self._skip_headings_without_rows(anchor)
        heads = [row for row in range(anchor, body) if self._texts(row)]
        while (above := heads[0] - 1) >= start and self._is_upper_heading(above):
            heads.insert(0, above)
        context = self._context(start, heads)
        block = Block(self.sheet.name, "")
        faults_before = len(self.layout.faults)
        end = self._body_end(body, heads)
        labels, columns = self._columns(heads, body, end)
        is_partial = len(self.layout.faults) > faults_before
        if columns or is_partial:
            table = _Table(body, end, labels, columns, context, is_partial)
            self._read_rows(block, table)
        else:
            said = (
                f"row {self.sheet.lines[heads[0]]}: headings over no figures; skipped"
            )
            self.layout.remarks.append(said)
        last = max((j for row in heads for j in self._texts(row)), default=0)
        block.place = (
            f"A{self.sheet.lines[heads[0]]}:"
            f"{column_letter(last)}{self.sheet.lines[end - 1]}"
        )
        self.layout.blocks.append(block)
        return end

    def _skip_headings_without_rows(self, anchor: int) -> int:
        for row in range(anchor + 1, len(self.rows)):
            for column, text in self._texts(row).items():
                if self._is_figure(text):
                    self._fault(
                        row, column, text, "rows with labels under the headings"
                    )
                    return len(self.rows)
        return len(self.rows)

    def _label_columns(self, anchor: int) -> set[int]:
        """Columns of an anchor row that can hold labels."""
        texts = {j: self._head(text) for j, text in self._texts(anchor).items()}
        roles = {"region", "year", "series", "corner"}
        labels = {j for j, head in texts.items() if head.role in roles}
        if not labels:
            members = [j for j, head in texts.items() if head.region or head.year]
            labels = set(range(min(members, default=0)))
        return labels

    def _first_body_row(self, anchor: int) -> int | None:
        labels = self._label_columns(anchor)
        for row in range(anchor + 1, len(self.rows)):
            texts = self._texts(row)
            named = [
                head
                for j in labels & set(texts)
                if not (head := self._head(texts[j])).role and not head.unit
            ]
            if any(h.region or h.year or h.series_id for h in named):
                return row
            if any(
                self._is_figure(text) and not self._head(text).year
                for j, text in texts.items()
                if j not in labels
            ) and (named or not self._is_numbering(texts, labels)):
                return row
        return None

    def _is_numbering(self, texts: dict[int, str], labels: set[int]) -> bool:
        """Say whether a row numbers the columns: 甲, 1, 2, 3."""
        numbers = [text.strip() for j, text in texts.items() if j not in labels]
        return numbers in ([str(i) for i in range(n, n + len(numbers))] for n in (1, 2))

    def _is_upper_heading(self, row: int) -> bool:
        """Say whether a row above the anchor heads columns too, and is no title."""
        texts = self._texts(row)
        if len(set(texts.values())) < 2:
            return False
        return not any(
            METADATA.match(cleaned)
            or UNIT_STATEMENT.search(cleaned)
            or NOTE.match(cleaned)
            for cleaned in map(clean, texts.values())
        )

    def _context(self, start: int, heads: list[int]) -> _Context:
        """What the rows above the headings say, and the name of the sheet."""
        context = _Context()
        for row in heads:
            for text in self._texts(row).values():
                if UNIT_STATEMENT.search(clean(text)):
                    self._read_context(context, clean(text))
        for row in range(start, heads[0]):
            texts = self._texts(row)
            for text in dict.fromkeys(texts.values()):
                self._read_context(context, clean(text))
            figures = [t for t in texts.values() if self._is_figure(t)]
            if len(figures) > 1:
                column = next(j for j, t in texts.items() if t == figures[0])
                expected = "a title above the headings, not figures"
                self._fault(row, column, figures[0], expected)
        named = self.dictionary.title(self.sheet.name)
        context.year = context.year or named.year or read_year(self.sheet.name)
        context.series_id = context.series_id or named.series_id
        return context

    def _read_context(self, context: _Context, text: str) -> None:
        if NOTE.match(text):
            return
        match = METADATA.match(text)
        if not match:
            found = self.dictionary.title(text)
            if UNIT_STATEMENT.search(text) and found.unit is None:
                context.unknown_unit = text
            if not found.series_id and len(text) > 2:
                context.unknown_series = context.unknown_series or text
            self._set_context(context, found)
            return
        what, said = match[1].lower(), match[2]
        if what in ("指标", "indicator"):
            found = self._head(said)
            if not found.series_id:
                context.unknown_series = said
                found = self.dictionary.title(said)
            self._set_context(context, found)
        elif what in ("数据库", "database") and CITIES.search(said):
            context.database = said
        elif what in ("地区", "region"):
            self._set_context(context, Head(text, region=self.dictionary.region(said)))
        elif what in ("时间", "year", "period"):
            self._set_context(context, Head(text, year=read_year(said)))

    def _set_context(self, context: _Context, found: Head) -> None:
        for name in ("region", "year", "series_id", "unit"):
            new, old = getattr(found, name), getattr(context, name)
            if not new:
                continue
            if old and not _is_same(old, new):
                context.conflicts.add(name)
            setattr(context, name, new)

    # --- columns ------------------------------------------------------------------

    def _body_end(self, body: int, heads: list[int]) -> int:
        """Row after the last one before the next headings."""
        labels = self._label_columns(heads[-1]) | {
            j for row in heads for j in self._label_columns(row) if self._is_anchor(row)
        }
        last = body
        for row in range(body, len(self.rows)):
            texts = self._texts(row)
            if not texts:
                continue
            if len(texts) == 1 and not self._has_figures(row):
                continue  # a title or a note
            heads_here = [self._head(texts[j]) for j in labels if j in texts]
            is_labelled = any(h.region or h.year or h.series_id for h in heads_here)
            if row > body and not is_labelled and self._is_anchor(row):
                return last + 1
            if is_labelled or (self._has_figures(row) and not self._is_note(row)):
                last = row
        return len(self.rows)

    def _has_figures(self, row: int) -> bool:
        texts = list(self._texts(row).values())
        if len(texts) == 1 and self._head(texts[0]).year:
            return False  # a year above the next table
        return any(self._is_figure(text) for text in texts)

    def _is_note(self, row: int) -> bool:
        texts = list(self._texts(row).values())
        return bool(texts) and bool(NOTE.match(clean(texts[0])))

    def _columns(
        self, heads: list[int], body: int, end: int
    ) -> tuple[dict[str, list[int]], dict[int, _Column]]:
        """Label columns by role, and what each column of figures is."""
        labels: dict[str, list[int]] = {name: [] for name in (*DIMENSIONS, "unit")}
        columns: dict[int, _Column] = {}
        width = max(len(self.rows[row]) for row in range(heads[0], end))
        paths = self._paths(heads, width)
        for column in range(width):
            texts = paths[column]
            role = self._role(texts)
            content = self._content(column, body, end)
            if role == "skip" or (not content and not texts):
                continue
            known = [self._head(text) for text in texts]
            if role not in (*labels, "value") and not any(
                h.is_known and not h.role for h in known
            ):
                role = self._role_of_content(content) or role
            if role in labels:
                labels[role].append(column)
            elif role == "corner":
                self._fault(heads[0], column, texts[0], "labels of one kind below")
            elif not texts:
                row = next(r for r in range(body, end) if clean(self._text(r, column)))
                if not self._is_note(row):
                    found = self._text(row, column)
                    self._fault(row, column, found, "a heading above this column")
            else:
                head = self._column(heads[-1], column, texts)
                if head is not None:
                    columns[column] = head
        return labels, columns

    def _paths(self, heads: list[int], width: int) -> list[list[str]]:
        """Headings over each column, from top to bottom, each once.

        A heading over several columns stands over the first of them only, unless cells
        were merged; it counts for the blank ones to its right that have their own
        heading below.
        """
        own = {row: dict(self._texts(row)) for row in heads}
        for place, row in enumerate(heads[:-1]):
            below = heads[place + 1 :]
            carried, is_filled = "", False
            groups: list = []
            for column in range(width):
                under = tuple(own[r].get(column, "") for r in below)
                text = own[row].get(column, "")
                if self._head(text).role or any(self._head(t).role for t in under):
                    carried = ""
                    continue
                if text:
                    if text != carried:
                        groups.append([])
                    carried = text
                elif carried and any(under):
                    own[row][column] = carried
                    is_filled = True
                if groups and carried:
                    heads_under = [self._head(text) for text in under]
                    groups[-1].append([(h.year, h.region) for h in heads_under])
            if is_filled and any(group != groups[0] for group in groups):
                found = next(iter(self._texts(row).values()))
                expected = (
                    "headings that stand over the same columns each, or merged cells"
                )
                self._fault(row, None, found, expected)
        paths = []
        for column in range(width):
            texts = [own[row][column] for row in heads if column in own[row]]
            paths.append(list(dict.fromkeys(texts)))
        return paths

    def _role(self, texts: list[str]) -> str:
        roles = [head.role for head in map(self._head, texts) if head.role]
        return roles[0] if roles else ""

    def _content(self, column: int, body: int, end: int) -> list[str]:
        rows = (row for row in range(body, end) if not self._is_note(row))
        return [text for row in rows if clean(text := self._text(row, column))]

    def _role_of_content(self, content: list[str]) -> str:
        heads = [self._head(text) for text in content]
        for name in ("region", "year", "series_id"):
            named = [bool(getattr(head, name)) for head in heads]
            # notes below a table may stand in its first column
            if named and named[0] and 2 * sum(named) > len(named):
                return name.removesuffix("_id")
        return ""

    def _column(self, row: int, column: int, texts: list[str]) -> _Column | None:
        """What the headings of a column say; None, with a fault, if not understood."""
        found, is_clear = _Column(), True
        heads = [self._head(text) for text in texts]
        unknown = [h.text for h in heads if not h.is_known]
        series = {h.series_id for h in heads if h.series_id}
        if unknown or len(series) > 1:
            named = [h.text for h in heads if not h.is_known or h.series_id]
            joined = self._head(" ".join(named))
            if not joined.series_id:
                joined = self._head("".join(named))
            if joined.series_id:
                heads = [joined, *(h for h in heads if h.text not in named)]
            elif self.options.series_id and not series:
                self.unknown_series.add(" ".join(unknown))
                units = [self.dictionary.without_unit(clean(t))[1] for t in unknown]
                heads = [h for h in heads if h.is_known]
                heads += [Head("", unit=unit) for unit in units if unit]
            else:
                text = " / ".join(named)
                near = self.dictionary.nearest(named[-1], "series")
                expected = "a series, year, region or unit as heading" + near
                self._fault(row, column, text, expected)
                return None
        for head in heads:
            for name in ("region", "year", "series_id", "unit"):
                new, old = getattr(head, name), getattr(found, name)
                if new and old and not _is_same(old, new):
                    text = " / ".join(texts)
                    self._fault(row, column, text, f"one {name.removesuffix('_id')}")
                    is_clear = False
                if new:
                    setattr(found, name, new)
            found.is_series_id |= head.is_series_id
        return found if is_clear else None

    # --- rows ---------------------------------------------------------------------

    def _read_rows(self, block: Block, table: _Table) -> None:
        """Read the cells of a table; labels of its rows also where cells cannot be."""
        labels, columns, context = table.labels, table.columns, table.context
        if context.database:
            expected = "a database of provinces; four cities are called like provinces"
            self._fault(None, None, context.database, expected)
            return
        is_placed = self._check_dimensions(table)
        named_by = {column for several in labels.values() for column in several}
        for row in range(table.body, table.end):
            texts = self._texts(row)
            filled = columns if is_placed else set(texts) - named_by
            figures = {j for j in filled if self._is_figure(texts.get(j, ""))}
            if not texts or self._is_note(row):
                continue
            named = self._row_labels(row, labels, columns)
            if isinstance(named, str):
                if figures or self._is_labelled(row, labels):
                    self._row_fault(row, labels, named)
                else:
                    said = " ".join(dict.fromkeys(texts.values()))
                    block.skipped.append(f"row {self.sheet.lines[row]}: {said}")
                continue
            region = named.region or context.region
            if region and region.kind in ("group", "outside"):
                kind = "a group of regions" if region.kind == "group" else "no province"
                block.skipped.append(
                    f"row {self.sheet.lines[row]}: {region.name}, {kind}"
                )
                continue
            if not is_placed or not self._is_whole(row, columns):
                continue
            self._read_cells(block, row, named, columns, context)

    def _is_labelled(self, row: int, labels: dict[str, list[int]]) -> bool:
        """Say whether any label of a row is one, though another is not."""
        heads = [
            self._head(self._text(row, j)) for name in DIMENSIONS for j in labels[name]
        ]
        return any(h.region or h.series_id for h in heads)

    def _is_whole(self, row: int, columns: dict[int, _Column]) -> bool:
        if self.sheet.widths is None:
            return True
        fields, expected = self.sheet.widths[row], max(columns) + 1
        if fields < expected:
            found = f"{fields} fields"
            self._fault(row, None, found, f"{expected} fields, as in the headings")
        return fields >= expected

    def _row_fault(
        self, row: int, labels: dict[str, list[int]], dimension: str
    ) -> None:
        column = labels[dimension][0]
        for candidate in labels[dimension]:
            text = self._text(row, candidate)
            if clean(text) and not self._is_label(text, dimension):
                column = candidate
                break
        else:
            found = [self._text(row, column) for column in labels[dimension]]
            if len(found) > 1:
                self._fault(row, column, " / ".join(found), f"one {dimension}")
                return
        text = self._text(row, column)
        near = ""
        if dimension in ("region", "series") and clean(text):
            near = self.dictionary.nearest(text, dimension)
        expected = {
            "region": "a region",
            "year": "a year",
            "series": "a series",
            "unit": "a unit of seeds/reference/units.csv",
        }
        self._fault(row, column, text or "a blank", expected[dimension] + near)

    def _is_label(self, text: str, dimension: str) -> bool:
        if dimension == "region":
            return self.dictionary.region(text) is not None
        if dimension == "year":
            return read_year(text) is not None
        if dimension == "unit":
            return self.dictionary.unit(text) is not None
        return bool(self._head(text).series_id)

    def _row_labels(
        self, row: int, labels: dict[str, list[int]], columns: dict[int, _Column]
    ) -> _Column | str:
        """What the label columns say of a row; the dimension that could not be read."""
        found = _Column()
        for dimension in (*DIMENSIONS, "unit"):
            texts = [self._text(row, column) for column in labels[dimension]]
            given = [text for text in texts if clean(text)]
            if not texts:
                continue
            if not given and dimension != "unit":
                return dimension
            for text in given:
                if not self._set_label(found, text, dimension):
                    return dimension
        return found

    def _set_label(self, found: _Column, text: str, dimension: str) -> bool:
        """Take one label; False if it is unknown or contradicts another of the row."""
        new: Any = None
        name = dimension
        if dimension == "region":
            new = self.dictionary.region(text)
        elif dimension == "year":
            new = read_year(text)
        elif dimension == "unit":
            new = self.dictionary.unit(text)
        else:
            head, name = self._head(text), "series_id"
            new = head.series_id
            if self.options.series_id and new not in ("", self.options.series_id):
                return False
            if not new and self.options.series_id and not head.is_known:
                self.unknown_series.add(text)
                new = self.options.series_id
            found.is_series_id = head.is_series_id
            if head.unit:
                found.unit = head.unit
        old = getattr(found, name)
        if new is None or new == "" or (old and not _is_same(old, new)):
            # a unit of the label and one of the unit column may not differ
            return False
        setattr(found, name, new)
        return True

    def _check_dimensions(self, table: _Table) -> bool:
        """Say whether every cell has a region, a year and a series from one place."""
        body, labels, columns = table.body, table.labels, table.columns
        good = bool(columns)
        option = self.options.series_id
        for column, head in columns.items():
            if option and head.series_id not in ("", option):
                expected = f"{option}, as --series says, or a file without names"
                self._fault(body - 1, column, head.series_id, expected)
                good = False
        for dimension in DIMENSIONS:
            name = "series_id" if dimension == "series" else dimension
            across = [c for c, column in columns.items() if getattr(column, name)]
            lacking = sorted(set(columns) - set(across))
            if across and labels[dimension]:
                text = " ".join(self._texts(body - 1).values()) if body else ""
                expected = (
                    f"the {dimension} in a column or in the headings, not in both"
                )
                self._fault(body - 1, across[0], text, expected)
                good = False
            elif across and lacking:
                expected = f"a {dimension} in the heading, as other columns have"
                self._fault(
                    body - 1, lacking[0], self._text(body - 1, lacking[0]), expected
                )
                good = False
            elif not across and not labels[dimension]:
                good &= self._check_context(table, dimension, name)
        return good

    def _check_context(self, table: _Table, dimension: str, name: str) -> bool:
        """Say whether what stands above the table gives a dimension, or the user."""
        body, context = table.body, table.context
        given = {
            "series": self.options.series_id,
            "year": self.options.year,
            "region": self.options.region,
        }
        found, option = getattr(context, name), given.get(dimension)
        if name in context.conflicts and not option:
            self._fault(
                body, None, f"titles that differ in {dimension}", f"one {dimension}"
            )
            return False
        if found and option and not _is_same(found, option):
            expected = f"{_said(found)}, as the table says, and no other --{dimension}"
            self._fault(body, None, _said(option), expected)
            return False
        if found or option:
            setattr(context, name, found or option)
            return True
        if table.is_partial:
            return False
        near, hint = "", ""
        if dimension == "series":
            if context.unknown_series:
                near = self.dictionary.nearest(context.unknown_series, "series")
            hint = "; or say --series SERIES_ID"
        elif dimension == "year":
            hint = "; or say --year YEAR"
        elif dimension == "region":
            hint = "; or say --region NAME"
        found = context.unknown_series if dimension == "series" else ""
        self._fault(
            body,
            None,
            found or f"no {dimension}",
            f"a {dimension} in a column, a heading or above the table{near}{hint}",
        )
        return False

    def _read_cells(
        self, block, row, named: _Column, columns, context: _Context
    ) -> None:
        for column, head in columns.items():
            region = named.region or head.region or context.region
            series_id = named.series_id or head.series_id or context.series_id
            year = named.year or head.year or context.year
            assert region is not None and year is not None
            cell = Cell(
                self.sheet.lines[row],
                column,
                self._text(row, column),
                region,
                year,
                series_id,
                named.unit or head.unit or self._context_unit(row, context),
                named.is_series_id or head.is_series_id,
            )
            if region.kind == "total":
                block.totals.append(cell)
            elif region.kind == "region":
                block.cells.append(cell)
                self._check_merged(row, cell)
            else:
                said = f"column {column_letter(column)}: {region.name}"
                if said not in block.skipped:
                    block.skipped.append(said)

    def _check_merged(self, row: int, cell: Cell) -> None:
        """Refuse a figure in merged cells of more than one region, year or series."""
        first = self.sheet.merged.get((row, cell.column))
        if first is None or not self._is_figure(cell.text):
            return
        name = cell.region.region_code, cell.year, cell.series_id
        if first == (row, cell.column):
            self.merged[first] = name
        if self.merged.get(first) != name:
            self._fault(row, cell.column, cell.text, "a figure in a cell of its own")

    def _context_unit(self, row: int, context: _Context) -> Unit | None:
        if "unit" in context.conflicts:
            self._fault(row, None, "titles that differ in unit", "one unit")
        if context.unit is None and context.unknown_unit:
            near = self.dictionary.nearest(context.unknown_unit, "unit")
            expected = "a unit of seeds/reference/units.csv" + near
            self._fault(None, None, context.unknown_unit, expected)
        return context.unit


def _said(value) -> str:
    return value.name if isinstance(value, RegionName) else str(value)


def _is_same(one, other) -> bool:
    if isinstance(one, RegionName):
        return (one.kind, one.region_code) == (other.kind, other.region_code)
    if isinstance(one, Unit):
        return (one.dimension, one.factor) == (other.dimension, other.factor)
    return one == other
