"""Forecasts and underwriting as the marts show them, computed a second time."""

import numpy as np
import projects
import pytest
from numpy.testing import assert_allclose
from pytest import approx
from scipy.stats import t as student

from coupling.forecasting.rivals import MODELS

HORIZON = 3
FUJIAN = "loss_rate_pct:350000:typhoon"
HAIL = "loss_rate_pct:520000:hailstorm"


def grey_forecast(values, horizon):
    """GM(1,1) with matrices, as paper 06 writes it: a, u and all values."""
    total = np.cumsum(values)
    background = np.column_stack(
        [-(total[1:] + total[:-1]) / 2, np.ones(len(values) - 1)]
    )
    a, u = np.linalg.inv(background.T @ background) @ background.T @ values[1:]
    k = np.arange(len(values) + horizon)
    sums = (values[0] - u / a) * np.exp(-a * k) + u / a
    return a, u, np.concatenate([values[:1], np.diff(sums)])


def ahead(model, values, horizon):
    """Forecasts of each model, written anew but for the smoothing."""
    n = len(values)
    if model == "gm11":
        return grey_forecast(values, horizon)[2][n:]
    if model == "drift":
        line = np.polyfit([0, n - 1], [values[0], values[-1]], 1)
        return np.polyval(line, np.arange(n, n + horizon))
    if model == "naive":
        return np.repeat(values[-1], horizon)
    return MODELS[model](values, horizon).ahead


@pytest.fixture(scope="module")
def series(warehouse):
    """Observed values by series: those of fct_coupling and of the losses."""
    degrees = projects.table(
        warehouse,
        """
        select
            'coupling_coordination_degree:' || study_id || ':' || region_code as id,
            coupling_coordination_degree as value
        from marts.fct_coupling
        where
            is_default_method
            and study_id not in (
                select scope from seeds.forecast_settings where is_used = 0
            )
        order by id, year
        """,
    )
    losses = projects.table(
        warehouse,
        """
        select
            'loss_rate_pct:' || region_code || ':' || hazard as id,
            direct_loss_cny_100m / gross_regional_product_cny_100m * 100 as value
        from seeds.disaster_losses order by id, year
        """,
    )
    found = {}
    for frame in (degrees, losses):
        for name, rows in frame.groupby("id"):
            found[name] = rows["value"].to_numpy()
    return found


def window(name, values):
    return values[-4:] if name.startswith("loss_rate") else values


def bounded(name, values):
    return np.clip(values, 0, np.inf if name.startswith("loss_rate") else 1)


@pytest.fixture(scope="module")
def errors(series):
    """Errors by series, model and horizon, from every origin."""
    found = {}
    for name, values in series.items():
        for model in MODELS:
            for origin in range(4, len(values)):
                said = ahead(model, window(name, values[:origin]), HORIZON)
                for step, value in enumerate(bounded(name, said), 1):
                    if origin + step <= len(values):
                        error = value - values[origin + step - 1]
                        found.setdefault((name, model, step), []).append(error)
    return {key: np.array(each) for key, each in found.items()}


def test_loss_rates_are_those_that_paper_06_prints(series):
    printed = [1.3406, 0.0295, 0.0751, 0.0003, 0.0276, 0.0010, 0.1267, 0.3644, 0.0457]
    assert_allclose(series[FUJIAN], printed, atol=5.1e-5)
    printed = [0.0931, 0.0097, 0.0252, 0.0418, 0.0491, 0.0540, 0.0539]
    assert_allclose(series[HAIL], printed, atol=5.1e-5)


def test_grey_models_agree_with_the_matrices(warehouse, series):
    shown = projects.table(warehouse, "select * from marts.fct_forecast_models")
    assert set(shown["series_id"]) == set(series)
    for row in shown.itertuples():
        values = window(row.series_id, series[row.series_id])
        a, u, curve = grey_forecast(values, 0)
        assert row.development_coefficient == approx(a, abs=1e-8)
        assert row.grey_input == approx(u, abs=1e-8)
        residuals = values - curve
        ratio = np.sqrt(residuals.var() / values.var())
        assert row.variance_ratio == approx(ratio, abs=1e-7)
        small = abs(residuals - residuals.mean()) < 0.6745 * values.std()
        assert row.small_error_probability == approx(small.mean())
        assert row.mape_pct == approx(100 * np.mean(abs(residuals / values)[1:]))
        ratios = values[:-1] / values[1:]
        inside = abs(np.log(ratios)) < 2 / (len(values) + 1)
        assert row.level_ratio_pass_share == approx(inside.mean())
        assert row.is_level_ratio_passed == inside.all()
        assert row.highest_level_ratio == approx(ratios.max())


def test_backtests_agree(warehouse, errors, series):
    shown = projects.table(warehouse, "select * from marts.fct_forecast_backtests")
    assert len(shown) == len(series) * len(MODELS) * HORIZON
    for row in shown.itertuples():
        own = errors.get((row.series_id, row.model, row.horizon_years), np.empty(0))
        assert row.origin_count == len(own)
        if not len(own):
            assert np.isnan(row.mean_absolute_error) and not row.is_best_model
            continue
        assert row.mean_absolute_error == approx(abs(own).mean(), abs=1e-8)
        squared = np.sqrt((own**2).mean())
        assert row.root_mean_squared_error == approx(squared, abs=1e-8)
        naive = abs(errors[(row.series_id, "naive", row.horizon_years)]).mean()
        assert row.mae_by_naive == approx(abs(own).mean() / naive, rel=1e-6)
    best = shown[shown["is_best_model"]]
    least = shown.groupby(["series_id", "horizon_years"])["mean_absolute_error"].min()
    chosen = best.set_index(["series_id", "horizon_years"])["mean_absolute_error"]
    assert_allclose(chosen.sort_index(), least.dropna().sort_index(), atol=1e-11)


def half_width(name, model, step, errors):
    """Half the interval: of pooled errors for D, Student's t for loss rates."""
    own = errors.get((name, model, step), np.empty(0))
    if name.startswith("loss_rate"):
        if len(own) < 2:
            return np.nan
        return np.sqrt((own**2).mean()) * student.ppf(0.9, len(own))
    study = name.rsplit(":", 1)[0] + ":"
    pooled = [
        each
        for (other, by, ahead_by), found in errors.items()
        if other.startswith(study) and (by, ahead_by) == (model, step)
        for each in abs(found)
    ]
    if len(pooled) < 20:  # one for each of the 16 cities of Anhui
        return np.nan
    # the least error that at least 0.8 (m + 1) of them do not exceed
    needed = round(0.8 * (len(pooled) + 1), 9)
    return min(e for e in pooled if sum(np.array(pooled) <= e) >= needed)


def test_forecasts_and_their_intervals_agree(warehouse, series, errors):
    shown = projects.table(
        warehouse,
        "select * from marts.fct_forecasts where horizon_years is not null",
    )
    assert len(shown) == len(series) * len(MODELS) * HORIZON
    widths = {}
    for row in shown.itertuples():
        name, step = row.series_id, int(row.horizon_years)
        said = ahead(row.model, window(name, series[name]), HORIZON)[step - 1]
        assert row.forecast == approx(bounded(name, said), abs=1e-8)
        assert row.is_cut == (abs(bounded(name, said) - said) > 1e-12)
        key = (name if "loss" in name else row.study_id, row.model, step)
        if key not in widths:
            widths[key] = half_width(name, row.model, step, errors)
        width = widths[key]
        if np.isnan(width):
            assert np.isnan(row.lower_bound) and np.isnan(row.upper_bound)
            assert row.interval_basis == "none"
            continue
        low, high = bounded(
            name, np.array([row.forecast - width, row.forecast + width])
        )
        assert row.lower_bound == approx(low, abs=1e-8)
        assert row.upper_bound == approx(high, abs=1e-8)
        basis = "rmse_t" if "loss" in name else "pooled_errors"
        assert row.interval_basis == basis
        own = errors[(name, row.model, step)]
        assert row.backtest_mean_absolute_error == approx(abs(own).mean(), abs=1e-8)


def test_the_years_of_a_series_carry_what_was_observed(warehouse, series):
    shown = projects.table(
        warehouse,
        """
        select series_id, model, observed, fitted, is_training_year
        from marts.fct_forecasts where horizon_years is null
        order by series_id, model, year
        """,
    )
    for (name, model), rows in shown.groupby(["series_id", "model"]):
        assert_allclose(rows["observed"], series[name], atol=1e-11)
        training = rows[rows["is_training_year"]]
        assert len(training) == len(window(name, series[name]))
        if model == "gm11":
            curve = grey_forecast(training["observed"].to_numpy(), 0)[2]
            assert_allclose(training["fitted"], curve, atol=1e-8)
    typhoon = shown[(shown["series_id"] == FUJIAN) & (shown["model"] == "gm11")]
    assert not typhoon["is_training_year"].iloc[:5].any()


def test_what_is_underwritten_follows_from_the_forecasts(warehouse, series):
    shown = projects.table(warehouse, "select * from marts.fct_underwriting_decisions")
    assert len(shown) == 3 * 2 * 2
    shown = shown.set_index(["attitude_set_id", "region_code", "loss_rate_basis"])
    hazards = {"350000": [FUJIAN], "520000": [HAIL, "loss_rate_pct:520000:flood"]}
    for (_, region, basis), row in shown.iterrows():
        rate = sum(
            max(ahead("gm11", series[name][-4:], 1)[0], 0)
            if basis == "gm11_forecast"
            else series[name].mean()
            for name in hazards[region]
        )
        u1, u2 = row["client_risk_attitude"], row["insurer_risk_attitude"]
        limit = 100 * (2 - u1 - 1 / u2) / (1 - u1)
        assert row["year"] == 2025
        assert row["expected_loss_rate_pct"] == approx(rate, abs=1e-8)
        assert row["maximum_loss_rate_pct"] == approx(limit, abs=1e-8)
        assert (row["decision"] == "underwrite") == (rate <= limit)
        if rate <= limit:
            assert row["premium_rate_low_pct"] == approx(100 / u2 - 100 + rate)
            assert row["premium_rate_chosen_pct"] == approx(100 - u1 * (100 - rate))
    paper = shown.loc["paper_06"]
    assert paper["maximum_loss_rate_pct"].round(4).eq(0.4331).all()
    assert set(paper["decision"]) == {"underwrite"}
    assert set(shown.loc["insurer_0_750"]["limit_class"]) == {"reject_all"}


def test_the_surface_holds_the_whole_grid(warehouse):
    shown = projects.table(
        warehouse, "select * from marts.fct_underwriting_sensitivity"
    )
    assert len(shown) == 21 * 21 * 2 * 2
    u1, u2 = shown["client_risk_attitude"], shown["insurer_risk_attitude"]
    limit = 100 * (2 - u1 - 1 / u2) / (1 - u1).where(u1 < 1)
    assert_allclose(shown["maximum_loss_rate_pct"], limit, atol=1e-8)
    known = shown[u1 < 1]
    within = known["expected_loss_rate_pct"] <= known["maximum_loss_rate_pct"]
    assert within.eq(known["decision"] == "underwrite").all()
    classes = known.groupby("limit_class")["maximum_loss_rate_pct"].agg(["min", "max"])
    assert classes.at["reject_all", "max"] < 0 <= classes.at["limited", "min"]
    assert classes.at["limited", "max"] < 100 <= classes.at["accept_all", "min"]
    assert set(shown.loc[u1 == 1, "decision"]) == {"not_decided"}
