"""What is said of a study in words, as a manuscript says it."""

from coupling.base.inputs import versions
from coupling.engine.engine import Results
from coupling.prose import method_text
from coupling.queries.ask import ask
from coupling.words import tables
from coupling.words.language import _


def methods_text(results: Results) -> str:
    """Return every choice of the study's method, a paragraph a step."""
    [study] = tables.records(ask(results.connection, "site/studies"))
    told = method_text.paragraphs(results.connection, study, versions())
    return "\n\n".join(_("{heading}. ").format(heading=h) + text for h, text in told)
