"""Premium range, maximum loss rate, choice of hazards and decisions, by hand."""
# ruff: noqa: RUF001, Chinese has signs of its own

from math import nan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from coupling.forecasting import underwriting
from coupling.forecasting.underwriting import (
    decide,
    largest_set,
    limit_class,
    maximum_loss_rate,
    premium_range,
    select_hazards,
)

U1, U2 = 0.667, 0.751


def test_the_maximum_loss_rate_of_paper_06():
    # 2 - 0.667 - 1 / 0.751 = 0.00144208; by 1 - 0.667
    assert 100 * maximum_loss_rate(U1, U2) == approx(0.4331, abs=5e-5)


def test_the_premium_range_of_paper_06_is_ten_times_what_it_prints():
    low, high = premium_range(U1, U2, 0.002095)
    assert 100 * low == approx(33.37, abs=0.005)
    assert 100 * high == approx(33.44, abs=0.005)


attitudes = st.floats(0.05, 0.99)


@given(attitudes, attitudes, st.floats(0, 1))
def test_both_sides_gain_within_the_range_and_one_loses_outside(u1, u2, rate):
    low, high = premium_range(u1, u2, rate)
    # client: assets 1, k1 = 1, l1 = u1; insurer: assets n = 1, k2 = 1, l2 = u2
    for premium in (low - 1e-6, low + 1e-6):
        assert (u2 * (1 + premium - rate) >= 1) == (premium > low)
    for premium in (high - 1e-6, high + 1e-6):
        assert (1 - premium >= u1 * (1 - rate)) == (premium < high)


@given(attitudes, st.floats(0.05, 1.5))
def test_at_the_maximum_the_range_is_one_point(u1, u2):
    low, high = premium_range(u1, u2, maximum_loss_rate(u1, u2))
    assert low == approx(high, abs=1e-9 * (1 + abs(low)))
    below = premium_range(u1, u2, maximum_loss_rate(u1, u2) - 0.01)
    assert below[0] < below[1]


@pytest.mark.parametrize(
    ("u1", "u2", "limit", "named"),
    [
        (0.5, 0.5, -1.0, "reject_all"),  # (2 - 0.5 - 2) / 0.5
        (0.5, 2 / 3, 0.0, "limited"),  # (2 - 0.5 - 1.5) / 0.5
        (0.5, 0.8, 0.5, "limited"),  # (2 - 0.5 - 1.25) / 0.5
        (0.5, 1.0, 1.0, "accept_all"),  # (2 - 0.5 - 1) / 0.5
        (0.9, 1.25, 3.0, "accept_all"),  # (2 - 0.9 - 0.8) / 0.1
    ],
)
def test_limits_by_hand(u1, u2, limit, named):
    assert maximum_loss_rate(u1, u2) == approx(limit, abs=1e-12)
    assert limit_class(maximum_loss_rate(u1, u2)) == named


@pytest.mark.parametrize("u2", [0.7, 1.0, 1.2])
def test_a_client_neutral_to_risk_leaves_the_maximum_undefined(u2):
    assert maximum_loss_rate(1, u2) is None
    said = decide(1, u2, {"flood": 0.1})
    assert said["maximum_loss_rate_pct"] is None
    assert (said["limit_class"], said["decision"]) == ("undefined", "not_decided")
    assert "u1 is not below 1" in said["reason"]
    assert said["reason_zh"] == "客户并不厌恶风险（u1不小于1），因此最大损失率无定义。"


RATES = {"flood": 0.2, "hail": 0.1, "typhoon": 0.4}


@pytest.mark.parametrize(
    ("limit", "kept", "excluded"),
    [
        (0.7, ("hail", "flood", "typhoon"), ()),
        (0.69, ("hail", "flood"), ("typhoon",)),
        (0.3, ("hail", "flood"), ("typhoon",)),
        (0.29, ("hail",), ("typhoon", "flood")),
        (0.1, ("hail",), ("typhoon", "flood")),
        (0.09, (), ("typhoon", "flood", "hail")),
        (-0.01, (), ("typhoon", "flood", "hail")),
    ],
)
def test_hazards_are_excluded_from_the_highest_down(limit, kept, excluded):
    found = select_hazards(RATES, limit)
    assert (found.kept, found.excluded) == (kept, excluded)
    assert found.loss_rate == approx(sum(RATES[hazard] for hazard in kept))


def test_of_equal_rates_the_last_name_goes_first():
    found = select_hazards({"b": 0.2, "a": 0.2, "c": 0.2}, 0.4)
    assert (found.kept, found.excluded) == (("a", "b"), ("c",))


def test_excluding_the_highest_is_not_always_best():
    # without the typhoon 0.3 is left, with it alone 0.4: more premium, more carried
    assert largest_set(RATES, 0.45) == ("typhoon",)
    assert select_hazards(RATES, 0.45).kept == ("hail", "flood")
    assert largest_set(RATES, 0.5) == ("hail", "typhoon")
    assert largest_set(RATES, 0.05) == ()
    # equal totals: the set of more hazards
    assert largest_set({"a": 0.3, "b": 0.1, "c": 0.2}, 0.3) == ("b", "c")


@given(st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 1)), st.floats(-0.5, 3))
def test_no_set_within_the_limit_carries_more_than_the_largest(rates, limit):
    best = sum(rates[hazard] for hazard in largest_set(rates, limit))
    greedy = select_hazards(rates, limit).loss_rate
    assert greedy <= best + 1e-9
    assert best <= max(limit, 0) + 1e-9
    names = sorted(rates)
    for mask in range(1, 2 ** len(names)):
        carried = sum(rates[n] for i, n in enumerate(names) if mask >> i & 1)
        assert carried <= best + 1e-9 or carried > limit - 1e-9


def test_too_many_hazards_are_refused():
    with pytest.raises(ValueError, match="17 hazards; at most 16"):
        largest_set({str(i): 0.1 for i in range(17)}, 0.5)


# u1 = 0.5, u2 = 0.8: at most 50 %
def test_a_decision_by_hand():
    said = decide(0.5, 0.8, {"flood": 0.2})
    # low 1.25 - 1 + 0.2, high 1 - 0.5 * 0.8
    assert said["premium_rate_low_pct"] == approx(45)
    assert said["premium_rate_high_pct"] == approx(60)
    assert said["premium_rate_chosen_pct"] == approx(60)
    assert said["expected_margin_pct"] == approx(40)
    assert (said["decision"], said["is_selection_largest"]) == ("underwrite", True)
    assert said["reason"] == (
        "Expected loss rate 20.0000 %, within the maximum 50.0000 %."
    )
    assert said["reason_zh"] == "预期损失率20.0000 %，未超过最大值50.0000 %。"


def test_at_the_maximum_it_is_underwritten_and_above_it_declined():
    assert decide(0.5, 0.8, {"flood": 0.5})["decision"] == "underwrite"
    said = decide(0.5, 0.8, {"flood": 0.5001})
    assert said["decision"] == "decline"
    assert said["excluded_hazards"] == "flood"
    assert "premium_rate_chosen_pct" not in said
    assert (
        said["reason"] == "Expected loss rate 50.0100 %, above the maximum 50.0000 %."
    )
    assert said["reason_zh"] == "预期损失率50.0100 %，高于最大值50.0000 %。"


def test_a_package_says_what_it_leaves_out_and_what_would_carry_more():
    said = decide(0.5, 0.8, {"flood": 0.2, "hail": 0.15, "typhoon": 0.4})
    assert said["reason"] == (
        "Expected loss rate 75.0000 % of all hazards, above the maximum 50.0000 %; "
        "without typhoon it is 35.0000 %."
    )
    assert said["reason_zh"] == (
        "全部灾种的预期损失率75.0000 %，高于最大值50.0000 %；剔除台风后为35.0000 %。"
    )
    # hail is none of the shipped hazards and has no Chinese name
    assert said["selected_hazards_zh"] == "洪涝、hail"
    assert said["excluded_hazards_zh"] == said["largest_set_hazards_zh"] == "台风"
    assert said["selected_hazards"] == "flood, hail"
    assert said["selected_hazard_count"] == 2
    assert said["excluded_hazards"] == "typhoon"
    assert said["premium_rate_low_pct"] == approx(25 + 35)
    assert said["premium_rate_high_pct"] == approx(100 - 50 * 0.65)
    assert said["largest_set_hazards"] == "typhoon"
    assert said["largest_set_loss_rate_pct"] == approx(40)
    assert said["is_selection_largest"] is False


def test_none_can_be_kept():
    said = decide(0.5, 0.8, {"flood": 0.6, "hail": 0.7})
    assert said["reason"] == (
        "Even the lowest loss rate, 60.0000 %, is above the maximum 50.0000 %."
    )
    assert said["reason_zh"] == "即使最低的损失率60.0000 %也高于最大值50.0000 %。"
    assert said["selected_hazards"] is said["selected_hazards_zh"] is None
    assert said["excluded_hazards_zh"] == "hail、洪涝"
    assert (said["decision"], said["selected_hazard_count"]) == ("decline", 0)
    below = decide(U1, 0.75, {"flood": 0.0})
    assert below["decision"] == "decline"
    assert (
        below["reason"] == "The maximum loss rate -0.1001 % is below 0: no risk at all."
    )
    assert below["reason_zh"] == "最大损失率-0.1001 %低于0：不承保任何风险。"


def test_a_forecast_below_zero_is_carried_as_it_is():
    # the warehouse cuts forecasts at 0 before; the functions take what they get
    assert select_hazards({"a": -0.1, "b": 0.5}, 0.4).kept == ("a", "b")
    assert decide(0.5, 0.8, {"a": -0.1})["decision"] == "underwrite"


def test_an_unknown_loss_rate_decides_nothing():
    said = decide(U1, U2, {"flood": nan, "hailstorm": 0.001, "typhoon": nan})
    assert said["decision"] == "not_decided"
    assert said["reason"] == "No expected loss rate of flood, typhoon."
    assert said["reason_zh"] == "没有洪涝、台风的预期损失率。"


EXPECTED = pd.DataFrame(
    {
        "region_code": ["1", "1", "2"],
        "hazard": ["flood", "hail", "flood"],
        "loss_rate_basis": "observed_mean",
        "year": 2025,
        "expected_loss_rate_pct": [20.0, 40.0, nan],
    }
)


def grid(**client):
    rows = [
        {"party": "client", "first_value": 0.5, "last_value": 1, "step": 0.25} | client,
        {"party": "insurer", "first_value": 0.8, "last_value": 1.0, "step": 0.2},
    ]
    return pd.DataFrame(rows)


def test_sensitivity_by_hand():
    found = underwriting.sensitivity(grid(), EXPECTED)
    assert len(found) == 3 * 2 * 2
    keys = ["client_risk_attitude", "insurer_risk_attitude", "region_code"]
    found = found.set_index(keys)
    # 60 % for region 1 against 50 %, 0 % = (2 - 0.75 - 1.25) / 0.25, 100 %
    assert found.loc[(0.5, 0.8, "1"), "maximum_loss_rate_pct"] == approx(50)
    assert found.loc[(0.5, 0.8, "1"), "decision"] == "decline"
    assert found.loc[(0.75, 0.8, "1"), "maximum_loss_rate_pct"] == 0
    assert found.loc[(0.5, 1.0, "1"), "limit_class"] == "accept_all"
    assert found.loc[(0.5, 1.0, "1"), "decision"] == "underwrite"
    assert found.loc[(1.0, 0.8, "1"), "limit_class"] == "undefined"
    assert np.isnan(found.loc[(1.0, 0.8, "1"), "maximum_loss_rate_pct"])
    assert set(found.xs("2", level="region_code")["decision"]) == {"not_decided"}


@pytest.mark.parametrize("wrong", [{"step": 0}, {"last_value": 0.4}])
def test_a_grid_without_steps_is_refused(wrong):
    with pytest.raises(ValueError, match=r"sensitivity_grid\.csv, party client"):
        underwriting.sensitivity(grid(**wrong), EXPECTED)
