"""A workbook to fill in for a study of one's own, and reading it back."""

# ruff: noqa: RUF001, Chinese has signs of its own

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from coupling.base.names import nearest
from coupling.base.texts import clean, key, read_figure
from coupling.landing.files import Opened
from coupling.landing.sheet import Sheet
from coupling.panels.headings import direction_of
from coupling.panels.panel import BLANK, Panel, PanelError, place_of, wrong
from coupling.studies.choices import Grade, Stated, find_indicator, in_chinese
from coupling.words.in_both import Both

# what a word of the workbook means, in either language
SHEETS = {"data": "data", "数据": "data", "indicators": "indicators"} | {
    "指标": "indicators",
    "settings": "settings",
    "设置": "settings",
}
COLUMNS = {
    **dict.fromkeys(("indicator", "指标", "指标名称"), "indicator"),
    **dict.fromkeys(("unit", "单位"), "unit"),
    **dict.fromkeys(("system", "系统"), "system"),
    **dict.fromkeys(("criterion", "准则层"), "criterion"),
    **dict.fromkeys(("direction", "方向"), "direction"),
    **dict.fromkeys(("weight", "权重"), "weight"),
    **dict.fromkeys(("low", "goalpostlow", "目标下限"), "low"),
    **dict.fromkeys(("high", "goalposthigh", "目标上限"), "high"),
}
SETTINGS = {
    **dict.fromkeys(("name", "名称"), "name"),
    **dict.fromkeys(("label", "标题"), "label"),
    **dict.fromkeys(("method", "方法"), "method"),
    **dict.fromkeys(("years", "年份"), "years"),
    **dict.fromkeys(("gradescheme", "等级方案"), "grade_scheme"),
}
CONTRIBUTIONS = {("system", "contribution"), ("系统", "贡献系数")}
GRADES = {("lower", "upper", "grade"), ("下限", "上限", "等级")}
IGNORED = {"setting", "设置项"}
GOALPOST = Both("a goalpost", "目标值")
WEIGHT = Both("a weight", "权重")
CONTRIBUTION = Both("a contribution", "贡献系数")
BOUND = Both("a bound of a grade", "等级界限")
PLUS_OR_MINUS = Both("+ or -", "+ 或 -")
A_GRADE = Both(
    "lower bound, upper bound and name of the grade", "等级的下限、上限和名称"
)


@dataclass(frozen=True)
class Words:
    """The texts of the workbook in one language."""

    sheets: tuple[str, str, str, str]
    data: tuple[str, ...]
    regions: tuple[str, ...]
    indicators: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    settings: tuple[tuple[str, str, str], ...]
    contributions: tuple[str, str]
    systems: tuple[str, str]
    grades: tuple[str, str, str]
    how_to: tuple[str, ...]


ENGLISH = Words(
    sheets=("how to", "data", "indicators", "settings"),
    data=("region", "year"),
    regions=("Northport", "Easton", "Southbridge", "Westfield"),
    indicators=(
        *("indicator", "unit", "system", "criterion", "direction", "weight"),
        *("goalpost low", "goalpost high"),
    ),
    rows=(
        ("Broadband users", "10k households", "Digital economy", "Access", "+"),
        ("Software revenue", "100m yuan", "Digital economy", "Output", "+"),
        ("Patents per 10k people", "item", "Digital economy", "Innovation", "+"),
        ("Green space", "%", "Green development", "Environment", "+"),
        ("Waste water", "10k t", "Green development", "Emissions", "-"),
        ("Energy use per 10k yuan", "tce", "Green development", "Emissions", "-"),
    ),
    settings=(
        ("name", "example study", "short name of the study, in letters and digits"),
        ("label", "Digital economy and green development", "title in the tables"),
        ("method", "entropy_topsis", "a method_id of seeds/studies/methods.csv"),
        ("years", "2019-2022", "first and last year; blank: all years of the data"),
        ("grade scheme", "", "six_levels or ten_levels; blank: six, or those below"),
    ),
    contributions=("system", "contribution"),
    systems=("Digital economy", "Green development"),
    grades=("lower", "upper", "grade"),
    how_to=(
        "A study of your own",
        "1. data: a row per region and year, a column per indicator. Put your figures"
        " in the place of the example. Leave blank what is missing; it is filled by"
        " interpolation, and told.",
        "2. indicators: a row per column of data: its unit, its system (two or more),"
        " its criterion if it has one, + where more is better and - where less is.",
        "   weight: only for weights of your own, then for every indicator of a system."
        " goalpost low and high: only for methods that measure against goalposts.",
        "3. settings: name and title; method and years. Contributions of the systems"
        " add up to 1; leave them blank for equal ones. Grades of your own go from 0 to"
        " 1 without gaps; leave them blank for the usual six.",
        "4. Save the workbook and type: coupling study new own.xlsx",
    ),
)
CHINESE = Words(
    sheets=("说明", "数据", "指标", "设置"),
    data=("地区", "年份"),
    regions=("甲市", "乙市", "丙市", "丁市"),
    indicators=(
        *("指标", "单位", "系统", "准则层", "方向", "权重"),
        *("目标下限", "目标上限"),
    ),
    rows=(
        ("互联网宽带接入用户数", "万户", "数字经济", "数字基础设施", "+"),
        ("软件业务收入", "亿元", "数字经济", "数字产业", "+"),
        ("每万人专利授权数", "件", "数字经济", "创新能力", "+"),
        ("建成区绿化覆盖率", "%", "绿色发展", "生态环境", "+"),
        ("工业废水排放量", "万吨", "绿色发展", "污染排放", "-"),
        ("万元产值能耗", "吨标准煤", "绿色发展", "资源消耗", "-"),
    ),
    settings=(
        ("名称", "example study", "研究的简称，用字母和数字"),
        ("标题", "数字经济与绿色发展", "结果表中的标题"),
        ("方法", "entropy_topsis", "seeds/studies/methods.csv 中的 method_id"),
        ("年份", "2019-2022", "起止年份；空白为数据的全部年份"),
        ("等级方案", "", "six_levels 或 ten_levels；空白为六级或下方自定等级"),
    ),
    contributions=("系统", "贡献系数"),
    systems=("数字经济", "绿色发展"),
    grades=("下限", "上限", "等级"),
    how_to=(
        "建立自己的研究",
        "1. 数据：每个地区每年一行，每项指标一列。用自己的数据替换示例；缺失值留空，"
        "将以插值补齐并加以说明。",
        "2. 指标：数据表的每一列对应一行，填写单位、所属系统（两个或以上）、准则层"
        "（可不填），正向指标填 +，负向指标填 -。",
        "   权重：仅在自定权重时填写，且同一系统的各项指标都要填。目标下限、目标上限："
        "仅用于按目标值标准化的方法。",
        "3. 设置：名称与标题，方法与年份。各系统贡献系数之和为 1，不填则相等；自定等级"
        "须从 0 到 1 首尾相接，不填则用通行的六级。",
        "4. 保存后输入：coupling study new own.xlsx",
    ),
)
WORDS = {"en": ENGLISH, "zh": CHINESE}
YEARS = range(2019, 2023)
# first figures of the example and how they grow, by indicator
EXAMPLE = ((80, 9), (12, 2.4), (6, 0.9), (38, 0.7), (900, -60), (0.62, -0.03))


# --- writing -------------------------------------------------------------------------


def write_template(path: Path, language: str) -> None:
    """Write the workbook with its example; the same bytes each time."""
    import datetime

    import xlsxwriter

    words = WORDS[language]
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"created": datetime.datetime(2000, 1, 1)})
        head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E8EEF4"})
        faint = book.add_format({"font_color": "#666666", "italic": True})
        how_to, data, indicators, settings = map(book.add_worksheet, words.sheets)
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        how_to.set_column(0, 0, 100)
        for row, text in enumerate(words.how_to):
            how_to.write_string(row, 0, text, head if not row else wrapped)
        _write_data(data, words, head)
        _write_indicators(indicators, words, head)
        _write_settings(settings, words, head, faint)
        data.activate()
    path.write_bytes(content.getvalue())


def _write_data(sheet: Any, words: Words, head: Any) -> None:
    sheet.write_row(0, 0, [*words.data, *(row[0] for row in words.rows)], head)
    sheet.set_column(0, 1 + len(words.rows), 16)
    sheet.freeze_panes(1, 2)
    line = 1
    for place, region in enumerate(words.regions):
        for step, year in enumerate(YEARS):
            sheet.write_string(line, 0, region)
            sheet.write_number(line, 1, year)
            for column, (first, growth) in enumerate(EXAMPLE):
                # regions differ in level and in pace, each indicator in its own way
                level = 1 + 0.13 * ((place * (column + 2)) % 5)
                pace = 1 + 0.2 * ((place + column) % 3)
                value = round(first * level + growth * pace * step, 3)
                sheet.write_number(line, 2 + column, value)
            line += 1


def _write_indicators(sheet: Any, words: Words, head: Any) -> None:
    sheet.write_row(0, 0, words.indicators, head)
    sheet.set_column(0, len(words.indicators), 18)
    sheet.freeze_panes(1, 1)
    for line, row in enumerate(words.rows, 1):
        for column, text in enumerate(row):
            sheet.write_string(line, column, text)
    sheet.data_validation(1, 4, 500, 4, {"validate": "list", "source": ["+", "-"]})


def _write_settings(sheet: Any, words: Words, head: Any, faint: Any) -> None:
    sheet.set_column(0, 2, 24)
    sheet.set_column(3, 3, 60)
    for line, (name, value, note) in enumerate(words.settings):
        sheet.write_string(line, 0, name, head)
        sheet.write_string(line, 1, value)
        sheet.write_string(line, 3, note, faint)
    line = len(words.settings) + 1
    sheet.write_row(line, 0, words.contributions, head)
    for system in words.systems:
        line += 1
        sheet.write_string(line, 0, system)
    sheet.write_row(line + 2, 0, words.grades, head)


# --- reading -------------------------------------------------------------------------


def is_template(opened: Opened) -> bool:
    """Say whether a file has the sheets of the workbook: data and indicators."""
    found = {SHEETS.get(key(sheet.name)) for sheet in opened.sheets}
    return {"data", "indicators"} <= found


def data_of(opened: Opened) -> Opened:
    """The file with its sheet of data alone."""
    sheet = _sheet(opened, "data")
    assert sheet is not None
    return Opened(opened.name, opened.content, [sheet], opened.remarks)


def read_template(opened: Opened, panel: Panel) -> Stated:
    """Read what the sheets indicators and settings say of a panel.

    Raises PanelError with sheet, row, column, what was found and what was expected.
    """
    stated = Stated()
    indicators = _sheet(opened, "indicators")
    assert indicators is not None
    _Reader(opened.name, indicators).indicators(panel, stated)
    settings = _sheet(opened, "settings")
    if settings is not None:
        _Reader(opened.name, settings).settings(stated)
    return stated


def _sheet(opened: Opened, name: str) -> Sheet | None:
    return next((s for s in opened.sheets if SHEETS.get(key(s.name)) == name), None)


class _Reader:
    """Reads one sheet; every fault is refused with its cell."""

    def __init__(self, file: str, sheet: Sheet):
        self.file = file
        self.sheet = sheet

    def refuse(
        self, row: int, column: int | None, found: str | Both, expected: Both
    ) -> NoReturn:
        """Raise PanelError for a cell; `found` is a text of the file or words."""
        where = place_of(self.file, self.sheet.name, self.sheet.lines[row], column)
        if not isinstance(found, Both):
            found = Both(found, f"“{found}”")
        raise PanelError(wrong(where, found, expected))

    def text(self, row: int, column: int | None) -> str:
        cells = self.sheet.rows[row]
        if column is None or column >= len(cells):
            return ""
        return clean(cells[column])

    def number(
        self,
        row: int,
        column: int | None,
        what: Both,
        low: float | None = None,
        high: float | None = None,
    ) -> float | None:
        """A number of a cell; None where it is blank."""
        figure = read_figure(self.text(row, column))
        if figure.is_blank:
            return None
        value = None if figure.value is None else float(figure.value)
        if value is not None and figure.unit == "%":
            value /= 100
        if (
            value is None
            or figure.unit not in ("", "%")
            or (low is not None and value < low)
            or (high is not None and value > high)
        ):
            english = f" from {low:g} to {high:g}" if high is not None else ""
            chinese = f"（{low:g} 至 {high:g}）" if high is not None else ""
            if low is not None and high is None:
                english, chinese = f", {low:g} or above", f"（不小于 {low:g}）"
            expected = Both(what.en + english, what.zh + chinese)
            self.refuse(row, column, self.text(row, column), expected)
        return value

    # --- indicators ------------------------------------------------------------------

    def indicators(self, panel: Panel, stated: Stated) -> None:
        head = next((r for r, cells in enumerate(self.sheet.rows) if any(cells)), None)
        if head is None:
            nothing = Both("nothing", "没有内容")
            expected = Both("a row per indicator", "每项指标一行")
            raise PanelError(
                wrong(place_of(self.file, self.sheet.name), nothing, expected)
            )
        columns = {
            COLUMNS[name]: place
            for place in range(len(self.sheet.rows[head]))
            if (name := key(self.text(head, place))) in COLUMNS
        }
        for needed in ("indicator", "system"):
            if needed not in columns:
                zh = {"indicator": "指标", "system": "系统"}[needed]
                expected = Both(f"the column {needed}", f"“{zh}”列")
                self.refuse(head, None, Both("no such column", "没有此列"), expected)
        seen: dict[int, int] = {}
        for row in range(head + 1, len(self.sheet.rows)):
            if name := self.text(row, columns["indicator"]):
                self._indicator(row, name, columns, panel, stated, seen)

    def _indicator(
        self,
        row: int,
        name: str,
        columns: dict[str, int],
        panel: Panel,
        stated: Stated,
        seen: dict[int, int],
    ) -> None:
        place = find_indicator(panel, name)
        if place is None:
            names = [one.label for one in panel.indicators]
            near = nearest(name, names)
            expected = Both(
                f"a heading of the sheet of data. {near}",
                f"数据表中的表头。{in_chinese(near)}",
            )
            self.refuse(row, columns["indicator"], name, expected)
        if place in seen:
            other = self.sheet.lines[seen[place]]
            expected = Both(
                f"each indicator once; it is in row {other} too",
                f"每项指标一行；第 {other} 行已有",
            )
            self.refuse(row, columns["indicator"], name, expected)
        seen[place] = row
        system = self.text(row, columns["system"])
        if not system:
            expected = Both(f"the system of {name}", f"{name} 所属的系统")
            self.refuse(row, columns["system"], BLANK, expected)
        stated.systems.setdefault(system, []).append(place)
        direction = self.text(row, columns.get("direction"))
        if direction:
            said = direction_of(direction)
            if not said:
                self.refuse(row, columns["direction"], direction, PLUS_OR_MINUS)
            stated.directions[place] = said
        if criterion := self.text(row, columns.get("criterion")):
            stated.criteria[place] = criterion
        if unit := self.text(row, columns.get("unit")):
            stated.units[place] = unit
        weight = self.number(row, columns.get("weight"), WEIGHT, 0)
        if weight is not None:
            stated.weights[place] = weight
        low = self.number(row, columns.get("low"), GOALPOST)
        high = self.number(row, columns.get("high"), GOALPOST)
        if low is None and high is None:
            return
        if low is None or high is None or low >= high:
            found = Both(f"goalposts {low} and {high}", f"目标值 {low} 与 {high}")
            expected = Both("a low one below a high one", "下限小于上限")
            self.refuse(row, columns.get("low"), found, expected)
        stated.goalposts[place] = (low, high)

    # --- settings --------------------------------------------------------------------

    def settings(self, stated: Stated) -> None:
        part = ""
        for row in range(len(self.sheet.rows)):
            name = key(self.text(row, 0))
            if not name:
                continue
            first = tuple(key(self.text(row, column)) for column in range(3))
            if first[:2] in CONTRIBUTIONS:
                part = "contributions"
            elif first in GRADES:
                part = "grades"
            elif name in SETTINGS:
                part = ""
                setattr(stated, SETTINGS[name], self.text(row, 1))
            elif part == "contributions":
                self._contribution(row, stated)
            elif part == "grades":
                self._grade(row, stated)
            elif name not in IGNORED:
                near = nearest(self.text(row, 0), SETTINGS)
                expected = Both(f"a setting. {near}", f"设置项。{in_chinese(near)}")
                self.refuse(row, 0, self.text(row, 0), expected)

    def _contribution(self, row: int, stated: Stated) -> None:
        share = self.number(row, 1, CONTRIBUTION, 0, 1)
        if share is not None:
            stated.contributions[self.text(row, 0)] = share

    def _grade(self, row: int, stated: Stated) -> None:
        lower, upper = (self.number(row, c, BOUND, 0, 1) for c in (0, 1))
        name = self.text(row, 2)
        if lower is None:
            self.refuse(row, 0, BLANK, A_GRADE)
        if upper is None:
            self.refuse(row, 1, BLANK, A_GRADE)
        if not name:
            self.refuse(row, 2, BLANK, A_GRADE)
        stated.grades.append(Grade(lower, upper, name))
