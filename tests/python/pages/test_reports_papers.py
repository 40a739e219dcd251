"""The page about what the papers print."""
# ruff: noqa: RUF001, the pages print dashes and signs of their own

import pandas as pd
import pytest
from made_up_site import HOSTILE, MODELS, WAREHOUSE, Page, rendered, write_warehouse

from coupling.pages import papers
from coupling.pages.pages import environment
from coupling.words.language import speaking


@pytest.fixture(scope="module")
def printed(english):
    return Page(english["papers.html"])


def test_verdicts_are_counted_by_paper_and_check(printed):
    assert "Of 17 claims in papers 07, 08, 4 agree, 12 disagree and 1 cannot" in (
        printed.text
    )
    rows = printed.table("Claims by paper, check and verdict")[1:]
    assert rows == [
        ["07", "sentences of the paper", "5", "0", "4", "1"],
        ["08", "growth rates fit their ends, over n years", "3", "1", "2", "0"],
        ["08", "growth rates fit their ends, over n - 1 years", "3", "0", "3", "0"],
        ["08", "growth rates fit their ends, over n + 1 years", "3", "2", "1", "0"],
        ["08", "loss rates follow from losses and product", "2", "1", "1", "0"],
        ["08", "own check", "1", "0", "1", "0"],
    ]


def test_the_widest_gap_is_told_first_and_words_last(printed):
    told = printed.text.split("What disagrees, and why")[1].split("Of 3 growth")[0]
    places = [
        told.index(text)
        for text in (
            "Row wide: Claim wide",  # 9 for 2
            "Row narrow: Claim narrow.",
            "Row narrower: Claim narrower",
            "Row half: Claim half",  # 15 for 10, behind the worst of its paper
            "Row growth_over_n 1",  # no gap
            "Row words",  # not a number
        )
    ]
    assert places == sorted(places)
    assert "4 of 5 claims disagree" in told
    assert "1 of 2 claims disagrees" in told
    assert "1 of 1 claims disagrees" in told
    assert "narrowest" not in told
    assert (
        "Of 3 growth rates, 0 over n - 1, 1 over n and 2 over n + 1 steps lead from "
        "the first printed index to the last, n being the years between: most fit "
        "over n + 1."
    ) in printed.text


def test_claims_are_listed_whole_and_those_that_disagree_once_more(printed):
    disagreeing = printed.table("Claims that disagree")[1:]
    assert len(disagreeing) == 12
    assert {row[8] for row in disagreeing} == {"disagrees"}
    listed = printed.table("All claims of paper 07")[1:]
    assert [row[2] for row in listed] == [
        *("Row missing", "Row narrow", "Row narrower", "Row narrowest", "Row wide")
    ]
    assert listed[0] == [
        *("07", "table 4", "Row missing", "Claim missing", "3.00", "–", "–", "–"),
        *("cannot be recomputed", "Explanation missing."),
    ]
    assert listed[1][4:8] == ["2.00", "2.5", "0.5", "0.005"]
    assert listed[4][9] == HOSTILE
    [words] = [row for row in disagreeing if row[2] == "Row words"]
    assert words[3:8] == [HOSTILE, "a word", "a word", "–", "–"]


def test_claims_are_listed_in_chinese_on_the_chinese_page(chinese):
    printed = Page(chinese["papers.html"])
    listed = printed.table("论文07的全部论断")[1:]
    assert listed[0] == [
        *("07", "表4", "missing行", "missing之说", "3.00", "–", "–", "–"),
        *("无法核算", "missing的说明。"),
    ]
    [words] = [row for row in printed.table("论文08的全部论断") if "words行" in row]
    assert words[4:6] == ["一词", "算得一词"]
    assert "wide行：wide之说。wide的说明。" in printed.text
    assert "论文07：有一行为 印了两次并读作甲地。" in printed.text


@pytest.mark.parametrize(
    ("language", "table_name", "said"),
    [
        *(("en", "table_4", "table 4"), ("zh", "table_12", "表12")),
        *(("en", "text", "text"), ("zh", "text", "正文")),
    ],
)
def test_a_table_of_a_paper_is_named(language, table_name, said):
    with speaking(language):
        assert papers.table_label(table_name) == said


def test_replication_stands_beside_its_coverage_for_the_default_method(printed):
    assert printed.table("Coupling coordination degrees against")[1:] == [
        [
            *("Small study", "07", "9 / 10", "1", "2021", "3", "0.876", "0.500"),
            *("0.046", "+0.042", "66.7%"),
        ]
    ]
    assert "Paper 07: one row is printed twice; read as Alpha." in printed.text
    assert printed.table("Largest obstacles that paper 07 prints")[1:] == [
        ["2021", "2021", "all together", "8", "6", "2", "5", "−0.432", "90.0%"]
    ]


def test_the_page_of_the_papers_has_no_chart(printed, small):
    assert [name for name, _ in printed.scripts] == ["words", None, None]
    links = {tags.get("href") for tag, tags in small.tags if tag == "a"}
    assert "papers.html" in links


def test_without_checks_there_is_no_page_of_the_papers(tmp_path):
    path = write_warehouse(tmp_path / "db", WAREHOUSE | {"fct_published_checks": []})
    pages = rendered(path)
    assert "papers.html" not in pages
    assert "papers.html" not in pages["index.html"]


def test_growth_rates_are_told_only_where_all_readings_are_checked():
    columns = ["check_name", "claim_count", "agrees"]
    counts = pd.DataFrame([("growth_over_n", 3, 1)], columns=columns)
    assert papers.growth_readings(counts) is None


def test_every_check_of_the_project_has_words(printed):
    modules = (MODELS.parent / "scripts" / "coupling" / "audit").glob("*.py")
    code = "".join(module.read_text(encoding="utf-8") for module in modules)
    assert all(f'"{check}"' in code for check in papers.LABELS)


def test_papers_are_named_as_printed(english):
    page = Page(english["papers.html"])
    assert "Paper 07: A. Author, B. Author. A made-up paper." in page.text
    text = " ".join(Page(english["small.html"]).text.split())
    assert "to be cited too: Paper 07: A. Author" in text


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        ("en", "made-up things", "Paper 07: made-up things"),
        ("zh", "虚构的事物", "论文07：虚构的事物"),
        ("en", None, "Paper 07"),
    ],
)
def test_a_paper_without_a_title_is_named_by_its_subject(language, subject, said):
    template = environment().from_string(
        "{% import 'macros.html.j2' as ui with context %}{{ ui.paper(row) }}"
    )
    row = {"paper_id": "07", "paper_title": None, "paper_subject": subject}
    with speaking(language):
        assert template.render(row=row).strip() == said
