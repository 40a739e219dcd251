"""The pages of regions and the list that leads to them."""
# ruff: noqa: RUF001, the pages print dashes and signs of their own

import pytest
from made_up_site import HOSTILE, REASON, Page, data_of


@pytest.fixture(scope="module")
def alpha(english):
    return Page(english["regions/1.html"])


def test_the_list_has_every_region_with_degree_and_rank_by_study(english):
    header, *rows = Page(english["regions.html"]).table("D and rank by region")
    assert header == ["Region", "Belt", "Small study", "Empty study", HOSTILE]
    assert rows == [
        ["Alpha", "East", "0.713 (1)", "–", "0.450 (1)"],
        ["Beta", "East", "0.582 (2)", "–", "–"],
        ["Gamma", "West", "0.331 (3)", "–", "–"],
        ["Delta", "West", "–", "–", "–"],
        [HOSTILE, HOSTILE, "–", "–", "0.450 (1)"],
    ]


def test_a_region_tells_its_standing_in_every_study(alpha, english):
    text = " ".join(alpha.text.split())
    assert "Small study: D = 0.713 in 2021, rank 1 of 3, high." in text
    assert "Empty study: not computed in 2021." in text
    delta = " ".join(Page(english["regions/4.html"]).text.split())
    assert f"Small study: not computed in 2021. {REASON}" in delta
    first = next(rows for rows in alpha.tables.values() if rows[0][0] == "Year")
    assert first[1:] == [
        ["2020", "0.610", "0.900", "0.413", "1", "high", "System A"],
        ["2021", "0.713", "0.900", "0.564", "1", "high", "System A"],
    ]


def test_strengths_and_weaknesses_are_against_the_mean_of_the_belt(alpha):
    # X4 is as the belt is, and regions of another belt do not count
    assert alpha.table("Strengths: furthest above the mean")[1:] == [
        ["X1 Label of X1", "System A", "0.750", "0.500", "+0.250"]
    ]
    assert alpha.table("Weaknesses: furthest below the mean")[1:] == [
        ["X3 Label of X3", "System A", "0.250", "0.500", "−0.250"]
    ]


def test_gains_are_those_of_the_default_method_in_the_last_year(alpha):
    assert alpha.table("What would raise D most, 2021")[1:] == [
        ["X2 Label of X2", "System A", "0.250", "+0.00250"],
        ["X1 Label of X1", "System A", "0.750", "+0.00125"],
        ["X9 Label of X9 (proxy)", "System B", "0.500", "+0.00100"],
    ]


def test_a_proxy_on_the_page_of_a_region_is_explained(alpha, english):
    assert alpha.text.count("(proxy) marks an indicator") == 1
    assert "(proxy)" not in Page(english["regions/5.html"]).text


def test_the_chart_of_a_region_has_its_degrees_and_a_style_by_study(alpha, english):
    drawn = [
        (row["line"], row["year"], row["value"])
        for row in data_of(alpha.charts()["standing"])
    ]
    assert drawn == [
        ("small", 2020, 0.61),
        ("small", 2021, 0.7126),
        ("three", 2020, 0.45),
    ]
    colours = [tags["stroke"] for tag, tags in alpha.tags if tag == "line"]
    last = Page(english["regions/5.html"])
    assert [tags["stroke"] for tag, tags in last.tags if tag == "line"] == colours[1:]
    assert not any(
        name == "charts" for name, _ in Page(english["regions/4.html"]).scripts
    )


def test_a_region_is_named_in_the_language_of_the_page(chinese):
    page = Page(chinese["regions/2.html"])
    assert ("乙地" in page.text, "Beta" in page.text) == (True, False)
