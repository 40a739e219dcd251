"""Damaged yearbook files, drawn by hypothesis from good ones.

A good table is damaged as a table (cells, rows, columns, headings, delimiter), written
as CSV, .xlsx, .xls or Parquet, and what is written is damaged again: bytes, encodings,
members of the zip file, sectors, pages, the footer.
"""

import csv
import datetime
import io
import re
import struct
import tempfile
import zipfile
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import xlsxwriter
import xlwt
from hypothesis import strategies as st
from yearbook_files import GDP, LAYOUTS, PEOPLE, YEAR_2023

Rows = list[list[str]]
JUNK = (
    *'",;\n…x9年-',
    "\0",
    "=1+1",
    "地区",
    "全国",
    "\ufeff",
    "2021",
    "(万元)",
    "备注",
)
DELIMITERS = ",;\t"
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16")
FOREIGN_ENCODINGS = ("utf-16-le", "utf-32", "big5", "shift_jis")
SHEET_PART = "xl/worksheets/sheet1.xml"
FOOTER_BYTES = 8  # of a Parquet file: its length, and the mark


class Good(NamedTuple):
    """A table that lands: its cells, the delimiter it came with, and the figures.

    `figures` and `cells` have the value, and the row and column, of each figure.
    """

    rows: Rows
    delimiter: str
    figures: dict[tuple, Decimal]
    cells: dict[tuple, tuple[int, int]]


class Damaged(NamedTuple):
    """A file, the good table that it was made of, and how its name ends."""

    good: Good
    suffix: str
    content: bytes

    def __repr__(self) -> str:
        """A text as it stands; of other files only what they were made of."""
        shown = self.content if self.suffix == ".csv" else len(self.content)
        return f"{self.suffix} {shown!r} of {self.good.rows[:3]}"


@lru_cache(maxsize=10_000)
def plain(text: str) -> str:
    """A cell without blanks, marks of order and full-width letters; 1.0 is 1."""
    text = re.sub(r"[\s\ufeff\u200b]", "", text)
    text = "".join(
        chr(ord(c) - 0xFEE0) if "\uff01" <= c <= "\uff5e" else c for c in text
    )
    if re.fullmatch(r"[0-9]{1,15}\.[0-9]+", text):
        text = text.rstrip("0").rstrip(".")
    return text


@lru_cache(maxsize=10_000)
def number(text: str) -> Decimal | None:
    """The number that a cell begins with, read without the project's code."""
    text = plain(text).replace(",", "").replace("'", "").replace("\u2212", "-")
    match = re.match(r"[+-]?[0-9.]+(e[+-]?[0-9]+)?", text, re.IGNORECASE)
    try:
        return Decimal(match[0]) if match else None
    except ArithmeticError:
        return None


# in one unit of a good table: units of the series
SIZES = {GDP: ("1", "10", "0.0001"), PEOPLE: ("1", "0.0001")}


def _good(text: str, figures: dict) -> Good:
    delimiter = max(DELIMITERS, key=text.count)
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    values = {name: Decimal(value) for name, value in figures.items()}
    cells = {
        name: (i, j)
        for name, value in values.items()
        for i, row in enumerate(rows)
        for j, cell in enumerate(row)
        if value in [(number(cell) or 0) * Decimal(size) for size in SIZES[name[2]]]
    }
    return Good(rows, delimiter, values, cells)


GOOD = [_good(text, figures) for text, figures in LAYOUTS.values()]
# a Parquet file has one row of headings and no titles
FRAMES = [
    good
    for good in GOOD
    if all(good.rows[0]) and {len(row) for row in good.rows} == {len(good.rows[0])}
]
# a sheet that is named 2023
SHEET = _good(
    "地区,地区生产总值(亿元),年末常住人口(万人)\n"
    "北京,43760.7,2185.8\n内蒙古,24627,2396\n",
    YEAR_2023,
)


# --- tables ---------------------------------------------------------------------------


def _number(draw, low: int, high: int) -> int:
    return draw(st.integers(low, high))


def _pick(draw, items):
    return items[_number(draw, 0, len(items) - 1)]


def _row(draw, rows: Rows) -> int:
    return _pick(draw, [i for i, row in enumerate(rows) if row])


def _cell(draw, rows: Rows) -> tuple[int, int]:
    row = _row(draw, rows)
    return row, _number(draw, 0, len(rows[row]) - 1)


def _figure(draw, rows: Rows) -> tuple[int, int]:
    """A cell below the first row, and not in the first column, if there is one."""
    cells = [(i, j) for i, row in enumerate(rows) for j in range(len(row))]
    return _pick(draw, [c for c in cells if all(c)] or cells)


def swap_cells(draw, rows: Rows) -> None:
    """Exchange two cells."""
    (i, j), (k, m) = _cell(draw, rows), _cell(draw, rows)
    rows[i][j], rows[k][m] = rows[k][m], rows[i][j]


def swap_figures(draw, rows: Rows) -> None:
    """Exchange two cells, most likely figures."""
    (i, j), (k, m) = _figure(draw, rows), _figure(draw, rows)
    rows[i][j], rows[k][m] = rows[k][m], rows[i][j]


def blank_cell(draw, rows: Rows) -> None:
    """Take the text of a cell away."""
    i, j = _cell(draw, rows)
    rows[i][j] = ""


def overwrite_cell(draw, rows: Rows) -> None:
    """Put junk, or the text of another cell, in the place of one."""
    i, j = _cell(draw, rows)
    k, m = _cell(draw, rows)
    rows[i][j] = _pick(draw, (*JUNK, rows[k][m]))


def spoil_cell(draw, rows: Rows) -> None:
    """Put junk into a cell."""
    i, j = _pick(draw, (_cell, _figure))(draw, rows)
    at = _number(draw, 0, len(rows[i][j]))
    rows[i][j] = rows[i][j][:at] + _pick(draw, JUNK) + rows[i][j][at:]


def cut_cell(draw, rows: Rows) -> None:
    """Take some letters of a cell away."""
    i, j = _cell(draw, rows)
    at = _number(draw, 0, len(rows[i][j]))
    rows[i][j] = rows[i][j][:at] + rows[i][j][at + _number(draw, 1, 3) :]


def swap_rows(draw, rows: Rows) -> None:
    """Exchange two rows."""
    i, k = _row(draw, rows), _row(draw, rows)
    rows[i], rows[k] = rows[k], rows[i]


def repeat_row(draw, rows: Rows) -> None:
    """Write a row a second time, anywhere."""
    again = list(rows[_row(draw, rows)])
    rows.insert(_number(draw, 0, len(rows)), again)


def drop_row(draw, rows: Rows) -> None:
    """Leave a row out."""
    if len(rows) > 1:
        del rows[_row(draw, rows)]


def shuffle_row(draw, rows: Rows) -> None:
    """Put the cells of a row into another order."""
    i = _row(draw, rows)
    rows[i] = draw(st.permutations(rows[i]))


def drop_field(draw, rows: Rows) -> None:
    """Take a cell away, so that those behind it move up."""
    i, j = _cell(draw, rows)
    del rows[i][j]


def add_field(draw, rows: Rows) -> None:
    """Put a cell between others, so that those behind it move on."""
    i, j = _cell(draw, rows)
    rows[i].insert(j, _pick(draw, ("", *JUNK)))


def swap_columns(draw, rows: Rows) -> None:
    """Exchange two columns."""
    i, j = _cell(draw, rows)
    k = _number(draw, 0, len(rows[i]) - 1)
    for row in rows:
        if max(j, k) < len(row):
            row[j], row[k] = row[k], row[j]


def drop_column(draw, rows: Rows) -> None:
    """Leave a column out."""
    _, j = _cell(draw, rows)
    for row in rows:
        del row[j : j + 1]


def repeat_column(draw, rows: Rows) -> None:
    """Write a column twice."""
    _, j = _cell(draw, rows)
    for row in rows:
        row[j:j] = row[j : j + 1]


def merge_beside(draw, rows: Rows) -> None:
    """Write the text of a cell, with that of the next one, over both."""
    i, j = _cell(draw, rows)
    both = "".join(rows[i][j : j + 2])
    rows[i][j : j + 2] = [both, ""][: len(rows[i]) - j]


def merge_below(draw, rows: Rows) -> None:
    """Write the text of a cell together with that of the one below it."""
    i, j = _cell(draw, rows)
    if i + 1 < len(rows) and j < len(rows[i + 1]):
        rows[i][j] += rows[i + 1][j]
        rows[i + 1][j] = ""


TABLE_DAMAGE: tuple[Callable, ...] = (
    *(swap_cells, swap_figures, blank_cell, overwrite_cell, spoil_cell, cut_cell),
    *(swap_rows, repeat_row, drop_row, shuffle_row, drop_field, add_field),
    *(swap_columns, drop_column, repeat_column, merge_beside, merge_below),
)


def _damaged_rows(draw, good: Good, least: int) -> Rows:
    rows = [list(row) for row in good.rows]
    for _ in range(_number(draw, least, 2)):
        if any(rows):
            _pick(draw, TABLE_DAMAGE)(draw, rows)
    return rows


# --- bytes ----------------------------------------------------------------------------


def flip(draw, content: bytes) -> bytes:
    """Change one to four bytes."""
    changed = bytearray(content)
    for _ in range(_number(draw, 1, 4)):
        changed[_number(draw, 0, len(content) - 1)] = _number(draw, 0, 255)
    return bytes(changed)


def cut(draw, content: bytes) -> bytes:
    """Leave out all behind some byte."""
    return content[: _number(draw, 0, len(content) - 1)]


def drop(draw, content: bytes) -> bytes:
    """Leave out one to four bytes."""
    at = _number(draw, 0, len(content) - 1)
    return content[:at] + content[at + _number(draw, 1, 4) :]


def insert(draw, content: bytes) -> bytes:
    """Put one to four bytes between others."""
    at = _number(draw, 0, len(content))
    return content[:at] + draw(st.binary(min_size=1, max_size=4)) + content[at:]


def blank_sector(draw, content: bytes) -> bytes:
    """Zero 512 bytes, as a damaged disk does."""
    at = 512 * _number(draw, 0, (len(content) - 1) // 512)
    return (content[:at] + bytes(512) + content[at + 512 :])[: len(content)]


BYTE_DAMAGE: tuple[Callable, ...] = (flip, cut, drop, insert, blank_sector)


def _damaged_bytes(draw, content: bytes, least: int = 0) -> bytes:
    if content and _number(draw, least, 1):
        content = _pick(draw, BYTE_DAMAGE)(draw, content)
    return content


# --- files ----------------------------------------------------------------------------


def _text(rows: Rows, delimiter: str, line_end: str) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return file.getvalue()


@st.composite
def texts(draw) -> Damaged:
    """A CSV file: delimiters and ends of lines changed too, in all lines or in one."""
    good = _pick(draw, GOOD)
    rows = _damaged_rows(draw, good, least=0)
    delimiter = _pick(draw, (*[good.delimiter] * 6, *DELIMITERS, "|"))
    text = _text(rows, delimiter, _pick(draw, ("\n", "\n", "\r\n", "\r")))
    if _pick(draw, (False,) * 5 + (True,)):
        lines = text.splitlines(keepends=True) or [""]
        at = _number(draw, 0, len(lines) - 1)
        lines[at] = lines[at].replace(delimiter, _pick(draw, (*",;\t ", "")))
        text = "".join(lines)
    encoding = _pick(draw, ENCODINGS * 2 + FOREIGN_ENCODINGS)
    content = text.encode(encoding, "replace")
    least = int(rows == good.rows)
    return Damaged(good, ".csv", _damaged_bytes(draw, content, least))


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite() and text.strip() == text
    except ArithmeticError:
        return False


def _workbook(draw, rows: Rows) -> bytes:
    """A workbook with some of its cells merged."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": datetime.datetime(2024, 1, 1)})
        sheet = book.add_worksheet()
        for i, row in enumerate(rows):
            for j, text in enumerate(row):
                if _is_number(text):
                    sheet.write_number(i, j, float(text))
                else:
                    sheet.write_string(i, j, text)
        if _number(draw, 0, 1) and any(rows):
            i, j = _cell(draw, rows)
            down, right = _pick(draw, ((0, 1), (1, 0), (0, 2), (1, 1)))
            sheet.merge_range(i, j, i + down, j + right, rows[i][j])
    return file.getvalue()


@st.composite
def workbooks(draw) -> Damaged:
    """A workbook whose table is damaged, or its parts, or its bytes."""
    good = _pick(draw, GOOD)
    kind = _pick(draw, ("table", "table", "parts", "parts", "bytes"))
    rows = _damaged_rows(draw, good, 1) if kind == "table" else good.rows
    content = _workbook(draw, rows)
    if kind == "parts":
        content = _damaged_parts(draw, content)
    elif kind == "bytes":
        content = _damaged_bytes(draw, content, least=1)
    return Damaged(good, ".xlsx", content)


def _damaged_parts(draw, content: bytes) -> bytes:
    """Damage members of a zip file; it stays whole itself, with right checksums."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    names = sorted(parts)
    # most of what matters is in the sheet
    name = _pick(draw, (*names, *[SHEET_PART] * len(names)))
    other = _pick(draw, names)
    kind = _number(draw, 0, 7)
    if kind == 0:
        del parts[name]
    elif kind == 1:
        parts[name], parts[other] = parts[other], parts[name]
    elif kind == 7:
        sheet = parts[SHEET_PART]
        far = _pick(draw, (b'"XFD1048576"', b"'xfd1048576'", b'"A999"'))
        place = _pick(draw, re.findall(rb'<c r=("[A-Z]+[0-9]+")', sheet))
        parts[SHEET_PART] = sheet.replace(place, far)
    elif kind == 2:
        parts[name.replace("xl/", "xl/x").upper()] = parts.pop(name)
    else:
        parts[name] = _damaged_bytes(draw, parts[name], least=1)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    packed = bytearray(file.getvalue())
    if kind == 3:
        _change_headers(draw, packed)
    return bytes(packed)


def _change_headers(draw, packed: bytearray) -> None:
    """Write another number into the same field of all headers of a zip file."""
    # behind the marks: flags, method, checksum, packed and unpacked size
    fields = ((6, 8), (8, 10), (14, 16), (18, 20), (22, 24))
    local, central = _pick(draw, fields)
    value = struct.pack("<H", _pick(draw, (1, 8, 9, 12, 14, 99, 0xFFFF)))
    for mark, place in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        at = packed.find(mark)
        while at >= 0:
            packed[at + place : at + place + 2] = value
            at = packed.find(mark, at + 4)


@st.composite
def old_workbooks(draw) -> Damaged:
    """A workbook of the old format."""
    good = _pick(draw, (*GOOD, *[SHEET] * 4))
    rows = _damaged_rows(draw, good, least=0)
    book = xlwt.Workbook()
    sheet = book.add_sheet("2023", cell_overwrite_ok=True)
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            sheet.write(i, j, float(text) if _is_number(text) else text)
    file = io.BytesIO()
    book.save(file)
    content = _damaged_bytes(draw, file.getvalue(), least=int(rows == good.rows))
    return Damaged(good, ".xls", content)


@st.composite
def parquet_files(draw) -> Damaged:
    """A Parquet file: its table, its pages, its footer, or its length."""
    good = _pick(draw, FRAMES)
    kind = _pick(draw, ("table", "bytes", "footer", "length"))
    rows = _damaged_rows(draw, good, least=1) if kind == "table" else good.rows
    content = _parquet(draw, rows)
    if kind == "bytes":
        content = _damaged_bytes(draw, content, least=1)
    elif kind == "footer":
        begin = len(content) - FOOTER_BYTES
        begin -= struct.unpack("<I", content[begin : begin + 4])[0]
        changed = flip(draw, content[begin:-FOOTER_BYTES])
        content = content[:begin] + changed + content[-FOOTER_BYTES:]
    elif kind == "length":
        length = struct.pack("<I", _number(draw, 0, 2 * len(content)))
        content = content[:-FOOTER_BYTES] + length + b"PAR1"
    return Damaged(good, ".parquet", content)


def _parquet(draw, rows: Rows) -> bytes:
    width = max(map(len, rows), default=0)
    padded = [row + [""] * (width - len(row)) for row in rows] or [[]]
    columns = [list(column) for column in zip(*padded[1:], strict=True)]
    arrays = []
    for column in columns or [[] for _ in padded[0]]:
        if column and all(map(_is_number, column)) and _number(draw, 0, 1):
            arrays.append(pa.array([float(text) for text in column]))
        else:
            arrays.append(pa.array(column, pa.string()))
    file = io.BytesIO()
    pq.write_table(
        pa.Table.from_arrays(arrays, names=padded[0]),
        file,
        compression=_pick(draw, ("none", "snappy", "zstd")),
        use_dictionary=bool(_number(draw, 0, 1)),
        write_page_checksum=True,
    )
    return file.getvalue()


@st.composite
def statistical_files(draw) -> Damaged:
    """A file of Stata or SPSS whose bytes are damaged."""
    good, suffix = _pick(draw, FRAMES), _pick(draw, (".dta", ".sav"))
    heads, *rows = good.rows
    names = [f"v{place}" for place in range(len(heads))]
    frame = pd.DataFrame(rows, columns=names)
    for name in names:
        if all(map(_is_number, frame[name])):
            frame[name] = frame[name].astype(float)
    write = pyreadstat.write_dta if suffix == ".dta" else pyreadstat.write_sav
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{suffix}"
        write(frame, path, column_labels=heads)
        content = path.read_bytes()
    return Damaged(good, suffix, _damaged_bytes(draw, content, least=1))
