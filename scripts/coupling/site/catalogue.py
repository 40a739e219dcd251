"""The messages of the site, as they stand in its templates and code.

`python -m coupling.site.catalogue` brings the files in `translations/` up to date:
new messages come in without a translation, which a test then asks for, and those that
are gone leave.
"""

import csv
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from coupling.base.paths import REPORTS, Paths
from coupling.base.texts import NO_FIGURE
from coupling.pages.forecasts import BASES, LIMIT_CLASSES, LOSS_BASES, MODELS
from coupling.pages.pages import PLACES
from coupling.pages.papers import LABELS
from coupling.site.lineage import PUBLISHED, first_sentence
from coupling.words.language import CATALOGUES, ENGLISH, LANGUAGES
from coupling.words.tables import FEATURES, ORIGINS

CODE = Path(__file__).parents[1]
# rooms that speak to users in both languages
SPEAKING = (
    *("answers", "audit", "charts", "contracts", "engine", "expectations"),
    *("forecasting", "households", "landing", "manuscripts", "pages", "panels"),
    *("prose", "publishing", "queries", "refresh", "site", "studies", "words"),
)
SEEDS = Paths().seeds
DESCRIBED = Paths().project / "models"
# the shipped tables whose units the pages print
WITH_UNITS = ("reference/series.csv", "studies/indicators.csv")
KEYWORDS = {"_": None, "gettext": None, "in_both": None, "ngettext": (1, 2)}
# codes of the tables that the pages print as words
CODES = [
    *("computed", "measured", "proxy", "no series", "excluded", "synchronous"),
    *("identity", "ratio", "per area", "growth pct", "location quotient"),
    "perpetual inventory",
    *("agrees", "disagrees", "cannot be recomputed", "underwrite", "decline"),
    *("good", "qualified", "barely qualified", "unqualified", "without a class"),
    *("typhoon", "flood", "hailstorm"),
    *("study", "row", "figure", "file", "survey"),
    *("shipped", "workspace", "added", "changed", "removed", "warning", "error"),
    "not stated",
    # sheets of a study's workbook
    *("ranking", "means", "indicators", "scores and degrees", "grades", "obstacles"),
    "imputation",
    *("landing", "screening", "scaling"),
    *("split", "no degree before", "no degree after", "no counterfactual"),
    *("normal", "anomalous", "all", "money", "asinh"),
    *MODELS.values(),
    *BASES.values(),
    *LOSS_BASES.values(),
    *LIMIT_CLASSES.values(),
    *LABELS.values(),
]


def messages() -> Catalog:
    """Return every message of templates and code, and the words of the tables."""
    catalogue = Catalog(fuzzy=False)
    code = [path for room in SPEAKING for path in (CODE / room).glob("*.py")]
    for source in sorted([*code, *REPORTS.glob("templates/*.j2")]):
        is_code = source.suffix == ".py"
        found = extract_from_file(
            "python" if is_code else "jinja2.ext:babel_extract",
            source,
            keywords=KEYWORDS,
            options={} if is_code else {"silent": "false", "trimmed": "true"},
        )
        for _line, message, _comments, _context in found:
            catalogue.add(message)
    words = [*CODES, *NO_FIGURE, *PLACES, *ORIGINS.values(), *FEATURES]
    for word in [*words, *printed_units(), *documented_texts()]:
        catalogue.add(word)
    return catalogue


def printed_units() -> list[str]:
    """Return the units of the shipped tables that the pages print."""
    units: dict[str, None] = {}
    for name in WITH_UNITS:
        with (SEEDS / name).open(encoding="utf-8", newline="") as file:
            units |= dict.fromkeys(row["unit"] for row in csv.DictReader(file))
    return [unit for unit in units if unit]


def documented_texts() -> list[str]:
    """Return what the page of the lineage takes from the descriptions of the models."""
    described = [
        entry
        for path in sorted(DESCRIBED.rglob("*.yml"))
        for entries in yaml.safe_load(path.read_text(encoding="utf-8")).values()
        if isinstance(entries, list)
        for entry in entries
    ]
    published = {
        path.stem for name in PUBLISHED for path in (DESCRIBED / name).rglob("*")
    }
    return [
        *(entry["label"] for entry in described if "depends_on" in entry),
        *(
            first_sentence(entry["description"])
            for entry in described
            if entry["name"] in published and "columns" in entry
        ),
    ]


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
