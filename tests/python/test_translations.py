"""The Chinese words of the site: whole, with the same placeholders, none too many."""

import re

import pytest
from made_up_site import Page

from coupling_reports import catalogue
from coupling_reports.language import CHINESE

PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*\}")
# names and symbols that are the same in both languages
ALIKE = re.compile(r"^(D|C|T|GM\(1,1\)|TOPSIS|CRITIC|English|,|;|\W*)$")


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


def test_headings_of_a_chinese_study_page_are_chinese(chinese, messages):
    page = Page(chinese["small.html"])
    words = {form for message in messages for form in forms(message)}
    shown = {cell for rows in page.tables.values() for cell in rows[0]}
    shown |= {tags["aria-label"] for _, tags in page.tags if "aria-label" in tags}
    assert len(shown) > 40
    assert [w for w in shown if w in words and not ALIKE.match(w)] == []
    assert not any(re.search(r"[A-Za-z]{4}", w) for w in shown), shown
