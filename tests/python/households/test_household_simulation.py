"""The simulated survey, the imputation of its gaps, the evaluation on its labels."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from pandas.testing import assert_frame_equal
from screening import PARAMETERS
from sklearn.experimental import enable_iterative_imputer  # noqa: F401, for the next
from sklearn.impute import IterativeImputer

from coupling.base.paths import Paths
from coupling.households.evaluation import MEASURES, compare, evaluate, summary
from coupling.households.imputation import AMOUNTS, FAMILY_SIZE, impute
from coupling.households.simulation import KINDS, SURVEY_ID, simulate

REGIONS = pd.read_csv(Paths().seeds / "reference" / "regions.csv", dtype=str).query(
    "level == 'province'"
)["region_code"]
REGIONS = REGIONS.tolist()
CELLS = [*AMOUNTS, FAMILY_SIZE]
INCOME, EXPENDITURE, ASSETS, DEBT = AMOUNTS


@pytest.fixture(scope="module")
def small():
    return simulate(REGIONS)


@pytest.fixture(scope="module")
def large():
    return simulate(REGIONS, 100_000, seed=1)


# --- simulation -------------------------------------------------------------------


def test_the_same_arguments_give_the_same_survey(small):
    for frame, again in zip(small, simulate(REGIONS), strict=True):
        assert_frame_equal(frame, again)


def test_another_seed_gives_other_households(small):
    other, _ = simulate(REGIONS, seed=2023)
    assert (other[INCOME] != small[0][INCOME]).mean() > 0.9


@pytest.mark.parametrize("households", [1, 31, 2001])
def test_a_survey_has_any_size_asked_for(households):
    survey, labels = simulate(REGIONS, households)
    assert len(survey) == len(labels) == households
    assert survey["household_id"].is_unique
    assert survey["household_id"].is_monotonic_increasing
    assert_frame_equal(
        survey[["survey_id", "household_id"]], labels[["survey_id", "household_id"]]
    )


@pytest.mark.parametrize("arguments", [([], 10), (REGIONS, 0), (REGIONS, 10, 1, ())])
def test_a_survey_of_nothing_is_refused(arguments):
    with pytest.raises(ValueError, match="at least one"):
        simulate(*arguments)


def test_each_kind_is_planted_in_an_eightieth_of_the_households(small):
    counts = small[1]["anomaly_kind"].value_counts().to_dict()
    assert counts == {"none": 1900, **dict.fromkeys(KINDS, 25)}


def test_the_survey_says_that_it_is_simulated(small):
    assert SURVEY_ID.startswith("simulated_")
    assert set(small[0]["survey_id"]) == set(small[1]["survey_id"]) == {SURVEY_ID}


def test_years_are_spread_evenly_and_all_regions_have_households(small):
    survey, _ = small
    assert survey["survey_year"].value_counts().to_dict() == {2020: 1000, 2022: 1000}
    assert set(survey["region_code"]) == set(REGIONS)
    assert set(simulate(REGIONS, 50, years=[2018])[0]["survey_year"]) == {2018}


def test_regions_differ_in_income(large):
    medians = large[0].groupby("region_code")[INCOME].median()
    assert medians.max() > 1.5 * medians.min()


def test_amounts_are_yuan_of_a_plausible_size_in_whole_hundreds(large):
    survey, _ = large
    assert 70_000 < survey[INCOME].median() < 90_000
    assert 50_000 < survey[EXPENDITURE].median() < 70_000
    assert 300_000 < survey[ASSETS].median() < 550_000
    assert 0.66 < (survey[DEBT].dropna() == 0).mean() < 0.74
    assert 0 < (survey[INCOME] <= 0).mean() < 0.01
    assert (survey[[EXPENDITURE, ASSETS]].min() > 0).all()
    assert survey[DEBT].min() == 0
    assert (survey[AMOUNTS].dropna() % 100 == 0).all(axis=None)
    assert set(survey[FAMILY_SIZE].dropna()) == set(range(1, 9))
    assert_allclose(survey["weight"].mean(), 1)


@pytest.mark.parametrize("column", AMOUNTS)
def test_the_upper_tail_is_heavier_than_a_lognormal_one(large, column):
    survey, labels = large
    value = survey.loc[labels["anomaly_kind"] == "none", column]
    logs = np.log(value[value > 0])
    quartile, middle, high = logs.quantile([0.25, 0.5, 0.9995])
    # 0.9995 lies 3.2905 and the quartile 0.6745 standard deviations from the middle
    lognormal = middle + 3.2905 / 0.6745 * (middle - quartile)
    assert high > lognormal + 0.2


def test_income_expenditure_assets_and_size_go_together(large):
    ranks = large[0][CELLS].corr("spearman")
    assert 0.6 < ranks.loc[INCOME, EXPENDITURE] < 0.8
    assert 0.45 < ranks.loc[INCOME, ASSETS] < 0.7
    assert 0.05 < ranks.loc[INCOME, DEBT] < 0.3
    assert 0.2 < ranks.loc[INCOME, FAMILY_SIZE] < 0.4
    assert 0.25 < ranks.loc[EXPENDITURE, FAMILY_SIZE] < 0.5


def test_a_twenty_fifth_of_each_column_is_missing(large):
    assert_allclose(large[0][CELLS].isna().mean(), 0.04, atol=0.005)
    assert large[0].drop(columns=CELLS).notna().all(axis=None)


def test_gaps_depend_on_family_size_and_region_only(large):
    survey, labels = large
    is_gap = survey[DEBT].isna()
    by_size = is_gap.groupby(survey[FAMILY_SIZE]).mean()
    assert by_size[6] > 1.4 * by_size[1]
    by_region = is_gap.groupby(survey["region_code"]).mean()
    assert by_region.max() > 2 * by_region.min()
    alike = survey[FAMILY_SIZE].eq(3) & survey["region_code"].eq(by_region.idxmax())
    rich = survey[INCOME] > survey.loc[alike, INCOME].median()
    # about 600 households on each side and 6 % of gaps: a standard error of 1.4 %
    assert abs(is_gap[alike & rich].mean() - is_gap[alike & ~rich].mean()) < 0.05
    assert_allclose(is_gap[labels["anomaly_kind"] != "none"].mean(), 0.04, atol=0.012)


@pytest.mark.parametrize(
    ("kind", "above", "below"),
    [
        ("debt_spiral", DEBT, ASSETS),
        ("overspending", EXPENDITURE, INCOME),
        ("hidden_income", EXPENDITURE, INCOME),
        ("asset_rich_cash_poor", ASSETS, INCOME),
    ],
)
def test_a_planted_kind_stands_out_but_not_every_household_of_it(
    large, kind, above, below
):
    survey, labels = large
    ratio = survey[above] / survey[below].where(survey[below] > 0)
    of_kind, ordinary = (ratio[labels["anomaly_kind"] == k] for k in (kind, "none"))
    assert of_kind.median() > 3 * ordinary[ordinary > 0].median()
    inside = (of_kind <= ordinary.quantile(0.99)).mean()
    assert 0.1 < inside < 0.75


# --- imputation -------------------------------------------------------------------


def test_observed_values_never_change(small):
    survey = small[0].sample(frac=1, random_state=1)
    completed, _ = impute(survey, CELLS, seed=3)
    assert_frame_equal(completed[CELLS].where(survey[CELLS].notna()), survey[CELLS])
    assert_frame_equal(completed.drop(columns=CELLS), survey.drop(columns=CELLS))
    assert completed[CELLS].notna().all(axis=None)


def test_each_filled_cell_is_told_once(small):
    survey, _ = small
    completed, imputed = impute(survey, CELLS, seed=3)
    assert len(imputed) == survey[CELLS].isna().sum().sum() > 300
    assert not imputed.duplicated(["household_id", "column_name"]).any()
    wide = completed.set_index("household_id")
    cells = zip(imputed["household_id"], imputed["column_name"], strict=True)
    assert_array_equal([wide.at[cell] for cell in cells], imputed["value"])


def test_a_single_draw_agrees_with_scikit_learn_called_directly(small):
    survey, _ = small
    _, imputed = impute(survey, CELLS, draws=1, seed=7)
    medians = survey[AMOUNTS].where(survey[AMOUNTS] > 0).median()
    model = np.arcsinh(survey[AMOUNTS] / medians).assign(
        size=np.log(survey["family_size"])
    )
    filled = IterativeImputer(sample_posterior=True, random_state=7).fit_transform(
        model
    )
    amounts = np.sinh(filled[:, :4]) * medians.to_numpy()
    amounts[:, 1:] = np.maximum(amounts[:, 1:], 0)
    size = np.maximum(np.round(np.exp(filled[:, 4:])), 1)
    direct = pd.DataFrame(np.hstack([amounts, size]), survey["household_id"], CELLS)
    cells = zip(imputed["household_id"], imputed["column_name"], strict=True)
    expected = [direct.at[cell] for cell in cells]
    assert_allclose(imputed["value"], expected, rtol=1e-5, atol=0.1)
    assert imputed["between_draw_sd"].isna().all()


def test_pooled_amounts_are_the_mean_of_their_draws(small):
    survey, _ = small
    (_, first), (_, second) = (impute(survey, CELLS, 1, seed) for seed in (7, 8))
    _, both = impute(survey, CELLS, 2, seed=7)
    is_amount = both["column_name"] != FAMILY_SIZE
    mean = (first["value"] + second["value"]) / 2
    assert_allclose(both["value"][is_amount], mean[is_amount])
    # of two draws the standard deviation is their distance by the root of 2
    spread = (first["value"] - second["value"]).abs() / np.sqrt(2)
    assert_allclose(both["between_draw_sd"][is_amount], spread[is_amount])
    assert (both["between_draw_sd"][~is_amount] > 0).all()


def test_draws_and_seeds_differ_and_the_same_seed_repeats(small):
    survey, _ = small
    _, imputed = impute(survey, CELLS, seed=7)
    assert (imputed["between_draw_sd"] > 0).mean() > 0.99
    assert_frame_equal(imputed, impute(survey, CELLS, seed=7)[1])
    other = impute(survey, CELLS, seed=70)[1]
    assert (imputed["value"] != other["value"]).mean() > 0.8


def test_filled_amounts_follow_what_the_household_said(small):
    survey = small[0].dropna(subset=AMOUNTS).reset_index(drop=True)
    hidden = survey.copy()
    hidden.loc[hidden.index[::10], INCOME] = np.nan
    completed, _ = impute(hidden, CELLS, seed=3)
    filled, truth = completed[INCOME][::10], survey[INCOME][::10]
    assert filled.corr(truth, "spearman") > 0.5


def test_amounts_below_nothing_are_filled_as_zero_but_a_loss_stays_a_loss():
    rng = np.random.default_rng(5)
    n = 200
    spending = rng.lognormal(10, 0.5, n)
    survey = pd.DataFrame(
        {
            "household_id": [f"h{i:03}" for i in range(n)],
            INCOME: -2 * spending,
            EXPENDITURE: spending,
            DEBT: np.where(rng.random(n) < 0.9, 0, 100.0),
            FAMILY_SIZE: np.where(rng.random(n) < 0.8, 1.0, 4.0),
        }
    )
    survey.loc[:39, [INCOME, DEBT, FAMILY_SIZE]] = np.nan
    _, imputed = impute(survey, CELLS, draws=1, seed=1)
    filled = imputed.groupby("column_name")["value"]
    assert filled.max()[INCOME] < 0
    assert filled.min()[DEBT] == 0 < filled.max()[DEBT]
    sizes = filled.get_group(FAMILY_SIZE)
    assert sizes.min() == 1 < sizes.max()
    assert (sizes % 1 == 0).all()


def test_columns_without_any_value_are_left_alone(small):
    survey = small[0].assign(**{ASSETS: np.nan}).drop(columns=DEBT)
    completed, imputed = impute(survey, CELLS, draws=1)
    assert completed[ASSETS].isna().all()
    assert DEBT not in completed
    assert set(imputed["column_name"]) == {INCOME, EXPENDITURE, FAMILY_SIZE}


def test_a_survey_without_gaps_is_given_back(small):
    survey = small[0].dropna()
    completed, imputed = impute(survey, CELLS)
    assert_frame_equal(completed, survey)
    assert imputed.empty
    assert list(imputed) == ["household_id", "column_name", "value", "between_draw_sd"]


def test_the_order_of_rows_changes_no_filled_value(small):
    survey, _ = small
    assert_frame_equal(
        impute(survey, CELLS, 2, 7)[1],
        impute(survey.sample(frac=1, random_state=2), CELLS, 2, 7)[1],
    )


def test_filled_amounts_are_in_the_unit_of_the_survey(small):
    survey, _ = small
    other = survey.assign(**survey[AMOUNTS] * 7.3)
    _, imputed = impute(survey, CELLS, 2, 7)
    _, scaled = impute(other, CELLS, 2, 7)
    factor = np.where(imputed["column_name"] == FAMILY_SIZE, 1, 7.3)
    assert_allclose(scaled["value"], imputed["value"] * factor)


def test_imputation_without_a_draw_is_refused(small):
    with pytest.raises(ValueError, match="at least one draw"):
        impute(small[0], CELLS, draws=0)


# --- evaluation -------------------------------------------------------------------


def detections(scores, flags):
    """Five households h0 to h4 under every detector with the same scores and flags."""
    names = ["three_sigma", "isolation_forest", "local_outlier_factor"]
    return pd.concat(
        pd.DataFrame(
            {
                "household_id": [f"h{i}" for i in range(5)],
                "detector": name,
                "score": scores,
                "is_flagged": flags,
            }
        )
        for name in [*names, "vote", "mean_rank"]
    )


def labels(*kinds):
    return pd.DataFrame(
        {"household_id": [f"h{i}" for i in range(5)], "anomaly_kind": kinds}
    )


def test_measures_of_a_case_computed_by_hand():
    found = compare(
        detections([9, 8, 7, 6, 5], [True, True, False, False, False]),
        labels("overspending", "none", "debt_spiral", "none", "none"),
    )
    # planted at places 1 and 3: precision 1 and 2/3 there; 1 of 2 and 1 of 3 flagged
    assert len(found) == 5
    assert_allclose(found["average_precision"], (1 + 2 / 3) / 2)
    assert_allclose(found["precision_at_k"], 1 / 2)
    assert_allclose(found["recall"], 1 / 2)
    assert_allclose(found["false_positive_rate"], 1 / 3)
    assert_array_equal(found[["planted", "flagged"]], [[2, 2]] * 5)


def test_equal_scores_count_with_their_expected_precision():
    found = compare(
        detections([9.0, 1, 1, 1, 1], [False] * 5),
        labels("none", "none", "debt_spiral", "none", "overspending"),
    )
    # place 1 is wrong; place 2 is drawn from four of which two were planted
    assert_allclose(found["precision_at_k"], (0 + 2 / 4) / 2)


@pytest.mark.parametrize("kind", ["none", "overspending"])
def test_a_survey_with_or_without_labels_only_cannot_be_compared(kind):
    with pytest.raises(ValueError, match="with and without a label"):
        compare(detections([1, 2, 3, 4, 5], [True] * 5), labels(*[kind] * 5))


def test_every_detector_finds_far_more_than_chance_and_the_summary_says_so():
    found = evaluate(REGIONS, PARAMETERS, seeds=[30, 31], households=1000)
    assert len(found) == 10
    assert set(found["planted"]) == {48}
    assert (found["average_precision"] > 3 * 0.048).all()
    assert (found["recall"] > 4 * found["false_positive_rate"]).all()
    assert (found["false_positive_rate"] < 0.06).all()
    table = summary(found).set_index("detector")
    assert list(table["seeds"]) == [2] * 5
    for name, rows in found.groupby("detector"):
        for measure in MEASURES:
            first, second = rows[measure]
            assert_allclose(table.at[name, f"{measure}_mean"], (first + second) / 2)
            spread = abs(first - second) / np.sqrt(2)
            assert_allclose(table.at[name, f"{measure}_sd"], spread)
