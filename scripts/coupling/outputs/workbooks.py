"""Write one workbook per study: a cover on method and coverage, a sheet per table.

The same tables give the same bytes: rows are sorted, and no date but a fixed one is
written. Text is never taken for a formula or an address.
"""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import xlsxwriter

from coupling.base.connections import connect

if TYPE_CHECKING:
    from coupling.prose.parts import Table

# a sheet with more rows than this shows the default method of the study alone
ROWS_WITH_ALL_METHODS = 5_000
# and with more of these than this, as of hundreds of cities, the last year alone
ROWS_WITH_ALL_YEARS = 7_000
ROWS_OF_A_SHEET = 1_048_575
# a book with longer sheets is streamed: more bytes and time, but no memory
ROWS_IN_MEMORY = 20_000
CREATED = datetime(2024, 1, 1)
WIDEST = 40


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, what it shows, and the query of its rows for $study."""

    name: str
    shows: str
    query: str
    has_methods: bool = True
    is_by_indicator: bool = False


SHEETS = (
    Sheet(
        "coupling",
        "C, T, D, grade, lagging system and rank by region and year",
        """
        select method_id, region_code, region, year, coupling_degree,
            comprehensive_index, coupling_coordination_degree, grade_level, grade,
            grade_zh, lagging_system_id, coordination_rank, status, status_reason
        from marts.fct_coupling inner join marts.dim_regions using (region_code)
        where study_id = $study
        """,
    ),
    Sheet(
        "scores",
        "score and rank of each system by region and year",
        """
        select method_id, system_id, region_code, region, year, score, score_rank,
            status
        from marts.fct_system_scores inner join marts.dim_regions using (region_code)
        where study_id = $study
        """,
    ),
    Sheet(
        "weights",
        "weight of each indicator in its system and in the study",
        """
        select method_id, system_id, indicator_id, year, weight, study_weight, status
        from marts.fct_indicator_weights
        where study_id = $study
        """,
    ),
    Sheet(
        "indicator values",
        "raw and normalised value, and where it came from",
        """
        select method_id, indicator_id, region_code, region, year, raw_value,
            value_origin, normalised_value, status, quality, quality_note
        from marts.fct_indicator_values inner join marts.dim_regions using (region_code)
        where study_id = $study
        """,
        is_by_indicator=True,
    ),
    Sheet(
        "obstacles",
        "obstacle degree of each indicator by region and year",
        """
        select method_id, indicator_id, region_code, region, year, deviation,
            obstacle_degree, obstacle_rank, status
        from marts.fct_obstacles inner join marts.dim_regions using (region_code)
        where study_id = $study
        """,
        is_by_indicator=True,
    ),
    Sheet(
        "obstacle rankings",
        "obstacles of criteria and systems, and of all regions together (ALL)",
        """
        select method_id, level, item_id, region_code, region, year, obstacle_degree,
            obstacle_rank
        from marts.fct_obstacle_rankings left join marts.dim_regions using (region_code)
        where study_id = $study and (level <> 'indicator' or region_code = 'ALL')
        """,
        is_by_indicator=True,
    ),
    Sheet(
        "indicators",
        "the indicators of the catalogue, how each is measured, and which are not",
        """
        select * exclude (study_id) from marts.dim_indicators where study_id = $study
        """,
        has_methods=False,
    ),
    Sheet(
        "systems",
        "the systems that are coupled, and their contributions",
        """
        select * exclude (study_id) from marts.dim_systems where study_id = $study
        """,
        has_methods=False,
    ),
)

METHODS = """
    select method_id, label, normalisation_scope, zero_rule, epsilon, weighting,
        aggregation, coupling_formula
    from marts.dim_methods
    where method_id in (
        select method_id from marts.fct_coupling where study_id = $study
    )
    order by method_id
"""


def write_workbooks(
    database: Path, folder: Path, studies: list[str] | None = None
) -> list[Path]:
    """Write `folder`/<study_id>.xlsx for each study, or for those named.

    Returns the files written, in the order of their names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with connect(str(database), read_only=True) as connection:
        found = connection.execute(
            "select study_id from marts.dim_studies order by study_id"
        ).fetchall()
        for (study,) in found:
            if studies is None or study in studies:
                path = folder / f"{study}.xlsx"
                _write(connection, study, path)
                written.append(path)
    return written


def tables_workbook(
    connection: duckdb.DuckDBPyConnection,
    study: str,
    tables: list["Table"],
    notes: list[tuple],
) -> bytes:
    """Return a workbook of a cover and a sheet per table, numbers in full precision.

    Parameters
    ----------
    connection
        Of the marts; the cover tells the default method that they state.
    study
        The study of the tables.
    tables
        What to write, in their order.
    notes
        Lines of the cover below its own; a line of one cell is a heading.

    """
    written = BytesIO()
    with new_book(written, study) as book:
        bold = book.add_format({"bold": True})
        cover = book.add_worksheet("cover")
        for table in tables:
            write_table(book.add_worksheet(table.name), table, bold)
        listed = [
            (table.name, f"{number}. {table.caption}", f"{len(table.rows):,}", "")
            for number, table in enumerate(tables, 1)
        ]
        _write_cover(cover, bold, [*_cover(connection, study, listed), (), *notes])
    return written.getvalue()


def write_table(page, table: "Table", bold) -> None:
    """Fill a sheet with a table and its notes, numbers in full precision."""
    page.freeze_panes(1, table.stub)
    for place, column in enumerate(table.columns):
        texts = [column.heading, *(column.printed(row[place]) for row in table.rows)]
        page.set_column(place, place, min(WIDEST, 2 + max(map(len, texts))))
        page.write_string(0, place, column.heading, bold)
    for number, row in enumerate(table.rows, 1):
        for place, value in enumerate(row):
            if isinstance(value, str):
                page.write_string(number, place, value)
            elif value is not None:
                page.write_number(number, place, value)
    for number, note in enumerate(table.notes, len(table.rows) + 2):
        page.write_string(number, 0, note)


def new_book(
    file: Path | BytesIO, title: str, *, is_streamed: bool = False
) -> xlsxwriter.Workbook:
    """Return a workbook that the same content gives the same bytes."""
    options = {"constant_memory": is_streamed, "nan_inf_to_errors": False}
    book = xlsxwriter.Workbook(file, options)
    book.set_properties({"title": title, "created": CREATED})
    return book


def _write(connection: duckdb.DuckDBPyConnection, study: str, path: Path) -> None:
    asked = [_asked(connection, study, sheet) for sheet in SHEETS]
    is_long = any(ROWS_IN_MEMORY < rows <= ROWS_OF_A_SHEET for _, rows, _ in asked)
    notes = []
    with new_book(path, study, is_streamed=is_long) as book:
        bold = book.add_format({"bold": True})
        cover = book.add_worksheet("cover")
        for sheet, (query, count, methods) in zip(SHEETS, asked, strict=True):
            if count > ROWS_OF_A_SHEET:
                told = "left out", f"{count:,} rows, too many for a sheet"
            else:
                _write_sheet(
                    connection, study, query, book.add_worksheet(sheet.name), bold
                )
                told = f"{count:,}", methods
            notes.append((sheet.name, sheet.shows, *told))
        _write_cover(cover, bold, _cover(connection, study, notes))


def _asked(connection, study: str, sheet: Sheet) -> tuple[str, int, str]:
    """Return the query of a sheet, how many rows it gives, and of which methods."""
    query, methods = sheet.query, ""
    count = _count(connection, query, study)
    if sheet.has_methods:
        methods = "all methods"
        if count > ROWS_WITH_ALL_METHODS:
            methods = "default method alone"
            query += """ and method_id = (
                select default_method_id from marts.dim_studies where study_id = $study
            )"""
            count = _count(connection, query, study)
        if count > ROWS_WITH_ALL_YEARS and sheet.is_by_indicator:
            methods += ", last year"
            query += """ and year = (
                select max(year) from marts.fct_coupling
                where study_id = $study and is_default_method and status = 'computed'
            )"""
            count = _count(connection, query, study)
    return query, count, methods


def _write_sheet(connection, study: str, query: str, page, bold) -> None:
    """Fill a sheet with the rows of a query."""
    result = connection.execute(f"{query} order by all", {"study": study})
    page.freeze_panes(1, 0)
    names = [column[0] for column in result.description]
    rows = result.fetchall()
    for column, name in enumerate(names):
        lengths = [len(str(row[column])) for row in rows[:200]]
        page.set_column(column, column, min(WIDEST, 2 + max([len(name), *lengths])))
        page.write_string(0, column, name, bold)
    writers = [_writer(page, kind) for kind in result.description]
    for number, row in enumerate(rows, 1):
        for column, (write, value) in enumerate(zip(writers, row, strict=True)):
            if value is not None:
                write(number, column, value)
    page.autofilter(0, 0, max(1, len(rows)), len(names) - 1)


def _writer(page, description):
    """What writes the values of a column: text stays text, whatever it looks like."""
    kind = str(description[1])
    if kind == "BOOLEAN":
        return page.write_boolean
    if kind == "VARCHAR":
        return page.write_string
    return page.write_number


def _count(connection, query: str, study: str) -> int:
    counting = f"select count(*) from ({query})"
    return connection.execute(counting, {"study": study}).fetchone()[0]


def _cover(connection, study: str, notes: list[tuple]) -> list[tuple]:
    """The lines of the cover; a line of one cell is a heading."""
    about = _records(
        connection, "from marts.dim_studies where study_id = $study", study
    )[0]
    methods = _records(connection, METHODS, study)
    default = next(m for m in methods if m["method_id"] == about["default_method_id"])
    coverage = _records(
        connection, "from quality.qc_study_coverage where study_id = $study", study
    )
    return [
        (about["label"],),
        *about.items(),
        (),
        ("Default method: how the numbers were worked out",),
        *default.items(),
        ("C", "coupling degree: how alike the systems score"),
        ("T", "comprehensive index: the scores by their contributions"),
        ("D", "coupling coordination degree: the square root of C times T"),
        (),
        (
            "Coverage: how much of the paper the figures carry"
            if about["paper_id"]
            else "Coverage: how much of the catalogue the figures carry",
        ),
        *(item for row in coverage for item in row.items() if item[0] != "study_id"),
        ("", "A proxy stands for what is named; see the sheet indicators."),
        (),
        ("Sheets", "shows", "rows", "methods"),
        *notes,
        ("", "All methods of every table are in the Parquet files and the database."),
        (),
        ("Methods", *list(methods[0])[1:]),
        *(tuple(row.values()) for row in methods),
    ]


def _records(connection, query: str, study: str | None = None) -> list[dict]:
    result = connection.execute(query, {"study": study} if study else {})
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _write_cover(page, bold, lines: list[tuple]) -> None:
    page.set_column(0, 0, 26)
    page.set_column(1, 7, 30)
    for number, line in enumerate(lines):
        is_heading = len(line) == 1 or line[:1] in (("Sheets",), ("Methods",))
        for column, value in enumerate(line):
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                page.write_number(number, column, value)
            elif value is not None:
                page.write_string(
                    number, column, str(value), bold if is_heading else None
                )
