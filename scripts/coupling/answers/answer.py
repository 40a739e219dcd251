"""The answer of a study in a terminal, and the files that hold all of it."""

from collections.abc import Iterator
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from coupling.base.paths import Paths
from coupling.engine.engine import Results
from coupling.prose import method_text
from coupling.queries.ask import ask
from coupling.words import findings, tables
from coupling.words.formats import plain
from coupling.words.language import ENGLISH, _, named, ngettext, speaking

# a longer ranking is cut in the middle
RANKS_PRINTED = 40
FIRST_PRINTED, LAST_PRINTED = 25, 5
OBSTACLES_PRINTED = 3
IMPUTED_PRINTED = 8
REASONS_PRINTED = 12


def answer(
    console: Console,
    results: Results,
    language: str = ENGLISH,
) -> None:
    """Print the answer of a study: all that a reader asks first.

    Parameters
    ----------
    console
        Where to print.
    results
        Of the study.
    language
        A language of the site.

    """
    with speaking(language):
        con, study_id = results.connection, results.study_id
        [study] = tables.records(ask(con, "site/studies"))
        console.print(named(study), style="bold", markup=False, highlight=False)
        _say(console, _facts(study))
        for table in (
            *_weights(con, study_id),
            _ranking(con, study),
            _means(con, study_id),
            _obstacles(con, study),
        ):
            # by itself, since a title would be as narrow as its table
            _say(console, f"\n{table.title}")
            table.title = None
            console.print(table)
        for told in [
            *findings.breaks_inside(ask(con, "study/breaks", study_id=study_id)),
            *_imputed(con, study),
            *not_computed(results),
        ]:
            _say(console, told)


def show(
    console: Console,
    results: Results,
    paths: Paths,
    language: str = ENGLISH,
    to: Path | None = None,
) -> None:
    """Print the answer of a study, then write its files and say where they lie.

    `to` is one more file of the results, of the kind that its name ends in.

    Raises
    ------
    ExportError
        A file cannot be written.

    """
    from coupling.answers import exports

    if to is not None:
        exports.writer_of(to)
    answer(console, results, language)
    files = write_files(results, paths, language)
    if to is not None:
        with speaking(language):
            files += exports.save(results, to)
    console.print()
    for path in files:
        _say(console, _shown(path))


def write_files(
    results: Results, paths: Paths, language: str = ENGLISH, folder: Path | None = None
) -> list[Path]:
    """Write workbook and page of a study; return them.

    They stand in `target/studies/<study_id>`, or in `folder`. The same results give
    the same bytes.
    """
    from coupling.answers import exports

    folder = folder or paths.target / "studies" / results.study_id
    with speaking(language):
        return [
            written
            for ending in ("xlsx", "html")
            for written in exports.save(
                results, folder / f"{results.study_id}.{ending}"
            )
        ]


def not_computed(results: Results) -> list[str]:
    """Return what could not be computed and why, a sentence each, in few of them."""
    con, study_id = results.connection, results.study_id
    weights = ask(con, "answers/no_weight", study_id=study_id)
    cells = ask(con, "answers/no_result", study_id=study_id)
    told = [
        _("{indicator} has no weight: {reason}.").format(
            indicator=tables.coded(row.indicator_id, row.label), reason=row.reason
        )
        for row in weights.itertuples()
    ]
    told += [
        ngettext(
            "{cells} region-years, of {regions} region in {years}, have no degree: "
            "{reason}.",
            "{cells} region-years, of {regions} regions in {years}, have no degree: "
            "{reason}.",
            row.regions,
        ).format(
            cells=f"{row.cells:,}",
            regions=row.regions,
            years=tables.year_span(sorted({row.first_year, row.last_year}))
            if row.last_year - row.first_year <= 1
            else f"{row.first_year}{tables.EN_DASH}{row.last_year}",
            reason=row.reason,
        )
        for row in cells.itertuples()
    ]
    more = len(told) - REASONS_PRINTED
    if more > 0:
        told = told[:REASONS_PRINTED]
        told.append(_("{number} more").format(number=more))
    return told or [_("Everything asked for could be computed.")]


def _facts(study: dict) -> str:
    return _(
        "{regions} regions, {first} to {last}; method {method} ({method_id})"
    ).format(
        regions=study["region_count"],
        first=study["first_year"],
        last=study["last_year"],
        method=study["method"],
        method_id=study["default_method_id"],
    )


def _weights(con, study_id: str) -> Iterator[Table]:
    for system in tables.weight_table(ask(con, "study/weights", study_id=study_id)):
        made = _table(_("Weights of {system}").format(system=system["system"]))
        made.add_column(_("Indicator"), overflow="fold")
        made.add_column(_("Weight in the system"), justify="right")
        made.add_column(_("Weight in the study"), justify="right")
        for criterion in system["criteria"]:
            for row in criterion["indicators"]:
                name = tables.coded(row["indicator_id"], row["label"])
                if row["weight"] is None:
                    made.add_row(name, _(plain(row["status"])), tables.EN_DASH)
                else:
                    made.add_row(name, _four(row["weight"]), _four(row["study_weight"]))
        yield made


def _ranking(con, study: dict) -> Table:
    rows = tables.records(ask(con, "study/ranking", study_id=study["study_id"]))
    made = _table(_("Ranking in {year}").format(year=study["last_year"]))
    made.add_column(_("Rank"), justify="right")
    made.add_column(_("Region"), overflow="fold")
    for heading in "CTD":
        made.add_column(heading, justify="right")
    made.add_column(_("Grade"), overflow="fold")
    made.add_column(_("Lagging system"), overflow="fold")
    is_cut = len(rows) > RANKS_PRINTED
    for place, row in enumerate(rows):
        if is_cut and FIRST_PRINTED <= place < len(rows) - LAST_PRINTED:
            if place == FIRST_PRINTED:
                made.add_row("…", _between(len(rows)), *[""] * 5)
            continue
        if row["status"] == "computed":
            made.add_row(
                str(row["coordination_rank"]),
                row["region"],
                _four(row["coupling_degree"]),
                _four(row["comprehensive_index"]),
                _four(row["coupling_coordination_degree"]),
                row["grade"],
                row["lagging_system"],
            )
        else:
            blanks = [tables.EN_DASH] * 3
            made.add_row(tables.EN_DASH, row["region"], *blanks, _("not computed"), "")
    return made


def _between(count: int) -> str:
    left_out = count - FIRST_PRINTED - LAST_PRINTED
    return _("{number} more").format(number=left_out)


def _means(con, study_id: str) -> Table:
    systems = tables.records(ask(con, "study/systems", study_id=study_id))
    made = _table(_("Means over the regions by year"))
    made.add_column(_("Year"), justify="right")
    for system in systems:
        made.add_column(named(system), justify="right", overflow="fold")
    for heading in "CTD":
        made.add_column(heading, justify="right")
    for row in tables.yearly_means(
        ask(con, "study/mean_scores", study_id=study_id),
        ask(con, "study/mean_coupling", study_id=study_id),
    ):
        made.add_row(
            str(row["year"]),
            *(_four(row["scores"].get(system["system_id"])) for system in systems),
            _four(row["coupling_degree"]),
            _four(row["comprehensive_index"]),
            _four(row["coupling_coordination_degree"]),
        )
    return made


def _obstacles(con, study: dict) -> Table:
    found = ask(con, "study/indicator_obstacles", study_id=study["study_id"])
    last = found[found["year"] == found["year"].max()] if len(found) else found
    made = _table(
        _("Largest obstacles in {year}, means over the regions").format(
            year=study["last_year"] if last.empty else int(last["year"].iloc[0])
        )
    )
    made.add_column(_("Indicator"), overflow="fold")
    made.add_column(_("Obstacle degree (%)"), justify="right")
    for row in tables.records(last.head(OBSTACLES_PRINTED)):
        degree = f"{100 * row['obstacle_degree']:.2f}"
        made.add_row(tables.coded(row["indicator_id"], row["label"]), degree)
    return made


def _imputed(con, study: dict) -> list[str]:
    told = [method_text.cells_by_origin(con, study["study_id"])]
    filled = tables.imputed_table(
        ask(con, "study/imputed_cells", study_id=study["study_id"]),
        study["region_count"],
    )
    told += [
        _("{indicator}: {origin}, {years}, {regions}").format(
            indicator=tables.coded(row["indicator_id"], row["label"]),
            origin=row["origin"],
            years=row["years"],
            regions=row["regions"],
        )
        for row in filled[:IMPUTED_PRINTED]
    ]
    if filled[IMPUTED_PRINTED:]:
        more = len(filled) - IMPUTED_PRINTED
        told.append(_("{number} more").format(number=more))
    return [text for text in told if text]


def _table(title: str) -> Table:
    return Table(title=title, box=box.SIMPLE_HEAD)


def _four(value: float | None) -> str:
    return tables.EN_DASH if value is None else f"{value:.4f}"


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _shown(path: Path) -> str:
    """Return a path as one types it here, where it is below the current folder."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
