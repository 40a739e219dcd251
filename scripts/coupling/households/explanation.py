"""Why households are flagged: a random forest, a debt threshold, association rules.

All three describe the flags of the screen itself. How well they do says how simply the
flags can be told, not whether a flagged household is truly anomalous.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
from joblib import parallel_config
from mlxtend.frequent_patterns import apriori, association_rules
from sklearn.ensemble import RandomForestClassifier
from sklearn.inspection import permutation_importance
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    f1_score,
    precision_recall_fscore_support,
    roc_curve,
)
from sklearn.model_selection import StratifiedKFold, train_test_split

from coupling.households.detectors import AMOUNTS, DECIMALS, FAMILY_SIZE, RATIOS
from coupling.words.in_both import Both, in_both, in_columns, joined_in_both

OUTCOMES = ["normal", "anomalous"]
FOREST = {
    "n_estimators": 200,
    "max_features": "sqrt",
    "min_samples_leaf": 2,
    "min_samples_split": 2,
}
TEST_SHARE = 0.2
FOLDS = 5
# all 12,800 of a simulated survey took three times as long for an F1 0.02 higher
FOLD_HOUSEHOLDS = 5_000
SHUFFLES = 5
FEWEST_ANOMALIES = 10

QUARTERS = (0.25, 0.5, 0.75)
DEBT = "non_mortgage_debt_cny"
LARGEST_ANTECEDENT = 3
MEASURES = ["antecedent support", "support", "confidence", "lift", "leverage"]


def forest(
    households: pd.DataFrame, ratios: pd.DataFrame, is_anomaly: pd.Series, *, seed: int
) -> pd.DataFrame:
    """Learn the flags with a random forest and say how well and from what.

    Settings of Yu, Jiang and Zhao, section 2.2.2: 200 trees, sqrt(features) per split,
    leaves of at least 2, splits of at least 2. 80 % of the households are for training,
    20 % for the test, stratified by flag. Five stratified folds within the training
    part, or 5,000 drawn from a larger one, give the F1 of the anomalous class, mean and
    sample standard deviation. Permutation importance is the loss of that F1 on the test
    part when one feature is shuffled, five times, mean and sample standard deviation.

    The frames are indexed by household_id; households that `is_anomaly` lacks do not
    count. Features are the amounts, the family size and the ratios that have values,
    without gaps.

    Returns metric, about, value, status, status_zh; `status` is 'fitted', or says in
    words why there are only the counts of households.

    - households, test_households: number; about normal, anomalous
    - confusion: number of the test part; about '<flag> taken for <prediction>'
    - accuracy: 0 to 1, of the test part; about all
    - precision, recall, f1: 0 to 1, of the test part; about normal, anomalous (a
      precision is missing if nothing was predicted to be so)
    - five_fold_households: number; about all
    - five_fold_f1_mean, five_fold_f1_sd: 0 to 1; about anomalous
    - importance_mean, importance_sd: loss of F1; about each feature
    """
    flags = is_anomaly.sort_index().astype(bool)
    known = pd.concat([households, ratios], axis=1).loc[flags.index]
    features = _features(known)
    counts: list[tuple[str, str, float]] = [
        ("households", outcome, int((flags == (outcome == "anomalous")).sum()))
        for outcome in OUTCOMES
    ]
    refusal = _refusal(features, flags)
    if refusal:
        return _metrics(counts, refusal)

    train, test, train_flags, test_flags = train_test_split(
        features.to_numpy(),
        flags.to_numpy(),
        test_size=TEST_SHARE,
        stratify=flags,
        random_state=seed,
    )
    trained = _trained(train, train_flags, seed)
    rows = [
        *counts,
        *_test_metrics(test_flags, trained.predict(test)),
        *_fold_metrics(train, train_flags, seed),
        *_importance_metrics(trained, test, test_flags, list(features), seed),
    ]
    return _metrics(rows)


def _features(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns with values, in one order, each in its own unit and rounded.

    A forest only asks which of two values is larger; without a unit and rounded, the
    answer is the same for money in any unit.
    """
    known = _with_values(frame, [*AMOUNTS, FAMILY_SIZE, *RATIOS])
    return (known / units(known)).round(DECIMALS)


def _with_values(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    names = [name for name in columns if name in frame and frame[name].notna().any()]
    return frame[names].astype(float)


def units(frame: pd.DataFrame) -> pd.Series:
    """Median of each column's absolute values other than zero: what to divide it by.

    So debt, which most households do not have, has a unit as well. That of a column of
    zeros is 1.
    """
    absolute = frame.abs()
    return absolute[absolute > 0].median().fillna(1)


def _refusal(features: pd.DataFrame, flags: pd.Series) -> Both | None:
    anomalous, normal = int(flags.sum()), int((~flags).sum())
    if features.empty:
        return in_both("not fitted: no amount, family size or ratio has a value")
    if anomalous < FEWEST_ANOMALIES:
        return in_both(
            "not fitted: {number} anomalous households, at least {least} are needed",
            number=anomalous,
            least=FEWEST_ANOMALIES,
        )
    # a stratified fifth goes to the test, each fold of the rest needs one
    if normal < FOLDS + 2:
        return in_both(
            "not fitted: {number} normal households, at least {least} are needed",
            number=normal,
            least=FOLDS + 2,
        )
    return None


def _trained(
    features: np.ndarray, flags: np.ndarray, seed: int
) -> RandomForestClassifier:
    model = RandomForestClassifier(**FOREST, random_state=seed, n_jobs=-1)
    model.fit(features, flags)
    # threads would add up the votes in any order, and a tie could fall either way
    return model.set_params(n_jobs=1)


def _test_metrics(flags: np.ndarray, predicted: np.ndarray):
    confusion = confusion_matrix(flags, predicted, labels=[False, True])
    for actual, row in zip(OUTCOMES, confusion, strict=True):
        yield "test_households", actual, int(row.sum())
        for called, number in zip(OUTCOMES, row, strict=True):
            yield "confusion", f"{actual} taken for {called}", int(number)
    yield "accuracy", "all", accuracy_score(flags, predicted)
    by_class = precision_recall_fscore_support(
        flags, predicted, labels=[False, True], zero_division=np.nan
    )
    for metric, values in zip(("precision", "recall", "f1"), by_class, strict=False):
        for outcome, value in zip(OUTCOMES, values, strict=True):
            yield metric, outcome, value


def _fold_metrics(features: np.ndarray, flags: np.ndarray, seed: int):
    rarer = min(flags.mean(), 1 - flags.mean())
    # a sample must not leave a fold without one of the rarer kind
    if len(flags) > FOLD_HOUSEHOLDS and rarer * FOLD_HOUSEHOLDS > FOLDS + 1:
        features, _, flags, _ = train_test_split(
            features,
            flags,
            train_size=FOLD_HOUSEHOLDS,
            stratify=flags,
            random_state=seed,
        )
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    scores = [
        f1_score(
            flags[held_out],
            _trained(features[rest], flags[rest], seed).predict(features[held_out]),
        )
        for rest, held_out in folds.split(features, flags)
    ]
    yield "five_fold_households", "all", len(flags)
    yield "five_fold_f1_mean", "anomalous", np.mean(scores)
    yield "five_fold_f1_sd", "anomalous", np.std(scores, ddof=1)


def _importance_metrics(
    model: RandomForestClassifier,
    features: np.ndarray,
    flags: np.ndarray,
    names: list[str],
    seed: int,
):
    with parallel_config(backend="threading"):
        losses = permutation_importance(
            model,
            features,
            flags,
            scoring="f1",
            n_repeats=SHUFFLES,
            random_state=seed,
            n_jobs=-1,
        ).importances
    for name, mean, sd in zip(
        names, losses.mean(axis=1), losses.std(axis=1, ddof=1), strict=True
    ):
        yield "importance_mean", name, mean
        yield "importance_sd", name, sd


def _metrics(
    rows: list[tuple[str, str, float]], refusal: Both | None = None
) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["metric", "about", "value"])
    return with_status(frame.astype({"value": float}), refusal)


def with_status(frame: pd.DataFrame, refusal: Both | None = None) -> pd.DataFrame:
    """Add status and status_zh: fitted, or in words why not."""
    status = refusal or in_both("fitted")
    return frame.assign(**in_columns("status", status))


@dataclass(frozen=True)
class DebtThreshold:
    """The cut on non-mortgage debt that separates flagged households best.

    A household at or above `cut_cny` counts as anomalous: `sensitivity` of the flagged
    ones are there, `specificity` of the others are not; `youden_j` is the sum of both
    less 1.
    """

    cut_cny: float
    youden_j: float
    sensitivity: float
    specificity: float


def debt_threshold(
    debt: pd.Series | None, is_anomaly: pd.Series
) -> DebtThreshold | None:
    """Find the debt from which on a household is most clearly anomalous.

    The cut is an observed debt with the largest J = sensitivity + specificity - 1
    (Youden 1950, Cancer 3, 32-35), the smallest one of equals. `debt` is in the
    survey's own currency, without gaps, on the index of `is_anomaly`.

    Returns None without debt, without both kinds of household, or if no cut is better
    than chance.
    """
    if debt is None or debt.isna().all() or is_anomaly.nunique() < 2:
        return None
    flags = is_anomaly.loc[debt.index].astype(bool)
    false_rate, true_rate, cuts = roc_curve(flags, debt)
    youden = np.round(true_rate - false_rate, DECIMALS)
    # cuts fall, so the last of equals is the smallest; the first is infinite
    best = len(cuts) - 1 - youden[::-1].argmax()
    if youden[best] <= 0:
        return None
    return DebtThreshold(
        cut_cny=float(cuts[best]),
        youden_j=float(true_rate[best] - false_rate[best]),
        sensitivity=float(true_rate[best]),
        specificity=float(1 - false_rate[best]),
    )


@dataclass(frozen=True)
class RuleParameters:
    """What an association rule must reach to be kept.

    `min_support` is a share of all households, `min_households` a number: both count
    those with antecedent and outcome. `lift_margin` is the share by which the lift must
    exceed that of every simpler rule, of which the simplest, without antecedent, has
    lift 1.
    """

    min_support: float
    min_households: int
    lift_margin: float


# nearly every household is normal: there lift cannot rise far above 1
RULE_PARAMETERS = {
    "normal": RuleParameters(min_support=0.05, min_households=5, lift_margin=0.005),
    "anomalous": RuleParameters(min_support=0.005, min_households=5, lift_margin=0.1),
}


def rules(
    households: pd.DataFrame,
    is_anomaly: pd.Series,
    parameters: Mapping[str, RuleParameters] = RULE_PARAMETERS,
) -> pd.DataFrame:
    """Mine rules 'if these levels, then normal' and '..., then anomalous'.

    Apriori (Agrawal and Srikant 1994, VLDB) by mlxtend on the items of levels(), with
    antecedents of up to three items, searched apart for each outcome. A rule is dropped
    if its lift is not `lift_margin` above that of every rule with a part of its
    antecedent (the improvement of Bayardo, Agrawal and Gunopulos 2000, Data Min. Knowl.
    Disc. 4, as a ratio).

    `households` and `is_anomaly` are indexed by household_id; households that
    `is_anomaly` lacks do not count. Returns one row per rule, by outcome in the order
    of OUTCOMES, falling lift, falling support, antecedent. Its columns are
    outcome, rule_rank (from 1 within the outcome), antecedent (items in words, joined
    by ' and '), antecedent_zh, items (1 to 3), households (number with antecedent and
    outcome), antecedent_households (number), support, confidence (shares), lift
    (ratio), leverage (difference of shares), sentence, sentence_zh. No rows if no rule
    is good enough.
    """
    flags = is_anomaly.astype(bool)
    phrases = levels(households.loc[flags.index])
    if phrases.empty:
        return _no_rules()
    # households x items, true where the phrase holds
    items = pd.get_dummies(phrases, prefix="", prefix_sep="", dtype=bool)
    mined = [
        _rules_for(
            outcome, items, flags == (outcome == "anomalous"), parameters[outcome]
        )
        for outcome in OUTCOMES
    ]
    return pd.concat(mined, ignore_index=True)


def levels(households: pd.DataFrame) -> pd.DataFrame:
    """Say in words at which level of the survey each household stands.

    Income, expenditure, assets and debt are low, medium, high or very high by quarters
    of the survey; quartiles are observed values and belong to the lower level. Debt has
    its quarters among the households with debt, the others have none. A family of 1 or
    2 is small, of 3 or 4 medium, of 5 or more large. Returns a column of phrases such
    as 'very high income' per known column, on the index of `households`.
    """
    known = _with_values(households, [*AMOUNTS, FAMILY_SIZE])
    phrases = {
        name: _family_levels(known[name])
        if name == FAMILY_SIZE
        else _amount_levels(known[name])
        for name in known
    }
    return pd.DataFrame(phrases, index=households.index)


def _amount_levels(amount: pd.Series) -> np.ndarray:
    values = amount.to_numpy()
    none = values <= 0 if amount.name == DEBT else np.zeros(len(values), dtype=bool)
    phrases = np.full(len(values), _without_debt().en, dtype=object)
    if not none.all():
        some = values[~none]
        quartiles = np.quantile(some, QUARTERS, method="inverted_cdf")
        named = np.array([phrase.en for phrase in _phrases()[amount.name]])
        phrases[~none] = named[np.searchsorted(quartiles, some)]
    return phrases


def _family_levels(size: pd.Series) -> np.ndarray:
    named = np.array([phrase.en for phrase in _phrases()[FAMILY_SIZE]])
    return named[np.searchsorted([2, 4], size)]


@cache
def _phrases() -> dict[str, list[Both]]:
    """Return the levels of each column in words, the lowest first."""
    return {
        "net_income_cny": [
            in_both("low income"),
            in_both("medium income"),
            in_both("high income"),
            in_both("very high income"),
        ],
        "total_expenditure_cny": [
            in_both("low expenditure"),
            in_both("medium expenditure"),
            in_both("high expenditure"),
            in_both("very high expenditure"),
        ],
        "total_assets_cny": [
            in_both("low assets"),
            in_both("medium assets"),
            in_both("high assets"),
            in_both("very high assets"),
        ],
        DEBT: [
            in_both("low non-mortgage debt"),
            in_both("medium non-mortgage debt"),
            in_both("high non-mortgage debt"),
            in_both("very high non-mortgage debt"),
        ],
        FAMILY_SIZE: [
            in_both("a small family"),
            in_both("a medium family"),
            in_both("a large family"),
        ],
    }


def _without_debt() -> Both:
    return in_both("no non-mortgage debt")


def _antecedent(items: list[str]) -> Both:
    """Return the levels of a rule one after the other, as `levels` names them."""
    phrases = [phrase for named in _phrases().values() for phrase in named]
    known = {phrase.en: phrase for phrase in [*phrases, _without_debt()]}
    listed = joined_in_both([known[item] for item in items])
    return Both(" and ".join(items), listed.zh)


def _rules_for(
    outcome: str, items: pd.DataFrame, happens: pd.Series, wanted: RuleParameters
) -> pd.DataFrame:
    households = len(items)
    frequent = apriori(
        items.assign(**{outcome: happens}),
        max(wanted.min_support, wanted.min_households / households),
        use_colnames=True,
        max_len=LARGEST_ANTECEDENT + 1,
    )
    if frequent.empty:
        return _no_rules()
    found = association_rules(
        frequent, metric="support", min_threshold=0, return_metrics=MEASURES
    )
    is_asked = [consequent == {outcome} for consequent in found["consequents"]]
    found = found[np.array(is_asked, dtype=bool)]
    found = found.assign(lift=found["lift"].round(DECIMALS))
    found = found[_improving(found, wanted.lift_margin)]
    if found.empty:
        return _no_rules()
    place = {item: position for position, item in enumerate(items)}
    antecedents = [
        _antecedent(sorted(antecedent, key=place.__getitem__))
        for antecedent in found["antecedents"]
    ]
    kept = pd.DataFrame(
        {
            "outcome": outcome,
            "antecedent": [antecedent.en for antecedent in antecedents],
            "antecedent_zh": [antecedent.zh for antecedent in antecedents],
            "items": found["antecedents"].map(len),
            "households": _number(found["support"], households),
            "antecedent_households": _number(found["antecedent support"], households),
            "support": found["support"],
            "confidence": found["confidence"],
            "lift": found["lift"],
            "leverage": found["leverage"],
        }
    )
    kept = kept.sort_values(
        ["lift", "support", "antecedent"],
        ascending=[False, False, True],
        ignore_index=True,
    )
    kept.insert(1, "rule_rank", kept.index + 1)
    sentences = [_sentence(rule, happens.mean()) for rule in kept.itertuples()]
    return kept.assign(
        sentence=[sentence.en for sentence in sentences],
        sentence_zh=[sentence.zh for sentence in sentences],
    )


def _improving(found: pd.DataFrame, margin: float) -> np.ndarray:
    """Whether each rule's lift is `margin` above that of every simpler rule."""
    lift = dict(zip(found["antecedents"], found["lift"], strict=True))
    lift[frozenset()] = 1.0
    improves = []
    for antecedent, own in zip(found["antecedents"], found["lift"], strict=True):
        simpler = max(
            lift[frozenset(part)]
            for length in range(len(antecedent))
            for part in combinations(antecedent, length)
        )
        improves.append(own > (1 + margin) * simpler)
    return np.array(improves, dtype=bool)


def _number(share: pd.Series, households: int) -> pd.Series:
    return (share * households).round().astype(int)


def _sentence(rule, share_of_all: float) -> Both:
    return in_both(
        "Of the {number} households with {items}, {confidence} are {outcome}, against "
        "{share} of all households (lift {lift}).",
        number=f"{rule.antecedent_households:,}",
        items=Both(rule.antecedent, rule.antecedent_zh),
        confidence=f"{rule.confidence:.1%}",
        outcome=in_both(rule.outcome),
        share=f"{share_of_all:.1%}",
        lift=f"{rule.lift:.2f}",
    )


def _no_rules() -> pd.DataFrame:
    types = {
        "outcome": "str",
        "rule_rank": int,
        "antecedent": "str",
        "antecedent_zh": "str",
        "items": int,
        "households": int,
        "antecedent_households": int,
        "support": float,
        "confidence": float,
        "lift": float,
        "leverage": float,
        "sentence": "str",
        "sentence_zh": "str",
    }
    return pd.DataFrame(columns=list(types)).astype(types)
