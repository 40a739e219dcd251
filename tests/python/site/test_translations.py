"""The Chinese words of the site: whole, with the same placeholders, none too many."""

import json
import re

import pandas as pd
import pytest
from made_up_site import Page, read_pages
from prose import english_in

from coupling.base.paths import Paths
from coupling.site import catalogue
from coupling.words.in_both import in_both, joined_in_both
from coupling.words.language import CHINESE

PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*\}")
# names and symbols that are the same in both languages
ALIKE = re.compile(r"^(D|C|T|BibTeX|GM\(1,1\)|TOPSIS|CRITIC|English|,|;|\W*)$")


@pytest.fixture(scope="module")
def messages():
    return {message.id: message for message in catalogue.messages() if message.id}


@pytest.fixture(scope="module")
def chinese_words():
    return catalogue.read(CHINESE)


def forms(text):
    return text if isinstance(text, tuple | list) else (text,)


def test_every_message_has_a_translation(messages, chinese_words):
    missing = [
        message
        for message in messages
        if message not in chinese_words or not all(forms(chinese_words[message].string))
    ]
    assert missing == []


def test_no_translation_is_left_of_a_message_that_is_gone(messages, chinese_words):
    gone = [m.id for m in chinese_words if m.id and m.id not in messages]
    assert gone == []
    assert list(chinese_words.obsolete) == []
    assert [m.id for m in chinese_words if m.id and m.fuzzy] == []


def test_a_translation_has_the_placeholders_of_its_message(chinese_words):
    for message in chinese_words:
        # Chinese has one form, which serves every number
        wanted = set(PLACEHOLDER.findall(forms(message.id)[-1]))
        for text in forms(message.string) if message.id else ():
            assert set(PLACEHOLDER.findall(text)) == wanted, message.id


IN_SEEDS = {
    "reference/expectations": ["reason"],
    "reference/regions": ["note"],
    "reference/series_breaks": ["reason"],
    "reference/sources": ["publisher", "title", "citation", "note"],
    "studies/indicators": ["note"],
}


@pytest.mark.parametrize(
    ("seed", "column"),
    [(seed, column) for seed, columns in IN_SEEDS.items() for column in columns],
)
def test_texts_of_a_seed_have_their_chinese_beside_them(seed, column):
    rows = pd.read_csv(Paths().seeds / f"{seed}.csv", dtype=str, keep_default_na=False)
    texts, chinese = rows[column], rows[f"{column}_zh"]
    assert ((texts == "") == (chinese == "")).all()
    given = rows[texts != ""]
    assert len(given) > 10
    assert given[f"{column}_zh"].str.contains("[\u4e00-\u9fff]").all()
    # a text has one Chinese text
    assert (given.groupby(column)[f"{column}_zh"].nunique() == 1).all()
    # each number stands in both, but for 一 and the like
    for row in given.to_dict("records"):
        numbers = set(re.findall(r"\d{4}", row[column]))
        assert numbers <= set(re.findall(r"\d{4}", row[f"{column}_zh"])), row[column]


def test_headings_of_a_chinese_study_page_are_chinese(chinese, messages):
    page = Page(chinese["small.html"])
    words = {form for message in messages for form in forms(message)}
    shown = {cell for rows in page.tables.values() for cell in rows[0]}
    shown |= {tags["aria-label"] for _, tags in page.tags if "aria-label" in tags}
    assert len(shown) > 40
    assert [w for w in shown if w in words and not ALIKE.match(w)] == []
    assert not any(re.search(r"[A-Za-z]{4}", w) for w in shown if not ALIKE.match(w)), (
        shown
    )


# --- pages of the shipped warehouse -----------------------------------------------


@pytest.fixture(scope="module")
def shipped(shipped_site):
    return read_pages(shipped_site, CHINESE)


def test_english_is_found_where_it_stands():
    assert english_in("<p>年份 Where more is better</p>") != []
    assert english_in('<div role="img" aria-label="Line chart: 年份"></div>') != []
    assert (
        english_in("<p>见<code>marts.dim_regions</code>和marts.dim_regions</p>") == []
    )
    assert english_in("<math><mo>max</mo></math><p>CSV、TOPSIS、GM(1,1)</p>") == []
    assert english_in('<a lang="en">English</a><td class="household">ann</td>') == []
    chart = {"a": {"title": "年份", "mark": {"type": "line"}, "data": {"values": []}}}
    page = '<script id="charts">{}</script>'
    assert english_in(page.format(json.dumps(chart))) == []
    chart["a"]["data"]["values"] = [{"region": "Beijing", "colour": "red"}]
    assert english_in(page.format(json.dumps(chart))) == ["Beijing"]
    chart["a"] = {"encoding": {"x": {"title": "Mean score"}}}
    assert english_in(page.format(json.dumps(chart))) == ["Mean score"]


def test_no_english_prose_is_left_on_a_chinese_page(shipped):
    assert len(shipped) > 100
    left = {path: english_in(page) for path, page in shipped.items()}
    assert {path: texts[:5] for path, texts in left.items() if texts} == {}


def test_a_sentence_in_both_languages_keeps_its_parts():
    hazards = joined_in_both([in_both("typhoon"), in_both("flood")])
    assert hazards == ("typhoon, flood", "台风、洪涝")
    assert in_both("No expected loss rate of {hazards}.", hazards=hazards) == (
        "No expected loss rate of typhoon, flood.",
        "没有台风、洪涝的预期损失率。",
    )
    # what nobody has translated is said as it is, and a brace without parts is one
    assert in_both("Nobody wrote {this} down.") == ("Nobody wrote {this} down.",) * 2
