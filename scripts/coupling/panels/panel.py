"""Read a panel file: regions, years, indicators and figures, however it is laid out."""

# ruff: noqa: RUF001, Chinese has signs of its own

import math
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from coupling.base.texts import YEARS, clean, column_letter, key, read_figure
from coupling.landing.dictionary import Dictionary
from coupling.landing.files import Opened, open_file
from coupling.landing.layouts import NOTE
from coupling.landing.sheet import FileError
from coupling.panels.headings import (
    Heading,
    is_chinese,
    is_plain,
    read_heading,
    year_in,
    year_of,
)
from coupling.panels.rows import RejectedCell
from coupling.panels.tables import Table, find_table, is_number, twice
from coupling.panels.words import SaidError
from coupling.words.in_both import Both, in_both

WIDE, LONG = "wide", "long"
BY_YEAR, BY_INDICATOR = "a sheet per year", "a sheet per indicator"
SHIPPED = "by series"  # no file: figures that ship
SHOWN_FAULTS = 10
PLAIN_SHEETS = ("sheet", "工作表")
ALWAYS_TOTALS = {
    *("合计", "总计", "总和", "平均", "平均值", "均值", "全省合计", "全市合计"),
    *("最大值", "最小值", "标准差", "average", "mean", "total", "sum", "max", "min"),
    "std",
}
A_REGION = Both("a region", "地区名称")
NO_REGION = Both("no region", "没有地区")
AN_INDICATOR = Both("an indicator", "指标名称")
BLANK = Both("a blank", "空白")
A_YEAR = Both(
    f"a year from {YEARS[0]} to {YEARS[-1]}, such as 2015",
    f"{YEARS[0]} 至 {YEARS[-1]} 的年份，如 2015",
)
ASK_HEADINGS = Both(
    "a row of headings, such as region, year, GDP (yuan), and rows of figures under it",
    "一行表头（如 地区、年份、GDP(元)），其下为数据行",
)
LEFT_OUT = {
    "id": Both("it is an id, no indicator", "为编号，不是指标"),
    "code": Both("it is a code, no indicator", "为代码，不是指标"),
    "text": Both("it holds texts", "为文字"),
    "counts rows": Both("it counts the rows", "为行号"),
    "counts years": Both("it counts the years", "为年份序号"),
    "counts regions": Both("it counts the regions", "为地区序号"),
    "without heading": Both("it has no heading", "没有表头"),
    "under no year": Both("what stands over it is no year", "表头不是年份"),
}


class PanelError(SaidError):
    """A file that is no panel; one line for each reason."""


@dataclass
class Indicator:
    """A column of figures: its number for the user, its heading in parts.

    `names` are other names by which it can be called.
    """

    number: int
    heading: str
    label: str
    unit: str
    direction: str = ""
    system: str = ""
    criterion: str = ""
    names: tuple[str, ...] = ()


@dataclass
class Panel:
    """What a file says, before anything is chosen.

    `frame` has the columns region (as named), year and, by place from 0, a float column
    per indicator; a row per region and year. `codes` has the code beside a name.
    """

    file_name: str
    content: bytes
    sha256: str
    layout: str
    indicators: list[Indicator]
    frame: pd.DataFrame
    codes: dict[str, str] = field(default_factory=dict)
    remarks: list[Both] = field(default_factory=list)
    rejected: list[RejectedCell] = field(default_factory=list)

    @cached_property
    def regions(self) -> list[str]:
        """Names of the regions in the order of the file."""
        return list(dict.fromkeys(self.frame["region"]))

    @property
    def is_chinese(self) -> bool:
        """Say whether most headings are in Chinese."""
        chinese = sum(is_chinese(one.heading) for one in self.indicators)
        return chinese * 2 >= len(self.indicators)


def read_panel(path: Path, dictionary: Dictionary, sheet: str = "") -> Panel:
    """Read a panel file of any layout.

    Raises PanelError with file, row, column, what was found and what was expected.
    """
    opened, names = open_sheets(path, sheet)
    return understand(opened, names, dictionary)


def open_sheets(path: Path, sheet: str = "") -> tuple[Opened, list[str]]:
    """Read the sheets of a file; of a workbook only `sheet`, if it is given.

    Returns sheets of text and, of a data file with labels, the names of its variables.
    Raises PanelError.
    """
    try:
        opened = open_file(path, sheet, _count_cells)
    except FileError as error:
        raise PanelError(Both(str(error), str(error))) from error
    return opened, opened.variables


def _count_cells(rows: list[list[str]]) -> int:
    """Cells of rows that are as wide as most; the right delimiter makes most."""
    widths = Counter(len(row) for row in rows if any(row))
    width, count = max(widths.items(), key=lambda found: found[0] * found[1])
    return width * count if width > 1 else 0


def understand(opened: Opened, names: list[str], dictionary: Dictionary) -> Panel:
    """Make a panel of the sheets of a file; `names` are those of its variables."""
    remarks = [Both(text, text) for text in opened.remarks]
    tables = []
    for one in opened.sheets:
        table = find_table(one, dictionary.units)
        if table is None:
            if len(opened.sheets) > 1:
                remarks.append(
                    Both(
                        f"sheet {one.name}: no figures under headings; left out",
                        f"工作表 {one.name}：没有带表头的数据，略去",
                    )
                )
        else:
            tables.append(table)
    layout, tables = _layout(opened.name, tables, remarks)
    collector = _Collector(opened.name, layout, dictionary, names)
    for number, table in enumerate(tables, 1):
        collector.add(table, number, len(tables) > 1)
    collector.refuse_faults()
    panel = collector.panel(opened)
    panel.remarks = [*remarks, *panel.remarks]
    return panel


def place_of(
    file: str, sheet: str = "", row: int | None = None, column: int | None = None
) -> Both:
    """A place in a file as words: panel.xlsx, sheet data, row 3, column C."""
    parts = [Both(file, file)]
    if sheet:
        parts.append(Both(f"sheet {sheet}", f"工作表 {sheet}"))
    if row is not None:
        parts.append(Both(f"row {row}", f"第 {row} 行"))
    if column is not None:
        letter = column_letter(column)
        parts.append(Both(f"column {letter}", f"{letter} 列"))
    return Both(
        ", ".join(part.en for part in parts),
        "，".join(part.zh for part in parts),
    )


def wrong(where: Both, found: Both, expected: Both) -> Both:
    """A sentence that says where what was found, and what was expected."""
    return Both(
        f"{where.en}: found {found.en}; expected {expected.en}",
        f"{where.zh}：发现{found.zh}；应为{expected.zh}",
    )


def _layout(
    file: str, tables: list[Table], remarks: list[Both]
) -> tuple[str, list[Table]]:
    """Say how a file is laid out, and which of its tables it is made of."""
    if not tables:
        nothing = Both("no figures under headings", "没有带表头的数据")
        raise PanelError(wrong(place_of(file), nothing, ASK_HEADINGS))
    kinds: dict[str, list[Table]] = {}
    for table in tables:
        kinds.setdefault(_kind(table), []).append(table)
    whole = kinds.get(WIDE, []) + kinds.get(LONG, [])
    found = max((BY_YEAR, BY_INDICATOR), key=lambda kind: len(kinds.get(kind, [])))
    if not whole and not kinds.get(found):
        _refuse_unfit(file, tables)
    if whole:
        _refuse_alternatives(file, whole)
        used, layout = whole, _kind(whole[0])
    else:
        used, layout = kinds[found], found
    for table in tables:
        if table not in used:
            remarks.append(
                Both(
                    f"sheet {table.sheet.name}: another kind of table; left out",
                    f"工作表 {table.sheet.name}：表式不同，略去",
                )
            )
    return layout, used


def _kind(table: Table) -> str:
    if table.region is None:
        return ""
    if table.names_years and table.names_series:
        return LONG if table.series is not None else WIDE
    if table.names_series and year_in(table.sheet.name) is not None:
        return BY_YEAR
    if table.names_series and year_in(table.title) is not None:
        return BY_YEAR
    if table.names_years and (_name_of_series(table)):
        return BY_INDICATOR
    return ""


def _name_of_series(table: Table) -> str:
    """The indicator of a sheet: the name of the sheet, or the title over the table."""
    name = clean(table.sheet.name)
    if not name or name.casefold().startswith(PLAIN_SHEETS):
        name = table.title
    return name


def _refuse_unfit(file: str, tables: list[Table]) -> None:
    table = tables[0]
    if table.region is None:
        found = Both("no column of regions", "没有地区列")
        expected = Both(
            "one, with a heading such as region, city or 地区",
            "一列地区，表头如 地区、城市、region",
        )
    elif not table.names_years:
        found = Both("no years", "没有年份")
        expected = Both(
            "a column year, years as headings, or a year as the name of the sheet",
            "年份列、以年份为表头，或以年份为工作表名",
        )
    else:
        found = Both(
            "years as headings but no name of the indicator",
            "以年份为表头，但没有指标名称",
        )
        expected = Both(
            "it as the name of the sheet or in a column indicator",
            "以指标为工作表名，或有一列指标",
        )
    raise PanelError(wrong(place_of(file, table.sheet.name), found, expected))


def _refuse_alternatives(file: str, whole: list[Table]) -> None:
    """Refuse sheets that have the same indicators, since one alone can be meant."""
    seen: dict[str, str] = {}
    for table in whole:
        if len(whole) > 1 and table.series is not None:
            texts = {""}
        else:
            texts = {key(c.heading.text) for c in table.columns if c.heading}
        for text in texts:
            if text in seen and seen[text] != table.sheet.name:
                one, other = seen[text], table.sheet.name
                found = Both(
                    f"panels of the same indicators in the sheets {one} and {other}",
                    f"工作表 {one} 与 {other} 含有相同的指标",
                )
                expected = Both(
                    f"one of them, as --sheet {other}", f"其中之一，如 --sheet {other}"
                )
                raise PanelError(wrong(place_of(file), found, expected))
            seen[text] = table.sheet.name


Cells = dict[int, tuple[str, str, int, int]]  # indicator: text, sheet, row, column


class _Collector:
    """Gathers the cells of tables by region, year and indicator."""

    def __init__(self, file: str, layout: str, dictionary: Dictionary, names):
        self.file = file
        self.layout = layout
        self.dictionary = dictionary
        self.names = names
        self.indicators: list[Indicator] = []
        self.by_heading: dict[str, int] = {}
        self.regions: dict[str, str] = {}
        self.codes: dict[str, set[str]] = {}
        self.cells: dict[tuple[str, int], Cells] = {}
        self.doubles: dict[tuple, list[Both]] = {}
        self.faults: list[Both] = []
        self.remarks: list[Both] = []

    def refuse_faults(self) -> None:
        for (region, year), rows in self.doubles.items():
            name = self.regions[region]
            found = Both(
                f"{name} in {year} more than once,"
                f" in {' and '.join(row.en for row in rows)}",
                f"{name} {year} 年重复出现：{'、'.join(row.zh for row in rows)}",
            )
            once = Both("each region and year once", "每个地区每年一行")
            self.faults.append(wrong(place_of(self.file), found, once))
        if not self.faults:
            return
        more = len(self.faults) - SHOWN_FAULTS
        rest = Both(f"... and {more} more", f"……另有 {more} 处")
        raise PanelError(*self.faults[:SHOWN_FAULTS], *([rest] if more > 0 else []))

    # --- rows ------------------------------------------------------------------------

    def add(self, table: Table, number: int, is_one_of: bool) -> None:
        """Add a table; `number` is its place among the sheets."""
        sheet = table.sheet
        self._say_left_out(table)
        for text, letters in twice(table.columns):
            found = Both(
                f"the heading {text} twice, in columns {letters}",
                f"表头 {text} 重复（{letters} 列）",
            )
            once = Both("each indicator once", "每项指标一列")
            self.faults.append(wrong(place_of(self.file, sheet.name), found, once))
        own_year = year_in(sheet.name) or year_in(table.title)
        own_heading = None
        if not table.names_series:
            own_heading = read_heading(_name_of_series(table), self.dictionary.units)
        above, filled, notes = "", 0, 0
        for row in table.body:
            cells = sheet.rows[row]
            region = clean(_cell(cells, table.region or 0))
            if NOTE.match(region):
                notes += 1
                continue
            has_figures = any(is_number(_cell(cells, c.place)) for c in table.columns)
            if not region:
                assert table.region is not None
                if not has_figures:
                    continue
                if not above:
                    self._fault(table, row, table.region, BLANK, A_REGION)
                    continue
                region, filled = above, filled + 1
            above = region
            year = own_year
            if table.year is not None:
                text = _cell(cells, table.year)
                year = year_of(text)
                if year is None:
                    if has_figures:
                        self._fault(table, row, table.year, _quoted(text), A_YEAR)
                    continue
            elif not any(_cell(cells, c.place) for c in table.columns):
                continue
            self._add_row(table, row, region, year, own_heading, number, is_one_of)
        english = f"sheet {sheet.name}: " if is_one_of else ""
        chinese = f"工作表 {sheet.name}：" if is_one_of else ""
        if filled:
            self.remarks.append(
                Both(
                    f"{english}{filled} rows without a region are of the one above",
                    f"{chinese}{filled} 行没有地区名称，按上一行的地区处理",
                )
            )
        if notes:
            self.remarks.append(
                Both(
                    f"{english}{notes} rows of notes are left out",
                    f"{chinese}{notes} 行注释略去",
                )
            )

    def _add_row(
        self, table, row, region: str, year, own_heading, number: int, is_one_of: bool
    ) -> None:
        sheet = table.sheet
        cells = sheet.rows[row]
        name = key(region)
        self.regions.setdefault(name, region)
        if table.code is not None and (code := _code(_cell(cells, table.code))):
            self.codes.setdefault(name, set()).add(code)
        line = sheet.lines[row]
        series = None
        if table.series is not None:
            text = clean(_cell(cells, table.series))
            unit = clean(_cell(cells, table.unit)) if table.unit is not None else ""
            if not text:
                self._fault(table, row, table.series, BLANK, AN_INDICATOR)
                return
            series = self._indicator(f"{text}|{unit}", lambda: self._said(text, unit))
        for column in table.columns:
            found = series
            if found is None and column.heading is not None:
                found = self._indicator(
                    column.heading.text,
                    lambda column=column: self._of_column(table, column, is_one_of),
                )
            elif found is None:
                found = self._indicator(
                    own_heading.text, lambda: self._of_heading(own_heading, number)
                )
            at = self.cells.setdefault((name, column.year or year), {})
            if found in at:
                self._double(name, column.year or year, at[found], sheet.name, line)
                continue
            at[found] = (_cell(cells, column.place), sheet.name, line, column.place)

    def _double(self, name: str, year: int, before: tuple, sheet: str, line: int):
        rows = [
            Both(f"sheet {s}, row {r}", f"工作表 {s} 第 {r} 行")
            if s
            else Both(f"row {r}", f"第 {r} 行")
            for s, r in ((before[1], before[2]), (sheet, line))
        ]
        told = self.doubles.setdefault((name, year), [])
        told += [row for row in rows if row not in told]

    def _fault(self, table: Table, row: int, column: int, found: Both, expected: Both):
        where = place_of(self.file, table.sheet.name, table.sheet.lines[row], column)
        self.faults.append(wrong(where, found, expected))

    # --- indicators ------------------------------------------------------------------

    def _indicator(self, text: str, make) -> int:
        name = self.by_heading.get(text)
        if name is None:
            # spellings of one heading are one indicator
            name = self.by_heading.get(key(text))
            if name is None:
                name = self.by_heading[key(text)] = len(self.indicators)
                self.indicators.append(make())
            self.by_heading[text] = name
        return name

    def _said(self, text: str, unit: str) -> Indicator:
        heading = read_heading(text, self.dictionary.units)
        if unit:
            heading = Heading(heading.text, heading.label, unit, heading.direction)
        return self._of_heading(heading, len(self.indicators) + 1)

    def _of_heading(self, heading: Heading, number: int) -> Indicator:
        return Indicator(
            number, heading.text, heading.label, heading.unit, heading.direction
        )

    def _of_column(self, table: Table, column, is_one_of: bool) -> Indicator:
        is_numbered = column.year is None and (self.layout == BY_YEAR or not is_one_of)
        number = column.place + 1 if is_numbered else len(self.indicators) + 1
        if is_numbered and any(one.number == number for one in self.indicators):
            number = max(one.number for one in self.indicators) + 1
        found = self._of_heading(column.heading, number)
        found.system, found.criterion = column.system, column.criterion
        if is_one_of and self.layout == WIDE:
            found.system = found.system or clean(table.sheet.name)
        if column.place < len(self.names):
            found.names = (self.names[column.place],)
        return found

    def _say_left_out(self, table: Table) -> None:
        for place, heading, why in table.left_out:
            letter = column_letter(place)
            english, chinese = f"column {letter}", f"{letter} 列"
            if table.sheet.name and self.layout in (BY_YEAR, BY_INDICATOR):
                english = f"sheet {table.sheet.name}, {english}"
                chinese = f"工作表 {table.sheet.name} {chinese}"
            if heading:
                english, chinese = f"{english} ({heading})", f"{chinese}（{heading}）"
            reason = LEFT_OUT[why]
            said = Both(
                f"{english} is left out: {reason.en}",
                f"{chinese}略去：{reason.zh}",
            )
            if said not in self.remarks:
                self.remarks.append(said)

    # --- the panel -------------------------------------------------------------------

    def panel(self, opened: Opened) -> Panel:
        """All cells as figures."""
        dropped = self._totals()
        kept = [at for at in self.cells if at[0] not in dropped]
        if not kept:
            raise PanelError(wrong(place_of(self.file), NO_REGION, A_REGION))
        data: dict[str | int, object] = {
            "region": [self.regions[name] for name, _ in kept],
            "year": [year for _, year in kept],
        }
        rejected: list[RejectedCell] = []
        for place, one in enumerate(self.indicators):
            cells = [self.cells[at].get(place) for at in kept]
            data[place] = self._figures(one, cells, rejected)
        frame = pd.DataFrame(data)
        rejected.sort(key=lambda r: (r.sheet, r.row, len(r.column), r.column))
        codes = {
            self.regions[name]: next(iter(found))
            for name, found in self.codes.items()
            if len(found) == 1
        }
        for name, found in self.codes.items():
            if len(found) > 1:
                listed = ", ".join(sorted(found))
                self.remarks.append(
                    Both(
                        f"{self.regions[name]} has the codes {listed}; its name is used"
                        " instead",
                        f"{self.regions[name]} 有多个代码（{listed}），改用名称",
                    )
                )
        if len(set(codes.values())) < len(codes):
            codes = {}
            self.remarks.append(
                Both(
                    "two regions have one code; names are used instead of codes",
                    "有两个地区代码相同，改用名称",
                )
            )
        return Panel(
            opened.name,
            opened.content,
            opened.sha256,
            self.layout,
            self.indicators,
            frame,
            codes,
            self.remarks,
            rejected,
        )

    def _totals(self) -> set[str]:
        """Rows that add up or group the regions of the others."""
        known = self.dictionary.regions
        kinds = {name: known[name].kind for name in self.regions if name in known}
        regions = sum(kind == "region" for kind in kinds.values())
        is_china = regions * 2 >= len(self.regions)
        dropped = {
            name
            for name in self.regions
            if name in ALWAYS_TOTALS
            or (is_china and kinds.get(name) in ("total", "group"))
        }
        if dropped and len(dropped) < len(self.regions):
            names = ", ".join(self.regions[name] for name in dropped)
            self.remarks.append(
                Both(
                    f"rows of {names} are left out: they add up or group regions",
                    f"{names} 为合计或分组，略去",
                )
            )
            return dropped
        return set()

    def _figures(self, one: Indicator, cells: list, rejected: list) -> list[float]:
        """Numbers of an indicator, NaN where blank or rejected; finds units behind."""
        read = [(math.nan, "", None) if c is None else _number(c[0]) for c in cells]
        units = [unit for _, unit, fault in read if unit and not fault]
        given = sum(value == value for value, _, _ in read)
        is_behind = not one.unit and bool(units) and len(units) * 2 >= given
        if is_behind:
            one.unit = max(sorted(set(units)), key=units.count)
        figures = []
        for (value, unit, fault), cell in zip(read, cells, strict=True):
            is_given = not fault and value == value
            if is_given and unit and key(unit) != key(one.unit):
                fault = _odd_unit(unit, one.unit)
            elif is_given and value and not unit and is_behind:
                fault = in_both(
                    "no {unit} behind it, as behind the others", unit=one.unit
                )
            if fault:
                text, sheet, line, column = cell
                rejected.append(
                    RejectedCell(sheet, line, column_letter(column), text, fault)
                )
                value = math.nan
            figures.append(value)
        return figures


def _quoted(text: str) -> Both:
    text = clean(text)
    return Both(repr(text), f"“{text}”") if text else BLANK


def _cell(cells: list[str], column: int) -> str:
    return cells[column].strip() if column < len(cells) else ""


def _code(text: str) -> str:
    text = text.removesuffix(".0")
    return text.ljust(6, "0") if text.isdigit() else text


def _odd_unit(unit: str, among: str) -> Both:
    if among:
        return in_both(
            "not a number: {unit} behind it, among figures in {among}",
            unit=unit,
            among=among,
        )
    return in_both(
        "not a number: {unit} behind it, among figures without a unit", unit=unit
    )


def _number(text: str) -> tuple[float, str, Both | None]:
    """A cell as number (NaN where blank), unit behind it, and fault."""
    if not text:
        return math.nan, "", None
    if is_plain(text):
        return float(text), "", None
    figure = read_figure(text)
    if figure.fault:
        return math.nan, "", in_both(figure.fault)
    if figure.value is None:
        return math.nan, "", None
    return float(figure.value), figure.unit, None
