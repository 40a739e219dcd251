"""A user's own studies in the workspace: written, listed, renamed, taken out.

The rows of a study stand in the same files as those of any other study; its figures are
a landing of its own name, so that a corrected file revises them with what it changed.
"""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from coupling.contracts.seeds import Seed, contracts
from coupling.landing.figures import FigureKey, Part, Reading, Reject
from coupling.landing.workspace import (
    Planned,
    Wish,
    close_landing,
    plan,
    read_figures,
    read_rows,
    rename_landing,
    shipped_figures,
    write,
)
from coupling.panels.rows import StudyRows

Tables = dict[str, list[dict[str, str]]]


class NotStoredError(Exception):
    """A study that cannot be written, renamed or taken out; the message says why."""


def plan_study(
    seeds: Path, workspace: Path, study: StudyRows, content: bytes
) -> Planned:
    """Work out all files that writing `study` would change.

    `content` is the file that the study was read from. Rows that the study had before
    are replaced. Raises NotStoredError where its name is that of a shipped study, or of
    a landing that belongs to no study.
    """
    _refuse_taken_name(seeds, workspace, study.study_id)
    planned = Planned()
    if study.source is not None:
        planned = plan(workspace, [_wish(study, content)], shipped_figures(seeds))
    tables = _own_tables(seeds, workspace)
    before = {name: list(rows) for name, rows in tables.items()}
    if _studies(tables):
        _take_out(seeds, workspace, tables, study.study_id, Planned())
    for name, frame in study.tables.items():
        _put(tables, _layouts(seeds)[name], frame)
    _write_tables(planned, seeds, before, tables)
    return planned


def store_study(
    seeds: Path, workspace: Path, study: StudyRows, content: bytes
) -> Planned:
    """Write a study into the workspace, all or nothing; see plan_study."""
    return write(workspace, lambda: plan_study(seeds, workspace, study, content))


def remove_study(seeds: Path, workspace: Path, study_id: str) -> Planned:
    """Take a study of the user's own out, with what only it used.

    What other studies use as well stays, and is told. Raises NotStoredError for a study
    that is not in the workspace.
    """

    def make() -> Planned:
        planned = Planned()
        tables = _own_tables(seeds, workspace)
        _refuse_unknown(seeds, tables, study_id)
        before = {name: list(rows) for name, rows in tables.items()}
        _take_out(seeds, workspace, tables, study_id, planned)
        _write_tables(planned, seeds, before, tables)
        return planned

    return write(workspace, make)


def rename_study(seeds: Path, workspace: Path, study_id: str, new_id: str) -> Planned:
    """Give a study of the user's own another study_id, and its series with it.

    Raises NotStoredError for a study that is not in the workspace or a name that is
    taken.
    """

    def make() -> Planned:
        planned = Planned()
        tables = _own_tables(seeds, workspace)
        _refuse_unknown(seeds, tables, study_id)
        _refuse_taken_name(seeds, workspace, new_id)
        if new_id in _studies(tables):
            raise NotStoredError(f"{new_id} is a study already; expected another name")
        before = {name: list(rows) for name, rows in tables.items()}
        for name, rows in tables.items():
            tables[name] = [_renamed(row, study_id, new_id) for row in rows]
        _write_tables(planned, seeds, before, tables)
        rename_landing(
            workspace,
            planned,
            study_id,
            new_id,
            lambda series: _renamed_series(series, study_id, new_id),
        )
        planned.said.append(f"{study_id} is {new_id} now")
        return planned

    return write(workspace, make)


def own_studies(seeds: Path, workspace: Path) -> list[dict[str, str]]:
    """Rows of studies.csv in the workspace that are no shipped studies."""
    tables = _own_tables(seeds, workspace)
    return tables["studies"]


# --- the files -----------------------------------------------------------------------


@cache
def _layouts(seeds: Path) -> dict[str, Seed]:
    """Contracts of the tables that a workspace may hold, by name; `file` is theirs."""
    found = {}
    for seed, path in contracts(seeds):
        if seed.key:
            seed.file = path.relative_to(seeds).as_posix()
            found[seed.name] = seed
    return found


def _own_tables(seeds: Path, workspace: Path) -> Tables:
    return {
        name: read_rows(workspace / seed.file) for name, seed in _layouts(seeds).items()
    }


def _write_tables(planned: Planned, seeds: Path, before: Tables, after: Tables) -> None:
    """Add the files of the tables that differ; a table without rows has no file."""
    changed: dict[str, bytes | None] = {}
    for name, seed in _layouts(seeds).items():
        if before[name] != after[name]:
            changed[seed.file] = _csv(seed, after[name]) if after[name] else None
    # the landings come last: before they are there, nothing is
    planned.files = changed | planned.files


def _csv(seed: Seed, rows: list[dict[str, str]]) -> bytes:
    """Rows in the order of the seed's columns, without optional ones that are blank."""
    columns = [
        column
        for column in seed.types | seed.older
        if any(row.get(column) for row in rows)
        or (column in seed.types and column not in seed.optional)
    ]
    text = io.StringIO()
    writer = csv.DictWriter(
        text, columns, restval="", extrasaction="ignore", lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _put(tables: Tables, seed: Seed, frame: pd.DataFrame) -> None:
    """Put rows into a table, in the place of those with the same key."""
    rows = [
        {column: _cell(value, seed.types[column]) for column, value in row.items()}
        for row in frame.to_dict("records")
    ]
    keys = {tuple(row.get(column, "") for column in seed.key) for row in rows}
    kept = [
        row
        for row in tables[seed.name]
        if tuple(row.get(column, "") for column in seed.key) not in keys
    ]
    tables[seed.name] = kept + rows


def _cell(value: Any, kind: str) -> str:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return ""
    if kind == "int":
        return str(int(value))
    if kind == "double":
        return figure_text(float(value))
    return str(value)


def figure_text(value: float) -> str:
    """A number as text that reads back as the same number, in plain digits."""
    text = format(Decimal(repr(value)), "f")
    return text.removesuffix(".0")


# --- the figures ---------------------------------------------------------------------


def figures_of(study: StudyRows) -> dict[FigureKey, str]:
    """Figures of a study as the yearbook file has them."""
    wide = study.figures.set_index(["region_code", "year"])
    return {
        (region, int(year), series): figure_text(value)
        for series in wide.columns
        for (region, year), value in wide[series].dropna().items()
    }


def _wish(study: StudyRows, content: bytes) -> Wish:
    assert study.source is not None
    wide = study.figures.set_index(["region_code", "year"])
    values = figures_of(study)
    part = Part("", "", study.study_id, "", "", Decimal(1))
    part.read = len(values)
    part.blank = int(wide.isna().sum().sum()) - len(study.rejected)
    part.rejected = len(study.rejected)
    rejects = [
        Reject(cell.sheet, cell.row, cell.column, cell.text, cell.reason)
        for cell in study.rejected
    ]
    reading = Reading(
        study.source.file_name,
        content,
        study.source.sha256,
        [part],
        values,
        rejects,
        [],
    )
    suffix = Path(study.source.file_name).suffix.lower()
    return Wish(reading, study.study_id, True, suffix, "", "")


# --- what belongs to a study ---------------------------------------------------------


def _studies(tables: Tables) -> set[str]:
    return {row["study_id"] for row in tables["studies"]}


def _take_out(
    seeds: Path, workspace: Path, tables: Tables, study_id: str, planned: Planned
) -> None:
    """Take the rows of a study out of `tables`, and what no other study uses.

    Its landing is closed in `planned`, unless its figures are used elsewhere.
    """
    members = _of(tables["study_regions"], study_id, "region_code")
    series = _of(tables["indicators"], study_id, "numerator", "denominator")
    schemes = _of(tables["studies"], study_id, "grade_scheme_id")
    for name, seed in _layouts(seeds).items():
        if "study_id" in seed.types:
            tables[name] = [r for r in tables[name] if r["study_id"] != study_id]
    others = {
        name: tables[name] + read_rows(seeds / seed.file)
        for name, seed in _layouts(seeds).items()
    }
    still = _values(others["indicators"], "numerator", "denominator")
    figures = workspace / "yearbook" / f"{study_id}.csv"
    its_own = {name for _, _, name in read_figures(figures)}
    used = series & still & its_own
    gone = {name for name in series - still if name.startswith(f"{study_id}__")}
    tables["series"] = [r for r in tables["series"] if r["series_id"] not in gone]
    if used:
        _keep(planned, "figures of series that other studies use", used)
    else:
        close_landing(workspace, planned, study_id)
    regions = _values(others["study_regions"], "region_code")
    regions |= _regions_with_figures(workspace, but_for=study_id)
    own_regions = {row["region_code"] for row in tables["regions"]}
    kept = members & own_regions & regions
    if kept:
        _keep(planned, "regions that are used elsewhere", kept)
    for name in ("regions", "region_groups"):
        tables[name] = [
            r
            for r in tables[name]
            if r["region_code"] not in members or r["region_code"] in regions
        ]
    schemes -= _values(others["studies"], "grade_scheme_id")
    tables["grade_schemes"] = [
        r for r in tables["grade_schemes"] if r["grade_scheme_id"] not in schemes
    ]
    planned.said.append(f"{study_id} is taken out")


def _of(rows: list[dict[str, Any]], study_id: str, *columns: str) -> set[str]:
    return _values((r for r in rows if r["study_id"] == study_id), *columns)


def _values(rows: Iterable[dict[str, Any]], *columns: str) -> set[str]:
    return {row[c] for row in rows for c in columns if row.get(c)}


def _regions_with_figures(workspace: Path, but_for: str) -> set[str]:
    found = set()
    for path in (workspace / "yearbook").glob("*.csv"):
        if path.stem != but_for:
            found |= {row["region_code"] for row in read_rows(path)}
    return found


def _keep(planned: Planned, what: str, names: set[str]) -> None:
    planned.said.append(f"kept: {what}: {', '.join(sorted(names))}")


def _renamed(row: dict[str, str], old: str, new: str) -> dict[str, str]:
    return {
        column: new
        if column == "study_id" and value == old
        else _renamed_series(value or "", old, new)
        if column in ("series_id", "numerator", "denominator", "grade_scheme_id")
        else value
        for column, value in row.items()
    }


def _renamed_series(series_id: str, old: str, new: str) -> str:
    """Name of a series of the study under its new name; others keep theirs."""
    if series_id.startswith(f"{old}__"):
        return new + series_id.removeprefix(old)
    return series_id


# --- names ---------------------------------------------------------------------------


def _refuse_taken_name(seeds: Path, workspace: Path, study_id: str) -> None:
    shipped = {row["study_id"] for row in read_rows(seeds / "studies" / "studies.csv")}
    if study_id in shipped:
        raise NotStoredError(
            f"{study_id} is the name of a shipped study; expected another name"
        )
    landings = read_rows(workspace / "landings.csv")
    landed = {row["landing_id"] for row in landings if row["is_current"] == "1"}
    own = {row["study_id"] for row in read_rows(workspace / "studies" / "studies.csv")}
    by_hand = (workspace / "yearbook" / f"{study_id}.csv").exists()
    if study_id not in own and (study_id in landed or by_hand):
        raise NotStoredError(
            f"{study_id} is the name of figures in the workspace already; expected "
            "another name"
        )


def _refuse_unknown(seeds: Path, tables: Tables, study_id: str) -> None:
    own = _studies(tables)
    if study_id in own:
        return
    shipped = {row["study_id"] for row in read_rows(seeds / "studies" / "studies.csv")}
    if study_id in shipped:
        raise NotStoredError(f"{study_id} is a shipped study; it stays as it is")
    known = ", ".join(sorted(own)) or "none"
    raise NotStoredError(
        f"there is no study {study_id}; of your own there are: {known}"
    )
