"""Read seed tables and the contracts that their YAML files state."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

# a text of a user's own
LONGEST_TEXT = 2_000
NUMBERS = {"int", "double"}
# more than there are shipped files
FILES_KEPT = 256
# name of a test, the column that it is of, its arguments
Test = tuple[str, str | None, dict[str, Any]]


@dataclass(frozen=True)
class Finding:
    """One thing wrong with a seed: where, what was found, what was expected."""

    file: str
    row: int | None
    column: str
    found: str
    expected: str

    @property
    def where(self) -> str:
        """File, row and column, as far as they are known."""
        row = f", row {self.row}" if self.row else ""
        return f"{self.file}{row}" + (f", column {self.column}" if self.column else "")


@dataclass
class Seed:
    """A seed table as text, typed columns beside it, and its tests.

    `text` and `typed` are indexed by line number in the file (the header is line 1; a
    row that spans lines has the number of its first). In `typed`, a blank or unreadable
    number is NaN and a blank text is missing. A seed `is_whole` if every row was read.

    Rows of a workspace file that join a seed are indexed by their line number plus
    `lines_before`, and `joined_file` is their file. `key` names the columns by which
    they take the place of shipped rows; a seed without key cannot be joined. A file of
    a workspace may leave out `optional` columns and may have `older` ones, of an
    earlier layout.
    """

    name: str
    file: str
    types: dict[str, str]
    tests: list[Test]
    key: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    older: dict[str, str] = field(default_factory=dict)
    is_shipped: bool = True
    joined_file: str = ""
    lines_before: int = 0
    text: pd.DataFrame = field(default_factory=pd.DataFrame)
    typed: pd.DataFrame = field(default_factory=pd.DataFrame)
    findings: list[Finding] = field(default_factory=list)
    is_whole: bool = False
    before_join: pd.DataFrame | None = None
    # what tests said of the rows as read, and the frames in which they stand
    said: dict[Any, Any] = field(default_factory=dict)
    as_read: tuple[pd.DataFrame, ...] = ()

    @property
    def verdicts(self) -> dict[Any, Any] | None:
        """What tests have said of these very rows; None where rows were joined."""
        frames = zip((self.text, self.typed), self.as_read, strict=False)
        as_read = self.as_read and all(one is other for one, other in frames)
        return self.said if as_read else None

    @property
    def shipped(self) -> pd.DataFrame:
        """The typed rows that ship, also those whose place a workspace's rows take."""
        return self.typed if self.before_join is None else self.before_join

    def has(self, *columns: str) -> bool:
        """Say whether every row was read, with these columns in it."""
        return self.is_whole and self.names(*columns)

    def names(self, *columns: str) -> bool:
        """Say whether the header has these columns."""
        return all(column in self.typed.columns for column in columns)

    @property
    def files(self) -> str:
        """The file or files of the table, for a message."""
        return " or ".join(filter(None, (self.file, self.joined_file)))

    def place(self, row: int) -> tuple[str, int]:
        """Return file and line number of a row of `text`."""
        if self.joined_file and row > self.lines_before:
            return self.joined_file, row - self.lines_before
        return self.file, row

    def finding(
        self, row: int, column: str, expected: str, found: str | None = None
    ) -> Finding:
        """Return a finding of a row of `text`; what was found is the cell's text."""
        value = self.text.at[row, column] if found is None else found
        return Finding(*self.place(row), column, value, expected)

    def report(
        self, rows: Iterable[int], column: str, expected: str, found: str | None = None
    ) -> None:
        """Add one finding per row of `text` in `rows`."""
        for row in rows:
            self.findings.append(self.finding(row, column, expected, found))


def load_seeds(folder: Path) -> dict[str, Seed]:
    """Load every seed that a YAML file under `folder` describes.

    Returns seeds by name. What cannot be read is a finding of its seed.
    """
    seeds = {}
    for seed, path in contracts(folder):
        read_table(seed, path)
        seeds[seed.name] = seed
    return seeds


def provinces(seeds: dict[str, Seed]) -> list[str]:
    """Return the codes of the provinces of loaded seeds, in their order."""
    regions = seeds["regions"].typed
    return list(regions.loc[regions["level"] == "province", "region_code"])


def contracts(folder: Path) -> Iterator[tuple[Seed, Path]]:
    """Yield every seed that a YAML file under `folder` describes, unread, and its file.

    Tests are those of the YAML; the file need not be there.
    """
    for contract in sorted(folder.rglob("*.yml")):
        text = contract.read_text(encoding="utf-8")
        for stated in _stated_seeds(text):
            path = contract.parent / f"{stated['name']}.csv"
            meta = stated["config"].get("meta", {})
            seed = Seed(
                name=stated["name"],
                file=f"{folder.name}/{path.relative_to(folder).as_posix()}",
                types=dict(stated["config"]["column_types"]),
                tests=list(_stated_tests(stated)),
                key=tuple(meta.get("workspace_key", ())),
                optional=tuple(meta.get("optional_columns", ())),
                older=dict(meta.get("older_columns", {})),
            )
            yield seed, path


@lru_cache(FILES_KEPT)
def _stated_seeds(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.load(text, Loader=yaml.CSafeLoader)["seeds"]
    return found


def _stated_tests(stated: dict[str, Any]) -> Iterator[Test]:
    for test in stated.get("data_tests", []):
        yield _test(test, None)
    for column in stated.get("columns", []):
        for test in column.get("data_tests", []):
            yield _test(test, column["name"])


def _test(test: str | dict[str, Any], column: str | None) -> Test:
    if isinstance(test, str):
        return test, column, {}
    ((name, body),) = test.items()
    arguments = dict(body.get("arguments", {}))
    if "to" in arguments:
        arguments["to"] = arguments["to"].split("'")[1]
    return name, column, arguments


def read_table(seed: Seed, path: Path) -> None:
    """Fill `text` and `typed`; report encoding, header, width and number faults.

    What ships is read once, while nothing of it changes; a user's file may be large and
    is not kept.
    """
    if not path.exists():
        seed.findings.append(Finding(seed.file, None, "", "no such file", "a file"))
        return
    read = (_read_once if seed.is_shipped else _read)(
        path.read_bytes(),
        seed.file,
        tuple(seed.types.items()),
        seed.is_shipped,
        () if seed.is_shipped else (*seed.optional, *seed.older),
        any(name == "matches_series_dictionary" for name, _, _ in seed.tests),
    )
    seed.types = dict(read.types)
    seed.findings += read.findings
    seed.is_whole = read.is_whole
    # pandas copies what is written to, and nothing else
    seed.text, seed.typed = seed.as_read = tuple(
        frame.copy(deep=False) for frame in (read.text, read.typed)
    )
    seed.said = read.said


def _read(
    raw: bytes,
    file: str,
    types: tuple[tuple[str, str], ...],
    is_shipped: bool,
    may_lack: tuple[str, ...],
    is_open_ended: bool,
) -> Seed:
    """Return what a file holds, and the faults of its form."""
    seed = Seed("", file, dict(types), [], is_shipped=is_shipped)
    _fill(seed, raw, may_lack, is_open_ended)
    return seed


_read_once = lru_cache(FILES_KEPT)(_read)


def _fill(
    seed: Seed, raw: bytes, may_lack: tuple[str, ...], is_open_ended: bool
) -> None:
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        byte = f"byte 0x{error.object[error.start]:02x}"
        expected = "UTF-8; save the file as CSV UTF-8"
        seed.findings.append(Finding(seed.file, row, "", byte, expected))
        return
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    rows, row = {}, 1
    try:
        for fields in reader:
            if fields:
                rows[row] = fields
            row = reader.line_num + 1
    except csv.Error as error:
        seed.findings.append(Finding(seed.file, row, "", str(error), "a CSV row"))
        return
    header = rows.pop(1, [])
    if not header:
        seed.findings.append(Finding(seed.file, 1, "", "no header", "a header"))
        return
    _check_header(seed, header, may_lack, is_open_ended)
    if len(set(header)) < len(header):
        return
    whole = {row: fields for row, fields in rows.items() if len(fields) == len(header)}
    for row in rows.keys() - whole.keys():
        found = f"{len(rows[row])} fields"
        expected = f"{len(header)} fields, as in the header"
        seed.findings.append(Finding(seed.file, row, "", found, expected))
    seed.is_whole = len(whole) == len(rows)
    seed.text = pd.DataFrame(
        list(whole.values()), index=list(whole), columns=header, dtype=str
    )
    typed = {}
    for column in header:
        if seed.types.get(column) in NUMBERS:
            typed[column] = _numbers(seed, column)
            continue
        typed[column] = seed.text[column].mask(seed.text[column] == "")
        if not seed.is_shipped:
            _refuse_long_texts(seed, column)
    seed.typed = pd.DataFrame(typed, seed.text.index, header)


def _refuse_long_texts(seed: Seed, column: str) -> None:
    lengths = seed.text[column].str.len()
    for row, length in lengths[lengths > LONGEST_TEXT].items():
        seed.findings.append(
            Finding(
                *(seed.file, row, column, f"a text of {length:,} characters"),
                f"up to {LONGEST_TEXT:,} characters",
            )
        )


def _check_header(
    seed: Seed, header: list[str], may_lack: tuple[str, ...], is_open_ended: bool
) -> None:
    for column in seed.types:
        if column not in header and column not in may_lack:
            seed.findings.append(
                Finding(seed.file, 1, column, "no such column", "this column")
            )
    for position, column in enumerate(header):
        if column in header[:position]:
            seed.findings.append(
                Finding(seed.file, 1, column, "the column twice", "each column once")
            )
        elif column not in seed.types:
            if is_open_ended:
                seed.types[column] = "double"
            else:
                seed.findings.append(
                    Finding(
                        seed.file,
                        1,
                        column,
                        "an unknown column",
                        "only the columns that its YAML file describes",
                    )
                )


def _numbers(seed: Seed, column: str) -> pd.Series:
    """Return a column as numbers; report texts that are none."""
    numbers = pd.to_numeric(seed.text[column], errors="coerce")
    is_whole = seed.types[column] == "int"
    good = (numbers.abs() < float("inf")) & (
        seed.text[column].str.len() <= LONGEST_TEXT
    )
    if is_whole:
        good &= numbers == numbers.round()
    given = seed.text[column] != ""
    expected = "a whole number" if is_whole else "a finite number"
    seed.report(seed.text.index[given & ~good], column, expected)
    return numbers.where(good)
