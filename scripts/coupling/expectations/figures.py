"""Suites over the yearbook figures: the chapters that ship and the user's own files.

Each file is judged as a table (columns, keys, regions, numbers), figure by figure
(range, jump, spike, magnitude) and by the identities of expectations.csv. All scores
are on natural logarithms, so figures that are not above 0 have none:

- jump: |change against the year before - median change| / spread of the changes of the
  series; where there is no year before, against the year after;
- spike: factor by which a figure lies beyond both neighbours, never below 1;
- magnitude: |figure - median of the regions of its level that year| / spread of these.

Spread is 1.4826 times the median absolute deviation (the standard deviation of a normal
distribution), but not below the `scale` of the rule.
"""

import csv
import io
import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from coupling.base.paths import Paths
from coupling.expectations.engine import Batch, Expectation, run_suite
from coupling.expectations.outcome import Outcome
from coupling.expectations.rules import (
    IDENTITIES,
    Rule,
    of_level,
    read_rules,
    rules_for,
)

KEYS = ["region_code", "year"]
YEARS = (1949, 2100)
SCORES = ("jump", "spike", "magnitude")
ANY_REGION = "*"
EXPECTED = {
    "jump": "a change against the year before within {:g} spreads of the usual",
    "spike": "a figure less than {:g} times beyond both neighbouring years",
    "magnitude": "a figure within {:g} spreads of the other regions that year",
    "part_of_whole": "a part not above {:g} times the whole",
    "ratio": "a ratio within {:g} of what it is made of",
}


@dataclass
class Table:
    """One file of figures: keys as text, series as doubles, and what was unreadable.

    `unreadable` holds, by row, cells that are no numbers, or nothing; `problem` says
    why the file could not be read at all.
    """

    suite: str
    file: str
    columns: list[str]
    frame: pd.DataFrame
    problem: str = ""

    @property
    def series(self) -> list[str]:
        """Columns of figures."""
        return [c for c in self.columns if c not in KEYS]

    @property
    def has_keys(self) -> bool:
        """Say whether region and year can be told."""
        return set(KEYS) <= set(self.columns)


def guard_inputs(paths: Paths) -> Outcome:
    """Judge the chapters in seeds/yearbook and the files in workspace/yearbook.

    A workspace figure is compared with the shipped ones, in the place of the one that
    it overrides. COUPLING_WORKSPACE names another workspace.
    """
    rules = [rule for rule in read_rules(paths.seeds) if rule.scope == "yearbook"]
    dictionary = _with_own(paths, "series.csv", "series_id")
    shipped = set(_read_text(paths.seeds / "reference" / "series.csv")["series_id"])
    dictionary["is_shipped"] = dictionary["series_id"].isin(shipped)
    regions = _with_own(paths, "regions.csv", "region_code")
    levels = regions.reindex(columns=["region_code", "level"], fill_value="")
    levels = levels.set_index("region_code")["level"].replace("", "other")
    breaks = _breaks(paths.seeds)
    own_breaks = breaks | _breaks(paths.workspace)
    chapters = _read_folder(paths.seeds / "yearbook", "yearbook", "seeds/yearbook")
    own = _read_folder(paths.workspace / "yearbook", "workspace", "workspace/yearbook")
    outcome = Outcome()
    for tables, beside, let in (
        (chapters, chapters, breaks),
        (own, [*chapters, *own], own_breaks),
    ):
        panel = combine(beside) if tables else None
        for table in tables:
            batches = _batches(table, panel, rules, dictionary, levels, let)
            checks, sections = run_suite(table.suite, batches)
            outcome.checks += checks
            outcome.sections[table.suite] = sections
    return outcome


def _with_own(paths: Paths, name: str, key: str) -> pd.DataFrame:
    """A reference table as text, rows of the workspace in the place of shipped ones."""
    shipped = _read_text(paths.seeds / "reference" / name)
    own = paths.workspace / "reference" / name
    if not own.exists():
        return shipped
    joined = pd.concat([shipped, _read_text(own)]).fillna("")
    return joined.drop_duplicates(key, keep="last")


def _breaks(folder: Path) -> set[tuple[str, str, float]]:
    """Series, levels and years in which figures jump together."""
    path = folder / "reference" / "series_breaks.csv"
    frame = _read_text(path) if path.exists() else pd.DataFrame()
    if not {"series_id", "level", "year"} <= set(frame):
        return set()
    return {
        (row.series_id, row.level, float(row.year))
        for row in frame.itertuples()
        if row.year.isdecimal()
    }


def _read_text(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def _read_folder(folder: Path, group: str, shown: str) -> list[Table]:
    return [
        read_table(path, f"{group}.{_plain(path.stem)}", f"{shown}/{path.name}")
        for path in sorted(folder.glob("*.csv"))
    ]


def _plain(stem: str) -> str:
    """A name that serves in an address."""
    return re.sub(r"[^\w-]+", "_", stem)


def read_table(path: Path, suite: str, file: str) -> Table:
    """Read a wide file; nothing in it raises an error."""
    try:
        text = _read_wide(path)
    except (OSError, ValueError, csv.Error) as error:
        said = str(error).splitlines()[0].replace(str(path), file)
        return Table(suite, file, [], pd.DataFrame(), said)
    table = Table(suite, file, list(text.columns), text)
    unreadable = pd.Series("", index=text.index)
    for column in text.columns:
        if column == "region_code":
            continue
        given = text[column].str.strip() != ""
        numbers = pd.to_numeric(text[column], errors="coerce").astype(float)
        good = np.isfinite(numbers)
        if column == "year":
            good &= numbers == numbers.round()
        bad = given & ~good
        unreadable[bad] += column + " " + text.loc[bad, column] + "; "
        text[column] = numbers.where(good)
    if table.has_keys:
        text["region_code"] = text["region_code"].replace("", None)
    text["unreadable"] = unreadable.str.removesuffix("; ").replace("", None)
    return table


def _read_wide(path: Path) -> pd.DataFrame:
    """Cells as text; ValueError says which row is not as wide as the header."""
    content = path.read_bytes().decode("utf-8-sig")
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    header = next(reader, [])
    if not header:
        raise ValueError("no header")
    for name in header:
        if header.count(name) > 1:
            raise ValueError(f"row 1: the column {name} twice")
    rows = []
    for fields in reader:
        if fields and len(fields) != len(header):
            raise ValueError(
                f"row {reader.line_num}: {len(fields)} fields, the header has "
                f"{len(header)}"
            )
        rows += [fields] if fields else []
    return pd.DataFrame(rows, columns=header, dtype=str)


def combine(tables: list[Table]) -> pd.DataFrame:
    """Figures of all tables by region and year; a later table overrides an earlier."""
    rows = [
        table.frame.dropna(subset=KEYS)
        .drop_duplicates(KEYS, keep="last")
        .set_index(KEYS)[table.series]
        for table in tables
        if table.has_keys
    ]
    if not rows:
        return pd.DataFrame(index=pd.MultiIndex.from_tuples([], names=KEYS))
    return pd.concat(rows).groupby(level=KEYS).last()


def _batches(
    table: Table, panel, rules: list[Rule], dictionary, levels: pd.Series, breaks: set
) -> list[Batch]:
    """The frames on which a file is judged, with their expectations."""
    if table.problem:
        return [_unreadable_file(table)]
    shape = _shape(table, dictionary, list(levels.index))
    if not table.has_keys:
        return shape
    return [
        *shape,
        _rows(table, panel, rules, levels),
        _figures(table, panel, rules, dictionary, levels, breaks),
    ]


def _unreadable_file(table: Table) -> Batch:
    frame = pd.DataFrame({"file": [table.file], "problem": [table.problem]})
    readable = Expectation(
        name="readable",
        type="ExpectColumnValuesToBeNull",
        arguments={"column": "problem"},
        severity="error",
        expected="a CSV file in UTF-8 with a header and rows as wide as it",
    )
    return Batch(table.file, frame, ["file"], [readable])


def _shape(table: Table, dictionary: pd.DataFrame, regions: list[str]) -> list[Batch]:
    """The table as it is: columns, at least one row, keys; then its column names."""
    is_shipped = table.suite.startswith("yearbook.")
    chapter = table.suite.removeprefix("yearbook.")
    wanted = list(KEYS)
    if is_shipped:
        chapters = dictionary.reindex(columns=["chapter", "city_chapter"])
        in_chapter = (chapters == chapter).any(axis=1) & dictionary["is_shipped"]
        wanted += sorted(dictionary.loc[in_chapter, "series_id"])
    expectations = [
        Expectation(
            name="columns",
            type="ExpectTableColumnsToMatchSet",
            arguments={"column_set": wanted, "exact_match": is_shipped},
            severity="error",
            expected="the columns " + ", ".join(wanted),
        ),
        Expectation(
            name="not_empty",
            type="ExpectTableRowCountToBeBetween",
            arguments={"min_value": 1},
            severity="error",
            expected="at least one row",
        ),
    ]
    if table.has_keys:
        expectations += [
            Expectation(
                name="key_unique",
                type="ExpectCompoundColumnsToBeUnique",
                arguments={"column_list": KEYS},
                severity="error",
                expected="each region and year once",
                column=", ".join(KEYS),
            ),
            Expectation(
                name="region_known",
                type="ExpectColumnValuesToBeInSet",
                arguments={
                    "column": "region_code",
                    "value_set": _of_these(regions, table.frame["region_code"]),
                },
                severity="error",
                expected="a region_code of seeds/reference/regions.csv",
                column="region_code",
            ),
            Expectation(
                name="region_given",
                type="ExpectColumnValuesToNotBeNull",
                arguments={"column": "region_code"},
                severity="error",
                expected="a region_code in each row",
                column="region_code",
            ),
        ]
    keys = KEYS if table.has_keys else []
    whole = Batch(table.file, _shown(table.frame[table.columns]), keys, expectations)
    names = pd.DataFrame({"series_id": table.series}, dtype=str)
    known = Expectation(
        name="series_known",
        type="ExpectColumnValuesToBeInSet",
        arguments={
            "column": "series_id",
            "value_set": _of_these(dictionary["series_id"], table.series),
        },
        severity="error" if is_shipped else "warning",
        expected="a series_id of seeds/reference/series.csv",
    )
    return [whole, Batch(table.file, names, ["series_id"], [known], counted="columns")]


def _of_these(known, found) -> list[str]:
    """The known names among those found: the library copies a long list often."""
    return sorted(set(known) & set(found)) or [next(iter(known), "")]


def _shown(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy with years as whole numbers, where there is one in each row."""
    if "year" in frame and frame["year"].notna().all():
        return frame.assign(year=frame["year"].astype(int))
    return frame.copy()


def _rows(table: Table, panel: pd.DataFrame, rules: list[Rule], levels) -> Batch:
    """A row per row of the file: years, cells that are no numbers, and identities."""
    frame = table.frame[[*KEYS, "unreadable"]].copy()
    expectations = [
        Expectation(
            name="year_plausible",
            type="ExpectColumnValuesToBeBetween",
            arguments={"column": "year", "min_value": YEARS[0], "max_value": YEARS[1]},
            severity="error",
            expected=f"a year from {YEARS[0]} to {YEARS[1]}",
            column="year",
        ),
        Expectation(
            name="year_given",
            type="ExpectColumnValuesToNotBeNull",
            arguments={"column": "year"},
            severity="error",
            expected="a year in each row",
            column="year",
        ),
        Expectation(
            name="numbers",
            type="ExpectColumnValuesToBeNull",
            arguments={"column": "unreadable"},
            severity="error",
            expected="finite numbers with a decimal point, or blanks",
        ),
    ]
    is_shipped = table.suite.startswith("yearbook.")
    place = pd.MultiIndex.from_frame(frame[KEYS])
    level = frame["region_code"].map(levels).fillna("other")
    identities = [rule for rule in rules if rule.kind in IDENTITIES]
    here = {name: of_level(identities, name) for name in level.unique()}
    known = _known(rules)
    for rule in identities:
        judged = level.isin([name for name in here if rule in here[name]])
        if not judged.any():
            continue
        names = _named(rule)
        # a shipped identity belongs to the chapter of its first series
        first = names[:1] if is_shipped else names
        if not set(first) & set(table.series) or not set(names) <= set(panel):
            continue
        given = table.frame[[n for n in names if n in table.series]].notna().any(axis=1)
        found = identity(panel, rule).reindex(place).to_numpy()
        let = [cell for cell in place if _is_known(known, rule.name, *cell)]
        frame[rule.name] = np.where(given & judged & ~place.isin(let), found, np.nan)
        expectations.append(
            Expectation(
                name=rule.name,
                type="ExpectColumnValuesToBeBetween",
                arguments={"column": rule.name, "max_value": rule.limit},
                severity=rule.severity,
                expected=EXPECTED[rule.kind].format(rule.limit)
                + f": {rule.subject} and {_other_side(rule)}",
                note=rule.reason,
                column=rule.subject,
            )
        )
    return Batch(table.file, _shown(frame), KEYS, expectations)


def _named(rule: Rule) -> list[str]:
    """Series that an identity names, in order."""
    return re.findall(r"\w+", f"{rule.subject} {rule.compared_with}")


def _other_side(rule: Rule) -> str:
    scale = "" if rule.scale in (None, 1) else f"{rule.scale:g} x "
    return scale + rule.compared_with


def identity(panel: pd.DataFrame, rule: Rule) -> pd.Series:
    """What the limit of an identity is held against, by region and year.

    part_of_whole: sum of the parts / whole. ratio: |subject / (scale a / b) - 1|.
    NaN where a figure is missing or would divide by 0.
    """
    if rule.kind == "part_of_whole":
        parts = panel[re.findall(r"\w+", rule.subject)].sum(axis=1, skipna=False)
        found = parts / panel[rule.compared_with]
    else:
        a, b = re.findall(r"\w+", rule.compared_with)
        found = (panel[rule.subject] * panel[b] / (rule.scale * panel[a]) - 1).abs()
    return found.where(np.isfinite(found))


def _figures(table: Table, panel, rules, dictionary, levels, breaks) -> Batch:
    """A row per figure of the file, with its bounds and a column of scores per rule.

    How odd a figure of a user's own series is stops no refresh: nothing shipped rests
    on it.
    """
    long = table.frame[[*KEYS, *table.series]].melt(
        KEYS, var_name="series_id", value_name="figure"
    )
    long = long.dropna(subset=[*KEYS, "figure"]).reset_index(drop=True)
    bounds = dictionary.drop_duplicates("series_id").set_index("series_id")
    for column, bound in (("lowest", "min_value"), ("highest", "max_value")):
        numbers = pd.to_numeric(bounds[bound], errors="coerce")
        long[column] = long["series_id"].map(numbers).astype(float)
    place = pd.MultiIndex.from_frame(long[["series_id", *KEYS]])
    expectations = [
        _bound("not_below_range", "figure", "lowest", "not below min_value"),
        _bound("not_above_range", "highest", "figure", "not above max_value"),
    ]
    shipped = set(dictionary.loc[dictionary["is_shipped"], "series_id"])
    for rule, found in score(panel, table.series, rules, levels, breaks).items():
        if rule.severity == "error":
            found = found[found.index.get_level_values("series_id").isin(shipped)]
            if found.empty:
                continue
        long[rule.name] = found.reindex(place).to_numpy()
        expectations.append(
            Expectation(
                name=rule.name,
                type="ExpectColumnValuesToBeBetween",
                arguments={"column": rule.name, "max_value": rule.limit},
                severity=rule.severity,
                expected=EXPECTED[rule.kind].format(rule.limit),
                note=rule.reason,
                shown="figure",
            )
        )
    return Batch(
        table.file,
        _shown(long),
        [*KEYS, "series_id", "figure"],
        expectations if len(long) else [],
        subject="series_id",
        counted="figures",
    )


def _bound(name: str, larger: str, smaller: str, words: str) -> Expectation:
    return Expectation(
        name=name,
        type="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments={
            "column_A": larger,
            "column_B": smaller,
            "or_equal": True,
            "ignore_row_if": "either_value_is_missing",
        },
        severity="error",
        expected=f"a figure {words} in seeds/reference/series.csv",
        shown="figure",
    )


def score(
    panel: pd.DataFrame, series: list[str], rules: list[Rule], levels=None, breaks=()
) -> dict[Rule, pd.Series]:
    """Scores by rule: series, region and year give the score, 3 decimals.

    Regions are compared with those of their level alone (`levels`, by region_code; all
    of one without it), under the rules of that level. A rule for one series takes the
    place of the rules of its kind for all. Cells that a rule of the kind `known` names
    have no score where the rule would stop a refresh, nor do jumps in a year of
    `breaks` (series, level, year).
    """
    known = _known(rules)
    found: dict[Rule, list[tuple]] = {}
    for name in series:
        if name not in panel or panel[name].isna().all():
            continue
        grid = panel[name].unstack("year")
        logs = np.log(grid.where(grid > 0))
        logs = logs.reindex(columns=_all_years(logs.columns))
        level = logs.index if levels is None else logs.index.map(levels)
        level = pd.Series("" if levels is None else level, logs.index).fillna("other")
        for one, alike in logs.groupby(level, sort=False):
            if alike.isna().all(axis=None):
                continue
            here = of_level(rules, one)
            scored: dict[tuple, tuple] = {}
            for rule in (r for kind in SCORES for r in rules_for(here, kind, name)):
                asked = rule.kind, rule.scale or 0.0
                if asked not in scored:
                    scored[asked] = _cells(SCORE[rule.kind](alike, asked[1]))
                regions, years, scores = scored[asked]
                if rule.severity == "error":
                    kept = np.ones(len(scores), dtype=bool)
                    for i in np.flatnonzero(scores > rule.limit):
                        is_break = (name, one, years[i]) in breaks
                        kept[i] = not (
                            _is_known(known, name, regions[i], years[i])
                            or (rule.kind == "jump" and is_break)
                        )
                    regions, years, scores = regions[kept], years[kept], scores[kept]
                names = np.full(len(scores), name, dtype=object)
                found.setdefault(rule, []).append((names, regions, years, scores))
    return {rule: _joined_cells(parts) for rule, parts in found.items()}


def _cells(scores: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Region, year and score, 3 decimals, of the cells of regions x years with one."""
    values = scores.to_numpy().round(3)
    rows, columns = np.nonzero(~np.isnan(values))
    regions = scores.index.to_numpy(dtype=object)[rows]
    years = scores.columns.to_numpy(dtype=float)[columns]
    return regions, years, values[rows, columns]


def _joined_cells(parts: list[tuple]) -> pd.Series:
    names, regions, years, scores = (
        np.concatenate(one) for one in zip(*parts, strict=True)
    )
    index = pd.MultiIndex.from_arrays(
        [names, regions, years], names=["series_id", *KEYS]
    )
    return pd.Series(scores, index)


def _known(rules: list[Rule]) -> set[tuple]:
    return {
        (rule.subject, region, float(year))
        for rule in rules
        if rule.kind == "known"
        for region, year in (cell.split() for cell in rule.compared_with.split(","))
    }


def _is_known(known: set[tuple], series: str, region: str, year: float) -> bool:
    """Say whether a rule names a cell, or all regions of its year."""
    return (series, region, year) in known or (series, ANY_REGION, year) in known


def _all_years(years: pd.Index) -> list[float]:
    """All years from the first to the last, so that neighbours are a year apart."""
    span = [float(y) for y in range(int(min(years)), int(max(years)) + 1)]
    return span if len(span) < 1000 else list(years)


def _spread(values: np.ndarray, lowest: float) -> float:
    """1.4826 times the median absolute deviation from the median, or `lowest`."""
    flat = values[np.isfinite(values)]
    if not flat.size:
        return math.nan
    wide = 1.4826 * float(np.median(np.abs(flat - np.median(flat))))
    return max(wide, lowest) or math.nan


def jump(logs: pd.DataFrame, lowest: float) -> pd.DataFrame:
    """Jump scores of regions x years of logarithms."""
    values = logs.to_numpy()
    change = np.full(values.shape, math.nan)
    change[:, 1:] = np.diff(values, axis=1)
    known = change[~np.isnan(change)]
    middle = float(np.median(known)) if known.size else math.nan
    scores = np.abs(change - middle) / _spread(change, lowest)
    # where there is no year before, that against the year after
    after = np.full(values.shape, math.nan)
    after[:, :-1] = scores[:, 1:]
    first = np.isnan(scores) & ~np.isnan(values)
    scores[first] = after[first]
    return pd.DataFrame(scores, logs.index, logs.columns)


def spike(logs: pd.DataFrame, lowest: float) -> pd.DataFrame:
    """Factor by which a figure lies beyond both neighbours, at least 1."""
    values = logs.to_numpy()
    before = np.full(values.shape, math.nan)
    after = np.full(values.shape, math.nan)
    before[:, 1:] = np.diff(values, axis=1)
    after[:, :-1] = -np.diff(values, axis=1)
    nearest = np.minimum(np.abs(before), np.abs(after))
    same_side = np.sign(before) == np.sign(after)
    scores = np.exp(np.where(same_side, nearest, 0.0))
    scores[np.isnan(nearest)] = math.nan
    return pd.DataFrame(scores, logs.index, logs.columns)


def magnitude(logs: pd.DataFrame, lowest: float) -> pd.DataFrame:
    """Distances from the median of the regions of the year, in spreads."""
    apart = (logs - logs.median(axis=0)).to_numpy()
    scores = np.abs(apart) / _spread(apart, lowest)
    return pd.DataFrame(scores, logs.index, logs.columns)


SCORE = {"jump": jump, "spike": spike, "magnitude": magnitude}
