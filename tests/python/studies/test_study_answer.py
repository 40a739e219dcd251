"""What a study prints, its workbook and its page: right numbers in both languages."""

# ruff: noqa: RUF001, Chinese has signs of its own

import re
from html.parser import HTMLParser
from io import BytesIO, StringIO

import openpyxl
import own_studies
import pandas as pd
import pytest
from rich.console import Console
from typer.testing import CliRunner

from coupling import cli
from coupling.answers import answer, exports, frames, workbook
from coupling.answers.page import own_study_page
from coupling.base.inputs import versions
from coupling.base.paths import Paths
from coupling.engine import engine
from coupling.words import tables
from coupling.words.language import CHINESE, ENGLISH, LANGUAGES, speaking

REGIONS, YEARS = 9, 5


@pytest.fixture(scope="module")
def results() -> engine.Results:
    frame = own_studies.panel(REGIONS, YEARS, 6, blanks=0.05)
    frame["a02"] = 7.0
    frame.loc[frame["region"] == "City 004", "a05"] = None
    return engine.evaluate(own_studies.made_up(frame, units={"a01": "吨"}))


def printed(results, language: str, width: int = 100) -> str:
    console = Console(file=StringIO(), width=width)
    answer.answer(console, results, language)
    return console.file.getvalue()


@pytest.fixture(scope="module")
def english(results) -> str:
    return printed(results, ENGLISH)


@pytest.fixture(scope="module")
def chinese(results) -> str:
    return printed(results, CHINESE)


def lines_after(text: str, title: str) -> list[str]:
    """The rows of a printed table."""
    rest = text.split(f"\n{title}\n", 1)[1].strip("\n").splitlines()
    rule = next(place for place, line in enumerate(rest) if set(line.strip()) == {"─"})
    rows = []
    for line in rest[rule + 1 :]:
        if not line.strip():
            break
        rows.append(" ".join(line.split()))
    return rows


# --- in the terminal --------------------------------------------------------------


def test_the_ranking_of_the_last_year_is_printed(results, english):
    with speaking(ENGLISH):
        last = frames.coupling(results).query("year == 2019")
    last = last.sort_values(["coordination_rank", "region_code"], na_position="last")
    rows = lines_after(english, "Ranking in 2019")
    assert len(rows) == REGIONS
    for row, found in zip(last.itertuples(), rows, strict=True):
        if row.status != "computed":
            assert found == f"– {row.region} – – – not computed"
            continue
        assert found == (
            f"{row.coordination_rank} {row.region} {row.coupling_degree:.4f} "
            f"{row.comprehensive_index:.4f} {row.coupling_coordination_degree:.4f} "
            f"{row.grade} {row.lagging_system}"
        )
    assert [found.startswith("– City 004") for found in rows].count(True) == 1


def test_weights_are_printed_by_system(results, english):
    with speaking(ENGLISH):
        weights = frames.weights(results)
    for system, found in weights.groupby("system"):
        rows = lines_after(english, f"Weights of {system}")
        assert rows == [
            f"{row.indicator} {row.weight:.4f} {row.study_weight:.4f}"
            for row in found.itertuples()
        ]


def test_means_by_year_are_printed(results, english):
    with speaking(ENGLISH):
        coupled, scores = frames.coupling(results), frames.scores(results)
    rows = lines_after(english, "Means over the regions by year")
    assert len(rows) == YEARS
    for row in rows:
        year, first, second, *degrees = row.split()
        here = coupled[coupled["year"] == int(year)]
        means = here[
            ["coupling_degree", "comprehensive_index", "coupling_coordination_degree"]
        ].mean()
        assert degrees == [f"{mean:.4f}" for mean in means]
        of_year = scores[scores["year"] == int(year)].groupby("system_id")["score"]
        assert [first, second] == [f"{mean:.4f}" for mean in of_year.mean()]


def test_the_three_largest_obstacles_are_printed(results, english):
    with speaking(ENGLISH):
        obstacles = frames.obstacles(results).query("year == 2019")
    means = obstacles.groupby(["indicator_id", "indicator"])["obstacle_degree"].mean()
    largest = means.sort_values(ascending=False).head(3)
    rows = lines_after(english, "Largest obstacles in 2019, means over the regions")
    assert rows == [
        f"{name} {100 * degree:.2f}" for (_, name), degree in largest.items()
    ]


def test_what_was_filled_and_what_could_not_be_is_printed(results, english, chinese):
    with speaking(ENGLISH):
        origins = frames.values(results)["value_origin"].value_counts()
    assert (
        f"Of {REGIONS * YEARS * 6} cells, {origins['observed']} are observed, "
        f"{origins['interpolated']} interpolated, {origins['carried']} carried from "
        f"the nearest known year and {origins['missing']} missing."
    ) in english
    assert origins["missing"] == YEARS
    reason = "all figures in the scope are equal"
    assert f"a02 has no weight: {reason}" in english
    assert (
        "5 region-years, of 1 region in 2015–2019, have no degree: an indicator in "
        "use has no figure for this region in any year."
    ) in english
    assert "a02没有权重：范围内数值全部相同，无法区分地区，权重为0。" in chinese
    assert "2015–2019年1个地区的5个地区年份没有耦合协调度" in chinese


def test_nothing_is_said_to_be_missing_where_nothing_is():
    whole = engine.evaluate(own_studies.made_up(own_studies.panel(4, 3, 4, blanks=0)))
    assert "Everything asked for could be computed." in printed(whole, ENGLISH)
    assert "所有结果均可计算。" in printed(whole, CHINESE)


def test_chinese_has_no_english_words(chinese):
    words = set(re.findall(r"[A-Za-z_]{2,}", chinese))
    # names of the study, of its method, and TOPSIS, which Chinese has as well
    own = {"Made", "up", "City", "Digital", "economy", "Green", "development"}
    assert words - own == {"entropy_topsis", "TOPSIS"}


def test_a_long_ranking_is_cut_in_the_middle():
    many = engine.evaluate(own_studies.made_up(own_studies.panel(60, 3, 4)))
    rows = lines_after(printed(many, ENGLISH), "Ranking in 2017")
    assert len(rows) == answer.FIRST_PRINTED + 1 + answer.LAST_PRINTED
    assert rows[answer.FIRST_PRINTED] == "… 30 more"
    assert rows[-1].startswith("60 ")


# --- the workbook -----------------------------------------------------------------


@pytest.fixture(scope="module", params=list(LANGUAGES))
def book(request, results):
    with speaking(request.param):
        content = workbook.workbook(results)
    return request.param, openpyxl.load_workbook(BytesIO(content))


def test_the_workbook_has_every_number_in_full(book, results):
    language, found = book
    assert len(found.worksheets) == 11
    with speaking(language):
        values, coupled = frames.values(results), frames.coupling(results)
    by_name = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in found}
    heading, *rows = by_name["values" if language == ENGLISH else "指标数值"]
    assert heading[3] == ("a01 (吨)" if language == ENGLISH else "a01（吨）")
    assert heading[4] == "a02"
    wide = values.pivot(
        index=["region", "year"], columns="indicator_id", values="raw_value"
    )
    assert [row[1:3] for row in rows] == list(wide.index)
    # a workbook has sixteen digits
    for row, ours in zip(rows, wide.to_numpy().tolist(), strict=True):
        theirs = [float("nan") if cell is None else cell for cell in row[3:]]
        assert theirs == pytest.approx(ours, rel=1e-15, nan_ok=True)
    _, *rows = by_name["ranking" if language == ENGLISH else "排名"]
    last = coupled[coupled["year"] == 2019].set_index("region")
    for row in rows:
        degree = last.loc[row[1], "coupling_coordination_degree"]
        assert row[4] == (
            pytest.approx(degree, rel=1e-15) if degree == degree else None
        )


def test_the_cover_lists_the_sheets_and_tells_the_method(book):
    language, found = book
    cover = found.worksheets[0]
    cells = [row for row in cover.iter_rows(values_only=True) if any(row)]
    listed = [row[0] for row in cells]
    assert cells[0][0] == "Made up"
    for sheet in found.worksheets[1:]:
        assert sheet.title in listed
    text = " ".join(str(cell) for row in cells for cell in row)
    assert ("Entropy weights" if language == ENGLISH else "熵权法") in text


def test_a_sheet_too_large_is_left_out_and_said_so(results, monkeypatch):
    monkeypatch.setattr(workbook, "CELLS", REGIONS * YEARS * 9)
    with speaking(ENGLISH):
        found = openpyxl.load_workbook(BytesIO(workbook.workbook(results)))
    assert "values" in found.sheetnames
    assert "normalised values" not in found.sheetnames
    cover = {row[0]: row[1] for row in found["cover"].iter_rows(values_only=True)}
    assert cover["normalised values"].endswith("(left out)")


# --- the page ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(results) -> str:
    return own_study_page(results.connection, results.study_id, versions(), CHINESE)


def part(page: str, language: str) -> str:
    """What the page shows in a language, without tags."""
    begun = page.split(f'id="in-{language}"', 1)[1]
    begun = begun.split('<div class="spoken"', 1)[0]
    begun = re.sub(r"<(math|svg).*?</\1>", " ", begun, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", begun).split())


def test_the_page_needs_nothing_and_runs_nothing(page):
    assert "<script" not in page
    assert not re.search(r'(src|href)="(?!#)', page)
    assert "default-src 'none'" in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert {h[1:] for h in re.findall(r'href="(#[^"]+)"', page)} <= set(ids)
    assert '<html lang="zh">' in page
    assert re.search(r'id="speak-zh" checked', page)


def test_the_page_shows_every_degree_in_both_languages(page, results):
    with speaking(ENGLISH):
        coupled = frames.coupling(results)
    for language in LANGUAGES:
        shown = part(page, language)
        for row in coupled.dropna(subset="coupling_coordination_degree").itertuples():
            assert f"{row.coupling_coordination_degree:.3f}" in shown
    degrees = coupled["coupling_coordination_degree"].dropna()
    heat = re.findall(r'<td style="background: #\w+; color: #\w+">([\d.]+)</td>', page)
    assert sorted(heat) == sorted(2 * [f"{degree:.3f}" for degree in degrees])


def test_the_page_has_no_map_and_no_belts(page):
    english = part(page, ENGLISH)
    for word in ("belt", "Belt", "Map", "yearbook", "NaN", "None", "nan"):
        assert not re.search(rf"\b{word}\b", english), word
    assert "东部" not in page


def test_the_page_tells_the_method_with_its_formulas(page):
    assert "Entropy weights" in part(page, ENGLISH)
    assert "熵权法" in part(page, CHINESE)
    # normalised twice, share, entropy, information, two weights, four of TOPSIS, C, T,
    # D and the obstacle degree, in two languages
    assert page.count('<span class="formula">') == 2 * 15


def test_names_are_escaped(results):
    frame = own_studies.panel(4, 3, 4).rename(columns={"a01": "<b>&x</b>"})
    found = engine.evaluate(own_studies.made_up(frame))
    text = own_study_page(found.connection, found.study_id, versions())
    assert "<b>&x</b>" not in text
    assert "&lt;b&gt;&amp;x&lt;/b&gt;" in text


class Tags(HTMLParser):
    """Complains of tags that are not closed in their order."""

    VOID = ("meta", "input", "line", "rect", "circle", "polyline", "path")

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_tags_are_closed(page):
    tags = Tags()
    tags.feed(page)
    assert tags.open == []


# --- odd studies ------------------------------------------------------------------


def one_year():
    return own_studies.panel(6, 1, 4, blanks=0), {}


def one_region_year():
    return own_studies.panel(1, 1, 4, blanks=0), {}


def one_region():
    return own_studies.panel(1, 6, 4, blanks=0), {}


def system_that_does_not_vary():
    frame = own_studies.panel(4, 3, 4, blanks=0)
    return frame.assign(a03=1.0, a04=2.0), {}


def figures_in_no_cell():
    frame = own_studies.panel(4, 3, 4, blanks=0)
    return frame.assign(a03=None), {}


def weights_by_year():
    return own_studies.panel(5, 3, 4), {"method": "entropy_linear_by_year"}


def ten_grades():
    return own_studies.panel(5, 3, 4), {"grade_scheme": "ten_levels"}


ODD = (
    *(one_year, one_region_year, one_region, system_that_does_not_vary),
    *(figures_in_no_cell, weights_by_year, ten_grades),
)


@pytest.fixture(scope="module", params=ODD, ids=lambda make: make.__name__)
def odd(request) -> engine.Results:
    frame, stated = request.param()
    return engine.evaluate(own_studies.made_up(frame, **stated))


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_output_of_an_odd_study_is_written(odd, language, tmp_path):
    text = printed(odd, language)
    assert not re.search(r"\b(nan|None|NaN|NaT)\b", text)
    with speaking(language):
        for ending in [*exports.WRITERS]:
            for path in exports.save(odd, tmp_path / f"r{ending}"):
                assert path.stat().st_size > 0
        coupled = frames.coupling(odd)
    without = coupled["coupling_coordination_degree"].isna()
    assert (coupled["status"] != "computed").equals(without)
    if without.any():
        reason = coupled["status_reason"][without].iloc[0]
        assert reason in text
        page = (tmp_path / "r.html").read_text(encoding="utf-8")
        assert reason in part(page, language)
    assert not re.search(r"\b(nan|None|NaN)\b", page_text(tmp_path / "r.html"))


def page_text(path) -> str:
    text = path.read_text(encoding="utf-8").split("<body>", 1)[1]
    return " ".join(part(text, language) for language in LANGUAGES)


# --- the command ------------------------------------------------------------------


def test_show_prints_and_writes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = own_studies.made_up(own_studies.panel(5, 4, 6))
    own_studies.write_workspace(rows, tmp_path / "workspace")
    monkeypatch.setenv("COUPLING_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setattr(cli, "paths", paths_with_target(tmp_path))
    done = CliRunner().invoke(
        cli.app, ["study", "show", "study", "--lang", "zh", "--to", "out/r.csv"]
    )
    assert done.exit_code == 0, done.output
    for path in ("target/studies/study/study.xlsx", "target/studies/study/study.html"):
        assert (tmp_path / path).exists()
        assert path in done.output
    found = pd.read_csv(tmp_path / "out" / "r.csv")
    degrees = found[found["measure"] == "coupling_coordination_degree"]["value"]
    ours = engine.evaluate(rows).table("fct_coupling")
    ours = ours.sort_values(["region_code", "year"])["coupling_coordination_degree"]
    assert degrees.tolist() == ours.tolist()


def paths_with_target(folder):
    class Aside(Paths):
        @property
        def target(self):
            return folder / "target"

    return Aside()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing"], "There is no study 'nothing'."),
        (["industrial_transfer", "--method", "x"], "There is no method 'x'."),
        (["industrial_transfer", "--to", "x.doc"], "found the ending .doc; expected"),
    ],
)
def test_show_refuses_what_is_not_there(arguments, message):
    done = CliRunner().invoke(cli.app, ["study", "show", *arguments])
    assert done.exit_code == 1
    assert message in done.output
    assert "Traceback" not in done.output
    assert "C, T" not in done.output and len(done.output.splitlines()) < 5


@pytest.mark.parametrize(
    ("code", "name", "shown"),
    [("x1", "gdp", "x1 gdp"), ("gdp", "GDP", "GDP"), ("a", "a", "a")],
)
def test_a_code_that_says_what_the_name_says_is_left_out(code, name, shown):
    assert tables.coded(code, name) == shown
