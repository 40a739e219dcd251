"""A manuscript: all its parts, gathered from the marts in the language spoken."""

from dataclasses import dataclass

import duckdb

from coupling.manuscripts import figures
from coupling.prose import method_text, results
from coupling.prose.parts import Figure, Table
from coupling.queries.ask import ask
from coupling.words import tables
from coupling.words.in_both import said
from coupling.words.language import _, named


@dataclass(frozen=True)
class Manuscript:
    """The parts of a study in a paper's order; `methods` has (heading, text) pairs."""

    study_id: str
    method_id: str
    title: str
    methods: list[tuple[str, str]]
    tables: list[Table]
    figures: list[Figure]
    citation: list[str]

    def methods_text(self) -> str:
        """Return title, methods and citation as plain text, a paragraph each."""
        told = [
            _("{heading}. ").format(heading=heading) + text
            for heading, text in self.methods
        ]
        parts = [self.title, *told, _("How to cite"), *self.citation]
        return "\n\n".join(parts) + "\n"


def read_manuscript(
    con: duckdb.DuckDBPyConnection, study_id: str, versions: dict[str, str]
) -> Manuscript:
    """Return the manuscript of a study under its default method.

    Parameters
    ----------
    con
        An open connection to the marts.
    study_id
        A study of `marts.dim_studies`.
    versions
        Of the software, by name; 'project' is that of the warehouse.

    """
    study = next(
        row
        for row in tables.records(ask(con, "site/studies"))
        if row["study_id"] == study_id
    )
    return Manuscript(
        study_id=study_id,
        method_id=study["default_method_id"],
        title=named(study),
        methods=method_text.paragraphs(con, study, versions),
        tables=results.all_tables(con, study),
        figures=figures.all_figures(con, study),
        citation=_citation(con, study, versions),
    )


def _citation(con, study: dict, versions: dict[str, str]) -> list[str]:
    series = ask(con, "study/series_used", study_id=study["study_id"])
    own = series[series["figure_origin"] == "workspace"]
    published = tables.publishers(series.drop(own.index))
    told = [
        _(
            "Results: The Coupling Warehouse developers. Coupling Warehouse, version "
            "{version} (software, MIT licence); study {study}, method {method}."
        ).format(
            version=versions["project"],
            study=study["study_id"],
            method=study["default_method_id"],
        ),
    ]
    if published:
        told.append(
            _(
                "Figures: published by {publishers}; cite each series as the table of "
                "data sources does."
            ).format(publishers=tables.joined_list([said(one) for one in published]))
        )
    if len(own):
        told.append(
            _(
                "Figures: a user's own, of {publishers}; cite them as the table of "
                "data sources does."
            ).format(publishers=tables.joined_list(sorted(set(own["title"]))))
        )
    if study["paper_id"] is not None:
        told.append(
            _("The paper whose method the study follows is to be cited on its own.")
        )
    return told
