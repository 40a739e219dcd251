"""The messages of the site, as they stand in its templates and code.

`python -m coupling_reports.catalogue` brings the files in `translations/` up to date:
new messages come in without a translation, which a test then asks for, and those that
are gone leave.
"""

import csv
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from coupling_reports.forecasts import BASES, LIMIT_CLASSES, LOSS_BASES, MODELS
from coupling_reports.language import CATALOGUES, ENGLISH, LANGUAGES
from coupling_reports.pages import PLACES
from coupling_reports.papers import LABELS
from coupling_reports.tables import ORIGINS

HERE = Path(__file__).parent
STATUSES = HERE.parent / "seeds" / "reference" / "statuses.csv"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
# codes of the tables that the pages print as words
CODES = [
    *("computed", "measured", "proxy", "no series", "excluded", "synchronous"),
    *("identity", "ratio", "per area", "growth pct", "location quotient"),
    "perpetual inventory",
    *("agrees", "disagrees", "cannot be recomputed", "underwrite", "decline"),
    *("good", "qualified", "barely qualified", "unqualified", "without a class"),
    *("typhoon", "flood", "hailstorm"),
    *MODELS.values(),
    *BASES.values(),
    *LOSS_BASES.values(),
    *LIMIT_CLASSES.values(),
    *LABELS.values(),
]


def messages() -> Catalog:
    """Return every message of templates and code, and the words of the tables."""
    catalogue = Catalog(fuzzy=False)
    for source in sorted([*HERE.rglob("*.py"), *HERE.glob("templates/*.j2")]):
        is_code = source.suffix == ".py"
        found = extract_from_file(
            "python" if is_code else "jinja2.ext:babel_extract",
            source,
            keywords=KEYWORDS,
            options={} if is_code else {"silent": "false", "trimmed": "true"},
        )
        for _line, message, _comments, _context in found:
            catalogue.add(message)
    with STATUSES.open(encoding="utf-8", newline="") as file:
        reasons = [row["reason"] for row in csv.DictReader(file) if row["reason"]]
    for word in [*CODES, *PLACES, *ORIGINS.values(), *reasons]:
        catalogue.add(word)
    return catalogue


def read(language: str) -> Catalog:
    """Return the translations into a language."""
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> None:
    """Bring the file of a language up to date with the messages."""
    catalogue = read(language)
    catalogue.update(messages(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with (CATALOGUES / f"{language}.po").open("wb") as file:
        write_po(file, catalogue, width=88, sort_output=True)


if __name__ == "__main__":
    for code in LANGUAGES:
        if code != ENGLISH:
            update(code)
