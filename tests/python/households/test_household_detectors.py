"""Winsorising, features, scaling and detectors, against hand counts and libraries."""

import warnings

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from pandas.testing import assert_frame_equal
from scipy.stats import rankdata
from screening import PARAMETERS
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import LocalOutlierFactor
from sklearn.preprocessing import RobustScaler

from coupling.households.detectors import (
    DETECTORS,
    detect,
    household_features,
    local_outlier_factor,
    scale,
    winsorise,
)
from coupling.households.evaluation import screen
from coupling.households.imputation import AMOUNTS, FAMILY_SIZE
from coupling.households.simulation import simulate

INCOME, EXPENDITURE, ASSETS, DEBT = AMOUNTS
REGIONS = ["110000", "310000", "440000", "520000"]


@pytest.fixture(scope="module")
def survey():
    return simulate(REGIONS, 600, seed=5)[0]


@pytest.fixture(scope="module")
def screened(survey):
    return screen(survey, PARAMETERS)


@pytest.fixture(scope="module")
def points():
    """Three correlated, heavy-tailed features of 400 households, scaled."""
    rng = np.random.default_rng(11)
    values = rng.standard_t(4, (400, 3)) @ [[1, 0.6, 0.2], [0, 1, 0.3], [0, 0, 1]]
    return scale(households(values))


def households(values, names="abcdefgh"):
    """Features by household, [N, J]."""
    values = np.asarray(values, dtype=float)
    ids = pd.Index([f"h{i:04}" for i in range(len(values))], name="household_id")
    return pd.DataFrame(values, ids, list(names[: values.shape[1]]))


def of(detections, detector):
    return detections[detections["detector"] == detector].reset_index(drop=True)


# --- winsorising ------------------------------------------------------------------


def test_values_beyond_the_quantiles_are_pulled_back_with_a_row_each():
    ids = [f"h{i:03}" for i in range(101)]
    frame = pd.DataFrame({"household_id": ids, INCOME: np.arange(101.0)})
    result, treated = winsorise(frame, [INCOME], 0.01, 0.99)
    assert_array_equal(result[INCOME], np.clip(np.arange(101), 1, 99))
    assert treated.to_dict("list") == {
        "household_id": ["h000", "h100"],
        "column_name": [INCOME] * 2,
        "value": [0, 100],
        "winsorised_value": [1, 99],
        "bound": ["lower", "upper"],
    }


def test_a_quantile_between_two_values_is_the_outer_one():
    frame = pd.DataFrame({"household_id": list("abcd"), INCOME: [1.0, 2, 3, 4]})
    result, treated = winsorise(frame, [INCOME], 0.4, 0.6)
    # 0.4 lies between 2 and 3, 0.6 between 2 and 3 as well
    assert_array_equal(result[INCOME], [2, 2, 3, 3])
    assert_array_equal(treated["bound"], ["lower", "upper"])


def test_winsorising_again_changes_nothing(survey):
    once, treated = winsorise(survey, AMOUNTS, 0.01, 0.99)
    twice, again = winsorise(once, AMOUNTS, 0.01, 0.99)
    assert len(treated) > 20
    assert_frame_equal(twice, once)
    assert again.empty
    assert list(again) == list(treated)


def test_winsorising_leaves_gaps_and_other_columns(survey):
    result, treated = winsorise(survey, [INCOME, DEBT], 0.01, 0.99)
    assert_array_equal(result.isna(), survey.isna())
    assert set(treated["column_name"]) == {INCOME, DEBT}
    others = survey.columns.difference([INCOME, DEBT])
    assert_frame_equal(result[others], survey[others])


def test_columns_without_values_are_not_winsorised(survey):
    frame = survey.assign(**{DEBT: np.nan}).drop(columns=ASSETS)
    result, treated = winsorise(frame, [ASSETS, DEBT], 0.01, 0.99)
    assert_frame_equal(result, frame)
    assert treated.empty


@pytest.mark.parametrize("quantiles", [(0.9, 0.1), (0.5, 0.5), (-0.1, 1), (0, 1.1)])
def test_quantiles_out_of_order_are_refused(survey, quantiles):
    with pytest.raises(ValueError, match="cannot winsorise"):
        winsorise(survey, [INCOME], *quantiles)


# --- features ---------------------------------------------------------------------


def completed(**columns):
    rows = len(next(iter(columns.values())))
    ids = [f"h{i}" for i in range(rows)]
    return pd.DataFrame({"household_id": ids, **columns}).astype(
        dict.fromkeys(columns, float)
    )


def test_ratios_and_features_of_a_survey_computed_by_hand():
    frame = completed(
        **{
            INCOME: [100, 200, 400],
            EXPENDITURE: [50, 200, 100],
            ASSETS: [1000, 500, 2000],
            DEBT: [0, 250, 1000],
            FAMILY_SIZE: [1, 4, 2],
        }
    )
    features, ratios = household_features(frame, 0, 1, 0.05)
    assert_allclose(ratios["income_expenditure_ratio"], [0.5, 1, 0.25])
    assert_allclose(ratios["asset_debt_ratio"], [0, 0.5, 0.5])
    assert_allclose(ratios["per_capita_income"], [100, 50, 200])
    assert_allclose(ratios["asset_income_ratio"], [10, 2.5, 5])
    assert not ratios.filter(like="_floored").any(axis=None)
    assert ratios.filter(like="_floored").shape == (3, 4)
    # medians of the ratios are 0.5, 100 and 5
    expected = {
        "log_income_expenditure_ratio": np.log([1, 2, 0.5]),
        "log_asset_debt_ratio": np.log([1, 1.5, 1.5]),
        "log_per_capita_income": np.log([1, 0.5, 2]),
        "log_asset_income_ratio": np.log([2, 0.5, 1]),
    }
    assert list(features) == list(expected)
    for name, values in expected.items():
        assert_allclose(features[name], values, atol=1e-9)
    assert_array_equal(features.index, frame["household_id"])


def test_a_small_zero_or_negative_denominator_is_replaced_by_the_floor():
    frame = completed(
        **{
            INCOME: [100, 100, 100, 100, 5, 4, 0, -300],
            EXPENDITURE: [50] * 8,
            ASSETS: [0, 49, 50, 1000, 1000, 1000, 1000, 1000],
            DEBT: [10] * 8,
            FAMILY_SIZE: [1, 2, 0, -1, 1, 1, 1, 1],
        }
    )
    _, ratios = household_features(frame, 0, 1, 0.05)
    # medians of the positive incomes and assets are 100 and 1000: floors 5 and 50
    spent = ratios["income_expenditure_ratio"]
    assert_allclose(spent, [0.5, 0.5, 0.5, 0.5, 10, 10, 10, 10])
    assert_array_equal(
        ratios["income_expenditure_ratio_floored"], [False] * 5 + [True] * 3
    )
    assert_allclose(ratios["asset_debt_ratio"], [0.2, 0.2, 0.2, *[0.01] * 5])
    assert_array_equal(ratios["asset_debt_ratio_floored"], [True] * 2 + [False] * 6)
    per_head = ratios["per_capita_income"]
    assert_allclose(per_head, [100, 50, 100, 100, 5, 4, 0, -300])
    assert_array_equal(
        ratios["per_capita_income_floored"], [False] * 2 + [True] * 2 + [False] * 4
    )


def test_features_are_finite_and_bounded_below_by_the_floor():
    frame = completed(
        **{
            INCOME: [100, 100, 100, 0, -50],
            EXPENDITURE: [80, 80, 0, 80, 80],
            ASSETS: [500, 500, 500, 0, 500],
            DEBT: [0, 0, 0, 900, -10],
            FAMILY_SIZE: [1] * 5,
        }
    )
    features, _ = household_features(frame, 0, 1, 0.05)
    assert np.isfinite(features).all(axis=None)
    assert_allclose(features["log_income_expenditure_ratio"].iloc[2], np.log(0.05))
    assert_allclose(features["log_per_capita_income"].iloc[3:], np.log(0.05))
    assert_allclose(features["log_asset_debt_ratio"].iloc[4], 0)


def test_features_winsorise_the_amounts_first(survey):
    whole = survey.dropna()
    features, ratios = household_features(whole, 0.01, 0.99, 0.05)
    treated, _ = winsorise(whole, AMOUNTS, 0.01, 0.99)
    for expected, found in zip(
        household_features(treated, 0, 1, 0.05), (features, ratios), strict=True
    ):
        assert_frame_equal(found, expected)
    plain, _ = household_features(whole, 0, 1, 0.05)
    assert (plain != features).any(axis=None)


def test_a_survey_of_two_columns_has_the_one_feature_they_allow():
    frame = completed(**{INCOME: [10, 20, 30], EXPENDITURE: [9, 8, 7]})
    frame = frame.assign(**{ASSETS: np.nan, FAMILY_SIZE: np.nan})
    features, ratios = household_features(frame, 0, 1, 0.05)
    assert list(features) == ["log_income_expenditure_ratio"]
    assert list(ratios) == [
        "income_expenditure_ratio",
        "income_expenditure_ratio_floored",
    ]


def test_a_denominator_that_is_never_positive_makes_no_feature():
    frame = completed(**{INCOME: [0, 0, -1], EXPENDITURE: [9, 8, 7], ASSETS: [1, 2, 3]})
    features, ratios = household_features(frame, 0, 1, 0.05)
    assert features.columns.empty
    assert ratios.columns.empty


def test_a_ratio_that_is_never_positive_makes_no_feature():
    frame = completed(**{INCOME: [1, 2, 3], EXPENDITURE: [0, 0, 0], ASSETS: [1, 2, 3]})
    features, ratios = household_features(frame, 0, 1, 0.05)
    assert list(features) == ["log_asset_income_ratio"]
    assert list(ratios) == ["asset_income_ratio", "asset_income_ratio_floored"]


def test_features_of_a_survey_with_gaps_are_refused():
    frame = completed(**{INCOME: [1, np.nan, np.nan], EXPENDITURE: [1, 2, 3]})
    with pytest.raises(ValueError, match=f"{INCOME} is missing for 2 household"):
        household_features(frame, 0, 1, 0.05)


# --- scaling ----------------------------------------------------------------------


def test_scaling_agrees_with_scikit_learn():
    features = households(np.random.default_rng(3).lognormal(size=(200, 3)))
    direct = RobustScaler(quantile_range=(10, 90)).fit_transform(features)
    assert_allclose(scale(features, 0.1, 0.9), direct, atol=1e-8)


def test_a_feature_without_a_range_is_divided_by_its_standard_deviation():
    debt = np.zeros(100)
    debt[:4] = [2, 4, 6, 8]
    scaled = scale(households(np.column_stack([debt, np.arange(100)])))
    assert_allclose(scaled["a"], debt / debt.std(), atol=1e-9)
    assert_allclose(scaled["b"].max() - scaled["b"].min(), 99 / (0.9 * 99))


def test_a_constant_feature_is_dropped_also_if_only_the_last_bit_varies():
    last_bit = np.where(np.arange(50) % 2, 0.1 + 0.2, 0.3)
    features = households(np.column_stack([np.arange(50), np.full(50, 7), last_bit]))
    assert list(scale(features)) == ["a"]
    assert scale(features[["b", "c"]]).shape == (50, 0)


def test_scaled_features_have_nine_decimals_and_sorted_rows(points):
    assert_array_equal(points, points.round(9))
    assert_frame_equal(scale(points.sample(frac=1, random_state=1)), scale(points))


# --- detectors --------------------------------------------------------------------


def test_three_sigma_is_the_largest_distance_from_a_mean(points):
    found = of(detect(points, PARAMETERS), "three_sigma")
    values = points.to_numpy()
    deviations = []
    for column in values.T:
        mean = sum(column) / len(column)
        sd = np.sqrt(sum((column - mean) ** 2) / len(column))
        deviations.append(abs(column - mean) / sd)
    assert_allclose(found["score"], np.max(deviations, axis=0))
    assert_array_equal(found["threshold"], 3)
    assert_array_equal(found["is_flagged"], np.max(deviations, axis=0) > 3)
    assert 0 < found["is_flagged"].sum() < 100


def test_isolation_forest_agrees_with_scikit_learn_called_directly(points):
    found = of(detect(points, PARAMETERS), "isolation_forest")
    values = points.to_numpy()
    forest = IsolationForest(
        n_estimators=50, max_samples=256, random_state=2022, contamination=0.05
    ).fit(values)
    assert_array_equal(found["score"], -forest.score_samples(values))
    assert_array_equal(found["is_flagged"], forest.predict(values) == -1)
    assert found["is_flagged"].sum() == 20


def test_local_outlier_factor_agrees_with_scikit_learn_called_directly(points):
    found = of(detect(points, PARAMETERS), "local_outlier_factor")
    # 100 of 2000 points are 20 of 400
    model = LocalOutlierFactor(n_neighbors=20, contamination=0.05)
    predicted = model.fit_predict(points.to_numpy())
    assert_allclose(found["score"], -model.negative_outlier_factor_, rtol=1e-12)
    assert_array_equal(found["is_flagged"], predicted == -1)
    assert found["is_flagged"].sum() == 20


def test_a_household_of_a_small_survey_still_has_ten_neighbours(points):
    values = points.to_numpy()[:60]
    model = LocalOutlierFactor(n_neighbors=10).fit(values)
    found = local_outlier_factor(values, 100, 2000, 1, None).scores
    assert_allclose(found, -model.negative_outlier_factor_, rtol=1e-12)


def test_a_large_survey_is_compared_with_a_sample_of_it(points):
    values = points.to_numpy()
    found = local_outlier_factor(values, 15, 150, 2022, None).scores
    distinct = np.unique(values, axis=0)
    drawn = np.sort(np.random.default_rng(2022).permutation(400)[:150])
    model = LocalOutlierFactor(n_neighbors=15, novelty=True).fit(distinct[drawn])
    in_sample = (values[:, None] == distinct[drawn]).all(axis=2).any(axis=1)
    assert in_sample.sum() == 150
    assert_allclose(found[~in_sample], -model.score_samples(values[~in_sample]))
    alone = LocalOutlierFactor(n_neighbors=15).fit(distinct[drawn])
    assert_allclose(np.sort(found[in_sample]), np.sort(-alone.negative_outlier_factor_))


def test_chunks_do_not_change_the_factors_of_a_large_survey(points, monkeypatch):
    values = points.to_numpy()
    whole = local_outlier_factor(values, 15, 150, 2022, None).scores
    monkeypatch.setattr("coupling.households.detectors.CHUNK", 37)
    assert_allclose(local_outlier_factor(values, 15, 150, 2022, None).scores, whole)


def test_equal_households_get_equal_and_finite_factors(points):
    values = points.to_numpy()
    with_copies = np.vstack([values, np.repeat(values[:1], 200, axis=0)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = local_outlier_factor(with_copies, 100, 2000, 1, None).scores
    alone = local_outlier_factor(values, 100, 2000, 1, None).scores
    assert_array_equal(found[:400], alone)
    assert_array_equal(found[400:], found[0])


def test_survey_of_two_kinds_of_household_has_no_local_outlier():
    two_kinds = np.repeat([[0.0], [1.0]], 20, axis=0)
    found = local_outlier_factor(two_kinds, 100, 2000, 1, 1).scores
    assert_array_equal(found, 1)


def test_vote_counts_the_three_detectors_and_needs_two(points):
    found = detect(points, PARAMETERS)
    flags = [
        of(found, name)["is_flagged"]
        for name in ("three_sigma", "isolation_forest", "local_outlier_factor")
    ]
    votes = sum(flag.astype(int) for flag in flags)
    vote = of(found, "vote")
    assert_array_equal(vote["score"], votes)
    assert_array_equal(vote["threshold"], 2)
    assert_array_equal(vote["is_flagged"], votes >= 2)
    assert set(votes) == {0, 1, 2, 3}


def test_mean_rank_is_the_mean_of_ranks_from_zero_to_one(points):
    found = detect(points, PARAMETERS)
    ranks = [
        (rankdata(of(found, name)["score"]) - 1) / 399
        for name in ("three_sigma", "isolation_forest", "local_outlier_factor")
    ]
    mean = of(found, "mean_rank")
    assert_allclose(mean["score"], np.mean(ranks, axis=0))
    assert_allclose(mean["threshold"], np.quantile(np.mean(ranks, axis=0), 0.95))
    assert_array_equal(mean["is_flagged"], mean["score"] > mean["threshold"])


# --- what made a flag ----------------------------------------------------------------


def scores_of(points, moved, row):
    """Each detector's score of `row` if it lay at `moved`, by scikit-learn alone."""
    forest = IsolationForest(n_estimators=50, max_samples=256, random_state=2022)
    forest.fit(points)
    factors = LocalOutlierFactor(n_neighbors=20, novelty=True).fit(points)
    own = LocalOutlierFactor(n_neighbors=20).fit(points).negative_outlier_factor_
    everyone = {
        "three_sigma": (abs(points - points.mean(0)) / points.std(0)).max(axis=1),
        "isolation_forest": -forest.score_samples(points),
        "local_outlier_factor": -own,
    }
    limits = {name: np.quantile(one, 0.95) for name, one in everyone.items()}
    limits["three_sigma"] = 3
    distance = abs(moved - points.mean(0)) / points.std(0)
    single = {
        "three_sigma": distance.max(),
        "isolation_forest": -forest.score_samples(moved[None])[0],
        "local_outlier_factor": -factors.score_samples(moved[None])[0],
    }
    ranks = []
    for name, score in single.items():
        others = everyone[name].copy()
        others[row] = score
        ranks.append((rankdata(others)[row] - 1) / (len(points) - 1))
    votes = sum(score > limits[name] for name, score in single.items())
    return single | {"vote": votes, "mean_rank": np.mean(ranks)}


def test_the_main_feature_is_the_one_without_which_the_score_falls_most(points):
    found = detect(points, PARAMETERS)
    values, names = points.to_numpy(), list(points)
    rows = {household: row for row, household in enumerate(points.index)}
    flagged = found[found["is_flagged"]]
    for household, of_household in list(flagged.groupby("household_id"))[:12]:
        row = rows[household]
        without = []
        for j in range(len(names)):
            moved = values[row].copy()
            moved[j] = np.median(values[:, j])
            without.append(scores_of(values, moved, row))
        without = pd.DataFrame(without, names)
        distance = abs(values[row] - values.mean(0)) / values.std(0)
        for one in of_household.itertuples():
            left = without[one.detector].astype(float)
            assert left[one.main_feature] == pytest.approx(one.score_at_median)
            if one.detector == "three_sigma":
                assert one.main_feature == names[distance.argmax()]
            else:
                assert left[one.main_feature] == pytest.approx(left.min())
            if one.detector == "vote":
                # of equal votes the one without which the mean rank falls most
                tied = without.loc[left == left.min(), "mean_rank"]
                assert one.main_feature == tied.idxmin()
    assert set(flagged["detector"]) == set(DETECTORS)


def test_who_is_not_flagged_has_no_main_feature(points):
    found = detect(points, PARAMETERS)
    assert_array_equal(found["main_feature"].notna(), found["is_flagged"])
    assert_array_equal(found["score_at_median"].notna(), found["is_flagged"])


def test_of_equally_far_features_the_mean_rank_decides():
    rng = np.random.default_rng(8)
    column = np.concatenate([rng.normal(size=199), [9.0]])
    found = detect(households(np.column_stack([column, column]), "ba"), PARAMETERS)
    flagged = of(found, "three_sigma").query("is_flagged")
    assert flagged["household_id"].tolist() == ["h0199"]
    ranked = of(found, "mean_rank").query("household_id == 'h0199'")
    assert flagged["main_feature"].tolist() == ranked["main_feature"].tolist()
    # the other one is as far
    assert flagged["score_at_median"].tolist() == flagged["score"].tolist()


def test_a_feature_further_in_scaled_units_need_not_be_the_one_that_flags():
    """As debt, which most households have none of: a narrow range, a wide spread."""
    rng = np.random.default_rng(5)
    spending = rng.normal(size=400)
    debt = rng.choice([0.0, 1.0], 400, p=[0.93, 0.07]) * rng.uniform(0, 8, 400)
    spending[0], debt[0] = 4.2, 4.5
    scaled = scale(households(np.column_stack([debt, spending])))
    row = of(detect(scaled, PARAMETERS), "three_sigma").iloc[0]
    distance = (spending[0] - spending.mean()) / spending.std()
    assert row["score"] == pytest.approx(distance) and row["main_feature"] == "b"
    assert scaled.loc["h0000", "a"] > scaled.loc["h0000", "b"]


def test_one_row_per_detector_and_household_sorted(points):
    found = detect(points.sample(frac=1, random_state=4), PARAMETERS)
    assert_array_equal(found["detector"], np.repeat(DETECTORS, 400))
    assert_array_equal(found["household_id"], np.tile(points.index, 5))


def test_the_number_of_jobs_changes_nothing(points):
    assert_frame_equal(detect(points, PARAMETERS, n_jobs=2), detect(points, PARAMETERS))


@pytest.mark.parametrize(
    "features", [np.zeros((40, 0)), np.ones((40, 2)), np.array([[1.0, 2.0]])]
)
def test_detectors_refuse_what_does_not_vary(features):
    with pytest.raises(ValueError, match="at least two households and one feature"):
        detect(households(features), PARAMETERS)


# --- the whole screen -------------------------------------------------------------


def test_the_order_of_rows_and_columns_changes_nothing(survey, screened, points):
    shuffled = survey.sample(frac=1, random_state=9).reset_index(drop=True)
    assert_frame_equal(screen(shuffled, PARAMETERS), screened)
    assert_frame_equal(
        detect(points[list("cab")], PARAMETERS), detect(points, PARAMETERS)
    )


@pytest.mark.parametrize("factor", [7.3, 0.001, 1 / 3])
def test_the_unit_of_money_changes_no_flag(survey, screened, factor):
    other = survey.assign(**survey[AMOUNTS] * factor)
    found = screen(other, PARAMETERS)
    assert_frame_equal(found, screened)


def test_an_exact_copy_under_another_id_gets_the_same_results(survey, screened):
    copy = survey.assign(survey_id="simulated_copy")
    both = pd.concat([copy, survey], ignore_index=True)
    for _, rows in both.groupby("survey_id"):
        assert_frame_equal(screen(rows, PARAMETERS), screened)


def test_another_seed_changes_the_forest_but_hardly_the_flags(survey, screened):
    other = screen(survey, PARAMETERS | {"seed": 1})
    assert (of(other, "isolation_forest")["score"] != screened["score"][:600]).any()
    assert (other["is_flagged"] == screened["is_flagged"]).mean() > 0.97


@pytest.mark.parametrize(
    "amounts",
    [
        {DEBT: 3e6, ASSETS: 5e4},
        {EXPENDITURE: 1.5e6, INCOME: 6e4},
        {INCOME: 3e3, EXPENDITURE: 1.5e5, ASSETS: 1e6},
        {INCOME: 1.2e4, EXPENDITURE: 1e4, ASSETS: 5e7},
    ],
    ids=["debt spiral", "overspending", "hidden income", "asset-rich and cash-poor"],
)
def test_a_planted_extreme_is_found_by_every_detector(survey, amounts):
    planted = survey.copy()
    row = planted.index[17]
    planted.loc[row, [*AMOUNTS, FAMILY_SIZE]] = [8e4, 6e4, 4e5, 0, 3]
    planted.loc[row, list(amounts)] = list(amounts.values())
    found = screen(planted, PARAMETERS).set_index("household_id")
    flags = found.loc[planted.at[row, "household_id"]].set_index("detector")
    assert flags["is_flagged"].all(), flags


def test_an_ordinary_household_is_found_by_no_detector(survey):
    planted = survey.copy()
    planted.loc[17, [*AMOUNTS, FAMILY_SIZE]] = [8e4, 6e4, 4e5, 0, 3]
    found = screen(planted, PARAMETERS).set_index("household_id")
    assert not found.loc[planted.at[17, "household_id"], "is_flagged"].any()
