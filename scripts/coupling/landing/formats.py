"""Formats of workbooks: a cell that is shown as per cent is read as it is shown.

0.876 under the format 0.0% is 87.6%.
"""

import io
import re
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

from coupling.base.texts import column_letter

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


def percent_cells(suffix: str, content: bytes) -> dict[str, frozenset[str]]:
    """Places such as B3 of cells with a per cent format, by name of the sheet.

    `suffix` is .xlsx or .xls. Raises an error of the reader for what is damaged.
    """
    return _percent_cells(content) if suffix == ".xlsx" else _old_percent_cells(content)


def _percent_cells(content: bytes) -> dict[str, frozenset[str]]:
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


def show_percent(
    rows: list[list[str]], lines: list[int], places: frozenset[str]
) -> None:
    """Write numbers at some places as per cent; `lines` has the line of each row."""
    if not places:
        return
    for line, row in zip(lines, rows, strict=True):
        for column, text in enumerate(row):
            if NUMBER.fullmatch(text) and f"{column_letter(column)}{line}" in places:
                shown = (Decimal(text) * 100).normalize()
                row[column] = f"{shown:f}%"
