"""Clusters, forest, debt threshold, rules, consumption model and regional rates."""
# ruff: noqa: RUF001, Chinese has signs of its own

import math
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.inspection import permutation_importance
from sklearn.metrics import f1_score, silhouette_samples
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.preprocessing import RobustScaler
from threadpoolctl import threadpool_limits

from coupling.households import clusters, consumption, explanation
from coupling.households.explanation import RuleParameters

SEED = 3
HOUSEHOLDS = 400
MONEY = [
    "net_income_cny",
    "total_expenditure_cny",
    "total_assets_cny",
    "non_mortgage_debt_cny",
]


def made_up_households():
    """400 households; each sixteenth spends too much and is in debt, some a little."""
    random = np.random.default_rng(11)
    position = random.standard_normal(HOUSEHOLDS)
    income = 60_000 * np.exp(0.7 * position)
    spent = 0.7 * income * np.exp(0.3 * random.standard_normal(HOUSEHOLDS))
    spent[::16] *= random.uniform(1.5, 5, HOUSEHOLDS // 16)
    assets = 300_000 * np.exp(position + 0.5 * random.standard_normal(HOUSEHOLDS))
    debt = random.exponential(40_000, HOUSEHOLDS)
    debt[random.random(HOUSEHOLDS) < 0.6] = 0
    debt[::16] += 40_000
    size = 1.0 + random.poisson(2, HOUSEHOLDS)
    ids = pd.Index([f"h{n:03d}" for n in range(HOUSEHOLDS)], name="household_id")
    money = np.round([income, spent, assets, debt], -1)
    return pd.DataFrame(
        dict(zip(MONEY, money, strict=True)) | {"family_size": size}, index=ids
    )


def ratios_of(households):
    known = {}
    if "total_assets_cny" in households:
        known["asset_debt_ratio"] = (
            households["non_mortgage_debt_cny"] / households["total_assets_cny"]
        )
        known["per_capita_income"] = (
            households["net_income_cny"] / households["family_size"]
        )
    return pd.DataFrame(
        {
            "income_expenditure_ratio": households["total_expenditure_cny"]
            / households["net_income_cny"],
            **known,
        }
    )


def scaled_of(households):
    features = np.log1p(households)
    values = RobustScaler().fit_transform(features).round(9)
    return pd.DataFrame(values, index=households.index, columns=households.columns)


@pytest.fixture(scope="module")
def survey():
    households = made_up_households()
    rows = np.arange(HOUSEHOLDS) % 16 == 0
    return households, pd.Series(rows, index=households.index, name="is_anomaly")


@pytest.fixture(scope="module")
def shuffled(survey):
    """The same households in another order, money in another unit."""
    households, flags = survey
    order = np.random.default_rng(5).permutation(HOUSEHOLDS)
    moved = households.iloc[order].copy()
    moved[MONEY] *= 7.3
    return moved, flags.iloc[order[::-1]]


@pytest.fixture
def few_trees(monkeypatch):
    monkeypatch.setitem(explanation.FOREST, "n_estimators", 15)


def value(metrics, metric, about="all"):
    found = metrics[(metrics["metric"] == metric) & (metrics["about"] == about)]
    return found["value"].item()


def blobs(sizes, apart=100.0):
    """Points in tight groups along a diagonal, ids in the order of groups."""
    random = np.random.default_rng(2)
    points = np.concatenate(
        [random.normal(apart * group, 1, (size, 2)) for group, size in enumerate(sizes)]
    )
    ids = pd.Index([f"h{n:04d}" for n in range(len(points))], name="household_id")
    return pd.DataFrame(points.round(9), index=ids, columns=["a", "b"])


def curve(within, silhouette):
    return pd.DataFrame(
        {
            "k": range(2, 2 + len(within)),
            "within_sum_of_squares": within,
            "silhouette": silhouette,
        }
    )


def marked(curves, column):
    return curves.loc[curves[column], "k"].tolist()


# Below the chord from (2, 100) to (8, 16): 0, 26, 42, 33, 23, 12, 0.
BENT = [100.0, 60.0, 30.0, 25.0, 21.0, 18.0, 16.0]


@pytest.mark.parametrize(
    ("at_elbow", "chosen"), [(0.46, 4), (0.45, 4), (0.44, 2), (0.9, 4)]
)
def test_the_elbow_is_chosen_unless_its_silhouette_is_far_below_the_best(
    at_elbow, chosen
):
    silhouette = [0.5, 0.4, at_elbow, 0.3, 0.3, 0.2, 0.1]
    curves = clusters.mark_choice(curve(BENT, silhouette))
    assert marked(curves, "is_elbow") == [4]
    assert marked(curves, "is_best_silhouette") == [2 if at_elbow < 0.5 else 4]
    assert marked(curves, "is_chosen") == [chosen]


def test_a_straight_curve_has_no_elbow_and_the_silhouette_decides():
    curves = clusters.mark_choice(curve([50.1, 40.1, 30.1, 20.1], [0.1, 0.2, 0.3, 0.3]))
    assert marked(curves, "is_elbow") == []
    assert marked(curves, "is_chosen") == marked(curves, "is_best_silhouette") == [4]


def test_a_bend_the_other_way_is_no_elbow():
    curves = clusters.mark_choice(curve([100.0, 99.0, 90.0, 0.0], [0.4, 0.3, 0.2, 0.1]))
    assert marked(curves, "is_elbow") == []
    assert marked(curves, "is_chosen") == [2]


def test_separate_groups_are_counted_right():
    points = blobs([40, 70, 20, 30])
    curves = clusters.choose_clusters(points, seed=SEED)
    assert curves["k"].tolist() == list(range(2, 9))
    assert marked(curves, "is_best_silhouette") == [4]
    assert marked(curves, "is_chosen") == [4]


def test_the_curves_agree_with_scikit_learn(survey):
    points = scaled_of(survey[0])
    curves = clusters.choose_clusters(points, seed=SEED, largest=4)
    for row in curves.itertuples():
        with threadpool_limits(1):
            direct = KMeans(row.k, n_init=10, random_state=SEED).fit(points.to_numpy())
        each = silhouette_samples(points, direct.labels_)
        assert row.within_sum_of_squares == pytest.approx(direct.inertia_)
        assert row.silhouette == pytest.approx(each.mean(), abs=1e-8)


def test_a_sampled_silhouette_knows_clusters_that_the_sample_misses():
    points = blobs([995, 5], apart=1000)
    curves = clusters.choose_clusters(
        points, seed=SEED, largest=3, silhouette_sample=20
    )
    assert curves["silhouette"].iloc[0] > 0.99


def test_silhouettes_of_some_rows_are_those_of_scikit_learn_for_all():
    points = blobs([8, 5, 3], apart=2).to_numpy()
    labels = np.array([0] * 8 + [1] * 5 + [2] * 3)
    alone = np.array([0] * 15 + [1])
    rows = np.array([0, 9, 12, 15])
    found = clusters.silhouettes(points, [labels, alone], rows)
    for ours, labeling in zip(found, (labels, alone), strict=True):
        theirs = silhouette_samples(points, labeling)[rows]
        np.testing.assert_allclose(ours, theirs, atol=1e-9)
    assert found[1, 3] == 0


def test_too_few_distinct_households_are_refused_in_words():
    points = blobs([2]).iloc[[0, 1, 0, 1]].set_axis(list("abcd"))
    with pytest.raises(ValueError, match="2 distinct households are too few for 2"):
        clusters.choose_clusters(points, seed=SEED)
    with pytest.raises(ValueError, match="2 distinct households are too few for 3"):
        clusters.cluster(points, 3, seed=SEED)


def test_the_curve_ends_before_the_number_of_distinct_households():
    points = pd.concat([blobs([4])] * 2).set_axis([f"h{n}" for n in range(8)])
    curves = clusters.choose_clusters(points, seed=SEED)
    assert curves["k"].tolist() == [2, 3]


def test_clusters_are_numbered_by_size_then_by_first_household():
    found = clusters.cluster(blobs([3, 5, 3]), 3, seed=SEED)
    assert found["cluster"].tolist() == [2] * 3 + [1] * 5 + [3] * 3


def test_distances_are_from_the_mean_of_the_cluster():
    ids = ["a", "b", "c", "d"]
    points = pd.DataFrame(
        {"x": [0.0, 2.0, 100.0, 100.0], "y": [0.0, 0.0, 0.0, 6.0]},
        index=pd.Index(ids, name="household_id"),
    )
    found = clusters.cluster(points, 2, seed=SEED)
    assert found["household_id"].tolist() == ids
    assert found["distance_to_centre"].tolist() == [1, 1, 3, 3]
    to_c, to_d = 100, math.hypot(100, 6)
    expected = 1 - 2 / ((to_c + to_d) / 2)
    assert found["silhouette"].iloc[0] == pytest.approx(expected)


def test_silhouettes_are_missing_where_all_pairs_cost_too_much(monkeypatch):
    monkeypatch.setattr(clusters, "ALL_SILHOUETTES", 10)
    assert clusters.cluster(blobs([5, 5]), 2, seed=SEED)["silhouette"].notna().all()
    assert clusters.cluster(blobs([6, 5]), 2, seed=SEED)["silhouette"].isna().all()


def test_the_order_of_rows_changes_no_cluster_no_curve_and_no_component(survey):
    points = scaled_of(survey[0])
    moved = points.sample(frac=1, random_state=1)
    assert not moved.index.equals(points.index)
    pd.testing.assert_frame_equal(
        clusters.cluster(points, 4, seed=SEED), clusters.cluster(moved, 4, seed=SEED)
    )
    pd.testing.assert_frame_equal(
        clusters.choose_clusters(points, seed=SEED, silhouette_sample=50),
        clusters.choose_clusters(moved, seed=SEED, silhouette_sample=50),
    )
    for ours, theirs in zip(
        clusters.components(points), clusters.components(moved), strict=True
    ):
        pd.testing.assert_frame_equal(ours, theirs)


def test_a_profile_is_the_medians_and_the_share_of_anomalies():
    index = pd.Index(list("edcba"), name="household_id")
    households = pd.DataFrame({"net_income_cny": [5.0, 1, 2, 3, 10]}, index=index)
    ratios = pd.DataFrame(
        {"income_expenditure_ratio": [0.5, 1, 2, 3, 0.7]}, index=index
    )
    flags = pd.Series([True, False, False, False, True], index=index)
    found = pd.DataFrame(
        {
            "household_id": list("abcd"),
            "cluster": [2, 1, 1, 1],
            "silhouette": [0.0, 0.3, 0.6, 0.6],
        }
    )
    profile = clusters.profiles(households, ratios, found, flags)
    assert profile["cluster"].tolist() == [1, 2]
    assert profile["households"].tolist() == [3, 1]
    assert profile["household_share"].tolist() == [0.75, 0.25]
    assert profile["median_net_income_cny"].tolist() == [2, 10]
    assert profile["median_income_expenditure_ratio"].tolist() == [2, 0.7]
    assert profile["median_total_assets_cny"].isna().all()
    assert profile["mean_silhouette"].tolist() == pytest.approx([0.5, 0])
    assert profile["anomalies"].tolist() == [0, 1]
    assert profile["anomaly_share"].tolist() == [0, 1]


def test_components_are_those_of_scikit_learn_with_the_sign_settled(survey):
    points = scaled_of(survey[0])
    scores, loadings = clusters.components(points)
    direct = PCA(n_components=2).fit(points.to_numpy())
    expected = direct.transform(points.to_numpy())
    for number in (1, 2):
        part = loadings[loadings["component"] == number]
        theirs = direct.components_[number - 1]
        assert part["feature"].tolist() == points.columns.tolist()
        assert part["loading"].max() == part["loading"].abs().max()
        np.testing.assert_allclose(part["loading"], theirs, atol=1e-8)
        np.testing.assert_allclose(
            scores[f"component_{number}"], expected[:, number - 1], atol=1e-8
        )
        np.testing.assert_allclose(
            part["explained_variance_ratio"],
            direct.explained_variance_ratio_[number - 1],
        )


def test_a_single_feature_has_a_single_component():
    scores, loadings = clusters.components(blobs([5])[["a"]])
    assert loadings[["component", "loading"]].to_numpy().tolist() == [[1, 1]]
    assert scores["component_2"].isna().all()
    assert scores["component_1"].abs().sum() > 0


def test_the_forest_agrees_with_scikit_learn_called_directly(survey):
    households, flags = survey
    ratios = ratios_of(households)
    found = explanation.forest(households, ratios, flags, seed=SEED)

    # the forest's order of features: amounts, family size, ratios of the detectors
    names = [*MONEY, "family_size", *ratios]
    features = pd.concat([households, ratios], axis=1)[names].to_numpy()
    model = RandomForestClassifier(
        200,
        max_features="sqrt",
        min_samples_leaf=2,
        min_samples_split=2,
        random_state=SEED,
    )
    train, test, known, wanted = train_test_split(
        features,
        flags.to_numpy(),
        test_size=0.2,
        stratify=flags,
        random_state=SEED,
    )
    predicted = model.fit(train, known).predict(test)
    assert value(found, "accuracy") == np.mean(predicted == wanted)
    assert value(found, "f1", "anomalous") == f1_score(wanted, predicted)
    assert value(found, "recall", "anomalous") == np.mean(predicted[wanted])
    assert value(found, "precision", "normal") == np.mean(~wanted[~predicted])
    for actual, called in product([False, True], repeat=2):
        about = " taken for ".join(
            "anomalous" if flag else "normal" for flag in (actual, called)
        )
        number = np.sum((wanted == actual) & (predicted == called))
        assert value(found, "confusion", about) == number
    importance = permutation_importance(
        model, test, wanted, scoring="f1", n_repeats=5, random_state=SEED
    )
    ours = found[found["metric"] == "importance_mean"].set_index("about")["value"]
    assert ours.index.tolist() == names
    np.testing.assert_allclose(ours, importance.importances_mean)
    assert ours.idxmax() in {"income_expenditure_ratio", "non_mortgage_debt_cny"}
    assert set(found["status"]) == {"fitted"}


def test_five_folds_stay_within_the_training_part(survey, few_trees):
    households, flags = survey
    ratios = ratios_of(households)
    found = explanation.forest(households, ratios, flags, seed=SEED)
    features = pd.concat([households, ratios], axis=1).to_numpy()
    train, _, known, _ = train_test_split(
        features, flags.to_numpy(), test_size=0.2, stratify=flags, random_state=SEED
    )
    scores = cross_val_score(
        RandomForestClassifier(15, min_samples_leaf=2, random_state=SEED),
        train,
        known,
        scoring="f1",
        cv=explanation.StratifiedKFold(5, shuffle=True, random_state=SEED),
    )
    assert value(found, "five_fold_households") == 320
    assert value(found, "five_fold_f1_mean", "anomalous") == np.mean(scores)
    assert value(found, "five_fold_f1_sd", "anomalous") == np.std(scores, ddof=1)


def test_the_folds_of_a_large_survey_are_a_sample_with_enough_anomalies(
    survey, few_trees, monkeypatch
):
    households, flags = survey
    ratios = ratios_of(households)
    for most, taken in ((200, 200), (60, 320)):
        monkeypatch.setattr(explanation, "FOLD_HOUSEHOLDS", most)
        found = explanation.forest(households, ratios, flags, seed=SEED)
        assert value(found, "five_fold_households") == taken


def test_neither_the_order_of_rows_nor_the_unit_of_money_changes_the_forest(
    survey, shuffled, few_trees
):
    first, second = (
        explanation.forest(households, ratios_of(households), flags, seed=SEED)
        for households, flags in (survey, shuffled)
    )
    pd.testing.assert_frame_equal(first, second)


def test_households_that_were_not_assessed_explain_nothing(survey, few_trees):
    households, flags = survey
    others = (households * 1000).set_axis([f"x{n}" for n in range(HOUSEHOLDS)])
    more = pd.concat([others.iloc[:50], households]).rename_axis("household_id")
    for explain in (
        lambda frame: explanation.forest(frame, ratios_of(frame), flags, seed=SEED),
        lambda frame: explanation.rules(frame, flags),
        lambda frame: consumption.consumption_model(frame, flags, seed=SEED),
    ):
        pd.testing.assert_frame_equal(explain(households), explain(more))


def test_a_forest_without_enough_anomalies_says_so(survey):
    households, flags = survey
    ratios = ratios_of(households)
    rare = flags & (flags.cumsum() <= 9)
    for is_anomaly, normal, anomalous in (
        (flags & False, 400, 0),
        (rare, 391, 9),
        (~rare | True, 0, 400),
    ):
        found = explanation.forest(households, ratios, is_anomaly, seed=SEED)
        assert found["metric"].tolist() == ["households", "households"]
        assert found["value"].tolist() == [normal, anomalous]
        lacking = "normal" if anomalous == 400 else "anomalous"
        least = min(normal, anomalous)
        assert (
            found["status"]
            .str.startswith(f"not fitted: {least} {lacking} households, at least")
            .all()
        )


def test_ten_anomalies_are_enough_for_a_forest(survey, few_trees):
    households, flags = survey
    ten = flags & (flags.cumsum() <= 10)
    found = explanation.forest(households, ratios_of(households), ten, seed=SEED)
    assert set(found["status"]) == {"fitted"}
    assert value(found, "test_households", "anomalous") == 2


def test_two_columns_are_enough_for_everything_that_does_not_need_the_others(
    survey, few_trees
):
    households, flags = survey
    two = households.assign(total_assets_cny=np.nan, family_size=np.nan)
    two = two.drop(columns="non_mortgage_debt_cny")
    known = ["net_income_cny", "total_expenditure_cny"]
    ratios = ratios_of(two[known])
    metrics = explanation.forest(two, ratios, flags, seed=SEED)
    importance = metrics[metrics["metric"] == "importance_mean"]
    assert importance["about"].tolist() == [*known, "income_expenditure_ratio"]
    rules = explanation.rules(two, flags)
    assert set(rules["outcome"]) == {"normal", "anomalous"}
    assert not rules["antecedent"].str.contains("debt|assets|family").any()
    model = consumption.consumption_model(two, flags, seed=SEED)
    assert model["status"].unique().tolist() == ["fitted"]
    found = clusters.cluster(scaled_of(two[known]), 3, seed=SEED)
    profile = clusters.profiles(two, ratios, found, flags)
    assert profile["median_net_income_cny"].notna().all()
    assert profile["median_non_mortgage_debt_cny"].isna().all()


def test_the_debt_threshold_is_youdens_cut():
    debt = pd.Series([0.0, 0, 0, 10, 20, 30, 40, 50])
    flags = pd.Series([0, 0, 0, 0, 1, 0, 1, 1]).astype(bool)
    found = explanation.debt_threshold(debt, flags)
    # all three at 20 or above, and one of the five others
    assert found.cut_cny == 20
    assert (found.sensitivity, found.specificity) == pytest.approx((1, 0.8))
    assert found.youden_j == pytest.approx(0.8)


def test_of_equally_good_debt_thresholds_the_smaller_one_counts():
    debt = pd.Series([8.0, 7, 6, 5, 4, 3, 2, 1])
    flags = pd.Series([1, 1, 1, 0, 1, 0, 0, 0]).astype(bool)
    # at 6: 3/4 and 4/4; at 4: 4/4 and 3/4
    found = explanation.debt_threshold(debt, flags)
    assert (found.cut_cny, found.youden_j) == (4, 0.75)


def test_there_is_no_debt_threshold_where_debt_does_not_separate():
    flags = pd.Series([True, True, False, False])
    rising = pd.Series([1.0, 2, 3, 4])
    assert explanation.debt_threshold(None, flags) is None
    assert explanation.debt_threshold(rising * np.nan, flags) is None
    assert explanation.debt_threshold(rising * 0, flags) is None
    assert explanation.debt_threshold(rising, flags) is None
    assert explanation.debt_threshold(rising, flags | True) is None
    assert explanation.debt_threshold(rising, ~flags).cut_cny == 3


def test_levels_are_quarters_and_debt_has_its_own():
    households = pd.DataFrame(
        {
            "net_income_cny": [8.0, 7, 6, 5, 4, 3, 2, 1],
            "non_mortgage_debt_cny": [0.0, 0, 0, 0, 1, 2, 3, 4],
            "family_size": [1.0, 2, 3, 4, 5, 9, 2, 3],
        }
    )
    found = explanation.levels(households)
    quarters = ["very high", "high", "medium", "low"]
    assert found["net_income_cny"].tolist() == [
        f"{level} income" for level in quarters for _ in range(2)
    ]
    assert found["non_mortgage_debt_cny"].tolist() == [
        *["no non-mortgage debt"] * 4,
        *[f"{level} non-mortgage debt" for level in reversed(quarters)],
    ]
    assert found["family_size"].tolist() == [
        "a small family",
        "a small family",
        "a medium family",
        "a medium family",
        "a large family",
        "a large family",
        "a small family",
        "a medium family",
    ]


@pytest.fixture
def twenty():
    """Twelve without debt, one of them flagged; of the debts 1 to 8, 7 and 8."""
    index = pd.Index([f"h{n:02d}" for n in range(20)], name="household_id")
    households = pd.DataFrame(
        {"non_mortgage_debt_cny": [0.0] * 12 + list(range(1, 9)), "family_size": 3.0},
        index=index,
    )
    flags = pd.Series([True] + [False] * 17 + [True] * 2, index=index)
    return households, flags


def wanted(min_support=0.1, min_households=1, lift_margin=0.05):
    kept = RuleParameters(min_support, min_households, lift_margin)
    return {"normal": kept, "anomalous": kept}


def test_support_confidence_lift_and_leverage_are_those_counted_by_hand(twenty):
    found = explanation.rules(*twenty, wanted())
    anomalous = found[found["outcome"] == "anomalous"].drop(
        columns=["sentence", "sentence_zh"]
    )
    assert anomalous.to_dict("records") == [
        {
            "outcome": "anomalous",
            "rule_rank": 1,
            "antecedent": "very high non-mortgage debt",
            "antecedent_zh": "非房贷负债很高",
            "items": 1,
            "households": 2,
            "antecedent_households": 2,
            "support": pytest.approx(2 / 20),
            "confidence": pytest.approx(1),
            "lift": pytest.approx(20 / 3),
            "leverage": pytest.approx(2 / 20 - 2 / 20 * 3 / 20),
        }
    ]
    normal = found[found["outcome"] == "normal"]
    assert normal["antecedent"].tolist() == [
        "high non-mortgage debt",
        "low non-mortgage debt",
        "medium non-mortgage debt",
        "no non-mortgage debt",
    ]
    none = normal.iloc[-1]
    assert none["rule_rank"] == 4
    assert none["lift"] == pytest.approx(11 / 12 / (17 / 20))
    assert none["leverage"] == pytest.approx(11 / 20 - 12 / 20 * 17 / 20)
    assert none["sentence"] == (
        "Of the 12 households with no non-mortgage debt, 91.7% are normal, "
        "against 85.0% of all households (lift 1.08)."
    )
    assert none["sentence_zh"] == (
        "在符合“无非房贷负债”的12户中，91.7%为正常，而全部家庭中为85.0%（提升度1.08）。"
    )


def test_a_rule_needs_its_support_its_number_and_its_margin(twenty):
    for kept, rules in (
        (wanted(min_support=0.11), ["no non-mortgage debt"]),
        (wanted(min_households=3), ["no non-mortgage debt"]),
        (wanted(min_support=0.5, lift_margin=0.08), []),
        (wanted(min_support=0.8), []),
    ):
        found = explanation.rules(*twenty, kept)
        assert found["antecedent"].tolist() == rules


def counted_rules(households, flags, outcome, kept):
    """Rules by counting every combination of up to three levels."""
    phrases = explanation.levels(households)
    is_wanted = flags if outcome == "anomalous" else ~flags
    base, total = is_wanted.mean(), len(flags)
    lift = {(): 1.0}
    for length in (1, 2, 3):
        for columns in combinations(phrases, length):
            for items in product(*(phrases[name].unique() for name in columns)):
                holds = (phrases[list(columns)] == list(items)).all(axis=1)
                both = (holds & is_wanted).sum()
                enough = max(kept.min_support * total, kept.min_households)
                if both >= enough:
                    lift[items] = both / holds.sum() / base
    return {
        " and ".join(items): own
        for items, own in lift.items()
        if items
        and own
        > (1 + kept.lift_margin)
        * max(
            lift[part]
            for length in range(len(items))
            for part in combinations(items, length)
        )
    }


IN_CHINESE = {
    "very high income": "收入很高",
    "high income": "收入较高",
    "medium income": "收入中等",
    "low income": "收入低",
    "very high expenditure": "支出很高",
    "high expenditure": "支出较高",
    "medium expenditure": "支出中等",
    "low expenditure": "支出低",
    "very high assets": "资产很多",
    "high assets": "资产较多",
    "medium assets": "资产中等",
    "low assets": "资产少",
    "very high non-mortgage debt": "非房贷负债很高",
    "high non-mortgage debt": "非房贷负债较高",
    "medium non-mortgage debt": "非房贷负债中等",
    "low non-mortgage debt": "非房贷负债低",
    "no non-mortgage debt": "无非房贷负债",
    "a small family": "小家庭",
    "a medium family": "中等家庭",
    "a large family": "大家庭",
}


@pytest.mark.parametrize("outcome", ["normal", "anomalous"])
def test_the_rules_are_those_of_counting_every_combination(survey, outcome):
    households, flags = survey
    kept = explanation.RULE_PARAMETERS[outcome]
    found = explanation.rules(households, flags)
    found = found[found["outcome"] == outcome]
    counted = counted_rules(households, flags, outcome, kept)
    assert len(counted) > 5
    assert dict(zip(found["antecedent"], found["lift"], strict=True)) == pytest.approx(
        counted, rel=1e-6
    )
    for antecedent, chinese in found[["antecedent", "antecedent_zh"]].values:
        assert chinese == "、".join(
            IN_CHINESE[item] for item in antecedent.split(" and ")
        )
    assert found["lift"].is_monotonic_decreasing
    assert found["rule_rank"].tolist() == list(range(1, len(found) + 1))


def test_neither_the_order_of_rows_nor_the_unit_of_money_changes_a_rule(
    survey, shuffled
):
    pd.testing.assert_frame_equal(
        explanation.rules(*survey), explanation.rules(*shuffled)
    )


def test_a_survey_without_anomalies_or_values_has_no_rules_but_their_columns(survey):
    households, flags = survey
    for found in (
        explanation.rules(households, flags & False),
        explanation.rules(households * np.nan, flags),
    ):
        assert found.empty
        assert found.dtypes.equals(explanation.rules(households, flags).dtypes)


def test_a_forest_without_any_value_says_so(survey):
    households, flags = survey
    nothing = households * np.nan
    found = explanation.forest(nothing, ratios_of(nothing), flags, seed=SEED)
    assert found["status"].unique().tolist() == [
        "not fitted: no amount, family size or ratio has a value"
    ]
    assert found["status_zh"].unique().tolist() == [
        "未拟合：没有任何金额、家庭人口或比率有数值"
    ]


def test_the_consumption_model_agrees_with_least_squares_done_directly(survey):
    households, flags = survey
    found = consumption.consumption_model(households, flags, seed=SEED)
    units = households[MONEY].where(households[MONEY] != 0).abs().median()
    logs = np.arcsinh(households[MONEY] / units)
    actual = logs.pop("total_expenditure_cny").to_numpy()
    design = np.column_stack([np.ones(HOUSEHOLDS), logs, households["family_size"]])
    train, test = train_test_split(
        np.arange(HOUSEHOLDS), test_size=0.2, stratify=flags, random_state=SEED
    )
    flagged = flags.to_numpy()
    fits = [
        np.linalg.lstsq(design[rows], actual[rows])[0]
        for rows in (train, train[~flagged[train]])
    ]
    unit = units["total_expenditure_cny"]
    for row in found.itertuples():
        rows = test if row.held_out == "all" else test[~flagged[test]]
        back = np.asarray if row.scale == "asinh" else lambda x: unit * np.sinh(x)
        errors = [
            np.sqrt(np.mean((back(design[rows] @ fit) - back(actual[rows])) ** 2))
            for fit in fits
        ]
        assert [row.rmse_with_flagged, row.rmse_without_flagged] == pytest.approx(
            errors, rel=1e-6
        )
        change = 100 * (errors[0] - errors[1]) / errors[1]
        assert row.change_percent == pytest.approx(change, rel=1e-6)
        assert row.test_households == len(rows)
        assert row.train_households_with == 320
        assert row.train_households_without == 300
    assert found[["held_out", "scale"]].to_numpy().tolist() == [
        ["all", "asinh"],
        ["all", "money"],
        ["normal", "asinh"],
        ["normal", "money"],
    ]


def test_overspending_in_the_training_spoils_the_prediction_of_the_others(survey):
    found = consumption.consumption_model(*survey, seed=SEED)
    normal = found[found["held_out"] == "normal"]
    assert (normal["change_percent"] > 5).all()


def test_the_unit_of_money_multiplies_errors_in_money_and_nothing_else(
    survey, shuffled
):
    first, second = (
        consumption.consumption_model(households, flags, seed=SEED)
        for households, flags in (survey, shuffled)
    )
    in_money = first["scale"] == "money"
    for name in ("rmse_with_flagged", "rmse_without_flagged"):
        first.loc[in_money, name] *= 7.3
    pd.testing.assert_frame_equal(first, second)


def test_a_consumption_model_that_cannot_be_compared_says_so(survey):
    households, flags = survey
    column = "未拟合：需要支出和至少一个其他列"
    flagged = "未拟合：被标记家庭4户，至少需要5户可供剔除"
    normal = "未拟合：正常家庭29户，至少需要30户"
    for frame, is_anomaly, reason, chinese in (
        (
            households.drop(columns="total_expenditure_cny"),
            flags,
            "expenditure",
            column,
        ),
        (households[["total_expenditure_cny"]], flags, "at least one other", column),
        (households, flags & (flags.cumsum() < 5), "4 flagged households", flagged),
        (households.iloc[:31], flags.iloc[:31], "29 normal households", normal),
    ):
        found = consumption.consumption_model(frame, is_anomaly, seed=SEED)
        assert len(found) == 4
        assert found["status"].str.startswith("not fitted: ").all()
        assert found["status"].str.contains(reason).all()
        assert set(found["status_zh"]) == {chinese}
        assert found["change_percent"].isna().all()


def flagged_households(region, anomalous, assessed, others=0, year=2022):
    return pd.DataFrame(
        {
            "region_code": region,
            "survey_year": year,
            "is_anomaly": [True] * anomalous
            + [False] * (assessed - anomalous + others),
            "is_assessed": [True] * assessed + [False] * others,
        }
    )


def test_three_of_ten_have_the_wilson_interval_worked_out_by_hand():
    rates = consumption.anomaly_rates(flagged_households("11", 3, 10))
    z, p, n = 1.959963985, 0.3, 10
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    row = rates.iloc[0]
    assert row["anomaly_rate"] == 0.3
    assert (row["rate_low"], row["rate_high"]) == pytest.approx(
        (middle - half, middle + half), abs=1e-8
    )
    assert (round(row["rate_low"], 4), round(row["rate_high"], 4)) == (0.1078, 0.6032)


def test_rates_are_by_region_and_year_among_the_assessed():
    flags = pd.concat(
        [
            flagged_households("44", 0, 5, year=2020),
            flagged_households("44", 1, 4, others=6),
            flagged_households("11", 0, 0, others=3),
            flagged_households(None, 2, 9),
        ],
        ignore_index=True,
    )
    # what a detector says of a household that was not assessed does not count
    flags.loc[~flags["is_assessed"], "is_anomaly"] = True
    rates = consumption.anomaly_rates(flags)
    counts = [
        "region_code",
        "survey_year",
        "households",
        "assessed_households",
        "anomalous_households",
    ]
    assert rates[counts].to_numpy().tolist() == [
        ["11", 2022, 3, 0, 0],
        ["44", 2020, 5, 5, 0],
        ["44", 2022, 10, 4, 1],
    ]
    assert rates["anomaly_rate"].iloc[1:].tolist() == [0, 0.25]
    assert rates["rate_low"].iloc[1] == 0
    assert rates.loc[0, ["anomaly_rate", "rate_low", "rate_high"]].isna().all()
    moved = consumption.anomaly_rates(flags.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(rates, moved)
