"""`coupling report --paper`: tables, figures, methods and bundle against the marts."""
# ruff: noqa: RUF001, Chinese texts have Chinese commas

import csv
import hashlib
import io
import os
import re
import shutil
import struct
import zipfile
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import docx
import duckdb
import made_up_site
import numpy as np
import openpyxl
import pandas as pd
import pytest
import reference
from pytest import approx
from rich.console import Console
from typer.testing import CliRunner

from coupling import cli
from coupling.base.inputs import versions
from coupling.base.names import NotThereError
from coupling.base.paths import Paths
from coupling.manuscripts import document, figures, latex, readme, replication, writer
from coupling.manuscripts.content import read_manuscript
from coupling.outputs import workbooks
from coupling.outputs.revisions import record_effects
from coupling.prose import parts
from coupling.site import catalogue
from coupling.words.language import speaking
from coupling.words.tables import EN_DASH

STUDY = "ecommerce_manufacturing_east"
THREE = "industrial_transfer"
GIVEN_SHARES = "service_manufacturing"
# a workbook holds 16 digits of a number
AS_IN_A_WORKBOOK = {"rel": 1e-15, "abs": 0}
FORMULA = '=HYPERLINK("http://x.test","a")'
SVG = "{http://www.w3.org/2000/svg}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def project(warehouse, tmp_path_factory):
    """A project whose published database keeps its queries, as a refresh leaves it."""
    paths = Paths(tmp_path_factory.mktemp("project"))
    paths.database.parent.mkdir(parents=True)
    shutil.copy(warehouse, paths.database)
    shared = os.environ.get("COUPLING_TEST_DATABASE")
    target = warehouse.parent if shared else warehouse.parents[1]
    record_effects(
        None,
        paths.database,
        SimpleNamespace(target=target, project=Paths().project),
        "1",
    )
    return paths


@pytest.fixture(scope="module")
def written(project, tmp_path_factory):
    """Where a study was written: {(study, method, language): folder}."""
    folders = {}
    for asked in (
        (STUDY, None, "en"),
        (STUDY, None, "zh"),
        (THREE, "entropy_linear_by_year", "en"),
    ):
        folders[asked] = tmp_path_factory.mktemp("paper") / "not" / "there"
        writer.write_manuscript(project, *asked, folders[asked])
    return folders


@pytest.fixture(scope="module")
def english(written):
    return written[STUDY, None, "en"]


@pytest.fixture(scope="module")
def chinese(written):
    return written[STUDY, None, "zh"]


def rows(project, query):
    with duckdb.connect(str(project.database), read_only=True) as con:
        return con.execute(query).fetchall()


def sheet(folder, name, study=STUDY):
    book = openpyxl.load_workbook(folder / f"{study}.xlsx")
    return [[cell.value for cell in row] for row in book[name].iter_rows()]


def printed(folder, study=STUDY):
    """The tables of the document by caption number; parts of one table in a list."""
    made = docx.Document(folder / f"{study}.docx")
    found, number = {}, None
    for element in made.element.body:
        if element.tag == f"{W}p":
            text = "".join(node.text or "" for node in element.iter(f"{W}t"))
            caption = re.match(r"(?:Table |表)(\d+)", text)
            number = int(caption[1]) if caption else number
        elif element.tag == f"{W}tbl":
            cells = [
                ["".join(t.text or "" for t in cell.iter(f"{W}t")) for cell in row]
                for row in (r.findall(f"{W}tc") for r in element.iter(f"{W}tr"))
            ]
            found.setdefault(number, []).append(cells)
    return found


# --- the tables -------------------------------------------------------------------


def degrees(project, study, method):
    columns = "coupling_degree, comprehensive_index, coupling_coordination_degree"
    found = {
        (name, region, year): value
        for region, year, *values in rows(
            project,
            f"""
            select region, year, {columns} from marts.fct_coupling
            inner join marts.dim_regions using (region_code)
            where study_id = '{study}' and method_id = '{method}'
            """,
        )
        for name, value in zip("CTD", values, strict=True)
    }
    scores = rows(
        project,
        f"""
        select label, region, year, score from marts.fct_system_scores
        inner join marts.dim_regions using (region_code)
        inner join marts.dim_systems using (study_id, system_id)
        where study_id = '{study}' and method_id = '{method}'
        """,
    )
    return found | {
        (label, region, year): value for label, region, year, value in scores
    }


@pytest.mark.parametrize(
    ("study", "asked", "method"),
    [
        (STUDY, None, "entropy_topsis"),
        (THREE, "entropy_linear_by_year", "entropy_linear_by_year"),
    ],
)
def test_scores_and_degrees_are_the_marts(written, project, study, asked, method):
    folder = written[study, asked, "en"]
    head, *body = sheet(folder, "scores and degrees", study)
    found = {}
    for measure, region, *values in body:
        if region is not None:
            name = measure.removeprefix("Score of ").split(" ")
            name = name[-1] if name[-1] in "CTD" else " ".join(name)
            for year, value in zip(head[2:], values, strict=True):
                found[name, region, int(year)] = value
    expected = degrees(project, study, method)
    assert found.keys() == expected.keys()
    assert found == approx(expected, **AS_IN_A_WORKBOOK)
    listed = [row for part in printed(folder, study)[2] for row in part]
    regions = {region for _, region, _ in found}
    values = [cell for row in listed if row[0] in regions for cell in row[1:]]
    assert values == [
        EN_DASH if value is None else f"{value:.4f}"
        for row in body
        if row[1] is not None
        for value in row[2:]
    ]


def test_tables_are_numbered_in_a_papers_order(english):
    made = docx.Document(english / f"{STUDY}.docx")
    captions = [p for p in made.paragraphs if p.style.name == "Caption"]
    texts = ["".join(t.text for t in p._p.iter(f"{W}t")) for p in captions]
    whole = [text for text in texts if "(continued)" not in text]
    assert [text.split(".")[0] for text in whole] == [
        *(f"Table {number}" for number in range(1, 9)),
        *(f"Figure {number}" for number in range(1, 7)),
    ]
    assert [text.split(". ")[1] for text in whole[:4]] == [
        "Indicator system and weights",
        "System scores, coupling degree C, comprehensive index T and coupling "
        "coordination degree D by region and year",
        "Grades of coupling coordination by year",
        "The eight largest obstacles by year, means over the regions",
    ]
    fields = [f.get(f"{W}instr") for p in captions for f in p._p.iter(f"{W}fldSimple")]
    assert fields.count(" SEQ Table \\* ARABIC ") == 8
    assert fields.count(" SEQ Figure \\* ARABIC ") == 6


def test_weights_are_the_marts_and_every_indicator_is_listed(english, project):
    _, *body = sheet(english, "indicators")
    found = {row[2]: tuple(row[6:8]) for row in body if row[2]}
    expected = {
        indicator: (weight, study_weight)
        for indicator, weight, study_weight in rows(
            project,
            f"""
            select indicator_id, weight, study_weight from marts.dim_indicators
            left join (
                from marts.fct_indicator_weights where method_id = 'entropy_topsis'
            ) using (study_id, indicator_id)
            where study_id = '{STUDY}'
            """,
        )
    }
    assert found.keys() == expected.keys()
    without = {indicator for indicator, weights in expected.items() if None in weights}
    assert without == {key for key, weights in found.items() if None in weights}
    for indicator in found.keys() - without:
        assert found[indicator] == approx(expected[indicator], **AS_IN_A_WORKBOOK)
    assert without == {"X4", "X9", "X15"}
    by_system = pd.DataFrame(
        [(row[0], row[6]) for row in body if row[6]], columns=["system", "weight"]
    )
    assert list(by_system.groupby("system")["weight"].sum()) == approx([1, 1])
    directions = {row[2]: row[5] for row in body if row[2]}
    assert directions["X1"] == "+" and directions["X16"] == "\N{MINUS SIGN}"
    [part] = printed(english)[1]
    assert part[0] == [
        *("Criterion", "Code", "Indicator", "Unit", "Direction"),
        *("Weight in the system", "Weight in the study"),
    ]
    [line] = [row for row in part if len(row) > 1 and row[1] == "X2"]
    assert line[2:] == [
        *("E-commerce purchases", "100m yuan", "+"),
        *(f"{weight:.4f}" for weight in found["X2"]),
    ]


def test_grades_list_each_region_once_a_year(english, project):
    head, *body = sheet(english, "grades")
    found = {
        (int(year), region): row[0]
        for row in body
        for year, names in zip(head[2:], row[2:], strict=True)
        for region in (names.split(", ") if names else [])
        if row[1] is not None
    }
    assert found == {
        (year, region): grade
        for year, region, grade in rows(
            project,
            f"""
            select year, region, grade from marts.fct_coupling
            inner join marts.dim_regions using (region_code)
            where study_id = '{STUDY}' and is_default_method
            """,
        )
    }
    assert [row[1] for row in body if row[1]][:2] == ["[0, 0.2]", "(0.2, 0.4]"]
    # eight years do not fit beside each other
    assert [part[0][2:] for part in printed(english)[3]] == [
        ["2016", "2017", "2018", "2019"],
        ["2020", "2021", "2022", "2023"],
    ]


def test_obstacles_are_the_eight_largest_of_each_year(english, project):
    _, *body = sheet(english, "obstacles")
    listed = [row for row in body if row[1]]
    found = [
        (int(codes[0]), code, share)
        for codes, shares in zip(listed[::2], listed[1::2], strict=True)
        for code, share in zip(codes[2:], shares[2:], strict=True)
    ]
    expected = rows(
        project,
        f"""
        select year, item_id, 100 * obstacle_degree from marts.fct_obstacle_rankings
        where study_id = '{STUDY}' and method_id = 'entropy_topsis'
            and region_code = 'ALL' and level = 'indicator' and obstacle_rank <= 8
        order by year, obstacle_rank
        """,
    )
    assert [row[:2] for row in found] == [row[:2] for row in expected]
    assert [row[2] for row in found] == approx(
        [row[2] for row in expected], **AS_IN_A_WORKBOOK
    )
    [part] = printed(english)[4]
    assert part[2][2] == f"{found[0][2]:.2f}"


def test_regional_means_and_gap_follow_from_the_degrees(english, project):
    head, *body = sheet(english, "regional means")
    found = {row[1]: row[2:] for row in body if row[1]}
    frame = pd.DataFrame(
        rows(
            project,
            f"""
            select three_belt, year, coupling_coordination_degree
            from marts.fct_coupling inner join marts.dim_regions using (region_code)
            where study_id = '{STUDY}' and is_default_method
            """,
        ),
        columns=["belt", "year", "degree"],
    )
    by_year = frame.groupby("year")["degree"]
    assert [int(year) for year in head[2:]] == sorted(frame["year"].unique())
    assert found["All regions"] == approx(by_year.mean().tolist(), abs=1e-12)
    assert found["Highest less lowest D"] == approx(
        (by_year.max() - by_year.min()).tolist(), abs=1e-12
    )
    spread = (by_year.std() / by_year.mean()).tolist()
    assert found["Coefficient of variation of D"] == approx(spread, abs=1e-12)
    east = frame[frame["belt"] == "east"].groupby("year")["degree"].mean().tolist()
    assert found["East"] == approx(east, abs=1e-12)


def test_coverage_and_imputation_count_every_cell(english, project):
    _, *body = sheet(english, "coverage")
    counted = np.array([row[4:8] for row in body if row[4] is not None])
    [stated] = rows(
        project,
        f"""
        select observed_cells, interpolated_cells, carried_cells, missing_cells
        from quality.qc_study_coverage where study_id = '{STUDY}'
        """,
    )
    assert tuple(counted.sum(axis=0)) == stated
    assert len([row for row in body if row[1]]) == 16
    _, *filled = sheet(english, "imputation")
    assert sum(row[4] for row in filled) == sum(stated[1:])


def test_a_wide_table_goes_on_below_and_a_long_one_is_left_to_the_workbook():
    columns = [parts.Column(name) for name in "abcdefg"]
    table = parts.Table("t", "Wide", columns, [], is_grouped=True, stub=2, across=2)
    assert table.parts() == [[1, 2, 3], [1, 4, 5], [1, 6]]
    long = parts.Table("t", "Long", columns[:2], [["x", 1.0]] * 401)
    made = docx.Document()
    document._add_table(made, 3, long)
    assert made.tables == []
    assert "401 rows" in made.paragraphs[1].text
    short = parts.Table("t", "Short", columns[:2], [["x", 1.0]] * 400)
    document._add_table(made, 4, short)
    assert len(made.tables[0].rows) == 401


# --- the methods ------------------------------------------------------------------


@cache
def told(project, study, method=None, language="en"):
    with (
        writer.marts_under(project.database, study, method) as con,
        speaking(language),
    ):
        return dict(read_manuscript(con, study, versions()).methods)


def test_methods_state_what_the_rows_of_the_study_choose(project):
    text = told(project, GIVEN_SHARES)
    assert "T = 0.4 U₁ + 0.6 U₂" in text["Coupling coordination degree"]
    assert "from 2019 to 2023, 145 region-years" in text["Sample"]
    assert "Xinjiang" in text["Sample"] and "Hainan" not in text["Sample"]
    assert "0 are measured as named, 14 by a proxy, and 6" in text["Indicators"]
    assert "on 10 levels" in text["Grades"] and "(0.9, 1]" in text["Grades"]
    assert f"DuckDB {duckdb.__version__}" in text["Software"]
    text = told(project, THREE)
    assert "C = k (U₁ U₂ U₃)^(1/3) / (U₁ + U₂ + U₃)" in text["Coupling degree"]
    assert "lowest score lags" in text["Lagging system"]
    assert "93 interpolated, 39 carried" in text["Missing values"]


@pytest.mark.parametrize(
    ("method", "heading", "said"),
    [
        ("entropy_linear_by_year", "Normalisation", "the regions of the same year"),
        ("entropy_topsis", "Normalisation", "all region-years of the study"),
        ("entropy_shifted_linear", "Normalisation", "with ε = 0.0001"),
        ("entropy_topsis", "Normalisation", "nothing is shifted"),
        ("critic_linear", "Weights", "CRITIC weights"),
        ("entropy_topsis", "Weights", "Entropy weights"),
        ("entropy_geometric", "System scores", "U = Π y^w"),
        ("entropy_linear", "System scores", "U = Σ w y"),
        ("entropy_topsis", "System scores", "d⁻ / (d⁺ + d⁻)"),
    ],
)
def test_each_choice_of_a_method_has_its_words(project, method, heading, said):
    assert said in told(project, STUDY, method)[heading]


def test_every_method_is_told_without_a_bare_code(project):
    for (method,) in rows(project, "select distinct method_id from marts.fct_coupling"):
        for text in told(project, STUDY, method).values():
            assert "follow the rule" not in text and "None" not in text


def test_a_choice_without_words_is_told_by_name(project, monkeypatch):
    from coupling.prose import method_text

    kept = tuple(name for name in method_text.TOLD if name != "zero_rule")
    monkeypatch.setattr(method_text, "TOLD", kept)
    assert told.__wrapped__(project, STUDY)["Further choices"] == "zero rule: exact"


def test_methods_txt_is_the_methods_of_the_document(english):
    text = (english / "methods.txt").read_text(encoding="utf-8")
    made = docx.Document(english / f"{STUDY}.docx")
    paragraphs = [p.text for p in made.paragraphs]
    assert "Normalisation. Indicators are brought to 0 to 1" in text
    for paragraph in text.split("\n\n")[1:]:
        assert paragraph.strip() in paragraphs


# --- the figures ------------------------------------------------------------------

FIGURES = ["belts", "heat", "map", "obstacles", "scatter", "trend"]


def chunks(content):
    place = 8
    while place < len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        yield content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        place += 12 + length


@pytest.mark.parametrize("name", FIGURES)
def test_pictures_are_16_cm_wide_at_300_dots_per_inch(english, name):
    found = dict(chunks((english / "figures" / f"{name}.png").read_bytes()))
    across, down, unit = struct.unpack(">IIB", found[b"pHYs"])
    # dots per metre
    assert unit == 1
    assert across == down == round(300 / 0.0254)
    width, height = struct.unpack(">II", found[b"IHDR"][:8])
    assert abs(width - 16 / 2.54 * 300) <= 1
    assert height > 900


@pytest.mark.parametrize("name", FIGURES)
def test_svg_is_well_formed(english, name):
    root = ElementTree.fromstring((english / "figures" / f"{name}.svg").read_bytes())
    assert root.tag == f"{SVG}svg"
    assert abs(float(root.get("width")) - figures.WIDTH_PT) < 1
    assert list(root.iter(f"{SVG}script")) == []
    assert len(list(root.iter(f"{SVG}text"))) > 5


def texts(path):
    root = ElementTree.fromstring(path.read_bytes())
    return ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]


def test_figures_show_the_degrees_and_name_their_lines(english, chinese, project):
    found = rows(
        project,
        f"""
        select coupling_coordination_degree from marts.fct_coupling
        where study_id = '{STUDY}' and is_default_method
        """,
    )
    shown = texts(english / "figures" / "heat.svg")
    assert sorted(t for t in shown if re.fullmatch(r"0\.\d\d", t)) == sorted(
        f"{round(value, 4):.2f}" for (value,) in found
    )
    legend = {"Cross-border e-commerce", "Manufacturing industrial belt"}
    assert legend < set(texts(english / "figures" / "trend.svg"))
    # bars differ in more than colour, and the legend says how
    bars = {"Cross-border e-commerce (full bars)"}
    bars |= {"Manufacturing industrial belt (pale bars)"}
    assert bars < set(texts(english / "figures" / "obstacles.svg"))
    assert {"跨境电商", "制造业产业带"} < set(texts(chinese / "figures" / "trend.svg"))
    assert "浙江" in texts(chinese / "figures" / "map.svg")
    assert "2023" in (english / "methods.txt").read_text(encoding="utf-8")


def test_without_a_chinese_font_it_is_told(monkeypatch):
    monkeypatch.setattr(figures.vl_convert, "vegalite_to_png", lambda spec: b"box")
    assert writer.lacks_font("zh")
    assert not writer.lacks_font("en")
    monkeypatch.setattr(figures.vl_convert, "vegalite_to_png", lambda spec: str(spec))
    assert not writer.lacks_font("zh")


# --- Chinese ----------------------------------------------------------------------


def test_the_chinese_document_is_chinese(chinese, english):
    made = docx.Document(chinese / f"{STUDY}.docx")
    assert made.paragraphs[0].text == "跨境电商与制造业产业带（东部）"
    body = "\n".join(p.text for p in made.paragraphs)
    english_words = {
        message.id for message in catalogue.messages() if isinstance(message.id, str)
    }
    heads = {cell for part in printed(chinese).values() for t in part for cell in t[0]}
    assert heads & english_words <= {"D", "C", "T"}
    assert "熵权法" in body and "表 各地区各年系统得分" in body
    assert set(printed(chinese)) == set(range(1, 9))
    assert "Normalisation" not in body and "Table" not in body
    # the same numbers in both
    assert [row[2:] for row in sheet(chinese, "scores and degrees")[1:]] == [
        row[2:] for row in sheet(english, "scores and degrees")[1:]
    ]
    fonts = made.styles["Normal"].element.rPr.rFonts
    assert fonts.get(f"{W}eastAsia") == "SimSun"
    assert "\\documentclass[a4paper,11pt]{ctexart}" in (
        chinese / f"{STUDY}.tex"
    ).read_text(encoding="utf-8")


# --- the same bytes ---------------------------------------------------------------


def test_the_same_database_gives_the_same_bytes(english, project, tmp_path):
    files = writer.write_manuscript(project, STUDY, None, "en", tmp_path)
    assert len(files) == 2 * len(FIGURES) + 5
    for path in files:
        first = english / path.relative_to(tmp_path)
        assert first.read_bytes() == path.read_bytes(), path.name


@pytest.mark.parametrize("name", [f"{STUDY}.docx", "replication.zip"])
def test_archives_hold_one_time_and_sorted_names(english, name):
    with zipfile.ZipFile(english / name) as archive:
        times = {entry.date_time for entry in archive.infolist()}
        names = archive.namelist()
    assert times == {(2024, 1, 1, 0, 0, 0)}
    start = 2 if name.endswith("docx") else 0
    assert names[start:] == sorted(names[start:])
    properties = docx.Document(english / f"{STUDY}.docx").core_properties
    assert properties.created == properties.modified
    assert properties.created.replace(tzinfo=None) == document.WRITTEN


# --- texts that look like something else ------------------------------------------


@pytest.fixture(scope="module")
def hostile(made_up, tmp_path_factory):
    """The made-up study of hostile labels, more hostile still, and its connection."""
    path = tmp_path_factory.mktemp("hostile") / "db"
    shutil.copy(made_up, path)
    with duckdb.connect(str(path)) as con:
        con.execute(
            "update marts.dim_studies set label = $label where study_id = 'three'",
            {"label": FORMULA + made_up_site.HOSTILE + "\\input{x} 100% \x01"},
        )
        con.execute(
            "update marts.dim_regions set region = '=1+1' where region_code='5'"
        )
    with writer.marts_under(path, "three", None) as con:
        yield con, read_manuscript(con, "three", versions())


def test_a_document_takes_hostile_text_as_text(hostile):
    _, manuscript = hostile
    pictures = {figure.name: figures.png(figure) for figure in manuscript.figures}
    content = document.write_document(manuscript, pictures)
    made = docx.Document(io.BytesIO(content))
    assert made.paragraphs[0].text == manuscript.title.replace("\x01", "")
    tags = {node.tag for node in made.element.iter() if isinstance(node.tag, str)}
    assert not [tag for tag in tags if "script" in tag or tag == f"{W}hyperlink"]
    instructions = {f.get(f"{W}instr") for f in made.element.iter(f"{W}fldSimple")}
    assert instructions <= {" SEQ Table \\* ARABIC ", " SEQ Figure \\* ARABIC "}


def test_a_workbook_takes_hostile_text_as_text(hostile):
    con, manuscript = hostile
    content = workbooks.tables_workbook(con, "three", manuscript.tables, [])
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert "=1+1" in {cell.value for cell in cells}


def test_latex_svg_and_readme_take_hostile_text_as_text(hostile):
    _, manuscript = hostile
    text = latex.write_latex(manuscript)
    assert "\\input" not in text and "\\textbackslash{}input\\{x\\} 100\\%" in text
    for figure in manuscript.figures:
        root = ElementTree.fromstring(figures.svg(figure))
        assert list(root.iter(f"{SVG}script")) == []
    assert made_up_site.HOSTILE not in readme.readme(manuscript)


def test_a_table_that_goes_on_keeps_its_number_and_its_caption_comes_first(written):
    text = (written[STUDY, None, "en"] / f"{STUDY}.tex").read_text(encoding="utf-8")
    before, *tables = re.split(r"\\begin\{longtable\}\{.*\}\n", text)
    # LaTeX ends with an error at any command between the columns and the caption
    assert tables and all(table.startswith("\\caption{") for table in tables)
    counts = [part.endswith("{table}{-1}\n") for part in (before, *tables)][:-1]
    is_continued = ["(continued)}" in table.splitlines()[0] for table in tables]
    assert counts == is_continued and any(is_continued)


def test_a_study_without_results_has_tables_and_no_figure(made_up):
    with writer.marts_under(made_up, "empty", None) as con:
        manuscript = read_manuscript(con, "empty", versions())
    assert manuscript.figures == []
    names = [table.name for table in manuscript.tables]
    assert "scores and degrees" in names and "regional means" not in names
    assert docx.Document(io.BytesIO(document.write_document(manuscript, {})))


# --- the bundle -------------------------------------------------------------------


@pytest.fixture(
    scope="module", params=[(STUDY, None), (THREE, "entropy_linear_by_year")]
)
def bundle(request, written, tmp_path_factory):
    """A bundle unpacked, and the study and method it is of."""
    study, method = request.param
    folder = tmp_path_factory.mktemp("bundle")
    with zipfile.ZipFile(written[study, method, "en"] / "replication.zip") as archive:
        archive.extractall(folder)
    return SimpleNamespace(
        folder=folder, study=study, method=method or "entropy_topsis"
    )


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_queries_of_a_bundle_give_its_degrees(bundle, monkeypatch):
    monkeypatch.chdir(bundle.folder)
    with duckdb.connect() as con:
        script = Path("recompute.sql").read_text(encoding="utf-8")
        compared, largest, odd = con.execute(script).fetchone()
    assert compared == len(read(bundle.folder / "results" / "fct_coupling.csv")) > 50
    assert largest <= 1e-9 and odd == 0


def test_the_reference_gives_the_degrees_from_a_bundles_seeds(bundle, project):
    expected = reference.compute(bundle.folder / "seeds")["fct_coupling"]
    key = ["region_code", "year"]
    value = "coupling_coordination_degree"
    assert set(expected["study_id"]) == {bundle.study}
    assert set(expected["method_id"]) == {bundle.method}
    expected = expected.set_index(key)[value].sort_index()
    stated = pd.read_csv(
        bundle.folder / "results" / "fct_coupling.csv", dtype={"region_code": str}
    )
    stated = stated.set_index(key)[value].sort_index()
    assert list(stated.index) == list(expected.index)
    assert stated.to_numpy() == approx(expected.to_numpy(float), abs=1e-9, nan_ok=True)
    assert stated.to_dict() == approx(
        {
            (region, year): degree
            for region, year, degree in rows(
                project,
                f"""
                select region_code, year, coupling_coordination_degree
                from marts.fct_coupling
                where study_id = '{bundle.study}' and method_id = '{bundle.method}'
                """,
            )
        },
        abs=0,
    )


def test_a_bundles_seeds_have_the_columns_of_the_seeds(bundle):
    for path in (bundle.folder / "seeds").glob("[rs]*/*.csv"):
        shipped = Paths().seeds / path.relative_to(bundle.folder / "seeds")
        header = {
            file: next(csv.reader(file.open(encoding="utf-8")))
            for file in (path, shipped)
        }
        assert set(header[path]) == set(header[shipped]), path.name
    assert len(list((bundle.folder / "seeds").glob("*/*.csv"))) == 18
    [study] = read(bundle.folder / "seeds" / "studies" / "studies.csv")
    assert study["default_method_id"] == bundle.method


def test_checksums_name_every_file(bundle):
    lines = (bundle.folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = dict(reversed(line.split("  ")) for line in lines)
    files = {
        path.relative_to(bundle.folder).as_posix()
        for path in bundle.folder.rglob("*")
        if path.is_file()
    }
    assert set(sums) == files - {"SHA256SUMS"}
    for name, stated in sums.items():
        content = (bundle.folder / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == stated
    assert {"README.md", "CITATION.cff", "methods.txt", "versions.csv"} < files


def test_figures_come_with_source_and_quality(bundle, project):
    found = read(bundle.folder / "cells" / "figures.csv")
    [(count,)] = rows(
        project,
        "select count(*) from marts.fct_indicator_figures"
        f" where study_id = '{bundle.study}'",
    )
    assert len(found) == count > 500
    # the area of a region is no series
    published = [row for row in found if row["role"] != "land_area"]
    assert all(row["citation"] and row["quality"] in list("ABCU") for row in published)
    assert {"figure", "series", "unit", "value_origin"} < set(found[0])


def test_a_bundle_whose_queries_give_other_degrees_is_refused(bundle):
    files = {
        path.relative_to(bundle.folder).as_posix(): path.read_bytes()
        for path in bundle.folder.rglob("*")
        if path.is_file()
    }
    replication.check(files)
    results = files["results/fct_coupling.csv"]
    head, first, *others = results.decode().splitlines()
    place = head.split(",").index("coupling_coordination_degree")
    cells = first.split(",")
    cells[place] = str(float(cells[place]) + 2e-9)
    changed = "\n".join([head, ",".join(cells), *others])
    with pytest.raises(NotThereError, match="run coupling refresh first"):
        replication.check(files | {"results/fct_coupling.csv": changed.encode()})
    fewer = "\n".join([head, *others])
    with pytest.raises(NotThereError, match="1 on one side"):
        replication.check(files | {"results/fct_coupling.csv": fewer.encode()})


# --- the command ------------------------------------------------------------------


@pytest.fixture()
def run(project, monkeypatch):
    monkeypatch.setattr(cli, "paths", project)
    monkeypatch.setattr(cli, "console", Console(width=250))

    def invoke(*words):
        with cli.console.capture() as said:
            result = CliRunner().invoke(cli.app, ["report", *map(str, words)])
        return result.exit_code, said.get()

    return invoke


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--paper", "ecomerce_manufacturing_east"], 1, f"Nearest: {STUDY}"),
        (["--paper", STUDY, "--method", "entropy_topsi"], 1, "Nearest: entropy_topsis"),
        (["--paper", "[red]"], 1, "There is no study '[red]'"),
        (["--method", "entropy_topsis"], 2, "need --paper"),
        (["--lang", "zh"], 2, "need --paper"),
        (["--to", "x"], 2, "need --paper"),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest(run, words, code, said):
    assert run(*words)[0] == code
    assert said in run(*words)[1]


def test_the_command_writes_where_it_says(run, project):
    code, said = run("--paper", STUDY, "--method", "entropy_linear", "--lang", "zh")
    folder = project.target / "papers" / f"{STUDY}-entropy_linear-zh"
    assert code == 0
    lines = said.splitlines()[: 2 * len(FIGURES) + 5]
    files = {path for path in folder.rglob("*") if path.is_file()}
    assert {Path(line.removesuffix(" written")) for line in lines} == files
    assert f"{STUDY}，方法entropy_linear" in (folder / "methods.txt").read_text("utf-8")


def test_a_folder_that_cannot_be_written_is_told(run, tmp_path):
    (tmp_path / "file").write_text("")
    code, said = run("--paper", STUDY, "--to", tmp_path / "file")
    assert code == 1 and "cannot be written" in said


def test_without_a_database_or_its_queries_it_says_what_to_do(warehouse, tmp_path):
    with pytest.raises(NotThereError, match="no published database yet"):
        writer.write_manuscript(Paths(tmp_path), STUDY)
    paths = Paths(tmp_path)
    paths.database.parent.mkdir()
    shutil.copy(warehouse, paths.database)
    with duckdb.connect(str(paths.database)) as con:
        con.execute("drop table if exists intermediate.int_coupling_queries")
    with pytest.raises(NotThereError, match="keeps no queries"):
        writer.write_manuscript(paths, STUDY)
