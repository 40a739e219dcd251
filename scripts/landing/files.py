"""Read a file as sheets of text: CSV, workbooks, Parquet; refuse what is no table."""

import csv
import datetime
import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

MAX_BYTES = 50 * 1024 * 1024
MAX_CELLS = 4_000_000
MAX_UNPACKED_BYTES = 400 * 1024 * 1024
MAX_RATIO = 200
DELIMITERS = ",;\t"
SAMPLED_LINES = 200
OLE = b"\xd0\xcf\x11\xe0"
BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
FORMULA = re.compile(rb"</f>\s*(?:<v\s*/>|<v></v>|</c>)|<f[^>]*/>\s*(?:<v\s*/>|</c>)")
ERROR_CELL = re.compile(rb'<c\b[^>]*\bt="e"')


class FileError(Exception):
    """A file that cannot be read: one sentence."""


@dataclass
class Sheet:
    """A table as text: rows of cells, '' where blank, and each row's number.

    `widths` has the number of fields of each row where a missing field shows damage, in
    CSV; None elsewhere. `is_binary` where numbers were stored and not written, so that
    a percent sign may be a matter of format.
    """

    name: str
    rows: list[list[str]]
    lines: list[int]
    widths: list[int] | None = None
    is_binary: bool = False
    delimiter: str = ""


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
    import python_calamine as calamine

    if content.startswith(b"PK"):
        _check_zip(name, content, remarks)
    elif not content.startswith(OLE):
        _refuse_html(name, content[:200].decode("latin-1"))
        raise FileError(f"{name} is no workbook; if it is text, name it .csv")
    elif "EncryptedPackage".encode("utf-16-le") in content:
        raise FileError(f"{name} is protected by a password; save it without one")
    try:
        workbook = calamine.load_workbook(io.BytesIO(content))
        names = workbook.sheet_names
        if sheet and sheet not in names:
            shown = ", ".join(names)
            raise FileError(f"{name} has no sheet {sheet}; it has {shown}")
        return [
            _workbook_sheet(name, workbook, one)
            for one in names
            if not sheet or one == sheet
        ]
    except FileError:
        raise
    except calamine.PasswordError as error:
        message = f"{name} is protected by a password; save it without one"
        raise FileError(message) from error
    except BaseException as error:
        # the reader's own panics are no Exception
        is_panic = type(error).__name__ == "PanicException"
        if not is_panic and not isinstance(error, Exception):
            raise
        raise FileError(f"{name} is damaged, or no workbook: {error}") from error


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
        errors = 0
        for part in parts:
            if part.flag_bits & 1:
                raise FileError(
                    f"{name} is protected by a password; save it without one"
                )
            is_workbook |= part.filename == "xl/workbook.xml"
            with archive.open(part) as file:
                # reading compares size and checksum with what the directory says
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part.filename):
                    errors += _check_sheet(name, file.read())
                else:
                    while file.read(1 << 20):
                        pass
    except (
        zipfile.BadZipFile,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
    ) as e:
        raise FileError(f"{name} is damaged, or no workbook: {e}") from e
    except zipfile.zlib.error as error:
        raise FileError(f"{name} is damaged: {error}") from error
    if not is_workbook:
        raise FileError(f"{name} is a zip file, but no .xlsx workbook")
    if errors:
        remarks.append(
            f"{errors} cells hold an error of the spreadsheet (such as #DIV/0!); they"
            " are read as blank"
        )


def _check_sheet(name: str, xml: bytes) -> int:
    """Refuse a sheet whose corners are far apart or whose formulas have no results."""
    rows = columns = 0
    for letters, digits in CELL.findall(xml):
        rows = max(rows, int(digits))
        if len(letters) > 1 or columns < 26:
            number = 0
            for letter in letters:
                number = number * 26 + letter - 64
            columns = max(columns, number)
    if rows * columns > MAX_CELLS:
        raise FileError(
            f"{name} has a sheet of {rows:,} rows and {columns:,} columns; up to"
            f" {MAX_CELLS:,} cells are landed"
        )
    if FORMULA.search(xml):
        raise FileError(
            f"{name} has formulas without results; open it in a spreadsheet program"
            " and save it"
        )
    return len(ERROR_CELL.findall(xml))


def _workbook_sheet(name: str, workbook, sheet: str) -> Sheet:
    from python_calamine import WorksheetNotFound

    try:
        table = workbook.get_sheet_by_name(sheet)
    except WorksheetNotFound:
        return Sheet(sheet, [], [], is_binary=True)  # a chart
    if table.total_height * table.total_width > MAX_CELLS:
        raise FileError(f"{name}, sheet {sheet}: more than {MAX_CELLS:,} cells")
    rows = [
        [_stored_text(value) for value in row]
        for row in table.to_python(skip_empty_area=False)
    ]
    for (top, left), (bottom, right) in table.merged_cell_ranges or ():
        if top < len(rows) and left < len(rows[top]):
            for row in rows[top : bottom + 1]:
                for column in range(left, min(right + 1, len(row))):
                    row[column] = rows[top][left]
    return Sheet(sheet, rows, list(range(1, len(rows) + 1)), is_binary=True)


def _stored_text(value) -> str:
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
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(content))
        meta = file.metadata
        groups = [meta.row_group(i) for i in range(meta.num_row_groups)]
        if sum(group.total_byte_size for group in groups) > MAX_UNPACKED_BYTES:
            raise FileError(f"{name} unpacks to more than it should")
        if meta.num_rows * meta.num_columns > MAX_CELLS:
            raise FileError(f"{name} has more than {MAX_CELLS:,} cells")
        table = file.read()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise FileError(f"{name} is damaged, or no Parquet file: {error}") from error
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
        columns.append([column_name, *(_stored_text(value) for value in values)])
    rows = [list(row) for row in zip(*columns, strict=True)]
    return Sheet("", rows, list(range(1, len(rows) + 1)), is_binary=True)
