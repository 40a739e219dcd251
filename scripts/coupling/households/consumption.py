"""What flagged households do to a consumption model, and their rate by region."""

import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.metrics import root_mean_squared_error
from sklearn.model_selection import train_test_split
from statsmodels.stats.proportion import proportion_confint

from coupling.households.detectors import AMOUNTS, DECIMALS, FAMILY_SIZE
from coupling.households.explanation import units, with_status
from coupling.words.in_both import Both, in_both

EXPENDITURE = "total_expenditure_cny"
PREDICTORS = [*(name for name in AMOUNTS if name != EXPENDITURE), FAMILY_SIZE]
HELD_OUT_SHARE = 0.2
FEWEST_HOUSEHOLDS = 30
FEWEST_FLAGGED = 5
CASES = [
    (households, scale)
    for households in ("all", "normal")
    for scale in ("asinh", "money")
]
MEASURED = [
    "test_households",
    "train_households_with",
    "train_households_without",
    "rmse_with_flagged",
    "rmse_without_flagged",
    "change_percent",
]


def consumption_model(
    households: pd.DataFrame, is_anomaly: pd.Series, *, seed: int
) -> pd.DataFrame:
    """Predict expenditure, trained with and without the flagged households.

    Ordinary least squares of asinh(expenditure / u) on asinh(amount / u) of income,
    assets and debt, as far as the survey has them, and on the family size; u is the
    median of that amount's absolute values other than zero. asinh is a logarithm for
    large amounts, and is defined for zero and for negative income and assets too. A
    fifth of the households, stratified by flag, is held out; both models are tried on
    the same ones. Errors in money are those of u * sinh(prediction), a prediction of
    the median rather than the mean.

    The frames are indexed by household_id; households that `is_anomaly` lacks do not
    count. Returns four rows, for held_out 'all' and
    'normal' households and scale 'asinh' (no unit) and 'money' (the survey's currency):
    held_out, scale, test_households, train_households_with, train_households_without
    (numbers), rmse_with_flagged, rmse_without_flagged, change_percent (of the error, by
    having the flagged ones in the training), status, status_zh. `status` is 'fitted',
    or says in words why the numbers are missing.
    """
    flags = is_anomaly.sort_index().astype(bool)
    known = households.reindex(columns=[EXPENDITURE, *PREDICTORS]).loc[flags.index]
    known = known.dropna(axis="columns", how="all").astype(float)
    refusal = _refusal(known, flags)
    if refusal:
        blank = pd.DataFrame(np.nan, index=range(len(CASES)), columns=MEASURED)
        return _labelled(blank, refusal)

    unit = units(known)
    features = np.arcsinh(known / unit)
    if FAMILY_SIZE in known:
        features[FAMILY_SIZE] = known[FAMILY_SIZE]
    target = features.pop(EXPENDITURE)
    training, held_out = train_test_split(
        flags.index.to_numpy(),
        test_size=HELD_OUT_SHARE,
        stratify=flags,
        random_state=seed,
    )
    unflagged = training[~flags[training]]
    predicted = {
        name: LinearRegression()
        .fit(features.loc[rows], target[rows])
        .predict(features.loc[held_out])
        for name, rows in (("with", training), ("without", unflagged))
    }
    spent = pd.DataFrame(predicted | {"actual": target[held_out]}, index=held_out)
    measured = []
    for households_tried, scale in CASES:
        tried = spent[~flags[held_out]] if households_tried == "normal" else spent
        if scale == "money":
            tried = unit[EXPENDITURE] * np.sinh(tried)
        errors = [
            root_mean_squared_error(tried["actual"], tried[name])
            for name in ("with", "without")
        ]
        measured.append(
            [
                len(tried),
                len(training),
                len(unflagged),
                *errors,
                100 * (errors[0] / errors[1] - 1) if errors[1] else np.nan,
            ]
        )
    table = pd.DataFrame(measured, columns=MEASURED, dtype=float)
    return _labelled(table.round(DECIMALS))


def _refusal(known: pd.DataFrame, flags: pd.Series) -> Both | None:
    flagged, normal = int(flags.sum()), int((~flags).sum())
    if EXPENDITURE not in known or known.shape[1] < 2:
        return in_both("not fitted: needs expenditure and at least one other column")
    if normal < FEWEST_HOUSEHOLDS:
        return in_both(
            "not fitted: {number} normal households, at least {least} are needed",
            number=normal,
            least=FEWEST_HOUSEHOLDS,
        )
    if flagged < FEWEST_FLAGGED:
        return in_both(
            "not fitted: {number} flagged households, at least {least} are needed to "
            "leave out",
            number=flagged,
            least=FEWEST_FLAGGED,
        )
    return None


def _labelled(measured: pd.DataFrame, refusal: Both | None = None) -> pd.DataFrame:
    cases = pd.DataFrame(CASES, columns=["held_out", "scale"])
    counts = {name: "Int64" for name in MEASURED if "households" in name}
    labelled = pd.concat([cases, measured.astype(counts)], axis=1)
    return with_status(labelled, refusal)


def anomaly_rates(flags: pd.DataFrame) -> pd.DataFrame:
    """Share of anomalous households per region and year, with a Wilson interval.

    `flags` has one row per household: region_code, survey_year, is_anomaly,
    is_assessed. The rate is among the assessed ones; its 95 % interval is that of
    Wilson (1927, J. Am. Stat. Assoc. 22, 209-212), which treats the households as a
    simple random sample. A household without region or year has no row to be in.

    Returns one row per region and year, sorted: region_code, survey_year, households,
    assessed_households, anomalous_households (numbers), anomaly_rate, rate_low,
    rate_high (0 to 1; missing where no household was assessed).
    """
    assessed = flags["is_assessed"].astype(bool)
    found = assessed & flags["is_anomaly"].eq(True).fillna(False).astype(bool)
    rates = (
        flags[["region_code", "survey_year"]]
        .assign(
            households=1,
            assessed_households=assessed.astype(int),
            anomalous_households=found.astype(int),
        )
        .groupby(["region_code", "survey_year"], as_index=False)
        .sum()
    )
    trials = rates["assessed_households"].where(rates["assessed_households"] > 0)
    low, high = proportion_confint(
        rates["anomalous_households"], trials, alpha=0.05, method="wilson"
    )
    return rates.assign(
        anomaly_rate=rates["anomalous_households"] / trials,
        rate_low=low.round(DECIMALS),
        rate_high=high.round(DECIMALS),
    )
