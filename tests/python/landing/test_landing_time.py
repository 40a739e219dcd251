"""Reading a text takes a time that grows with its length, whatever it says.

Patterns that are quadratic in a text see texts of at most LONGEST_LABEL characters;
functions, which see whole cells, are timed at doubled lengths.
"""

import importlib
import pkgutil
import re
import time

import pytest

import coupling.base
import coupling.landing
import coupling.panels
import coupling.studies
from coupling.base import texts
from coupling.base.paths import Paths
from coupling.landing.dictionary import load_dictionary
from coupling.landing.layouts import NOTE, UNIT_STATEMENT
from coupling.panels import headings

PIECES = (
    *("*", "\u2460", " ", "(", ")", "[", "]", "0", "0,", "0.", "9 999", "\u5e74"),
    *("\u5355\u4f4d:", "unit:", "units: a ", "2020", "2020-", "a", "\u6ce8", "1)"),
    *(
        "(1)",
        "\u00b9",
        "-",
        "+",
        "e",
        "/",
        "\u5e02",
        "\u5143",
        "A",
        " ,",
        "\t",
        "\u4e0a",
    ),
    *(
        "\u5b63",
        "'",
        "<c ",
        "~",
        "notes",
        "\u6765\u6e90",
        ":",
        "\u4eba a ",
        "a \u4eba ",
    ),
)
ENDS = ("", "x", "\n", " \u4ee5\u4e0b")
# a hundred times what the slowest takes on the longest text, for a busy machine
SECONDS_A_PATTERN = 0.5
LENGTH = 6_000
LEAST_SECONDS = 0.01


def patterns() -> dict[str, re.Pattern]:
    """Every pattern that a module names through which a user's files go."""
    found = {}
    for package in (coupling.landing, coupling.studies, coupling.panels, coupling.base):
        for module in pkgutil.iter_modules(package.__path__):
            loaded = importlib.import_module(f"{package.__name__}.{module.name}")
            for name, value in vars(loaded).items():
                if isinstance(value, re.Pattern):
                    found[f"{module.name}.{name}"] = value
    return found


@pytest.mark.parametrize("name", patterns())
def test_a_pattern_is_soon_done_with_the_longest_label(name):
    pattern = patterns()[name]
    for piece in PIECES:
        for end in ENDS:
            text = (piece * texts.LONGEST_LABEL)[: texts.LONGEST_LABEL] + end
            if isinstance(pattern.pattern, bytes):
                text = text.encode()
            started = time.perf_counter()
            for find in (pattern.search, pattern.fullmatch, pattern.match):
                find(text)
            assert time.perf_counter() - started < SECONDS_A_PATTERN, (piece, end)


def test_patterns_are_found():
    assert {"texts.LABEL_NOTE", "layouts.NOTE", "dictionary.STATED_UNIT"} <= {
        *patterns()
    }


@pytest.fixture(scope="module")
def read():
    dictionary = load_dictionary(Paths().seeds, Paths().seeds / "none")
    return {
        "key": texts.key,
        "visible": texts.visible,
        "guarded": texts.guarded,
        "figure": texts.read_figure,
        "year": texts.read_year,
        "notes": lambda text: texts.without_notes(text, texts.LABEL_NOTE),
        "head": dictionary.head,
        "title": dictionary.title,
        "unit": dictionary.unit,
        "region": dictionary.region,
        "series": dictionary.series_of,
        "role": dictionary.role,
        "nearest": lambda text: dictionary.nearest(text, "region"),
        "note": lambda text: NOTE.match(texts.clean(text)),
        "unit statement": lambda text: UNIT_STATEMENT.search(texts.clean(text)),
        "heading": headings.read_heading,
        "year of": headings.year_of,
        "year in": headings.year_in,
    }


def seconds(function, text: str) -> float:
    """The shorter of two readings; each of a text that nothing remembers."""
    taken = []
    for mark in ("", "."):
        started = time.perf_counter()
        function(mark + text)
        taken.append(time.perf_counter() - started)
    return min(taken)


@pytest.mark.parametrize(
    "name",
    [
        *("key", "visible", "guarded", "figure", "year", "notes", "head", "title"),
        *("unit", "region", "series", "role", "nearest", "note", "unit statement"),
        *("heading", "year of", "year in"),
    ],
)
def test_a_text_of_double_length_takes_no_more_than_double_the_time(read, name):
    function = read[name]
    for piece in PIECES:
        for end in ENDS:
            short, long = (
                (piece * (length // len(piece))) + end
                for length in (LENGTH, 4 * LENGTH)
            )
            before = max(seconds(function, short), LEAST_SECONDS)
            # four times as long: 16 times as much where it grows with the square
            assert seconds(function, long) < 9 * before, (piece, end)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\u5317\u4eac\u5e02\u2460", "\u5317\u4eac\u5e02"),
        ("GDP ** \u2461", "GDP"),
        ("GDP [\u6ce81] (\u6ce82) \u00b2", "GDP"),
        ("GDP   *", "GDP"),
        ("**", ""),
        ("GDP (yuan)", "GDP (yuan)"),
        ("*GDP", "*GDP"),
        ("", ""),
    ],
)
def test_notes_behind_a_label_are_taken_off(text, left):
    assert texts.without_notes(text, texts.LABEL_NOTE) == left
