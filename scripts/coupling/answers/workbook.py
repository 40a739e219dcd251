"""The workbook of a study: its answer, a sheet a table, in the language spoken."""

from collections.abc import Iterable
from io import BytesIO

import pandas as pd

from coupling.answers import frames
from coupling.base.inputs import versions
from coupling.engine.engine import Results
from coupling.outputs.workbooks import new_book, write_table
from coupling.panels.headings import stated_unit
from coupling.prose import method_text, results
from coupling.prose.parts import Column, Table, whole, words
from coupling.queries.ask import ask
from coupling.words import tables
from coupling.words.language import _, named

COVER_WIDTHS = (26, 110)
HEADING_WIDEST = 40
# of the sheets with a row for each region and year; more make a slow file
CELLS = 250_000
# characters that Excel refuses in the name of a sheet
REFUSED = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def workbook(found: Results) -> bytes:
    """Return the workbook of a study; the same results give the same bytes."""
    con, study_id = found.connection, found.study_id
    study = _study(found)
    listed = [
        ranking(found),
        means(found),
        results.indicator_system(con, study),
        results.scores_and_degrees(con, study),
        results.grades(con, study),
        obstacles(found),
        results.imputation(con, study),
    ]
    values, by_region = frames.values(found), frames.obstacles(found)
    wide = [
        (
            _("values"),
            _("Values of the indicators in their units, gaps filled"),
            across(values, "raw_value"),
        ),
        (
            _("normalised values"),
            _("Normalised values, from 0 to 1, the best being 1"),
            across(values, "normalised_value"),
        ),
        (
            _("obstacles by region"),
            _("Obstacle degrees by region and year, as shares of 1"),
            across(by_region, "obstacle_degree"),
        ),
    ]
    written = BytesIO()
    with new_book(written, study_id) as book:
        bold = book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        cover = book.add_worksheet(_("cover").translate(REFUSED))
        sheets = []
        for table in listed:
            if table.rows:
                name = _(table.name).translate(REFUSED)
                write_table(book.add_worksheet(name), table, bold)
                sheets.append((name, table.caption))
        room = CELLS
        for name, caption, frame in wide:
            room -= frame.size
            if room < 0:
                sheets.append((name, caption + tables.in_brackets(_("left out"))))
            else:
                _write_wide(book.add_worksheet(name), frame, bold)
                sheets.append((name, caption))
        _write_cover(cover, _cover(found, study, sheets), bold, wrapped)
    return written.getvalue()


def ranking(found: Results) -> Table:
    """One row per region in the last year: rank, C, T, D, grade and who lags."""
    rows = tables.records(
        ask(found.connection, "study/ranking", study_id=found.study_id)
    )
    year = _study(found)["last_year"]
    return Table(
        "ranking",
        _("Ranking of {year} by the coupling coordination degree D").format(year=year),
        [
            Column(_("Rank"), whole),
            words(_("Region"), 2),
            Column(_("Coupling degree C")),
            Column(_("Comprehensive index T")),
            Column(_("Coupling coordination degree D")),
            words(_("Grade"), 2),
            words(_("Lagging system"), 2),
        ],
        [
            [
                row["coordination_rank"],
                row["region"],
                row["coupling_degree"],
                row["comprehensive_index"],
                row["coupling_coordination_degree"],
                row["grade"],
                row["lagging_system"],
            ]
            for row in rows
        ],
        stub=2,
    )


def means(found: Results) -> Table:
    """One row per year: mean scores, C, T and D over the regions with a result."""
    con, study_id = found.connection, found.study_id
    systems = tables.records(ask(con, "study/systems", study_id=study_id))
    rows = tables.yearly_means(
        ask(con, "study/mean_scores", study_id=study_id),
        ask(con, "study/mean_coupling", study_id=study_id),
    )
    return Table(
        "means",
        _("Means over the regions by year"),
        [
            Column(_("Year")),
            *(Column(_("Score of {system}").format(system=named(s))) for s in systems),
            Column(_("Coupling degree C")),
            Column(_("Comprehensive index T")),
            Column(_("Coupling coordination degree D")),
            Column(_("Regions"), whole),
        ],
        [
            [
                str(row["year"]),
                *(row["scores"].get(system["system_id"]) for system in systems),
                row["coupling_degree"],
                row["comprehensive_index"],
                row["coupling_coordination_degree"],
                row["region_count"],
            ]
            for row in rows
        ],
    )


def obstacles(found: Results) -> Table:
    """One row per indicator: its mean obstacle degree by year, as a share."""
    rows = ask(found.connection, "study/indicator_obstacles", study_id=found.study_id)
    years = sorted(int(year) for year in rows["year"].unique())
    cells = tables.by_year(rows, "indicator_id", "obstacle_degree")
    names = dict(zip(rows["indicator_id"], rows["label"], strict=True))
    order = sorted(cells, key=lambda code: -cells[code].get(years[-1], 0))
    return Table(
        "obstacles",
        _("Obstacle degrees by year, means over the regions, as shares of 1"),
        [
            Column(_("Code")),
            words(_("Indicator"), 3),
            *(Column(str(year)) for year in years),
        ],
        [[code, names[code], *(cells[code].get(y) for y in years)] for code in order],
        [_("The largest of the last year comes first.")],
        stub=2,
    )


def across(long: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return a row per region and year with a column per indicator, unit in brackets.

    Numbers that have no unit have none in the heading.
    """
    headings = {}
    for code, label, unit in (
        long.reindex(columns=["indicator_id", "indicator", "unit"])
        .drop_duplicates("indicator_id")
        .itertuples(index=False)
    ):
        shown = stated_unit(unit) if measure == "raw_value" else ""
        headings[code] = tables.coded(code, label) + (
            tables.in_brackets(_(shown)) if shown else ""
        )
    wide = long.pivot(
        index=["region_code", "region", "year"], columns="indicator_id", values=measure
    )[list(headings)]
    return wide.rename(columns=headings).reset_index()


def _write_wide(page, frame: pd.DataFrame, bold) -> None:
    page.freeze_panes(1, 3)
    first = {"region_code": _("Code"), "region": _("Region"), "year": _("Year")}
    headings = [first.get(name, name) for name in frame]
    for place, heading in enumerate(headings):
        page.set_column(place, place, min(HEADING_WIDEST, 2 + len(heading)))
        page.write_string(0, place, heading, bold)
    for number, row in enumerate(frame.itertuples(index=False), 1):
        for place, value in enumerate(row):
            if isinstance(value, str):
                page.write_string(number, place, value)
            elif value == value:
                page.write_number(number, place, value)


def _cover(found: Results, study: dict, sheets: Iterable[tuple]) -> list[tuple]:
    told = method_text.paragraphs(found.connection, study, versions())
    return [
        (named(study),),
        (),
        (_("Sheets"),),
        *sheets,
        (),
        (_("Methods"),),
        *told,
    ]


def _write_cover(page, lines: list[tuple], bold, wrapped) -> None:
    for place, width in enumerate(COVER_WIDTHS):
        page.set_column(place, place, width)
    for number, line in enumerate(lines):
        for place, text in enumerate(line):
            page.write_string(number, place, text, wrapped if line[1:] else bold)


def _study(found: Results) -> dict:
    [row] = tables.records(ask(found.connection, "site/studies"))
    return row
