"""Read a file as sheets of text: CSV, workbooks, Parquet; refuse what is no table."""

import csv
import datetime
import hashlib
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from xml.parsers.expat import ParserCreate

from coupling.landing.formats import percent_cells, show_percent

MAX_BYTES = 50 * 1024 * 1024
MAX_CELLS = 4_000_000
MAX_UNPACKED_BYTES = 400 * 1024 * 1024
MAX_RATIO = 200
# a spreadsheet holds no longer text in a cell
LONGEST_CELL = 32_767
# of all cells together, whatever few texts they share
MAX_CHARACTERS = 40_000_000
DELIMITERS = ",;\t"
SAMPLED_LINES = 200
OLE = b"\xd0\xcf\x11\xe0"
BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
PLACE = re.compile(r"([A-Za-z]+)([0-9]+)")


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


@dataclass
class Opened:
    """A file's bytes, their checksum, its sheets, and remarks about reading it."""

    name: str
    content: bytes
    sheets: list[Sheet]
    remarks: list[str] = field(default_factory=list)

    @property
    def sha256(self) -> str:
        """Checksum of the bytes."""
        return hashlib.sha256(self.content).hexdigest()


def open_file(path: Path, sheet: str, count_labels: Callable) -> Opened:
    """Read a file; of a workbook only `sheet`, if it is given.

    `count_labels` says how many cells of some rows are known labels; the delimiter of
    a text file is the one that makes most of them. Raises FileError.
    """
    if not path.is_file():
        raise FileError(f"there is no file {path.name}")
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise FileError(
            f"{path.name} has {size / 1e6:.0f} MB; files of up to"
            f" {MAX_BYTES / 1024 / 1024:.0f} MB are landed"
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path.name} cannot be read: {error.strerror}") from error
    if not content.strip():
        raise FileError(f"{path.name} is empty")
    opened = Opened(path.name, content, [])
    suffix = path.suffix.lower()
    if suffix in (".csv", ".txt", ".tsv"):
        opened.sheets = [_read_text(path.name, content, count_labels)]
    elif suffix in (".xlsx", ".xls"):
        opened.sheets = _read_workbook(path.name, content, sheet, opened.remarks)
        _show_percent(path.name, suffix, opened)
        return opened
    elif suffix == ".parquet":
        opened.sheets = [_read_parquet(path.name, content)]
    else:
        raise FileError(
            f"{path.name} is none of .csv, .txt, .tsv, .xlsx, .xls, .parquet"
        )
    if sheet:
        raise FileError(f"{path.name} has no sheets, so none is called {sheet}")
    return opened


def _show_percent(name: str, suffix: str, opened: Opened) -> None:
    try:
        percent = percent_cells(suffix, opened.content)
    except Exception as error:
        # each part of a workbook fails in a way of its own
        raise FileError(f"{name} is damaged, or no workbook: {error!r}") from error
    for one in opened.sheets:
        show_percent(one.rows, one.lines, percent.get(one.name, frozenset()))


def _read_text(name: str, content: bytes, count_labels: Callable) -> Sheet:
    if content.startswith((b"PK\x03\x04", OLE, b"PAR1")):
        raise FileError(f"{name} is no text; name it .xlsx, .xls or .parquet")
    text = _decode(name, content)
    if "\0" in text:
        raise FileError(
            f"{name} holds null characters, so it is no text in a known code"
        )
    _refuse_html(name, text)
    lines = text.split("\n", SAMPLED_LINES)[:SAMPLED_LINES]

    def labels(delimiter: str) -> int:
        return count_labels(
            [
                [cell.strip().strip('"') for cell in line.split(delimiter)]
                for line in lines
            ]
        )

    delimiter = max(DELIMITERS, key=labels)
    try:
        rows = _split(text, delimiter)
    except csv.Error as error:
        raise FileError(f"{name} is no whole CSV file: {error}") from error
    if sum(len(fields) for _, fields in rows) > MAX_CELLS:
        raise FileError(f"{name} has more than {MAX_CELLS:,} cells")
    return Sheet(
        "",
        [fields for _, fields in rows],
        [line for line, _ in rows],
        widths=[len(fields) for _, fields in rows],
        delimiter=delimiter,
    )


def _decode(name: str, content: bytes) -> str:
    encodings = [e for bom, e in BOMS if content.startswith(bom)] or [
        "utf-8",
        "gb18030",
    ]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            place = error.start
    raise FileError(
        f"{name} is neither UTF-8 nor GB 18030 nor UTF-16 with a mark (byte {place})"
    )


def _refuse_html(name: str, text: str) -> None:
    if re.match(r"\s*<(?:!doctype|html|table|\?xml)", text[:200], re.IGNORECASE):
        raise FileError(
            f"{name} holds a web page; open it in a spreadsheet program and save it as"
            " .xlsx"
        )


def _split(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """Rows with the number of the line on which each begins; blank rows left out."""
    if match := re.match(r"sep=(.)\r?\n", text):
        text = text[match.end() :]
        skipped = 1
    else:
        skipped = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, line = [], 1 + skipped
    for fields in reader:
        rows.append((line, fields))
        line = reader.line_num + 1 + skipped
    return rows


def _read_workbook(name: str, content: bytes, sheet: str, remarks: list) -> list[Sheet]:
    if content.startswith(b"PK"):
        _check_zip(name, content, remarks)
        read = _new_sheets
    elif not content.startswith(OLE):
        _refuse_html(name, content[:200].decode("latin-1"))
        raise FileError(f"{name} is no workbook; if it is text, name it .csv")
    elif "EncryptedPackage".encode("utf-16-le") in content:
        raise FileError(f"{name} is protected by a password; save it without one")
    else:
        read = _old_sheets
    try:
        return read(name, content, sheet)
    except FileError:
        raise
    except BaseException as error:
        # the reader's own panics are no Exception
        is_panic = type(error).__name__ == "PanicException"
        if not is_panic and not isinstance(error, Exception):
            raise
        if type(error).__name__ == "PasswordError" or "encrypted" in str(error):
            message = f"{name} is protected by a password; save it without one"
            raise FileError(message) from error
        raise FileError(f"{name} is damaged, or no workbook: {error!r}") from error


def _new_sheets(name: str, content: bytes, sheet: str) -> list[Sheet]:
    """The sheets of an .xlsx file."""
    import python_calamine as calamine

    workbook = calamine.load_workbook(io.BytesIO(content))
    return [
        _workbook_sheet(name, workbook, one)
        for one in _wanted(name, workbook.sheet_names, sheet)
    ]


def _old_sheets(name: str, content: bytes, sheet: str) -> list[Sheet]:
    """The sheets of an .xls file, which has at most 65,536 rows and 256 columns.

    Not with calamine: it lays out all cells between the corners that a damaged file
    states, and ends the process where there is no memory for them.
    """
    import xlrd

    with xlrd.open_workbook(
        file_contents=content,
        logfile=io.StringIO(),
        formatting_info=True,  # else merged cells are left out
        ragged_rows=True,
    ) as book:
        return [
            _old_sheet(name, book, one)
            for one in _wanted(name, book.sheet_names(), sheet)
        ]


def _wanted(name: str, names: list[str], sheet: str) -> list[str]:
    if sheet and sheet not in names:
        raise FileError(f"{name} has no sheet {sheet}; it has {', '.join(names)}")
    return [sheet] if sheet else names


def _check_zip(name: str, content: bytes, remarks: list) -> None:
    """Refuse a workbook that unpacks to more than it should, before unpacking it."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        packed = max(1, sum(part.compress_size for part in parts))
        if unpacked > MAX_UNPACKED_BYTES or (
            unpacked > 10_000_000 and unpacked / packed > MAX_RATIO
        ):
            raise FileError(
                f"{name} unpacks to {unpacked / 1e6:,.0f} MB from"
                f" {packed / 1e6:,.1f} MB; that is no yearbook table"
            )
        is_workbook = False
        errors = characters = 0
        texts: list[int] = []
        shared: Counter[int] = Counter()
        for part in parts:
            if part.flag_bits & 1:
                raise FileError(
                    f"{name} is protected by a password; save it without one"
                )
            is_workbook |= part.filename == "xl/workbook.xml"
            # reading compares size and checksum with what the directory says
            xml = archive.read(part)
            if b"sheetData" in xml:
                sheet = _SheetOfCells(xml)
                sheet.refuse_if_unfit(name)
                errors += sheet.errors
                characters += sheet.characters
                shared += sheet.shared
            elif part.filename.casefold() == "xl/sharedstrings.xml":
                texts = _lengths_of_texts(xml)
        characters += sum(
            texts[place] * count
            for place, count in shared.items()
            if place < len(texts)
        )
        _check_characters(name, max(texts, default=0), characters)
    except FileError:
        raise
    except Exception as error:
        # each way of packing has errors of its own
        raise FileError(f"{name} is damaged, or no workbook: {error!r}") from error
    if not is_workbook:
        raise FileError(f"{name} is a zip file, but no .xlsx workbook")
    if errors:
        remarks.append(
            f"{errors} cells hold an error of the spreadsheet (such as #DIV/0!); they"
            " are read as blank"
        )


def _check_characters(name: str, longest: int, characters: int) -> None:
    """Refuse texts that are too long, each by itself or in all cells together."""
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


def _lengths_of_texts(xml: bytes) -> list[int]:
    """Characters of each text that cells share. Raises ExpatError for no XML."""
    found: list[int] = []

    def start(tag: str, _: dict) -> None:
        if tag.rpartition(" ")[2] == "si":
            found.append(0)

    def text(data: str) -> None:
        if found:
            found[-1] += len(data)

    parser = ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.Parse(xml, True)
    return found


class _SheetOfCells:
    """Corners, errors and formulas of a sheet's XML, before it is laid out in memory.

    Raises ExpatError for what is no XML, ValueError for a cell without a place.
    """

    def __init__(self, xml: bytes):
        self.rows = self.columns = self.errors = 0
        # characters that stand in the cells, and how many cells share which text
        self.characters = 0
        self.shared: Counter[int] = Counter()
        self.has_blank_formula = False
        self._is_shared, self._number = False, ""
        self._row = self._column = 0
        self._is_formula = self._is_value = self._has_value = False
        parser = ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(xml, True)

    def refuse_if_unfit(self, name: str) -> None:
        """Raise FileError if corners are far apart or formulas have no results."""
        if self.rows * self.columns > MAX_CELLS:
            raise FileError(
                f"{name} has a sheet of {self.rows:,} rows and {self.columns:,}"
                f" columns; up to {MAX_CELLS:,} cells are landed"
            )
        if self.has_blank_formula:
            raise FileError(
                f"{name} has formulas without results; open it in a spreadsheet program"
                " and save it"
            )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(" ")[2]
        if tag == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif tag == "c":
            self._place(attributes.get("r"))
            self.errors += attributes.get("t") == "e"
            self._is_formula = self._has_value = False
            self._is_shared, self._number = attributes.get("t") == "s", ""
        elif tag == "f":
            self._is_formula = True
        elif tag in ("v", "t"):
            self._is_value = True

    def _place(self, place: str | None) -> None:
        self._column += 1
        if place is not None:
            match = PLACE.fullmatch(place)
            if match is None:
                raise ValueError(f"a cell at {place}")
            self._column = 0
            for letter in match[1].upper():
                self._column = self._column * 26 + ord(letter) - ord("A") + 1
            self._row = int(match[2])

    def _text(self, text: str) -> None:
        self._has_value |= self._is_value
        if self._is_value and self._is_shared:
            self._number += text
        elif self._is_value:
            self.characters += len(text)

    def _end(self, tag: str) -> None:
        tag = tag.rpartition(" ")[2]
        if tag in ("v", "t"):
            self._is_value = False
        elif tag == "c":
            if self._is_shared and self._number.strip().isdecimal():
                self.shared[int(self._number)] += 1
            # formats alone may reach to the last row
            if self._has_value or self._is_formula:
                self.rows = max(self.rows, self._row)
                self.columns = max(self.columns, self._column)
            self.has_blank_formula |= self._is_formula and not self._has_value


def _workbook_sheet(name: str, workbook, sheet: str) -> Sheet:
    from python_calamine import WorksheetNotFound

    try:
        table = workbook.get_sheet_by_name(sheet)
    except WorksheetNotFound:
        return Sheet(sheet, [], [], is_binary=True)  # a chart
    _check_size(name, sheet, table.total_height * table.total_width)
    rows = [
        [stored_text(value) for value in row]
        for row in table.to_python(skip_empty_area=False)
    ]
    return _merged(name, sheet, rows, table.merged_cell_ranges or ())


def _old_sheet(name: str, book, sheet: str) -> Sheet:
    from xlrd import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_ERROR
    from xlrd.xldate import xldate_as_datetime

    def text(cell) -> str:
        if cell.ctype == XL_CELL_ERROR:
            return ""
        if cell.ctype == XL_CELL_BOOLEAN:
            return stored_text(bool(cell.value))
        if cell.ctype == XL_CELL_DATE:
            return xldate_as_datetime(cell.value, book.datemode).isoformat()
        return stored_text(cell.value)

    table = book.sheet_by_name(sheet)
    _check_size(name, sheet, table.nrows * table.ncols)
    rows = [[text(cell) for cell in table.row(i)] for i in range(table.nrows)]
    for row in rows:
        row += [""] * (table.ncols - len(row))
    ranges = [
        ((top, left), (bottom - 1, right - 1))
        for top, bottom, left, right in table.merged_cells
    ]
    return _merged(name, sheet, rows, ranges)


def _check_size(name: str, sheet: str, cells: int) -> None:
    if cells > MAX_CELLS:
        raise FileError(f"{name}, sheet {sheet}: more than {MAX_CELLS:,} cells")


def _merged(name: str, sheet: str, rows: list[list[str]], ranges) -> Sheet:
    """A sheet in which all merged cells have the text of the first of them.

    Of blank rows that follow one another, the first stands for all.
    """
    merged, filled = {}, 0
    for (top, left), (bottom, right) in ranges:
        if top < len(rows) and left < len(rows[top]):
            bottom, right = min(bottom, len(rows) - 1), min(right, len(rows[top]) - 1)
            filled += (bottom - top + 1) * (right - left + 1)
            _check_size(name, sheet, filled)
            for row, column in product(range(top, bottom + 1), range(left, right + 1)):
                rows[row][column] = rows[top][left]
                merged[row, column] = top, left
    is_blank = [not any(row) for row in rows]
    kept = [i for i in range(len(rows)) if not (is_blank[i] and i and is_blank[i - 1])]
    place = {row: number for number, row in enumerate(kept)}
    return Sheet(
        sheet,
        [rows[i] for i in kept],
        [i + 1 for i in kept],
        is_binary=True,
        merged={
            (place[row], column): (place[top], left)
            for (row, column), (top, left) in merged.items()
            if row in place and top in place
        },
    )


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


def _read_parquet(name: str, content: bytes) -> Sheet:
    try:
        rows = _parquet_rows(name, content)
    except FileError:
        raise
    except Exception as error:
        # texts that are no UTF-8 and dates beyond the calendar show late
        raise FileError(f"{name} is damaged, or no Parquet file: {error!r}") from error
    return Sheet("", rows, list(range(1, len(rows) + 1)), is_binary=True)


def _characters(table) -> tuple[int, int]:
    """Bytes of the longest text of a table that is kept by dictionary, and of all."""
    import pyarrow as pa
    import pyarrow.compute as pc

    longest = total = 0
    for column in table.columns:
        for chunk in column.chunks if pa.types.is_dictionary(column.type) else ():
            if pa.types.is_string(chunk.dictionary.type) and len(chunk.dictionary):
                lengths = pc.binary_length(chunk.dictionary).cast(pa.int64())
                longest = max(longest, pc.max(lengths).as_py() or 0)
                total += pc.sum(lengths.take(chunk.indices)).as_py() or 0
    return longest, total


def _parquet_rows(name: str, content: bytes) -> list[list[str]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    source = io.BytesIO(content)
    texts = [
        one.name
        for one in pq.read_schema(source)
        if pa.types.is_string(one.type) or pa.types.is_large_string(one.type)
    ]
    file = pq.ParquetFile(
        source, page_checksum_verification=True, read_dictionary=texts
    )
    meta = file.metadata
    groups = [meta.row_group(i) for i in range(meta.num_row_groups)]
    if sum(group.total_byte_size for group in groups) > MAX_UNPACKED_BYTES:
        raise FileError(f"{name} unpacks to more than it should")
    if meta.num_rows * meta.num_columns > MAX_CELLS:
        raise FileError(f"{name} has more than {MAX_CELLS:,} cells")
    table = file.read()
    _check_characters(name, *_characters(table))
    columns = []
    for column_name, column in zip(table.column_names, table.columns, strict=True):
        if pa.types.is_nested(column.type):
            raise FileError(f"{name}: the column {column_name} is no plain column")
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        values = column.to_pylist()
        if pa.types.is_float32(column.type):
            import numpy as np

            # the shortest text of a float, not that of its double
            values = [None if v is None else float(str(np.float32(v))) for v in values]
        columns.append([column_name, *(stored_text(value) for value in values)])
    return [list(row) for row in zip(*columns, strict=True)]
