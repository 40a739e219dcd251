"""A panel file as sheets of text: what landing reads, and data files of Stata and SPSS.

Cells that a spreadsheet shows as per cent are read as they are shown: 0.876 under the
format 0.0% is 87.6%.
"""

import io
import re
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

from coupling.landing.files import (
    MAX_BYTES,
    MAX_CELLS,
    FileError,
    Opened,
    Sheet,
    open_file,
    stored_text,
)
from coupling.landing.texts import column_letter

STATISTICAL = (".dta", ".sav")
READ = (".xlsx", ".xls", ".csv", ".txt", ".tsv", ".dta", ".sav", ".parquet")
PERCENT_FORMATS = {9, 10}
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*)>")
STYLED = re.compile(rb'\bs="([0-9]+)"')
PLACED = re.compile(rb'\br="([A-Z]+[0-9]+)"')
NUMBER = re.compile(r"[+-]?[0-9]+(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?")


def open_panel(path: Path, sheet: str = "") -> tuple[Opened, list[str]]:
    """Read a panel file; of a workbook only `sheet`, if it is given.

    Returns sheets of text and, of a data file with labels, the names of its variables.
    Raises FileError for what cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix not in READ:
        raise FileError(f"{path.name} is none of {', '.join(READ)}")
    if suffix in STATISTICAL:
        return _open_statistical(path, suffix)
    opened = open_file(path, sheet, _count_cells)
    if suffix == ".xlsx":
        percent = _percent_cells(opened.content)
        for one in opened.sheets:
            _show_percent(one, percent.get(one.name, frozenset()))
    elif suffix == ".xls":
        percent = _old_percent_cells(opened.content)
        for one in opened.sheets:
            _show_percent(one, percent.get(one.name, frozenset()))
    return opened, []


def _count_cells(rows: list[list[str]]) -> int:
    """Cells of rows that are as wide as most; the right delimiter makes most."""
    widths = Counter(len(row) for row in rows if any(row))
    width, count = max(widths.items(), key=lambda found: found[0] * found[1])
    return width * count if width > 1 else 0


# --- formats of workbooks ------------------------------------------------------------


def _percent_cells(content: bytes) -> dict[str, frozenset[str]]:
    """Places such as B3 of cells with a per cent format, by name of the sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        if "xl/styles.xml" not in names:
            return {}
        styles = _percent_styles(archive.read("xl/styles.xml"))
        if not styles:
            return {}
        found = {}
        for sheet, part in _sheet_parts(archive):
            if part in names:
                found[sheet] = _places(archive.read(part), styles)
        return found


def _percent_styles(xml: bytes) -> set[bytes]:
    root = ElementTree.fromstring(xml)
    formats = set(PERCENT_FORMATS)
    for one in root.iter(f"{MAIN}numFmt"):
        if "%" in re.sub(r'"[^"]*"|\\.', "", one.get("formatCode", "")):
            formats.add(int(one.get("numFmtId", "-1")))
    cells = root.find(f"{MAIN}cellXfs")
    return {
        str(place).encode()
        for place, one in enumerate(cells if cells is not None else ())
        if int(one.get("numFmtId", "0")) in formats
    }


def _sheet_parts(archive: zipfile.ZipFile):
    relations = {
        one.get("Id"): one.get("Target", "").lstrip("/")
        for one in ElementTree.fromstring(
            archive.read("xl/_rels/workbook.xml.rels")
        ).iter()
    }
    for one in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if not one.tag.endswith("}sheet"):
            continue
        target = next((relations.get(one.get(key)) for key in RELATION if key), "")
        if target:
            yield (
                one.get("name"),
                target if target.startswith("xl/") else f"xl/{target}",
            )


def _places(xml: bytes, styles: set[bytes]) -> frozenset[str]:
    found = set()
    for match in CELL.finditer(xml):
        style, place = STYLED.search(match[1]), PLACED.search(match[1])
        if style and place and style[1] in styles:
            found.add(place[1].decode())
    return frozenset(found)


def _old_percent_cells(content: bytes) -> dict[str, frozenset[str]]:
    import xlrd

    with xlrd.open_workbook(
        file_contents=content, logfile=io.StringIO(), formatting_info=True
    ) as book:
        styles = {
            place
            for place, style in enumerate(book.xf_list)
            if "%" in book.format_map[style.format_key].format_str
        }
        if not styles:
            return {}
        return {
            table.name: frozenset(
                f"{column_letter(column)}{row + 1}"
                for row in range(table.nrows)
                for column in range(table.row_len(row))
                if table.cell_xf_index(row, column) in styles
            )
            for table in book.sheets()
        }


def _show_percent(sheet: Sheet, places: frozenset[str]) -> None:
    if not places:
        return
    for line, row in zip(sheet.lines, sheet.rows, strict=True):
        for column, text in enumerate(row):
            if NUMBER.fullmatch(text) and f"{column_letter(column)}{line}" in places:
                row[column] = f"{format(Decimal(text) * 100, 'f')}%"


# --- Stata and SPSS ------------------------------------------------------------------


def _open_statistical(path: Path, suffix: str) -> tuple[Opened, list[str]]:
    if not path.is_file():
        raise FileError(f"there is no file {path.name}")
    if path.stat().st_size > MAX_BYTES:
        raise FileError(
            f"{path.name} has {path.stat().st_size / 1e6:.0f} MB; files of up to"
            f" {MAX_BYTES / 1024 / 1024:.0f} MB are read"
        )
    import pyreadstat

    read = pyreadstat.read_dta if suffix == ".dta" else pyreadstat.read_sav
    try:
        content = path.read_bytes()
        frame, meta = read(path, apply_value_formats=True)
    except FileError:
        raise
    except Exception as error:
        # the reader's errors are of many kinds
        raise FileError(f"{path.name} is damaged, or no {suffix}: {error}") from error
    if frame.size > MAX_CELLS:
        raise FileError(f"{path.name} has more than {MAX_CELLS:,} cells")
    labels = meta.column_names_to_labels
    shown = [(labels.get(name) or "").strip() or name for name in frame.columns]
    counts = Counter(shown)
    heads = [
        label if counts[label] == 1 else name
        for label, name in zip(shown, frame.columns, strict=True)
    ]
    kinds = meta.readstat_variable_types
    columns = [_texts(frame[name], kinds.get(name)) for name in frame.columns]
    rows = [heads, *map(list, zip(*columns, strict=True))]
    sheet = Sheet("", rows, list(range(1, len(rows) + 1)), is_binary=True)
    return Opened(path.name, content, [sheet]), list(frame.columns)


def _texts(column, kind: str | None) -> list[str]:
    """Values as text; a figure kept in single precision as it was typed."""
    values = column.tolist()
    if kind == "float":
        import numpy as np

        values = [
            float(str(np.float32(value))) if isinstance(value, float) else value
            for value in values
        ]
    return ["" if v is None or v != v else stored_text(v) for v in values]
