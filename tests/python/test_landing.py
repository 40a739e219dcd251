"""Yearbook files land as they are meant, or are refused with a reason.

Files are written here, in the layouts that people have; every landed cell is compared
with figures that are stated here too.
"""

import csv
import io
import random
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlwt
from typer.testing import CliRunner

from coupling.landing import files, workspace
from coupling.landing.dictionary import DictionaryError, load_dictionary
from coupling.landing.figures import RefusalError, read_file
from coupling.landing.layouts import Options
from coupling.landing.texts import guarded, read_figure
from coupling.paths import Paths

SEEDS = Paths().seeds
GDP, PEOPLE = "gdp_cny_100m", "resident_population_10k"
WHAT = {
    ("110000", 2023, GDP): "43760.7",
    ("110000", 2022, GDP): "41540.9",
    ("150000", 2023, GDP): "24627",
    ("150000", 2022, GDP): "23388.9",
    ("110000", 2023, PEOPLE): "2185.8",
    ("110000", 2022, PEOPLE): "2184.3",
    ("150000", 2023, PEOPLE): "2396",
    ("150000", 2022, PEOPLE): "2401.17",
}
GDP_ONLY = {name: value for name, value in WHAT.items() if name[2] == GDP}
YEAR_2023 = {name: value for name, value in WHAT.items() if name[1] == 2023}


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

BUREAU = """数据库：分省年度数据
指标：地区生产总值(亿元)
时间：最近10年
地区,2023年,2022年
北京市,43760.7,41540.9
内蒙古自治区,24627,"23,388.9"
注：2023年为初步核算数, 见说明。
数据来源：国家统计局
"""
LAYOUTS = {
    "the bureau's export": (BUREAU, GDP_ONLY),
    "the bureau's export of one province": (
        "数据库：分省年度数据\n地区：北京市\n时间：最近2年\n指标,2023年,2022年\n"
        "地区生产总值(亿元),43760.7,41540.9\n年末常住人口(万人),2185.8,2184.3\n"
        "数据来源：国家统计局\n",
        {name: value for name, value in WHAT.items() if name[0] == "110000"},
    ),
    "long, Chinese": (
        "地区,年份,指标,单位,数值\n"
        "北京,2023年,地区生产总值,亿元,43760.7\n北京,2022年,地区生产总值,万元,415409000\n"
        "内蒙古,2023,生产总值,亿元,24627\n内蒙古,2022.0,GDP,亿元,23388.9\n",
        GDP_ONLY,
    ),
    "long, English": (
        "Region;Year;Indicator;Unit;Value\n"
        "Beijing Municipality;2023;Gross regional product;100 million yuan;43760.7\n"
        "BEIJING;FY2022;gdp_cny_100m;billion yuan;4154.09\n"
        "Inner Mongolia Autonomous Region;2023;GRP;10 000 yuan;246270000\n"
        "Nei Mongol;2022;GRP;100m yuan;23388.9\n",
        GDP_ONLY,
    ),
    "series across, our layout": (
        "region_code,year,gdp_cny_100m,resident_population_10k\n"
        "110000,2022,41540.9,2184.3\n110000,2023,43760.7,2185.8\n"
        "150000,2022,23388.9,2401.17\n150000,2023,24627,2396\n",
        WHAT,
    ),
    "series across, units in headings": (
        "省份\t年份\t地区生产总值（亿元）\t年末常住人口/万人\n"
        "北京市\t2023\t43760.7\t2185.8\n北京市\t2022\t41540.9\t2184.3\n"
        "内蒙古\t2023\t24627\t2396\n内蒙古\t2022\t23388.9\t2401.17\n",
        WHAT,
    ),
    "years down, regions across": (
        "指标：地区生产总值，单位：亿元\n年份,北京,内蒙古\n2022,41540.9,23388.9\n"
        "2023,43760.7,24627\n",
        GDP_ONLY,
    ),
    "years across, no word in the corner": (
        "表3 地区生产总值  单位：亿元\n,2023,2022\n"
        "11,43760.7,41540.9\n15,24627,23388.9\n",
        GDP_ONLY,
    ),
    "provinces and indicators down, years across": (
        "地区,指标,2023年,2022年\n北京,地区生产总值(亿元),43760.7,41540.9\n"
        "北京,年末常住人口(万人),2185.8,2184.3\n内蒙古,地区生产总值(亿元),24627,23388.9\n"
        "内蒙古,年末常住人口(万人),2396,2401.17\n",
        WHAT,
    ),
    "one year in the title": (
        "3-9 各地区地区生产总值和人口 (2023年),,\n"
        "地区,地区生产总值(亿元),年末常住人口(人)\n"
        "北京,43760.7,21858000\n内蒙古,24627,23960000\n",
        YEAR_2023,
    ),
    "a yearbook table with headings in five rows": (
        "3-9 地区生产总值和人口,,,,\n,,,,单位：亿元、万人\n"
        "地 区,地区生产总值,,年末常住人口,\n"
        "Region,Gross Regional Product,,Resident Population (year-end),\n"
        ",2022,2023,2022,2023\n单位,亿元,亿元,万人,万人\n甲,1,2,3,4\n"
        "全 国 National Total,1204724,1260582,141175,140967\n"
        "东部地区,622018.1,652084.2,…,…\n\n"
        "北 京 Beijing,41540.9①,４３７６０．７,2184.3*,2185.8[1]\n"
        "内 蒙 古 Inner Mongolia,23 388.9(注),24627,2401.17,2396\n"
        "Ａ)本表按当年价格计算。,,,,\n",
        WHAT,
    ),
    "tables one below the other": (
        "地区生产总值(亿元)\n地区,2023年,2022年\n北京,43760.7,41540.9\n"
        "内蒙古,24627,23388.9\n\n年末常住人口(万人)\n地区,2023年,2022年\n"
        "北京,2185.8,2184.3\n内蒙古,2396,2401.17\n数据来源：国家统计局\n",
        WHAT,
    ),
    "codes beside names, a serial number, a note column": (
        "序号,行政区划代码,地区,年份,地区生产总值(亿元),备注\n"
        "1,110000,北京,2023,43760.7,x\n2,110000,北京,2022,41540.9,\n"
        "3,150000,内蒙古,2023,24627,12\n4,150000,内蒙古,2022,23388.9,\n",
        GDP_ONLY,
    ),
}


@pytest.mark.parametrize(("text", "expected"), LAYOUTS.values(), ids=LAYOUTS)
def test_layout_lands_exactly_these_cells(read, text, expected):
    reading = read(text)
    assert numbers(reading.values) == numbers(expected)
    assert reading.rejects == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_encodings(read, encoding):
    assert numbers(read(BUREAU, encoding=encoding).values) == numbers(GDP_ONLY)


def merged_workbook(path: Path) -> Path:
    """A yearbook table with merged cells, and a sheet without figures."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "3-9"
    rows = [
        ["3-9 主要指标", None, None, None, None],
        [None, None, None, None, "单位：亿元"],
        ["地  区", "地区生产总值", None, "年末常住人口(万人)", None],
        [None, 2022, 2023, 2022, 2023],
        ["全  国", 1204724, 1260582, 141175, 140967],
        ["北  京", 41540.9, "43760.7①", 2184.3, 2185.8],
        ["内蒙古", 23388.9, 24627, "2,401.17", 2396],
        ["注：本表按当年价格计算。", None, None, None, None],
    ]
    for row in rows:
        sheet.append(row)
    for cells in ("A1:E1", "A3:A4", "B3:C3", "D3:E3", "A8:E8"):
        sheet.merge_cells(cells)
    book.create_sheet("说明").append(["见 <script>alert(1)</script>"])
    book.save(path)
    return path


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
    assert reading.rejects[0].reason == "% behind a figure in ‰"
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
        "地区,地区生产总值(亿元),地区生产总值指数\n北京,1,2\n",
        "地区生产总值指数",
    ),
    "headings over unlike columns": (
        "地区,地区生产总值(亿元),,年末常住人口(万人)\n,2022,2023,2024\n北京,1,2,3\n",
        "stand over the same columns each, or merged cells",
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
    assert "more than 100" in reasons[2, "D"][1]
    assert reasons[3, "C"][1] == "not a number"
    assert "less than 0" in reasons[4, "C"][1]
    assert "different values in D4, D5" in reasons[4, "D"][1]
    assert "1890 is not from 1949 to 2100" in reasons[6, "C"][1]
    assert "does not separate thousands" in reasons[9, "C"][1]


def provinces():
    with (SEEDS / "reference" / "regions.csv").open(encoding="utf-8") as file:
        return [row["name_zh"] for row in csv.DictReader(file)]


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


def test_bombs_are_not_opened(read, tmp_path, monkeypatch):
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    refused(read, bomb, "unpacks to 60 MB")
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = 1, 2
    book.save(tmp_path / "wide.xlsx")
    refused(read, tmp_path / "wide.xlsx", "1,048,576 rows and 16,384 columns")
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    refused(read, BUREAU, "files of up to")


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

    assert "landed already" in coupling(file, "--yes")[1]
    assert contents(work) == first

    corrected = BUREAU.replace("41540.9", "41540.95").replace("24627,", "=1+1,")
    write(file, corrected.replace("河北", ""))
    assert coupling(file, "--yes")[0] == 0
    revisions = workspace.read_rows(work / "revisions.csv")
    assert [tuple(r.values()) for r in revisions] == [
        ("2", "gdp_by_province", GDP, "110000", "2022", "41540.9", "41540.95"),
        ("2", "gdp_by_province", GDP, "150000", "2023", "24627", ""),
    ]
    (reject,) = workspace.read_rows(work / "landing_rejects.csv")
    assert (reject["row"], reject["column"]) == ("6", "B")
    assert reject["text_found"] == "'=1+1"
    assert reject["reason"] == "not a number"

    write(file, BUREAU)
    assert coupling(file, "--yes")[0] == 0
    landings = workspace.read_rows(work / "landings.csv")
    assert [r["is_current"] for r in landings] == ["0", "0", "1"]
    assert [r["position"] for r in landings] == ["1", "2", "3"]
    assert landings[2]["publisher"] == "NBS"
    assert len(workspace.read_rows(work / "revisions.csv")) == 4
    assert workspace.read_rows(work / "landing_rejects.csv") == []


def test_another_file_with_another_value_is_a_revision(coupling, tmp_path):
    work = tmp_path / "work"
    one = write(
        tmp_path / "one.csv", "region,year,gdp_cny_100m\n北京,2023,1\n天津,2023,2\n"
    )
    two = write(
        tmp_path / "two.csv",
        "region,year,gdp_cny_100m\n北京,2023,1.0\n天津,2023,3\n河北,2023,4\n",
    )
    assert coupling(one, two, "--yes")[0] == 0
    revisions = workspace.read_rows(work / "revisions.csv")
    assert [tuple(r.values()) for r in revisions] == [
        ("2", "two", GDP, "120000", "2023", "2", "3")
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
    assert code == 0 and "the same file as a b.csv" in output


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


@pytest.mark.parametrize("survived", range(7))
def test_a_killed_run_leaves_all_or_nothing(
    dictionary, tmp_path, monkeypatch, survived
):
    work = tmp_path / "work"
    file = write(tmp_path / "a.csv", BUREAU)

    def wish():
        reading = read_file(file, dictionary, Options())
        return [workspace.Wish(reading, "a", False, ".csv", "", "")]

    workspace.land(work, wish())
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
            workspace.land(work, wish())
        except Killed:
            assert survived < 6
    workspace.settle(work)
    assert not (work / ".landing").exists()
    if survived == 0:
        assert contents(work) == before
    else:
        assert len(workspace.read_rows(work / "landings.csv")) == 2
        assert len(workspace.read_rows(work / "revisions.csv")) == 1
        assert "41540.95" in (work / "yearbook" / "a.csv").read_text()
    assert not moved or survived < 6 or moved[-1] == work / "landings.csv"


# --- malformed files ------------------------------------------------------------------
#
# Good files are damaged at random. The oracle knows nothing of layouts: what is landed
# for a cell must be the figure of the good file, or a number that stands in the
# damaged text and not in the good one.

MUTANTS = 300
JUNK = [*'",;\n…x9年-', "\0", "=1+1", "地区", "全国", "\ufeff", "2021", "(万元)"]
NAMES = {
    "110000": ("北京", "Beijing", "BEIJING", "11"),
    "150000": ("内蒙古", "Inner", "Mongol", "15"),
}
SERIES = {GDP: ("生产总值", "Gross", "GDP", "GRP", GDP), PEOPLE: ("常住人口", PEOPLE)}


def good_files() -> list[tuple[bytes, str]]:
    """The layouts above whose units are those of the series, in several encodings."""
    texts = [
        text
        for text, _ in LAYOUTS.values()
        if not any(unit in text for unit in ("万元", "(人)", "billion"))
    ]
    return [
        (text.encode(encoding), encoding)
        for text in texts
        for encoding in ("utf-8", "gb18030")
    ]


def mutate(content: bytes, encoding: str, chance: random.Random) -> bytes:
    """Damage a file in one of eight ways."""
    kind = chance.randrange(8)
    at = chance.randrange(len(content))
    if kind == 0:
        return content[:at] + content[at + chance.randint(1, 4) :]
    if kind == 1:
        return content[:at]
    if kind == 2:
        return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
    text = content.decode(encoding)
    lines = text.splitlines(keepends=True)
    if kind == 3:
        one, two = (chance.randrange(len(lines)) for _ in range(2))
        lines[one], lines[two] = lines[two], lines[one]
    elif kind == 4:
        lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    elif kind == 5:
        del lines[chance.randrange(len(lines))]
    elif kind == 6:
        place = chance.randrange(len(text))
        lines = [text[:place] + chance.choice(JUNK) + text[place:]]
    else:
        line = chance.randrange(len(lines))
        cells = lines[line].rstrip("\n").split(",")
        chance.shuffle(cells)
        lines[line] = ",".join(cells) + "\n"
    return "".join(lines).encode(chance.choice([encoding, encoding, "utf-16"]))


def grids(content: bytes) -> list[list[list[str]]]:
    """The cells of a text, for each delimiter; labels lose their blanks."""
    for encoding in ("utf-16", "utf-8-sig", "gb18030"):
        if encoding == "utf-16" and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    return [
        list(csv.reader(io.StringIO(text, newline=""), delimiter=d)) for d in ",;\t"
    ]


def number(text: str) -> Decimal | None:
    """The number that a cell begins with, read without the project's code."""
    text = text.replace("\ufeff", "")
    plain = "".join(
        chr(ord(c) - 0xFEE0) if "\uff01" <= c <= "\uff5e" else c for c in text
    )
    match = re.match(r"-?[0-9.]+(e[+-]?[0-9]+)?", re.sub(r"[,\s]", "", plain))
    try:
        return Decimal(match[0]) if match else None
    except ArithmeticError:
        return None


def says(text: str, words: tuple[str, ...]) -> bool:
    plain = re.sub(r"[\s\ufeff]", "", text)
    return any(re.sub(r"\s", "", word) in plain for word in words)


def is_witnessed(rows: list[list[str]], name: tuple, value: Decimal) -> bool:
    """Say whether a cell with the value has all three labels in its row or above it.

    A label counts in the cell's row, in its column above, in the next cell to the left
    of that (headings over several columns), or in a title above: a row of one cell.
    """
    region, year, series = name
    words = NAMES[region], (str(year),), SERIES[series]
    units = {1}
    whole = "".join(cell for row in rows for cell in row)
    if re.search(r"[(：/]元|[(：/]万?人", whole):
        units.add(10**8 if series == GDP else 10**4)
    if "万元" in whole:
        units.add(10**4)
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            if number(text) not in {value * unit for unit in units}:
                continue
            near = [cell for k, cell in enumerate(row) if k != j]
            for above in rows[:i]:
                given = [cell for cell in above if cell.strip()]
                near += [cell for cell in above[: j + 1] if cell.strip()][-1:]
                near += given if len(given) == 1 else []
                near += [c for c in given if ":" in c or "\uff1a" in c or "3-9" in c]
            if all(any(says(cell, word) for cell in near) for word in words):
                return True
    return False


def judge(read, path: Path, rows_of, good: set[Decimal] | None = None) -> bool:
    """Read a damaged file and judge it; True if it was read, False if refused."""
    try:
        reading = read(path)
    except RefusalError as refusal:
        assert str(refusal).startswith(path.name)
        return False
    several = rows_of(path)
    for name, value in reading.values.items():
        found = Decimal(value)
        assert any(is_witnessed(rows, name, found) for rows in several), (name, value)
    # nothing is half read: a row left as it was is landed, rejected or refused
    if good:
        landed = {Decimal(v) for v in reading.values.values()}
        kept = {value * unit for value in landed for unit in (1, 10**4, 10**8)}
        kept |= {number(reject.text) for reject in reading.rejects}
        assert good <= kept, good - kept
    return True


def untouched_figures(content: bytes, damaged: bytes, encoding: str) -> set[Decimal]:
    """Figures of the good file's rows of provinces that stand in the damaged one."""
    figures = {Decimal(value) for value in WHAT.values()}
    try:
        there = damaged.decode("utf-16" if damaged[:2] == b"\xff\xfe" else encoding)
    except UnicodeDecodeError:
        return set()
    lines = set(there.splitlines())
    found = set()
    for line in content.decode(encoding).splitlines():
        if line in lines:
            for cell in re.split(r"[;\t]|,(?![0-9]{3}\b)", line.replace('"', "")):
                if number(cell) in figures:
                    found.add(number(cell))
    return found


@pytest.mark.parametrize("batch", range(10))
def test_damaged_texts_are_read_right_or_refused(read, tmp_path, batch):
    chance = random.Random(batch)
    good = good_files()
    outcomes = []
    for _ in range(MUTANTS // 10):
        content, encoding = chance.choice(good)
        damaged = mutate(content, encoding, chance)
        path = tmp_path / "damaged.csv"
        path.write_bytes(damaged)
        untouched = untouched_figures(content, damaged, encoding)
        outcomes.append(judge(read, path, lambda p: grids(p.read_bytes()), untouched))
    assert any(outcomes) and not all(outcomes)


def old_workbook(path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("2023")
    rows = [["地区", "地区生产总值(亿元)", "年末常住人口(万人)"]]
    for code, region in (("110000", "北京"), ("150000", "内蒙古")):
        rows.append([region, *(float(WHAT[code, 2023, s]) for s in (GDP, PEOPLE))])
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            sheet.write(i, j, value)
    book.save(str(path))
    return path


def stored_rows(path: Path) -> list[list[list[str]]]:
    import python_calamine

    book = python_calamine.load_workbook(str(path))
    rows = [
        [[name], *book.get_sheet_by_name(name).to_python()] for name in book.sheet_names
    ]
    return [[[str(cell) for cell in row] for row in one] for one in rows]


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".parquet"])
def test_damaged_binary_files_are_read_right_or_refused(read, tmp_path, suffix):
    chance = random.Random(suffix)
    path = tmp_path / f"good{suffix}"
    if suffix == ".xlsx":
        merged_workbook(path)
    elif suffix == ".xls":
        old_workbook(path)
    else:
        frame = pd.DataFrame(
            {"region_code": ["110000"], "year": [2023], GDP: [43760.7]}
        )
        frame.to_parquet(path)
    content = path.read_bytes()
    damaged = tmp_path / f"damaged{suffix}"
    for _ in range(40):
        at = chance.randrange(len(content))
        parts = [content[:at], bytes([chance.randrange(256)]), content[at + 1 :]]
        damaged.write_bytes(b"".join(parts[: chance.choice([1, 3, 3])]))
        try:
            values = read(damaged).values
        except RefusalError:
            continue
        if suffix == ".xls":
            for name, value in values.items():
                rows = stored_rows(damaged)
                assert any(is_witnessed(one, name, Decimal(value)) for one in rows)
        else:
            # both formats carry checksums or lengths for what they store
            known = {**WHAT, ("110000", 2023, GDP): "43760.7"}
            assert all(Decimal(known[name]) == Decimal(v) for name, v in values.items())
