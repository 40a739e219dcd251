"""The page of household surveys."""
# ruff: noqa: RUF001, the pages print dashes and signs of their own

import re

import pytest
import vl_convert
from made_up_site import (
    BANNER,
    CHAINS,
    CLOSING,
    HOSTILE,
    PAGES,
    WAREHOUSE,
    Page,
    data_of,
    rendered,
    write_warehouse,
)


@pytest.fixture(scope="module")
def surveys(english):
    return Page(english["households.html"])


@pytest.fixture(scope="module")
def without_surveys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("none")
    rows = WAREHOUSE | {"fct_household_anomalies": []}
    return rendered(write_warehouse(folder / "db", rows))


def test_without_households_there_is_no_page_and_no_link(without_surveys):
    rest = [name for name in [*PAGES, *CHAINS] if name != "households.html"]
    assert list(without_surveys) == rest
    index = Page(without_surveys["index.html"])
    assert "ousehold" not in index.text
    assert not any(tags.get("href") == "households.html" for _, tags in index.tags)


def test_the_banner_is_shown_for_simulated_households_only(english, surveys):
    assert surveys.text.count(BANNER) == 1
    made_up, tiny = english["households.html"].split('<section id="survey-2">')
    assert BANNER in made_up
    assert BANNER not in tiny
    assert "made_up (simulated): 23 of 1,624" in Page(english["index.html"]).text
    assert "Belgian francs (BEF)" in Page(tiny).text
    assert "yuan (CNY)" in Page(made_up).text


def test_households_are_counted_with_the_reasons_of_those_not_assessed(surveys):
    assert surveys.table("Households screened, made_up")[1:] == [
        ["Assessed", "1,624"],
        ["Not assessed", "3"],
        ["of them: no income", "2"],
        [f"of them: {HOSTILE}", "1"],
        # 21 with a reason, the hostile one and one that a reviewer settled
        ["Flagged 1.4% of those assessed", "23"],
        ["Overridden by a reviewer", "2"],
    ]


def test_detectors_are_compared_the_default_first(surveys):
    header, *rows = surveys.table("Detectors compared, made_up")
    assert header[-2:] == ["Also by isolation forest", "Also by three sigma"]
    assert rows == [
        ["isolation forest default", "0.500", "1,624", "22", "21", "7"],
        ["three sigma", "0.500", "1,624", "9", "8", "7"],
    ]
    assert surveys.table("Detectors against the planted anomalies")[1:] == [
        ["isolation forest default", "20", "0.432", "0.250", "0.125", "0.062"],
        ["three sigma", "20", "–", "–", "–", "–"],
    ]
    assert "no precision or recall here" in surveys.text


def test_score_bins_add_up_to_the_households(surveys):
    bins = data_of(surveys.charts()["scores_1_1"])
    assert sum(row["households"] for row in bins) == 1624
    assert len(bins) <= 40
    assert (bins[0]["from"], bins[-1]["to"]) == (0.25, 0.99)
    assert {row["threshold"] for row in bins} == {0.5}


def test_the_map_samples_the_households_that_are_not_flagged(surveys):
    marks = data_of(surveys.charts()["map_1"])
    flags = [row["flagged"] for row in marks]
    assert (flags.count(0), flags.count(1)) == (1500, 23)
    assert len({row["colour"] for row in marks}) == 2
    assert "1,500 not flagged and 23 flagged, a sample" in surveys.text
    # with one component the clusters take the other axis
    assert {row["y"] for row in data_of(surveys.charts()["map_2"])} == {1, 2}


def test_clusters_have_loadings_curves_and_profiles(surveys):
    assert surveys.table("Loadings of the principal components, made_up")[1:] == [
        ["per capita income", "−0.800", "+0.600"],
        ["share of variance explained", "70.0%", "20.0%"],
    ]
    assert surveys.table("Numbers of clusters tried, made_up")[1:] == [
        ["2", "80.500", "0.610", "best silhouette, chosen"],
        ["3", "40.250", "0.420", "elbow"],
    ]
    header, *rows = surveys.table("Profiles of the clusters, made_up")
    assert header[3:5] == ["Median net income", "Median asset debt ratio"]
    assert rows == [
        ["1", "812", "50.0%", "81,450", "0.123", "–", "11", "1.4%"],
        ["2", "812", "50.0%", "162,901", "–", "–", "11", "1.4%"],
    ]


def test_the_forest_shows_its_numbers_or_why_it_has_none(surveys):
    assert surveys.table("Random forest on the held-out households")[1:] == [
        ["normal", "1,602", "10", "9", "1", "–", "–", "0.818"],
        ["anomalous", "22", "10", "3", "7", "–", "–", "0.778"],
    ]
    assert surveys.table("Importance of the features")[1:] == [
        [HOSTILE, "+0.300", "–"],
        ["net income", "+0.100", "0.020"],
        ["family size", "−0.050", "–"],
    ]
    assert "in five folds 0.765 (sd 0.032)" in surveys.text
    assert "non-mortgage debt that separates best is 9,600, in yuan" in surveys.text
    assert "No random forest: too few are flagged." in surveys.text


def test_five_rules_of_each_outcome_are_told(surveys):
    assert re.findall(r"Rule (\d) of", surveys.text) == ["1", "2", "3", "4", "5"]
    assert "No rule for anomalous households." in surveys.text


def test_the_consumption_model_shows_its_error_or_why_it_has_none(surveys):
    assert surveys.table("Error of the consumption model, made_up")[1:] == [
        ["all", "asinh", "400", "1,200", "1,180", "0.304", "0.152", "−4.0%"],
        ["all", "money", "400", "1,200", "1,180", "43,616", "21,808", "−4.0%"],
    ]
    assert surveys.table("Error of the consumption model, tiny")[1:] == [
        ["all", "asinh", "too few households"]
    ]


def test_the_twenty_of_the_highest_score_are_listed(surveys):
    _, *rows = surveys.table("Most anomalous households, made_up")
    assert len(rows) == 20
    assert rows[:3] == [
        [HOSTILE, "–", "2021", "0.990", "anomalous", CLOSING],
        ["h8000", "–", "2021", "0.980", "overridden: normal", HOSTILE],
        ["h7020", "–", "2021", "0.702", "anomalous", "Reason 7020: −0.5."],
    ]
    assert rows[-1][0] == "h7003"
    assert "No household is flagged." in surveys.text


def test_what_is_told_of_households_is_chinese_on_the_chinese_page(chinese):
    page = Page(chinese["households.html"])
    assert page.table("筛查的家庭，made_up")[3:5] == [
        ["其中： 没有收入", "2"],
        [f"其中： {CLOSING}", "1"],
    ]
    _, *rows = page.table("最异常的家庭，made_up")
    assert [row[-1] for row in rows[:3]] == [CLOSING, HOSTILE, "原因7020为−0.5。"]
    assert "没有随机森林：被标记的太少。" in page.text
    assert page.table("消费模型的误差，tiny")[1:] == [
        ["全部", "反双曲正弦", "家庭太少"]
    ]
    assert re.findall(r"异常规则(\d)。", page.text) == ["1", "2", "3", "4", "5"]
    assert CLOSING in page.text.split("（正常家庭）")[1]
    assert "Reason" not in page.text and "fitted" not in page.text


def test_hostile_households_are_text(english, surveys):
    assert HOSTILE not in english["households.html"]
    assert HOSTILE in surveys.text
    names = [name for name, _ in surveys.scripts]
    assert names == ["charts", None, "words", None, None]
    assert "<" not in surveys.script("charts")


def test_charts_of_households_draw(surveys):
    for name, specification in surveys.charts().items():
        assert specification["name"] == name
        assert specification["data"]["name"] == f"{name}_data"
        drawing = vl_convert.vegalite_to_svg(
            specification | {"width": 400}, allowed_base_urls=[]
        )
        assert "NaN" not in drawing
