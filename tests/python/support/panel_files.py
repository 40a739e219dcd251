"""One panel as files of every kind and layout, to be read the same."""

# ruff: noqa: RUF001, Chinese has signs of its own

import csv
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import xlwt

HEADINGS = [
    "人均GDP（元）",
    "互联网用户数(万户)",
    "数字金融指数",
    "工业废水排放量_万吨",
    "绿化覆盖率：%",
]
REGIONS = ["合肥市", "芜湖市", "宣城市"]
YEARS = [2019, 2020, 2021, 2022]
NEGATIVE = 3
# the options that make a study of it, whatever the numbers of its columns
SYSTEMS = (
    "数字经济=人均GDP、互联网用户数、数字金融指数",
    "绿色发展=工业废水排放量、绿化覆盖率",
)
OPTIONS = {
    "name": "panel",
    "systems": SYSTEMS,
    "negative": "工业废水排放量",
}


def value(region: int, year: int, column: int) -> float | None:
    """The figure of a place in the panel; two of them are blank."""
    if (region, year, column) in ((0, 1, 0), (2, 3, 4)):
        return None
    return round((column + 1) * 10.25 + region * 3.5 + year * (1.1 + region), 3)


def wide() -> list[list]:
    """Region, year, a column for each indicator."""
    rows = [["地区", "年份", *HEADINGS]]
    for r, region in enumerate(REGIONS):
        for y, year in enumerate(YEARS):
            cells = [value(r, y, c) for c in range(len(HEADINGS))]
            rows.append([region, year, *cells])
    return rows


def write_workbook(path: Path, sheets: dict[str, list[list]], merged=()) -> Path:
    """An .xlsx file; `merged` has ranges such as C1:E1 of its first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for place in merged:
        book.worksheets[0].merge_cells(place)
    book.save(path)
    return path


def write_csv(path: Path, rows: list[list], encoding: str = "utf-8") -> Path:
    """A CSV file in an encoding."""
    text = io.StringIO()
    csv.writer(text).writerows([["" if c is None else c for c in r] for r in rows])
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def _long(path: Path) -> Path:
    rows = [["城市", "年度", "指标", "数值"]]
    for row in wide()[1:]:
        rows += [[*row[:2], h, v] for h, v in zip(HEADINGS, row[2:], strict=True)]
    return write_workbook(path, {"Sheet1": rows})


def _long_with_units(path: Path) -> Path:
    parts = [
        ("人均GDP", "元"),
        ("互联网用户数", "万户"),
        ("数字金融指数", ""),
        ("工业废水排放量", "万吨"),
        ("绿化覆盖率", "%"),
    ]
    rows = [["指标", "单位", "city", "year", "value"]]
    for place, part in enumerate(parts):
        rows += [[*part, r[0], r[1], r[2 + place]] for r in wide()[1:]]
    return write_csv(path, rows)


def _years_across(path: Path) -> Path:
    rows = [["地区", "指标", *(f"{year}年" for year in YEARS)]]
    for c, heading in enumerate(HEADINGS):
        for r, region in enumerate(REGIONS):
            rows.append([region, heading, *(value(r, y, c) for y in range(len(YEARS)))])
    return write_workbook(path, {"Sheet1": rows})


def _by_year(path: Path) -> Path:
    body = wide()[1:]
    return write_workbook(
        path,
        {
            f"{year}年": [
                ["地区", *HEADINGS],
                *([row[0], *row[2:]] for row in body if row[1] == year),
            ]
            for year in YEARS
        },
    )


def _by_indicator(path: Path) -> Path:
    # a sheet's name cannot have a colon
    names = [*HEADINGS[:4], "绿化覆盖率(%)"]
    return write_workbook(
        path,
        {
            name: [
                ["地区", *YEARS],
                *(
                    [region, *(value(r, y, c) for y in range(len(YEARS)))]
                    for r, region in enumerate(REGIONS)
                ),
            ]
            for c, name in enumerate(names)
        },
    )


def _headings_over_years(path: Path) -> Path:
    width = len(YEARS)
    upper = ["地区"] + [h if not y else None for h in HEADINGS for y in range(width)]
    lower = [None, *(YEARS * len(HEADINGS))]
    rows = [
        [
            region,
            *(value(r, y, c) for c in range(len(HEADINGS)) for y in range(width)),
        ]
        for r, region in enumerate(REGIONS)
    ]
    return write_workbook(path, {"Sheet1": [upper, lower, *rows]})


def _merged_systems(path: Path) -> Path:
    upper = ["地区", "年份", "数字经济", None, None, "绿色发展", None]
    lower = [None, None, *HEADINGS]
    title = ["某省三市 2019-2022 年面板数据"]
    return write_workbook(
        path,
        {"Sheet1": [title, upper, lower, *wide()[1:]]},
        ["A1:G1", "A2:A3", "B2:B3", "C2:E2", "F2:G2"],
    )


def _systems_in_csv(path: Path) -> Path:
    upper = ["", "", "数字经济", "", "", "绿色发展", ""]
    return write_csv(path, [upper, *wide()])


def _units_below(path: Path) -> Path:
    head = ["地区", "年份", "人均GDP", "互联网用户数", "数字金融指数"]
    head += ["工业废水排放量", "绿化覆盖率"]
    units = [None, None, "元", "万户", None, "万吨", "%"]
    return write_workbook(path, {"Sheet1": [head, units, *wide()[1:]]})


def _with_counts(path: Path) -> Path:
    head, *body = wide()
    rows = [["序号", "省份", "city_id", *head]]
    for number, row in enumerate(body, 1):
        rows.append([number, "安徽省", REGIONS.index(row[0]) + 1, *row])
    return write_workbook(path, {"Sheet1": rows})


def _merged_regions(path: Path) -> Path:
    head, *body = wide()
    last = None
    rows = [head]
    for row in body:
        rows.append([None if row[0] == last else row[0], *row[1:]])
        last = row[0]
    rows.append(["注：数据来源于统计年鉴", *[None] * 6])
    return write_csv(path, rows)


def _years_as_dates(path: Path) -> Path:
    import datetime

    head, *body = wide()
    rows = [[r[0], datetime.date(r[1], 12, 31), *r[2:]] for r in body]
    return write_workbook(path, {"Sheet1": [head, *rows]})


def _old_workbook(path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("面板")
    for i, row in enumerate(wide()):
        for j, cell in enumerate(row):
            if cell is not None:
                sheet.write(i, j, cell)
    book.save(str(path))
    return path


def _frame() -> pd.DataFrame:
    head, *body = wide()
    return pd.DataFrame(body, columns=head)


def _statistical(write: Callable) -> Callable[[Path], Path]:
    def made(path: Path) -> Path:
        frame = _frame()
        names = ["city", "year", *(f"v{c}" for c in range(len(HEADINGS)))]
        frame.columns = names
        write(frame, str(path), column_labels=["地区", "年份", *HEADINGS])
        return path

    return made


def _parquet(path: Path) -> Path:
    _frame().to_parquet(path)
    return path


def _text(encoding: str, separator: str = ",") -> Callable[[Path], Path]:
    def made(path: Path) -> Path:
        write_csv(path, wide(), encoding)
        if separator != ",":
            text = path.read_bytes().decode(encoding).replace(",", separator)
            path.write_bytes(text.encode(encoding))
        return path

    return made


# name of the file, what writes it, how it is laid out
WRITERS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "wide.xlsx": (lambda path: write_workbook(path, {"面板": wide()}), "wide"),
    "wide.xls": (_old_workbook, "wide"),
    "utf8.csv": (_text("utf-8-sig"), "wide"),
    "gbk.csv": (_text("gbk"), "wide"),
    "utf16.txt": (_text("utf-16", "\t"), "wide"),
    "semicolons.csv": (_text("utf-8", ";"), "wide"),
    "stata.dta": (_statistical(pyreadstat.write_dta), "wide"),
    "spss.sav": (_statistical(pyreadstat.write_sav), "wide"),
    "wide.parquet": (_parquet, "wide"),
    "long.xlsx": (_long, "long"),
    "long_with_units.csv": (_long_with_units, "long"),
    "years_across.xlsx": (_years_across, "long"),
    "by_year.xlsx": (_by_year, "a sheet per year"),
    "by_indicator.xlsx": (_by_indicator, "a sheet per indicator"),
    "headings_over_years.xlsx": (_headings_over_years, "wide"),
    "merged_systems.xlsx": (_merged_systems, "wide"),
    "systems_above.csv": (_systems_in_csv, "wide"),
    "units_below.xlsx": (_units_below, "wide"),
    "with_counts.xlsx": (_with_counts, "wide"),
    "merged_regions.csv": (_merged_regions, "wide"),
    "years_as_dates.xlsx": (_years_as_dates, "wide"),
}
