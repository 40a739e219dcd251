"""Read files that hold stored values: workbooks, Parquet, files of Stata and SPSS.

What a few bytes of these unpack to is not known before, so each is read in a process
with limits; see coupling.base.limited.
"""

import io
import re
import zipfile
from array import array
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, product
from pathlib import Path
from xml.parsers.expat import ParserCreate

from coupling.base.texts import column_letter
from coupling.landing.formats import percent_cells, show_percent
from coupling.landing.sheet import (
    MAX_CELLS,
    FileError,
    Sheet,
    refuse_cells,
    refuse_if_large,
    stored_text,
)

WORKBOOKS = (".xlsx", ".xls")
STATISTICAL = (".dta", ".sav")
OLE = b"\xd0\xcf\x11\xe0"
# of workbooks that are protected against changes alone
BUILTIN_PASSWORD = "VelvetSweatshop"
WEB_PAGE = re.compile(r"\s*<(?:!doctype|html|table|\?xml)", re.IGNORECASE)
PLACE = re.compile(r"([A-Za-z]{1,6})([0-9]{1,9})")
# more than any column has
PER_ROW = 2**32


def read_stored(path: Path, sheet: str) -> tuple[list[Sheet], list[str], list[str]]:
    """Return the sheets of a file, remarks, and names of variables that have labels.

    Of a workbook only `sheet` is read, if it is given. Raises FileError.
    """
    suffix, content = path.suffix.lower(), path.read_bytes()
    if suffix in WORKBOOKS and content.startswith(OLE):
        content = _without_builtin_password(content)
    remarks: list[str] = []
    names: list[str] = []
    if suffix in WORKBOOKS:
        sheets = refuse_if_large(
            path.name, _read_workbook(path.name, content, sheet, remarks)
        )
        _show_percent(path.name, suffix, content, sheets)
        return sheets, remarks, names
    if suffix in STATISTICAL:
        one, names = _read_statistical(path, suffix)
    else:
        one = _read_parquet(path.name, content)
    return refuse_if_large(path.name, [one]), remarks, names


def refuse_web_page(name: str, text: str) -> None:
    """Raise FileError for a page that was saved under the name of a table."""
    if WEB_PAGE.match(text[:200]):
        raise FileError(
            f"{name} holds a web page; open it in a spreadsheet program and save it as"
            " .xlsx"
        )


def _damaged(name: str, kind: str, error: BaseException) -> FileError:
    return FileError(f"{name} is damaged, or no {kind}: {error!r}")


# --- workbooks -----------------------------------------------------------------------


def _without_builtin_password(content: bytes) -> bytes:
    """Return a workbook without the password that Excel itself sets and tries.

    One with a password of its user's is returned as it is.
    """
    import msoffcrypto

    opened = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(content))
        if not file.is_encrypted():
            return content
        file.load_key(password=BUILTIN_PASSWORD)
        file.decrypt(opened)
    except MemoryError:
        raise
    except Exception:
        # another password, or no whole workbook: its reader says which
        return content
    return opened.getvalue()


def _show_percent(name: str, suffix: str, content: bytes, sheets: list[Sheet]) -> None:
    try:
        percent = percent_cells(suffix, content)
    except MemoryError:
        raise
    except Exception as error:
        # each part of a workbook fails in a way of its own
        raise _damaged(name, "workbook", error) from error
    for one in sheets:
        show_percent(one.rows, one.lines, percent.get(one.name, frozenset()))


def _read_workbook(
    name: str, content: bytes, sheet: str, remarks: list
) -> Iterator[Sheet]:
    if content.startswith(b"PK"):
        _check_zip(name, content, remarks)
        read = _new_sheets
    elif not content.startswith(OLE):
        refuse_web_page(name, content[:200].decode("latin-1"))
        raise FileError(f"{name} is no workbook; if it is text, name it .csv")
    elif "EncryptedPackage".encode("utf-16-le") in content:
        raise FileError(f"{name} is protected by a password; save it without one")
    else:
        read = _old_sheets
    try:
        yield from read(name, content, sheet)
    except (FileError, MemoryError):
        raise
    except BaseException as error:
        # the reader's own panics are no Exception
        is_panic = type(error).__name__ == "PanicException"
        if not is_panic and not isinstance(error, Exception):
            raise
        if type(error).__name__ == "PasswordError" or "encrypted" in str(error):
            message = f"{name} is protected by a password; save it without one"
            raise FileError(message) from error
        raise _damaged(name, "workbook", error) from error


def _new_sheets(name: str, content: bytes, sheet: str) -> Iterator[Sheet]:
    """The sheets of an .xlsx file."""
    import python_calamine as calamine

    workbook = calamine.load_workbook(io.BytesIO(content))
    for one in _wanted(name, workbook.sheet_names, sheet):
        yield _new_sheet(name, workbook, one)


def _new_sheet(name: str, workbook, sheet: str) -> Sheet:
    from python_calamine import WorksheetNotFound

    try:
        table = workbook.get_sheet_by_name(sheet)
    except WorksheetNotFound:
        return Sheet(sheet, [], [], is_binary=True)  # a chart
    refuse_cells(f"{name}, sheet {sheet}", table.total_height * table.total_width)
    rows = [
        [stored_text(value) for value in row]
        for row in table.to_python(skip_empty_area=False)
    ]
    return _merged(name, sheet, rows, table.merged_cell_ranges or ())


def _old_sheets(name: str, content: bytes, sheet: str) -> Iterator[Sheet]:
    """The sheets of an .xls file, which has at most 65,536 rows and 256 columns."""
    import xlrd

    with xlrd.open_workbook(
        file_contents=content,
        logfile=io.StringIO(),
        formatting_info=True,  # else merged cells are left out
        ragged_rows=True,
    ) as book:
        for one in _wanted(name, book.sheet_names(), sheet):
            yield _old_sheet(name, book, one)


def _wanted(name: str, names: list[str], sheet: str) -> list[str]:
    twice = sorted(one for one, count in Counter(names).items() if count > 1)
    if twice and (not sheet or sheet in twice):
        raise FileError(
            f"{name} has more than one sheet {twice[0]}; expected names that differ"
        )
    if sheet and sheet not in names:
        raise FileError(f"{name} has no sheet {sheet}; it has {', '.join(names)}")
    return [sheet] if sheet else names


def _check_zip(name: str, content: bytes, remarks: list) -> None:
    """Refuse what is no whole workbook, or holds cells that cannot be read."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        is_workbook = False
        errors = 0
        for part in archive.infolist():
            if part.flag_bits & 1:
                raise FileError(
                    f"{name} is protected by a password; save it without one"
                )
            is_workbook |= part.filename == "xl/workbook.xml"
            # reading compares size and checksum with what the directory says
            xml = archive.read(part)
            if b"sheetData" in xml:
                errors += _Cells(xml).refuse_if_unfit(name)
    except (FileError, MemoryError):
        raise
    except Exception as error:
        # each way of packing has errors of its own
        raise _damaged(name, "workbook", error) from error
    if not is_workbook:
        raise FileError(f"{name} is a zip file, but no .xlsx workbook")
    if errors:
        remarks.append(
            f"{errors} cells hold an error of the spreadsheet (such as #DIV/0!); they"
            " are read as blank"
        )


class _Cells:
    """Errors, formulas and places of the cells of a sheet's XML.

    Raises ExpatError for what is no XML, ValueError for a cell without a place.
    """

    def __init__(self, xml: bytes):
        self.rows = self.columns = self.errors = 0
        self.has_blank_formula = False
        self._places = array("q")
        self._row = self._column = 0
        self._is_formula = self._is_value = self._has_value = False
        parser = ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(xml, True)

    def refuse_if_unfit(self, name: str) -> int:
        """Return how many cells hold an error.

        Raises FileError if cells with values lie far apart, formulas have no results,
        or a cell is there twice.
        """
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
        places = self._places
        if any(later <= place for place, later in pairwise(places)):
            twice = [one for one, count in Counter(places).items() if count > 1]
            if twice:
                row, column = divmod(min(twice), PER_ROW)
                raise FileError(
                    f"{name} has the cell {column_letter(column)}{row} more than once;"
                    " expected each cell once"
                )
        return self.errors

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(" ")[2]
        if tag == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif tag == "c":
            self._place(attributes.get("r"))
            self.errors += attributes.get("t") == "e"
            self._is_formula = self._has_value = False
        elif tag == "f":
            self._is_formula = True
        elif tag in ("v", "t"):
            self._is_value = True

    def _place(self, place: str | None) -> None:
        self._column += 1
        if place is not None:
            match = PLACE.fullmatch(place)
            if match is None:
                raise ValueError(f"a cell at {place[:20]}")
            self._column = 0
            for letter in match[1].upper():
                self._column = self._column * 26 + ord(letter) - ord("A") + 1
            self._row = int(match[2])
        self._places.append(self._row * PER_ROW + self._column - 1)

    def _text(self, text: str) -> None:
        self._has_value |= self._is_value

    def _end(self, tag: str) -> None:
        tag = tag.rpartition(" ")[2]
        if tag in ("v", "t"):
            self._is_value = False
        elif tag == "c":
            self.has_blank_formula |= self._is_formula and not self._has_value
            # formats alone may reach to the last row
            if self._has_value or self._is_formula:
                self.rows = max(self.rows, self._row)
                self.columns = max(self.columns, self._column)


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
    refuse_cells(f"{name}, sheet {sheet}", table.nrows * table.ncols)
    rows = [[text(cell) for cell in table.row(i)] for i in range(table.nrows)]
    for row in rows:
        row += [""] * (table.ncols - len(row))
    ranges = [
        ((top, left), (bottom - 1, right - 1))
        for top, bottom, left, right in table.merged_cells
    ]
    return _merged(name, sheet, rows, ranges)


def _merged(name: str, sheet: str, rows: list[list[str]], ranges) -> Sheet:
    """A sheet in which all merged cells have the text of the first of them.

    Of blank rows that follow one another, the first stands for all.
    """
    merged, filled = {}, 0
    for (top, left), (bottom, right) in ranges:
        if top < len(rows) and left < len(rows[top]):
            bottom, right = min(bottom, len(rows) - 1), min(right, len(rows[top]) - 1)
            filled += (bottom - top + 1) * (right - left + 1)
            refuse_cells(f"{name}, sheet {sheet}", filled)
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


# --- Parquet -------------------------------------------------------------------------


def _read_parquet(name: str, content: bytes) -> Sheet:
    try:
        rows = _parquet_rows(name, content)
    except (FileError, MemoryError):
        raise
    except Exception as error:
        # texts that are no UTF-8 and dates beyond the calendar show late
        raise _damaged(name, "Parquet file", error) from error
    return Sheet("", rows, list(range(1, len(rows) + 1)), is_binary=True)


def _parquet_rows(name: str, content: bytes) -> list[list[str]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(io.BytesIO(content), page_checksum_verification=True)
    for one in file.schema_arrow:
        if pa.types.is_nested(one.type):
            raise FileError(f"{name}: the column {one.name} is no plain column")
    refuse_cells(name, file.metadata.num_rows * file.metadata.num_columns)
    table = file.read()
    columns = []
    for column_name, column in zip(table.column_names, table.columns, strict=True):
        values = column.to_pylist()
        if pa.types.is_float32(column.type):
            values = [_typed(value) for value in values]
        columns.append([column_name, *(stored_text(value) for value in values)])
    return [list(row) for row in zip(*columns, strict=True)]


def _typed(value):
    """A figure kept in single precision as it was typed, not as its double is."""
    import numpy as np

    return float(str(np.float32(value))) if isinstance(value, float) else value


# --- Stata and SPSS ------------------------------------------------------------------


def _read_statistical(path: Path, suffix: str) -> tuple[Sheet, list[str]]:
    """The table under its labels, and the names of its variables."""
    from coupling.base.statistical import read_statistical

    try:
        frame, meta = read_statistical(path, apply_value_formats=True)
    except MemoryError:
        raise
    except Exception as error:
        # the reader's errors are of many kinds
        raise FileError(f"{path.name} is damaged, or no {suffix}: {error}") from error
    refuse_cells(path.name, frame.size)
    labels = meta.column_names_to_labels
    shown = [(labels.get(name) or "").strip() or name for name in frame.columns]
    counts = Counter(shown)
    heads = [
        label if counts[label] == 1 else name
        for label, name in zip(shown, frame.columns, strict=True)
    ]
    kinds = meta.readstat_variable_types
    columns = []
    for name in frame.columns:
        values = frame[name].tolist()
        if kinds.get(name) == "float":
            values = [_typed(value) for value in values]
        columns.append(["" if v is None or v != v else stored_text(v) for v in values])
    rows = [heads, *map(list, zip(*columns, strict=True))]
    return (
        Sheet("", rows, list(range(1, len(rows) + 1)), is_binary=True),
        list(frame.columns),
    )
