"""Files as people have them: columns beside the figures, headings that say little.

Each case is read with what is right of it, and with what the user is told.
"""

# ruff: noqa: RUF001, Chinese has signs of its own

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile

from coupling.base.paths import Paths
from coupling.landing.dictionary import load_dictionary
from coupling.landing.figures import RefusalError, read_file
from coupling.landing.layouts import Options

GDP, URBAN = "gdp_cny_100m", "urbanisation_rate_pct"
BEIJING, TIANJIN, ANHUI = "110000", "120000", "340000"


@pytest.fixture(scope="module")
def dictionary():
    return load_dictionary(Paths().seeds, Path("nowhere"))


@pytest.fixture
def read(dictionary, tmp_path):
    """Read the text of a CSV file, the cells of a workbook, or a file."""

    def read(content, **options):
        path = tmp_path / "file.csv"
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        elif isinstance(content, list):
            path = path.with_suffix(".xlsx")
            book = openpyxl.Workbook()
            for row in content:
                book.active.append(row)
            book.save(path)
        else:
            path = content
        return read_file(path, dictionary, Options(**options))

    return read


def values(reading) -> dict:
    return {name: Decimal(value) for name, value in reading.values.items()}


def numbers(found: dict) -> dict:
    return {name: Decimal(value) for name, value in found.items()}


@pytest.mark.parametrize(
    ("content", "found", "told"),
    [
        pytest.param(
            "id,省份,年份,地区生产总值(亿元)\n1,北京,2022,41540.9\n2,天津,2022,16132.2\n",
            {(BEIJING, 2022, GDP): "41540.9", (TIANJIN, 2022, GDP): "16132.2"},
            "column A id: left out, it counts the rows",
            id="a column that counts the rows",
        ),
        pytest.param(
            ",省份,年份,地区生产总值(亿元)\n0,北京,2022,41540.9\n1,天津,2022,16132.2\n",
            {(BEIJING, 2022, GDP): "41540.9", (TIANJIN, 2022, GDP): "16132.2"},
            "column A: left out, it counts the rows",
            id="a column that counts the rows from 0, without a heading",
        ),
        pytest.param(
            "Province,Year,Region,GDP(亿元)\n北京市,2022,东部地区,41540.9\n"
            "天津市,2022,东部地区,16132.2\n",
            {(BEIJING, 2022, GDP): "41540.9", (TIANJIN, 2022, GDP): "16132.2"},
            "column C Region: left out, it names groups of regions",
            id="a column of groups of regions",
        ),
        pytest.param(
            "地区,年份,GDP_亿元,城镇化率_%\n北京,2022,41540.9,87.6\n",
            {(BEIJING, 2022, GDP): "41540.9", (BEIJING, 2022, URBAN): "87.6"},
            "",
            id="units behind a line",
        ),
        pytest.param(
            "Database：Annual by Province\nIndicators：Gross Regional Product(100 "
            "million yuan)\nYear：LATEST20\nRegion,2023,2022\n"
            "Beijing,43760.7,41540.9\n",
            {(BEIJING, 2023, GDP): "43760.7", (BEIJING, 2022, GDP): "41540.9"},
            "",
            id="plural words of the bureau",
        ),
        pytest.param(
            "数据库：分省年度数据\n指标：居民消费价格指数(上年=100)\n时间：最近10年\n"
            "地区,2023年,2022年\n北京市,100.4,101.8\n",
            {
                (BEIJING, 2023, "cpi_previous_year_100"): "100.4",
                (BEIJING, 2022, "cpi_previous_year_100"): "101.8",
            },
            "",
            id="a unit that is part of the name",
        ),
        pytest.param(
            [
                ["", "", "", "2022"],
                [1, "地区生产总值(亿元)", "北京", 41540.9],
                [2, "地区生产总值(亿元)", "天津", 16132.2],
            ],
            {(BEIJING, 2022, GDP): "41540.9", (TIANJIN, 2022, GDP): "16132.2"},
            "column C, without a heading: read as region",
            id="columns of series and regions without headings",
        ),
        pytest.param(
            "地区,统计日期,地区生产总值(亿元)\n北京,2021-12-31,41045.6\n"
            "北京,2022-12-31,41540.9\n".replace("统计日期", "年份"),
            {(BEIJING, 2021, GDP): "41045.6", (BEIJING, 2022, GDP): "41540.9"},
            "column B: dates, each the end of its year, as years",
            id="years as dates",
        ),
        pytest.param(
            "地区,年份,地区生产总值(亿元)\n北京,2022,41540.9\n"
            + "*" * 60
            + "以下为估计数,,",
            {(BEIJING, 2022, GDP): "41540.9"},
            "*****",
            id="a line of asterisks",
        ),
    ],
)
def test_what_people_have_is_read(read, content, found, told):
    reading = read(content)
    assert values(reading) == numbers(found)
    assert told in "\n".join(reading.remarks)


def test_columns_are_skipped_on_request_and_no_others(read):
    text = "province,year,gdp(亿元),ln_gdp,urban\n北京,2022,41540.9,10.6,87.6\n"
    with pytest.raises(RefusalError) as refusal:
        read(text)
    assert "column D: found ln_gdp" in str(refusal.value)
    assert "column E: found urban" in str(refusal.value)
    reading = read(text, skip=("ln_gdp", "E"))
    assert values(reading) == numbers({(BEIJING, 2022, GDP): "41540.9"})
    assert "column D ln_gdp: left out, as --skip says" in reading.remarks
    with pytest.raises(RefusalError, match="--skip: found none_such; expected heading"):
        read(text, skip=("ln_gdp", "E", "none_such"))


def test_a_column_of_years_or_figures_is_no_count(read):
    text = "地区,年份,地区生产总值(亿元)\n北京,2021,1\n北京,2022,2\n北京,2023,3\n"
    assert len(values(read(text))) == 3


def test_name_and_date_are_what_their_cells_are(read):
    text = "name,date,value\n北京市,2019,35445.1\n天津市,2019,14055.5\n"
    with pytest.raises(RefusalError, match="say --series"):
        read(text)
    reading = read(text, series_id=GDP, unit="亿元")
    assert values(reading) == numbers(
        {(BEIJING, 2019, GDP): "35445.1", (TIANJIN, 2019, GDP): "14055.5"}
    )
    assert "column A, name: read as region" in reading.remarks
    assert "column B, date: read as year" in reading.remarks


def test_the_region_of_a_file_without_one_is_said(read, dictionary):
    text = "数据库：分省年度数据\n时间：\n指标,2024年,2023年\n"
    text += "地区生产总值(亿元),50625,47050.6\n"
    with pytest.raises(RefusalError, match="or say --region NAME"):
        read(text)
    anhui = dictionary.region("安徽省")
    assert values(read(text, region=anhui)) == numbers(
        {(ANHUI, 2024, GDP): "50625", (ANHUI, 2023, GDP): "47050.6"}
    )
    stated = text.replace("时间：", "地区：北京市\n时间：")
    with pytest.raises(
        RefusalError, match="found 安徽省; expected 北京市, as the table"
    ):
        read(stated, region=anhui)


@pytest.mark.parametrize(
    "database", ["主要城市年度数据", "Annual Data by Major Cities"]
)
def test_a_database_of_cities_is_none_of_provinces(read, database):
    text = f"数据库：{database}\n指标：地区生产总值(亿元)\n地区,2019年\n北京,35445.1\n"
    with pytest.raises(RefusalError, match="four cities are called like provinces"):
        read(text)
    assert values(read(text.replace(database, "分省年度数据")))


def percent_book(path: Path, form: str) -> Path:
    book = openpyxl.Workbook()
    for row in (["地区", "年份", "城镇化率(%)"], ["北京", 2022, 0.876]):
        book.active.append(row)
    book.active["C2"].number_format = form
    book.save(path)
    return path


def test_a_share_that_is_shown_as_per_cent_is_per_cent(read, tmp_path):
    shown = read(percent_book(tmp_path / "a.xlsx", "0.0%"))
    assert values(shown) == numbers({(BEIJING, 2022, URBAN): "87.6"})
    plain = read(percent_book(tmp_path / "b.xlsx", "0.000"))
    assert values(plain) == numbers({(BEIJING, 2022, URBAN): "0.876"})


def test_formats_to_the_last_row_are_no_cells(read, tmp_path):
    book = openpyxl.Workbook()
    for row in (["地区", "年份", "GDP(亿元)"], ["北京", 2022, 41540.9]):
        book.active.append(row)
    book.active["E1048576"].font = openpyxl.styles.Font(bold=True)
    path = tmp_path / "formatted.xlsx"
    book.save(path)
    assert values(read(path)) == numbers({(BEIJING, 2022, GDP): "41540.9"})


# --- cities ---------------------------------------------------------------------------


HEFEI, WUHU = "340100", "340200"


def test_of_provinces_and_cities_beside_each_other_the_finer_ones_count(read):
    text = (
        "省份,城市,年份,GDP(亿元)\n安徽省,合肥市,2022,12013.1\n安徽省,芜湖,2022,4502.1\n"
        "北京市,北京市,2022,41540.9\n"
    )
    reading = read(text)
    assert values(reading) == numbers(
        {
            (HEFEI, 2022, GDP): "12013.1",
            (WUHU, 2022, GDP): "4502.1",
            (BEIJING, 2022, GDP): "41540.9",
        }
    )
    assert any("provinces of those in column B" in said for said in reading.remarks)
    # a city of another province: neither column is the coarser one
    with pytest.raises(RefusalError):
        read(text.replace("安徽省,芜湖", "江苏省,芜湖"))


def test_a_total_is_compared_with_provinces_whatever_cities_are_there(read, dictionary):
    provinces = sorted(
        {one.region_code for one in dictionary.regions.values() if one.is_province}
    )
    assert len(provinces) == 31
    rows = "".join(f"{code},2022,2\n" for code in provinces)
    text = f"地区,年份,GDP(亿元)\n{rows}合肥市,2022,1\n全国,2022,"
    assert not any("add up" in said for said in read(f"{text}62\n").remarks)
    assert any("add up to 62" in said for said in read(f"{text}80\n").remarks)


# --- files of Stata and SPSS ----------------------------------------------------------


@pytest.mark.parametrize("suffix", [".dta", ".sav"])
def test_files_of_stata_and_spss_land_by_labels_or_names(read, tmp_path, suffix):
    path = tmp_path / f"panel{suffix}"
    frame = pd.DataFrame(
        {"prov": [11.0, 12.0], "year": [2022.0] * 2, "gdp": [41540.9, 16132.2]}
    )
    regions = {"prov": {11: "北京", 12: "天津"}}
    write = pyreadstat.write_dta if suffix == ".dta" else pyreadstat.write_sav
    expected = numbers(
        {(BEIJING, 2022, GDP): "41540.9", (TIANJIN, 2022, GDP): "16132.2"}
    )
    write(
        frame,
        path,
        column_labels=["地区", "年份", "GDP(亿元)"],
        variable_value_labels=regions,
    )
    assert values(read(path)) == expected
    # a label that says less than the name
    write(
        frame.rename(columns={"gdp": GDP}),
        path,
        column_labels=["地区", "年份", "Output of the place"],
        variable_value_labels=regions,
    )
    assert values(read(path)) == expected


# --- what is there twice --------------------------------------------------------------


def changed_book(tmp_path, part, old, new) -> Path:
    """A workbook of two provinces, one of whose parts is changed."""
    book = openpyxl.Workbook()
    for row in (["地区", "年份", "GDP(亿元)"], ["北京", 2022, 1], ["天津", 2022, 2]):
        book.active.append(row)
    book.create_sheet("Two")["A1"] = "a note"
    book.save(tmp_path / "whole.xlsx")
    path = tmp_path / "changed.xlsx"
    with (
        zipfile.ZipFile(tmp_path / "whole.xlsx") as whole,
        zipfile.ZipFile(path, "w") as changed,
    ):
        for name in whole.namelist():
            content = whole.read(name)
            if name == part:
                assert old in content
                content = content.replace(old, new)
            changed.writestr(name, content)
    return path


def test_a_cell_that_is_there_twice_is_told(read, tmp_path):
    sheet = "xl/worksheets/sheet1.xml"
    again = b'<c r="C2" t="n"><v>3</v></c></row></sheetData>'
    path = changed_book(tmp_path, sheet, b"</row></sheetData>", again)
    with pytest.raises(RefusalError, match="has the cell C2 more than once"):
        read(path)
    # out of their order, but each once
    moved = b'<c r="D2" t="n"><v>3</v></c></row></sheetData>'
    path = changed_book(tmp_path, sheet, b"</row></sheetData>", moved)
    with pytest.raises(RefusalError, match="column D"):
        read(path)


def test_two_sheets_of_one_name_are_told(read, tmp_path):
    path = changed_book(tmp_path, "xl/workbook.xml", b'name="Two"', b'name="Sheet"')
    with pytest.raises(RefusalError, match="has more than one sheet Sheet"):
        read(path)


def test_a_thousand_sheets_are_read_in_seconds(read, tmp_path):
    path = tmp_path / "many.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for number in range(1_000):
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["地区", "年份", "GDP(亿元)"])
            sheet.write_row(1, 0, ["北京", 1990 + number % 30, number % 30])
    assert len(values(read(path))) == 30


# --- what unpacks to more than it weighs ----------------------------------------------


def shared_book(path: Path, length: int, count: int) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row in range(count):
            sheet.write_string(row, 0, "x" * length)
    return path


def test_a_text_that_many_cells_share_counts_for_each(read, tmp_path):
    path = shared_book(tmp_path / "bomb.xlsx", 30_000, 2_000)
    assert path.stat().st_size < 100_000
    with pytest.raises(RefusalError, match=r"cells of 60,000,000 characters in all"):
        read(path)


@pytest.mark.parametrize(
    ("length", "rows", "told"),
    [
        (140_000, 2, "a text of 140,000 characters"),
        (30_000, 2_000, "cells of 60,000,002 characters in all"),
    ],
)
def test_a_text_that_a_dictionary_repeats_counts_for_each(
    read, tmp_path, length, rows, told
):
    path = tmp_path / "bomb.parquet"
    pq.write_table(pa.table({"地区": ["9" * length] * rows}), path)
    assert path.stat().st_size < 200_000
    with pytest.raises(RefusalError, match=told):
        read(path)


def test_a_figure_of_many_digits_is_rejected(read):
    text = f"地区,年份,GDP(亿元)\n北京,2022,{'9' * 101}\n天津,2022,16132.2\n"
    reading = read(text)
    assert values(reading) == numbers({(TIANJIN, 2022, GDP): "16132.2"})
    [reject] = reading.rejects
    assert reject.reason.en == "longer than 100 characters"


# --- passwords ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "is_read"), [("VelvetSweatshop", True), ("another", False)]
)
def test_the_password_that_excel_sets_itself_protects_nothing(
    read, tmp_path, password, is_read
):
    book = openpyxl.Workbook()
    for row in (["地区", "年份", "GDP(亿元)"], ["北京", 2022, 41540.9]):
        book.active.append(row)
    whole = io.BytesIO()
    book.save(whole)
    path = tmp_path / "protected.xlsx"
    with path.open("wb") as file:
        OOXMLFile(whole).encrypt(password, file)
    if is_read:
        assert values(read(path)) == numbers({(BEIJING, 2022, GDP): "41540.9"})
    else:
        with pytest.raises(RefusalError, match="protected by a password"):
            read(path)


def test_all_that_is_wrong_with_a_file_is_told_in_one_run(read):
    with pytest.raises(RefusalError) as refused:
        read(
            "region,year,Foo,GDP (100m yuan),resident population\n"
            "Beijing,2020,1,2,3\n"
            "Atlantis,2020,1,2,3\n"
            "Atlantis,2021,1,2,3\n"
            "Anhui,twenty,1,2,3\n"
            "Mordor,2020,1,2,3\n"
        )
    told = str(refused.value).splitlines()
    starts = [
        "row 1, column C: found Foo; expected a series, year, region or unit",
        "row 3, column A: found Atlantis, in 2 rows; expected a region",
        "row 5, column B: found twenty; expected a year",
        "row 6, column A: found Mordor; expected a region",
        "row 2, column E: found no unit for resident_population_10k; expected a unit",
    ]
    assert len(told) == len(starts)
    for line, start in zip(told, starts, strict=True):
        assert line.startswith(f"file.csv, {start}")


def test_what_the_columns_that_are_not_known_may_have_is_not_missed(read):
    # the heading that is not understood may well be that of the years
    with pytest.raises(RefusalError) as refused:
        read("region,Epoch,GDP (100m yuan)\nBeijing,one,2\nAtlantis,two,2\n")
    told = str(refused.value).splitlines()
    assert [line.split(";")[0] for line in told] == [
        "file.csv, row 1, column B: found Epoch",
        "file.csv, row 3, column A: found Atlantis",
    ]


@pytest.mark.parametrize("name", ["大连", "大连市", "Dalian", "210200"])
def test_cities_planned_apart_from_their_province_are_cities(read, name):
    reading = read(f"地区,年份,地区生产总值(亿元)\n{name},2020,7030\n沈阳,2020,6571\n")
    assert values(reading) == {
        ("210200", 2020, GDP): Decimal(7030),
        ("210100", 2020, GDP): Decimal(6571),
    }
    assert not reading.remarks


def test_an_old_stata_panel_in_gb18030_is_read(read, tmp_path):
    path = tmp_path / "old.dta"
    frame = pd.DataFrame({"region": ["AABB"], "year": [2020], GDP: [1.5]})
    # the last format that is not in UTF-8
    frame.to_stata(path, write_index=False, version=117)
    content = path.read_bytes()
    assert content.count(b"AABB") == 1
    path.write_bytes(content.replace(b"AABB", "安徽".encode("gb18030")))
    assert values(read(path)) == {(ANHUI, 2020, GDP): Decimal("1.5")}
