"""GM(1,1), its rivals, rolling origins and intervals: by hand and a second time."""
# ruff: noqa: RUF001, Chinese has signs of its own

import warnings
from math import exp, sqrt

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from pytest import approx
from scipy.stats import t as student
from statsmodels.tsa.holtwinters import SimpleExpSmoothing

from coupling.forecasting import backtest, frames, grey, rivals

# --- the grey model -----------------------------------------------------------------


def test_a_worked_example():
    # x = 1 2 3 4; running sums 1 3 6 10; z = 2, 4.5, 8 with mean 29/6; x(2..4) = 2 3 4
    # with mean 3. Deviations of z: -17/6, -2/6, 19/6; of x: -1, 0, 1.
    # slope = (17/6 + 19/6) / ((289 + 4 + 361) / 36) = 6 / (109/6) = 36/109
    # a = -36/109; u = 3 - 36/109 * 29/6 = 153/109; u / a = -17/4
    model = grey.fit([1.0, 2.0, 3.0, 4.0])
    assert model.development_coefficient == approx(-36 / 109, abs=1e-14)
    assert model.grey_input == approx(153 / 109, abs=1e-14)
    # x(k+1) = (1 - e^a) (1 + 17/4) e^(-a k)
    grows = exp(36 / 109)
    later = [(1 - 1 / grows) * 5.25 * grows**k for k in range(1, 6)]
    assert_allclose(model.values(6), [1, *later], rtol=1e-13)
    assert_allclose(later, [2.055, 2.859, 3.977, 5.534, 7.700], atol=0.001)


@pytest.mark.parametrize("q", [0.7, 0.95, 1.1, 1.6])
def test_a_geometric_series_has_a_known_a(q):
    # z(k) = A / (q - 1) (q^(k-1) (q + 1) / 2 - 1), so x(k) is linear in z(k) with slope
    # 2 (q - 1) / (q + 1) and intercept 2 A / (q + 1)
    model = grey.fit(3.0 * q ** np.arange(6))
    assert model.development_coefficient == approx(-2 * (q - 1) / (q + 1), rel=1e-9)
    assert model.grey_input == approx(2 * 3 / (q + 1), rel=1e-9)


def test_a_constant_series_stays_with_a_of_zero():
    model = grey.fit([5.0] * 4)
    assert model.development_coefficient == 0
    assert_array_equal(model.values(7), [5.0] * 7)
    near = grey.GreyModel(1e-13, 5.0, 4.0)
    assert_allclose(near.values(5), [4, 5, 5, 5, 5], rtol=1e-11)


positive = st.floats(0.01, 100, allow_nan=False)
series = st.lists(positive, min_size=4, max_size=12).map(np.array)


@settings(max_examples=60, deadline=None)
@given(series)
def test_least_squares_with_matrices_and_with_statsmodels_agree(values):
    total = np.cumsum(values)
    z = (total[1:] + total[:-1]) / 2
    (a, u), *_ = np.linalg.lstsq(np.column_stack([-z, np.ones_like(z)]), values[1:])
    intercept, slope = sm.OLS(values[1:], sm.add_constant(z)).fit().params
    model = grey.fit(values)
    assert_allclose([a, u], [-slope, intercept], rtol=1e-6, atol=1e-6)
    assert model.development_coefficient == approx(a, rel=1e-8, abs=1e-9)
    assert model.grey_input == approx(u, rel=1e-8, abs=1e-8)
    if abs(a) > 1e-6:
        sums = (values[0] - u / a) * np.exp(-a * np.arange(len(values) + 3)) + u / a
        expected = np.concatenate([values[:1], np.diff(sums)])
        scale = np.abs(sums).max() + abs(u / a)
        assert_allclose(
            model.values(len(expected)), expected, rtol=1e-6, atol=1e-9 * scale
        )


@settings(max_examples=60, deadline=None)
@given(series, st.floats(0.001, 1000))
def test_scaling_the_series_scales_the_forecast(values, factor):
    model, scaled = grey.fit(values), grey.fit(factor * values)
    a = model.development_coefficient
    assert scaled.development_coefficient == approx(a, rel=1e-7, abs=1e-10)
    count = len(values) + 3
    size = np.abs(model.values(count)).max()
    assert_allclose(
        scaled.values(count), factor * model.values(count), atol=1e-7 * factor * size
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([1.0, 2.0, 3.0], "3 points; GM(1,1) needs 4"),
        ([1.0, 0.0, 3.0, 4.0], "a value of zero or below"),
        ([1.0, 2.0, -3.0, 4.0], "a value of zero or below"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_words(values, said):
    with pytest.raises(ValueError) as error:
        grey.fit(np.array(values))
    assert said in str(error.value)


def test_accuracy_by_hand():
    # residuals 0 0 0 -1, mean -1/4, their sd sqrt(3/16); of the series sqrt(5/4)
    values = np.array([1.0, 2.0, 3.0, 4.0])
    found = grey.accuracy(values, np.array([1.0, 2.0, 3.0, 5.0]))
    assert found.mape_pct == approx(100 * (1 / 4) / 3)
    assert found.variance_ratio == approx(sqrt(3 / 16) / sqrt(5 / 4))
    # distances 1/4 1/4 1/4 3/4 against 0.6745 * 1.118 = 0.754
    assert found.small_error_probability == 1
    assert found.accuracy_class == "qualified"
    worse = grey.accuracy(values, np.array([1.0, 2.0, 3.0, 5.1]))
    assert worse.small_error_probability == 0.75
    assert worse.accuracy_class == "barely qualified"


def test_a_constant_series_has_no_class():
    found = grey.accuracy(np.full(4, 2.0), np.full(4, 2.0))
    assert found == grey.Accuracy(0, None, None, None)


@pytest.mark.parametrize(
    ("probability", "ratio", "expected"),
    [
        (1, 0.349, "good"),
        (1, 0.35, "qualified"),
        (0.95, 0.1, "qualified"),
        (0.81, 0.499, "qualified"),
        (0.8, 0.1, "barely qualified"),
        (1, 0.64, "barely qualified"),
        (1, 0.65, "unqualified"),
        (0.7, 0.1, "unqualified"),
    ],
)
def test_both_conditions_of_a_class_must_hold(probability, ratio, expected):
    assert grey.accuracy_class(probability, ratio) == expected


def test_level_ratios_by_hand():
    # 1/2, 2/3, 3/4 against e^(-2/5) = 0.6703 and e^(2/5) = 1.4918
    found = grey.level_ratio_test(np.array([1.0, 2.0, 3.0, 4.0]))
    assert (found.bound_low, found.bound_high) == (approx(exp(-0.4)), approx(exp(0.4)))
    assert (found.lowest, found.highest) == (0.5, 0.75)
    assert found.pass_share == approx(1 / 3)
    assert not found.is_passed
    assert not grey.level_ratio_test(np.array([4.0, 2.0, 2.0, 2.0])).is_passed
    assert grey.level_ratio_test(np.array([3.0, 3.5, 4.0, 4.0])).is_passed


# --- the rivals ---------------------------------------------------------------------

WALK = np.array([2.0, 5.0, 4.0, 8.0])


def test_naive_and_drift_by_hand():
    said = rivals.naive(WALK, 2)
    assert_array_equal(said.fitted, [np.nan, 2, 5, 4])
    assert_array_equal(said.ahead, [8, 8])
    said = rivals.drift(WALK, 3)
    assert_array_equal(said.fitted, [np.nan, 4, 7, 6])
    assert_array_equal(said.ahead, [10, 12, 14])


def test_a_constant_series_is_smoothed_to_itself():
    assert_array_equal(rivals.exponential_smoothing(np.full(5, 3.0), 2).ahead, [3, 3])


@pytest.mark.parametrize("seed", range(5))
def test_smoothing_agrees_with_statsmodels(seed):
    values = np.random.default_rng(seed).normal(1, 0.3, 8)
    library = SimpleExpSmoothing(
        values, initialization_method="known", initial_level=values[0]
    )
    tried = [
        library.fit(smoothing_level=alpha, optimized=False)
        for alpha in rivals.SMOOTHING_LEVELS
    ]
    best = min(tried, key=lambda fit: round(fit.sse, 12))
    said = rivals.exponential_smoothing(values, 3)
    assert_allclose(said.ahead, best.forecast(3), rtol=1e-12)
    assert_allclose(said.fitted[1:], best.fittedvalues[1:], rtol=1e-12)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert best.sse <= library.fit().sse * 1.02


# --- rolling origins ----------------------------------------------------------------


def errors_of(values, model="naive", **changed):
    asked = {
        "horizon": 2,
        "minimum_training": 4,
        "window": None,
        "bounds": (-np.inf, np.inf),
    }
    values = np.array(values, dtype=float)
    return backtest.rolling_origin_errors(
        values, rivals.MODELS[model], **(asked | changed)
    )


def test_origins_by_hand():
    # origins after 4 and 5 points; the last values are 4 and 6
    found = errors_of([1, 2, 3, 4, 6, 9])
    assert found == [(3, 1, 4, 6, -2), (3, 2, 4, 9, -5), (4, 1, 6, 9, -3)]


def test_a_forecast_sees_nothing_of_what_it_forecasts():
    values = np.array([1, 2, 3, 4, 6, 9, 7, 8.0])
    for model in rivals.MODELS:
        whole = errors_of(values, model)
        changed = errors_of([*values[:-1], 100], model)
        early = [error for error in whole if error.position + error.horizon < 7]
        assert early == [e for e in changed if e.position + e.horizon < 7] != []
        assert [e.forecast for e in whole] == [e.forecast for e in changed]


def test_a_window_forgets_what_lies_before_it():
    values = [50, 1, 2, 3, 4, 6, 9]
    for model in rivals.MODELS:
        late = errors_of(values, model, window=4)[2:]
        other = errors_of([1, *values[1:]], model, window=4)[2:]
        assert late == other != []
    # drift over the last four: 6 + (6 - 2) / 3
    drifted = errors_of(values, "drift", window=4)
    assert drifted[-1].forecast == approx(6 + 4 / 3)


def test_gaps_and_refusals_leave_no_error():
    assert [e.position for e in errors_of([1, 2, np.nan, 4, 5, 6, 7, 8], window=4)] == [
        6
    ]
    assert [e.horizon for e in errors_of([1, 2, 3, 4, np.nan, 6])] == [2]
    assert errors_of([1, 2, 0, 4, 5, 6], "gm11") == []
    assert errors_of([1, 2, 3, 4]) == []


def test_forecasts_of_the_backtest_are_cut_to_what_can_be():
    found = errors_of([0.7, 0.8, 0.9, 0.99, 1.0], "drift", bounds=(0, 1))
    assert found == [(3, 1, 1, 1, 0)]


def test_summary_by_hand():
    rows = [
        ("s", "naive", 1, 10, 2),
        ("s", "naive", 1, 0, -4),
        ("s", "drift", 1, 10, -3),
        ("s", "drift", 1, 5, 3),
        ("s", "exponential_smoothing", 1, 10, 3),
        ("s", "exponential_smoothing", 1, 5, 3),
        ("s", "gm11", 1, 10, 0),
        ("t", "naive", 1, 4, 0),
        ("t", "drift", 1, 4, 1),
    ]
    frame = pd.DataFrame(
        rows, columns=["series_id", "model", "horizon", "observed", "error"]
    )
    found = backtest.summary(frame).set_index(["series_id", "model"])
    naive = found.loc[("s", "naive")]
    assert naive["origin_count"] == 2
    assert naive["mean_absolute_error"] == 3
    assert naive["root_mean_squared_error"] == approx(sqrt((4 + 16) / 2))
    assert naive["mape_pct"] == approx(20)
    assert found.at[("s", "gm11"), "mae_by_naive"] == 0
    assert found.at[("s", "drift"), "mae_by_naive"] == 1
    assert np.isnan(found.at[("t", "drift"), "mae_by_naive"])
    # gm11 has one origin only; naive, drift and smoothing are equal: the simplest
    assert found.index[found["is_best"]].tolist() == [("s", "naive"), ("t", "naive")]


def test_intervals_by_hand():
    own, pooled = np.arange(1.0, 11.0) * -1, np.arange(1.0, 21.0)
    # (10 + 1) * 0.8 = 8.8: the ninth of ten
    assert backtest.interval(own, pooled, 0.8) == (9, "own_errors", 10)
    # (20 + 1) * 0.8 = 16.8: the seventeenth of twenty
    assert backtest.interval(own[:9], pooled, 0.8) == (17, "pooled_errors", 20)
    # (19 + 1) * 0.8 is 16 exactly, not 17
    assert backtest.interval(np.arange(1.0, 20.0), pooled, 0.8)[0] == 16
    # no eleventh of ten, but a twentieth of twenty: (20 + 1) * 0.95 = 19.95
    assert backtest.interval(own, pooled, 0.95) == (20, "pooled_errors", 20)
    width, basis, count = backtest.interval(np.array([3.0, -4.0]), pooled[:19], 0.8)
    assert (basis, count) == ("rmse_t", 2)
    assert width == approx(sqrt(12.5) * student.ppf(0.9, 2))
    width, basis, count = backtest.interval(own[:1], pooled[:19], 0.8)
    assert np.isnan(width) and (basis, count) == ("none", 0)


# --- from rows of series to rows of results -----------------------------------------


def rows_of(series_id="s", years=range(2016, 2024), values=None, **changed):
    years = list(years)
    values = [1 + 0.1 * i for i in range(len(years))] if values is None else values
    return pd.DataFrame(
        {
            "series_id": series_id,
            "pool_id": "p",
            "year": years,
            "value": values,
            "lower_bound": 0.0,
            "upper_bound": np.nan,
            "training_years": np.nan,
            "horizon_years": 3,
            "minimum_training_years": 4,
            "interval_level": 0.8,
        }
        | changed
    )


CASES = {
    "fitted": rows_of(),
    "no_values": rows_of(values=[np.nan] * 8),
    "too_few_points": rows_of(years=range(2021, 2024)),
    "missing_years": rows_of(values=[1, 2, 3, np.nan, 5, 6, 7, 8]),
    "not_positive": rows_of(values=[1, 2, 0, 4, 5, 6, 7, 8]),
}


WHY = {
    "no_values": ("the series has no value in any year", "该序列没有任何年份的数值"),
    "too_few_points": ("3 points; the setting asks for 4", "3个数据点，设定要求4个"),
    "missing_years": ("no value in 2019", "2019年没有数值"),
    "not_positive": (
        "a value of zero or below; GM(1,1) needs values above 0",
        "有零或负的数值，GM(1,1)要求数值大于0",
    ),
}


@pytest.mark.parametrize("status", CASES)
def test_what_is_not_fitted_stays_with_its_reason(status):
    frame = CASES[status].sample(frac=1, random_state=2)
    fit = frames.grey_fits(frame).iloc[0]
    assert fit["status"] == status
    assert pd.isna(fit["development_coefficient"]) == (status != "fitted")
    if status == "fitted":
        assert fit[["status_reason", "status_reason_zh"]].isna().all()
    else:
        assert (fit["status_reason"], fit["status_reason_zh"]) == WHY[status]
    said = frames.forecasts(frame)
    ahead = said[said["horizon"].notna()].set_index(["model", "horizon"])["forecast"]
    of_grey = said[said["model"] == "gm11"]
    reasons = of_grey[["status_reason", "status_reason_zh"]].dropna().drop_duplicates()
    if status in ("fitted", "no_values"):
        assert reasons.empty
    else:
        assert reasons.values.tolist() == [list(WHY[status])]
    if status == "no_values":
        assert said.empty
    else:
        assert ahead["gm11"].notna().all() == (status == "fitted")
        assert ahead["naive"].notna().all() == (status in ("fitted", "not_positive"))
    errors = frames.errors(frame)
    shown = frames.accuracies(frame, errors)
    assert len(shown) == 12
    assert (shown["origin_count"].sum() > 0) == (status in ("fitted", "not_positive"))


def test_a_gap_before_the_window_does_no_harm():
    frame = CASES["missing_years"].assign(training_years=4)
    fit = frames.grey_fits(frame).iloc[0]
    assert (fit["status"], fit["point_count"]) == ("fitted", 4)
    assert (fit["first_training_year"], fit["last_training_year"]) == (2020, 2023)
    missing = frames.grey_fits(CASES["missing_years"]).iloc[0]
    assert missing["status_reason"] == "no value in 2019"


def test_a_missing_row_is_a_missing_year_and_blank_ends_are_not():
    frame = rows_of(values=[np.nan, 1, 2, 3, 4, 5, 6, np.nan])
    fit = frames.grey_fits(frame).iloc[0]
    assert (fit["first_training_year"], fit["last_training_year"]) == (2017, 2022)
    holed = rows_of(years=[2016, 2017, 2018, 2020, 2021])
    assert frames.grey_fits(holed).at[0, "status_reason"] == "no value in 2019"


def test_a_constant_series_says_why_it_has_no_class():
    fit = frames.grey_fits(rows_of(values=[2.0] * 8)).iloc[0]
    assert (fit["status"], fit["development_coefficient"]) == ("fitted", 0)
    assert pd.isna(fit["accuracy_class"]) and "constant" in fit["status_reason"]
    assert fit["status_reason_zh"] == "该序列为常数，C、P和精度等级无定义"


def test_a_series_of_several_gaps_and_a_short_one_say_so_in_both_languages():
    holed = frames.grey_fits(rows_of(values=[1, np.nan, 3, np.nan, 5, 6, 7, 8]))
    assert holed.at[0, "status_reason"] == "no value in 2017, 2019"
    assert holed.at[0, "status_reason_zh"] == "2017、2019年没有数值"
    assert grey.refusal(np.ones(3)) == (
        "3 points; GM(1,1) needs 4",
        "3个数据点，GM(1,1)需要4个",
    )


def test_years_of_the_series_come_before_those_ahead():
    said = frames.forecasts(rows_of(training_years=5)).set_index(["model", "year"])
    gm11 = said.loc["gm11"]
    assert gm11.index.tolist() == list(range(2016, 2027))
    assert gm11["is_training"].tolist() == [False] * 3 + [True] * 5 + [False] * 3
    assert gm11["fitted"].notna().tolist() == gm11["is_training"].tolist()
    assert gm11["observed"].notna().sum() == 8
    training = np.array([1.3, 1.4, 1.5, 1.6, 1.7])
    curve = grey.fit(training).values(8)
    assert_allclose(gm11["fitted"].dropna(), curve[:5], atol=1e-12)
    assert_allclose(gm11["forecast"].dropna(), curve[5:], atol=1e-12)


def test_a_forecast_below_zero_is_cut_and_says_so():
    said = frames.forecasts(rows_of(values=[9, 8, 7, 6, 4, 3, 2, 1]))
    drift = said[(said["model"] == "drift") & said["horizon"].notna()]
    # 8/7 less each year from 1
    assert drift["forecast"].tolist() == [0, 0, 0]
    assert drift["is_cut"].all()
    naive = said[(said["model"] == "naive") & said["horizon"].notna()]
    assert not naive["is_cut"].any()


def test_errors_are_pooled_within_a_pool_only():
    many = [rows_of(f"s{i}", values=np.arange(1, 9) * (i + 1.0)) for i in range(5)]
    alone = rows_of("alone", values=np.arange(1.0, 9.0) * 1000, pool_id="other")
    frame = pd.concat([*many, alone])
    shown = frames.accuracies(frame, frames.errors(frame))
    shown = shown.set_index(["series_id", "model", "horizon"])
    first = shown.loc[("s0", "naive", 1)]
    # four errors of each: 1, 2, 3, 4, 5; the seventeenth of twenty is 5
    assert first["interval_basis"] == "pooled_errors"
    assert (first["half_width"], first["interval_error_count"]) == (5, 20)
    assert first["interval_series_count"] == 5
    assert shown.at[("s0", "naive", 2), "interval_basis"] == "rmse_t"
    other = shown.loc[("alone", "naive", 1)]
    assert (other["interval_basis"], other["interval_series_count"]) == ("rmse_t", 1)
    assert other["half_width"] == approx(1000 * student.ppf(0.9, 4))


def test_a_window_shorter_than_the_first_origin_is_refused():
    frame = rows_of(training_years=4, minimum_training_years=5)
    with pytest.raises(ValueError, match="training_years: found 4; expected at least"):
        frames.grey_fits(frame)


def test_no_series_gives_no_rows():
    nothing = rows_of().head(0)
    for made in (frames.grey_fits, frames.forecasts, frames.errors):
        assert made(nothing).empty
    assert frames.accuracies(nothing, frames.errors(nothing)).empty
