"""The field's variants, chosen by rows and worked out by hand.

Made-up studies, each under the methods that it names, in one build with those of
test_made_up_studies.py, where every row of all of them is compared with the reference.
"""

from math import exp, log, sqrt

import numpy as np
import pandas as pd
import projects
import pytest
import test_made_up_studies as made_up
from pytest import approx

from coupling.weighting import components, games, judgements

R1, R2, R3 = made_up.ALL
PLUS, MINUS = made_up.PLUS, made_up.MINUS
STUDIES = {
    "many": (
        made_up.ALL,
        2020,
        2022,
        {
            "a": {
                "late": PLUS | {"criterion": "age"},
                "later": PLUS | {"criterion": "age"},
                "sometimes": MINUS | {"criterion": "odd"},
            },
            "b": {"growing": PLUS, "near_zero": MINUS, "up": PLUS, "later": PLUS},
        },
    ),
    "with_gaps": (
        made_up.ALL,
        2020,
        2022,
        {
            "a": {"two_regions": PLUS, "late": PLUS, "sometimes": PLUS},
            "b": {"up": PLUS, "level": PLUS},
        },
    ),
    "below_zero": (
        made_up.ALL,
        2021,
        2022,
        {
            "a": {"up": PLUS | {"operator": "growth_pct"}, "late": PLUS},
            "b": {"sometimes": PLUS | {"operator": "growth_pct"}, "down": MINUS},
        },
    ),
    "three": (
        made_up.ALL,
        2020,
        2022,
        {
            "a": {"late": PLUS, "later": PLUS},
            "b": {"up": PLUS, "growing": PLUS},
            "c": {"sometimes": PLUS},
        },
    ),
    "as_before": (made_up.ALL, 2021, 2022, {"a": {"up": PLUS}, "b": {"down": PLUS}}),
}
OF_TWO = ("capacity_halves", "capacity_wide", "capacity_above", "other_shares")
JUDGED = ("ahp_linear", "ahp_entropy_linear", "three_in_game", "given_set_linear")
GOALS = ("entropy_linear_goalpost", "goalposts_by_year")
METHODS = [
    {"method_id": "z_geometric", "normalisation": "z_score", "aggregation": "geometric"}
    | {"zero_rule": "interval", "interval_low": 0.1, "interval_high": 0.9},
    {"method_id": "rank_by_year", "normalisation": "rank", "weighting": "critic"}
    | {"normalisation_scope": "year", "weight_scope": "panel"},
    {"method_id": "vector_weights_by_year", "normalisation": "vector"}
    | {"weight_scope": "year", "weighting": "variation", "aggregation": "topsis"},
    {"method_id": "goalposts_by_year", "normalisation": "goalpost"}
    | {"goalpost_set_id": "own", "normalisation_scope": "year", "weighting": "pca"},
    {"method_id": "pca_by_year", "normalisation_scope": "year", "weighting": "pca"},
    {"method_id": "scatter_weights_by_year", "weighting": "scatter"}
    | {"weight_scope": "year", "aggregation": "geometric"},
    {"method_id": "grey_by_year", "normalisation_scope": "year", "weighting": "entropy"}
    | {"aggregation": "grey_topsis", "resolution": 0.3},
    {"method_id": "mixed", "weighting": "combined", "combination_rule": "linear"},
    {"method_id": "three_in_game", "weighting": "combined"}
    | {"combination_rule": "game_theory"},
    {"method_id": "squared_topsis", "weighting": "entropy", "aggregation": "topsis"}
    | {"coupling_exponent": 2},
    {"method_id": "capacity_halves", "coupling_formula": "capacity"}
    | {"capacity_a": 0.5, "capacity_b": 0.5, "capacity_exponent": 2},
    {"method_id": "capacity_wide", "coupling_formula": "capacity"}
    | {"capacity_a": 2, "capacity_b": 1, "capacity_exponent": 1.5},
    {"method_id": "capacity_above", "coupling_formula": "capacity"}
    | {"capacity_a": 0.4, "capacity_b": 0.6, "capacity_exponent": 2},
    {"method_id": "other_shares", "contribution_set_id": "quarter"},
]
MEMBERS = [
    {"method_id": "mixed", "position": 4, "weighting": "entropy", "share": 0.25},
    {"method_id": "mixed", "position": 2, "weighting": "critic", "share": 0.75},
    {"method_id": "three_in_game", "position": 1, "weighting": "ahp"}
    | {"judgement_set_id": "own"},
    {"method_id": "three_in_game", "position": 2, "weighting": "pca"},
    {"method_id": "three_in_game", "position": 3, "weighting": "variation"},
]
# two levels in a, one in b; one of each pair, or both
JUDGEMENTS = [
    ("a", "system", "age", "odd", "3"),
    ("a", "age", "a_late", "a_later", "1/2"),
    ("a", "age", "a_later", "a_late", "2"),
    ("b", "system", "b_growing", "b_near_zero", "2"),
    ("b", "system", "b_growing", "b_up", "4"),
    ("b", "system", "b_growing", "b_later", "4"),
    ("b", "system", "b_near_zero", "b_up", "2"),
    ("b", "system", "b_near_zero", "b_later", "3"),
    ("b", "system", "b_later", "b_up", "1"),
]
OWN_SETS = {
    "goalposts": [
        {"study_id": "many", "indicator_id": name, "low": low, "high": high}
        | {"goalpost_set_id": "own"}
        for name, low, high in (
            *(("a_late", 0, 8), ("a_later", -1, 9), ("a_sometimes", 2, 5)),
            *(("b_growing", 0, 8), ("b_near_zero", 0.1, 0.5), ("b_up", 1, 9)),
            ("b_later", 0, 10),
        )
    ],
    "weight_sets": [
        {"weight_set_id": "own", "study_id": "many", "indicator_id": name, "weight": w}
        for name, w in (
            *(("a_late", 1), ("a_later", 2), ("a_sometimes", 5), ("b_growing", 0)),
            *(("b_near_zero", 3), ("b_up", 3), ("b_later", 4)),
        )
    ],
    "pairwise_judgements": [
        {"judgement_set_id": "own", "study_id": "many", "system_id": system}
        | {"matrix": matrix, "item": item, "other_item": other, "judgement": text}
        for system, matrix, item, other, text in JUDGEMENTS
    ],
    "contribution_sets": [
        {"contribution_set_id": "quarter", "study_id": study, "system_id": system}
        | {"contribution": share}
        for study in ("many", "with_gaps", "below_zero")
        for system, share in (("a", 0.25), ("b", 0.75))
    ],
    "development_thresholds": [
        {"threshold_set_id": "fine", "position": place, "lower": low, "upper": high}
        | {"lags": lags, "extent": extent, "extent_zh": extent}
        for place, low, high, lags, extent in (
            *((1, 0, 0.5, "first", "lags far"), (2, 0.5, 0.9, "first", "lags")),
            *((3, 0.9, 1.1, "none", "alike"), (4, 1.1, 2, "second", "lags")),
            (5, 2, "", "second", "lags far"),
        )
    ],
}


def wanted(study):
    """Methods that a made-up study names."""
    shipped = projects.read_rows(projects.Paths().seeds / "studies" / "methods.csv")
    names = [row["method_id"] for row in shipped if row["is_on_request"] == "1"]
    names += [method["method_id"] for method in METHODS]
    if study != "many":
        names = [name for name in names if name not in (*JUDGED, *GOALS)]
    if study == "three":
        names = [name for name in names if name not in OF_TWO]
        names.remove("entropy_linear_capacity")
    return [] if study == "as_before" else names


def add_variants(seeds):
    """Add the studies, methods and sets of this file, rows only."""
    folder = seeds / "studies"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(made_up, "STUDIES", STUDIES)
        patched.setattr(made_up, "METHODS", [m | {"is_on_request": 1} for m in METHODS])
        made_up.add_studies(seeds)
    rows = projects.read_rows(folder / "studies.csv")
    for row in rows:
        if row["study_id"] == "many":
            row |= {"development_threshold_set": "fine", "grade_scheme_id": "left"}
    projects.write_rows(folder / "studies.csv", rows)
    schemes = seeds / "reference" / "grade_schemes.csv"
    projects.append_rows(
        schemes,
        [
            {"grade_scheme_id": "left", "level": place, "lower": low, "upper": high}
            | {"grade": f"g{place}", "grade_zh": f"级{place}", "closed_side": "left"}
            for place, low, high in ((1, 0, 0.5), (2, 0.5, 1))
        ],
    )
    projects.append_rows(folder / "weight_combinations.csv", MEMBERS)
    for name, own in OWN_SETS.items():
        projects.append_rows(folder / f"{name}.csv", own)
    projects.append_rows(
        folder / "study_methods.csv",
        [{"study_id": s, "method_id": m} for s in STUDIES for m in wanted(s)],
    )


@pytest.fixture(scope="module")
def database(odd_database):
    return odd_database


def test_only_what_is_asked_for_is_worked_out(database):
    found = projects.table(
        database,
        "select study_id, method_id from marts.fct_coupling group by all order by all",
    )
    by_study = found.groupby("study_id")["method_id"].agg(set)
    shipped = set(by_study[projects.SMALL_STUDIES[0]])
    assert len(shipped) == 9 + len(made_up.METHODS)
    assert by_study["as_before"] == shipped
    for study in set(STUDIES) - {"as_before"}:
        assert by_study[study] == {*wanted(study), "equal_linear"}


# --- normalisation ----------------------------------------------------------------


def values(database, study, method, indicator):
    rows = projects.table(
        database,
        f"""
        select normalised_value from marts.fct_indicator_values
        where study_id = '{study}' and method_id = '{method}'
            and indicator_id = '{indicator}'
        order by region_code, year
        """,
    )
    return rows["normalised_value"].tolist()


def test_goalposts_cut_off_both_ends(database):
    # late 0 4 9 | 5 6 7 | 8 8 10 between 0 and 8; near_zero .1 .2 .3, less is better
    found = values(database, "many", "entropy_linear_goalpost", "a_late")
    assert found == approx([0, 0.5, 1, 5 / 8, 6 / 8, 7 / 8, 1, 1, 1], abs=1e-12)
    found = values(database, "many", "entropy_linear_goalpost", "b_near_zero")
    assert found == approx([1] * 3 + [0.75] * 3 + [0.5] * 3, abs=1e-12)


def test_z_scores_fill_the_scale_by_three_deviations(database):
    # up 0 5 10, each three times: mean 5, sample variance 6 x 25 / 8
    found = values(database, "many", "entropy_linear_z_score", "b_up")
    z = 5 / sqrt(150 / 8)
    assert found == approx([0.5 - z / 6] * 3 + [0.5] * 3 + [0.5 + z / 6] * 3, abs=1e-12)


def test_ranks_are_means_over_ties(database):
    # late 0 4 9 5 6 7 8 8 10: the two 8 share 6.5
    found = values(database, "many", "equal_linear_rank", "a_late")
    ranks = [1, 2, 8, 3, 4, 5, 6.5, 6.5, 9]
    assert found == approx([(rank - 1) / 8 for rank in ranks], abs=1e-12)


def test_vectors_have_length_one(database):
    # near_zero, less is better: max - x is .2 .1 0, each three times
    found = values(database, "many", "entropy_topsis_vector", "b_near_zero")
    length = sqrt(3 * (0.2**2 + 0.1**2))
    expected = [0.2 / length] * 3 + [0.1 / length] * 3 + [0] * 3
    assert found == approx(expected, abs=1e-12)


def test_an_interval_leaves_room_at_both_ends(database):
    found = values(database, "many", "entropy_linear_interval", "b_up")
    assert found == approx([0.01] * 3 + [0.5] * 3 + [0.99] * 3, abs=1e-12)


def test_a_vector_is_not_made_of_values_below_zero(database):
    rows = projects.table(
        database,
        """
        select indicator_id, weight, status from marts.fct_indicator_weights
        where study_id = 'below_zero' and method_id = 'entropy_topsis_vector'
            and indicator_id in ('b_sometimes', 'b_down')
        order by indicator_id
        """,
    )
    assert rows.to_numpy().tolist() == [
        ["b_down", 1, "used"],
        ["b_sometimes", 0, "negative_value"],
    ]


# --- weights ----------------------------------------------------------------------


def weights(database, method, system="b", study="many"):
    rows = projects.table(
        database,
        f"""
        select indicator_id, weight from marts.fct_indicator_weights
        where study_id = '{study}' and method_id = '{method}'
            and system_id = '{system}'
        order by indicator_id, year
        """,
    )
    return dict(zip(rows["indicator_id"], rows["weight"], strict=True))


def test_priorities_over_two_levels(database):
    # age over odd 3 to 1, so 3/4 and 1/4; within age 1 to 2; odd has one indicator
    found = weights(database, "ahp_linear", "a")
    assert list(found.values()) == approx([1 / 4, 1 / 2, 1 / 4], abs=1e-12)


def test_a_consistent_matrix_gives_its_ratios_and_no_inconsistency():
    # a_ij = w_i / w_j of w = 4, 2, 1
    ratios = np.array([[1, 2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]])
    found, (largest, index, random, ratio) = judgements.solve(ratios)
    assert found.tolist() == approx([4 / 7, 2 / 7, 1 / 7], abs=1e-12)
    assert (largest, index, random, ratio) == approx((3, 0, 0.58, 0), abs=1e-12)


def test_the_consistency_of_three_items_by_hand():
    # of three items lambda_max = 1 + q + 1/q, q the cube root of a12 a23 / a13
    matrix = np.array([[1, 2, 9], [1 / 2, 1, 3], [1 / 9, 1 / 3, 1]])
    q = (2 * 3 / 9) ** (1 / 3)
    _, (largest, index, _, ratio) = judgements.solve(matrix)
    assert largest == approx(1 + q + 1 / q, abs=1e-12)
    assert index == approx((q + 1 / q - 2) / 2, abs=1e-12)
    assert ratio == approx((q + 1 / q - 2) / 2 / 0.58, abs=1e-12)


def test_the_consistency_of_a_matrix_stands_in_a_mart(database):
    rows = projects.table(
        database,
        """
        select distinct item_count, random_index, consistency_ratio
        from marts.fct_pairwise_consistency where system_id = 'b'
        """,
    )
    [(count, random, ratio)] = rows.to_numpy().tolist()
    assert (count, random) == (4, 0.9)
    assert 0 < ratio < 0.1


def test_principal_components_of_two_pairs_by_hand():
    # two pairs with r = 0.6 and 0.2: eigenvalues 1.6 and 1.2 are above 1, loadings over
    # their roots are 1 / sqrt 2 in each pair, shares of variance 0.4 and 0.3
    matrix = np.eye(4)
    matrix[0, 1] = matrix[1, 0] = 0.6
    matrix[2, 3] = matrix[3, 2] = 0.2
    found = components.principal(matrix)
    assert found.tolist() == approx([0.4 / sqrt(2)] * 2 + [0.3 / sqrt(2)] * 2, abs=1e-9)
    assert components.principal(np.eye(3)).tolist() == [0, 0, 0]


def test_the_scatter_degree_is_the_first_eigenvector_by_hand():
    # r of the first with either other is 0.6, these are not correlated: the eigenvector
    # of 1 + 0.6 sqrt 2 is (sqrt 2, 1, 1)
    matrix = np.array([[1, 0.6, 0.6], [0.6, 1, 0], [0.6, 0, 1]])
    total = sqrt(2) + 2
    found = components.scatter(matrix).tolist()
    assert found == approx([sqrt(2) / total, 1 / total, 1 / total], abs=1e-9)
    # a negative side counts by its size
    matrix[0] *= [1, -1, -1]
    matrix[:, 0] *= [1, -1, -1]
    assert components.scatter(matrix).tolist() == approx(found, abs=1e-9)


def test_products_and_mixtures_of_weights(database):
    entropy, critic = (
        (
            np.array(list(weights(database, name).values()))
            for name in ("entropy_linear_exponent_2", "critic_alone")
            if name != "critic_alone"
        ),
        None,
    )
    entropy = next(iter(entropy))
    product = np.array(list(weights(database, "entropy_critic_linear").values()))
    mixed = np.array(list(weights(database, "mixed").values()))
    # w1 w2 gives w2 back up to a factor, and the mixture is 1/4 w1 + 3/4 w2
    critic = product / entropy
    critic /= critic.sum()
    assert mixed == approx(entropy / 4 + critic * 3 / 4, abs=1e-12)


def test_a_game_of_two_by_hand():
    # w1 = (.8, .2), w2 = (.5, .5): products .68, .5, .5; a1 = .68 x .5 - .5 x .5,
    # a2 = .5 x .68 - .68 x .5 = 0, over .68 x .5 - .25
    first, second = np.array([0.8, 0.2]), np.array([0.5, 0.5])
    w = np.array([first, second])
    assert games.solve(w @ w.T).tolist() == approx([1, 0], abs=1e-12)
    # w1 = (.7, .2, .1), w2 = (.1, .2, .7): a = .54 / (.54 + .18) each, so halves
    w = np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]])
    assert games.solve(w @ w.T).tolist() == approx([0.5, 0.5], abs=1e-12)
    # w1 = (1, 0), w2 = (.6, .4): a1 = (.52 - .6 x .52), a2 = (.52 - .6): 0.208 to 0.08
    w = np.array([[1, 0], [0.6, 0.4]])
    found = games.solve(w @ w.T).tolist()
    assert found == approx([0.208 / 0.288, 0.08 / 0.288], abs=1e-12)
    # members that are alike share alike
    w = np.array([[0.5, 0.5], [0.5, 0.5]])
    assert games.solve(w @ w.T).tolist() == approx([0.5, 0.5], abs=1e-12)


def test_a_named_set_of_weights(database):
    # 0 3 3 4 of 10; a_: 1 2 5 of 8
    found = weights(database, "given_set_linear")
    assert list(found.values()) == approx([0, 0.4, 0.3, 0.3], abs=1e-12)
    found = weights(database, "given_set_linear", "a")
    assert list(found.values()) == approx([1 / 8, 2 / 8, 5 / 8], abs=1e-12)


def test_weights_of_a_year_on_values_of_the_panel(database):
    rows = projects.table(
        database,
        """
        select year, weight, status from marts.fct_indicator_weights
        where study_id = 'many' and indicator_id = 'a_sometimes'
            and method_id = 'entropy_linear_weights_by_year'
        order by year
        """,
    )
    # 5 everywhere in 2021
    assert list(rows["status"]) == ["used", "constant", "used"]
    # 1 2 3, less is better, over the panel's 1 to 5: y 1, .75, .5
    shares = np.array([1, 0.75, 0.5]) / 2.25
    entropy = -(shares * np.log(shares)).sum() / log(3)
    found = projects.table(
        database,
        """
        select information from intermediate.int_indicator_information
        where study_id = 'many' and indicator_id = 'a_sometimes'
            and method_id = 'entropy_linear_weights_by_year' and scope_year = 2020
        """,
    )
    assert found["information"].tolist() == approx([1 - entropy], abs=1e-12)


def test_what_one_year_cannot_scale_is_out_of_use_in_all(database):
    rows = projects.table(
        database,
        """
        select year, weight, status from marts.fct_indicator_weights
        where study_id = 'many' and indicator_id = 'a_sometimes'
            and method_id = 'rank_by_year'
        """,
    )
    [(year, weight, status)] = rows.to_numpy().tolist()
    assert pd.isna(year) and (weight, status) == (0, "constant")


# --- scores and coupling ----------------------------------------------------------


def test_grey_topsis_of_one_indicator_by_hand(database):
    # c: sometimes 1 5 2 | 2 5 1 | 3 5 4, y = (x - 1) / 4, weight 1, scope the panel.
    # of y = 1/4: gaps 3/4 and 1/4, g+ = .5 / 1.25, g- = .5 / .75, the largest are 1
    rows = projects.table(
        database,
        """
        select score from marts.fct_system_scores
        where study_id = 'three' and method_id = 'entropy_grey_topsis'
            and system_id = 'c' and region_code = '120000'
        order by year
        """,
    )
    near = (1 / 4 + 0.5 / 1.25) / 2
    far = (3 / 4 + 0.5 / 0.75) / 2
    best = (1 + 1) / 2 / ((1 + 1) / 2 + (0 + 0.5 / 1.5) / 2)
    expected = [near / (near + far), best, 1 - best]
    assert rows["score"].tolist() == approx(expected, abs=1e-12)


def test_grey_scores_have_no_parts_and_say_so(database):
    rows = projects.table(
        database,
        """
        select distinct contributions.status, change_status, statuses.reason_zh,
            score_contribution, coordination_change_contribution
        from marts.fct_indicator_contributions as contributions
        inner join staging.stg_reference__statuses as statuses
            on contributions.status = statuses.status
        where study_id = 'three' and method_id = 'entropy_grey_topsis' and year = 2021
        """,
    )
    assert len(rows) == 1
    assert list(rows.loc[0, ["status", "change_status"]]) == ["not_decomposed"] * 2
    assert "灰色关联" in rows.at[0, "reason_zh"]
    assert rows.iloc[0, 3:].isna().all()


def degrees(database, method, study="many"):
    rows = projects.table(
        database,
        f"""
        select coupling.*, first.score as u1, second.score as u2
        from marts.fct_coupling as coupling
        inner join marts.fct_system_scores as first
            using (study_id, method_id, region_code, year)
        inner join marts.fct_system_scores as second
            using (study_id, method_id, region_code, year)
        where study_id = '{study}' and method_id = '{method}'
            and first.system_id = 'a' and second.system_id = 'b'
        order by region_code, year
        """,
    )
    assert len(rows) == 9
    return rows


def test_an_exponent_of_two(database):
    rows = degrees(database, "entropy_linear_exponent_2")
    c = (rows["u1"] * rows["u2"] / ((rows["u1"] + rows["u2"]) / 2) ** 2) ** 2
    assert rows["coupling_degree"].tolist() == approx(c.tolist(), abs=1e-12)
    # capacity with halves and g = 2 is the exponent 1
    halves = degrees(database, "entropy_linear_capacity")
    assert halves["coupling_degree"].tolist() == approx(np.sqrt(c).tolist(), abs=1e-12)


def test_capacity_above_one_is_no_degree(database):
    rows = degrees(database, "capacity_above")
    c = rows["u1"] * rows["u2"] / (0.4 * rows["u1"] + 0.6 * rows["u2"]) ** 2
    above = c > 1
    assert 0 < above.sum() < len(rows)
    assert set(rows.loc[above, "status"]) == {"coupling_above_one"}
    numbers = ["coupling_degree", "coupling_coordination_degree", "comprehensive_index"]
    texts = ["grade", "lagging_system_id", "development_type", "relative_development"]
    assert rows.loc[above, numbers + texts].isna().all(axis=None)
    assert rows.loc[~above, "coupling_degree"].tolist() == approx(c[~above].tolist())


def test_contributions_by_method(database):
    rows = degrees(database, "other_shares")
    index = (rows["u1"] + 3 * rows["u2"]) / 4
    assert rows["comprehensive_index"].tolist() == approx(index.tolist(), abs=1e-12)


# --- grades and development -------------------------------------------------------


def test_development_follows_the_thresholds_of_the_study(database):
    rows = degrees(database, "equal_linear")
    for row in rows.itertuples():
        if row.u2 == 0:
            assert row.relative_development != row.relative_development
            continue
        e = row.u1 / row.u2
        assert row.relative_development == approx(e, abs=1e-12)
        named = {
            0: ("a", "a lags far"),
            1: ("a", "a lags"),
            2: ("synchronous", "alike"),
            3: ("b", "b lags"),
            4: ("b", "b lags far"),
        }
        who, words = named[sum(e >= edge for edge in (0.5, 0.9, 1.1, 2))]
        assert row.lagging_system_id == who
        words = words.replace("a lags", "many lags").replace("b lags", "many lags")
        assert row.development_type == f"{row.grade}, {words}"
    assert rows["relative_development"].nunique() > 5


def test_grades_closed_on_the_left_stand_in_the_mart(database):
    rows = degrees(database, "equal_linear")
    level = np.where(rows["coupling_coordination_degree"].round(12) >= 0.5, "g2", "g1")
    assert list(rows["grade"]) == list(level)
    assert rows["grade_zh"].str.startswith("级").all()


def test_the_gain_of_a_step_under_an_exponent(database):
    # D = sqrt(C T) with C = x^2, x = U1 U2 / mean^2; worked out by a small step in U1
    rows = degrees(database, "squared_topsis")
    slopes = projects.table(
        database,
        """
        select region_code, year, coordination_slope
        from intermediate.int_coordination_slopes_derived
        where study_id = 'many' and method_id = 'squared_topsis' and system_id = 'a'
        order by region_code, year
        """,
    )
    rows = rows[rows["coupling_coordination_degree"] > 0]

    def degree(u1, u2):
        c = (u1 * u2 / ((u1 + u2) / 2) ** 2) ** 2
        return np.sqrt(c * (u1 + u2) / 2)

    step = 1e-6
    u1, u2 = rows["u1"], rows["u2"]
    expected = (degree(u1 + step, u2) - degree(u1 - step, u2)) / (2 * step)
    found = slopes["coordination_slope"].tolist()
    assert found == approx(expected.tolist(), abs=1e-8)
    assert exp(0) == 1
