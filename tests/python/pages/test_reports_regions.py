"""The pages of regions and the list that leads to them."""
# ruff: noqa: RUF001, the pages print dashes and signs of their own

import duckdb
import pytest
from made_up_site import (
    HOSTILE,
    REASON,
    UNUSABLE,
    WAREHOUSE,
    Page,
    data_of,
    write_warehouse,
)

from coupling.pages.pages import environment, links
from coupling.pages.regions import region_pages
from coupling.words import region_findings


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
    assert (
        "Small study: D = 0.713 in 2021, rank 1 of 3, high; 0.065 above the mean of "
        "its belt, 0.647."
    ) in text
    assert f"Empty study: not computed in 2021: {UNUSABLE}." in text
    delta = " ".join(Page(english["regions/4.html"]).text.split())
    assert f"Small study: not computed in 2021: {REASON}." in delta
    gamma = " ".join(Page(english["regions/3.html"]).text.split())
    assert "low; the only region of its belt with a result." in gamma
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


def test_the_strongest_and_the_weakest_indicator_are_told(alpha, english):
    assert (
        "Against the mean of its belt it is strongest in X1 Label of X1 (+0.250) and "
        "weakest in X3 Label of X3 (−0.250)."
    ) in alpha.text
    gamma = " ".join(Page(english["regions/3.html"]).text.split())
    assert "neither strengths nor weaknesses" in gamma
    assert "No indicator has a value to set against" in (
        Page(english["regions/4.html"]).text
    )


def named(lead, *, is_shared_name=False):
    row = {"indicator_id": "X1", "label": "Size", "system": "A"}
    return [row | {"lead": lead, "is_shared_name": is_shared_name}]


@pytest.mark.parametrize(
    ("ahead", "behind", "said"),
    [
        (named(0.25), [], "strongest in X1 Size (+0.250); it has no weakness:"),
        ([], named(-0.25), "weakest in X1 Size (−0.250); it has no strength:"),
        (
            named(0.25, is_shared_name=True),
            named(-0.25),
            "strongest in X1 Size in A (+0.250) and weakest in X1 Size (−0.250).",
        ),
    ],
)
def test_a_region_without_a_strength_or_a_weakness_says_so(ahead, behind, said):
    for is_belt, group in ((True, "belt"), (False, "group")):
        sentence = region_findings.extremes(
            ahead, behind, is_compared=True, is_belt=is_belt
        )
        assert f"Against the mean of its {group} it is {said}" in sentence


@pytest.mark.parametrize(
    ("degree", "said"),
    [
        (0.4, "0.100 below the mean of its belt, 0.500."),
        (0.5001, "at the mean of its belt, 0.500."),
        (0.6, "0.100 above the mean of its belt, 0.500."),
    ],
)
def test_a_region_stands_against_the_mean_of_its_belt(degree, said):
    row = {
        **{"study": "Study", "year": 2021, "grade": "low", "status": "computed"},
        **{"degree": degree, "coordination_rank": 2, "region_count": 3},
        **{"belt_region_count": 2, "belt_mean": 0.5},
        **{"group_id": "east", "grouping_id": "three_belt"},
    }
    stands = f"Study: D = {degree:.3f} in 2021, rank 2 of 3, low"
    assert region_findings.standing(row) == f"{stands}; {said}"
    row["grouping_id"] = "income"
    said = said.replace("belt", "group")
    assert region_findings.standing(row) == f"{stands}; {said}"
    row["group_id"] = None
    assert region_findings.standing(row) == f"{stands}."


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


def test_a_region_graded_by_several_schemes_says_so(alpha, tmp_path):
    assert "the same D may have another name in another study" not in alpha.text
    studies = [
        row | ({"grade_scheme_id": "other"} if row["study_id"] == "three" else {})
        for row in WAREHOUSE["dim_studies"]
    ]
    grades = WAREHOUSE["dim_grades"]
    others = [row | {"grade_scheme_id": "other"} for row in grades]
    tables = {"dim_studies": studies, "dim_grades": [*grades, *others]}
    path = write_warehouse(tmp_path / "db", WAREHOUSE | tables)
    with duckdb.connect(str(path), read_only=True) as con:
        pages = {page.path: page for page in region_pages(con)}
    said = "the same D may have another name in another study"
    for name, is_told in (("regions/1.html", True), ("regions/2.html", False)):
        page = pages[name]
        assert page.context["has_schemes"] == is_told
        template = environment().get_template(page.template)
        text = template.render(page.context, menu=[], **links(page, "en"))
        assert (said in text) == is_told
