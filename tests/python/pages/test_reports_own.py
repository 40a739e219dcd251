"""Pages, chains and manuscripts of a user's own studies over regions of any kind."""

import duckdb
import pytest
from made_up_site import Page, data_of, rendered, with_own_studies, write_warehouse

from coupling import explain
from coupling.manuscripts.content import read_manuscript
from coupling.pages import chains
from coupling.pages.pages import file_name
from coupling.queries.ask import ask
from coupling.words.language import speaking

VERSIONS = {"project": "1", "python": "3", "duckdb": "2", "dbt-core": "1"}
ISLE, SOUTH = "a~2f1~20~e5~8c~97", "~2e~2e"


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return write_warehouse(tmp_path_factory.mktemp("own") / "db", with_own_studies())


@pytest.fixture(scope="module")
def pages(database):
    return {language: rendered(database, language) for language in ("en", "zh")}


def page(pages, name, language="en"):
    return Page(pages[language][name])


def words(found):
    return " ".join(found.text.split())


def test_a_study_without_a_grouping_or_a_tile_says_nothing_of_them(pages):
    for language, absent in (
        ("en", ("belt", "Belt", "group", "tile", "Map", "map")),
        ("zh", ("地带", "组别", "瓦片", "地图")),
    ):
        own = page(pages, "own.html", language)
        assert {"trend", "heat", "gap", "ranking"} <= set(own.charts())
        assert not {"map", "belts"} & set(own.charts())
        assert [word for word in absent if word in own.text] == []
        assert {f"#{name}" for name in ("map", "gap")} <= {
            tags.get("href") for tag, tags in own.tags if tag == "a"
        }


def test_groups_of_a_users_own_grouping_are_named_and_ordered_as_it_says(pages):
    english = page(pages, "groups.html")
    assert english.table("Mean D of the regions of each group") == [
        ["Group", "2020"],
        ["High income", "0.750"],
        ["Low income", "0.250"],
    ]
    assert "Mean D by group in 2020: High income 0.750 and Low income 0.250." in words(
        english
    )
    chinese = page(pages, "groups.html", "zh")
    assert [row[0] for row in chinese.table("各组平均D")] == [
        "组别",
        "高收入",
        "低收入",
    ]
    assert "belt" not in english.text.casefold()
    assert "地带" not in chinese.text


def test_regions_that_have_no_tile_are_named_beside_the_map(pages):
    found = page(pages, "groups.html")
    codes = {row["region"] for row in data_of(found.charts()["map"])}
    assert codes == {"Alpha", "Beta", "Gamma", "Delta"}
    assert "Without a place on the map: Isle, 南国." in words(found).replace(
        "南国, Isle", "Isle, 南国"
    )
    assert "图上没有位置的地区：" in words(page(pages, "groups.html", "zh"))


def test_a_year_without_figures_is_told_and_has_no_point(pages):
    own = page(pages, "own.html")
    text = words(own)
    assert "In 2021 Isle comes first (D = 0.900, high)" in text
    assert "No indicator has a figure in 2022: that year is not computed." in text
    assert "Ranking in 2021" in text
    chinese = words(page(pages, "own.html", "zh"))
    assert "2022年所有指标均无数据，不予计算。" in chinese
    for name in ("trend", "gap"):
        rows = data_of(own.charts()[name])
        assert {row["year"] for row in rows} == {2020, 2021, 2022}
        assert {row["value"] for row in rows if row["year"] == 2022} == {None}
    assert "D in 2021" not in text
    region = words(page(pages, f"regions/{ISLE}.html"))
    assert "Own study: D = 0.900 in 2021, rank 1 of 4, high." in region
    chain = words(page(pages, f"chains/own-{ISLE}.html"))
    assert "Isle has no D in 2022" in chain


def test_values_without_a_meaning_are_counted(pages):
    imputed = page(pages, "own.html").table("Cells without a published figure")
    # cells of years without any figure are told of in a sentence of their own
    assert [row[1:3] for row in imputed[1:]] == [
        ["without a meaning, the base is zero or below", "2021"]
    ]
    assert "base is zero or below has no meaning" in words(page(pages, "own.html"))


def test_whose_a_study_and_its_figures_are_is_told(pages):
    own = words(page(pages, "own.html"))
    assert "Whosea user's own study User's own figurespanel.xlsx" in own
    assert "Data: panel.xlsx, a user's own; years 2020 to 2021." in own
    assert "Office Z" not in own
    assert "(U)" in own
    chinese = words(page(pages, "own.html", "zh"))
    assert "归属用户自建研究 用户自有数据panel.xlsx" in chinese
    both = words(page(pages, "groups.html"))
    assert "Data: Office A; Office Z; panel.xlsx, a user's own;" in both
    assert "Whose" not in words(page(pages, "small.html"))


def test_figures_of_a_user_in_a_shipped_series_are_cited_as_the_users(pages):
    chain = page(pages, f"chains/own-{ISLE}.html")
    assert "A user's own, file panel.xlsx, SHA-256 00ff." in words(chain)
    assert "Citation of one" not in chain.text
    chinese = page(pages, f"chains/own-{ISLE}.html", "zh")
    assert "用户自有数据，文件panel.xlsx，SHA-256 00ff。" in words(chinese)
    shipped = page(pages, "chains/small-1.html")
    assert "Citation of one" in shipped.text
    assert "panel.xlsx" not in shipped.text


def test_regions_have_safe_addresses_their_parent_and_a_code_where_names_repeat(pages):
    names = {name for name in pages["en"] if name.startswith("regions/")}
    assert {f"regions/{ISLE}.html", f"regions/{SOUTH}.html"} < names
    region = page(pages, f"regions/{ISLE}.html")
    assert "Part ofAlpha IncomeLow income" in words(region)
    assert "../regions/1.html" in {tags.get("href") for _tag, tags in region.tags}
    assert "belt" not in words(page(pages, f"regions/{SOUTH}.html")).casefold()
    caption = "D and rank by region and study: Other regions"
    listed = page(pages, "regions.html").table(caption)
    assert [row[:3] for row in listed if row[0].startswith(("Twin", "Isle"))] == [
        ["Isle", "Alpha", "Low income"],
        ["Twin x", "–", "–"],
        ["Twin y", "–", "–"],
    ]
    ranking = page(pages, "own.html").table("Regions by coupling coordination degree")
    assert [row[2] for row in ranking[1:]] == ["Isle", "南国", "Twin (x)", "Twin (y)"]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("110000", "110000"),
        ("a-b_C", "a-b_C"),
        ("a~b", "a~7eb"),
        ("../x", "~2e~2e~2fx"),
        ("é", "~c3~a9"),
    ],
)
def test_any_code_names_a_file(code, name):
    assert file_name(code) == name


def test_long_codes_name_files_of_their_own():
    one, other = file_name("北" * 90), file_name("北" * 91)
    assert one != other
    assert max(len(one), len(other)) < 130


@pytest.mark.parametrize("asked", ["a/1 北", "Isle", "isle"])
def test_regions_of_a_users_own_are_explained(database, asked):
    chain = explain.find_chain(database, "own", asked, 2021)
    assert chain["region"] == {"region_code": "a/1 北", "label": "Isle"}
    [source] = chain["series"]
    assert (source["quality"], source["series_id"]) == ("U", "one")


def test_a_name_that_several_regions_bear_is_told_with_their_codes(database):
    with pytest.raises(explain.ExplainError, match=r"Twin \(x\), Twin \(y\)"):
        explain.find_chain(database, "own", "Twin", 2021)
    assert explain.find_chain(database, "own", "y", 2021)["region"]["label"] == "Twin"


def test_the_sources_of_a_chain_have_an_anchor_each(database):
    with duckdb.connect(str(database), read_only=True) as con:
        [chain] = chains.read_chains(con, "groups", None, "1", 2020)
        anchors = {row["anchor"] for row in chain["series"]}
        assert len(anchors) == len(chain["series"])


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("study_id", ["own", "groups", "three", "empty", "small"])
def test_every_study_has_a_manuscript(database, study_id, language):
    with duckdb.connect(str(database), read_only=True) as con, speaking(language):
        found = read_manuscript(con, study_id, VERSIONS)
        text = found.methods_text()
        assert found.title
        is_own = study_id in ("own", "groups")
        cited = "panel.xlsx" in " ".join(found.citation)
        assert cited == is_own
        paper = {"en": "The paper whose method", "zh": "论文"}[language]
        has_paper = study_id in ("small", "empty")
        assert (paper in found.citation[-1]) == has_paper
        heading = {"en": "No results. ", "zh": "没有结果"}[language]
        assert (heading in text) == (study_id == "empty")
        names = [figure.name for figure in found.figures]
        assert ("belts" in names) == (study_id in ("groups", "three", "small"))
        assert ("map" in names) == (study_id in ("groups", "three", "small"))


def test_a_manuscript_tells_years_and_sources_of_the_users(database):
    with duckdb.connect(str(database), read_only=True) as con:
        found = read_manuscript(con, "own", VERSIONS)
        text = found.methods_text()
        assert "No indicator of the study has a figure in 2022;" in text
        assert "It is a user's own study, over figures of panel.xlsx." in text
        [sources] = [table for table in found.tables if table.name == "sources"]
        assert [row[2] for row in sources.rows] == ["U"]
        assert "SHA-256 00ff" in sources.rows[0][3]
        one_year = read_manuscript(con, "groups", VERSIONS).methods_text()
        assert "in 3 regions in 2020:" in one_year


def test_obstacles_of_a_manuscript_are_in_the_unit_of_their_heading(database):
    with duckdb.connect(str(database), read_only=True) as con:
        found = read_manuscript(con, "small", VERSIONS)
        [table] = [table for table in found.tables if table.name == "obstacles"]
        degrees = [row for row in table.rows if row[1] == "Obstacle degree (%)"]
        assert degrees[0][2] == pytest.approx(100 * 9 / 45, abs=1e-9)
        assert table.columns[2].printed(degrees[0][2]) == "20.00"


def test_tiles_of_a_users_regions_are_on_no_other_map(tmp_path):
    tables = with_own_studies()
    isle = next(r for r in tables["dim_regions"] if r["region_code"] == "a/1 北")
    isle |= {"tile_column": 9, "tile_row": 9}
    database = write_warehouse(tmp_path / "db", tables)
    with duckdb.connect(str(database), read_only=True) as con:
        assert list(ask(con, "study/tiles", study_id="own")["region"]) == ["Isle"]
        assert "Isle" not in set(ask(con, "study/tiles", study_id="small")["region"])
        assert list(ask(con, "study/tiles", study_id="own")["abbreviation"]) == ["Isle"]
