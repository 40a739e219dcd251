"""Studies, methods and series added by rows alone, odd ones among them.

One build holds the shipped studies and all made-up ones, those of test_variants.py
among them. Every mart agrees with the reference; the cases below are also worked out by
hand.
"""

from math import exp, log, sqrt

import comparison
import projects
import pytest
import rederivation
import reference
from pytest import approx

from coupling.contracts.gate import check_seeds

R1, R2, R3 = "110000", "120000", "130000"
YEARS = (2020, 2021, 2022)


def same_every_year(*values):
    """Give each region one figure, the same in all years."""
    return {
        (region, year): value
        for region, value in zip((R1, R2, R3), values, strict=False)
        for year in YEARS
    }


SERIES = {
    "up": same_every_year(0, 5, 10),
    "down": same_every_year(2, 4, 6),
    "level": same_every_year(7, 7, 7),
    "near_zero": same_every_year(0.1, 0.2, 0.3),
    "two_regions": same_every_year(1, 2),
    "gaps": {
        **{(R1, 2018): 0, (R1, 2021): 3},
        **{(R2, 2021): 8, (R3, 2022): 4, (R3, 2023): 6},
    },
    "investment": {
        **{(R1, 2020): 30, (R1, 2021): 40, (R1, 2022): 50},
        **{(R2, 2020): 15, (R2, 2022): 15},
        **{(R3, 2020): 3, (R3, 2021): 3, (R3, 2022): 3},
    },
    "price": same_every_year(110, 100, 50),
    "base": same_every_year(10, 10, 40),
    # R1 is lowest in both at first; sometimes cannot tell regions apart in 2021
    "late": {
        **{(R1, 2020): 0, (R1, 2021): 4, (R1, 2022): 9},
        **{(R2, 2020): 5, (R2, 2021): 6, (R2, 2022): 7},
        **{(R3, 2020): 8, (R3, 2021): 8, (R3, 2022): 10},
    },
    "later": {
        **{(R1, 2020): 1, (R1, 2021): 2, (R1, 2022): 6},
        **{(R2, 2020): 3, (R2, 2021): 3, (R2, 2022): 4},
        **{(R3, 2020): 2, (R3, 2021): 9, (R3, 2022): 5},
    },
    "sometimes": {
        **{(R1, 2020): 1, (R1, 2021): 5, (R1, 2022): 2},
        **{(R2, 2020): 2, (R2, 2021): 5, (R2, 2022): 1},
        **{(R3, 2020): 3, (R3, 2021): 5, (R3, 2022): 4},
    },
    "growing": {(r, y): 2 ** (y - 2019) for r in (R1, R2) for y in YEARS}
    | {(R3, 2020): 0, (R3, 2021): 5, (R3, 2022): 5},
}

PLUS = {"direction": "+", "operator": "identity", "scale": 1}
MINUS = PLUS | {"direction": "-"}

# study: (regions, first year, last year, system: {indicator: what differs})
ALL = (R1, R2, R3)

# study: (regions, first year, last year, system: {indicator: what differs})
STUDIES = {
    "plain": (ALL, 2021, 2022, {"a": {"up": PLUS, "down": MINUS}, "b": {"up": PLUS}}),
    "other_units": (
        ALL,
        2021,
        2022,
        {
            "a": {"up": PLUS | {"scale": 1000}, "down": MINUS | {"scale": 0.001}},
            "b": {"up": PLUS},
        },
    ),
    "with_a_constant": (
        ALL,
        2021,
        2022,
        {"a": {"up": PLUS, "level": PLUS}, "b": {"near_zero": PLUS}},
    ),
    "only_constants": (ALL, 2021, 2022, {"a": {"up": PLUS}, "b": {"level": PLUS}}),
    "without_figures": (ALL, 2021, 2022, {"a": {"up": PLUS}, "b": {"nowhere": PLUS}}),
    "one_region": ((R1,), 2020, 2022, {"a": {"gaps": PLUS}, "b": {"growing": PLUS}}),
    "one_region_year": ((R1,), 2021, 2021, {"a": {"up": PLUS}, "b": {"down": PLUS}}),
    "a_region_missing": (
        ALL,
        2021,
        2022,
        {"a": {"two_regions": PLUS}, "b": {"up": PLUS}},
    ),
    "all_operators": (
        ALL,
        2020,
        2022,
        {
            "a": {
                "investment": PLUS
                | {
                    "operator": "perpetual_inventory",
                    "denominator": "price",
                    "depreciation_rate": 0.1,
                    "initial_growth_rate": 0.05,
                    "given_weight": 0.3,
                },
                "up": PLUS
                | {
                    "operator": "location_quotient",
                    "denominator": "base",
                    "given_weight": 0.6,
                },
            },
            "b": {
                "growing": PLUS | {"operator": "growth_pct", "given_weight": 0.7},
                "down": MINUS | {"operator": "per_area", "given_weight": 0.3},
            },
            "c": {
                "up": PLUS
                | {"operator": "ratio", "denominator": "base", "given_weight": 1},
            },
        },
    ),
    "in_and_out": (
        ALL,
        2020,
        2022,
        {
            "a": {"late": PLUS, "later": PLUS, "sometimes": PLUS},
            "b": {"near_zero": PLUS, "sometimes": MINUS},
        },
    ),
    "three_systems": (
        ALL,
        2020,
        2022,
        {
            "a": {"up": PLUS, "growing": PLUS, "near_zero": MINUS},
            "b": {"down": MINUS, "up": MINUS, "growing": PLUS},
            "c": {"near_zero": PLUS, "gaps": PLUS, "two_regions": MINUS},
        },
    ),
}

METHODS = [
    {"method_id": "given_linear", "weighting": "given"},
    {"method_id": "equal_geometric", "aggregation": "geometric"},
    {
        "method_id": "entropy_geometric_exact",
        "weighting": "entropy",
        "aggregation": "geometric",
    },
    {
        "method_id": "critic_topsis_by_year",
        "normalisation_scope": "year",
        "weighting": "critic",
        "aggregation": "topsis",
        "coupling_formula": "wang_2021",
    },
    {
        "method_id": "variation_geometric_by_year",
        "normalisation_scope": "year",
        "zero_rule": "shift",
        "epsilon": 0.25,
        "weighting": "variation",
        "aggregation": "geometric",
    },
]
METHOD_DEFAULTS = {
    "label": "made up",
    "label_zh": "made up",
    "normalisation_scope": "panel",
    "zero_rule": "exact",
    "weighting": "equal",
    "aggregation": "linear",
    "coupling_formula": "standard",
}


def add_series(seeds):
    """Add the made-up series to a yearbook chapter, the dictionary and the sources."""
    path = seeds / "yearbook" / "population_and_income.csv"
    text = path.read_text(encoding="utf-8").splitlines()
    names = [*SERIES, "nowhere"]
    known = {tuple(line.split(",")[:2]): line for line in text[1:]}
    width = text[0].count(",")
    for region, year in {cell for figures in SERIES.values() for cell in figures}:
        key = (region, str(year))
        known.setdefault(key, ",".join([*key, *[""] * (width - 1)]))
    lines = [",".join([text[0], *names])]
    for (region, year), line in known.items():
        cells = [SERIES.get(name, {}).get((region, int(year)), "") for name in names]
        lines.append(",".join([line, *map(str, cells)]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name in names:
        years = [year for _, year in SERIES.get(name, {(R1, 2020): 0})]
        label = {"label": name, "label_zh": name, "chapter": "population_and_income"}
        unit = "previous year = 100" if name == "price" else "units"
        projects.append_rows(
            seeds / "reference" / "series.csv",
            [{"series_id": name, "unit": unit, **label}],
        )
        origin = dict.fromkeys(("publisher", "title", "citation"), "made up")
        if name == "nowhere":
            figures = {"first_year": 2020, "last_year": 2020, "figures": 0}
        else:
            figures = {
                "first_year": min(years),
                "last_year": max(years),
                "figures": len(SERIES[name]),
            }
        projects.append_rows(
            seeds / "reference" / "sources.csv",
            [
                {"source_id": f"made_up__{name}", "series_id": name, "quality": "C"}
                | origin
                | figures
                | {"copies_compared": 1}
            ],
        )


def add_studies(seeds):
    """Add the made-up studies and methods, rows only."""
    folder = seeds / "studies"
    for study, (regions, first_year, last_year, systems) in STUDIES.items():
        named = {"study_id": study, "label": study, "label_zh": study}
        years = {"first_year": first_year, "last_year": last_year}
        projects.append_rows(
            folder / "studies.csv",
            [
                named
                | years
                | {"default_method_id": "equal_linear", "grade_scheme_id": "six_levels"}
            ],
        )
        projects.append_rows(
            folder / "study_regions.csv",
            [{"study_id": study, "region_code": region} for region in regions],
        )
        shares = {2: ("0.5", "0.5"), 3: ("0.5", "0.25", "0.25")}[len(systems)]
        place = 0
        for number, (system, indicators) in enumerate(systems.items(), 1):
            name = {"system_id": system, "position": number}
            share = {"contribution": shares[number - 1]}
            projects.append_rows(folder / "systems.csv", [named | name | share])
            for series, differing in indicators.items():
                place += 1
                row = {
                    "system_id": system,
                    "criterion": "all",
                    "criterion_zh": "all",
                    "indicator_id": f"{system}_{series}",
                    "position": place,
                    "unit": "units",
                    "numerator": series,
                    "status": "measured",
                }
                projects.append_rows(
                    folder / "indicators.csv", [named | row | differing]
                )
    projects.append_rows(
        folder / "methods.csv", [METHOD_DEFAULTS | method for method in METHODS]
    )


@pytest.fixture(scope="module")
def project(odd_project):
    return odd_project


@pytest.fixture(scope="module")
def database(odd_database):
    return odd_database


@pytest.fixture(scope="module")
def expected(project):
    return reference.compute(project.seeds)


@pytest.fixture(scope="module")
def coupling(database):
    frame = projects.table(database, "select * from marts.fct_coupling")
    return frame.set_index(
        ["study_id", "method_id", "region_code", "year"]
    ).sort_index()


def test_rows_alone_pass_the_gate(project):
    assert check_seeds(project.seeds) == []


@pytest.mark.parametrize("name", comparison.KEYS)
def test_every_row_agrees_with_the_reference(database, expected, name):
    assert comparison.differences(database, name, expected[name]) == []


def test_other_studies_keep_their_numbers(warehouse, database):
    # test_own_studies.py holds it of all shipped studies
    query = f"""
        select * from marts.fct_coupling
        where study_id in {projects.SMALL_STUDIES}
            and method_id in ('entropy_topsis', 'critic_linear')
        order by all
    """
    before = projects.table(warehouse, query)
    assert len(before) == 2 * sum(
        projects.REGION_YEARS[study] for study in projects.SMALL_STUDIES
    )
    assert projects.table(database, query).equals(before)


def test_plain_study_by_hand(coupling):
    # y: up 0, 0.5, 1; down reversed 1, 0.5, 0. Scores a: 0.5, 0.5, 0.5; b: 0, 0.5, 1.
    rows = coupling.loc["plain", "equal_linear"].xs(2022, level="year")
    assert rows.at[R1, "coupling_degree"] == 0
    assert rows.at[R1, "coupling_coordination_degree"] == 0
    assert rows.at[R1, "comprehensive_index"] == approx(0.25, abs=1e-12)
    assert rows.at[R1, "grade"] == "discoordination"
    assert rows.at[R1, "lagging_system_id"] == "b"
    assert rows.at[R2, "coupling_degree"] == approx(1, abs=1e-12)
    assert rows.at[R2, "coupling_coordination_degree"] == approx(sqrt(0.5), abs=1e-12)
    assert rows.at[R2, "lagging_system_id"] == "synchronous"
    c3 = 2 * sqrt(0.5 * 1) / 1.5
    assert rows.at[R3, "coupling_degree"] == approx(c3, abs=1e-12)
    assert rows.at[R3, "coupling_coordination_degree"] == approx(
        sqrt(c3 * 0.75), abs=1e-12
    )
    assert rows.at[R3, "lagging_system_id"] == "a"
    assert list(rows["coordination_rank"]) == [3, 2, 1]


def test_a_change_of_units_changes_no_degree(coupling):
    for column in ("coupling_degree", "coupling_coordination_degree"):
        before, after = (
            coupling.loc["plain", column],
            coupling.loc["other_units", column],
        )
        assert before.size == (9 + len(METHODS)) * 6
        assert after.to_numpy() == approx(before.to_numpy(), abs=1e-12, nan_ok=True)


def test_a_zero_in_a_geometric_mean_makes_the_score_zero(database):
    scores = projects.table(
        database,
        """
        select region_code, system_id, score from marts.fct_system_scores
        where study_id = 'plain' and method_id = 'equal_geometric' and year = 2022
        order by all
        """,
    )
    # a: up x reversed down = (0, 1), (0.5, 0.5), (1, 0); b: up alone 0, 0.5, 1
    assert list(scores["score"]) == approx([0, 0, 0.5, 0.5, 0, 1], abs=1e-12)


def test_ties_share_a_rank_and_the_next_is_skipped(database):
    ranks = projects.table(
        database,
        """
        select score_rank from marts.fct_system_scores
        where study_id = 'plain' and method_id = 'equal_linear' and system_id = 'a'
            and year = 2022
        """,
    )
    assert list(ranks["score_rank"]) == [1, 1, 1]


def test_a_constant_indicator_weighs_nothing_and_is_listed(database):
    weights = projects.table(
        database,
        """
        select indicator_id, weight, study_weight, status
        from marts.fct_indicator_weights
        where study_id = 'with_a_constant' and method_id = 'entropy_linear'
        order by indicator_id
        """,
    ).set_index("indicator_id")
    assert list(weights.loc["a_level"]) == [0, 0, "constant"]
    assert weights.at["a_up", "weight"] == 1
    listed = projects.table(
        database,
        """
        select indicator_id, status from quality.qc_degenerate_indicators
        where study_id = 'with_a_constant' and normalisation_scope = 'panel'
        """,
    )
    assert listed.to_numpy().tolist() == [["a_level", "constant"]]


@pytest.mark.parametrize(
    ("study", "method", "status"),
    [
        ("only_constants", "entropy_linear", "no_usable_indicator"),
        ("without_figures", "entropy_topsis", "no_usable_indicator"),
        ("one_region_year", "entropy_topsis", "single_region_year"),
        ("one_region", "entropy_linear_by_year", "single_region_year"),
        ("plain", "given_linear", "no_usable_indicator"),
    ],
)
def test_what_cannot_be_computed_is_empty_and_says_why(coupling, study, method, status):
    rows = coupling.loc[study, method]
    assert len(rows) > 0
    assert set(rows["status"]) == {status}
    assert rows["status_reason"].notna().all()
    numbers = ["coupling_degree", "comprehensive_index", "coupling_coordination_degree"]
    assert rows[[*numbers, "grade", "coordination_rank"]].isna().all(axis=None)


def test_a_region_without_figures_is_left_out_and_the_others_are_ranked(coupling):
    rows = coupling.loc["a_region_missing", "equal_linear"].xs(2022, level="year")
    assert list(rows["status"]) == ["computed", "computed", "missing_value"]
    assert list(rows["coordination_rank"].fillna(0)) == [2, 1, 0]


def test_one_region_over_several_years_is_computed_on_the_panel(coupling):
    rows = coupling.loc["one_region", "equal_linear"].droplevel("region_code")
    # gaps 2, 3, 3 (interpolated, observed, carried): y 0, 1, 1; growing 2, 4, 8
    assert list(rows["status"]) == ["computed"] * 3
    u = [(0, 0), (1, 1 / 3), (1, 1)]
    degrees = [sqrt(sqrt(a * b)) for a, b in u]
    assert list(rows["coupling_coordination_degree"]) == approx(degrees, abs=1e-12)


def test_gaps_are_filled_from_beyond_the_study_years(database):
    values = projects.table(
        database,
        """
        select year, raw_value, value_origin from marts.fct_indicator_values
        where study_id = 'one_region' and method_id = 'equal_linear'
            and indicator_id = 'a_gaps'
        order by year
        """,
    )
    assert values.to_numpy().tolist() == [
        [2020, 2.0, "interpolated"],
        [2021, 3.0, "observed"],
        [2022, 3.0, "carried"],
    ]


def test_operators_by_hand(database):
    values = projects.table(
        database,
        """
        select values.indicator_id, region_code, year, raw_value, value_origin
        from marts.fct_indicator_values as values
        where study_id = 'all_operators' and method_id = 'equal_linear'
        """,
    )
    values = values.set_index(["indicator_id", "region_code", "year"]).sort_index()
    value, origin = values["raw_value"], values["value_origin"]
    # K_0 = 30 / 0.15 = 200; P chains 1, 1.1, 1.21: 0.9 x 200 + 40 / 1.1, and so on
    k1 = 0.9 * 200 + 40 / 1.1
    k2 = 0.9 * k1 + 50 / 1.21
    stock = value["a_investment", R1]
    assert list(stock) == approx([200, k1, k2], rel=1e-12)
    # region 2 has no investment in 2021: the stock of 2020 is carried from there on
    assert list(value["a_investment", R2]) == approx([100] * 3, rel=1e-12)
    assert list(origin["a_investment", R2]) == ["observed", "carried", "carried"]
    # location quotient: country 15 / 60 = 0.25; region 2: 0.5 / 0.25
    assert value["a_up", R2, 2021] == approx(2, rel=1e-12)
    assert value["b_growing", R1, 2021] == approx(100, rel=1e-12)
    # region 3 grows from 0: that has no meaning, and is not filled from 2022
    assert origin["b_growing", R3, 2021] == "missing"
    assert origin["b_growing", R3, 2022] == "observed"
    assert value["b_down", R1, 2022] == approx(2 / 1.64, rel=1e-12)
    assert value["c_up", R3, 2022] == approx(10 / 40, rel=1e-12)


def test_given_weights_are_rescaled_within_their_system(database):
    weights = projects.table(
        database,
        """
        select indicator_id, weight, study_weight from marts.fct_indicator_weights
        where study_id = 'all_operators' and method_id = 'given_linear'
        """,
    ).set_index("indicator_id")
    assert weights.at["a_investment", "weight"] == approx(1 / 3, abs=1e-12)
    assert weights.at["a_up", "weight"] == approx(2 / 3, abs=1e-12)
    # all given weights of the study: 0.9 + 1 + 1
    assert weights.at["c_up", "study_weight"] == approx(1 / 2.9, abs=1e-12)


def test_entropy_weight_by_hand(database):
    # up over 3 regions x 2 years: y 0, 0.5, 1 twice; shares 0, 1/6, 1/3 twice
    shares = [1 / 6, 1 / 3] * 2
    entropy = -sum(p * log(p) for p in shares) / log(6)
    found = projects.table(
        database,
        """
        select entropy, information from intermediate.int_indicator_information
        where study_id = 'plain' and method_id = 'entropy_linear'
            and indicator_id = 'b_up'
        """,
    )
    assert found.to_numpy().tolist()[0] == approx([entropy, 1 - entropy], abs=1e-12)


def test_wang_coupling_of_three_systems_by_hand(database, coupling):
    scores = projects.table(
        database,
        """
        select score from marts.fct_system_scores
        where study_id = 'three_systems' and method_id = 'entropy_topsis_wang'
            and region_code = '120000' and year = 2022
        """,
    )["score"].tolist()
    a, b, c = scores
    spread = (abs(a - b) + abs(a - c) + abs(b - c)) / 3
    product = a * b * c / max(scores) ** 3
    expected = sqrt((1 - spread) * sqrt(product))
    assert 0 < expected < 1
    found = coupling.at[
        ("three_systems", "entropy_topsis_wang", R2, 2022), "coupling_degree"
    ]
    assert found == approx(expected, abs=1e-12)


def test_obstacles_of_a_study_by_hand(database):
    found = projects.table(
        database,
        """
        select indicator_id, deviation, obstacle_degree, obstacle_rank
        from marts.fct_obstacles
        where study_id = 'plain' and method_id = 'equal_linear'
            and region_code = '110000' and year = 2022
        order by indicator_id
        """,
    )
    # equal study weights 1/3; deviations: a_down 0, a_up 1, b_up 1
    assert found.to_numpy().tolist() == [
        ["a_down", 0.0, 0.0, 3],
        ["a_up", 1.0, 0.5, 1],
        ["b_up", 1.0, 0.5, 1],
    ]


def test_geometric_score_by_year_by_hand(database):
    # b has one indicator, shift 0.25: y 0.25, 0.625, 1, and weight 1
    scores = projects.table(
        database,
        """
        select score from marts.fct_system_scores
        where study_id = 'plain' and method_id = 'variation_geometric_by_year'
            and system_id = 'b' and year = 2021
        order by region_code
        """,
    )["score"].tolist()
    assert scores == approx([0.25, exp(log(0.625)), 1], abs=1e-12)


def changes(database, study, method, columns):
    """Rows of the contributions of a study: region, year, indicator, then columns."""
    return projects.table(
        database,
        f"""
        select year, indicator_id, {columns}
        from marts.fct_indicator_contributions
        where study_id = '{study}' and method_id = '{method}'
        order by region_code, year, indicator_id
        """,
    )


def test_every_value_follows_from_its_figures(database):
    count, bad = rederivation.differences(database)
    assert count > 1040 + 12 * 6
    assert bad == []


def test_figures_of_a_capital_stock(database):
    figures = projects.table(
        database,
        """
        select role, figure_year, figure from marts.fct_indicator_figures
        where study_id = 'all_operators' and indicator_id = 'a_investment'
            and region_code = '110000' and year = 2021
        order by all
        """,
    )
    # the first year's price, an index of the year before, is not used
    assert figures.to_numpy().tolist() == [
        ["investment", 2020, 30.0],
        ["investment", 2021, 40.0],
        ["price_index", 2021, 110.0],
    ]


@pytest.mark.parametrize("method", ["equal_linear", "entropy_topsis"])
def test_changes_from_zero_by_hand(database, method):
    # a: y 0, 1, 1; b: y 0, 1/3, 1; each system has one indicator
    rows = changes(
        database,
        "one_region",
        method,
        "score_change_contribution, coordination_change_contribution, change_status",
    )
    d = [0, (1 / 3) ** 0.25, 1]
    assert list(rows["change_status"]) == ["first_year"] * 2 + ["computed"] * 4
    parts = rows["coordination_change_contribution"].tolist()[2:]
    assert parts == approx([d[1] / 2, d[1] / 2, 0, d[2] - d[1]], abs=1e-12)
    own = rows["score_change_contribution"].tolist()[2:]
    assert own == approx([1, 1 / 3, 0, 2 / 3], abs=1e-12)


def test_contributions_by_hand(database):
    # system a, region 1: y of down 1, of up 0, equal weights
    rows = changes(
        database,
        "plain",
        "equal_geometric",
        "score, score_contribution, coordination_change_contribution",
    )
    first = rows.iloc[:3].to_numpy().tolist()
    assert first[0][:4] == [2021, "a_down", 0.0, 0.0]
    assert first[1][2] == 0 and first[1][3] != first[1][3]
    # region 2: all y are 0.5, ln 0.5 shared in halves; nothing changes
    second = rows.iloc[6:12]
    half = log(0.5) / 2
    expected = [half, half, log(0.5)] * 2
    assert second["score_contribution"].tolist() == approx(expected, abs=1e-12)
    assert second["coordination_change_contribution"].tolist()[3:] == [0, 0, 0]
    linear = changes(database, "plain", "equal_linear", "score_contribution")
    assert linear["score_contribution"].tolist()[:3] == [0.5, 0, 0]


def test_what_is_not_computed_says_why(database):
    rows = changes(
        database,
        "a_region_missing",
        "equal_linear",
        "region_code, score, score_contribution, coordination_change, status,"
        " change_status",
    ).set_index(["region_code", "year", "indicator_id"])
    gone = rows.loc[R3, 2022, "a_two_regions"]
    assert gone[["score", "score_contribution", "coordination_change"]].isna().all()
    assert list(gone[["status", "change_status"]]) == ["missing_value"] * 2
    there = rows.loc[R3, 2022, "b_up"]
    assert there["score"] == 1
    assert list(there[["status", "change_status"]]) == ["computed", "missing_value"]


def test_an_indicator_that_goes_out_of_use_keeps_its_part_of_the_change(database):
    rows = projects.table(
        database,
        """
        select year, status, weight, normalised_value, score_change_contribution
        from marts.fct_indicator_contributions
        where study_id = 'in_and_out' and method_id = 'entropy_linear_by_year'
            and region_code = '130000' and indicator_id = 'a_sometimes'
        order by year
        """,
    )
    # y = 1 in 2020 and 2022, the region being the highest; equal values in 2021
    weights = rows["weight"].tolist()
    assert list(rows["status"]) == ["computed", "constant", "computed"]
    assert weights[1] == 0 and 0 < weights[0] < 1
    assert rows["normalised_value"].isna().tolist() == [False, True, False]
    parts = rows["score_change_contribution"].tolist()[1:]
    assert parts == approx([-weights[0], weights[2]], abs=1e-12)


def test_from_a_geometric_score_of_zero_the_zeros_share_by_weight(database):
    rows = projects.table(
        database,
        """
        select year, indicator_id, normalised_value as y, weight, score_change,
            score_change_contribution as part
        from marts.fct_indicator_contributions
        where study_id = 'in_and_out' and method_id = 'entropy_geometric_exact'
            and region_code = '110000' and system_id = 'a'
        order by year, indicator_id
        """,
    )
    first, second = rows.iloc[:3], rows.iloc[3:6]
    # all three are lowest in 2020, so every weight takes its share of the whole change
    assert list(first["y"]) == [0, 0, 0]
    assert second["score_change"].iloc[0] > 0
    expected = first["weight"] * second["score_change"].iloc[0]
    assert list(second["part"]) == approx(list(expected), abs=1e-12)
    assert first["weight"].nunique() == 3
