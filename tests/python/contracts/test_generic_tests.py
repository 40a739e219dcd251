"""Every generic test passes on good tables and fails on bad ones, as dbt runs it.

All tables go into one database as sources of a small project, which dbt builds once.
"""

import json
import math
import shutil
import subprocess
import sys
from typing import NamedTuple

import duckdb
import pytest
import yaml

from coupling.base.paths import Paths

NAMES = sorted(path.stem for path in (Paths().project / "tests/generic").glob("*.sql"))
NAN, INF, LARGEST = math.nan, math.inf, sys.float_info.max


class Case(NamedTuple):
    """A table, the arguments of a test, and the number of failing rows to expect."""

    test: str
    sentence: str
    failures: int
    columns: str
    rows: list[tuple]
    arguments: dict
    parent: tuple[str, list[tuple]] | None


CASES: dict[str, Case] = {}


def cases(test, table, *stated, parent=None, **shared) -> None:
    """State cases of a test: sentence, failing rows, rows and arguments of their own.

    `table` holds the SQL columns; `parent` is the table that the argument `to` names.
    """
    for sentence, failures, rows, *own in stated:
        name = f"{test}_{len(CASES) + 1}"
        arguments = shared | (own[0] if own else {})
        CASES[name] = Case(test, sentence, failures, table, rows, arguments, parent)


LOW, HIGH = {"min_value": 0}, {"max_value": 1}
cases(
    "accepted_range",
    "value double",
    ("values lie within and on both bounds", 0, [(0.0,), (0.5,), (1.0,)], LOW | HIGH),
    ("values lie outside both bounds", 2, [(-1e-9,), (0.5,), (1 + 1e-9,)], LOW | HIGH),
    ("blanks", 0, [(None,), (1.0,)], LOW | HIGH),
    ("NaN and infinity between bounds", 3, [(NAN,), (INF,), (-INF,)], LOW | HIGH),
    ("large values above a lower bound", 0, [(LARGEST,), (0.0,)], LOW),
    ("values below a lower bound, NaN, infinity", 3, [(-0.1,), (NAN,), (INF,)], LOW),
    ("small values below an upper bound", 0, [(-LARGEST,), (1.0,)], HIGH),
    ("values above an upper bound, NaN, infinity", 3, [(1.1,), (NAN,), (-INF,)], HIGH),
    ("both bounds are 0", 2, [(-0.1,), (0.0,), (0.1,)], LOW | {"max_value": 0}),
    column_name="value",
)
cases(
    "accepted_range",
    "year integer",
    ("years lie on the bounds", 0, [(1949,), (2100,), (None,)]),
    ("years lie beyond the bounds", 2, [(1948,), (2101,), (2000,)]),
    column_name="year",
    min_value=1949,
    max_value=2100,
)

cases(
    "complete_or_blank",
    "study varchar, system varchar, status varchar, weight double",
    (
        "one group is complete and one is blank",
        0,
        [
            ("s", "a", "measured", 0.5),
            ("s", "a", "proxy", 0.0),
            ("s", "b", "measured", None),
            ("s", "b", "measured", None),
        ],
    ),
    (
        "groups share the name of a system",
        0,
        [("s", "a", "measured", 0.5), ("t", "a", "measured", None)],
    ),
    (
        "rows of other statuses differ",
        0,
        [
            ("s", "a", "measured", 0.5),
            ("s", "a", "excluded", None),
            ("s", "b", "proxy", None),
            ("s", "b", "excluded", 0.5),
            ("s", "b", None, 0.5),
        ],
    ),
    (
        "two groups of three are incomplete",
        3,
        [
            ("s", "a", "measured", 0.5),
            ("s", "a", "proxy", None),
            ("t", "a", "proxy", 0.5),
            ("t", "a", "proxy", None),
            ("t", "a", "proxy", None),
            ("t", "b", "measured", 1.0),
        ],
    ),
    value_column="weight",
    group_columns=["study", "system"],
    condition_column="status",
    condition_values=["measured", "proxy"],
)

cases(
    "constraints_hold",
    "share double, label varchar, label_zh varchar",
    ("within bounds, and whole", 0, [(0.0, "a", "b"), (1.0, "a", "b")]),
    ("a check says nothing of blanks", 0, [(None, "a", "b")]),
    ("a check is false", 1, [(1.5, "a", "b"), (0.5, "a", "b")]),
    ("the second check is false", 1, [(0.5, "a", None)]),
    ("a column is blank", 2, [(0.5, None, None), (0.5, None, "b"), (1.0, "a", "b")]),
    checks=["share between 0 and 1", "(label is null) = (label_zh is null)"],
    filled=["label"],
)
cases(
    "finite_numbers",
    "value double, short float, year integer, label varchar",
    (
        "numbers are finite or blank and text says nan",
        0,
        [(LARGEST, 1.5, 2020, "nan"), (-LARGEST, None, None, "inf"), (None,) * 4],
    ),
    (
        "NaN and infinity",
        3,
        [(NAN, 0, 0, ""), (INF, 0, 0, ""), (-INF, 0, 0, ""), (0, 0, 0, "")],
    ),
    (
        "NaN and infinity in single precision",
        2,
        [(0, NAN, 0, ""), (None, INF, 0, ""), (0, 0, 0, "")],
    ),
)
cases("finite_numbers", "year integer", ("no column can be NaN", 0, [(2020,), (None,)]))

cases(
    "given_where",
    "status varchar, note varchar, share double",
    (
        "a value is given where it must be",
        0,
        [("proxy", "why", None), ("measured", None, None), (None, None, None)],
    ),
    (
        "a value is missing under each of two conditions",
        2,
        [("proxy", None, 1), ("excluded", None, 1), ("proxy", "why", 1)],
    ),
    (
        "a number is missing",
        1,
        [("proxy", "why", None), ("proxy", "why", 0), ("measured", "why", None)],
        {"column_name": "share"},
    ),
    (
        "a value is missing under a condition that is not asked for",
        0,
        [("excluded", None, 1), ("proxy", "why", 1)],
        {"condition_values": ["proxy"]},
    ),
    column_name="note",
    condition_column="status",
    condition_values=["proxy", "excluded"],
)

HALVES = [("halves", 0, 0.5), ("halves", 0.5, 1)]


def intervals(*bounds: tuple) -> list[tuple]:
    """A scheme that is well and another with these bounds."""
    return [*HALVES, *(("other", *pair) for pair in bounds)]


cases(
    "intervals_fill_unit",
    "scheme varchar, low double, high double",
    ("intervals fill 0 to 1", 0, intervals((0.6, 1), (0, 0.3), (0.3, 0.6))),
    ("one interval fills 0 to 1", 0, intervals((0, 1))),
    ("intervals overlap", 1, intervals((0, 0.6), (0.5, 1))),
    ("there is a hole", 1, intervals((0, 0.4), (0.5, 1))),
    ("an overlap and a hole", 2, intervals((0, 0.6), (0.5, 0.7), (0.8, 1))),
    ("the lowest starts above 0", 1, intervals((0.1, 0.5), (0.5, 1))),
    ("the lowest starts below 0", 1, intervals((-0.1, 0.5), (0.5, 1))),
    ("the highest ends below 1", 1, intervals((0, 0.5), (0.5, 0.9))),
    ("the highest ends above 1", 1, intervals((0, 0.5), (0.5, 1.1))),
    ("the highest is empty", 1, intervals((0, 0.5), (0.5, 1), (1, 1))),
    ("one is upside down", 2, intervals((0, 0.7), (0.7, 0.5), (0.8, 1))),
    ("a lower bound is blank", 1, intervals((0, 1), (None, 1))),
    ("an upper bound is blank", 1, intervals((0, None), (0.5, 1))),
    ("the highest upper bound is blank", 1, intervals((0, 0.5), (0.5, None))),
    group_column="scheme",
    lower_column="low",
    upper_column="high",
)

cases(
    "listed_in",
    "study varchar",
    ("every value is listed", 0, [("one",), ("two",)]),
    ("two values are not listed", 2, [("one",), ("three",), ("four",)]),
    ("a blank is not listed", 1, [("one",), (None,)]),
    ("a value is listed twice, as asked", 0, [("two",)], {"at_least": 2}),
    ("a value is listed once of twice", 1, [("one",), ("two",)], {"at_least": 2}),
    parent=("study_id varchar", [("one",), ("two",), ("two",), ("five",), (None,)]),
    column_name="study",
    field="study_id",
)

SERIES = (
    "series_id varchar, min_value double, max_value double",
    [("share", 0, 100), ("profit", None, None), ("sales", 0, None), ("loss", None, 0)],
)
PANEL = "region_code varchar, year integer"
cases(
    "matches_series_dictionary",
    f"{PANEL}, share double, sales double, loss double, profit double",
    (
        "figures lie within and on their bounds, or are blank",
        0,
        [("1", 1, 0, 0, 0, None), ("2", 1, 100, LARGEST, -LARGEST, LARGEST)],
    ),
    (
        "figures lie outside their bounds",
        4,
        [("1", 1, -0.1, -0.1, 0.1, -0.1), ("2", 1, 100.1, 1, -1, 100.1)],
    ),
    (
        "NaN and infinity lie above an upper bound",
        2,
        [("1", 1, NAN, 0, 0, 0), ("2", 1, INF, 0, 0, 0)],
    ),
)
cases(
    "matches_series_dictionary",
    f"{PANEL}, odd double, share double, strange double",
    ("two columns are no series", 2, [("1", 1, -5, 50, None), ("2", 1, 5, 50, None)]),
)
cases(
    "matches_series_dictionary",
    f"{PANEL}, share double, sales bigint",
    ("whole figures stand beside fractions", 0, [("1", 1, 1.5, 7)]),
    ("a whole figure lies below its bound", 1, [("1", 1, 1.5, -7), ("2", 1, 2.5, 7)]),
)

cases(
    "no_blanks",
    "a varchar, b double, c double",
    ("only a column that may be blank is blank", 0, [("x", 0, None), ("", 1, None)]),
    ("one column or both are blank", 3, [("x", None, 1), (None, 1, 1), (None,) * 3]),
    ("the only column is blank", 1, [(None, 1, 1), ("x", None, 1)], {"columns": ["a"]}),
    columns=["a", "b"],
)

cases(
    "one_given",
    "a varchar, b varchar, c varchar",
    ("one of two is blank", 0, [("x", None, None), (None, "y", None), ("", None, "")]),
    ("both are blank", 2, [(None, None, "z"), (None,) * 3, ("x", "y", None)]),
    columns=["a", "b"],
)

cases(
    "not_empty",
    "a varchar",
    ("a row of blanks is a row", 0, [(None,)]),
    ("there is no row", 1, []),
)


def ranks(*placed: tuple) -> list[tuple]:
    """Ranks and values within one group, and a group of one row that is well."""
    return [("t", 2020, 1, 0.5), *(("s", 2020, *row) for row in placed)]


cases(
    "ranks_without_gaps",
    "study varchar, year integer, place integer, value double",
    ("the largest is first", 0, ranks((1, 9), (2, 8), (3, -7))),
    ("equal values share a rank", 0, ranks((1, 9), (2, 8), (2, 8), (4, 7))),
    ("all are equal", 0, ranks((1, 9), (1, 9), (1, 9))),
    ("values agree to 12 decimals", 0, ranks((1, 0.5), (1, 0.5 + 1e-13), (3, 0.2))),
    ("a missing value has no rank", 0, ranks((1, 9), (None, None), (2, 8))),
    ("no value is known", 0, ranks((None, None), (None, None))),
    ("the smallest is first", 2, ranks((3, 9), (2, 8), (1, 7))),
    ("ranks are dense", 1, ranks((1, 9), (2, 8), (2, 8), (3, 7))),
    ("equal values have ranks of their own", 1, ranks((1, 9), (2, 8), (3, 8))),
    ("equal values share the last rank", 2, ranks((2, 9), (2, 9), (3, 8))),
    ("different values share a rank", 1, ranks((1, 0.5), (1, 0.5 - 1e-11))),
    ("ranks start at 0", 2, ranks((0, 9), (1, 8))),
    ("a value has no rank", 1, ranks((1, 9), (None, 8))),
    ("a missing value has a rank", 1, ranks((1, 9), (2, None))),
    ("a missing value takes the first rank", 2, ranks((1, None), (2, 9))),
    (
        "each group starts at 1",
        0,
        [("s", 1, 1, 5), ("s", 2, 1, 5), ("t", 1, 1, 5), ("t", 1, 2, 0)],
    ),
    (
        "ranks run on from group to group",
        2,
        [("s", 1, 1, 3), ("s", 2, 2, 2), ("t", 1, 3, 1)],
    ),
    rank_column="place",
    value_column="value",
    group_columns=["study", "year"],
)

cases(
    "printed_number",
    "value varchar",
    (
        "plain numbers on and between both bounds, and a blank",
        0,
        [("0",), ("0.10",), (".5",), ("1.",), ("1.000",), ("-0",), (None,)],
        {"min_value": 0, "max_value": 1},
    ),
    (
        "numbers outside both bounds",
        2,
        [("-0.1",), ("1.01",), ("0.5",)],
        {"min_value": 0, "max_value": 1},
    ),
    (
        "texts that no paper prints as a number",
        8,
        [("0,17",), ("1e3",), ("1-2",), ("-",), (".",), ("",), ("nan",), (" 1",)],
    ),
    ("any plain number without bounds", 0, [("-99999.5",), ("1605",)]),
    column_name="value",
)

cases(
    "references",
    "study varchar, system varchar",
    ("every combination is known", 0, [("one", "a"), ("two", "b"), ("two", "b")]),
    ("combinations mix what is known", 2, [("one", "b"), ("two", "a"), ("two", "b")]),
    ("a combination is unknown", 1, [("three", "c")]),
    ("a part is blank", 3, [("two", None), (None, "a"), (None, None)]),
    (
        "one column is compared",
        1,
        [("one", "x"), ("three", "x")],
        {"columns": ["study"], "to_columns": ["s"]},
    ),
    parent=("s varchar, k varchar", [("one", "a"), ("two", "b"), ("two", None)]),
    columns=["study", "system"],
    to_columns=["s", "k"],
)

cases(
    "sums_to",
    "study varchar, year integer, share double",
    ("each group sums to 1", 0, [("s", 1, 0.4), ("s", 1, 0.6), ("s", 2, 1)]),
    ("a sum is off by rounding", 0, [("s", 1, 0.5), ("s", 1, 0.5 + 9e-10)]),
    ("sums are off by more", 2, [("s", 1, 1 + 2e-9), ("t", 1, 1 - 2e-9)]),
    ("groups sum to 1 only together", 3, [("s", 1, 0.5), ("s", 2, 0.5), ("t", 2, 0.5)]),
    ("a blank adds nothing", 0, [("s", 1, 0.4), ("s", 1, None), ("s", 1, 0.6)]),
    ("a group is blank", 1, [("s", 1, None), ("t", 1, 1)]),
    ("a group is blank, not 0", 1, [("s", 1, None), ("t", 1, 0)], {"total": 0}),
    ("sums are 100 and 1", 1, [("s", 1, 99), ("s", 1, 1), ("t", 1, 1)], {"total": 100}),
    ("sums are near enough", 0, [("s", 1, 0.96), ("t", 1, 1.04)], {"tolerance": 0.05}),
    ("sums are not near", 2, [("s", 1, 0.94), ("t", 1, 1.06)], {"tolerance": 0.05}),
    column_name="share",
    group_columns=["study", "year"],
)

cases(
    "unique_combination",
    "study varchar, year integer, label varchar",
    (
        "rows differ in one column",
        0,
        [("s", 1, ""), ("s", 2, ""), ("t", 1, ""), (None, 1, ""), ("s", None, "")],
    ),
    (
        "two keys stand twice and three times",
        2,
        [("s", 1, "x"), ("s", 1, "y"), ("t", 1, ""), ("t", 1, ""), ("t", 1, "")],
    ),
    (
        "keys with blanks stand twice",
        2,
        [("s", None, "x"), ("s", None, "y"), (None, None, "x"), (None, None, "y")],
    ),
    ("a key of one column", 1, [("s", 1, ""), ("s", 2, "")], {"columns": ["study"]}),
    columns=["study", "year"],
)

cases(
    "unique_where_given",
    "level varchar, name varchar, code varchar",
    (
        "names differ, levels differ, or one is blank",
        0,
        [
            ("a", "x", ""),
            ("a", "y", ""),
            ("b", "x", ""),
            (None, "x", ""),
            (None, "x", ""),
            ("a", None, ""),
            ("a", None, ""),
        ],
    ),
    ("two names stand twice", 2, [("a", "x", ""), ("b", "x", "")] * 2),
    columns=["level", "name"],
)

cases(
    "years_in_order",
    "first integer, last integer",
    ("years are in order, equal or blank", 0, [(1, 2), (2, 2), (None, 1), (1, None)]),
    ("the first year is after the last", 2, [(3, 2), (2020, 1999), (1, 2)]),
    first_column="first",
    last_column="last",
)

cases(
    "periods_apart",
    "name string, level string, first integer, last integer",
    (
        "periods follow each other, or are of two names or levels",
        0,
        [
            *[("a", "city", 1, 2), ("a", "city", 3, 4)],
            *[("a", "province", 1, 4), ("b", "city", 1, 4), ("c", None, 1, 2)],
        ],
    ),
    (
        "a period begins in the last year of another, or one has all levels",
        2,
        [
            *[("a", "city", 1, 3), ("a", "city", 3, 4)],
            *[("b", None, 1, 2), ("b", "city", 2, 2)],
        ],
    ),
    key_column="name",
    level_column="level",
    first_column="first",
    last_column="last",
)


# --- the small project --------------------------------------------------------------


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> dict[str, tuple]:
    """Status and number of failing rows of each case, from one run of dbt."""
    folder = tmp_path_factory.mktemp("generic")
    for part in ("macros", "tests/generic"):
        shutil.copytree(Paths().project / part, folder / part)
    write_tables(folder / "small.duckdb")
    write_project(folder)
    command = [
        *(sys.executable, "-m", "dbt.cli.main", "--no-use-colors"),
        *("--log-path", "logs", "build", "--project-dir", ".", "--profiles-dir", "."),
    ]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout
    path = folder / "target" / "run_results.json"
    assert path.exists(), said
    results = {}
    for result in json.loads(path.read_text(encoding="utf-8"))["results"]:
        name = result["unique_id"].split(".")[2]
        is_error = result["status"] == "error"
        found = result["message"] if is_error else result["failures"]
        results[name] = (result["status"], found)
    return results


def write_tables(database) -> None:
    tables = {"printed_series": SERIES}
    for name, case in CASES.items():
        tables[name] = (case.columns, case.rows)
        if case.parent:
            tables[f"{name}_parent"] = case.parent
    with duckdb.connect(str(database)) as connection:
        connection.begin()
        for name, (columns, rows) in tables.items():
            connection.execute(f"create table {name} ({columns})")
            places = ", ".join("?" * len(columns.split(",")))
            for row in rows:
                connection.execute(f"insert into {name} values ({places})", row)
        connection.commit()


def write_project(folder) -> None:
    models = folder / "models"
    models.mkdir()
    series = "select * from {{ source('main', 'printed_series') }}"
    (models / "series.sql").write_text(series, encoding="utf-8")
    tables = [{"name": "printed_series"}]
    for name, case in CASES.items():
        arguments = dict(case.arguments)
        if case.parent:
            tables.append({"name": f"{name}_parent"})
            arguments["to"] = f"source('main', '{name}_parent')"
        column = arguments.pop("column_name", None)
        tests = [{case.test: {"name": name, "arguments": arguments}}]
        stated = {"data_tests": tests}
        if column:
            stated = {"columns": [{"name": column, **stated}]}
        tables.append({"name": name, **stated})
    write_yaml(models / "cases.yml", {"sources": [{"name": "main", "tables": tables}]})
    write_yaml(
        folder / "dbt_project.yml",
        {
            "name": "small",
            "profile": "small",
            "config-version": 2,
            "model-paths": ["models"],
            "macro-paths": ["macros"],
            "test-paths": ["tests"],
            "flags": {"send_anonymous_usage_stats": False},
        },
    )
    target = {"type": "duckdb", "path": "small.duckdb", "threads": 2}
    write_yaml(
        folder / "profiles.yml",
        {"small": {"target": "duckdb", "outputs": {"duckdb": target}}},
    )


def write_yaml(path, content: dict) -> None:
    path.write_text(yaml.safe_dump(content), encoding="utf-8")


# --- tests --------------------------------------------------------------------------


@pytest.mark.parametrize("test", NAMES)
def test_a_generic_test_has_a_good_and_a_bad_table(test):
    failures = [case.failures for case in CASES.values() if case.test == test]
    assert 0 in failures and max(failures) > 0


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(key, id=f"{case.test}: {case.sentence}")
        for key, case in CASES.items()
    ],
)
def test_a_generic_test_finds_as_many_rows_as_are_bad(results, name):
    failures = CASES[name].failures
    assert results[name] == ("fail" if failures else "pass", failures)
