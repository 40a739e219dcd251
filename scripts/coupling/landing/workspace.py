"""Write landings to the user's workspace, all or nothing, and keep what changed.

    yearbook/<landing_id>.csv   figures: region_code, year, one column per series
    originals/<sha256><suffix>  the files themselves
    landings.csv                one row per landing, in order
    landing_rejects.csv         cells left out of the current landings
    revisions.csv               cells whose figure in use a landing changed
    originals/landing_<position>.json   figures and rejects of each landing, for undo

A landing is prepared in .landing/ and committed by one rename there, of moves.json;
then its files are moved to their places, landings.csv last. What was cut off before
the commit is dropped by the next run, what was cut off after it is completed.
"""

import csv
import fcntl
import io
import json
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from coupling.base.disk import to_disk
from coupling.base.texts import guarded
from coupling.landing.figures import FigureKey, Reading
from coupling.landing.own_names import OwnName, rows_of

LANDINGS = (
    *("position", "landing_id", "file_name", "sha256", "landed_at"),
    *("cells_read", "cells_blank", "cells_converted", "cells_rejected"),
    *("publisher", "title", "is_current"),
)
REJECTS = (
    *("landing_id", "sha256", "file", "sheet", "row", "column", "text_found"),
    *("reason", "reason_zh"),
)
REVISIONS = (
    *("position", "landing_id", "series_id", "region_code", "year"),
    *("value_before", "value_after"),
)
JOURNAL = ".landing"
MOVES = "moves.json"
GONE = "gone "
CHAPTERS_KEPT = 64


class NameTakenError(Exception):
    """A landing_id that another file has."""


class NoUndoError(Exception):
    """A landing that cannot be taken back; the message says why and what to do."""


@dataclass(frozen=True)
class Wish:
    """One file to land, and under what name."""

    reading: Reading
    landing_id: str
    is_named: bool
    suffix: str
    publisher: str
    title: str


@dataclass
class Planned:
    """What would change: files by path in the workspace, and sentences.

    A file without content is taken away.
    """

    files: dict[str, bytes | None] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """True if there is nothing to do."""
        return not self.files


def landing_id(file_name: str) -> str:
    """Name of a landing: the file's, in lower-case letters, digits and underscores."""
    stem = unicodedata.normalize("NFKC", Path(file_name).stem).lower()
    return re.sub(r"\W+", "_", stem).strip("_")[:80].rstrip("_") or "file"


def settle(workspace: Path) -> None:
    """Complete a landing that was cut off after its commit; drop one cut off before."""
    if (workspace / JOURNAL).exists():
        with _locked(workspace):
            _settle(workspace)


def plan(
    workspace: Path,
    wishes: list[Wish],
    shipped: dict[FigureKey, str],
    names: Sequence[OwnName] = (),
) -> Planned:
    """Work out all files that landing `wishes`, in order, would write.

    `shipped` are the figures in use where no landing has one; `names` are kept.

    Raises NameTakenError if a landing_id that is not asked for belongs to a file of
    another name, or of none of the same cells.
    """
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    planned = Planned()
    landings = read_rows(workspace / "landings.csv")
    rejects = read_rows(workspace / "landing_rejects.csv")
    revisions = read_rows(workspace / "revisions.csv")
    figures = {
        row["landing_id"]: read_figures(workspace / _figures_path(row["landing_id"]))
        for row in landings
        if row["is_current"] == "1"
    }
    before = effective(landings, figures)
    for wish in wishes:
        current = _current(landings, wish.landing_id)
        _check_name(current, figures.get(wish.landing_id), wish)
        reading = wish.reading
        if _is_landed(current, figures.get(wish.landing_id), wish):
            planned.said.append(f"{reading.file_name} is landed already; nothing to do")
            continue
        planned.said += _twins(landings, wish)
        planned.said += _newer_figures(landings, figures, wish)
        position = max((int(row["position"]) for row in landings), default=0) + 1
        for row in landings:
            if row["landing_id"] == wish.landing_id:
                row["is_current"] = "0"
        landings.append(_landing(wish, position, at, current))
        figures[wish.landing_id] = dict(reading.values)
        after = effective(landings, figures)
        changes = _changes(before, after, shipped, is_correction=current is not None)
        before = after
        revisions += [
            {"position": position, "landing_id": wish.landing_id, **change}
            for change in changes
        ]
        kept = [row for row in rejects if row["landing_id"] != wish.landing_id]
        rejects = kept + _rejects(wish)
        planned.said.append(
            f"{reading.file_name} -> {_figures_path(wish.landing_id)}:"
            f" figures landed: {len(reading.values):,}" + _told(changes)
        )
        landed = figures_csv(reading.values)
        planned.files[_figures_path(wish.landing_id)] = landed
        planned.files[f"originals/{reading.sha256}{wish.suffix}"] = reading.content
        planned.files[_kept_path(position)] = _kept(wish, landed)
    if planned.files:
        planned.files["landing_rejects.csv"] = _csv(REJECTS, rejects)
        planned.files["revisions.csv"] = _csv(REVISIONS, revisions)
        planned.files["landings.csv"] = _csv(LANDINGS, landings)
    # before the landings, since until these are there nothing is
    first: dict[str, bytes | None] = {**_names_kept(workspace, names)}
    planned.files = first | planned.files
    planned.said += [name.said for name in names]
    return planned


def _names_kept(workspace: Path, names: Sequence[OwnName]) -> dict[str, bytes]:
    """Tables of names, by path, with these behind those that are there."""
    files = {}
    for name, rows in rows_of(names).items():
        path = f"reference/{name}"
        kept = read_rows(workspace / path) + rows
        files[path] = _csv(tuple(dict.fromkeys(c for row in kept for c in row)), kept)
    return files


def current_landings(workspace: Path) -> list[dict]:
    """Rows of the landings in use, in the order in which they came."""
    rows = read_rows(workspace / "landings.csv")
    return sorted(
        (row for row in rows if row["is_current"] == "1"),
        key=lambda row: int(row["position"]),
    )


def plan_undo(workspace: Path, name: str, shipped: dict[FigureKey, str]) -> Planned:
    """Work out all files that taking back the last landing of a name would write.

    What was landed under the name before counts again; without that the figures are
    gone from use. The file stays in originals/.

    Raises NoUndoError for a name that is none, that of a study, or one whose landing
    before was made by a version that kept too little.
    """
    landings = read_rows(workspace / "landings.csv")
    current = _current(landings, name)
    if current is None:
        known = ", ".join(row["landing_id"] for row in current_landings(workspace))
        raise NoUndoError(
            f"found no landing {name}; expected one of {known}"
            if known
            else f"found no landing {name}; nothing is landed"
        )
    studies = read_rows(workspace / "studies" / "studies.csv")
    if any(row["study_id"] == name for row in studies):
        raise NoUndoError(
            f"{name} has the figures of a study of that name; land the file before it"
            f" again by coupling study new, or say coupling study remove {name}"
        )
    figures = {
        row["landing_id"]: read_figures(workspace / _figures_path(row["landing_id"]))
        for row in current_landings(workspace)
    }
    before = effective(landings, figures)
    earlier = [
        row for row in landings if row["landing_id"] == name and row is not current
    ]
    landings.remove(current)
    rejects = read_rows(workspace / "landing_rejects.csv")
    rejects = [row for row in rejects if row["landing_id"] != name]
    planned = Planned()
    if earlier:
        previous = max(earlier, key=lambda row: int(row["position"]))
        figures[name], kept = _read_kept(workspace, previous)
        previous["is_current"] = "1"
        rejects += kept
        planned.files[_figures_path(name)] = figures_csv(figures[name])
        again = f"; {previous['file_name']} of {previous['landed_at']} counts again"
    else:
        del figures[name]
        planned.files[_figures_path(name)] = None
        again = ""
    after = effective(landings, figures)
    changes = _changes(before, after, shipped, is_correction=True)
    revisions = [
        row
        for row in read_rows(workspace / "revisions.csv")
        if row["position"] != current["position"]
    ]
    planned.files[_kept_path(current["position"])] = None
    planned.files["landing_rejects.csv"] = _csv(REJECTS, rejects)
    planned.files["revisions.csv"] = _csv(REVISIONS, revisions)
    planned.files["landings.csv"] = _csv(LANDINGS, landings)
    planned.said.append(
        f"{name}: {current['file_name']} is taken back{again}{_told(changes)}"
    )
    return planned


def undo(workspace: Path, name: str, shipped: dict[FigureKey, str]) -> Planned:
    """Take back the last landing of a name, all of it. Raises NoUndoError."""
    return write(workspace, lambda: plan_undo(workspace, name, shipped))


def _kept_path(position: int | str) -> str:
    return f"originals/landing_{position}.json"


def _kept(wish: Wish, figures: bytes) -> bytes:
    kept = {"figures": figures.decode(), "rejects": _rejects(wish)}
    return json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _read_kept(workspace: Path, landing: dict) -> tuple[dict, list[dict]]:
    """Figures and rejects of an earlier landing, as it was made."""
    path = workspace / _kept_path(landing["position"])
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        rows = csv.DictReader(io.StringIO(kept["figures"], newline=""))
        return _figures(rows), list(kept["rejects"])
    except (OSError, ValueError, KeyError) as error:
        raise NoUndoError(
            f"what {landing['file_name']} landed at {landing['landed_at']} was not"
            f" kept; land it again: coupling land originals/{landing['sha256']}...,"
            f" --name {landing['landing_id']}"
        ) from error


def land(
    workspace: Path,
    wishes: list[Wish],
    shipped: dict[FigureKey, str],
    names: Sequence[OwnName] = (),
) -> Planned:
    """Land `wishes`, in order, all of them or none. Raises NameTakenError."""
    return write(workspace, lambda: plan(workspace, wishes, shipped, names))


def write(workspace: Path, make: Callable[[], Planned]) -> Planned:
    """Write what `make` plans, all of it or nothing, while no other run lands here."""
    workspace.mkdir(parents=True, exist_ok=True)
    with _locked(workspace):
        _settle(workspace)
        planned = make()
        if planned.files:
            _commit(workspace, planned.files)
    return planned


def close_landing(workspace: Path, planned: Planned, name: str) -> None:
    """Let `planned` take the figures of a landing out of use, and its file away."""
    landings = read_rows(workspace / "landings.csv")
    if _current(landings, name) is None:
        return
    for row in landings:
        if row["landing_id"] == name:
            row["is_current"] = "0"
    rejects = read_rows(workspace / "landing_rejects.csv")
    rejects = [row for row in rejects if row["landing_id"] != name]
    count = len(read_figures(workspace / _figures_path(name)))
    planned.files[_figures_path(name)] = None
    planned.files["landing_rejects.csv"] = _csv(REJECTS, rejects)
    planned.files["landings.csv"] = _csv(LANDINGS, landings)
    planned.said.append(f"figures no longer in use: {count:,}")


def rename_landing(
    workspace: Path, planned: Planned, name: str, new: str, renamed: Callable
) -> None:
    """Let `planned` give a landing another name, and its series what `renamed` says."""
    figures = read_figures(workspace / _figures_path(name))
    if not (workspace / _figures_path(name)).exists():
        return  # a study of shipped figures has none of its own
    planned.files[_figures_path(name)] = None
    planned.files[_figures_path(new)] = figures_csv(
        {(*cell, renamed(series)): value for (*cell, series), value in figures.items()}
    )
    for file, header in (
        ("landing_rejects.csv", REJECTS),
        ("revisions.csv", REVISIONS),
        ("landings.csv", LANDINGS),
    ):
        rows = read_rows(workspace / file)
        for row in rows:
            if row["landing_id"] == name:
                row["landing_id"] = new
                if "series_id" in row:
                    row["series_id"] = renamed(row["series_id"])
        if rows:
            planned.files[file] = _csv(header, rows)


def _figures_path(name: str) -> str:
    return f"yearbook/{name}.csv"


def _current(landings: list[dict], name: str) -> dict | None:
    rows = (r for r in landings if r["landing_id"] == name and r["is_current"] == "1")
    return next(rows, None)


def _check_name(current: dict | None, figures: dict | None, wish: Wish) -> None:
    """Refuse to replace a landing, unless told to, by what is no correction of it."""
    if current is None or wish.is_named:
        return
    file_name = wish.reading.file_name
    is_another = current["file_name"] != guarded(file_name)
    if is_another or (figures and not figures.keys() & wish.reading.values.keys()):
        other = "" if is_another else " with other series, regions or years"
        raise NameTakenError(
            f"{file_name} would land as {wish.landing_id}, which is the landing of"
            f" {current['file_name']}{other}; say --name {wish.landing_id} to replace"
            " that, or --name and another name to keep both"
        )


def _told(changes: list[dict]) -> str:
    """Say how many figures in use change, and how many of them are lost."""
    if not changes:
        return ""
    lost = sum(not change["value_after"] for change in changes)
    return f"; figures in use changed: {len(changes):,}" + (
        f", of which gone: {lost:,}" if lost else ""
    )


def _is_landed(current: dict | None, figures: dict | None, wish: Wish) -> bool:
    """Say whether the workspace holds the same file, read in the same way."""
    if current is None or figures is None:
        return False
    row = {key: str(value) for key, value in _landing(wish, 0, "", current).items()}
    same = all(
        current[k] == row[k] for k in LANDINGS if k not in ("position", "landed_at")
    )
    return same and figures == wish.reading.values


def _twins(landings: list[dict], wish: Wish) -> list[str]:
    return [
        f"the same file is also landed as {row['landing_id']}, under the name"
        f" {row['file_name']}"
        for row in landings
        if row["is_current"] == "1"
        and row["sha256"] == wish.reading.sha256
        and row["landing_id"] != wish.landing_id
    ]


def _newer_figures(
    landings: list[dict], figures: dict[str, dict[FigureKey, str]], wish: Wish
) -> list[str]:
    """Say where figures of a landing that goes to a later year would give way."""
    values = wish.reading.values
    last = _last_year(values)
    said = []
    for row in landings:
        name = row["landing_id"]
        to_year = _last_year(figures[name]) if row["is_current"] == "1" else 0
        if to_year <= last:
            continue
        is_replaced = name == wish.landing_id
        count = sum(
            values.get(cell, "" if is_replaced else figure) != figure
            for cell, figure in figures[name].items()
        )
        if count:
            said.append(
                f"newer figures give way to older ones: {count:,} of {name}"
                f" ({row['file_name']}), which goes to {to_year}; this file ends in"
                f" {last}"
            )
    return said


def _last_year(figures: dict[FigureKey, str]) -> int:
    return max((year for _, year, _ in figures), default=0)


def _landing(wish: Wish, position: int, at: str, current: dict | None) -> dict:
    reading = wish.reading
    name = guarded(reading.file_name)
    return {
        "position": position,
        "landing_id": wish.landing_id,
        "file_name": name,
        "sha256": reading.sha256,
        "landed_at": at,
        "cells_read": reading.count("read"),
        "cells_blank": reading.count("blank"),
        "cells_converted": reading.count("converted"),
        "cells_rejected": reading.count("rejected"),
        "publisher": guarded(wish.publisher) or _said("publisher", current) or name,
        "title": guarded(wish.title) or _said("title", current) or name,
        "is_current": "1",
    }


def _said(part: str, landing: dict | None) -> str:
    """Return what a user said of an earlier landing: not the name of its file."""
    if landing is None or landing[part] == landing["file_name"]:
        return ""
    return landing[part]


def _rejects(wish: Wish) -> list[dict]:
    reading = wish.reading
    return [
        {
            "landing_id": wish.landing_id,
            "sha256": reading.sha256,
            "file": guarded(reading.file_name),
            "sheet": guarded(reject.sheet),
            "row": reject.row,
            "column": reject.column,
            "text_found": guarded(reject.text),
            "reason": guarded(reject.reason.en),
            "reason_zh": guarded(reject.reason.zh),
        }
        for reject in reading.rejects
    ]


def effective(
    landings: list[dict], figures: dict[str, dict[FigureKey, str]]
) -> dict[FigureKey, str]:
    """The figure of each cell: that of the last current landing that has one."""
    found: dict[FigureKey, str] = {}
    for row in sorted(landings, key=lambda row: int(row["position"])):
        if row["is_current"] == "1":
            found |= figures[row["landing_id"]]
    return found


def _changes(before: dict, after: dict, shipped: dict, is_correction: bool) -> list:
    """Cells whose figure in use differs; new and lost ones of a corrected file too.

    `before` and `after` are the figures of landings, in whose place `shipped` count.
    """
    changes = []
    for region, year, series_id in before.keys() | after.keys():
        name = (region, year, series_id)
        there = shipped.get(name, "")
        old, new = before.get(name, there), after.get(name, there)
        if (old or is_correction) and _differ(old, new):
            changes.append(
                {
                    "series_id": series_id,
                    "region_code": region,
                    "year": year,
                    "value_before": old,
                    "value_after": new,
                }
            )
    return sorted(changes, key=lambda change: tuple(change.values())[:3])


def _differ(old: str, new: str) -> bool:
    if old == new:
        return False
    return not (old and new and Decimal(old) == Decimal(new))


def figures_csv(values: dict[FigureKey, str]) -> bytes:
    """Figures in the layout of seeds/yearbook."""
    series = sorted({series_id for _, _, series_id in values})
    rows: dict[tuple, dict] = {}
    for (region, year, series_id), value in values.items():
        row = rows.setdefault((region, year), {"region_code": region, "year": year})
        row[series_id] = value
    header = ("region_code", "year", *series)
    return _csv(header, [rows[name] for name in sorted(rows)])


def read_figures(path: Path) -> dict[FigureKey, str]:
    """Figures of a file that figures_csv wrote, as written."""
    return _figures(read_rows(path))


def _figures(rows) -> dict[FigureKey, str]:
    found: dict[FigureKey, str] = {}
    for row in rows:
        region, year = row.pop("region_code"), int(row.pop("year"))
        found |= {(region, year, s): value for s, value in row.items() if value}
    return found


def shipped_figures(seeds: Path) -> dict[FigureKey, str]:
    """Figures of all chapters in seeds/yearbook, as written."""
    found: dict[FigureKey, str] = {}
    for path in sorted((seeds / "yearbook").glob("*.csv")):
        found |= _chapter(path.read_bytes())
    return found


@lru_cache(CHAPTERS_KEPT)
def _chapter(raw: bytes) -> dict[FigureKey, str]:
    """Figures of a shipped chapter, read once while nothing of it changes."""
    return _figures(csv.DictReader(io.StringIO(raw.decode("utf-8"), newline="")))


def read_rows(path: Path) -> list[dict]:
    """Rows of a CSV file of the workspace; none if there is no such file."""
    if not path.exists():
        return []
    try:
        # what was written by hand in a spreadsheet begins with a mark
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except (csv.Error, UnicodeDecodeError) as error:
        said = f"{path.name} cannot be read ({error}); coupling check says where"
        raise OSError(said) from error


def _csv(header: tuple[str, ...], rows: list[dict]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@contextmanager
def _locked(workspace: Path) -> Iterator[None]:
    """Wait until no other run lands in this workspace."""
    with (workspace / ".landing.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _commit(workspace: Path, files: dict[str, bytes | None]) -> None:
    journal = workspace / JOURNAL
    journal.mkdir()
    moves = {}
    for number, (target, content) in enumerate(files.items()):
        part = f"{GONE}{number}" if content is None else str(number)
        if content is not None:
            (journal / part).write_bytes(content)
            to_disk(journal / part)
        moves[part] = target
    prepared = journal / "prepared.json"
    prepared.write_text(json.dumps(moves), encoding="utf-8")
    to_disk(prepared)
    to_disk(journal)
    prepared.replace(journal / MOVES)
    to_disk(journal)
    _settle(workspace)


def _settle(workspace: Path) -> None:
    journal = workspace / JOURNAL
    if moves := _read_moves(journal / MOVES):
        for part, target in moves.items():
            if part.startswith(GONE):
                (workspace / target).unlink(missing_ok=True)
            elif (journal / part).exists():
                (workspace / target).parent.mkdir(parents=True, exist_ok=True)
                (journal / part).replace(workspace / target)
        for folder in {(workspace / target).parent for target in moves.values()}:
            if folder.exists():
                to_disk(folder)
        (journal / MOVES).unlink()
    if journal.exists():
        shutil.rmtree(journal)


def _read_moves(path: Path) -> dict[str, str]:
    """Return the moves of a landing that is committed; none where power cut it off.

    The list is whole on disk before it has this name, so half of one was never meant.
    """
    try:
        moves = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return moves if isinstance(moves, dict) else {}


def landed_rejects():
    """Cells left out of the current landings, as an Arrow table; empty without one."""
    import pyarrow as pa

    from coupling.base.paths import workspace

    folder = workspace()
    settle(folder)
    rows = read_rows(folder / "landing_rejects.csv")
    # lists of earlier versions give reasons in English alone
    rows = [row | {"reason_zh": row.get("reason_zh") or row["reason"]} for row in rows]
    columns = {name: [row[name] for row in rows] for name in REJECTS}
    names = {
        "landing_id": "landing_id",
        "file": "source_file",
        "sheet": "sheet",
        "row": "source_row",
        "column": "source_column",
        "text_found": "text_found",
        "reason": "reason",
        "reason_zh": "reason_zh",
    }
    columns["row"] = [int(row) for row in columns["row"]]
    arrays = [
        pa.array(columns[name], pa.int64() if name == "row" else pa.string())
        for name in names
    ]
    return pa.table(arrays, names=list(names.values()))
