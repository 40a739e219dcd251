"""The glossary: every term once, in both languages, in the words of the pages."""

import csv
import re

import pytest
from made_up_site import Page

from coupling.base.paths import Paths
from coupling.pages.glossary import TERMS

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SCHEMES = {"six_levels": "six-level grades", "ten_levels": "ten-level grades"}


@pytest.fixture(scope="module")
def terms():
    with TERMS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("column", ["term", "term_zh"])
def test_every_term_stands_once(terms, column):
    names = [row[column].lower() for row in terms]
    assert sorted(names) == sorted(set(names))


def test_every_term_has_name_and_meaning_in_both_languages(terms):
    for row in terms:
        assert all(row[key] for key in ("term", "term_zh", "meaning", "meaning_zh"))
        assert not CHINESE.search(row["term"] + row["meaning"]), row["term"]
        assert CHINESE.search(row["term_zh"]), row["term"]
        assert CHINESE.search(row["meaning_zh"]), row["term"]
        # sentences end as such
        assert row["meaning"].endswith("."), row["term"]
        assert row["meaning_zh"].endswith("。"), row["term"]


def test_the_page_has_an_anchor_for_every_term(english, terms):
    page = Page(english["glossary.html"])
    anchors = [tags["id"] for tag, tags in page.tags if tag == "tr" and "id" in tags]
    assert len(set(anchors)) == len(anchors) == len(terms)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_grades_are_those_of_the_seed(terms, scheme):
    [row] = [row for row in terms if row["term"] == SCHEMES[scheme]]
    path = Paths().project / "seeds" / "reference" / "grade_schemes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        grades = [
            grade
            for grade in csv.DictReader(file)
            if grade["grade_scheme_id"] == scheme
        ]
    for grade in grades:
        assert grade["grade"].split()[0] in row["meaning"]
        assert grade["grade_zh"] in row["meaning_zh"]
