"""Read a file as sheets of text; refuse what is no table."""

import csv
import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from coupling.base.limited import LimitError, read_within_limits
from coupling.landing.sheet import MAX_BYTES, FileError, Sheet, refuse_if_large
from coupling.landing.stored import (
    OLE,
    STATISTICAL,
    WORKBOOKS,
    read_stored,
    refuse_web_page,
)

TEXTS = (".csv", ".txt", ".tsv")
READ = (*TEXTS, *WORKBOOKS, *STATISTICAL, ".parquet")
DELIMITERS = ",;\t"
SAMPLED_LINES = 200
BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@dataclass
class Opened:
    """A file's bytes, its sheets, and remarks about reading it.

    `variables` has the names of columns whose headings are labels, as files of Stata
    and SPSS have them.
    """

    name: str
    content: bytes
    sheets: list[Sheet]
    remarks: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)

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
    if suffix not in READ:
        raise FileError(f"{path.name} is none of {', '.join(READ)}")
    if sheet and suffix not in WORKBOOKS:
        raise FileError(f"{path.name} has no sheets, so none is called {sheet}")
    if suffix in TEXTS:
        text = _read_text(path.name, content, count_labels)
        opened.sheets = refuse_if_large(path.name, [text])
        return opened
    try:
        opened.sheets, opened.remarks, opened.variables = read_within_limits(
            read_stored, path, sheet
        )
    except LimitError as error:
        raise FileError(str(error)) from error
    if path.read_bytes() != content:
        raise FileError(f"{path.name} changes while it is read")
    return opened


def _read_text(name: str, content: bytes, count_labels: Callable) -> Sheet:
    if content.startswith((b"PK\x03\x04", OLE, b"PAR1")):
        raise FileError(f"{name} is no text; name it .xlsx, .xls or .parquet")
    text = _decode(name, content)
    if "\0" in text:
        raise FileError(
            f"{name} holds null characters, so it is no text in a known code"
        )
    refuse_web_page(name, text)
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
