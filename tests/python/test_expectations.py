"""Every expectation holds on good figures and marts and fails on bad ones.

Projects are made up and small; one refresh of a copied project shows that it stops.
"""

import csv
import io
import math
import re
import time
from concurrent.futures import Future
from types import SimpleNamespace

import duckdb
import numpy as np
import pandas as pd
import projects
import pytest
from made_up_site import Page, write_warehouse
from prose import english_in
from rich.console import Console

from coupling import expectations
from coupling.base.failures import ExitCode, RefreshError
from coupling.base.paths import Paths
from coupling.expectations import engine, figures, marts
from coupling.expectations.rules import Rule, read_rules, rules_for
from coupling.refresh.judgement import Judgement
from coupling.site import beside, site
from coupling.site.expectations import expectation_pages

NASTY = "<script>alert('$x')</script>"
CODES = [f"{n}0000" for n in range(11, 19)]
YEARS = range(2011, 2017)
SERIES = """series_id,chapter,label,label_zh,unit,min_value,max_value
whole,accounts,Whole,总,yuan,0,
part_a,accounts,Part,部分,yuan,0,
part_b,accounts,Part,部分,yuan,0,
share_pct,accounts,Share,比重,%,0,100
"""
COLUMNS = "scope,kind,subject,compared_with,scale,limit_value,severity,reason"
RULES = f"""expectation_id,{COLUMNS}
jump_w,yearbook,jump,*,,0.1,5,warning,why jump
jump_e,yearbook,jump,*,,0.1,20,error,why jump
spike_w,yearbook,spike,*,,,1.5,warning,why spike
magnitude_w,yearbook,magnitude,*,,0.3,7,warning,why magnitude
magnitude_e,yearbook,magnitude,*,,0.3,12,error,why magnitude
part,yearbook,part_of_whole,part_a,whole,,1,error,why part
parts,yearbook,part_of_whole,part_a + part_b,whole,,1,error,why parts
share_w,yearbook,ratio,share_pct,part_a / whole,100,0.1,warning,why share
share_e,yearbook,ratio,share_pct,part_a / whole,100,0.5,error,why share
change_w,marts,row_count_change,*,,,1.5,warning,why change
fall_e,marts,row_count_fall,*,,,4,error,why fall
fall_households,marts,row_count_fall,households,,,4,warning,why fall
share_fall_w,marts,computed_share_fall,*,,,0.01,warning,why share
share_fall_e,marts,computed_share_fall,*,,,0.1,error,why share
product,marts,formula,fct_scores,abs(d * d - c * t),,1e-9,error,why product
sum_one,marts,sums_to_one,fct_scores.weight,study_id,,1e-9,error,why sum
"""
MODELS = """models:
  - name: fct_scores
    constraints:
      - {type: primary_key, columns: [study_id, region_code]}
    columns:
      - {name: study_id, data_type: string, description: Study.}
      - {name: region_code, data_type: string, description: Region.}
      - {name: c, data_type: double, description: "C. Range: 0 to 1."}
      - {name: t, data_type: double, description: "T. Range: 0 to 1."}
      - {name: d, data_type: double, description: "D. Range: 0 to 1."}
      - {name: weight, data_type: double, description: "Weight. Range: 0 to 1.5."}
      - {name: status, data_type: string, description: Status.}
"""
SURVEY = """models:
  - name: fct_answers
    data_tests:
      - unique_combination: {arguments: {columns: [answer_id]}}
    columns:
      - {name: answer_id, data_type: bigint, description: Answer.}
"""


def good_figures():
    """48 rows as text: wholes that grow evenly; a third and a sixth are parts."""
    rows = []
    for place, code in enumerate(CODES, 1):
        for year in YEARS:
            whole = 1000 * place * 1.05 ** (year - 2011)
            rows.append([code, str(year), whole, whole / 3, whole / 6, 100 / 3])
    columns = ["region_code", "year", "whole", "part_a", "part_b", "share_pct"]
    return pd.DataFrame(rows, columns=columns).astype(str)


@pytest.fixture
def project(tmp_path):
    """A made-up project with one chapter, two groups of marts and rules of its own."""
    paths = Paths(tmp_path)
    for folder in ("seeds/reference", "seeds/yearbook"):
        (tmp_path / folder).mkdir(parents=True)
    for group, text in (("coupling", MODELS), ("households", SURVEY)):
        folder = tmp_path / "models" / "marts" / group
        folder.mkdir(parents=True)
        (folder / f"_{group}.yml").write_text(text)
    reference = paths.seeds / "reference"
    (reference / "series.csv").write_text(SERIES, encoding="utf-8")
    (reference / "expectations.csv").write_text(RULES, encoding="utf-8")
    (reference / "regions.csv").write_text("region_code\n" + "\n".join(CODES) + "\n")
    good_figures().to_csv(paths.seeds / "yearbook" / "accounts.csv", index=False)
    return paths


def guard(paths, figures=None):
    """Judge the figures of a project, with others in place of its chapter if given."""
    if figures is not None:
        figures.to_csv(paths.seeds / "yearbook" / "accounts.csv", index=False)
    return expectations.guard_inputs(paths)


def failing(outcome):
    """Expectation by (expectation, column) of what fails."""
    return {(c.expectation, c.column_name): c for c in outcome.checks if not c.success}


def test_good_figures_keep_every_expectation(project):
    outcome = guard(project)
    assert failing(outcome) == {}
    judged = {c.expectation for c in outcome.checks}
    assert judged >= {case[0] for case in BAD_FIGURES} - {"readable", "numbers"}
    assert {c.suite for c in outcome.checks} == {"yearbook.accounts"}
    assert {c.table_name for c in outcome.checks} == {"seeds/yearbook/accounts.csv"}
    jumps = [c for c in outcome.checks if c.expectation == "jump_e"]
    assert [c.column_name for c in jumps] == ["whole", "part_a", "part_b", "share_pct"]
    assert jumps[0].observed == "48 figures"
    assert jumps[0].expected == (
        "a change against the year before within 20 spreads of the usual"
    )


def cell(frame, code, year, column, value):
    frame.loc[(frame.region_code == code) & (frame.year == year), column] = value
    return frame


def times(frame, code, year, factor, *columns):
    for column in columns:
        number = float(
            frame.loc[(frame.region_code == code) & (frame.year == year), column].iloc[
                0
            ]
        )
        cell(frame, code, year, column, str(number * factor))
    return frame


ALL = ("whole", "part_a", "part_b")
# expectation, column, what makes it fail, what is told about it, severity
BAD_FIGURES = [
    ("columns", "", lambda f: f.drop(columns="part_b"), "whole, year", "error"),
    ("columns", "", lambda f: f.assign(odd="1"), "odd", "error"),
    ("not_empty", "", lambda f: f[:0], "0", "error"),
    (
        "key_unique",
        "region_code, year",
        lambda f: pd.concat([f, f[:1]]),
        "2 of 49 rows: 110000 2011; 110000 2011",
        "error",
    ),
    (
        "region_known",
        "region_code",
        lambda f: cell(f, "120000", "2013", "region_code", "999999"),
        "1 of 48 rows: 2013 999999",
        "error",
    ),
    (
        "region_given",
        "region_code",
        lambda f: cell(f, "120000", "2013", "region_code", ""),
        "1 of 48 rows",
        "error",
    ),
    ("series_known", "", lambda f: f.assign(odd="1"), "1 of 5 columns: odd", "error"),
    (
        "year_plausible",
        "year",
        lambda f: cell(f, "120000", "2013", "year", "213"),
        "1 of 48 rows: 120000 213",
        "error",
    ),
    (
        "year_given",
        "year",
        lambda f: cell(f, "120000", "2013", "year", ""),
        "1 of 48 rows: 120000",
        "error",
    ),
    (
        "numbers",
        "",
        lambda f: cell(f, "120000", "2013", "whole", "2,205"),
        "1 of 48 rows: 120000 2013 whole 2,205",
        "error",
    ),
    (
        "numbers",
        "",
        lambda f: cell(f, "120000", "2013", "whole", "inf"),
        "1 of 48 rows: 120000 2013 whole inf",
        "error",
    ),
    (
        "numbers",
        "",
        lambda f: cell(f, "120000", "2013", "year", "2013.5"),
        "year 2013.5",
        "error",
    ),
    (
        "not_below_range",
        "part_b",
        lambda f: cell(f, "120000", "2013", "part_b", "-1"),
        "1 of 48 figures: 120000 2013 -1",
        "error",
    ),
    (
        "not_above_range",
        "share_pct",
        lambda f: cell(f, "120000", "2013", "share_pct", "100.5"),
        "1 of 48 figures: 120000 2013 100.5",
        "error",
    ),
    # ln 1.8 = 0.588 beyond even growth: 5.9 spreads of 0.1
    (
        "jump_w",
        "whole",
        lambda f: times(f, "120000", "2013", 1.8, *ALL),
        "2 of 48 figures: 120000 2013 3969 (5.878); 120000 2014 2315.25 (5.878)",
        "warning",
    ),
    # ln 10 = 2.303: 23 spreads
    (
        "jump_e",
        "part_a",
        lambda f: times(f, "120000", "2016", 0.1, *ALL),
        "1 of 48 figures: 120000 2016 85.0854 (23.03)",
        "error",
    ),
    # 1.8 / 1.05 beyond the year after, 1.8 x 1.05 beyond the year before
    (
        "spike_w",
        "whole",
        lambda f: times(f, "120000", "2013", 1.8, *ALL),
        "1 of 32 figures: 120000 2013 3969 (1.714)",
        "warning",
    ),
    (
        "magnitude_w",
        "whole",
        lambda f: times(f, "120000", "2013", 1e-4, *ALL),
        "1 of 48 figures: 120000 2013 0.2205 (",
        "warning",
    ),
    (
        "magnitude_e",
        "whole",
        lambda f: times(f, "120000", "2013", 1e-4, *ALL),
        "1 of 48 figures: 120000 2013 0.2205 (",
        "error",
    ),
    (
        "part",
        "part_a",
        lambda f: times(f, "120000", "2013", 3.3, "part_a", "share_pct"),
        "1 of 48 rows: 120000 2013 1.1",
        "error",
    ),
    (
        "parts",
        "part_a + part_b",
        lambda f: times(f, "120000", "2013", 2.6, "part_a", "share_pct"),
        "1 of 48 rows: 120000 2013 1.03333",
        "error",
    ),
    (
        "share_w",
        "share_pct",
        lambda f: times(f, "120000", "2013", 1.2, "share_pct"),
        "1 of 48 rows: 120000 2013 0.2",
        "warning",
    ),
    (
        "share_e",
        "share_pct",
        lambda f: times(f, "120000", "2013", 0.4, "share_pct"),
        "1 of 48 rows: 120000 2013 0.6",
        "error",
    ),
]


@pytest.mark.parametrize(
    ("expectation", "column", "spoil", "told", "severity"),
    BAD_FIGURES,
    ids=[f"{i}_{case[0]}" for i, case in enumerate(BAD_FIGURES)],
)
def test_bad_figures_fail(project, expectation, column, spoil, told, severity):
    found = failing(guard(project, spoil(good_figures())))
    check = found[expectation, column]
    assert told in check.observed
    assert check.severity == severity
    for part in (check.suite, check.table_name, check.column_name, check.expected):
        assert part in check.sentence


def test_one_wrong_figure_fails_nothing_that_it_does_not_touch(project):
    spoilt = times(good_figures(), "120000", "2013", 1.2, "share_pct")
    assert failing(guard(project, spoilt)).keys() == {("share_w", "share_pct")}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"region_code,year,\xd5\xfb\n110000,2011,1\n", "can't decode byte 0xd5"),
        (
            b"region_code,year,whole\n110000,2011,1\n110000,2012,1,2\n",
            "row 3: 4 fields, the header has 3",
        ),
        (b"region_code,year,whole,year\n", "row 1: the column year twice"),
        (b'region_code,year,whole\n"110000,2011,1\n', "unexpected end of data"),
        (b"", "no header"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error(project, content, told):
    (project.seeds / "yearbook" / "accounts.csv").write_bytes(content)
    check = failing(guard(project))["readable", ""]
    assert told in check.observed
    assert check.severity == "error"
    assert str(project.project) not in check.observed


def test_a_file_without_keys_is_judged_by_its_columns(project):
    found = failing(guard(project, good_figures().drop(columns="year")))
    assert found.keys() == {("columns", "")}


def test_a_known_cell_is_a_warning_only(project):
    spoilt = times(good_figures(), "120000", "2016", 0.1, *ALL)
    rules = project.seeds / "reference" / "expectations.csv"
    row = 'known_whole,yearbook,known,whole,"110000 2011, 120000 2016",,,warning,seen\n'
    rules.write_text(RULES + row, encoding="utf-8")
    found = failing(guard(project, spoilt))
    assert ("jump_e", "whole") not in found
    assert found.keys() >= {("jump_w", "whole"), ("jump_e", "part_a")}


def test_a_rule_for_one_series_takes_the_place_of_those_for_all(project):
    spoilt = times(good_figures(), "120000", "2016", 0.1, *ALL)
    rules = project.seeds / "reference" / "expectations.csv"
    row = "jump_whole,yearbook,jump,whole,,0.1,30,error,moves much\n"
    rules.write_text(RULES + row, encoding="utf-8")
    outcome = guard(project, spoilt)
    assert {c.expectation for c in outcome.checks if c.column_name == "whole"} >= {
        "jump_whole"
    }
    found = failing(outcome)
    assert not {("jump_w", "whole"), ("jump_e", "whole")} & found.keys()
    assert ("jump_e", "part_a") in found


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch):
    """Each project of these tests has its workspace where users have it."""
    monkeypatch.setenv("COUPLING_WORKSPACE", "workspace")


def write_own(folder, rows):
    path = folder / "yearbook" / "own.csv"
    path.parent.mkdir(parents=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def test_a_workspace_figure_is_compared_with_the_shipped_ones(project):
    rows = [("region_code", "year", "whole"), ("120000", "2017", "26801.9")]
    write_own(project.project / "workspace", rows)  # ten times what 2017 should be
    found = failing(guard(project))
    check = found["jump_e", "whole"]
    assert check.suite == "workspace.own"
    assert check.table_name == "workspace/yearbook/own.csv"
    assert check.observed == "1 of 1 figures: 120000 2017 26801.9 (23.03)"
    assert {c.suite for c in found.values()} == {"workspace.own"}


def test_a_workspace_figure_overrides_the_shipped_one_in_identities(project):
    rows = [("region_code", "year", "part_a"), ("120000", "2013", "2200")]
    write_own(project.project / "workspace", rows)
    found = failing(guard(project))
    assert (
        found["parts", "part_a + part_b"].observed
        == ("1 of 1 rows: 120000 2013 1.16440"[:-1])
    )


def test_a_row_that_gives_nothing_to_an_identity_is_not_blamed_for_it(project):
    spoilt = times(good_figures(), "130000", "2013", 9, "part_a", "share_pct")
    rows = [("region_code", "year", "part_a")]
    write_own(
        project.project / "workspace",
        [*rows, ("120000", "2013", "735"), ("130000", "2013", "")],
    )
    found = failing(guard(project, spoilt))
    assert found["part", "part_a"].suite == "yearbook.accounts"


def test_the_workspace_may_be_elsewhere_and_hold_series_of_its_own(
    project, tmp_path_factory, monkeypatch
):
    folder = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.setenv("COUPLING_WORKSPACE", str(folder))
    write_own(folder, [("region_code", "year", "birds"), ("120000", "2013", "7")])
    outcome = guard(project)
    assert outcome.errors == []
    (check,) = outcome.warnings
    assert (check.expectation, check.observed) == (
        "series_known",
        "1 of 1 columns: birds",
    )


def test_the_scores_are_as_computed_by_hand():
    logs = pd.DataFrame({2011: [0.0, 0, 0], 2012: [0.1, 0.2, 1.5]}, index=list("abc"))
    # median change 0.2; deviations 0.1, 0, 1.3; spread 1.4826 x 0.1
    by_hand = np.array([0.1, 0, 1.3]) / 0.14826
    assert np.allclose(figures.jump(logs, 0.0)[2012], by_hand)
    assert np.allclose(figures.jump(logs, 0.0)[2011], by_hand)  # no year before
    assert np.allclose(figures.jump(logs, 0.5)[2012], [0.2, 0, 2.6])

    grid = pd.DataFrame([[100, 300, 150, 80], [100, 20, 50, 60.0]])
    spikes = figures.spike(np.log(grid), 0.0)
    assert np.allclose(spikes[[1, 2]], [[2, 1], [2.5, 1]])
    assert spikes[[0, 3]].isna().all(axis=None)

    year = pd.DataFrame({2011: [0.0, 0.1, 0.2, 5.0]})
    # median 0.15; deviations 0.15, 0.05, 0.05, 4.85; their median 0.1
    apart = np.array([0.15, 0.05, 0.05, 4.85]) / 0.14826
    assert np.allclose(figures.magnitude(year, 0.0)[2011], apart)


def test_a_gap_of_years_is_no_year_before():
    frame = pd.DataFrame(
        {"region_code": ["1", "1", "2", "2"], "year": [2011.0, 2013, 2011, 2013]}
    ).assign(x=[1.0, 100, 1, 1])
    table = figures.Table("yearbook.a", "a.csv", list(frame), frame)
    rule = Rule("jump", "yearbook", "jump", "*", "", 0.1, 5, "error", "")
    scored = figures.score(figures.combine([table]), ["x"], [rule])
    assert scored[rule].empty


@pytest.fixture(scope="module")
def of_figures():
    """What the suites find in the shipped figures."""
    return expectations.guard_inputs(Paths())


def test_the_shipped_figures_pass_and_known_spikes_are_warnings(of_figures):
    paths, outcome = Paths(), of_figures
    assert [check.sentence for check in outcome.errors] == []
    assert {c.suite for c in outcome.checks} >= {
        f"yearbook.{path.stem}" for path in (paths.seeds / "yearbook").glob("*.csv")
    }
    warned = {(c.expectation, c.column_name) for c in outcome.warnings}
    purchases = "ecommerce_purchases_cny_100m"
    assert {("jump_warning", purchases), ("spike_warning", purchases)} <= warned
    rules = read_rules(paths.seeds)
    tables = figures._read_folder(paths.seeds / "yearbook", "yearbook", "")
    scored = figures.score(figures.combine(tables), [purchases], rules)
    by_name = {rule.name: (rule.limit, found) for rule, found in scored.items()}
    for name, region, year in (
        ("jump_warning", "130000", 2017.0),
        ("spike_warning", "310000", 2023.0),
    ):
        limit, found = by_name[name]
        assert found[purchases, region, year] > limit


# marts -----------------------------------------------------------------------------


def write_marts(path, change="", answers=4):
    """A database of two marts: two studies of four regions, and some answers."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"""
            create schema marts;
            create table marts.fct_scores as
            select
                study_id, region_code, 0.5 as c, 0.5 as t, 0.5 as d, 0.25 as weight,
                'computed' as status
            from
                unnest(['s', 'z']) as a (study_id),
                unnest(['11', '12', '13', '14']) as b (region_code);
            alter table marts.fct_scores alter c type double;
            alter table marts.fct_scores alter t type double;
            alter table marts.fct_scores alter d type double;
            alter table marts.fct_scores alter weight type double;
            create table marts.fct_answers as
            select range as answer_id from range({answers});
            {change}
        """)
    return path


def test_good_marts_keep_every_expectation(project):
    database = write_marts(project.project / "new.duckdb")
    outcome = expectations.guard_marts(database, None, project)
    assert failing(outcome) == {}
    judged = {(c.suite, c.table_name, c.expectation) for c in outcome.checks}
    scores = {name for suite, table, name in judged if table == "fct_scores"}
    assert scores == {
        *("columns", "repeated_keys", "not_finite", "outside_unit_range"),
        *("change_w", "fall_e", "share_fall_w", "share_fall_e", "product", "sum_one"),
    } - {"product", "sum_one"}
    assert {("marts.coupling", "", "product"), ("marts.coupling", "", "sum_one")} <= (
        judged
    )
    assert ("marts.households", "fct_answers", "fall_households") in judged
    assert ("marts.households", "fct_answers", "fall_e") not in judged
    again = expectations.guard_marts(database, database, project)
    assert again == outcome


UPDATE = "update marts.fct_scores set"
ONE = "where study_id = 's' and region_code = '11'"
BAD_MARTS = [
    ("columns", "drop table marts.fct_scores", "no such table"),
    ("columns", "alter table marts.fct_scores drop weight", "no weight"),
    ("columns", "alter table marts.fct_scores add column e int", "unknown e"),
    ("repeated_keys", f"{UPDATE} region_code = '11' where study_id = 's'", "3"),
    ("not_finite", f"{UPDATE} weight = 'nan' {ONE}", "weight in 1 rows"),
    ("not_finite", f"{UPDATE} c = 'inf'", "c in 8 rows"),
    ("outside_unit_range", f"{UPDATE} c = 1.01, t = -1 {ONE}", "c in 1 rows; t in 1"),
    ("product", f"{UPDATE} d = 0.5 + 2e-9 {ONE}", "2e-09"),
    ("product", "alter table marts.fct_scores rename c to cc", "inf"),
    ("sum_one", f"{UPDATE} weight = 0.25 + 2e-9 {ONE}", "2e-09"),
    ("sum_one", f"{UPDATE} status = 'missing_value' {ONE}", "0.25"),
]


@pytest.mark.parametrize(
    ("expectation", "change", "told"),
    BAD_MARTS,
    ids=[f"{i}_{case[0]}" for i, case in enumerate(BAD_MARTS)],
)
def test_bad_marts_fail(project, expectation, change, told):
    database = write_marts(project.project / "new.duckdb", change)
    outcome = expectations.guard_marts(database, None, project)
    (check,) = (c for c in outcome.errors if c.expectation == expectation)
    assert told in check.observed
    assert "fct_scores" in check.sentence


def test_a_weight_up_to_its_own_bound_is_no_error(project):
    change = f"{UPDATE} weight = 1.2 {ONE}"
    database = write_marts(project.project / "new.duckdb", change)
    outcome = expectations.guard_marts(database, None, project)
    assert {c.expectation for c in outcome.errors} == {"sum_one"}


AGAINST_BEFORE = [
    ("", 4, set()),
    (f"delete from marts.fct_scores {ONE}", 4, set()),
    # 8 rows become 5: 1.6 times
    ("delete from marts.fct_scores where region_code > '12' and study_id = 's'"
     " or region_code = '14'", 4, {("change_w", "fct_scores")}),
    # 8 rows become 1
    ("delete from marts.fct_scores where study_id = 'z' or region_code > '11'", 4,
     {("change_w", "fct_scores"), ("fall_e", "fct_scores")}),
    ("", 7, {("change_w", "fct_answers")}),
    # 4 answers become none: a warning where surveys may go
    ("", 0, {("change_w", "fct_answers"), ("fall_households", "fct_answers")}),
    # one result in eight is gone
    (f"{UPDATE} status = 'missing_value' {ONE}", 4,
     {("share_fall_w", "fct_scores"), ("share_fall_e", "fct_scores")}),
    # a study of its own without results takes none away
    ("insert into marts.fct_scores select * replace"
     " ('new' as study_id, 'no_data' as status) from marts.fct_scores"
     " where study_id = 's'", 4, set()),
]  # fmt: skip


@pytest.mark.parametrize(("change", "answers", "expected"), AGAINST_BEFORE)
def test_marts_are_compared_with_the_published_build(
    project, change, answers, expected
):
    previous = write_marts(project.project / "old.duckdb")
    database = write_marts(project.project / "new.duckdb", change, answers)
    outcome = expectations.guard_marts(database, previous, project)
    compared = ("change", "fall", "share_fall")
    found = {
        (c.expectation, c.table_name)
        for c in outcome.checks
        if not c.success and c.expectation.startswith(compared)
    }
    assert found == expected
    for check in outcome.checks:
        if (check.expectation, check.table_name) == ("fall_e", "fct_scores"):
            assert check.success or check.observed == "1 rows, 8 before (8)"
            assert check.severity == "error"


STUDIES_OF_TWO_OWNERS = """
    create table marts.dim_studies as
    select * from (values ('s', 'shipped'), ('z', 'workspace')) as a (
        study_id, study_origin
    );
"""


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        # a user's study loses rows and results, or is taken away: no fault
        ("delete from marts.fct_scores where study_id = 'z'", set()),
        (f"{UPDATE} status = 'missing_value' where study_id = 'z'", set()),
        # a shipped one does: 4 rows become none
        (
            "delete from marts.fct_scores where study_id = 's'",
            {"change_w", "fall_e"},
        ),
        (f"{UPDATE} status = 'missing_value' {ONE}", {"share_fall_w", "share_fall_e"}),
    ],
)
def test_only_what_ships_must_still_be_there(project, change, expected):
    previous = write_marts(project.project / "old.duckdb")
    change = f"{STUDIES_OF_TWO_OWNERS}{change}"
    database = write_marts(project.project / "new.duckdb", change)
    outcome = expectations.guard_marts(database, previous, project)
    found = {
        c.expectation
        for c in outcome.checks
        if not c.success and c.table_name == "fct_scores"
    }
    assert found == expected


def test_a_published_build_that_cannot_be_read_is_a_warning(project):
    previous = project.project / "old.duckdb"
    previous.write_text("no database")
    database = write_marts(project.project / "new.duckdb")
    outcome = expectations.guard_marts(database, previous, project)
    assert outcome.errors == []
    assert [c.expectation for c in outcome.warnings] == ["previous_build_readable"]


def test_an_unstated_mart_is_judged_too(project):
    change = "create table marts.fct_new as select 'nan'::double as x"
    database = write_marts(project.project / "new.duckdb", change)
    (check,) = expectations.guard_marts(database, None, project).errors
    assert (check.suite, check.table_name, check.expectation) == (
        "marts.other",
        "fct_new",
        "not_finite",
    )


@pytest.fixture(scope="module")
def of_marts(warehouse):
    """What the suites find in the shipped marts."""
    return expectations.guard_marts(warehouse, None)


def test_the_shipped_marts_pass(of_marts):
    outcome = of_marts
    assert [check.sentence for check in outcome.errors + outcome.warnings] == []
    judged = {c.expectation for c in outcome.checks}
    assert judged >= {
        rule.name for rule in read_rules(Paths().seeds) if rule.scope == "marts"
    }


@pytest.mark.parametrize(
    ("description", "is_bounded"),
    [
        ("Score. Range: 0 to 1.", True),
        ("Share. Range: 0\n to 1, adding up to 1", True),
        ("Range: 0 to 100.", False),
        ("Range: 0 to 1.5.", False),
        ("Range: -1 to 1.", False),
        ("Range: 0 up.", False),
    ],
)
def test_the_unit_range_is_read_from_the_description(description, is_bounded):
    assert bool(marts.UNIT_RANGE.search(description)) == is_bounded


def test_rules_for_the_narrowest_subject_apply():
    def rule(name, subject):
        return Rule(name, "marts", "k", subject, "", None, None, "error", "")

    rules = [rule("all", "*"), rule("group", "g"), rule("table", "t")]
    for subjects, expected in (
        (("t", "g"), "table"),
        (("u", "g"), "group"),
        (("u", "h"), "all"),
    ):
        assert [r.name for r in rules_for(rules, "k", *subjects)] == [expected]
    assert rules_for(rules, "other", "t") == []


def test_what_cannot_be_judged_is_an_error_and_shows_no_path(project):
    stated = engine.Expectation(
        "gone",
        "ExpectColumnValuesToBeNull",
        {"column": "gone"},
        "error",
        "a column",
    )
    batch = engine.Batch("t", pd.DataFrame({"a": [1]}), [], [stated])
    (check,), page = engine.run_suite("s", [batch])
    assert not check.success
    assert check.observed.startswith("nothing that could be judged")
    assert "Traceback" not in page
    assert "site-packages" not in page


# what becomes of the results ------------------------------------------------------


def done(outcome):
    future = Future()
    future.set_result(outcome)
    return future


def console():
    return Console(file=io.StringIO(), width=200)


def judgement(screen):
    return Judgement(SimpleNamespace(console=screen, log=io.StringIO()))


def test_warnings_are_let_through_and_told(project):
    spoilt = times(good_figures(), "120000", "2013", 1.2, "share_pct")
    screen = console()
    judge = judgement(screen)
    outcome = judge.passed(done(guard(project, spoilt)), ExitCode.INPUTS)
    assert len(outcome.warnings) == 1
    judge.outcomes = [outcome]
    judge.tell_warnings()
    said = screen.file.getvalue()
    assert "Expectations let through 1 warning(s) of shipped figures" in said
    assert "see quality.qc_expectation_results" in said
    assert "120000" not in said


def test_warnings_of_the_users_own_figures_come_first_and_in_full(project):
    spoilt = times(good_figures(), "120000", "2013", 1.2, "share_pct")
    folder = project.workspace / "yearbook"
    folder.mkdir(parents=True)
    spoilt.to_csv(folder / "mine.csv", index=False)
    screen = console()
    judge = judgement(screen)
    judge.outcomes = [guard(project, spoilt)]
    judge.tell_warnings()
    first, *_, last = screen.file.getvalue().splitlines()
    assert first.startswith("  workspace.")
    assert "120000 2013 0.2" in first
    assert last.startswith("Expectations let through 1 warning(s) of shipped")


def test_errors_of_marts_stop_and_are_told(project):
    database = write_marts(project.project / "new.duckdb", f"{UPDATE} d = 0.6 {ONE}")
    screen = console()
    with pytest.raises(RefreshError, match="nothing was published"):
        judgement(screen).passed(
            done(expectations.guard_marts(database, None, project)), ExitCode.RESULTS
        )
    said = screen.file.getvalue()
    assert "marts.coupling: fct_scores: product found 1 of 1 rows: 0.11" in said
    assert "expected abs(d * d - c * t) not above 1e-09. why product" in said


def test_results_are_kept_in_the_schema_quality(project):
    spoilt = times(good_figures(), "120000", "2013", 1.2, "share_pct")
    outcome = guard(project, spoilt)
    database = write_marts(project.project / "new.duckdb")
    outcomes = [outcome, expectations.guard_marts(database, None, project)]
    for _ in range(2):  # a second time replaces the first
        expectations.record(database, outcomes, Paths().project)
    name = "quality.qc_expectation_results"
    rows = projects.table(database, f"select * from {name}")
    assert len(rows) == sum(len(o.checks) for o in outcomes)
    (failed,) = rows[~rows["success"]].to_dict("records")
    assert failed == {
        "suite": "yearbook.accounts",
        "table_name": "seeds/yearbook/accounts.csv",
        "column_name": "share_pct",
        "expectation": "share_w",
        "severity": "warning",
        "success": False,
        "observed": "1 of 48 rows: 120000 2013 0.2",
        "expected": "a ratio within 0.1 of what it is made of: share_pct and "
        "100 x part_a / whole",
        "note": "why share",
    }
    comments = projects.table(
        database,
        "select column_name, comment from duckdb_columns() "
        "where table_name = 'qc_expectation_results'",
    )
    assert len(comments) == 9
    assert comments["comment"].str.len().min() > 15


# data docs -------------------------------------------------------------------------


def nasty_project(project):
    """Scripts in every place that a reader of the pages could be served one."""
    spoilt = good_figures().rename(columns={"part_b": f"<b>{NASTY}"})
    cell(spoilt, "120000", "2013", "region_code", NASTY)
    cell(spoilt, "130000", "2013", "whole", NASTY)
    times(spoilt, "140000", "2013", 2.0, "share_pct")
    rules = RULES.replace("why share", NASTY)
    (project.seeds / "reference" / "expectations.csv").write_text(rules)
    return guard(project, spoilt)


def test_values_are_escaped_in_the_sections(project):
    outcome = nasty_project(project)
    sections = outcome.sections["yearbook.accounts"]
    assert "<script" not in sections
    escaped = "&lt;script&gt;alert("
    assert sections.count(escaped) >= 6
    # in the table that Great Expectations renders, a script would be cut out
    cells = re.findall(r"<td>(.*?)</td>", re.sub(r"</?div[^>]*>", "", sections))
    assert any(cell.startswith(escaped) for cell in cells)
    assert "$x" in sections or "&#36;x" in sections
    found = failing(outcome)
    assert NASTY in found["region_known", "region_code"].observed
    assert NASTY in found["numbers", ""].observed
    assert NASTY in found["share_w", "share_pct"].note


def pages_of(outcomes, folder, language="en"):
    """Pages of expectations by path, from what a refresh leaves beside the others."""
    database = write_warehouse(folder / "pages.duckdb", {})
    expectations.record(database, outcomes, Paths().project)
    expectations.write_docs(outcomes, folder / "site" / "expectations")
    pages = site.render_language(database, language, beside.read(folder / "site"))
    return {path: text for path, text in pages.items() if "expectations/" in path}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_suites_become_pages_of_the_site(project, tmp_path, language):
    database = write_marts(project.project / "new.duckdb", f"{UPDATE} d = 0.6 {ONE}")
    outcomes = [nasty_project(project), expectations.guard_marts(database)]
    pages = pages_of(outcomes, tmp_path, language)
    folder = "" if language == "en" else "zh/"
    assert set(pages) == {
        f"{folder}expectations/{name}.html"
        for name in ("index", *(suite for o in outcomes for suite in o.sections))
    }
    for path, text in pages.items():
        here = tmp_path / path
        targets = re.findall(r'<a href="([^"#]+)', text)
        others = {"en": "zh/", "zh": ""}[language]
        other = tmp_path / others / "expectations" / here.name
        assert other.resolve() in {(here.parent / to).resolve() for to in targets}
        assert "An unexpected Exception" not in text
        assert NASTY not in text
        assert not re.search(r"<iframe|<object|\son\w+=|src=\"(https?:|//)", text)


def test_the_index_counts_what_holds_and_a_suite_tells_what_does_not(project, tmp_path):
    spoilt = times(good_figures(), "120000", "2013", 1.2, "share_pct")
    outcome = guard(project, spoilt)
    pages = pages_of([outcome], tmp_path)
    holds = sum(check.success for check in outcome.checks)
    (counts,) = Page(pages["expectations/index.html"]).tables.values()
    assert counts[1] == ["yearbook.accounts", "1", "0", str(holds), str(holds + 1)]
    own, rendered = pages["expectations/yearbook.accounts.html"].split('"rendered"')
    page = Page(own)
    _, failed = page.tables["Checks that do not hold"]
    assert failed == [
        *("warning", "share_pct", "share_w"),
        "a ratio within 0.1 of what it is made of: share_pct and 100 x part_a / whole",
        *("1 of 48 rows: 120000 2013 0.2", "why share"),
    ]
    assert "seeds/yearbook/accounts.csv" in rendered


def test_pages_of_the_shipped_warehouse_are_chinese(of_figures, of_marts, tmp_path):
    pages = pages_of([of_figures, of_marts], tmp_path, "zh")
    assert len(pages) > 15
    # names of expectations and columns that are plain words
    names = re.compile(r"(?<![a-z_])(year|columns|numbers|level|abs|doctors)(?![a-z_])")
    left = {path: english_in(names.sub("", text)) for path, text in pages.items()}
    assert {path: texts for path, texts in left.items() if texts} == {}


def test_without_suites_there_are_no_pages(made_up, english):
    with duckdb.connect(str(made_up), read_only=True) as con:
        assert expectation_pages(con, {}) == []
        assert expectation_pages(con, {"marts.studies": "<p>x</p>"}) != []
    assert "expectations/index.html" not in english["index.html"]


def test_two_processes_give_the_same_results_and_pages(project):
    here = nasty_project(project)
    with expectations.Background() as background:
        there = background.submit(expectations.guard_inputs, project).result()
    assert there == here


def test_a_job_that_fails_says_why():
    with expectations.Background() as background:
        job = background.submit(math.sqrt, -1)
        with pytest.raises(expectations.BackgroundError, match="ValueError"):
            job.result()
        assert background.submit(math.sqrt, 4).result() == 2.0


def test_a_process_that_ends_is_an_error():
    with expectations.Background() as background:
        background._process.kill()
        job = background.submit(math.sqrt, 4)
        with pytest.raises(expectations.BackgroundError, match="the process ended"):
            job.result()


def test_leaving_ends_a_job_at_work():

    with expectations.Background() as background:
        background.submit(time.sleep, 60)
        started = time.perf_counter()
    assert time.perf_counter() - started < 5


def test_a_level_has_rules_of_its_own_and_a_break_is_let_through():
    """Cities may jump by more than provinces, and all of them in a year that breaks."""
    shared = {"scope": "yearbook", "compared_with": "", "reason": "r"}
    error = {"kind": "jump", "subject": "*", "scale": 0.1, "severity": "error"}
    rules = [
        Rule(name="all", limit=5, **shared, **error),
        Rule(name="cities", limit=9, level="city", **shared, **error),
    ]
    years = [2010.0, 2011.0, 2012.0]
    cells = {
        (code, year): value
        for code in ("p1", "p2", "p3", *(f"c{i}" for i in range(1, 10)))
        for year, value in zip(years, (1.0, 1.0, 1.0), strict=True)
    }
    # a change of the logarithm by 0.7 is seven spreads of 0.1
    cells["p1", 2012.0] = cells["c1", 2012.0] = math.exp(0.7)
    cells["c2", 2011.0] = math.exp(2)
    panel = pd.Series(cells, name="x").rename_axis(["region_code", "year"]).to_frame()
    levels = pd.Series({c: "province" if c[0] == "p" else "city" for c, _ in cells})
    beyond = {
        rule.name: found[found > rule.limit].index.to_list()
        for rule, found in figures.score(panel, ["x"], rules, levels).items()
    }
    assert beyond == {
        "all": [("x", "p1", 2012.0)],
        "cities": [("x", "c2", 2010.0), ("x", "c2", 2011.0), ("x", "c2", 2012.0)],
    }
    breaks = {("x", "city", 2010.0), ("x", "city", 2011.0), ("x", "city", 2012.0)}
    found = figures.score(panel, ["x"], rules, levels, breaks)
    assert {r.name for r, cells in found.items() if (cells > r.limit).any()} == {"all"}
