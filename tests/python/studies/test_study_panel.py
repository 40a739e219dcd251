"""A panel file is read as it is laid out, and says the same however that is."""

# ruff: noqa: RUF001, Chinese has signs of its own

import math
from pathlib import Path

import openpyxl
import pandas as pd
import panel_files
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from panel_files import write_csv, write_workbook

from coupling.base.paths import Paths
from coupling.landing.dictionary import Dictionary, load_dictionary
from coupling.landing.files import Opened
from coupling.landing.sheet import Sheet
from coupling.panels import headings, panel, places
from coupling.panels.panel import Panel, PanelError
from coupling.panels.rows import StudyRows
from coupling.studies import assemble, choices
from coupling.studies.command import _stated_above

SEEDS = Paths().seeds
NOWHERE = Path("nowhere")
SHIPPED = load_dictionary(SEEDS, NOWHERE)
# the case that stands for what researchers have
COLUMNS = [
    ("互联网宽带接入用户数", "万户"),
    ("移动电话用户数", "万户"),
    ("电信业务收入", "亿元"),
    ("信息传输从业人员占比", "%"),
    ("数字普惠金融指数", ""),
    ("万人专利授权数", "件"),
    ("人均GDP", "元"),
    ("第三产业占比", "%"),
    ("工业废水排放量", "万吨"),
    ("工业二氧化硫排放量", "吨"),
    ("建成区绿化覆盖率", "%"),
    ("污水处理率", "%"),
]


@pytest.fixture(scope="module")
def dictionary() -> Dictionary:
    return load_dictionary(SEEDS, NOWHERE)


@pytest.fixture(scope="module")
def known() -> assemble.Known:
    return assemble.load_known(SEEDS, NOWHERE)


@pytest.fixture(scope="module")
def gazetteer() -> places.Gazetteer:
    return places.load_gazetteer(SEEDS, NOWHERE)


def study(found: Panel, dictionary, known, gazetteer, **options) -> StudyRows:
    said = choices.Options(**(panel_files.OPTIONS | options))
    chosen = choices.choose(found, said, [_stated_above(found)])
    named, _ = places.resolve(found.regions, found.codes, gazetteer, True)
    return assemble.assemble(found, chosen, named, {}, dictionary, known)


def remarks(found: Panel) -> str:
    return "\n".join(one.en for one in found.remarks)


def read(tmp_path: Path, dictionary, rows: list[list], name="panel.csv") -> Panel:
    return panel.read_panel(write_csv(tmp_path / name, rows), dictionary)


# --- every layout ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def expected(tmp_path_factory, dictionary, known, gazetteer) -> StudyRows:
    path = tmp_path_factory.mktemp("wide") / "wide.xlsx"
    panel_files.WRITERS["wide.xlsx"][0](path)
    return study(panel.read_panel(path, dictionary), dictionary, known, gazetteer)


def test_a_wide_panel_is_what_its_cells_say(expected):
    indicators = expected.tables["indicators"]
    assert list(indicators["label_zh"]) == [
        *("人均GDP", "互联网用户数", "数字金融指数", "工业废水排放量", "绿化覆盖率")
    ]
    assert list(indicators["unit"]) == ["元", "万户", "-", "万吨", "%"]
    assert list(indicators["direction"]) == ["+", "+", "+", "-", "+"]
    assert list(indicators["system_id"]) == ["s1", "s1", "s1", "s2", "s2"]
    assert list(expected.tables["systems"]["label_zh"]) == ["数字经济", "绿色发展"]
    assert indicators["label"].isna().all()
    # Xuancheng 341800, Hefei 340100, Wuhu 340200, by code and year
    assert list(expected.figures["region_code"].unique()) == [
        *("340100", "340200", "341800")
    ]
    for row in expected.figures.itertuples(index=False):
        region = ("340100", "340200", "341800").index(row.region_code)
        for column in range(5):
            wanted = panel_files.value(region, row.year - 2019, column)
            found = row[2 + column]
            assert found == wanted or (wanted is None and math.isnan(found))


@pytest.mark.parametrize("name", panel_files.WRITERS)
def test_every_layout_gives_the_same_rows(
    name, tmp_path, expected, dictionary, known, gazetteer
):
    write, layout = panel_files.WRITERS[name]
    found = panel.read_panel(write(tmp_path / name), dictionary)
    assert found.layout == layout
    rows = study(found, dictionary, known, gazetteer)
    assert rows.tables.keys() == expected.tables.keys()
    for table, wanted in expected.tables.items():
        pd.testing.assert_frame_equal(rows.tables[table], wanted)
    pd.testing.assert_frame_equal(rows.figures, expected.figures, check_exact=True)
    assert rows.rejected == []


@pytest.mark.parametrize("name", ["merged_systems.xlsx", "systems_above.csv"])
def test_rows_above_the_headings_name_the_systems(name, tmp_path, dictionary):
    found = panel.read_panel(panel_files.WRITERS[name][0](tmp_path / name), dictionary)
    assert [one.system for one in found.indicators] == ["数字经济"] * 3 + [
        "绿色发展"
    ] * 2


def test_counts_and_ids_are_left_out_and_said(tmp_path, dictionary):
    write, _ = panel_files.WRITERS["with_counts.xlsx"]
    found = panel.read_panel(write(tmp_path / "with_counts.xlsx"), dictionary)
    said = remarks(found)
    assert "column A (序号) is left out" in said
    assert "column B (省份) is left out: it holds texts" in said
    assert "column C (city_id) is left out" in said
    assert [one.number for one in found.indicators] == [6, 7, 8, 9, 10]


@given(
    cells=st.lists(
        st.lists(
            st.one_of(
                st.none(),
                st.floats(-1e9, 1e9, allow_nan=False).map(lambda v: round(v, 4)),
            ),
            min_size=4,
            max_size=4,
        ),
        min_size=6,
        max_size=6,
    )
)
@settings(max_examples=60, deadline=None)
def test_figures_survive_any_layout(cells):
    """Three regions, two years, four indicators; a figure in each row and column."""
    for place in range(4):
        cells[place][place] = 5.25 + place
    for row in range(4, 6):
        cells[row][0] = 9.5
    keys = [(region, year) for region in "ABC" for year in (2001, 2002)]
    names = ["one (t)", "two (%)", "three", "four"]
    text = {
        key: ["" if v is None else repr(v) for v in row]
        for key, row in zip(keys, cells, strict=True)
    }
    sheets = {
        "wide": [
            Sheet(
                "",
                [["region", "year", *names]]
                + [[r, str(y), *row] for (r, y), row in text.items()],
                list(range(1, 8)),
            )
        ],
        "long": [
            Sheet(
                "",
                [["region", "year", "indicator", "value"]]
                + [
                    [r, str(y), name, v]
                    for (r, y), row in text.items()
                    for name, v in zip(names, row, strict=True)
                ],
                list(range(1, 26)),
            )
        ],
        "a sheet per year": [
            Sheet(
                str(year),
                [["region", *names]] + [[r, *text[r, year]] for r in "ABC"],
                list(range(1, 5)),
            )
            for year in (2001, 2002)
        ],
    }
    wanted = pd.DataFrame(
        [[math.nan if v is None else v for v in row] for row in cells],
        index=pd.MultiIndex.from_tuples(keys),
        dtype=float,
    )
    for layout, one in sheets.items():
        found = panel.understand(Opened("p", b"", one), [], SHIPPED)
        assert found.layout == layout
        got = found.frame.set_index(["region", "year"]).reindex(keys)
        assert [i.label for i in found.indicators] == ["one", "two", "three", "four"]
        assert ((got.to_numpy() == wanted.to_numpy()) | wanted.isna().to_numpy()).all()
        assert (got.isna().to_numpy() == wanted.isna().to_numpy()).all()


# --- the case -------------------------------------------------------------------------


def test_sixteen_cities_are_read(tmp_path, dictionary, gazetteer):
    rows = [["地区", "年份", *(f"{n}({u})" if u else n for n, u in COLUMNS)]]
    cities = "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 "
    cities += "黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城"
    for r, city in enumerate(cities.split()):
        for year in range(2015, 2023):
            cells = [10 + r + c * 1.5 + year % 7 for c in range(12)]
            rows.append([f"{city}市", year, *cells])
    found = panel.read_panel(
        write_workbook(tmp_path / "cities.xlsx", {"面板数据": rows}), dictionary
    )
    assert [(one.label, one.unit) for one in found.indicators] == COLUMNS
    assert [one.number for one in found.indicators] == list(range(3, 15))
    assert found.frame.shape == (16 * 8, 2 + 12)
    named, _ = places.resolve(found.regions, {}, gazetteer, True)
    codes = [named[name].region_code for name in found.regions]
    assert all(code.startswith("34") and code.endswith("00") for code in codes)
    assert len(set(codes)) == 16


# --- headings -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "label", "unit", "direction"),
    [
        ("人均GDP（元）", "人均GDP", "元", ""),
        ("GDP_亿元", "GDP", "亿元", ""),
        ("GDP/亿元", "GDP", "亿元", ""),
        ("GDP：亿元", "GDP", "亿元", ""),
        ("GDP_yuan/person", "GDP", "yuan/person", ""),
        ("国内生产总值(GDP)", "国内生产总值(GDP)", "", ""),
        ("国内生产总值(GDP)(亿元)", "国内生产总值(GDP)", "亿元", ""),
        ("用水量(万m3(吨))", "用水量", "万m3(吨)", ""),
        ("waste water (10k t) (-)", "waste water", "10k t", "-"),
        ("废水（万吨）[负向]", "废水", "万吨", "-"),
        ("PM2.5浓度(μg/m³)", "PM2.5浓度", "μg/m³", ""),
        ("GDP per capita (current US$)", "GDP per capita", "current US$", ""),
        ("digital_finance_index", "digital_finance_index", "", ""),
        ("城镇/农村收入比", "城镇/农村收入比", "", ""),
        ("widgets (furlongs per fortnight)", "widgets", "furlongs per fortnight", ""),
    ],
)
def test_a_heading_is_taken_apart(text, label, unit, direction, dictionary):
    found = headings.read_heading(text, dictionary.units)
    assert (found.label, found.unit, found.direction) == (label, unit, direction)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2015", 2015),
        ("2015.0", 2015),
        ("2015年", 2015),
        ("２０１５", 2015),
        ("2015-12-31", 2015),
        ("2015-12-31T00:00:00", 2015),
        ("2015/1/1", 2015),
        ("2015 [YR2015]", 2015),
        ("2015.5", None),
        ("1200", None),
        ("合肥", None),
        ("", None),
    ],
)
def test_a_year_is_read(text, year):
    assert headings.year_of(text) == year


def test_two_columns_of_one_heading_are_refused(tmp_path, dictionary):
    rows = [["region", "year", "GDP", "GDP"], ["A", 2020, 1, 2], ["B", 2020, 3, 4]]
    with pytest.raises(PanelError, match="GDP twice, in columns C and D"):
        read(tmp_path, dictionary, rows)


def test_a_column_without_a_heading_is_left_out(tmp_path, dictionary):
    rows = [["region", "year", "GDP", ""], ["A", 2020, 1, 2.5], ["B", 2020, 3, 4.5]]
    found = read(tmp_path, dictionary, rows)
    assert "column D is left out: it has no heading" in remarks(found)
    assert len(found.indicators) == 1


# --- cells ----------------------------------------------------------------------------


def test_percent_formats_are_read_as_shown(tmp_path, dictionary):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["region", "year", "urban share", "served (%)", "plain"])
    for region, share in (("A", 0.876), ("B", 0.851)):
        sheet.append([region, 2020, share, share, share])
    for row in sheet.iter_rows(min_row=2, min_col=3, max_col=4):
        for cell in row:
            cell.number_format = "0.0%"
    book.save(tmp_path / "p.xlsx")
    found = panel.read_panel(tmp_path / "p.xlsx", dictionary)
    assert found.frame[0].tolist() == found.frame[1].tolist() == [87.6, 85.1]
    assert found.frame[2].tolist() == [0.876, 0.851]
    assert [one.unit for one in found.indicators] == ["%", "%", ""]


def test_percent_formats_of_old_workbooks(tmp_path, dictionary):
    book = xlwt.Workbook()
    sheet = book.add_sheet("p")
    shown = xlwt.easyxf(num_format_str="0.00%")
    for column, text in enumerate(("region", "year", "urban share")):
        sheet.write(0, column, text)
    for row, share in enumerate((0.5, 0.125), 1):
        sheet.write(row, 0, "AB"[row - 1])
        sheet.write(row, 1, 2020)
        sheet.write(row, 2, share, shown)
    book.save(str(tmp_path / "p.xls"))
    found = panel.read_panel(tmp_path / "p.xls", dictionary)
    assert found.frame[0].tolist() == [50.0, 12.5]
    assert found.indicators[0].unit == "%"


def test_what_is_no_number_is_rejected_with_its_cell(tmp_path, dictionary):
    rows = [
        ["region", "year", "GDP (yuan)", "share"],
        ["A", 2020, "12,345.5", "50%"],
        ["A", 2021, "about 7", "51%"],
        ["B", 2020, "…", "52"],
        ["B", 2021, "8", "53%"],
    ]
    found = read(tmp_path, dictionary, rows)
    assert found.frame[0].fillna(-1).tolist() == [12345.5, -1, -1, 8]
    assert found.frame[1].fillna(-1).tolist() == [50, 51, -1, 53]
    told = [(one.row, one.column, one.text) for one in found.rejected]
    assert told == [(3, "C", "about 7"), (4, "D", "52")]
    assert found.rejected[0].reason == ("not a number", "不是数值")
    assert found.rejected[1].reason == (
        "no % behind it, as behind the others",
        "其后没有%，而其他数值都有",
    )


def test_a_region_year_twice_is_refused_with_both_rows(tmp_path, dictionary):
    rows = [["region", "year", "GDP"], ["A", 2020, 1], ["B", 2020, 2], ["A", 2020, 3]]
    with pytest.raises(
        PanelError,
        match=r"panel.csv: found A in 2020 more than once, in row 2 and row 4",
    ):
        read(tmp_path, dictionary, rows)


def test_a_year_that_is_none_is_refused_with_its_cell(tmp_path, dictionary):
    rows = [["region", "year", "GDP"], ["A", 2020, 1], ["B", "soon", 2], ["C", 2020, 3]]
    with pytest.raises(
        PanelError, match=r"row 3, column B: found 'soon'; expected a year"
    ):
        read(tmp_path, dictionary, rows)


def test_totals_beside_provinces_are_left_out_and_elsewhere_are_regions(
    tmp_path, dictionary
):
    head = ["region", "year", "GDP"]
    names = ("China", "Beijing", "Tianjin", "Hebei")
    found = read(tmp_path, dictionary, [head, *([n, 2020, 1.5] for n in names)])
    assert found.regions == ["Beijing", "Tianjin", "Hebei"]
    assert "rows of China are left out" in remarks(found)
    names = ("China", "France", "Spain", "Chile")
    found = read(tmp_path, dictionary, [head, *([n, 2020, 1.5] for n in names)])
    assert found.regions == list(names)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["notes"], ["nothing"]], "found no figures under headings"),
        ([["year", "GDP"], [2020, 1.5], [2021, 2.5]], "found no column of regions"),
        ([["region", "GDP"], ["A", 1.5], ["B", 2.5]], "found no years"),
        (
            [["region", 2020, 2021], ["A", 1.5, 2], ["B", 2.5, 2]],
            "no name of the indicator",
        ),
    ],
)
def test_what_is_no_panel_is_refused(rows, message, tmp_path, dictionary):
    with pytest.raises(PanelError, match=message):
        read(tmp_path, dictionary, rows)


def test_two_sheets_of_the_same_indicators_are_refused_by_name(tmp_path, dictionary):
    path = write_workbook(
        tmp_path / "p.xlsx", {"raw": panel_files.wide(), "scaled": panel_files.wide()}
    )
    with pytest.raises(PanelError, match=r"sheets raw and scaled; .*--sheet scaled"):
        panel.read_panel(path, dictionary)
    assert panel.read_panel(path, dictionary, "scaled").layout == "wide"


def test_a_sheet_per_system_is_one_panel(tmp_path, dictionary):
    rows = panel_files.wide()
    path = write_workbook(
        tmp_path / "p.xlsx",
        {
            "digital": [row[:5] for row in rows],
            "green": [[*row[:2], *row[5:]] for row in rows],
        },
    )
    found = panel.read_panel(path, dictionary)
    assert [one.system for one in found.indicators] == ["digital"] * 3 + ["green"] * 2
    assert found.frame.shape == (12, 7)


def test_errors_are_said_in_chinese_too(tmp_path, dictionary):
    rows = [["地区", "年份", "GDP"], ["甲", 2020, 1], ["甲", 2020, 2]]
    with pytest.raises(PanelError) as error:
        read(tmp_path, dictionary, rows)
    said = error.value.spoken(lambda english, chinese: chinese)
    assert said == (
        "panel.csv：发现甲 2020 年重复出现：第 2 行、第 3 行；应为每个地区每年一行"
    )


# --- regions --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (["合肥市", "芜湖", "Bengbu"], ["340100", "340200", "340300"]),
        (["吉林", "辽宁", "黑龙江省"], ["220000", "210000", "230000"]),
        (["吉林", "长春", "四平"], ["220200", "220100", "220300"]),
        (["Suzhou", "Hefei", "Wuhu"], ["341300", "340100", "340200"]),
        (["Suzhou", "Nanjing", "Wuxi"], ["320500", "320100", "320200"]),
        (["内蒙古自治区", "广西", "Tibet"], ["150000", "450000", "540000"]),
    ],
)
def test_known_regions_have_their_codes(names, codes, gazetteer):
    named, _ = places.resolve(names, {}, gazetteer, True)
    assert [named[name].region_code for name in names] == codes
    assert all(named[name].is_known for name in names)


def test_unknown_regions_get_codes_of_their_own(gazetteer):
    named, said = places.resolve(["朝阳区", "Atlantis"], {}, gazetteer, True)
    assert named["Atlantis"].region_code == "own_cd4009a2"
    assert not any(one.is_known for one in named.values())
    assert said == []


def test_a_name_of_two_regions_is_kept_apart_and_told(gazetteer):
    named, said = places.resolve(["吉林", "Atlantis"], {}, gazetteer, True)
    assert not named["吉林"].is_known
    assert "吉林 can be 吉林 220000, 吉林市 220200" in said[0].en


def test_joining_can_be_declined(gazetteer):
    named, said = places.resolve(["合肥市"], {}, gazetteer, False)
    assert named["合肥市"].region_code.startswith("own_")
    assert said == []


def test_codes_beside_names_are_used(tmp_path, dictionary, gazetteer):
    head = ["行政区划代码", "城市", "年份", "GDP"]
    body = [
        [340100, "庐州", 2020, 1],
        ["3402", "芜湖", 2020, 2],
        [999900, "乌有", 2020, 3],
    ]
    found = read(tmp_path, dictionary, [head, *body])
    named, _ = places.resolve(found.regions, found.codes, gazetteer, True)
    assert [named[n].region_code for n in found.regions] == [
        *("340100", "340200", "999900")
    ]
    assert [named[n].is_known for n in found.regions] == [True, True, False]


def test_codes_of_countries_are_used(tmp_path, dictionary, gazetteer):
    head = ["Country Name", "Country Code", "Series Name", "2020 [YR2020]"]
    body = [["France", "FRA", "GDP (US$)", 1], ["China", "CHN", "GDP (US$)", 2]]
    found = read(tmp_path, dictionary, [head, *body])
    named, _ = places.resolve(found.regions, found.codes, gazetteer, True)
    assert {n: p.region_code for n, p in named.items()} == {
        "France": "FRA",
        "China": "CHN",
    }
    assert found.layout == "long"


def test_two_names_of_one_region_with_figures_of_one_year_are_refused(
    tmp_path, dictionary, known, gazetteer
):
    rows = panel_files.wide()
    rows.append(["合肥", *rows[1][1:]])
    found = read(tmp_path, dictionary, rows)
    with pytest.raises(
        PanelError, match="合肥市 and 合肥, which are one region, 340100"
    ):
        study(found, dictionary, known, gazetteer)
