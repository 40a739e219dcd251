"""Every expectation holds on good figures and marts and fails on bad ones.

Projects are made up and small; one refresh of a copied project shows that it stops.
"""

# ruff: noqa: RUF001, Chinese has signs of its own

import io
import math
import re
import time
from concurrent.futures import Future
from types import SimpleNamespace

import duckdb
import pandas as pd
import projects
import pytest
from made_up_site import Page, write_warehouse
from prose import english_in
from rich.console import Console
from test_model_edges import made_by

from coupling import expectations
from coupling.base.failures import ExitCode, RefreshError
from coupling.base.paths import Paths
from coupling.engine.statements import Statements
from coupling.expectations import marts
from coupling.expectations.judge import judge
from coupling.expectations.outcome import Check, Outcome
from coupling.expectations.panel import oddities
from coupling.expectations.rules import Rule, read_rules, rules_for
from coupling.refresh.judgement import Judgement
from coupling.site import site
from coupling.site.expectations import expectation_pages
from coupling.words.in_both import Both

SEED_TYPES = {
    **dict.fromkeys(("level", "chapter", "compared_with", "subject"), str),
    **dict.fromkeys(("reason", "reason_zh"), str),
    **dict.fromkeys(("scale", "limit_value"), float),
}
NASTY = "<script>alert('$x')</script>"
CODES = [f"{n}0000" for n in range(11, 19)]
YEARS = range(2011, 2017)
SERIES = """series_id,chapter,label,label_zh,unit,min_value,max_value
whole,accounts,Whole,总,yuan,0,
part_a,accounts,Part,部分,yuan,0,
part_b,accounts,Part,部分,yuan,0,
share_pct,accounts,Share,比重,%,0,100
"""
COLUMNS = (
    "scope,level,kind,subject,compared_with,scale,limit_value,severity,reason,reason_zh"
)
RULES = f"""expectation_id,{COLUMNS}
jump_w,yearbook,,jump,*,,0.1,5,warning,why jump,因jump
jump_e,yearbook,,jump,*,,0.1,20,error,why jump,因jump
spike_w,yearbook,,spike,*,,,1.5,warning,why spike,因spike
magnitude_w,yearbook,,magnitude,*,,0.3,7,warning,why magnitude,因magnitude
magnitude_e,yearbook,,magnitude,*,,0.3,12,error,why magnitude,因magnitude
part,yearbook,,part_of_whole,part_a,whole,,1,error,why part,因part
parts,yearbook,,part_of_whole,part_a + part_b,whole,,1,error,why parts,因parts
share_w,yearbook,,ratio,share_pct,part_a / whole,100,0.1,warning,why share,因share
share_e,yearbook,,ratio,share_pct,part_a / whole,100,0.5,error,why share,因share
change_w,marts,,row_count_change,*,,,1.5,warning,why change,因change
fall_e,marts,,row_count_fall,*,,,4,error,why fall,因fall
fall_households,marts,,row_count_fall,households,,,4,warning,why fall,因fall
share_fall_w,marts,,computed_share_fall,*,,,0.01,warning,why share,因share
share_fall_e,marts,,computed_share_fall,*,,,0.1,error,why share,因share
product,marts,,formula,fct_scores,abs(d * d - c * t),,1e-9,error,why product,因product
sum_one,marts,,sums_to_one,fct_scores.weight,study_id,,1e-9,error,why sum,因sum
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


STEPS = (
    *("int_figures_scored", "int_expectations_by_level", "int_known_oddities"),
    *("int_figures_judged", "int_identities_measured", "int_expectations_worded"),
    "qc_figure_expectations",
)
CELL = ["region_code", "year"]


def good_figures():
    """48 rows: wholes that grow evenly; a third and a sixth are parts."""
    rows = []
    for place, code in enumerate(CODES, 1):
        for year in YEARS:
            whole = 1000 * place * 1.05 ** (year - 2011)
            rows.append([code, year, whole, whole / 3, whole / 6, 100 / 3])
    return pd.DataFrame(rows, columns=[*CELL, "whole", "part_a", "part_b", "share_pct"])


def long(figures, panel="yearbook", file_name="accounts", level="province"):
    cells = figures.melt(CELL, var_name="series_id", value_name="value")
    return cells.dropna(subset="value").assign(
        panel=panel, file_name=file_name, region_level=level
    )


def with_own(figures, own):
    """The shipped figures, and beside them those of a file of a user's own."""
    theirs = long(own, "workspace", "own")
    key = [*CELL, "series_id"]
    both = pd.concat([long(figures, "workspace", None), theirs])
    return pd.concat([long(figures), both.drop_duplicates(key, keep="last")])


def made(given, rules=RULES, breaks=(), names=STEPS):
    """The tables that the models make of figures, by name."""
    statements = Statements(Paths().project, "memory")
    columns = ["series_id", "region_level", "year", "row_origin"]
    order = ["panel", "series_id", "region_level", *CELL, "value", "file_name"]
    with duckdb.connect() as con:
        for schema in ("seeds", "staging", "intermediate", "quality"):
            con.execute(f"create schema {schema}")
        con.register("given", given[order].astype({"year": int}))
        con.execute("create table intermediate.int_figures_to_judge as from given")
        con.execute(
            "create table staging.stg_reference__series_breaks"
            " (series_id text, region_level text, year int, row_origin text)"
        )
        if breaks:
            con.register("years", pd.DataFrame(breaks, columns=columns))
            con.execute("insert into staging.stg_reference__series_breaks from years")
        for name, text in (("expectations", rules), ("series", SERIES)):
            con.register(name, pd.read_csv(io.StringIO(text), dtype=SEED_TYPES))
            con.execute(f"create table seeds.{name} as from {name}")
        for step in statements.steps(["qc_figure_expectations"]):
            if step.name in STEPS:
                con.execute(
                    f"create table {step.schema}.{step.name} as {step.statement}"
                )
        return {
            name: con.execute(f"from {statements.relation(name)}").df()
            for name in names
        }


def guard(figures, **given):
    """What is found in figures, by the suite of their checks."""
    frame = figures if "panel" in figures else long(figures)
    measures = made(frame, **given)["qc_figure_expectations"]
    return Outcome(judge(measures, "figures"))


@pytest.fixture
def project(tmp_path):
    """A made-up project with two groups of marts and rules of its own."""
    paths = Paths(tmp_path)
    (paths.seeds / "reference").mkdir(parents=True)
    for group, text in (("coupling", MODELS), ("households", SURVEY)):
        folder = tmp_path / "models" / "marts" / group
        folder.mkdir(parents=True)
        (folder / f"_{group}.yml").write_text(text)
    rules = paths.seeds / "reference" / "expectations.csv"
    rules.write_text(RULES, encoding="utf-8")
    return paths


def failing(outcome):
    """Expectation by (expectation, column) of what fails."""
    return {(c.expectation, c.column_name): c for c in outcome.checks if not c.success}


def test_good_figures_keep_every_expectation():
    outcome = guard(good_figures())
    assert failing(outcome) == {}
    judged = {c.expectation for c in outcome.checks}
    assert judged >= {case[0] for case in BAD_FIGURES}
    assert {c.suite for c in outcome.checks} == {"yearbook.accounts"}
    assert {c.table_name for c in outcome.checks} == {"seeds/yearbook/accounts.csv"}
    jumps = [c for c in outcome.checks if c.expectation == "jump_e"]
    assert {c.column_name for c in jumps} == {"whole", "part_a", "part_b", "share_pct"}
    assert {c.observed for c in jumps} == {"48 figures"}
    assert {c.expected for c in jumps} == {
        "a change against the year before within 20 spreads of the usual"
    }


def times(frame, code, year, factor, *columns):
    is_it = (frame.region_code == code) & (frame.year == year)
    for column in columns:
        frame.loc[is_it, column] *= factor
    return frame


ALL = ("whole", "part_a", "part_b")
# expectation, column, what makes it fail, what is told about it, severity
BAD_FIGURES = [
    # ln 1.8 = 0.588 beyond even growth: 5.9 spreads of 0.1
    (
        "jump_w",
        "whole",
        lambda f: times(f, "120000", 2013, 1.8, *ALL),
        "2 of 48 figures: 120000 2013 3969 (5.878); 120000 2014 2315.25 (5.878)",
        "warning",
    ),
    # ln 10 = 2.303: 23 spreads
    (
        "jump_e",
        "part_a",
        lambda f: times(f, "120000", 2016, 0.1, *ALL),
        "1 of 48 figures: 120000 2016 85.0854 (23.03)",
        "error",
    ),
    # 1.8 / 1.05 beyond the year after, 1.8 x 1.05 beyond the year before
    (
        "spike_w",
        "whole",
        lambda f: times(f, "120000", 2013, 1.8, *ALL),
        "1 of 32 figures: 120000 2013 3969 (1.714)",
        "warning",
    ),
    (
        "magnitude_w",
        "whole",
        lambda f: times(f, "120000", 2013, 1e-4, *ALL),
        "1 of 48 figures: 120000 2013 0.2205 (",
        "warning",
    ),
    (
        "magnitude_e",
        "whole",
        lambda f: times(f, "120000", 2013, 1e-4, *ALL),
        "1 of 48 figures: 120000 2013 0.2205 (",
        "error",
    ),
    (
        "part",
        "part_a",
        lambda f: times(f, "120000", 2013, 3.3, "part_a", "share_pct"),
        "1 of 48 cells: 120000 2013 1.1",
        "error",
    ),
    (
        "parts",
        "part_a + part_b",
        lambda f: times(f, "120000", 2013, 2.6, "part_a", "share_pct"),
        "1 of 48 cells: 120000 2013 1.03333",
        "error",
    ),
    (
        "share_w",
        "share_pct",
        lambda f: times(f, "120000", 2013, 1.2, "share_pct"),
        "1 of 48 cells: 120000 2013 0.2",
        "warning",
    ),
    (
        "share_e",
        "share_pct",
        lambda f: times(f, "120000", 2013, 0.4, "share_pct"),
        "1 of 48 cells: 120000 2013 0.6",
        "error",
    ),
]


@pytest.mark.parametrize(
    ("expectation", "column", "spoil", "told", "severity"),
    BAD_FIGURES,
    ids=[f"{i}_{case[0]}" for i, case in enumerate(BAD_FIGURES)],
)
def test_bad_figures_fail(expectation, column, spoil, told, severity):
    check = failing(guard(spoil(good_figures())))[expectation, column]
    assert told in check.observed
    assert check.severity == severity
    for part in (check.suite, check.table_name, check.column_name, check.expected):
        assert part in check.sentence


def test_the_three_worst_are_told_and_how_many_there_are():
    figures = good_figures()
    for code, factor in (("120000", 2), ("130000", 4), ("140000", 3), ("150000", 5)):
        times(figures, code, 2013, factor, "share_pct")
    found = failing(guard(figures))["share_e", "share_pct"]
    assert found.observed == (
        "4 of 48 cells: 150000 2013 4; 130000 2013 3; 140000 2013 2; ..."
    )
    assert found.observed_zh == (
        "48个单元格中4个不符：150000 2013 4; 130000 2013 3; 140000 2013 2; ..."
    )


def test_what_is_expected_of_figures_is_said_in_both_languages():
    said = {
        c.expectation: (c.expected, c.expected_zh, c.observed_zh, c.note_zh)
        for c in guard(good_figures()).checks
    }
    assert said["jump_w"] == (
        "a change against the year before within 5 spreads of the usual",
        "与上一年相比的变化不超过通常幅度的5倍离散度",
        "48个数值",
        "因jump",
    )
    assert said["spike_w"][:2] == (
        "a figure less than 1.5 times beyond both neighbouring years",
        "偏离前后两年均不足1.5倍的数值",
    )
    assert said["magnitude_w"][:2] == (
        "a figure within 7 spreads of the other regions that year",
        "与当年其他地区相差不超过7倍离散度的数值",
    )
    assert said["parts"] == (
        "a part not above 1 times the whole: part_a + part_b and whole",
        "部分不超过整体的1倍：part_a + part_b与whole",
        "48个单元格",
        "因parts",
    )
    assert said["share_w"][:2] == (
        "a ratio within 0.1 of what it is made of: share_pct and 100 x part_a / whole",
        "比率与其构成相差不超过0.1：share_pct与100 x part_a / whole",
    )


def test_one_wrong_figure_fails_nothing_that_it_does_not_touch():
    spoilt = times(good_figures(), "120000", 2013, 1.2, "share_pct")
    assert failing(guard(spoilt)).keys() == {("share_w", "share_pct")}


def test_a_known_cell_is_a_warning_only():
    spoilt = times(good_figures(), "120000", 2016, 0.1, *ALL)
    for cells in ('"110000 2011, 120000 2016"', "* 2016"):
        row = f"known_whole,yearbook,,known,whole,{cells},,,warning,seen\n"
        found = failing(guard(spoilt, rules=RULES + row))
        assert ("jump_e", "whole") not in found
        assert found.keys() >= {("jump_w", "whole"), ("jump_e", "part_a")}


def test_a_cell_that_an_identity_is_known_not_to_hold_in_is_let_be():
    spoilt = times(good_figures(), "120000", 2013, 3.3, "part_a", "share_pct")
    row = "known_part,yearbook,,known,part,120000 2013,,,warning,seen\n"
    found = failing(guard(spoilt, rules=RULES + row))
    assert ("part", "part_a") not in found
    assert ("parts", "part_a + part_b") in found


def test_a_cell_without_one_of_its_figures_is_not_judged_by_an_identity():
    figures = good_figures()
    figures.loc[0, "part_b"] = None
    checks = {c.expectation: c.observed for c in guard(figures).checks}
    assert (checks["parts"], checks["part"]) == ("47 cells", "48 cells")
    figures.loc[0, "whole"] = 0.0  # divides nothing
    checks = {c.expectation: c.observed for c in guard(figures).checks}
    assert (checks["parts"], checks["part"]) == ("47 cells", "47 cells")


def test_a_rule_for_one_series_takes_the_place_of_those_for_all():
    spoilt = times(good_figures(), "120000", 2016, 0.1, *ALL)
    row = "jump_whole,yearbook,,jump,whole,,0.1,30,error,moves much\n"
    outcome = guard(spoilt, rules=RULES + row)
    jumps = {
        c.expectation
        for c in outcome.checks
        if c.column_name == "whole" and c.expectation.startswith("jump")
    }
    assert jumps == {"jump_whole"}
    assert ("jump_e", "part_a") in failing(outcome)


# a user's own figures ----------------------------------------------------------------


def test_a_workspace_figure_is_compared_with_the_shipped_ones():
    own = pd.DataFrame({"region_code": ["120000"], "year": [2017], "whole": [26801.9]})
    found = failing(guard(with_own(good_figures(), own)))
    check = found["jump_e", "whole"]  # ten times what 2017 should be
    assert check.suite == "workspace.own"
    assert check.table_name == "workspace/yearbook/own.csv"
    assert check.observed == "1 of 1 figures: 120000 2017 26801.9 (23.03)"
    assert check.observed_zh == "1个数值中有1个：120000 2017 26801.9 (23.03)"
    assert {c.suite for c in found.values()} == {"workspace.own"}


def test_a_workspace_figure_overrides_the_shipped_one_in_identities():
    own = pd.DataFrame({"region_code": ["120000"], "year": [2013], "part_a": [2200.0]})
    found = failing(guard(with_own(good_figures(), own)))
    assert found["parts", "part_a + part_b"].observed == (
        "1 of 1 cells: 120000 2013 1.1644"
    )


def test_a_file_that_gives_nothing_to_an_identity_is_not_blamed_for_it():
    spoilt = times(good_figures(), "130000", 2013, 9, "part_a", "share_pct")
    own = pd.DataFrame({"region_code": ["120000"], "year": [2013], "part_a": [735.0]})
    found = failing(guard(with_own(spoilt, own)))
    assert found["part", "part_a"].suite == "yearbook.accounts"


def test_how_odd_a_series_of_ones_own_is_stops_nothing():
    own = good_figures()[[*CELL, "whole"]].rename(columns={"whole": "birds"})
    times(own, "120000", 2016, 0.001, "birds")
    outcome = guard(with_own(good_figures(), own))
    assert outcome.errors == []
    assert {c.column_name for c in outcome.warnings} == {"birds"}


def test_a_name_of_a_file_serves_in_an_address():
    own = pd.DataFrame({"region_code": ["120000"], "year": [2017], "whole": [2680.0]})
    given = with_own(good_figures(), own).replace({"file_name": {"own": "我的 表(1)"}})
    [suite] = {c.suite for c in guard(given).checks} - {"yearbook.accounts"}
    assert suite == "workspace.我的_表_1_"


def test_figures_are_judged_with_the_chapter_or_file_that_they_are_of():
    # a user has another figure
    observation = {"year": 2020, "value": 5.0, "shipped_value": 1.0}
    cells = [("110000", "gdp"), ("340100", "gdp"), ("nowhere", "gdp"), ("110000", "x")]
    found = made_by(
        "int_figures_to_judge",
        int_observations=[
            {"region_code": code, "series_id": series} | observation
            for code, series in cells
        ]
        + [
            {"region_code": "110000", "series_id": "gdp", "year": 2021, "value": 2.0}
            | {"shipped_value": None}
        ],
        stg_workspace__figures=[
            {"region_code": "110000", "series_id": "gdp", "year": 2021, "value": 2.0}
            | {"source_id": "workspace__mine"}
        ],
        series=[
            {"series_id": "gdp", "chapter": "accounts", "city_chapter": "cities"},
            {"series_id": "x", "chapter": None, "city_chapter": "cities"},
        ],
        stg_reference__regions=[
            {"region_code": "110000", "level": "province"}
            | {"level_of_figures": "province"},
            # a user calls the city another thing; what ships keeps its level
            {"region_code": "340100", "level": "other", "level_of_figures": "city"},
        ],
    )
    shipped = found[found["panel"] == "yearbook"].set_index(
        ["region_code", "series_id"]
    )
    assert shipped["file_name"].to_dict() == {
        ("110000", "gdp"): "accounts",
        ("340100", "gdp"): "cities",
        ("nowhere", "gdp"): "accounts",
        ("110000", "x"): "cities",
    }
    assert set(shipped["value"]) == {1.0}
    assert shipped.loc[("340100", "gdp"), "region_level"] == "city"
    assert shipped.loc[("nowhere", "gdp"), "region_level"] == "other"
    theirs = found[found["panel"] == "workspace"]
    assert sorted(theirs["value"]) == [2, 5, 5, 5, 5]
    judged = theirs.dropna(subset="file_name")
    assert judged[["year", "value", "file_name"]].values.tolist() == [[2021, 2, "mine"]]


# scores ------------------------------------------------------------------------------


def scores(cells):
    """Scores of one series {(region, year): value}, at a least spread of 0."""
    frame = pd.DataFrame(
        [(*cell, value) for cell, value in cells.items()], columns=[*CELL, "x"]
    )
    return made(long(frame))["int_figures_scored"].set_index(CELL).sort_index()


def test_the_scores_are_as_computed_by_hand():
    logs = {"a": (0, 0.1), "b": (0, 0.2), "c": (0, 1.5)}
    found = scores(
        {
            (region, 2011 + place): math.exp(value)
            for region, values in logs.items()
            for place, value in enumerate(values)
        }
    )
    # median change 0.2; deviations 0.1, 0, 1.3; spread 1.4826 x 0.1
    assert found["change_spread"].tolist() == pytest.approx([0.14826] * 6)
    for year in (2011, 2012):  # no year before: that of the year after
        jumps = found.xs(year, level="year")["jump_distance"]
        assert jumps.tolist() == pytest.approx([0.1, 0, 1.3])
    assert found["spike_factor"].isna().all()

    grid = [[100, 300, 150, 80], [100, 20, 50, 60.0]]
    found = scores(
        {(str(i), 2000 + j): v for i, row in enumerate(grid) for j, v in enumerate(row)}
    )["spike_factor"].unstack("year")
    assert found[2001].tolist() == pytest.approx([2, 2.5])
    assert found[2002].tolist() == pytest.approx([1, 1])
    assert found[[2000, 2003]].isna().all(axis=None)

    found = scores({(str(v), 2011): math.exp(v) for v in (0.0, 0.1, 0.2, 5.0)})
    # median 0.15; deviations 0.15, 0.05, 0.05, 4.85; their median 0.1
    distances = found["magnitude_distance"].tolist()
    assert distances == pytest.approx([0.15, 0.05, 0.05, 4.85])
    assert found["distance_spread"].tolist() == pytest.approx([0.14826] * 4)


def test_a_gap_of_years_is_no_year_before_and_nothing_is_judged():
    cells = {("1", 2011): 1.0, ("1", 2013): 100, ("2", 2011): 1, ("2", 2013): 1}
    assert scores(cells)["jump_distance"].isna().all()
    frame = pd.DataFrame([(*k, v) for k, v in cells.items()], columns=[*CELL, "whole"])
    assert not [c for c in guard(frame).checks if c.expectation.startswith("jump")]


def test_a_figure_that_is_not_above_0_has_no_score_and_is_no_neighbour():
    found = scores(
        {("1", 2011): 1.0, ("1", 2012): 0.0, ("1", 2013): -1, ("1", 2014): 2}
    )
    assert found.index.get_level_values("year").tolist() == [2011, 2014]
    assert found["jump_distance"].isna().all()


def test_a_level_has_rules_of_its_own_and_a_break_is_let_through():
    """Cities may jump by more than provinces, and all of them in a year that breaks."""
    cells = {
        (code, year): 1.0
        for code in ("p1", "p2", "p3", *(f"c{i}" for i in range(1, 10)))
        for year in (2010, 2011, 2012)
    }
    # a change of the logarithm by 0.7 is seven spreads of 0.1
    cells["p1", 2012] = cells["c1", 2012] = math.exp(0.7)
    cells["c2", 2011] = math.exp(2)
    frame = pd.DataFrame(
        [(*cell, value) for cell, value in cells.items()], columns=[*CELL, "whole"]
    )
    given = long(frame)
    given["region_level"] = (
        given["region_code"].str[0].map({"p": "province", "c": "city"})
    )
    rules = f"""expectation_id,{COLUMNS}
all,yearbook,,jump,*,,0.1,5,error,r
cities,yearbook,city,jump,*,,0.1,9,error,r
"""

    def beyond(**more):
        judged = made(given, rules=rules, **more)["int_figures_judged"]
        odd = judged[judged["score"] > judged["limit_value"]]
        return sorted(odd[["expectation_id", *CELL]].itertuples(index=False, name=None))

    cities = [("cities", "c2", year) for year in (2010, 2011, 2012)]
    assert beyond() == [("all", "p1", 2012), *cities]
    years = (2010, 2011, 2012)
    breaks = [("whole", "city", year, "shipped") for year in years]
    assert beyond(breaks=breaks) == [("all", "p1", 2012)]
    # a break that a user states says nothing of what ships
    own = [(*row[:3], "workspace") for row in breaks]
    assert beyond(breaks=own) == [("all", "p1", 2012), *cities]


def test_the_oddities_of_a_panel_are_those_of_the_rules_for_all():
    frame = good_figures()[[*CELL, "whole"]]
    times(frame, "120000", 2013, 1.8, "whole")
    cells = frame.melt(CELL, var_name="series_id", value_name="value")
    found = oddities(cells, Paths().seeds)
    # 5.878 of 5 spreads
    places = found[["region_code", "year"]].values.tolist()
    assert places == [["120000", 2013], ["120000", 2014]]
    assert found["times"].tolist() == pytest.approx([5.878 / 5, 5.878 / 5], abs=1e-3)


# the library ----------------------------------------------------------------------


def measures(*counts):
    return pd.DataFrame(
        [
            {
                **{name: name for name in Check.__annotations__ if name != "success"},
                "severity": severity,
                "beyond_count": count,
            }
            for severity, count in counts
        ]
    )


def test_a_check_holds_where_nothing_lies_beyond_its_limit():
    counts = [("error", 0), ("warning", 3), ("error", 1), ("warning", 0)]
    checks = judge(measures(*counts), "s")
    assert [check.success for check in checks] == [True, False, False, True]
    assert [check.severity for check in checks] == [severity for severity, _ in counts]
    assert [c.success for c in judge(measures(("warning", 2)), "s")] == [False]
    assert judge(measures(), "s") == []


def test_measures_that_cannot_be_judged_raise():
    frame = measures(("error", 0)).astype({"beyond_count": object})
    frame["beyond_count"] = ["many"]
    with pytest.raises(ValueError, match="cannot be judged"):
        judge(frame, "s")


@pytest.fixture(scope="module")
def of_figures():
    """What the suites find in the shipped figures."""
    return expectations.guard_inputs(Paths())


def test_the_shipped_figures_pass_and_known_spikes_are_warnings(of_figures):
    paths, outcome = Paths(), of_figures
    assert [check.sentence for check in outcome.errors] == []
    assert {c.suite for c in outcome.checks} == {
        f"yearbook.{path.stem}" for path in (paths.seeds / "yearbook").glob("*.csv")
    }
    warned = {(c.expectation, c.column_name): c.observed for c in outcome.warnings}
    assert len(warned) == 161
    purchases = "ecommerce_purchases_cny_100m"
    assert warned["jump_warning", purchases].startswith("13 of 310 figures: 540000 ")
    assert warned["spike_warning", purchases].startswith("7 of 248 figures: 540000 ")


def test_the_models_measure_what_is_judged(of_figures, warehouse):
    built = projects.table(warehouse, "from quality.qc_figure_expectations")
    key = ["suite", "expectation", "column_name"]
    said = ["observed", "observed_zh", "expected_zh", "note_zh"]
    there = built.sort_values(key)[[*key, *said]]
    here = pd.DataFrame([vars(check) for check in of_figures.checks])
    assert there.values.tolist() == here[[*key, *said]].values.tolist()


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
    ("columns", "drop table marts.fct_scores", "no such table", "没有这张表"),
    (
        "columns",
        "alter table marts.fct_scores drop weight",
        "no weight",
        "缺少列weight",
    ),
    (
        *("columns", "alter table marts.fct_scores add column e int"),
        *("unknown e", "多出列e"),
    ),
    ("repeated_keys", f"{UPDATE} region_code = '11' where study_id = 's'", "3", "3"),
    ("not_finite", f"{UPDATE} weight = 'nan' {ONE}", "weight in 1 rows", "weight有1行"),
    ("not_finite", f"{UPDATE} c = 'inf'", "c in 8 rows", "c有8行"),
    (
        *("outside_unit_range", f"{UPDATE} c = 1.01, t = -1 {ONE}"),
        *("c in 1 rows; t in 1", "c有1行；t有1行"),
    ),
    ("product", f"{UPDATE} d = 0.5 + 2e-9 {ONE}", "2e-09", "1行中有1行：2e-09"),
    ("product", "alter table marts.fct_scores rename c to cc", "inf", "inf"),
    ("sum_one", f"{UPDATE} weight = 0.25 + 2e-9 {ONE}", "2e-09", "2e-09"),
    ("sum_one", f"{UPDATE} status = 'missing_value' {ONE}", "0.25", "1行中有1行：0.25"),
]


@pytest.mark.parametrize(
    ("expectation", "change", "told", "told_zh"),
    BAD_MARTS,
    ids=[f"{i}_{case[0]}" for i, case in enumerate(BAD_MARTS)],
)
def test_bad_marts_fail(project, expectation, change, told, told_zh):
    database = write_marts(project.project / "new.duckdb", change)
    outcome = expectations.guard_marts(database, None, project)
    (check,) = (c for c in outcome.errors if c.expectation == expectation)
    assert told in check.observed
    assert told_zh in check.observed_zh
    assert "fct_scores" in check.sentence


def test_what_is_expected_of_marts_is_said_in_both_languages(project):
    database = write_marts(project.project / "new.duckdb")
    previous = write_marts(project.project / "old.duckdb")
    outcome = expectations.guard_marts(database, previous, project)
    said = {
        c.expectation: (c.expected, c.expected_zh)
        for c in outcome.checks
        if c.table_name in ("fct_scores", "")
    }
    assert said == {
        "columns": (
            "the columns of its contract, no other, none missing",
            "契约中的列，不多也不少",
        ),
        "repeated_keys": ("no key twice", "键不重复"),
        "not_finite": ("numbers that are finite or NULL", "有限数或NULL"),
        "outside_unit_range": (
            "numbers from 0 to 1 where the contract says so",
            "契约有规定的数在0至1之间",
        ),
        "change_w": (
            "rows within 1.5 times those of the published build, where there is one",
            "行数在已发布构建（如有）的1.5倍以内",
        ),
        "fall_e": (
            "at least one in 4 rows of the published build, where there is one",
            "至少有已发布构建（如有）行数的4分之一",
        ),
        "share_fall_w": (
            "a share of results not more than 0.01 below the published build, where "
            "there is one",
            "结果比重较已发布构建（如有）降低不超过0.01",
        ),
        "share_fall_e": (
            "a share of results not more than 0.1 below the published build, where "
            "there is one",
            "结果比重较已发布构建（如有）降低不超过0.1",
        ),
        "product": (
            "abs(d * d - c * t) not above 1e-09",
            "abs(d * d - c * t)不超过1e-09",
        ),
        "sum_one": (
            "a sum of 1 within 1e-09 over study_id",
            "按study_id合计为1，误差不超过1e-09",
        ),
    }
    holds = {(c.observed, c.observed_zh) for c in outcome.checks if c.success}
    assert ("1 rows", "1行") in holds


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
            assert check.success or (check.observed, check.observed_zh) == (
                "1 rows, 8 before (8)",
                "1行，此前8行（8）",
            )
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
    [warning] = outcome.warnings
    assert warning.expectation == "previous_build_readable"
    assert warning.observed_zh == "已发布的数据库无法读取"
    assert warning.expected_zh == "已发布的数据库，用于比较行数和结果"
    assert warning.note_zh == "未与上一次构建比较。"


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
        why = Both("", "")
        return Rule(name, "marts", "k", subject, "", None, None, "error", why)

    rules = [rule("all", "*"), rule("group", "g"), rule("table", "t")]
    for subjects, expected in (
        (("t", "g"), "table"),
        (("u", "g"), "group"),
        (("u", "h"), "all"),
    ):
        assert [r.name for r in rules_for(rules, "k", *subjects)] == [expected]
    assert rules_for(rules, "other", "t") == []


# what becomes of the results ------------------------------------------------------


def done(outcome):
    future = Future()
    future.set_result(outcome)
    return future


def console():
    return Console(file=io.StringIO(), width=200)


def judgement(screen):
    return Judgement(SimpleNamespace(console=screen, log=io.StringIO()))


def test_warnings_are_let_through_and_told():
    spoilt = times(good_figures(), "120000", 2013, 1.2, "share_pct")
    screen = console()
    judge_of = judgement(screen)
    outcome = judge_of.passed(done(guard(spoilt)), ExitCode.INPUTS)
    assert len(outcome.warnings) == 1
    judge_of.outcomes = [outcome]
    judge_of.tell_warnings()
    said = screen.file.getvalue()
    assert "Expectations let through 1 warning(s) of shipped figures" in said
    assert "see quality.qc_expectation_results" in said
    assert "120000" not in said


def test_warnings_of_the_users_own_figures_come_first_and_in_full():
    spoilt = times(good_figures(), "120000", 2013, 1.2, "share_pct")
    screen = console()
    judge_of = judgement(screen)
    judge_of.outcomes = [guard(with_own(spoilt, spoilt))]
    judge_of.tell_warnings()
    own, rest = screen.file.getvalue().splitlines()
    assert own.startswith("  workspace.own: workspace/yearbook/own.csv, share_pct")
    assert "120000 2013 0.2" in own
    assert rest.startswith("Expectations let through 1 warning(s) of shipped")


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
    spoilt = times(good_figures(), "120000", 2013, 1.2, "share_pct")
    database = write_marts(project.project / "new.duckdb")
    outcomes = [guard(spoilt), expectations.guard_marts(database, None, project)]
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
        "observed": "1 of 48 cells: 120000 2013 0.2",
        "observed_zh": "48个单元格中1个不符：120000 2013 0.2",
        "expected": "a ratio within 0.1 of what it is made of: share_pct and "
        "100 x part_a / whole",
        "expected_zh": "比率与其构成相差不超过0.1：share_pct与100 x part_a / whole",
        "note": "why share",
        "note_zh": "因share",
    }
    comments = projects.table(
        database,
        "select column_name, comment from duckdb_columns() "
        "where table_name = 'qc_expectation_results'",
    )
    assert len(comments) == 12
    assert comments["comment"].str.len().min() > 15


# pages ----------------------------------------------------------------------------


def nasty_outcome():
    """Scripts in every place that a reader of the pages could be served one."""
    spoilt = times(good_figures(), "120000", 2013, 1.2, "share_pct")
    found = guard(spoilt, rules=RULES.replace("why share", NASTY))
    more = Check("yearbook.accounts", NASTY, NASTY, NASTY, "error", False, *[NASTY] * 6)
    return Outcome([*found.checks, more])


def pages_of(outcomes, folder, language="en"):
    """Pages of expectations by path, from what a refresh leaves beside the others."""
    database = write_warehouse(folder / "pages.duckdb", {})
    expectations.record(database, outcomes, Paths().project)
    pages = site.render_language(database, language)
    return {path: text for path, text in pages.items() if "expectations/" in path}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_suites_become_pages_of_the_site(project, tmp_path, language):
    database = write_marts(project.project / "new.duckdb", f"{UPDATE} d = 0.6 {ONE}")
    outcomes = [nasty_outcome(), expectations.guard_marts(database, None, project)]
    pages = pages_of(outcomes, tmp_path, language)
    folder = "" if language == "en" else "zh/"
    assert set(pages) == {
        f"{folder}expectations/{name}.html"
        for name in ("index", *{c.suite for o in outcomes for c in o.checks})
    }
    for path, text in pages.items():
        here = tmp_path / path
        targets = re.findall(r'<a href="([^"#]+)', text)
        others = {"en": "zh/", "zh": ""}[language]
        other = tmp_path / others / "expectations" / here.name
        assert other.resolve() in {(here.parent / to).resolve() for to in targets}
        assert NASTY not in text
        assert not re.search(r"<iframe|<object|\son\w+=|src=\"(https?:|//)", text)


def test_the_index_counts_what_holds_and_a_suite_tells_what_does_not(tmp_path):
    spoilt = times(good_figures(), "120000", 2013, 1.2, "share_pct")
    outcome = guard(spoilt)
    pages = pages_of([outcome], tmp_path)
    holds = sum(check.success for check in outcome.checks)
    (counts,) = Page(pages["expectations/index.html"]).tables.values()
    assert counts[1] == ["yearbook.accounts", "1", "0", str(holds), str(holds + 1)]
    page = Page(pages["expectations/yearbook.accounts.html"])
    _, failed = page.tables["Checks that do not hold"]
    assert failed == [
        *("warning", "share_pct", "share_w"),
        "a ratio within 0.1 of what it is made of: share_pct and 100 x part_a / whole",
        *("1 of 48 cells: 120000 2013 0.2", "why share"),
    ]
    _, *held = page.tables["Checks that hold, by expectation"]
    assert sum(int(row[3]) for row in held) == holds
    assert ["error", "jump_e"] in [row[:2] for row in held]


def test_pages_of_the_shipped_warehouse_are_chinese(of_figures, of_marts, tmp_path):
    pages = pages_of([of_figures, of_marts], tmp_path, "zh")
    assert len(pages) > 15
    # names of expectations and columns that are plain words
    names = re.compile(r"(?<![a-z_])(year|columns|numbers|level|abs|doctors)(?![a-z_])")
    left = {path: english_in(names.sub("", text)) for path, text in pages.items()}
    assert {path: texts for path, texts in left.items() if texts} == {}


def test_without_suites_there_are_no_pages(tmp_path):
    with duckdb.connect() as con:
        assert expectation_pages(con) == []
    assert pages_of([], tmp_path) == {}


def test_two_processes_give_the_same_results(of_figures):
    with expectations.Background() as background:
        there = background.submit(expectations.guard_inputs, Paths()).result()
    assert there == of_figures


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
