"""Yearbook files land as they are meant, or are refused with a reason.

Files are written here, in the layouts that people have; every landed cell is compared
with figures that are stated here too.
"""

import csv
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlwt
from typer.testing import CliRunner
from yearbook_files import BUREAU, GDP, GDP_ONLY, LAYOUTS, PEOPLE, WHAT, merged_workbook

from coupling.base.paths import Paths
from coupling.base.texts import guarded, read_figure
from coupling.contracts.gate import check_seeds
from coupling.landing import files, workspace
from coupling.landing.dictionary import DictionaryError, load_dictionary
from coupling.landing.figures import RefusalError, read_file
from coupling.landing.layouts import Options

SEEDS = Paths().seeds


@pytest.fixture(scope="module")
def dictionary():
    return load_dictionary(SEEDS, Path("nowhere"))


@pytest.fixture
def read(dictionary, tmp_path):
    """Read the text of a CSV file, or a file."""

    def read(content, name="file.csv", sheet="", encoding="utf-8", **options):
        path = content
        if not isinstance(content, Path):
            path = tmp_path / name
            data = content if isinstance(content, bytes) else content.encode(encoding)
            path.write_bytes(data)
        return read_file(path, dictionary, Options(**options), sheet)

    return read


def numbers(values):
    return {name: Decimal(value) for name, value in values.items()}


def refused(read, content, *reasons, **options):
    with pytest.raises(RefusalError) as refusal:
        read(content, **options)
    for reason in reasons:
        assert reason in str(refusal.value)


# --- layouts ----------------------------------------------------------------------


@pytest.mark.parametrize(("text", "expected"), LAYOUTS.values(), ids=LAYOUTS)
def test_layout_lands_exactly_these_cells(read, text, expected):
    reading = read(text)
    assert numbers(reading.values) == numbers(expected)
    assert reading.rejects == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_encodings(read, encoding):
    assert numbers(read(BUREAU, encoding=encoding).values) == numbers(GDP_ONLY)


def test_merged_headings_of_a_workbook(read, tmp_path):
    reading = read(merged_workbook(tmp_path / "book.xlsx"))
    assert numbers(reading.values) == numbers(WHAT)
    assert "sheet 说明: no figures in it; skipped" in reading.remarks


def test_sheets_named_by_year_and_the_old_format(read, tmp_path):
    book = xlwt.Workbook()
    for year in (2022, 2023):
        sheet = book.add_sheet(f"{year}年")
        sheet.write_merge(0, 1, 0, 0, "地区")
        sheet.write(0, 1, "地区生产总值")
        sheet.write(1, 1, "(亿元)")
        for row, (region, code) in enumerate(
            (("北京", "110000"), ("内蒙古", "150000"))
        ):
            sheet.write(row + 2, 0, region)
            sheet.write(row + 2, 1, float(WHAT[code, year, GDP]))
    path = tmp_path / "old.xls"
    book.save(str(path))
    assert numbers(read(path).values) == numbers(GDP_ONLY)
    one = read(path, sheet="2022年").values
    assert {year for _, year, _ in one} == {2022}
    refused(read, path, "has no sheet 2021", sheet="2021")


def test_parquet(read, tmp_path):
    frame = pd.DataFrame(
        [(region, year, float(value)) for (region, year, _), value in GDP_ONLY.items()],
        columns=["region_code", "year", GDP],
    )
    path = tmp_path / "file.parquet"
    frame.to_parquet(path)
    assert numbers(read(path).values) == numbers(GDP_ONLY)


@pytest.mark.parametrize("seed", sorted((SEEDS / "yearbook").glob("*.csv")), ids=str)
def test_our_own_seeds_come_out_as_they_are(read, seed):
    with seed.open(encoding="utf-8") as file:
        expected = {
            (row["region_code"], int(row["year"]), series): value
            for row in csv.DictReader(file)
            for series, value in row.items()
            if series not in ("region_code", "year") and value
        }
    assert read(seed).values == expected


# --- cells, units, years ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("123.40", "123.40"),
        ("1,234,567.8", "1234567.8"),
        ("1，234", "1234"),
        ("1\u2009234", "1234"),
        ("\u22125.5", "-5.5"),
        ("-5", "-5"),
        (".5", ".5"),
        ("1e3", "1000"),
        ("１２．５", "12.5"),
        *(
            (f"123.4{note}", "123.4")
            for note in ("①", "*", "(注)", "[1]", " ²", "（注2）")
        ),
        *((mark, None) for mark in ("", " ", "…", "...", "—", "–", "-", "#", "x", "X")),
        *((mark, None) for mark in ("..", "n.a.", "－", "……", "…①")),
    ],
)
def test_figures_are_read_as_written(text, value):
    figure = read_figure(text)
    assert figure.fault == ""
    assert figure.value == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    "text",
    [
        "1,23",
        "12,3456",
        "(12)",
        "12 34",
        "1.2.3",
        "1_000",
        "１2a b",
        "①",
        "1e999",
        "０x1F",
    ],
)
def test_what_is_no_figure_is_a_fault(text):
    figure = read_figure(text)
    assert figure.fault or figure.unit


def one_cell(text, unit="亿元", year="2023年", region="北京"):
    return f"指标：地区生产总值({unit})\n地区,{year},2001年\n{region},{text},1\n"


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("12345", "万元", "1.2345"),
        ("0.1", "万亿元", "1000"),
        ("123456789012345678", "元", "1234567890.12345678"),
        ("43760.7", "亿元", "43760.7"),
        ("43760.70亿元", "亿元", "43760.70"),
        ("43760.7万元", "万元", "4.37607"),
    ],
)
def test_units_convert_exactly(read, text, unit, value):
    assert read(one_cell(text, unit)).values["110000", 2023, GDP] == value


def test_shares_convert_between_per_mille_and_per_cent(read):
    text = "地区,年份,城镇化率(‰)\n北京,2023,878\n天津,2023,85.5%\n"
    reading = read(text)
    assert reading.values == {("110000", 2023, "urbanisation_rate_pct"): "87.8"}
    assert reading.rejects[0].reason == (
        "% behind a figure in ‰",
        "单位为‰的数值后带有%",
    )
    bare = "地区,年份,城镇化率\n北京,2023,87.8%\n天津,2023,\n河北,2023,617‰\n"
    values = read(bare).values
    assert sorted(values.values()) == ["61.7", "87.8"]


def test_stored_shares_are_not_taken_for_per_cent(read, tmp_path):
    book = openpyxl.Workbook()
    for row in (["地区", "年份", "城镇化率(%)"], *([r, 2023, 0.8] for r in "京津冀")):
        names = {"京": "北京", "津": "天津", "冀": "河北"}
        book.active.append([names.get(row[0], row[0]), *row[1:]])
    path = tmp_path / "share.xlsx"
    book.save(path)
    refused(read, path, "--unit share if 1 is all")


REFUSALS = {
    "an unknown region": (
        one_cell("1", region="北经"),
        "row 3, column A",
        "北经",
        "北京",
    ),
    "an unknown series": (
        BUREAU.replace("生产总值", "生产总质"),
        "expected a series",
        "地区生产总值",
    ),
    "a unit of another dimension": (
        one_cell("1", "万人"),
        "found 万人; expected a unit of yuan",
    ),
    "an unknown unit": (one_cell("1", "亿圆"), "expected a series"),
    "no unit": (BUREAU.replace("(亿元)", ""), "no unit for gdp_cny_100m", "--unit"),
    "no year": ("地区,地区生产总值(亿元)\n北京,1\n", "no year", "--year"),
    "a quarter": (BUREAU.replace("2023年", "2023年第1季度"), "2023年第1季度"),
    "an unreadable year": (
        "region,year,gdp_cny_100m\n北京,20x3,1\n",
        "row 2, column B: found 20x3; expected a year",
    ),
    "a row without a region": (
        one_cell("1", region=""),
        "found a blank; expected a region",
    ),
    "two regions in a row": (
        "region_code,region,year,gdp_cny_100m\n110000,Tianjin,2023,1\n",
        "found 110000 / Tianjin; expected one region",
    ),
    "figures without a heading": (
        "地区,2023年,\n北京,1,2\n".replace("地区", "地区生产总值(亿元)\n地区"),
        "column C",
        "a heading above this column",
    ),
    "a short row": ("region,year,gdp_cny_100m\n北京,2023\n", "2 fields", "3 fields"),
    "no headings": ("北京,2023,1\n", "a row of headings"),
    "an index beside the figures": (
        "地区,地区生产总值(亿元),地区生产总值平减指数\n北京,1,2\n",
        "地区生产总值平减指数",
    ),
    "headings over unlike columns": (
        "地区,地区生产总值(亿元),,年末常住人口(万人)\n,2022,2023,2024\n北京,1,2,3\n",
        "stand over the same columns each, or merged cells",
    ),
    "a heading does not reach over notes": (
        "地区,2023年,,备注,\n,地区生产总值(亿元),年末常住人口(万人),,常住人口(万人)\n"
        "北京,1,2,,3\n",
        "row 2, column E: found 常住人口(万人); expected a year in the heading",
    ),
    "a year inside a name": (
        "指标：地区生2021产总值(亿元)\n地区,2023年\n北京,1\n",
        "expected a series",
    ),
    "decimal commas": (
        "region;year;gdp_cny_100m\n北京;2023;1,5\n天津;2023;1,234\n",
        "decimal commas",
    ),
    "an open quote": ('region,year,gdp_cny_100m\n北京,2023,"1\n', "no whole CSV file"),
    "nothing": (" \n", "is empty"),
    "only blanks": (
        "region,year,gdp_cny_100m\n北京,2023,…\n",
        "no figure of a province",
    ),
    "a web page": ("<html><table>1</table>", "a web page"),
    "another delimiter in a row": (
        "region,year,gdp_cny_100m\n北京,2023,1\n天津;2023;5\n河北,2023,3\n",
        "row 3, column A: found 天津;2023;5",
        "cells separated by ','",
    ),
    "another delimiter below the headings": (
        "region,year,gdp_cny_100m\n天津\t2023\t5\n河北,2023,3\n",
        "row 2, column A",
    ),
    "years where figures belong": (
        "region,year,indicator,value\n北京,5.5,gdp_cny_100m,2023\n",
        "row 2, column B: found 5.5; expected a year",
    ),
    "null characters": ("a\0b", "null characters"),
    "a total alone": (
        "region,year,gdp_cny_100m\n全国,2023,1\n",
        "no figure of a province",
    ),
}


@pytest.mark.parametrize("case", REFUSALS.values(), ids=REFUSALS)
def test_refused_with_the_place_and_the_reason(read, case):
    text, *reasons = case
    refused(read, text, *reasons)


def test_options_fill_in_and_do_not_contradict(read):
    bare = "地区,2023年,2022年\n北京,437607000,415409000\n内蒙古,246270000,233889000\n"
    found = read(bare, series_id=GDP, unit="万元")
    assert numbers(found.values) == numbers(GDP_ONLY)
    refused(read, BUREAU, "as the table says", unit="万元")
    refused(read, BUREAU, "as the table says", series_id=PEOPLE)
    one = "地区,某某(亿元)\n北京,43760.7\n"
    found = read(one, series_id=GDP, year=2023).values
    assert found == {("110000", 2023, GDP): "43760.7"}
    two = "地区,某某(亿元),另一(亿元)\n北京,43760.7,1\n"
    refused(read, two, "--series names one series", series_id=GDP, year=2023)


def test_cells_that_cannot_stand_are_rejected_alone(read):
    text = (
        "region,year,gdp_cny_100m,urbanisation_rate_pct\n"
        "北京,2023,43760.7,101\n北京,2022,abc,87\n天津,2023,-1,85\n"
        "天津,2023,-1,86\n河北,1890,5,60\n河北,2023,7,61\n河北,2023,7.0,61\n"
        '上海,2023,"1,23",89%\n'
    )
    reading = read(text)
    rate = "urbanisation_rate_pct"
    assert numbers(reading.values) == numbers(
        {
            ("110000", 2023, GDP): "43760.7",
            ("110000", 2022, rate): "87",
            ("130000", 2023, GDP): "7",
            ("130000", 2023, rate): "61",
            ("310000", 2023, rate): "89",
        }
    )
    reasons = {(r.row, r.column): (r.text, r.reason) for r in reading.rejects}
    assert {name: reasons[name][0] for name in reasons} == {
        (2, "D"): "101",
        (3, "C"): "abc",
        (4, "C"): "-1",
        (4, "D"): "85",
        (5, "C"): "-1",
        (5, "D"): "86",
        (6, "C"): "5",
        (6, "D"): "60",
        (9, "C"): "1,23",
    }
    assert "more than 100" in reasons[2, "D"][1].en
    assert reasons[3, "C"][1] == ("not a number", "不是数值")
    assert "less than 0" in reasons[4, "C"][1].en
    assert "different values in D4, D5" in reasons[4, "D"][1].en
    assert "1890 is not from 1949 to 2100" in reasons[6, "C"][1].en
    assert "does not separate thousands" in reasons[9, "C"][1].en
    assert [reasons[place][1].zh for place in [(2, "D"), (4, "C"), (4, "D")]] == [
        "大于100，即urbanisation_rate_pct的上限",
        "小于0，即gdp_cny_100m的下限",
        "2023年120000的urbanisation_rate_pct在D4, D5处数值不同",
    ]
    assert reasons[6, "C"][1].zh == "年份1890不在1949至2100之间"
    assert reasons[9, "C"][1].zh == "逗号未按千位分隔"


def provinces():
    with (SEEDS / "reference" / "regions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row["name_zh"] for row in rows if row["level"] == "province"]


@pytest.mark.parametrize(("total", "warns"), [(3100, False), (3000, True)])
def test_totals_are_compared_and_not_landed(read, total, warns):
    rows = "".join(f"{name},100\n" for name in provinces())
    text = f"地区生产总值(亿元)\n地区,2023年\n全国,{total}\n东部,9\n{rows}"
    reading = read(text)
    assert len(reading.values) == 31
    warnings = [r for r in reading.remarks if "WARNING" in r]
    assert bool(warnings) == warns
    assert not warns or "add up to 3100, the total in row 3 is 3000" in warnings[0]
    assert "skipped row 4: 东部, a group of regions" in reading.remarks


def test_the_users_own_series_are_read(tmp_path, read):
    own = tmp_path / "work" / "reference" / "series.csv"
    own.parent.mkdir(parents=True)
    header = "series_id,chapter,label,label_zh,unit,min_value,max_value\n"
    own.write_text(header + "tea_10k_t,own,Tea,茶叶产量,10k t,0,\n", encoding="utf-8")
    names = load_dictionary(SEEDS, tmp_path / "work")
    file = tmp_path / "tea.csv"
    file.write_text("茶叶产量\n地区,2023年\n福建,55万吨\n", encoding="utf-8")
    assert read_file(file, names, Options()).values == {
        ("350000", 2023, "tea_10k_t"): "55"
    }
    own.write_text(header + "gdp_cny_100m,own,GDP,GDP,yuan,0,\n", encoding="utf-8")
    with pytest.raises(DictionaryError, match="as shipped"):
        load_dictionary(SEEDS, tmp_path / "work")


# --- hostile files --------------------------------------------------------------------


def test_bombs_do_not_fill_the_memory(read, tmp_path, monkeypatch):
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(60):
                part.write(bytes(10_000_000))
    assert bomb.stat().st_size < 1_000_000
    refused(read, bomb, "MiB of memory; it has")
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = 1, 2
    book.save(tmp_path / "wide.xlsx")
    refused(read, tmp_path / "wide.xlsx", "1,048,576 rows and 16,384 columns")
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    refused(read, BUREAU, "files of up to")


def rewritten(workbook: bytes, change) -> bytes:
    """A workbook with its parts changed by `change(name, part) -> (name, part)`."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as archive,
        zipfile.ZipFile(file, "w") as new,
    ):
        for name in archive.namelist():
            new.writestr(*change(name, archive.read(name)))
    return file.getvalue()


@pytest.mark.parametrize(
    "far",
    [
        b'<c r="XFD1048576"',
        b"<c r='XFD1048576'",
        b'<c r = "xfd1048576"',
        b'<c t=">" r="XFD1048576"',
        b'<c r="AXFD9999"',
        b'<c r="D9999999"',
        b'<x:c xmlns:x="other" r="XFD1048576"',
    ],
    ids=bytes.decode,
)
def test_far_corners_are_not_laid_out(read, tmp_path, far):
    whole = merged_workbook(tmp_path / "book.xlsx").read_bytes()

    def change(name, part):
        end = b"</x:c>" if far.startswith(b"<x") else b"</c>"
        cell = far + b"><v>1</v>" + end
        return name, part.replace(
            b"</sheetData>", b"<row>" + cell + b"</row></sheetData>"
        )

    refused(read, rewritten(whole, change), "cells are landed", name="far.xlsx")


def test_sheets_are_looked_into_wherever_they_lie(read, tmp_path):
    whole = merged_workbook(tmp_path / "book.xlsx").read_bytes()

    def change(name, part):
        part = part.replace(b'<c r="B6"', b'<c r="XFD1048576"')
        old, new = "xl/worksheets/sheet1.xml", "xl/deep/er.xml"
        short = old.removeprefix("xl/").encode()
        return name.replace(old, new), part.replace(short, b"deep/er.xml")

    refused(read, rewritten(whole, change), "cells are landed", name="far.xlsx")


def test_merged_figures_are_one_figure_or_refused(read, tmp_path):
    def book(merge, name):
        book = openpyxl.Workbook()
        for row in (["地区", 2023, 2022], ["北京", 43760.7, None], ["天津", 1, 2]):
            book.active.append(row)
        book.active.merge_cells(merge)
        book.save(tmp_path / name)
        return tmp_path / name

    options = {"series_id": GDP, "unit": "亿元"}
    expected = "expected a figure in a cell of its own"
    refused(read, book("B2:C2", "a.xlsx"), "row 2, column C", expected, **options)
    refused(read, book("B2:B3", "b.xlsx"), "row 3, column B", expected, **options)
    old = xlwt.Workbook()
    sheet = old.add_sheet("2023")
    sheet.write(0, 0, "地区")
    sheet.write(0, 1, GDP)
    sheet.write_merge(1, 2, 0, 0, "北京")
    sheet.write_merge(1, 2, 1, 1, 43760.7)
    old.save(str(tmp_path / "c.xls"))
    one = {("110000", 2023, GDP): Decimal("43760.7")}
    assert numbers(read(tmp_path / "c.xls").values) == one


def test_dates_and_errors_of_old_workbooks(read, tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("2023", cell_overwrite_ok=True)
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for i, row in enumerate((["地区", GDP], ["北京", 5], ["天津", 45000], ["河北", 6])):
        for j, value in enumerate(row):
            sheet.write(i, j, value, *([day] if value == 45000 else []))
    sheet.row(3).set_cell_error(1, "#DIV/0!")
    book.save(str(tmp_path / "old.xls"))
    reading = read(tmp_path / "old.xls")
    assert reading.values == {("110000", 2023, GDP): "5"}
    (reject,) = reading.rejects
    assert (reject.row, reject.text) == (3, "2023-03-15T00:00:00")
    assert reading.count("blank") == 1


def test_rows_of_a_workbook_keep_their_numbers(read, tmp_path):
    book = openpyxl.Workbook()
    for row in (["地区", 2023], [], [], [], ["北京", 5], [], [], ["天津", "abc"]):
        book.active.append(row)
    book.save(tmp_path / "gaps.xlsx")
    (reject,) = read(tmp_path / "gaps.xlsx", series_id=GDP, unit="亿元").rejects
    assert (reject.row, reject.column) == (8, "B")


def test_errors_that_show_late_are_told(read, tmp_path):
    packed = zipfile.ZipFile(tmp_path / "packed.xlsx", "w", zipfile.ZIP_LZMA)
    with packed as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>" * 99)
    content = bytearray((tmp_path / "packed.xlsx").read_bytes())
    begin = len("xl/workbook.xml") + 30
    content[begin + 4 : begin + 20] = bytes(16)
    refused(read, bytes(content), "damaged", name="packed.xlsx")

    frame = pd.DataFrame({"region": ["Beijing", "Tianjin"], "year": 2023, GDP: [1, 2]})
    path = tmp_path / "good.parquet"
    frame.to_parquet(path, compression=None, store_schema=False)
    content = path.read_bytes().replace(b"Tianjin", b"Tianji\xff")
    refused(read, content, "damaged", name="letters.parquet")
    checked = tmp_path / "checked.parquet"
    frame.to_parquet(checked, compression=None, write_page_checksum=True)
    content = checked.read_bytes().replace(b"Tianjin", b"Beijing")
    refused(read, content, "damaged", name="checked.parquet")


def test_damaged_and_protected_workbooks_are_told(read, tmp_path):
    whole = merged_workbook(tmp_path / "book.xlsx").read_bytes()
    refused(read, whole[:-200], "damaged", name="cut.xlsx")
    refused(read, b"PK\x03\x04", "damaged", name="cut.xlsx")
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    refused(read, ole, "damaged", name="cut.xls")
    locked = ole + "EncryptedPackage".encode("utf-16-le")
    refused(read, locked, "protected by a password", name="locked.xlsx")
    refused(read, b"PAR1", "no Parquet file", name="cut.parquet")
    refused(read, BUREAU, "none of .csv", name="file.pdf")
    refused(read, BUREAU, "no workbook; if it is text", name="file.xls")
    book = openpyxl.Workbook()
    for row in (["region", "year", GDP], ["Beijing", 2023, "=1+1"]):
        book.active.append(row)
    book.save(tmp_path / "formula.xlsx")
    refused(read, tmp_path / "formula.xlsx", "formulas without results")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("@SUM(1)", "'@SUM(1)"),
        ("+1+1", "'+1+1"),
        ("-2+3", "'-2+3"),
        ("-2.5", "-2.5"),
        ("\t=1", "' =1"),
        ("＝1", "'＝1"),
        ("{{ config() }}", "{{ config() }}"),
        ("a\x1b[2Jb", "a [2Jb"),
    ],
)
def test_no_text_becomes_a_formula(text, safe):
    assert guarded(text) == safe


# --- the command and the workspace --------------------------------------------------


@pytest.fixture
def coupling(tmp_path, monkeypatch):
    """Run coupling land on files; returns exit code and output."""
    from coupling import cli

    monkeypatch.setenv("COUPLING_WORKSPACE", str(tmp_path / "work"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        result = CliRunner().invoke(cli.app, ["land", *map(str, arguments)])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, result.output

    return run


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    paths = sorted(p for p in folder.rglob("*") if p.is_file())
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in paths
        if ".l" not in p.name
    }


def shipped_gdp() -> dict[tuple[str, str], str]:
    """GDP of the seeds by region and year, as written."""
    path = SEEDS / "yearbook" / "national_accounts.csv"
    with path.open(encoding="utf-8") as file:
        return {(r["region_code"], r["year"]): r[GDP] for r in csv.DictReader(file)}


def test_a_landing_its_correction_and_the_way_back(coupling, tmp_path):
    work, file = tmp_path / "work", write(tmp_path / "GDP by-province.csv", BUREAU)
    assert coupling(file)[0] == 1  # no terminal, no --yes
    assert coupling(file, "--dry-run")[0] == 0
    assert not (work / "landings.csv").exists()
    code, output = coupling(file, "--yes", "--publisher", "NBS", "--title", "=1+1")
    assert code == 0 and "Landed" in output
    assert (work / "yearbook" / "gdp_by_province.csv").read_text() == (
        "region_code,year,gdp_cny_100m\n110000,2022,41540.9\n110000,2023,43760.7\n"
        "150000,2022,23388.9\n150000,2023,24627\n"
    )
    (row,) = workspace.read_rows(work / "landings.csv")
    assert tuple(row) == workspace.LANDINGS
    assert (
        work / "originals" / f"{row['sha256']}.csv"
    ).read_bytes() == file.read_bytes()
    counts = [row[f"cells_{n}"] for n in ("read", "blank", "converted", "rejected")]
    assert counts == ["4", "0", "0", "0"]
    assert (row["position"], row["publisher"], row["title"]) == ("1", "NBS", "'=1+1")
    first = contents(work)
    assert "figures landed: 4; figures in use changed: 4" in output
    shipped = shipped_gdp()
    revisions = workspace.read_rows(work / "revisions.csv")
    assert [tuple(r.values())[3:] for r in revisions] == [
        (region, year, shipped[region, year], value)
        for region, year, value in (
            ("110000", "2022", "41540.9"),
            ("110000", "2023", "43760.7"),
            ("150000", "2022", "23388.9"),
            ("150000", "2023", "24627"),
        )
    ]

    assert "landed already" in coupling(file, "--yes")[1]
    assert contents(work) == first

    corrected = BUREAU.replace("41540.9", "41540.95").replace("24627,", "=1+1,")
    write(file, corrected.replace("河北", ""))
    assert coupling(file, "--yes")[0] == 0
    revisions = workspace.read_rows(work / "revisions.csv")
    assert [tuple(r.values()) for r in revisions[4:]] == [
        ("2", "gdp_by_province", GDP, "110000", "2022", "41540.9", "41540.95"),
        (
            *("2", "gdp_by_province", GDP, "150000", "2023", "24627"),
            shipped["150000", "2023"],
        ),
    ]
    (reject,) = workspace.read_rows(work / "landing_rejects.csv")
    assert (reject["row"], reject["column"]) == ("6", "B")
    assert reject["text_found"] == "'=1+1"
    assert reject["reason"] == "not a number"
    assert reject["reason_zh"] == "不是数值"

    write(file, BUREAU)
    assert coupling(file, "--yes")[0] == 0
    landings = workspace.read_rows(work / "landings.csv")
    assert [r["is_current"] for r in landings] == ["0", "0", "1"]
    assert [r["position"] for r in landings] == ["1", "2", "3"]
    assert landings[2]["publisher"] == "NBS"
    assert len(workspace.read_rows(work / "revisions.csv")) == 4 + 2 + 2
    assert workspace.read_rows(work / "landing_rejects.csv") == []


def test_a_list_of_an_earlier_version_gives_its_reasons_in_english(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("COUPLING_WORKSPACE", str(tmp_path))
    header = [name for name in workspace.REJECTS if name != "reason_zh"]
    cell = {"landing_id": "one", "row": "6", "reason": "not a number"}
    cells = [cell.get(name, "") for name in header]
    lists = tmp_path / "landing_rejects.csv"
    write(lists, f"{','.join(header)}\n{','.join(cells)}\n")
    [row] = workspace.landed_rejects().to_pylist()
    assert (row["source_row"], row["reason"]) == (6, "not a number")
    assert row["reason_zh"] == "not a number"


def test_another_file_with_another_value_is_a_revision(coupling, tmp_path):
    work = tmp_path / "work"
    head = "region,year,gdp_cny_100m\n"
    # 2025 is not shipped; Beijing has the shipped figure in 2023, Tianjin another
    shipped = shipped_gdp()
    same, other = shipped["110000", "2023"], shipped["120000", "2023"]
    one = write(
        tmp_path / "one.csv",
        f"{head}北京,2023,{same}\n天津,2023,2\n天津,2025,2\n",
    )
    two = write(
        tmp_path / "two.csv",
        f"{head}北京,2023,{same}0\n天津,2023,2.0\n天津,2025,3\n河北,2025,4\n",
    )
    assert coupling(one, two, "--yes")[0] == 0
    revisions = workspace.read_rows(work / "revisions.csv")
    assert [tuple(r.values()) for r in revisions] == [
        ("1", "one", GDP, "120000", "2023", other, "2"),
        ("2", "two", GDP, "120000", "2025", "2", "3"),
    ]


def test_names_that_collide_are_told(coupling, tmp_path):
    text = "region,year,gdp_cny_100m\n北京,2023,1\n"
    one, two = write(tmp_path / "a b.csv", text), write(tmp_path / "a-b.csv", text)
    code, output = coupling(one, two, "--yes")
    assert code == 2 and "both land as a_b" in output
    assert coupling(one, "--yes")[0] == 0
    code, output = coupling(two, "--yes")
    assert code == 1 and "the landing of a b.csv" in output
    code, output = coupling(two, "--yes", "--name", "other")
    assert code == 0 and "the same file is also landed as a_b" in output


def test_a_namesake_of_other_figures_replaces_nothing_unasked(coupling, tmp_path):
    head = "region,year,gdp_cny_100m\n"
    work, file = tmp_path / "work", tmp_path / "data.csv"
    assert coupling(write(file, f"{head}北京,2025,1\n天津,2025,2\n"), "--yes")[0] == 0
    before = contents(work)
    write(file, f"{head}北京,2026,1\n")
    code, output = coupling(file, "--yes")
    assert (
        code == 1 and "with other series, regions or years; say --name data" in output
    )
    assert contents(work) == before
    assert coupling(file, "--yes", "--name", "other")[0] == 0
    write(file, f"{head}北京,2025,1\n河北,2025,2\n")
    code, output = coupling(file, "--yes")
    assert code == 0
    assert "figures in use changed: 2, of which gone: 1" in output
    code, output = coupling(
        write(file, f"{head}北京,2027,1\n"), "--yes", "--name", "data"
    )
    assert code == 0 and "of which gone: 2" in output


def test_a_first_landing_is_taken_back(coupling, tmp_path):
    text = "region,year,gdp_cny_100m\n北京,2023,43760.7\n天津,2023,zz\n"
    work, file = tmp_path / "work", write(tmp_path / "a.csv", text)
    other = write(tmp_path / "b.csv", text.replace("北京", "河北"))
    assert coupling(other, "--yes")[0] == 0
    before = contents(work)
    assert coupling(file, "--yes")[0] == 0
    code, output = coupling("list")
    assert code == 0 and "b.csv" in output and "a.csv" in output
    landed = contents(work)
    assert coupling("undo", "a")[0] == 1  # no terminal, no --yes
    assert coupling("undo", "a", "--dry-run")[0] == 0
    assert contents(work) == landed
    code, output = coupling("undo", "a", "--yes")
    assert code == 0 and "a: a.csv is taken back; figures in use changed: 1" in output
    after = contents(work)
    originals = after.keys() - before.keys()
    assert {name.split("/")[0] for name in originals} == {"originals"}
    assert {name: after[name] for name in before} == before
    assert check_seeds(SEEDS, work) == []
    code, output = coupling(file, "--yes")
    assert code == 0 and "figures landed: 1;" in output
    assert contents(work).keys() == landed.keys()


def test_the_list_has_whole_names(coupling, tmp_path):
    name = "figures_of_all_provinces_as_printed_in_the_yearbook"
    file = write(tmp_path / f"{name}.csv", "region,year,gdp_cny_100m\n北京,2023,1\n")
    assert coupling(file, "--yes")[0] == 0
    assert f" {name} " in coupling("list")[1]


def test_a_correction_is_taken_back_and_what_was_before_counts_again(
    coupling, tmp_path
):
    text = "region,year,gdp_cny_100m\n北京,2023,43760.7\n天津,2023,zz\n"
    work, file = tmp_path / "work", write(tmp_path / "a.csv", text)
    assert coupling(file, "--yes")[0] == 0
    before = contents(work)
    write(file, text.replace("43760.7", "43760.9").replace("zz", "16737.3"))
    assert coupling(file, "--yes")[0] == 0
    assert contents(work)["yearbook/a.csv"] != before["yearbook/a.csv"]
    code, output = coupling("undo", "a", "--yes")
    assert code == 0 and "counts again" in output
    after = contents(work)
    assert {name: after[name] for name in before} == before
    # twice: the first landing goes too
    assert coupling("undo", "a", "--yes")[0] == 0
    assert workspace.read_rows(work / "landings.csv") == []
    code, output = coupling("undo", "a", "--yes")
    assert code == 1 and "nothing is landed" in output


def test_what_cannot_be_taken_back_is_told(coupling, tmp_path):
    text = "region,year,gdp_cny_100m\n北京,2023,43760.7\n"
    work, file = tmp_path / "work", write(tmp_path / "a.csv", text)
    assert coupling(file, "--yes")[0] == 0
    write(file, text.replace("43760.7", "43760.9"))
    assert coupling(file, "--yes")[0] == 0
    code, output = coupling("undo", "b", "--yes")
    assert code == 1 and "found no landing b; expected one of a" in output
    # as an earlier version left it
    (work / "originals" / "landing_1.json").unlink()
    before = contents(work)
    code, output = coupling("undo", "a", "--yes")
    assert code == 1 and "was not kept; land it again" in " ".join(output.split())
    assert contents(work) == before
    write(work / "studies.csv", "")
    (work / "studies").mkdir()
    write(work / "studies" / "studies.csv", "study_id\na\n")
    code, output = coupling("undo", "a", "--yes")
    assert code == 1 and "coupling study remove a" in " ".join(output.split())
    assert coupling("undo", "--yes")[0] == 2
    assert coupling("list", "a")[0] == 2


def test_a_correction_of_another_name_is_not_credited_to_the_old_file(
    coupling, tmp_path
):
    text = "region,year,gdp_cny_100m\n北京,2023,{}\n"
    one = write(tmp_path / "one.csv", text.format(1))
    two = write(tmp_path / "two.csv", text.format(2))
    assert coupling(one, "--yes", "--name", "x", "--publisher", "NBS")[0] == 0
    assert coupling(two, "--yes", "--name", "x")[0] == 0
    last = workspace.read_rows(tmp_path / "work" / "landings.csv")[-1]
    assert (last["publisher"], last["title"]) == ("NBS", "two.csv")


@pytest.mark.parametrize(
    "options",
    [
        ("households", "--simulate", "5", "--dry-run"),
        ("households", "--simulate", "5", "--name", "x"),
        ("file.csv", "--survey", "cfps2022"),
        ("file.csv", "--simulate", "5"),
    ],
)
def test_options_that_would_not_be_heeded_are_refused(coupling, tmp_path, options):
    code, output = coupling(*options)
    assert code == 2 and "households" in output
    assert not (tmp_path / "work").exists()


def test_one_bad_file_stops_all(coupling, tmp_path):
    good = write(tmp_path / "good.csv", BUREAU)
    bad = write(tmp_path / "bad.csv", BUREAU.replace("北京市", "北经市"))
    code, output = coupling(good, bad, "--yes")
    assert code == 1
    assert (
        "bad.csv, row 5, column A: found 北经市; expected a region; nearest:" in output
    )
    assert not (tmp_path / "work").exists()


def test_usage(coupling, tmp_path):
    file = write(tmp_path / "a.csv", BUREAU)
    assert coupling(file, "--series", "gdp_cny_10m")[0] == 2
    assert coupling(file, "--unit", "furlong")[0] == 2
    assert coupling(file, "--year", "1890")[0] == 2
    assert coupling("households")[0] == 2
    assert coupling(tmp_path / "absent.csv")[0] == 1


def test_hostile_texts_are_only_text(coupling, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "=1;drop table x"
    rows = (["region", "year", GDP], ["Beijing", 2023, "[red]{{ 1 }}\x1b"[:-1]])
    for row in (*rows, ["Tianjin", 2023, 5], ["Hebei", 2023, "'; drop table x; --"]):
        book.active.append(row)
    book.save(tmp_path / "odd.xlsx")
    code, output = coupling(tmp_path / "odd.xlsx", "--yes")
    assert code == 0 and "[red]{{ 1 }}" in output
    rejects = workspace.read_rows(tmp_path / "work" / "landing_rejects.csv")
    assert [r["sheet"] for r in rejects] == ["'=1;drop table x"] * 2


class Killed(BaseException):
    pass


@pytest.mark.parametrize("survived", range(8))
def test_a_killed_run_leaves_all_or_nothing(
    dictionary, tmp_path, monkeypatch, survived
):
    work = tmp_path / "work"
    file = write(tmp_path / "a.csv", BUREAU)

    def wish():
        reading = read_file(file, dictionary, Options())
        return [workspace.Wish(reading, "a", False, ".csv", "", "")]

    workspace.land(work, wish(), {})
    before = contents(work)
    write(file, BUREAU.replace("41540.9", "41540.95"))
    moved = []

    def replace(path, target, original=Path.replace):
        if len(moved) == survived:
            raise Killed
        moved.append(target)
        return original(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", replace)
        try:
            workspace.land(work, wish(), {})
        except Killed:
            assert survived < 7
    workspace.settle(work)
    assert not (work / ".landing").exists()
    if survived == 0:
        assert contents(work) == before
    else:
        assert len(workspace.read_rows(work / "landings.csv")) == 2
        assert len(workspace.read_rows(work / "revisions.csv")) == 1
        assert "41540.95" in (work / "yearbook" / "a.csv").read_text()
    assert not moved or survived < 7 or moved[-1] == work / "landings.csv"


@pytest.mark.parametrize("content", [b"", b'{"0": "yearb', b"[1]", b"null", b"\xff"])
def test_a_landing_cut_off_by_a_loss_of_power_is_dropped(dictionary, tmp_path, content):
    work = tmp_path / "work"
    file = write(tmp_path / "a.csv", BUREAU)
    reading = read_file(file, dictionary, Options())
    workspace.land(work, [workspace.Wish(reading, "a", False, ".csv", "", "")], {})
    before = contents(work)
    journal = work / ".landing"
    journal.mkdir()
    (journal / "0").write_bytes(b"")
    (journal / "moves.json").write_bytes(content)
    workspace.settle(work)
    assert not journal.exists()
    assert contents(work) == before


def test_files_are_on_disk_before_names_point_to_them(
    dictionary, tmp_path, monkeypatch
):
    work = tmp_path / "work"
    file = write(tmp_path / "a.csv", BUREAU)
    reading = read_file(file, dictionary, Options())
    synced, done = set(), []

    def sync(path):
        synced.add(Path(path).name)

    def replace(path, target, original=Path.replace):
        # what gets a name is on disk, and so is the list of all before the first
        assert path.name in synced, path
        if path.name == "prepared.json":
            assert {entry.name for entry in path.parent.iterdir()} <= synced
        done.append(path.name)
        return original(path, target)

    monkeypatch.setattr(workspace, "to_disk", sync)
    monkeypatch.setattr(Path, "replace", replace)
    workspace.land(work, [workspace.Wish(reading, "a", False, ".csv", "", "")], {})
    assert len(done) == 7
    assert {"yearbook", "originals", "work"} <= synced
