"""The letters of quality: the same words wherever they are explained."""

import pytest
from made_up_site import Page

from coupling.pages import chains
from coupling.words.language import LANGUAGES, speaking
from coupling.words.letters import letter_meanings, letters_sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_study_chain_and_quality_pages_give_the_letters_the_same_meaning(
    language, english, chinese
):
    pages = {"en": english, "zh": chinese}[language]
    with speaking(language):
        sentence, meanings = letters_sentence(), letter_meanings()
    assert sentence in Page(pages["small.html"]).text
    assert sentence in Page(pages["chains/small-1.html"]).text
    quality = Page(pages["quality.html"])
    shown = {
        row[0]: row[1]
        for rows in quality.tables.values()
        for row in rows
        if row[0] in meanings
    }
    assert shown == meanings
    assert all(meaning in sentence for meaning in meanings.values())


def test_how_to_read_a_chain_ends_with_the_letters():
    method = {"aggregation": "linear", "normalisation_scope": "panel"}
    for language in LANGUAGES:
        with speaking(language):
            sentence = letters_sentence()
        assert chains.reading(method, language)[-1] == sentence
