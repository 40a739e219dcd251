"""What a user chooses about a panel: by options, over the headings, in the workbook."""

# ruff: noqa: RUF001, Chinese has signs of its own

import itertools
from pathlib import Path

import openpyxl
import pandas as pd
import panel_files
import pytest

from coupling.base.paths import Paths
from coupling.landing.dictionary import load_dictionary
from coupling.panels import panel, places
from coupling.panels.panel import PanelError
from coupling.panels.words import words_in
from coupling.studies import assemble, choices, template, understood
from coupling.studies.asked import ask_choices
from coupling.studies.choices import ChoiceError, Options, choose, slug
from coupling.studies.command import _stated_above

SEEDS = Paths().seeds
NOWHERE = Path("nowhere")
DICTIONARY = load_dictionary(SEEDS, NOWHERE)
KNOWN = assemble.load_known(SEEDS, NOWHERE)


def read(path: Path) -> panel.Panel:
    return panel.read_panel(path, DICTIONARY)


@pytest.fixture(scope="module")
def wide(tmp_path_factory) -> panel.Panel:
    path = tmp_path_factory.mktemp("choices") / "wide.xlsx"
    return read(panel_files.WRITERS["wide.xlsx"][0](path))


def chosen(found: panel.Panel, **said) -> choices.Choices:
    return choose(found, Options(**said), [])


def rows_of(found: panel.Panel, made: choices.Choices):
    named, _ = places.resolve(found.regions, found.codes, places.Gazetteer(), True)
    return assemble.assemble(found, made, named, {}, DICTIONARY, KNOWN)


# --- options --------------------------------------------------------------------------


def test_systems_by_number_and_by_name_are_the_same(wide):
    by_number = chosen(wide, systems=("A=3-5", "B=6,7"), negative="6")
    by_name = chosen(
        wide,
        systems=(
            "A=人均GDP（元），互联网用户数、数字金融指数",
            "B=工业废水排放量；绿化覆盖率",
        ),
        negative="工业废水排放量_万吨",
    )
    assert by_number == by_name
    assert by_number.systems == {"A": [0, 1, 2], "B": [3, 4]}
    assert by_number.directions == {0: "+", 1: "+", 2: "+", 3: "-", 4: "+"}
    assert (by_number.first_year, by_number.last_year) == (2019, 2022)
    assert by_number.contributions == {"A": 0.5, "B": 0.5}


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"systems": ("A=3-5",)}, "found 1 system"),
        ({"systems": ("A=3-5", "B=5-7")}, "数字金融指数 in the systems A and B"),
        ({"systems": ("A=3,4", "B=6,7")}, "数字金融指数 in no system; .*--leave-out 5"),
        ({"systems": ("A=3-5", "B=6-9")}, '--system "B": found column 9; expected'),
        ({"systems": ("A=3-5", "B=2,6,7")}, '--system "B": found column 2;'),
        ({"systems": ("A=3-5", "B=废水排放量,7")}, "Nearest: 工业废水排放量"),
        ({"systems": ("A=5-3", "B=6,7")}, "found 5-3; expected the smaller"),
        ({"systems": ("A 3-5", "B=6,7")}, "expected NAME=COLUMNS"),
        ({"systems": ("A=3-5", "A=6,7")}, "--system A: found twice"),
        (
            {"systems": ("A=3-5", "B=6,7"), "negative": "8"},
            "--negative: found column 8",
        ),
        (
            {"systems": ("A=3-5", "B=6"), "leave_out": "7", "negative": "7"},
            "绿化覆盖率：%, which is in no system|绿化覆盖率:%, which is in no system",
        ),
        ({"systems": ("A=3-5", "B=6,7"), "years": "2015-2020"}, "within 2019-2022"),
        ({"systems": ("A=3-5", "B=6,7"), "years": "all"}, "found all; expected years"),
        ({}, "Nothing says which system an indicator belongs to"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(said, message, wide):
    with pytest.raises(ChoiceError, match=message):
        chosen(wide, **said)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"method": "entropy_topsi"}, "Nearest: entropy_topsis"),
        ({"method": "given_linear"}, "takes weights as given"),
        ({"grades": "ten_level"}, "Nearest: ten_levels"),
        ({"name": "service_manufacturing"}, "name of a shipped study"),
    ],
)
def test_names_that_are_not_there_or_taken_are_refused(said, message, wide):
    made = chosen(wide, systems=("A=3-5", "B=6,7"), **said)
    with pytest.raises(ChoiceError, match=message):
        rows_of(wide, made)


def test_errors_are_said_in_chinese_too(wide):
    with pytest.raises(ChoiceError) as error:
        chosen(wide, systems=("A=3-5", "B=废水排放量,7"))
    said = error.value.spoken(words_in("zh"))
    assert said == '--system "B"：文件中没有指标 废水排放量。相近的有：工业废水排放量。'


def test_a_left_out_indicator_has_no_series(wide):
    made = chosen(wide, systems=("A=3-5", "B=6"), leave_out="7")
    rows = rows_of(wide, made)
    assert list(rows.figures.columns[2:]) == [f"wide__x{n}" for n in range(1, 5)]


@pytest.mark.parametrize(
    ("name", "study_id"),
    [
        ("Digital & green, 2015", "digital_green_2015"),
        ("2015 cities", "study_2015_cities"),
        ("Économie", "economie"),
        ("数字经济", "study_1c924d41"),
        ("安徽2015", None),
    ],
)
def test_a_study_id_is_made_of_the_name(name, study_id):
    made = slug(name)
    assert made == study_id or (study_id is None and made.startswith("study_"))
    # the years of two names are not enough to call them one
    assert slug("安徽2015") != slug("江苏2015")


def test_rows_above_give_way_to_options(tmp_path):
    name = "merged_systems.xlsx"
    found = read(panel_files.WRITERS[name][0](tmp_path / name))
    above = _stated_above(found)
    assert choose(found, Options(), [above]).systems == {
        "数字经济": [0, 1, 2],
        "绿色发展": [3, 4],
    }
    said = Options(systems=("A=3,4", "B=5-7"))
    assert choose(found, said, [above]).systems == {"A": [0, 1], "B": [2, 3, 4]}


def test_directions_stand_in_headings_or_in_a_row(tmp_path):
    head, *body = panel_files.wide()
    head[5] = "工业废水排放量(万吨)(负向)"
    found = read(panel_files.write_csv(tmp_path / "heads.csv", [head, *body]))
    made = choose(found, Options(systems=("A=3-5", "B=6,7")), [_stated_above(found)])
    assert made.directions == {0: "+", 1: "+", 2: "+", 3: "-", 4: "+"}
    assert made.remarks == []
    signs = ["方向", "", "+", "+", "+", "-", "+"]
    rows = [panel_files.wide()[0], signs, *body]
    found = read(panel_files.write_csv(tmp_path / "rows.csv", rows))
    made = choose(found, Options(systems=("A=3-5", "B=6,7")), [_stated_above(found)])
    assert made.directions == {0: "+", 1: "+", 2: "+", 3: "-", 4: "+"}
    assert len(found.frame) == len(body)


def test_a_terminal_asks_until_all_indicators_have_a_system(wide):
    answers = iter(["Digital", "3-5", "Green", "5,6", "no such", "6-7", "6"])
    said = []
    systems, directions = ask_choices(
        wide, lambda prompt: next(answers), said.append, words_in("en")
    )
    assert systems == {"Digital": [0, 1, 2], "Green": [3, 4]}
    assert directions == {0: "+", 1: "+", 2: "+", 3: "-", 4: "+"}
    assert any("taken already: 5 数字金融指数" in text for text in said)
    assert any("found no such, which is no indicator" in text for text in said)


# --- what was understood --------------------------------------------------------------


def test_what_is_to_be_looked_at_is_found(tmp_path):
    head = ["region", "year", "flat", "steady", "jumpy"]
    rows = [head]
    for r, region in enumerate("ABCDE"):
        for y in range(8):
            steady = 100 * (1 + r / 10) * 1.03**y
            jumpy = steady * (10 if (r, y) == (2, 4) else 1)
            rows.append([region, 2010 + y + (y > 3), 7, round(steady, 2), jumpy])
    found = read(panel_files.write_csv(tmp_path / "p.csv", rows))
    made = choose(found, Options(systems=("A=3", "B=4,5")), [])
    seen = understood.look(found, made, SEEDS)
    assert seen.constant == [0]
    assert seen.years_without == [2014]
    assert seen.empty == []
    # 2014 is missing, so the leap of 2015 is told by the year after
    assert {(s.place, s.region, s.year) for s in seen.spikes} == {
        (2, "C", 2015),
        (2, "C", 2016),
    }
    after = next(s for s in seen.spikes if s.year == 2016)
    assert after.before == pytest.approx(10 * after.value / 1.03, rel=1e-3)


# --- the workbook ---------------------------------------------------------------------


def from_workbook(path: Path) -> tuple[panel.Panel, choices.Choices]:
    opened, names = panel.open_sheets(path)
    assert template.is_template(opened)
    found = panel.understand(template.data_of(opened), names, DICTIONARY)
    return found, choose(found, Options(), [template.read_template(opened, found)])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_workbook_as_it_is_gives_a_study(language, tmp_path):
    path = tmp_path / "own.xlsx"
    template.write_template(path, language)
    words = template.WORDS[language]
    found, made = from_workbook(path)
    rows = rows_of(found, made)
    assert made.study_id == "example_study"
    assert list(made.systems) == list(words.systems)
    label = "label_zh" if language == "zh" else "label"
    assert list(rows.tables["systems"][label]) == list(words.systems)
    indicators = rows.tables["indicators"]
    assert list(indicators[label]) == [row[0] for row in words.rows]
    assert list(indicators["unit"]) == [row[1] for row in words.rows]
    assert list(indicators["direction"]) == [row[4] for row in words.rows]
    criterion = "criterion_zh" if language == "zh" else "criterion"
    assert list(indicators[criterion]) == [row[3] for row in words.rows]
    assert len(rows.figures) == 16 and rows.figures.notna().all(axis=None)
    assert not understood.look(found, made, SEEDS).constant
    other = tmp_path / "again.xlsx"
    template.write_template(other, language)
    assert other.read_bytes() == path.read_bytes()


COUNTRIES = [
    *("France", "Spain", "Chile", "China", "Japan", "Kenya", "Peru", "India", "Italy"),
    *("Ghana", "Egypt", "Brazil", "Mexico", "Canada", "Norway", "Poland", "Turkey"),
    *("Vietnam", "Austria", "Germany"),
]
WEIGHTS = [0.5, 0.3, 0.2, 0.6, 0.4, 0.25, 0.75]
GRADES = [(0, 0.25, "poor"), (0.25, 0.5, "fair"), (0.5, 0.8, "good"), (0.8, 1, "top")]


def countries(path: Path, change=None) -> Path:
    """Twenty countries, three systems, given weights, four grades of one's own."""
    names = [f"Indicator {n}" for n in range(1, 8)]
    systems = ["Economy"] * 3 + ["Society"] * 2 + ["Nature"] * 2
    data = [["region", "year", *names]]
    for (r, country), year in itertools.product(
        enumerate(COUNTRIES), range(2018, 2023)
    ):
        cells = [
            round(5 + r * (c + 1) % 17 + (year - 2018) * 1.5 + c, 2) for c in range(7)
        ]
        data.append([country, year, *cells])
    settings = [
        ["name", "twenty countries"],
        ["method", "given_linear"],
        ["years", "2019-2022"],
        [],
        ["system", "contribution"],
        ["Economy", 0.5],
        ["Society", 0.3],
        ["Nature", "20%"],
        [],
        ["lower", "upper", "grade"],
        *map(list, GRADES),
    ]
    head = ["indicator", "unit", "system", "criterion", "direction", "weight"]
    indicators = [head]
    for name, system, weight in zip(names, systems, WEIGHTS, strict=True):
        sign = "-" if name.endswith("7") else "+"
        indicators.append([name, "t", system, None, sign, weight])
    sheets = {"data": data, "indicators": indicators, "settings": settings}
    if change:
        change(sheets)
    return panel_files.write_workbook(path, sheets)


def test_twenty_countries_with_weights_and_grades_of_ones_own(tmp_path):
    found, made = from_workbook(countries(tmp_path / "c.xlsx"))
    rows = rows_of(found, made)
    study = rows.tables["studies"].iloc[0]
    assert study["study_id"] == "twenty_countries"
    assert (study["first_year"], study["last_year"]) == (2019, 2022)
    assert study["default_method_id"] == "given_linear"
    assert study["grade_scheme_id"] == "twenty_countries__grades"
    assert list(rows.tables["indicators"]["given_weight"]) == WEIGHTS
    assert list(rows.tables["systems"]["contribution"]) == [0.5, 0.3, 0.2]
    assert list(rows.tables["systems"]["system_id"]) == ["economy", "society", "nature"]
    grades = rows.tables["grade_schemes"]
    assert list(grades[["lower", "upper", "grade"]].itertuples(index=False)) == [
        pd.Series(g, ["lower", "upper", "grade"]).pipe(tuple) for g in GRADES
    ]
    [method] = rows.tables["methods"].to_dict("records")
    assert (method["weighting"], method["aggregation"]) == ("given", "linear")
    # China is a country among countries here, no total
    assert len(rows.tables["study_regions"]) == len(rows.tables["regions"]) == 20
    assert set(rows.tables["regions"]["region"]) == set(COUNTRIES)
    # years before those of the study are kept: figures of 2018 too
    assert len(rows.figures) == 100


def set_cell(sheet: str, row: int, column: int, text):
    def change(sheets):
        line = sheets[sheet][row - 1]
        line.extend([None] * (column - len(line)))
        line[column - 1] = text

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            set_cell("indicators", 3, 1, "Indicatr 2"),
            "sheet indicators, row 3, column A: found Indicatr 2; expected a heading "
            "of the sheet of data. Nearest: Indicator 2",
        ),
        (set_cell("indicators", 3, 1, "Indicator 1"), "it is in row 2 too"),
        (
            set_cell("indicators", 2, 3, None),
            "row 2, column C: found a blank; expected",
        ),
        (set_cell("indicators", 2, 5, "up"), r"column E: found up; expected \+ or -"),
        (
            set_cell("indicators", 2, 6, "much"),
            "column F: found much; expected a weight",
        ),
        (set_cell("indicators", 2, 6, -1), "found -1; expected a weight, 0 or above"),
        (set_cell("indicators", 2, 6, None), "found none for Indicator 1"),
        (set_cell("indicators", 8, 1, None), "found 9 Indicator 7 in no system"),
        (set_cell("indicators", 1, 3, "group"), "expected the column system"),
        (set_cell("settings", 6, 2, 0.6), "which add up to 1.1"),
        (set_cell("settings", 6, 1, "Economics"), "found none for Economy"),
        (set_cell("settings", 1, 1, "nmae"), "found nmae; expected a setting. Nearest"),
        (set_cell("settings", 3, 2, "2010-2022"), "within 2018-2022"),
        (set_cell("settings", 12, 1, 0.3), "found fair from 0.3 to 0.5 after 0.25"),
        (set_cell("settings", 14, 2, 0.9), "found 0.9 as the highest"),
        (set_cell("settings", 12, 3, None), "row 12, column C: found a blank"),
        (set_cell("settings", 2, 2, "given_liner"), "Nearest: given_linear"),
    ],
)
def test_faults_of_the_workbook_are_told_with_their_cells(change, message, tmp_path):
    path = countries(tmp_path / "c.xlsx", change)
    with pytest.raises((PanelError, ChoiceError), match=message):
        rows_of(*from_workbook(path))


def test_a_filled_template_keeps_its_own_headings(tmp_path):
    path = tmp_path / "own.xlsx"
    template.write_template(path, "zh")
    book = openpyxl.load_workbook(path)
    sheet = book["数据"]
    for row in range(2, 18):
        sheet.cell(row, 9, row * 1.5)
    sheet.cell(1, 9, "固定资产投资(亿元)")
    indicators = book["指标"]
    cells = ("固定资产投资", None, "数字经济", None, "负向", None)
    for column, text in enumerate(cells, 1):
        indicators.cell(8, column, text)
    book.save(path)
    found, made = from_workbook(path)
    rows = rows_of(found, made)
    last = rows.tables["indicators"].iloc[-1]
    assert (last["label_zh"], last["unit"], last["direction"]) == (
        *("固定资产投资", "亿元", "-"),
    )
