"""Damaged yearbook files land right or are refused with a reason; none lands half.

The oracle knows nothing of layouts. What it asks of a file that lands:

- each figure stands in a cell of the damaged table with labels of its region, its year
  and its series beside it or above it;
- a cell that no damage touched, nor its labels, nor a heading, lands as in the good
  file or is rejected with a reason;
- a row that stands as in the good file loses no figure.

COUPLING_DAMAGED_FILES says how many files are tried; then --hypothesis-seed counts.
"""

import csv
import difflib
import io
import itertools
import os
import re
import shutil
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import damaged_files
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import python_calamine
import xlrd
from damaged_files import DELIMITERS, Damaged, Good, Rows, number, plain
from hypothesis import HealthCheck, Phase, given, settings
from rich.console import Console
from yearbook_files import GDP, PEOPLE

from coupling.base.paths import Paths
from coupling.landing import command, files, workspace
from coupling.landing.dictionary import load_dictionary

SEEDS = Paths().seeds
USUAL = 300
FILES = int(os.environ.get("COUPLING_DAMAGED_FILES", USUAL))
# of each kind, in hundredths
SHARES = {"texts": 50, "workbooks": 16, "old_workbooks": 14, "parquet_files": 20}
REGIONS = {
    "110000": ("北京", "Beijing", "BEIJING", "11"),
    "150000": ("内蒙", "Inner", "Nei Mongol", "15"),
}
SERIES = {
    GDP: ("生产总值", "Gross", "GDP", "GRP", GDP),
    PEOPLE: ("常住人口", "Resident", PEOPLE),
}
OWN_UNIT = {GDP: "亿元", PEOPLE: "万人"}


def units() -> dict[str, dict[str, Decimal]]:
    """{series: {name of a unit: units of the series in one}}."""
    with (SEEDS / "reference" / "units.csv").open(encoding="utf-8") as file:
        rows = {row["unit"]: row for row in csv.DictReader(file)}
    return {
        series: {
            plain(name): Decimal(row["factor"]) / Decimal(rows[own]["factor"])
            for name, row in rows.items()
            if row["dimension"] == rows[own]["dimension"]
        }
        for series, own in OWN_UNIT.items()
    }


UNITS = units()


class Landed(NamedTuple):
    """What the workspace holds after a landing."""

    figures: dict[tuple, Decimal]
    rejected: set[str]


# --- what a damaged file holds --------------------------------------------------------


def text_tables(content: bytes) -> list[Rows]:
    """The cells of a text, for each delimiter."""
    encodings = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}.get(content[:2])
    for encoding in [encodings] if encodings else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        return []
    tables = []
    for delimiter in DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            tables.append(list(reader))
        except csv.Error:
            continue
    return tables


def workbook_tables(content: bytes) -> list[Rows]:
    """The cells of each sheet, its name above them; merged cells hold the first's."""
    book = python_calamine.load_workbook(io.BytesIO(content))
    tables = []
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=False)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
            for row in rows[top : bottom + 1]:
                row[left : right + 1] = [rows[top][left]] * len(row[left : right + 1])
        tables.append([[name], *([str(cell) for cell in row] for row in rows)])
    return tables


def old_workbook_tables(content: bytes) -> list[Rows]:
    """The same of a workbook of the old format, in which no cells are merged here."""
    book = xlrd.open_workbook(file_contents=content, logfile=io.StringIO())
    return [
        [
            [sheet.name],
            *([str(cell) for cell in sheet.row_values(i)] for i in range(sheet.nrows)),
        ]
        for sheet in book.sheets()
    ]


def parquet_tables(content: bytes) -> list[Rows]:
    """The columns of a Parquet file, their names above them."""
    table = pq.ParquetFile(pa.BufferReader(content)).read()
    columns = [
        [name, *("" if cell is None else str(cell) for cell in column.to_pylist())]
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
    return [[list(row) for row in zip(*columns, strict=True)]]


TABLES = {
    ".csv": text_tables,
    ".xlsx": workbook_tables,
    ".xls": old_workbook_tables,
    ".parquet": parquet_tables,
}


# --- the oracle -----------------------------------------------------------------------


def says(text: str, words: tuple[str, ...]) -> bool:
    return any(plain(word) in plain(text) for word in words)


def is_witnessed(rows: Rows, name: tuple, value: Decimal) -> bool:
    """Say whether a cell with the value has all three labels in its row or above it.

    A label counts in the cell's row, in its column above, in the next cell to the left
    of that (headings over several columns), or in a title above: a row of one cell. The
    value may be in any unit that one of these, or the cell, names.
    """
    region, year, series = name
    words = REGIONS[region], (str(year),), SERIES[series]
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            found = number(text)
            if not found and found != value:
                continue
            near = [cell for k, cell in enumerate(row) if k != j]
            for above in rows[:i]:
                given = [cell for cell in above if cell.strip()]
                near += [cell for cell in above[: j + 1] if cell.strip()][-1:]
                near += given if len(given) == 1 else []
                near += [c for c in given if ":" in c or "\uff1a" in c or "3-9" in c]
            if all(any(says(cell, word) for cell in near) for word in words):
                named = {plain(cell) for cell in (*near, text)}
                sizes = {1} | {
                    size
                    for unit, size in UNITS[series].items()
                    if any(unit in cell for cell in named)
                }
                if value in {found * size for size in sizes}:
                    return True
    return False


def content_of(rows: Rows) -> list[tuple[str, ...]]:
    """Rows that hold anything, cells made plain, without blanks at the end."""
    found = []
    for row in rows:
        cells = [plain(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            found.append(tuple(cells))
    return found


def untouched(good: Good, rows: Rows) -> set[tuple]:
    """Figures that no damage touched: heading, row labels and the cell are as before.

    Empty if any row but those of provinces and the notes below them was touched. Words
    of the headings that come up in a row make what follows doubtful.
    """
    kept = [i for i, row in enumerate(good.rows) if content_of([row])]
    places = {name: (kept.index(i), j) for name, (i, j) in good.cells.items()}
    last = max(i for i, _ in places.values())
    body = {i for i, _ in places.values()} | set(range(last + 1, len(kept)))
    before, now = content_of(good.rows), content_of(rows)
    words = {cell for i, row in enumerate(before) if i not in body for cell in row}
    lost: set[tuple] = set()
    matcher = difflib.SequenceMatcher(None, before, now, autojunk=False)
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            continue
        if not set(range(a, b)) <= body or (a == b and a <= min(body)):
            return set()
        if words & {cell for row in now[c:d] for cell in row if cell}:
            return {name for name in places if places[name][0] < a} - lost
        for name, (i, j) in places.items():
            figures = {k for row, k in places.values() if row == i} - {j}
            if a <= i < b and not (
                b - a == d - c and is_same_but(before[i], now[c + i - a], figures)
            ):
                lost.add(name)
    return set(places) - lost


def is_same_but(before: tuple, now: tuple, columns: set[int]) -> bool:
    """Say whether two rows are the same but for the cells of some columns."""
    return len(before) == len(now) and all(
        one == other or j in columns
        for j, (one, other) in enumerate(zip(before, now, strict=True))
    )


def kept_rows(good: Good, rows: Rows) -> set[tuple]:
    """Figures of rows of provinces that stand in the damaged table as before.

    None if a heading says to skip a column that was not skipped before.
    """
    before, now = content_of(good.rows), content_of(rows)
    if not skipped_columns(now) <= skipped_columns(before):
        return set()
    return {
        name
        for name, (i, _) in good.cells.items()
        if content_of([good.rows[i]])[0] in now
    }


def skipped_columns(rows: list[tuple[str, ...]]) -> set[int]:
    words = ("备注", "序号", "甲")
    return {j for row in rows for j, cell in enumerate(row) if cell in words}


def judge(landed: Landed, good: Good, tables: list[Rows]) -> None:
    """Assert that what landed of a damaged file is what the file says."""
    for name, value in landed.figures.items():
        assert any(is_witnessed(rows, name, value) for rows in tables), (name, value)
    rejected = {number(text) for text in landed.rejected}
    texts = {name: number(good.rows[i][j]) for name, (i, j) in good.cells.items()}
    for rows in tables:
        for name in untouched(good, rows):
            is_right = landed.figures.get(name) == good.figures[name]
            assert is_right or texts[name] in rejected, name
        for name in kept_rows(good, rows):
            sizes = {size for of in UNITS.values() for size in of.values()}
            read = {texts[name] * size for size in sizes}
            assert read & set(landed.figures.values()) or texts[name] in rejected, name


# --- landing --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def land():
    """Land a file in an empty workspace; None if it was refused, as it should be."""
    dictionary = load_dictionary(SEEDS, Path("nowhere"))
    folder = Path(tempfile.mkdtemp(prefix="coupling_damaged_"))
    work = folder / "work"

    def run(damaged: Damaged) -> Landed | None:
        shutil.rmtree(work, ignore_errors=True)
        path = folder / f"damaged{damaged.suffix}"
        path.write_bytes(damaged.content)
        said = io.StringIO()
        request = command.Request(is_confirmed=True)
        code = command.land_files(Console(file=said), [path], request, SEEDS, work)
        if code != command.LANDED:
            assert code == command.REFUSED
            assert re.search(
                rf"Nothing is landed.\n{path.name}\S* \S+", said.getvalue()
            )
            assert not work.exists()
            return None
        (row,) = workspace.read_rows(work / "landings.csv")
        original = work / "originals" / f"{row['sha256']}{damaged.suffix}"
        assert original.read_bytes() == damaged.content
        return Landed(
            {
                name: Decimal(value)
                for name, value in workspace.read_figures(
                    work / "yearbook" / "damaged.csv"
                ).items()
            },
            {
                r["text_found"]
                for r in workspace.read_rows(work / "landing_rejects.csv")
            },
        )

    shown = itertools.count()

    def show_one_in_five(console, reading):
        if next(shown) % 5 == 0:
            show(console, reading)

    within_limits = files.read_within_limits

    def within_limits_one_in_five(read, file, *rest):
        if next(shown) % 5 == 0:
            return within_limits(read, file, *rest)
        return read(file, *rest)

    show = command.show
    with pytest.MonkeyPatch.context() as patched:
        # what costs more than to read the file
        patched.setattr(command, "load_dictionary", lambda *_: dictionary)
        patched.setattr(command, "show", show_one_in_five)
        patched.setattr(files, "read_within_limits", within_limits_one_in_five)
        yield run
    shutil.rmtree(folder)


def test_the_oracle_knows_where_the_figures_stand():
    for good in damaged_files.GOOD:
        assert len(set(good.cells.values())) == len(good.figures)
        assert untouched(good, good.rows) == set(good.figures)


@pytest.mark.parametrize("kind", SHARES)
def test_a_damaged_file_is_read_right_or_refused(land, kind):
    outcomes = []

    @settings(
        max_examples=FILES * SHARES[kind] // 100,
        deadline=None,
        database=None,
        derandomize=FILES == USUAL,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(damaged=getattr(damaged_files, kind)())
    def try_one(damaged):
        landed = land(damaged)
        outcomes.append(landed is not None)
        if landed:
            judge(landed, damaged.good, TABLES[damaged.suffix](damaged.content))

    try_one()
    assert len(outcomes) >= FILES * SHARES[kind] // 100
    assert any(outcomes) and not all(outcomes)


def test_all_kinds_make_up_the_files_that_are_tried():
    assert sum(FILES * share // 100 for share in SHARES.values()) == USUAL or (
        FILES != USUAL
    )
