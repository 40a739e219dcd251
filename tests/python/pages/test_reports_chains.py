"""The pages that tell where a degree comes from."""
# ruff: noqa: RUF001, the pages print dashes and signs of their own

import duckdb
import pytest
from made_up_site import IN_CHINESE, REASON, UNUSABLE, Page

from coupling.pages import chains
from coupling.words import formats, tables


def test_every_degree_of_a_study_leads_to_its_year_of_the_chain(small):
    links = [tags["href"] for tag, tags in small.tags if tag == "a"]
    assert links.count("chains/small-2.html#y2020") == 1
    # region, D, C, T, grade and lagging system of the ranking, and D by year
    assert links.count("chains/small-2.html#y2021") == 7
    # without a result: region, the reason and the dash
    assert links.count("chains/small-4.html#y2021") == 3


def test_a_chain_tells_figures_shares_and_what_moved_the_degree(english):
    page = Page(english["chains/small-1.html"])
    assert "Alpha's D rose by 0.103 to 0.713, mostly through Label of X1" in page.text
    assert "Alpha's D is 0.610." in page.text
    assert "it is the first year of the study" in page.text
    header, row, total = page.table("System A, 2021")
    assert row[:3] == [
        "X1 Label of X1",
        "figure, 2021: 0.0625 units Series one (C)",
        "50 items",
    ]
    assert row[3:] == [
        *("observed", "0 – 100 (+)", "0.500", "0.200", "0.0100", "0.0100"),
        *("+0.1026", "50.0%"),
    ]
    assert header[7:9] == ["Squared distance to best", "Squared distance to worst"]
    assert total == ["System A", "+0.1026", "50.0%"]
    assert "1,234,567.25" in page.text
    assert "Citation of one" in page.text
    assert "0.9" not in " ".join(row)


def test_a_chain_without_a_degree_says_why(english):
    page = Page(english["chains/small-4.html"])
    assert f"Delta has no D in 2021: {REASON}." in page.text
    assert page.table("System A, 2021")[1][1:3] == ["no figure", "– items"]
    empty = Page(english["chains/empty-1.html"])
    assert f"Alpha has no D in 2020: {UNUSABLE}." in empty.text


def test_a_chinese_chain_says_why_in_chinese(chinese):
    page = Page(chinese["chains/small-4.html"])
    assert f"丁地2021年没有D：{IN_CHINESE[REASON]}。" in page.text
    assert "指标X1" in Page(chinese["chains/small-1.html"]).text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Alpha's D rose by 0.200 to 0.500, mostly through Patents (proxy) "),
        ("zh", "Alpha的耦合协调度D上升0.200，至0.500，主要来自Patents（替代）"),
    ],
)
def test_the_sentences_of_a_chain_mark_a_proxy(language, said):
    indicator = {
        "label": "Patents",
        "is_proxy": True,
        "coordination_change": 0.2,
        "change_status": "computed",
        "part_of_change": 0.2,
        "obstacle_degree": 1.0,
    }
    row = {
        "year": 2021,
        "status": "computed",
        "degree": 0.5,
        "lagging_system": None,
        "systems": [{"indicators": [indicator]}],
    }
    change, obstacle = chains.sentences(row, {"label": "Alpha"}, language)
    assert change.startswith(said)
    assert "Patents (proxy)" in obstacle or "Patents（替代）" in obstacle


def test_figures_that_nothing_divides_are_no_numerators(english):
    three = Page(english["chains/three-5.html"])
    cells = [cell for rows in three.tables.values() for row in rows for cell in row]
    # over the land area
    assert any("numerator, 2020: 15" in cell for cell in cells)
    small = Page(english["chains/small-1.html"]).text
    assert "figure, 2021: 0.0625 units" in small
    assert "numerator" not in small


def test_numbers_below_zero_have_a_minus_and_fixed_decimals():
    assert chains.number(-0.1) == "−0.1"
    assert chains.number(-1_234_567.0) == "−1,234,567"
    assert chains.published(-2.5) == "−2.5"
    assert tables.contribution(-0.10009) == "−0.1001"
    assert tables.contribution(0.00044) == "+0.0004"
    assert tables.contribution(0.00001) == "0.0000"
    assert tables.contribution(None) == tables.EN_DASH
    assert formats.as_printed(21_578_012.4) == "21578012"
    assert formats.as_printed(-123.4567891) == "−123.457"
    assert formats.with_minus("from -0.5, 2020-2021, X-1, n - 1") == (
        "from −0.5, 2020-2021, X-1, n - 1"
    )
    assert (
        formats.with_minus("收入为-0.5，2026-11-21裁定") == "收入为−0.5，2026-11-21裁定"
    )
    assert formats.with_minus(None) is None


def test_a_chinese_chain_has_full_width_signs(chinese):
    text = Page(chinese["chains/small-1.html"]).text
    assert "数据（2021年）：0.0625" in text
    assert "（C）" in text


def test_an_english_citation_names_its_series_in_english(warehouse):
    with duckdb.connect(str(warehouse), read_only=True) as con:
        for language, name in (("en", "E-commerce sales."), ("zh", "电子商务销售额。")):
            [chain] = chains.read_chains(
                con, "ecommerce_manufacturing_east", None, "330000", 2023, language
            )
            [cited] = [
                row["citation"]
                for row in chain["series"]
                if row["series_id"] == "ecommerce_sales_cny_100m"
            ]
            assert cited.endswith((f": {name}", f"：{name}"))
