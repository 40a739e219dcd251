"""What of a workspace cannot be built is set aside for one build, with its reason.

A copy of the workspace is built in its place, without the studies, rows, figures, files
and surveys that have faults. The workspace itself stays as it is, so the next refresh
tries all of it again.
"""

import csv
import io
import shutil
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from coupling.base.paths import Paths, using, workspace
from coupling.contracts import gate
from coupling.contracts.seeds import Finding
from coupling.words.in_both import Both, in_both

STUDY, ROW, FIGURE, FILE, SURVEY = "study", "row", "figure", "file", "survey"
LIST = "set_aside.csv"
# each round takes out what the round before left without something that it needs
MOST_ROUNDS = 12
LONGEST_REASON = 500
PARTS = ("reference", "studies", "yearbook", "households")
KEPT_FOR_THE_USER = ("originals",)
FIGURE_KEYS = ("", "region_code", "year")


@dataclass(frozen=True)
class Item:
    """One thing set aside; row and column say where its fault stands, if in a file."""

    kind: str
    name: str
    source_file: str
    source_row: int | None
    source_column: str
    reason: str
    reason_zh: str

    @property
    def sentence(self) -> str:
        """What is set aside and why, in one line."""
        place = Finding(
            self.source_file, self.source_row, self.source_column, "", ""
        ).where
        name = "" if self.name == self.source_file else f" {self.name}"
        return ": ".join(filter(None, (f"{self.kind}{name}", place, self.reason)))


SCHEMA = pa.schema(
    [
        (one.name, pa.int64() if one.name == "source_row" else pa.string())
        for one in fields(Item)
    ]
)


def set_aside() -> pa.Table:
    """Return what is set aside in the build at work, an Item a row."""
    path = workspace() / LIST
    if not path.exists():
        return SCHEMA.empty_table()
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["source_row"] = int(row["source_row"]) if row["source_row"] else None
    return pa.Table.from_pylist(rows, SCHEMA)


class Aside:
    """A workspace, and the copy of it that is built where something is set aside."""

    def __init__(self, paths: Paths) -> None:
        """Take the workspace of a project; nothing is copied yet."""
        self.paths = paths
        self.original = paths.workspace
        self.folder = paths.target / "set_aside" / self.original.name
        self.items: list[Item] = []
        self.is_copied = False

    # --- before the build -------------------------------------------------------------

    def sort_out(self) -> tuple[list[Finding], list[str]]:
        """Set aside what the gate finds wrong with the workspace.

        Returns faults of the shipped seeds themselves, after which nothing can be
        built, and sentences on what will not be computed.
        """
        findings, said = gate.judge_seeds(self.paths.seeds, self.original)
        if not findings:
            return [], said
        shipped = gate.check_seeds(self.paths.seeds)
        if shipped:
            return shipped, []
        for _ in range(MOST_ROUNDS):
            if not (self._drop(findings) or self._drop_blamed(findings)):
                break
            findings, said = gate.judge_seeds(self.paths.seeds, self.folder)
            if not findings:
                return [], said
        self._drop_all(_fault(findings[0]))
        return [], []

    def _drop(self, findings: list[Finding]) -> bool:
        """Take what the findings are about out of the copy; say whether any was."""
        self._copy()
        count = len(self.items)
        for finding in findings:
            part, _, rest = finding.file.partition("/")
            if part == self.folder.name and (self.folder / rest).exists():
                self._drop_one(self.folder / rest, finding)
        return len(self.items) > count

    def _drop_blamed(self, findings: list[Finding]) -> bool:
        """Take out the first study without which there are fewer faults elsewhere.

        A fault may stand where what ships asks for something that a study lacks.
        """
        kept, items = self.folder.with_name(".before"), list(self.items)
        for study_id in self._studies():
            shutil.copytree(self.folder / "studies", kept)
            try:
                self.drop_study(study_id, findings[0])
                left = gate.check_seeds(self.paths.seeds, self.folder)
                if len(left) < len(findings):
                    return True
                shutil.rmtree(self.folder / "studies")
                shutil.copytree(kept, self.folder / "studies")
                self.items = list(items)
            finally:
                shutil.rmtree(kept)
        return False

    def _drop_one(self, path: Path, finding: Finding) -> None:
        records = _records(path)
        row, column = finding.row, finding.column
        if records is None or row in (None, 1):
            self._drop_file(path, finding)
            return
        if row not in records:
            return
        header = records[1][0]
        text = dict(zip(header, records[row][0], strict=False))
        folder = path.parent.name
        if folder == "studies" and self._is_own(text.get("study_id", "")):
            self.drop_study(text["study_id"], finding)
        elif folder == "yearbook" and column not in FIGURE_KEYS and column in header:
            self._note(FIGURE, self._named(path), finding)
            _rewrite(path, records, blank=(row, header.index(column)))
        else:
            self._note(ROW, self._named(path), finding)
            _rewrite(path, records, drop={row})

    def _is_own(self, study_id: str) -> bool:
        """Say whether a study is a user's alone and does not ship."""
        return bool(study_id) and study_id not in self._shipped

    @cached_property
    def _shipped(self) -> set[str]:
        path = self.paths.seeds / "studies" / "studies.csv"
        return set(_column(_records(path), "study_id").values())

    def drop_study(self, study_id: str, why: Finding | Both | str) -> None:
        """Set a study aside: its rows in every table of studies."""
        self._copy()
        self._note(STUDY, study_id, why)
        for path in sorted((self.folder / "studies").glob("*.csv")):
            records = _records(path)
            ids = _column(records, "study_id")
            own = {number for number, found in ids.items() if found == study_id}
            if own and records:
                _rewrite(path, records, drop=own)

    def _drop_file(self, path: Path, why: Finding | Both | str) -> None:
        self._note(FILE, self._named(path), why)
        path.unlink()

    def _drop_surveys(self, why: Both | str) -> bool:
        """Set every survey aside; say whether there was one."""
        files = sorted((self.folder / "households").glob("*"))
        surveys = {path.name.partition(".")[0] for path in files if path.is_file()}
        for name in sorted(surveys):
            self._note(SURVEY, name, why)
        shutil.rmtree(self.folder / "households", ignore_errors=True)
        return bool(surveys)

    def _drop_all(self, why: Both | str) -> None:
        """Set aside all that is left: what is wrong can be told of no part of it."""
        self._copy()
        self._drop_surveys(why)
        for study_id in self._studies():
            self.drop_study(study_id, why)
        for path in sorted(self.folder.rglob("*.csv")):
            if path.name != LIST:
                self._drop_file(path, why)

    # --- after a build that failed ----------------------------------------------------

    def widen(self, why: str, failed: list[str], files: dict[str, str]) -> bool:
        """Set aside what may have made a build fail; False if nothing is left of it.

        why
            What the build said.
        failed
            Names of the models and tests that failed.
        files
            {file of the yearbook: what is wrong with its figures}, where that is known.
        """
        if not self._is_anything():
            return False
        self._copy()
        count = len(self.items)
        for name, said in files.items():
            path = self.folder / "yearbook" / Path(name).name
            if path.exists():
                self._drop_file(path, said)
        if any("household" in name for name in failed):
            self._drop_surveys(why)
        if len(self.items) == count:
            self._drop_failing_studies()
        if len(self.items) == count:
            self._drop_all(why)
        return True

    def _drop_failing_studies(self) -> None:
        """Set aside the studies that cannot be worked out by themselves either."""
        from coupling.engine.stored import evaluate_stored

        with self.in_use():
            for study_id in self._studies():
                try:
                    evaluate_stored(self.paths, study_id)
                except Exception as error:
                    self.drop_study(study_id, str(error).strip().splitlines()[0])

    def _studies(self) -> list[str]:
        """Studies of the copy that do not ship."""
        ids = _column(_records(self.folder / "studies" / "studies.csv"), "study_id")
        return [one for one in dict.fromkeys(ids.values()) if self._is_own(one)]

    def _is_anything(self) -> bool:
        folder = self.folder if self.items else self.original
        return any(
            path.is_file() for part in PARTS for path in (folder / part).rglob("*")
        )

    # --- the copy ---------------------------------------------------------------------

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Let the copy be the workspace for the block, if anything is set aside."""
        if not self.items:
            yield
            return
        with using(self.folder):
            self._write_list()
            yield

    def _copy(self) -> None:
        if self.is_copied:
            return
        self.is_copied = True
        shutil.rmtree(self.folder.parent, ignore_errors=True)
        skip = shutil.ignore_patterns(*KEPT_FOR_THE_USER, ".*")
        shutil.copytree(self.original, self.folder, ignore=skip)

    def _write_list(self) -> None:
        with (self.folder / LIST).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, SCHEMA.names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(map(asdict, self.items))

    def _note(self, kind: str, name: str, why: Finding | Both | str) -> None:
        # of a row or a figure each fault is told, of what is larger the first
        if kind not in (ROW, FIGURE) and any(
            (one.kind, one.name) == (kind, name) for one in self.items
        ):
            return
        if isinstance(why, Finding):
            where, reason = (why.file, why.row, why.column), _expected(why)
        else:
            # what the build says it says in English alone
            reason = why if isinstance(why, Both) else Both(why, why)
            where = ("", None, "")
        self.items.append(Item(kind, name, *where, *map(_shortened, reason)))

    def _named(self, path: Path) -> str:
        return f"{self.folder.name}/{path.relative_to(self.folder).as_posix()}"


def _expected(finding: Finding) -> Both:
    return in_both(
        "found {found}; expected {expected}",
        found=_shortened(finding.found, 100),
        expected=finding.expected,
    )


def _fault(finding: Finding) -> Both:
    row, column = finding.row, finding.column
    return in_both(
        "{file}{row}{column}: {reason}",
        file=finding.file,
        row=in_both(", row {row}", row=row) if row else "",
        column=in_both(", column {column}", column=column) if column else "",
        reason=_expected(finding),
    )


def _shortened(text: str, length: int = LONGEST_REASON) -> str:
    return text if len(text) <= length else text[: length - 3] + "..."


def _records(path: Path) -> dict[int, tuple[list[str], int]] | None:
    """Records of a table by the line on which each begins, with how many lines it has.

    The header is on line 1. None for a file that is no table.
    """
    if not path.exists():
        return None
    try:
        content = path.read_bytes().decode("utf-8-sig")
        reader = csv.reader(io.StringIO(content, newline=""), strict=True)
        found, line = {}, 1
        for record in reader:
            found[line] = (record, reader.line_num - line + 1)
            line = reader.line_num + 1
    except (UnicodeDecodeError, csv.Error):
        return None
    return found if found and found[1][0] else None


def _column(records: dict | None, name: str) -> dict[int, str]:
    """Cells of a column by the line of their record; none where it is not there."""
    if records is None or name not in records[1][0]:
        return {}
    place = records[1][0].index(name)
    return {
        number: record[place]
        for number, (record, _) in records.items()
        if number > 1 and place < len(record)
    }


def _rewrite(
    path: Path,
    records: dict[int, tuple[list[str], int]],
    drop: Set[int] = frozenset(),
    blank: tuple[int, int] | None = None,
) -> None:
    """Write records again, each on its line; dropped ones leave their lines empty."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    for number, (record, lines) in records.items():
        if blank and number == blank[0]:
            record = [
                "" if place == blank[1] else cell for place, cell in enumerate(record)
            ]
        start = text.tell()
        if record and number not in drop:
            writer.writerow(record)
        written = text.getvalue()[start:].count("\n")
        text.write("\n" * (lines - written))
    path.write_text(text.getvalue(), encoding="utf-8")
