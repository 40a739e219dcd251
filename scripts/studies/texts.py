"""What is said of a study in words, as a manuscript says it."""

from coupling.inputs import versions
from coupling.studies.engine import Results
from coupling_reports import queries, tables
from coupling_reports.language import _
from coupling_reports.manuscript import method_text


def methods_text(results: Results) -> str:
    """Return every choice of the study's method, a paragraph a step."""
    [study] = tables.records(queries.studies(results.connection))
    told = method_text.paragraphs(results.connection, study, versions())
    return "\n\n".join(_("{heading}. ").format(heading=h) + text for h, text in told)
