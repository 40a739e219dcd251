"""A simulated household survey in the shape of CFPS 2022, with planted anomalies.

No household in it exists. Amounts have a lognormal body and a Pareto tail, as survey
incomes and wealth do (Clementi and Gallegati 2005, Physica A 350, 427-438), and share a
permanent income, so that income, spending, assets and debt go together. A transitory
part gives ordinary households bad years and costly ones, which a detector can mistake
for anomalies.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from coupling.households.imputation import AMOUNTS, FAMILY_SIZE

SURVEY_ID = "simulated_cfps2022"
KINDS = ["debt_spiral", "overspending", "hidden_income", "asset_rich_cash_poor"]
KIND_SHARE = 0.0125
SEVERE_SHARE = 0.5
MISSING_SHARE = 0.04
ROUNDED_TO_YUAN = 100
SIZE_SHARES = [0.10, 0.22, 0.23, 0.19, 0.13, 0.08, 0.03, 0.02]


def simulate(
    regions: Sequence[str],
    households: int = 2000,
    seed: int = 2022,
    years: Sequence[int] = (2020, 2022),
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw a survey and the labels of what was planted in it.

    `regions` are region codes, each with an income level of its own; `years` are spread
    evenly over the households, which differ between years. Returns

    - households: one row per household, amounts in yuan rounded to 100, persons,
      weights with mean 1, about 4 % of the cells missing;
    - labels: survey_id, household_id, anomaly_kind: one of KINDS or 'none'.

    The same arguments give the same survey. Raises ValueError without a household, a
    region or a year.
    """
    if households < 1 or not len(regions) or not len(years):
        raise ValueError("a survey needs at least one household, region and year")
    streams = np.random.SeedSequence(seed).spawn(4)
    places, people, planted, missing = map(np.random.default_rng, streams)
    region_income = places.normal(0, 0.25, len(regions))
    region_share = places.dirichlet(np.full(len(regions), 8.0))
    region_silence = places.normal(0, 0.4, len(regions))

    region = people.choice(len(regions), households, p=region_share)
    year = people.permutation(np.resize(np.asarray(years), households))
    growth = 1.05 ** (year - max(years))
    size = people.choice(np.arange(1, 9), households, p=SIZE_SHARES).astype(float)
    amounts = _amounts(people, region_income[region], size) * growth[:, None]
    weight = np.exp(people.normal(0, 0.5, households))

    kind = _kinds(planted, households)
    amounts = _rounded(_plant(planted, amounts, kind))
    cells = np.column_stack([amounts, size])
    cells[_gaps(missing, region_silence[region], size)] = np.nan

    width = max(len(str(households)), 7)
    number = pd.Series(np.arange(1, households + 1)).astype("str")
    key = {
        "survey_id": pd.Series([SURVEY_ID], dtype="str").repeat(households).array,
        "household_id": ("h" + number.str.zfill(width)).array,
    }
    survey = pd.DataFrame(
        {
            **key,
            "region_code": pd.Series(list(regions), dtype="str").take(region).array,
            "survey_year": year,
            "currency": pd.Series(["CNY"], dtype="str").repeat(households).array,
            **dict(zip([*AMOUNTS, FAMILY_SIZE], cells.T, strict=True)),
            "weight": weight / weight.mean(),
        }
    )
    names = pd.Series(["none", *KINDS], dtype="str")
    return survey, pd.DataFrame({**key, "anomaly_kind": names.take(kind + 1).array})


def _amounts(
    rng: np.random.Generator, region_income: np.ndarray, size: np.ndarray
) -> np.ndarray:
    """Yuan of ordinary households, [N, 4] in the order of AMOUNTS."""
    n = len(size)
    permanent = region_income + 0.45 * np.log(size / 3) + rng.normal(0, 0.6, n)
    permanent += _tail(rng, n, share=0.05, index=2.5)
    income = 85_000 * np.exp(permanent + _transitory(rng, n))
    # a farm or a business that made nothing, or a loss
    is_loss = rng.random(n) < 0.003
    income = np.where(is_loss, -income * rng.random(n) * (rng.random(n) < 0.5), income)
    spending = 62_000 * np.exp(
        0.75 * permanent + 0.15 * np.log(size / 3) + _transitory(rng, n)
    )
    wealth = 1.1 * permanent + rng.normal(0, 0.75, n)
    wealth += _tail(rng, n, share=0.05, index=1.8)
    borrows = rng.random(n) < np.clip(0.27 + 0.08 * rng.normal(permanent, 1), 0.02, 0.9)
    debt = 0.5 * permanent + 0.15 * wealth + rng.normal(0, 1.0, n)
    debt += _tail(rng, n, share=0.05, index=1.8)
    return np.column_stack(
        [income, spending, 420_000 * np.exp(wealth), 36_000 * np.exp(debt) * borrows]
    )


def _tail(
    rng: np.random.Generator, n: int, *, share: float, index: float
) -> np.ndarray:
    """Log of a factor: Pareto with the tail index for a share, 1 for all others."""
    return rng.exponential(1 / index, n) * (rng.random(n) < share)


def _transitory(rng: np.random.Generator, n: int) -> np.ndarray:
    """Log of what a year adds or takes; for one household in ten it is a lot."""
    return rng.normal(0, np.where(rng.random(n) < 0.1, 0.7, 0.3))


def _kinds(rng: np.random.Generator, n: int) -> np.ndarray:
    """Position of the planted kind in KINDS, -1 for none, [N]."""
    kind = np.full(n, -1)
    each = round(n * KIND_SHARE)
    chosen = rng.permutation(n)[: each * len(KINDS)]
    kind[chosen] = np.repeat(np.arange(len(KINDS)), each)
    return kind


def _plant(
    rng: np.random.Generator, amounts: np.ndarray, kind: np.ndarray
) -> np.ndarray:
    """Turn the chosen households into anomalies, half of them mild, half severe."""
    n = len(kind)
    is_severe = rng.random(n) < SEVERE_SHARE
    strength = rng.random(n)
    other = rng.random(n)

    def factor(mild, severe):
        """A factor between the bounds of its severity, even on the log scale."""
        low = np.where(is_severe, severe[0], mild[0])
        high = np.where(is_severe, severe[1], mild[1])
        return low * (high / low) ** strength

    income, spending, assets, debt = amounts.T
    earned = np.maximum(income, 0.2 * np.median(income))
    spiral, over, hidden, rich = (kind == place for place in range(len(KINDS)))
    planted = [
        np.select(
            [hidden, rich],
            [earned * factor((0.5, 0.3), (0.3, 0.06)), earned * (0.3 + 0.4 * other)],
            income,
        ),
        np.select(
            [spiral, over, hidden, rich],
            [
                np.maximum(spending, earned * (1 + 0.5 * other)),
                np.maximum(spending, earned * factor((1.6, 2.5), (2.5, 6))),
                np.maximum(spending, earned * 0.8),
                spending * (0.5 + 0.3 * other),
            ],
            spending,
        ),
        np.select(
            [spiral, hidden, rich],
            [
                assets * (0.25 + 0.5 * other),
                assets * (1 + other),
                assets * factor((3, 6), (6, 20)),
            ],
            assets,
        ),
        np.where(spiral, np.maximum(debt, earned * factor((1, 2.5), (2.5, 8))), debt),
    ]
    return np.column_stack(planted)


def _rounded(amounts: np.ndarray) -> np.ndarray:
    """Whole hundreds of yuan; spending and assets never round down to nothing."""
    rounded = np.round(amounts / ROUNDED_TO_YUAN) * ROUNDED_TO_YUAN
    rounded[:, 1:3] = np.maximum(rounded[:, 1:3], ROUNDED_TO_YUAN)
    return rounded + 0.0


def _gaps(
    rng: np.random.Generator, region_silence: np.ndarray, size: np.ndarray
) -> np.ndarray:
    """Cells not answered, [N, 5]: at random, given region and family size."""
    odds = np.exp(region_silence + 0.15 * (size - 3))
    chance = np.minimum(MISSING_SHARE * odds / odds.mean(), 1)
    by_region = np.exp(region_silence)
    chance_of_size = np.minimum(MISSING_SHARE * by_region / by_region.mean(), 1)
    chances = np.column_stack([chance] * len(AMOUNTS) + [chance_of_size])
    return rng.random(chances.shape) < chances
