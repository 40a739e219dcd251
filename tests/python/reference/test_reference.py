"""Hand-computed cases for the reference implementation, and a run on the seeds."""

from math import log, sqrt

import numpy as np
import pandas as pd
import projects
import pytest
import reference
from numpy.testing import assert_allclose, assert_array_equal

from coupling.base.paths import Paths

NAN = np.nan
SEEDS = Paths().seeds


def column(*values):
    """One indicator over N cells, [N, 1]."""
    return np.array(values, dtype=float)[:, None]


def cells(*values):
    """Rows of cells by indicators, [N, J]."""
    return np.array(values, dtype=float)


# --- derived indicators -----------------------------------------------------------


def test_division_by_zero_or_of_a_missing_part_is_missing():
    a, b = np.array([6, 1, NAN, 2]), np.array([3, 0, 4, NAN])
    assert_allclose(reference.safe_divide(a, b), [2, NAN, NAN, NAN])


def test_growth_needs_the_calendar_year_before_and_a_base_other_than_zero():
    # 100 (12 / 10 - 1) = 20; after a gap and after 0 there is no growth rate
    a = np.array([[10, 12, NAN, 6, 0, 5]])
    assert_allclose(reference.growth_pct(a), [[NAN, 20, NAN, NAN, -100, NAN]])


def test_location_quotient_sums_its_own_country_where_both_parts_are_known():
    country = np.array(["CN", "CN", "CN", "VN", ""], dtype=object)
    a = np.array([[2, 2], [1, 1], [5, NAN], [3, 3], [1, 1]], dtype=float)
    b = np.array([[4, 4], [8, 8], [NAN, 9], [6, 6], [1, 1]], dtype=float)
    # CN, both years: total a 2 + 1 = 3, total b 4 + 8 = 12, share 0.25
    # region 0: (2 / 4) / 0.25 = 2; region 1: (1 / 8) / 0.25 = 0.5; VN alone: 1
    expected = [[2, 2], [0.5, 0.5], [NAN, NAN], [1, 1], [NAN, NAN]]
    assert_allclose(reference.location_quotient(a, b, country), expected)


def test_location_quotient_keeps_a_region_with_no_base_in_the_country_total():
    country = np.array(["CN", "CN"], dtype=object)
    a, b = np.array([[2.0], [1.0]]), np.array([[4.0], [0.0]])
    # (2 / 4) / (3 / 4) = 2 / 3; 1 / 0 is missing
    quotient = reference.location_quotient(a, b, country)
    assert_allclose(quotient, [[2 / 3], [NAN]])


def test_capital_stock_starts_in_the_first_year_with_investment_and_ends_at_a_gap():
    investment = np.array([[NAN, 30, 40, NAN, 50]])
    # K_0 = 30 / (0.05 + 0.1) = 200; K_1 = 0.9 x 200 + 40 = 220; then the gap
    stock = reference.perpetual_inventory(investment, np.ones((1, 5)), 0.1, 0.05)
    assert_allclose(stock, [[NAN, 200, 220, NAN, NAN]])


def test_capital_stock_divides_each_flow_by_that_years_price():
    investment, price = np.array([[30.0, 44, 10]]), np.array([[2.0, 1.1, NAN]])
    # K_0 = (30 / 2) / 0.15 = 100; K_1 = 0.9 x 100 + 44 / 1.1 = 130; price missing
    stock = reference.perpetual_inventory(investment, price, 0.1, 0.05)
    assert_allclose(stock, [[100, 130, NAN]])


def test_capital_stock_is_missing_without_a_first_price_or_a_rate():
    investment = np.array([[30.0, 40.0]])
    no_price = reference.perpetual_inventory(
        investment, np.array([[NAN, 1.0]]), 0.1, 0.05
    )
    no_rate = reference.perpetual_inventory(investment, np.ones((1, 2)), 0.0, 0.0)
    assert_array_equal(np.isnan([no_price, no_rate]), True)


def test_price_chains_from_one_in_the_first_year_with_investment():
    index = np.array([[120, 120, 110, 105, NAN, 101]])
    investment = np.array([[NAN, 5, NAN, 5, 5, 5]])
    # P = 1, 1 x 1.10, 1.1 x 1.05 = 1.155, then the index is missing for good
    price = reference.chained_price(index, investment)
    assert_allclose(price, [[NAN, 1, 1.1, 1.155, NAN, NAN]])


# --- imputation and normalisation -------------------------------------------------


def test_gaps_are_interpolated_by_calendar_year_and_ends_carried():
    years = np.array([2010, 2011, 2014, 2015, 2016])
    filled, origin = reference.interpolate(years, np.array([NAN, 10, NAN, 18, NAN]))
    # 2014 is three of the four years from 2011 to 2015: 10 + 8 x 3 / 4 = 16
    assert_allclose(filled, [10, 10, 16, 18, 18])
    expected = ["carried", "observed", "interpolated", "observed", "carried"]
    assert_array_equal(origin, expected)


def test_a_row_without_any_value_stays_missing_and_rows_do_not_mix():
    values = np.array([[NAN, NAN, NAN], [1, NAN, 2]])
    filled, origin = reference.interpolate(np.array([1, 2, 3]), values)
    assert_allclose(filled, [[NAN, NAN, NAN], [1, 1.5, 2]])
    assert_array_equal(origin[0], "missing")


def test_status_of_an_indicator_in_a_scope():
    x = cells([NAN, 5, 0, 1, 1, NAN], [NAN, 5, 0, 1 + 1e-13, 1 + 1e-11, 3])
    expected = ["no_data", "constant", "constant", "constant", "usable", "constant"]
    assert_array_equal(reference.indicator_status(x), expected)


def test_constant_is_judged_against_the_size_of_the_values():
    x = cells([1e6, 1e6, 1e-6], [1e6 + 1e-7, 1e6 + 1e-5, 2e-6])
    expected = ["constant", "usable", "usable"]
    assert_array_equal(reference.indicator_status(x), expected)


def test_one_region_year_is_refused_unless_it_has_no_data():
    status = reference.indicator_status(cells([7, NAN]))
    assert_array_equal(status, ["single_region_year", "no_data"])


def test_normalised_to_the_range_and_reversed_for_a_negative_indicator():
    x = cells([2, 2, 4], [6, 6, 4], [NAN, 3, 4])
    y = reference.normalise(x, np.array([True, False, True]))
    # (x - 2) / 4, (6 - x) / 4, constant
    assert_allclose(y, [[0, 1, NAN], [1, 0, NAN], [NAN, 0.75, NAN]])


def test_shift_maps_zero_to_epsilon_and_keeps_one():
    y = reference.normalise(column(2, 4, 6), np.array([True]), "shift", 0.1)
    assert_allclose(y[:, 0], [0.1, 0.1 + 0.9 * 0.5, 1])


def test_an_unknown_zero_rule_is_an_error():
    with pytest.raises(ValueError, match="round_up"):
        reference.normalise(column(1, 2), np.array([True]), "round_up")


# --- weights ----------------------------------------------------------------------


def test_entropy_of_two_equal_shares_among_four_cells_is_one_half():
    # p = 1/2, 1/2, 0, 0: e = ln 2 / ln 4 = 1/2, d = 1/2
    assert_allclose(reference.entropy(column(1, 1, 0, 0)), [0.5])


def test_entropy_counts_known_cells_only():
    # p = 3/4, 1/4 over N = 2: e = (3/4 ln 4/3 + 1/4 ln 4) / ln 2
    e = (0.75 * log(4 / 3) + 0.25 * log(4)) / log(2)
    assert_allclose(reference.entropy(column(0.9, NAN, 0.3)), [1 - e])


def test_entropy_of_one_cell_with_everything_is_one_and_of_even_shares_zero():
    y = cells([1, 1], [0, 1], [0, 1])
    assert_allclose(reference.entropy(y), [1, 0], atol=1e-15)


def test_variation_is_the_sample_deviation_over_the_mean():
    # mean 1/2; sample variance (1/4 + 0 + 1/4) / 2 = 1/4, sd 1/2: d = 1
    assert_allclose(reference.variation(column(0, 0.5, 1, NAN)), [1])


def test_correlation_over_common_cells():
    a, b = np.array([1, 2, 3, NAN, 9]), np.array([1, 3, 2, 7, NAN])
    # deviations -1 0 1 and -1 1 0: product 1, lengths sqrt 2 each: r = 1/2
    assert_allclose(reference.correlation(a, b), 0.5)


@pytest.mark.parametrize("b", [[5, 5, 8], [NAN, 5, NAN], [NAN, NAN, NAN]])
def test_no_correlation_where_common_cells_are_constant_or_fewer_than_two(b):
    r = reference.correlation(np.array([1.0, 2.0, NAN]), np.array(b, dtype=float))
    assert np.isnan(r)


def test_critic_is_the_deviation_times_the_conflict():
    y = cells([0, 0, 1], [0.5, 1, 0.5], [1, 0.5, 0])
    # sd 1/2 each; r01 = 1/2, r02 = -1, r12 = -1/2
    # d0 = (0.5 + 2) / 2, d1 = (0.5 + 1.5) / 2, d2 = (2 + 1.5) / 2
    assert_allclose(reference.critic(y), [1.25, 1, 1.75])
    assert_allclose(reference.critic_weights(y), [1.25 / 4, 1 / 4, 1.75 / 4])


def test_critic_of_one_indicator_has_no_conflict_to_measure():
    assert_allclose(reference.critic(column(0, 1)), [0])


def test_entropy_weights_are_shares_of_the_information():
    y = cells([1, 1], [1, 0], [0, 0], [0, 0])
    # d = 1/2 and 1
    assert_allclose(reference.entropy_weights(y), [1 / 3, 2 / 3])


def test_rounding_left_by_perfect_correlation_is_no_information():
    y = np.linspace(0, 1, 7)[:, None] ** np.array([1.0, 1.0])
    system = np.array(["s", "s"], dtype=object)
    d = reference.information("critic", y[None], system, None)
    assert_array_equal(d, [[0, 0]])


def test_critic_looks_within_the_system_only():
    y = cells([0, 0, 1], [1, 1, 0])[None]
    system = np.array(["s", "t", "s"], dtype=object)
    # sd = sqrt(1/2); in s: r = -1, so d = 2 sqrt(1/2); t is alone, so d = sd
    d = reference.information("critic", y, system, None)
    assert_allclose(d, [[sqrt(2), sqrt(0.5), sqrt(2)]])


def test_a_lone_indicator_needs_no_given_weight():
    y = cells([0, 1, 1], [1, 0, 0])[None]
    system = np.array(["s", "t", "t"], dtype=object)
    d = reference.information("given", y, system, np.array([NAN, NAN, 0.5]))
    assert_allclose(d, [[1, NAN, 0.5]])
    usable = np.full((1, 3), "usable")
    weight, _, status = reference.assign_weights(d, usable, system)
    assert_allclose(weight, [[1, NAN, NAN]])
    assert status.tolist() == [["used", "no_given_weight", "no_given_weight"]]


@pytest.mark.parametrize(("rule", "d"), [("equal", [1, 1]), ("given", [0.3, 0.1])])
def test_information_that_does_not_look_at_the_values(rule, d):
    y, system = cells([0, 1], [1, 0])[None], np.array(["s", "s"], dtype=object)
    assert_allclose(reference.information(rule, y, system, np.array([0.3, 0.1])), [d])


def test_an_unknown_weighting_is_an_error():
    with pytest.raises(ValueError, match="guess"):
        reference.information("guess", np.ones((1, 2, 1)), np.array(["s"]), None)


def assign(d, status, system):
    """One scope through assign_weights."""
    system = np.array(system, dtype=object)
    return [
        part[0]
        for part in reference.assign_weights(cells(d), np.array([status]), system)
    ]


def test_weights_share_out_the_system_and_the_study():
    status = ["usable", "usable", "constant", "usable"]
    weight, study_weight, outcome = assign([1, 3, NAN, 4], status, list("sstt"))
    assert_allclose(weight, [1 / 4, 3 / 4, 0, 1])
    assert_allclose(study_weight, [1 / 8, 3 / 8, 0, 4 / 8])
    assert_array_equal(outcome, ["used", "used", "constant", "used"])


def test_a_system_without_information_leaves_the_study_to_the_others():
    weight, study_weight, outcome = assign([0, 0, 2, 6], ["usable"] * 4, list("sstt"))
    assert_allclose(weight, [NAN, NAN, 0.25, 0.75])
    assert_allclose(study_weight, [NAN, NAN, 0.25, 0.75])
    assert_array_equal(outcome, ["no_information"] * 2 + ["used"] * 2)


def test_one_blank_given_weight_stops_its_system():
    status = ["usable", "usable", "usable", "no_data"]
    weight, study_weight, outcome = assign([0.4, NAN, 2, NAN], status, list("sstt"))
    assert_allclose(weight, [NAN, NAN, 1, 0])
    assert_allclose(study_weight, [NAN, NAN, 1, 0])
    assert_array_equal(outcome, ["no_given_weight"] * 2 + ["used", "no_data"])


# --- scores -----------------------------------------------------------------------


def test_linear_and_geometric_scores():
    y, w = cells([0.25, 1], [0, 1]), np.array([0.5, 0.5])
    assert_allclose(reference.linear(y, w), [0.625, 0.5])
    # sqrt(0.25 x 1) = 0.5; one zero makes the product zero
    assert_allclose(reference.geometric(y, w), [0.5, 0])


def test_topsis_closeness_to_the_ideals_over_the_scope():
    y, w = cells([1, 0], [0, 1], [1, 1], [0, 0]), np.array([0.6, 0.8])
    # r: (.6, 0) (0, .8) (.6, .8) (0, 0); best (.6, .8), worst (0, 0)
    # first: d- = .6, d+ = .8 -> .6 / 1.4; second: d- = .8, d+ = .6 -> .8 / 1.4
    assert_allclose(reference.topsis(y, w), [3 / 7, 4 / 7, 1, 0])


def test_topsis_ideals_use_the_known_cells_of_incomplete_region_years():
    y, w = cells([1, NAN], [0.5, 1], [0, 0]), np.array([0.5, 0.5])
    # best (.5, .5) although the first region-year has no score of its own
    # second: d- = sqrt(.25^2 + .5^2), d+ = .25
    near = sqrt(0.3125)
    assert_allclose(reference.topsis(y, w), [NAN, near / (near + 0.25), 0])


def test_topsis_worst_need_not_be_zero():
    y, w = cells([0.2, 1], [0.6, 0.5], [1, 0.7]), np.array([0.5, 0.5])
    # r: (.1, .5) (.3, .25) (.5, .35); best (.5, .5), worst (.1, .25)
    # distances to worst .25, .2, sqrt(.17); to best .4, sqrt(.1025), .15
    far = np.array([0.25, 0.2, sqrt(0.17)])
    near = np.array([0.4, sqrt(0.1025), 0.15])
    assert_allclose(reference.topsis(y, w), far / (far + near))


@pytest.mark.parametrize("aggregation", ["linear", "geometric", "topsis"])
def test_an_unused_indicator_does_not_touch_the_score(aggregation):
    y, weight = np.array([[[0.2, NAN], [0.7, NAN]]]), np.array([[1.0, 0.0]])
    used = np.array([[True, False]])
    score, status = reference.system_scores(y, weight, used, aggregation)
    alone = reference.AGGREGATIONS[aggregation](y[0, :, :1], np.array([1.0]))
    assert_allclose(score, [alone])
    assert_array_equal(status, [["computed", "computed"]])


def test_score_status_missing_value_of_a_used_indicator():
    y, used = np.array([[[0.2, NAN], [0.7, 0.5]]]), np.array([[True, True]])
    score, status = reference.system_scores(y, np.array([[0.5, 0.5]]), used, "linear")
    assert_allclose(score, [[NAN, 0.6]])
    assert_array_equal(status, [["missing_value", "computed"]])


def test_score_status_no_usable_indicator():
    y, used = np.array([[[NAN], [NAN]]]), np.array([[False]])
    score, status = reference.system_scores(y, np.array([[NAN]]), used, "topsis")
    assert_array_equal(status, [["no_usable_indicator"] * 2])
    assert_array_equal(score, [[NAN, NAN]])


def test_score_status_single_region_year_comes_first():
    y, used = np.array([[[NAN]]]), np.array([[False]])
    _, status = reference.system_scores(y, np.array([[0.0]]), used, "linear")
    assert_array_equal(status, [["single_region_year"]])


def test_competition_ranks_tie_on_twelve_decimals_and_skip():
    values = np.array([0.3, 0.5, 0.3 + 1e-14, NAN, 0.1])
    assert_allclose(reference.competition_rank(values), [2, 1, 2, NAN, 4])


def test_ranks_tell_apart_what_twelve_decimals_tell_apart():
    assert_allclose(reference.competition_rank(np.array([0.3, 0.3 + 2e-12])), [2, 1])


# --- coupling ---------------------------------------------------------------------


def test_standard_coupling_of_two_and_three_systems():
    # 2 sqrt(0.1 x 0.4) / 0.5 = 0.8; 3 (0.1 x 0.2 x 0.4)^(1/3) / 0.7 = 0.6 / 0.7
    assert_allclose(reference.coupling_standard(cells([0.1, 0.4])), [0.8])
    assert_allclose(reference.coupling_standard(cells([0.1, 0.2, 0.4])), [6 / 7])


def test_standard_coupling_of_equal_scores_is_not_above_one():
    u = np.linspace(0.01, 1, 500)[:, None].repeat(3, axis=1)
    c = reference.coupling_standard(u)
    assert c.max() <= 1
    assert_allclose(c, 1)


@pytest.mark.parametrize("formula", ["standard", "wang_2021"])
@pytest.mark.parametrize("u", [[0, 0.5], [0, 0], [0.4, 0, 0.9]])
def test_a_zero_score_gives_no_coupling(formula, u):
    c = reference.COUPLINGS[formula](cells(u))
    assert_array_equal(c, [0])
    assert_array_equal(reference.coordination_degree(c, np.array([0.25])), [0])


def test_wang_coupling_of_two_systems():
    # sqrt((1 - 0.4) x (0.4 / 0.8)) = sqrt 0.3
    assert_allclose(reference.coupling_wang(cells([0.4, 0.8])), [sqrt(0.3)])


def test_wang_coupling_of_three_systems_each_region_year_by_itself():
    # gaps .2 + .6 + .4 = 1.2 over 3 pairs = .4; product (.2/.8)(.4/.8)(.8/.8) = 1/8
    u = np.array([[[0.2, 0.4, 0.8]], [[0.9, 0.9, 0.9]]])
    expected = [[sqrt(0.6 * sqrt(1 / 8))], [1]]
    assert_allclose(reference.coupling_wang(u), expected)


def test_coordination_degree_is_the_root_of_the_product():
    d = reference.coordination_degree(np.array([0.8, NAN]), np.array([0.2, NAN]))
    assert_allclose(d, [0.4, NAN])


def test_grades_hold_their_upper_bound_and_the_lowest_its_lower():
    bounds = [("good", 0.5, 1.0), ("bad", 0.0, 0.2), ("fair", 0.2, 0.5)]
    scheme = pd.DataFrame(bounds, columns=["grade", "lower", "upper"])
    d = np.array([0, 0.2, 0.2 + 1e-13, 0.2 + 1e-11, 0.5, 1 + 1e-15, 1.1, NAN])
    expected = ["bad", "bad", "bad", "fair", "fair", "good", None, None]
    assert reference.grade(d, scheme).tolist() == expected


def test_lagging_of_two_systems_by_their_ratio():
    u = cells([0.3, 0.4], [0.4, 0.5], [0.5, 0.4], [0.47, 0.4], [0, 0], [0, 0.1])
    # 0.3 < 0.32; 0.4 is not under 0.4; 0.5 > 0.48; 0.47 is not; 0 against 0; 0 < 0.08
    expected = ["a", "synchronous", "b", "synchronous", "synchronous", "a"]
    assert reference.lagging_system(u, ["a", "b"]).tolist() == expected


def test_two_systems_are_not_judged_by_the_rule_for_more():
    # 1 > 1.2 x 0.82 is true, 0.82 < 0.8 x 1 is not
    assert reference.lagging_system(cells([1, 0.82]), ["a", "b"]).tolist() == ["b"]


def test_lagging_of_three_systems_is_the_lowest_the_first_on_ties():
    u = cells([0.5, 0.3, 0.4], [0.2, 0.5, 0.2], [0.4, 0.5, 0.45], [0, 0, 0])
    # 0.3 < 0.4; tie at 0.2; 0.4 is not under 0.4; nothing is under nothing
    expected = ["b", "a", "synchronous", "synchronous"]
    assert reference.lagging_system(u, ["a", "b", "c"]).tolist() == expected


# --- obstacles --------------------------------------------------------------------


def test_obstacle_degrees_share_out_the_weighted_deviation():
    y = np.array([[[0.5, 0, 1], [1, 1, 1], [0.5, NAN, 0]]])
    v = np.array([[0.5, 0.25, 0.25]])
    degrees, status = reference.obstacle_degrees(y, v, np.ones((1, 3), dtype=bool))
    # 0.5 x 0.5 = 0.25, 0.25 x 1 = 0.25, 0.25 x 0 = 0, of 0.5
    assert_allclose(degrees, [[[0.5, 0.5, 0], [NAN] * 3, [NAN] * 3]])
    assert_array_equal(status, [["computed", "no_deviation", "missing_value"]])


def test_an_unused_indicator_is_no_obstacle():
    y, v = np.array([[[0.5, NAN, 0]]]), np.array([[0.8, 0, 0.2]])
    degrees, status = reference.obstacle_degrees(y, v, np.array([[True, False, True]]))
    # 0.8 x 0.5 = 0.4 and 0.2 x 1 = 0.2, of 0.6
    assert_allclose(degrees, [[[2 / 3, NAN, 1 / 3]]])
    assert_array_equal(status, [["computed"]])


def test_group_sums_and_the_mean_over_regions_computed_that_year():
    degrees = np.array([[[0.2, 0.3, 0.5, NAN], [0.6, 0.2, 0.2, NAN], [NAN] * 4]])
    labels = np.array(["p", "p", "q", "r"], dtype=object)
    items, sums = reference.group_sums(degrees, labels)
    assert items.tolist() == ["p", "q", "r"]
    # means over two regions: (0.5 + 0.8) / 2 and (0.5 + 0.2) / 2
    none = [NAN] * 3
    expected = [[0.5, 0.5, NAN], [0.8, 0.2, NAN], none, [0.65, 0.35, NAN]]
    assert_allclose(sums, [expected])


# --- a small study from its seed tables -------------------------------------------

CATALOGUE = (
    "study_id,system_id,criterion,indicator_id,direction,operator,numerator,"
    "denominator,scale,depreciation_rate,initial_growth_rate,given_weight,status\n"
)
TOY = {
    "reference/regions.csv": """region_code,country_code,land_area_10k_km2
010000,CN,2
020000,CN,4
""",
    "reference/series.csv": """series_id,unit
s1,units
index,previous year = 100
level,ratio
""",
    "reference/grade_schemes.csv": """grade_scheme_id,level,lower,upper,grade
two,1,0,0.5,low
two,2,0.5,1,high
other,1,0,1,wrong
""",
    "studies/studies.csv": """study_id,first_year,last_year,default_method_id,\
grade_scheme_id
toy,2001,2002,equal,two
""",
    "studies/study_regions.csv": "study_id,region_code\ntoy,010000\ntoy,020000\n",
    "studies/systems.csv": """study_id,system_id,position,contribution
toy,two,2,0.5
toy,one,1,0.5
""",
    "studies/methods.csv": """method_id,normalisation_scope,zero_rule,epsilon,\
weighting,aggregation,coupling_formula
equal,panel,exact,,equal,linear,standard
yearly,year,exact,,equal,linear,standard
given,panel,exact,,given,linear,wang_2021
""",
    "studies/indicators.csv": CATALOGUE
    + """toy,one,p,a1,+,identity,s1,,1,,,1,measured
toy,one,p,a2,-,identity,s2,,1,,,3,proxy
toy,two,q,b1,+,identity,s3,,1,,,,measured
toy,two,q,b2,+,identity,s9,,1,,,,measured
toy,two,q,b3,+,identity,s4,,1,,,,measured
toy,two,q,b4,+,,,,,,,,no_series
toy,two,q,b5,+,,s1,,,,,,excluded
""",
    "yearbook/figures.csv": """region_code,year,s1,s2,s3
010000,2001,0,4,1
010000,2002,10,2,1
020000,2001,5,0,3
020000,2002,,4,2
020000,2003,15,,
""",
    "yearbook/added_by_the_user.csv": """region_code,year,s4
010000,2001,7
020000,2001,7
""",
}
HEAD = ["method_id", "region_code", "year"]


def build(folder, **changes):
    """Write the toy seeds, some files replaced, and compute."""
    for name, text in (TOY | changes).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return reference.compute(folder)


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    return build(tmp_path_factory.mktemp("seeds"))


def pick(frame, value, **where):
    """List a column of the rows with these values, in the frame's order."""
    for name, wanted in where.items():
        frame = frame[frame[name] == wanted]
    return frame[value].tolist()


def test_toy_values_interpolate_from_beyond_the_study_and_reverse(toy):
    values = toy["fct_indicator_values"]
    # region 02 in 2002: halfway from 5 (2001) to 15 (2003)
    a1 = values.query("method_id == 'equal' and indicator_id == 'a1'")
    assert a1["region_code"].tolist() == ["010000", "020000"] * 2
    assert a1["raw_value"].tolist() == [0, 5, 10, 10]
    assert a1["value_origin"].tolist() == ["observed"] * 3 + ["interpolated"]
    assert a1["normalised_value"].tolist() == [0, 0.5, 1, 1]
    assert a1["status"].tolist() == ["computed"] * 4
    a2 = pick(values, "normalised_value", method_id="equal", indicator_id="a2")
    assert a2 == [0, 1, 0.5, 0]


def test_toy_values_of_indicators_that_cannot_be_used(toy):
    values = toy["fct_indicator_values"].query("method_id == 'equal'")
    b2, b3 = (values[values["indicator_id"] == name] for name in ["b2", "b3"])
    assert b2["status"].tolist() == ["no_data"] * 4
    assert b2["value_origin"].tolist() == ["missing"] * 4
    assert b3["status"].tolist() == ["constant"] * 4
    assert b3["raw_value"].tolist() == [7] * 4
    assert b3["value_origin"].tolist() == ["observed"] * 2 + ["carried"] * 2
    assert b3["normalised_value"].isna().all()


def test_toy_weights_by_scope_and_by_rule(toy):
    weights = toy["fct_indicator_weights"].set_index(["method_id", "indicator_id"])
    panel = weights.loc["equal"]
    assert panel["year"].isna().all()
    assert_allclose(panel["weight"], [1 / 2, 1 / 2, 1, 0, 0])
    assert_allclose(panel["study_weight"], [1 / 3, 1 / 3, 1 / 3, 0, 0])
    # in 2002 both regions have a1 = 10
    a1 = weights.loc[("yearly", "a1")]
    assert a1["year"].tolist() == [2001, 2002]
    assert a1["weight"].tolist() == [0.5, 0]
    assert a1["status"].tolist() == ["used", "constant"]
    assert weights.loc[("yearly", "a2"), "weight"].tolist() == [0.5, 1]
    given = weights.loc["given"]
    # b1 is the only usable one of its system, so it needs no weight
    assert_allclose(given["weight"], [1 / 4, 3 / 4, 1, 0, 0])
    expected = ["used", "used", "used", "no_data", "constant"]
    assert given["status"].tolist() == expected


def test_toy_scores_ranks_and_default_method(toy):
    scores = toy["fct_system_scores"]
    equal = scores[scores["method_id"] == "equal"]
    # one: means of y(a1) and y(a2); order 01 2001, 02 2001, 01 2002, 02 2002
    assert pick(equal, "score", system_id="one") == [0, 0.75, 0.75, 0.5]
    assert pick(equal, "score", system_id="two") == [0, 1, 0, 0.5]
    assert pick(equal, "score_rank", system_id="one") == [2, 1, 1, 2]
    assert pick(equal, "score_rank", system_id="two") == [2, 1, 2, 1]
    assert equal["is_default_method"].all()
    assert not scores[scores["method_id"] != "equal"]["is_default_method"].any()


def test_toy_coupling_grades_and_lagging_systems(toy):
    coupling = toy["fct_coupling"].query("method_id == 'equal'")
    # 02 2001: C T = 2 sqrt(.75) / 1.75 x .875 = sqrt(.75); 02 2002: C = 1, T = 1/2
    c = [0, 2 * sqrt(0.75) / 1.75, 0, 1]
    assert_allclose(coupling["coupling_degree"], c)
    assert_allclose(coupling["comprehensive_index"], [0, 0.875, 0.375, 0.5])
    d = [0, 0.75**0.25, 0, sqrt(0.5)]
    assert_allclose(coupling["coupling_coordination_degree"], d)
    assert coupling["grade"].tolist() == ["low", "high", "low", "high"]
    lagging = ["synchronous", "one", "two", "synchronous"]
    assert coupling["lagging_system_id"].tolist() == lagging
    assert coupling["coordination_rank"].tolist() == [2, 1, 2, 1]
    assert coupling["is_default_method"].all()


def test_toy_coupling_under_given_weights(toy):
    coupling = toy["fct_coupling"].query("method_id == 'given'")
    assert coupling["status"].tolist() == ["computed"] * 4
    # scores of one, a1 / 4 + a2 3/4: 0, 7/8, 5/8, 1/4; of two, b1 alone: 0, 1, 0, 1/2
    assert_allclose(coupling["comprehensive_index"], [0, 15 / 16, 5 / 16, 3 / 8])
    # sqrt((1 - 1/8) 7/8) and sqrt((1 - 1/4) 1/2); 0 where a score is 0
    assert_allclose(coupling["coupling_degree"], [0, 7 / 8, 0, sqrt(3 / 8)])


def test_toy_obstacles_cover_used_indicators_only(toy):
    obstacles = toy["fct_obstacles"].query("method_id == 'equal'")
    assert set(obstacles["indicator_id"]) == {"a1", "a2", "b1"}
    # deviations, each weighing 1/3: 111 | .5 0 0 | 0 .5 1 | 0 1 .5
    degrees = [1 / 3, 1 / 3, 1 / 3, 1, 0, 0, 0, 1 / 3, 2 / 3, 0, 2 / 3, 1 / 3]
    assert_allclose(obstacles["obstacle_degree"], degrees)
    ranks = [1, 1, 1, 1, 2, 2, 3, 2, 1, 3, 1, 2]
    assert obstacles["obstacle_rank"].tolist() == ranks
    yearly = toy["fct_obstacles"].query("method_id == 'yearly' and year == 2002")
    assert set(yearly["indicator_id"]) == {"a2", "b1"}


def test_toy_obstacles_of_a_region_at_the_top_of_everything(toy):
    # 2001 within the year: region 02 has the best a1, a2 and b1
    yearly = toy["fct_obstacles"].query("method_id == 'yearly' and year == 2001")
    best = yearly[yearly["region_code"] == "020000"]
    assert best["status"].tolist() == ["no_deviation"] * 3
    assert best["deviation"].tolist() == [0, 0, 0]
    assert best[["obstacle_degree", "obstacle_rank"]].isna().all(axis=None)


def test_toy_rankings_by_region_and_for_all(toy):
    rankings = toy["fct_obstacle_rankings"].query("method_id == 'equal'")
    criterion = rankings[rankings["level"] == "criterion"]
    first = criterion.query("year == 2001")
    assert first["item_id"].tolist() == ["one: p", "two: q"] * 3
    assert first["region_code"].unique().tolist() == ["010000", "020000", "ALL"]
    # 01: 2/3 and 1/3; 02: 1 and 0; the mean: 5/6 and 1/6
    expected = [2 / 3, 1 / 3, 1, 0, 5 / 6, 1 / 6]
    assert_allclose(first["obstacle_degree"], expected)
    assert first["obstacle_rank"].tolist() == [1, 2] * 3
    indicator = rankings.query("level == 'indicator' and region_code == 'ALL'")
    # 2001: (1/3 + 1) / 2, (1/3 + 0) / 2, (1/3 + 0) / 2; 2002: 0, 1/2, 1/2
    means = [2 / 3, 1 / 6, 1 / 6, 0, 1 / 2, 1 / 2]
    assert_allclose(indicator["obstacle_degree"], means)
    assert indicator["obstacle_rank"].tolist() == [1, 2, 2, 3, 1, 1]


def test_toy_ranking_of_all_regions_leaves_out_the_one_not_computed(toy):
    rankings = toy["fct_obstacle_rankings"].query(
        "method_id == 'yearly' and year == 2001 and level == 'system'"
    )
    # 02 has no deviation; 01 is at 0 everywhere: one 2/3, two 1/3
    assert rankings["region_code"].tolist() == ["010000"] * 2 + ["ALL"] * 2
    assert_allclose(rankings["obstacle_degree"], [2 / 3, 1 / 3] * 2)


def test_toy_coverage(toy):
    row = toy["qc_study_coverage"].iloc[0].to_dict()
    # 5 indicators x 2 regions x 2 years; b2 has no data, b3 is constant
    # a1 has 3 observed, 1 interpolated; a2 and b1 4 observed; b3 2 and 2 carried
    assert row == {
        "study_id": "toy",
        "paper_indicators": 7,
        "measured": 4,
        "proxy": 1,
        "no_series": 1,
        "excluded": 1,
        "degenerate": 2,
        "cells": 20,
        "observed_cells": 13,
        "interpolated_cells": 1,
        "carried_cells": 2,
        "missing_cells": 4,
    }


def test_a_region_without_figures_is_missing_and_the_others_are_computed(tmp_path):
    regions = TOY["studies/study_regions.csv"] + "toy,030000\n"
    marts = build(tmp_path, **{"studies/study_regions.csv": regions})
    values = marts["fct_indicator_values"].query("method_id == 'equal'")
    a1 = values[values["indicator_id"] == "a1"]
    assert pick(a1, "status", region_code="030000") == ["missing_value"] * 2
    coupling = marts["fct_coupling"].query("method_id == 'equal'")
    assert pick(coupling, "status", region_code="030000") == ["missing_value"] * 2
    assert pick(coupling, "status", region_code="010000") == ["computed"] * 2
    obstacles = marts["fct_obstacles"].query("method_id == 'equal'")
    assert pick(obstacles, "status", region_code="030000") == ["missing_value"] * 6
    rankings = marts["fct_obstacle_rankings"]
    assert "030000" not in set(rankings["region_code"])
    # the mean of 2001 is still over two regions
    first = rankings.query(
        "method_id == 'equal' and region_code == 'ALL' and year == 2001"
    )
    mean = pick(first, "obstacle_degree", level="indicator")
    assert_allclose(mean, [2 / 3, 1 / 6, 1 / 6])


def test_a_region_outside_the_list_has_no_country_and_no_area(tmp_path):
    catalogue = """toy,one,p,quotient,+,location_quotient,s1,s3,1,,,,measured
toy,two,q,area,+,per_area,s2,,1,,,,measured
"""
    marts = build(
        tmp_path,
        **{
            "studies/indicators.csv": CATALOGUE + catalogue,
            "studies/study_regions.csv": "study_id,region_code\ntoy,030000\n",
            "yearbook/other.csv": "region_code,year,s1,s2,s3\n030000,2001,1,1,1\n",
        },
    )
    weights = marts["fct_indicator_weights"]
    assert pick(weights, "status", method_id="equal") == ["no_figures_in_year"] * 2
    coupling = marts["fct_coupling"].query("method_id == 'equal'")
    assert coupling["status"].tolist() == ["no_figures_in_year"] * 2


def test_one_region_is_refused_year_by_year_but_not_over_the_panel(tmp_path):
    one = "study_id,region_code\ntoy,010000\n"
    marts = build(tmp_path, **{"studies/study_regions.csv": one})
    weights = marts["fct_indicator_weights"]
    yearly = weights[weights["method_id"] == "yearly"]
    refused, no_data = "single_region_year", "no_data"
    expected = [refused, refused, refused, no_data, refused] * 2
    assert yearly["status"].tolist() == expected
    assert yearly["weight"].tolist() == [0] * 10
    coupling = marts["fct_coupling"]
    assert pick(coupling, "status", method_id="yearly") == [refused] * 2
    # over the panel a1 and a2 vary; b1 is 1 in both years
    status = pick(weights, "status", method_id="equal")
    assert status == ["used", "used", "constant", no_data, "constant"]
    scores = marts["fct_system_scores"].query("method_id == 'equal'")
    assert pick(scores, "score", system_id="one") == [0, 1]
    assert pick(scores, "status", system_id="two") == ["no_usable_indicator"] * 2
    assert "yearly" not in set(marts["fct_obstacles"]["method_id"])


def test_a_study_without_any_series_has_no_figures(tmp_path):
    catalogue = CATALOGUE + "toy,one,p,a1,+,,,,,,,,no_series\n"
    marts = build(tmp_path, **{"studies/indicators.csv": catalogue})
    assert marts["fct_coupling"]["status"].tolist() == ["no_figures_in_year"] * 12
    assert len(marts["fct_indicator_values"]) == 0
    assert marts["qc_study_coverage"]["cells"].tolist() == [0]


def test_every_operator_from_the_catalogue(tmp_path):
    catalogue = """toy,one,p,ratio,+,ratio,s2,s3,100,,,,measured
toy,one,p,area,+,per_area,s2,,1,,,,measured
toy,one,p,growth,+,growth_pct,s1,,1,,,,measured
toy,one,p,quotient,+,location_quotient,s2,s3,1,,,,measured
toy,two,q,stock,+,perpetual_inventory,s2,,1,0.1,0.4,,measured
toy,two,q,chained,+,perpetual_inventory,s2,index,1,0.1,0.4,,measured
toy,two,q,deflated,+,perpetual_inventory,s2,level,1,0.1,0.4,,measured
"""
    prices = """region_code,year,index,level
010000,2001,500,2
010000,2002,200,4
020000,2001,500,2
020000,2002,200,4
"""
    marts = build(
        tmp_path,
        **{"studies/indicators.csv": CATALOGUE + catalogue, "yearbook/p.csv": prices},
    )
    values = marts["fct_indicator_values"].query("method_id == 'equal'")
    expected = {
        # order 01 2001, 02 2001, 01 2002, 02 2002; s2 = 4 0 2 4, s3 = 1 3 1 2
        "ratio": [400, 0, 200, 200],
        "area": [4 / 2, 0 / 4, 2 / 2, 4 / 4],
        # 01: 10 / 0 is missing everywhere; 02: s1 is not there in 2002, so neither
        # 2002 nor 2003 has a growth rate
        "growth": [NAN, NAN, NAN, NAN],
        # 2001: share 4 / 4; 2002: share 6 / 3
        "quotient": [4, 0, 1, 1],
        # 01: 4 / 0.5 = 8, 0.9 x 8 + 2 = 9.2; 02: 0, 4
        "stock": [8, 0, 9.2, 4],
        # P = 1, 2: the flow of 2002 halves
        "chained": [8, 0, 8.2, 2],
        # P = 2, 4: K_0 = (4 / 2) / 0.5 = 4, 0.9 x 4 + 2 / 4 = 4.1; 02: 0, 1
        "deflated": [4, 0, 4.1, 1],
    }
    for name, numbers in expected.items():
        assert_allclose(pick(values, "raw_value", indicator_id=name), numbers)


def test_an_unknown_operator_is_an_error(tmp_path):
    row = "toy,one,p,a1,+,cube,s1,,1,,,,measured\n"
    with pytest.raises(ValueError, match="a1: operator 'cube'"):
        build(tmp_path, **{"studies/indicators.csv": CATALOGUE + row})


def test_two_figures_for_one_cell_are_an_error(tmp_path):
    again = "region_code,year,s1\n010000,2001,9\n"
    with pytest.raises(ValueError, match="s1"):
        build(tmp_path, **{"yearbook/again.csv": again})


def test_two_rows_for_one_region_and_year_are_an_error(tmp_path):
    twice = "region_code,year,s8\n010000,2001,9\n010000,2001,8\n"
    with pytest.raises(ValueError, match="two rows"):
        build(tmp_path, **{"yearbook/twice.csv": twice})


def test_a_series_may_be_split_over_two_yearbook_files(tmp_path):
    more = "region_code,year,s4\n020000,2002,9\n"
    marts = build(tmp_path, **{"yearbook/more.csv": more})
    values = marts["fct_indicator_values"].query("method_id == 'equal'")
    assert pick(values, "raw_value", indicator_id="b3") == [7, 7, 7, 9]


# --- the shipped studies ----------------------------------------------------------


@pytest.fixture(scope="module")
def shipped(shipped_reference):
    return shipped_reference


def test_shipped_coupling_has_a_row_for_every_region_year(shipped):
    rows = shipped["fct_coupling"].groupby(["study_id", "method_id"]).size()
    per_study = rows.groupby("study_id").unique().map(list).to_dict()
    assert per_study == {name: [n] for name, n in projects.REGION_YEARS.items()}


def test_shipped_coverage_is_that_of_the_catalogue(shipped):
    coverage = shipped["qc_study_coverage"].set_index("study_id")
    counts = ["paper_indicators", "measured", "proxy", "no_series", "excluded"]
    assert coverage[counts].T.to_dict("list") == {
        "ecommerce_manufacturing_east": [16, 9, 4, 3, 0],
        "digital_economy_nqp": [35, 22, 4, 7, 2],
        "digital_economy_nqp_2012_2019": [35, 26, 3, 4, 2],
        "service_manufacturing": [20, 0, 14, 6, 0],
        "industrial_transfer": [26, 11, 7, 8, 0],
        "industrial_transfer_2011_2019": [26, 18, 4, 4, 0],
        "industrial_transfer_anhui": [26, 12, 7, 7, 0],
        "finance_economy_cities": [12, 12, 0, 0, 0],
        "digital_green_cities": [12, 12, 0, 0, 0],
        "digital_green_cities_recent": [12, 12, 0, 0, 0],
    }
    origins = coverage.filter(regex="^(observed|interpolated|carried|missing)_")
    assert_array_equal(origins.sum(axis=1), coverage["cells"])


def test_shipped_weights_sum_to_one_per_system_and_per_study(shipped):
    weights = shipped["fct_indicator_weights"]
    scope = ["study_id", "method_id", "year"]
    used = weights[weights["status"] == "used"]
    system = used.groupby([*scope, "system_id"], dropna=False)["weight"].sum()
    study = used.groupby(scope, dropna=False)["study_weight"].sum()
    assert len(study) > 0
    assert_allclose(system, 1)
    assert_allclose(study, 1)


@pytest.mark.parametrize("mart", ["fct_system_scores", "fct_coupling", "fct_obstacles"])
def test_shipped_numbers_are_finite_where_computed_and_missing_elsewhere(shipped, mart):
    frame = shipped[mart]
    numbers = frame.select_dtypes("float").drop(columns="deviation", errors="ignore")
    computed = (frame["status"] == "computed").to_numpy()
    assert np.isfinite(numbers[computed]).all(axis=None)
    assert numbers[~computed].isna().all(axis=None)


# measured when written: 0.8728, 0.8850, 0.9001
@pytest.mark.parametrize(("year", "r"), [(2018, 0.873), (2020, 0.885), (2022, 0.9)])
def test_shipped_study_01_follows_the_printed_degrees(shipped, year, r):
    printed = reference.read_table(
        SEEDS / "published/paper_01_table_2_coupling.csv",
        ["year", "coupling_coordination_degree"],
    )
    key = ["study_id", "region_code", "year"]
    ours = shipped["fct_coupling"].query("method_id == 'entropy_topsis'")
    both = ours.merge(printed, on=key, suffixes=["", "_printed"])
    both = both[both["year"] == year]
    assert len(both) == 10
    degrees = both.filter(like="coupling_coordination_degree")
    assert degrees.corr().iloc[0, 1] == pytest.approx(r, abs=0.001)
