"""Finds English prose in a page that should speak another language."""

import json
import re
from html.parser import HTMLParser

WORD = re.compile(r"[A-Za-z][a-z]{2,}")
# ids as the warehouse writes them, and paths
ID = re.compile(r"\b[\w./]*[a-z0-9]+[_./][\w./]*\w\b")
# software, formats, surveys and the project's own name, the same in every language
NAMES = re.compile(
    r"JavaScript|BibTeX|Coupling Warehouse|Parquet|Excel|Student|Python|DuckDB|dbt"
    r"|Great Expectations|Pearson|Spearman"
    r"|numpy|polars|pandas|pymcdm|scikit-criteria"
    r"|(?<=构建)[0-9a-f]{12}"
)
# elements whose text is code, formulas or an entry to copy
NOT_PROSE = {"code", "pre", "math", "style", "script"}
READ_ALOUD = ("aria-label", "title", "alt", "placeholder")
# of a chart: what it says, and what its rows hold for the machine only
SPOKEN_KEYS = ("title", "description")
CODE_COLUMNS = ("line", "colour", "item_id", "state")


class Prose(HTMLParser):
    """Texts of a page that a reader sees or hears, in `texts`."""

    def __init__(self, source):
        super().__init__()
        self.texts, self.open = [], []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        self.texts += [known[name] for name in READ_ALOUD if known.get(name)]
        other = known.get("lang") == "en" or "household" in known.get("class", "")
        self.open.append((tag, other, known.get("id")))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self.open and self.open[-1][2] == "charts":
            for chart in json.loads(data).values():
                self.texts += said_by(chart)
        elif not any(tag in NOT_PROSE or other for tag, other, _ in self.open):
            self.texts.append(" ".join(data.split()))


def said_by(part, key=None):
    """Yield the titles and descriptions of a chart and the words in its rows."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "values":
                # an axis has numbers there
                for row in (row for row in value if isinstance(row, dict)):
                    yield from (
                        text
                        for column, text in row.items()
                        if isinstance(text, str) and column not in CODE_COLUMNS
                    )
            else:
                yield from said_by(value, name)
    elif isinstance(part, list):
        for value in part:
            yield from said_by(value, key)
    elif isinstance(part, str) and key in SPOKEN_KEYS:
        yield part


def english_in(source):
    """The texts of a page that hold an English word, each once."""
    texts = dict.fromkeys(Prose(source).texts)
    return [text for text in texts if WORD.search(NAMES.sub("", ID.sub("", text)))]
