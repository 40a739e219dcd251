"""Which ratio of a household flags it, worked out again from completed amounts.

By the standard deviation alone, in numpy and without the code of the product.
"""

import math
import re

import numpy as np

PARTS = {
    "income_expenditure_ratio": ("total_expenditure_cny", "net_income_cny"),
    "asset_debt_ratio": ("non_mortgage_debt_cny", "total_assets_cny"),
    "per_capita_income": ("net_income_cny", "family_size"),
    "asset_income_ratio": ("total_assets_cny", "net_income_cny"),
}
WORDS = {
    "income_expenditure_ratio": r"spends (\S+) times its income",
    "asset_debt_ratio": r"owes, mortgages apart, (\S+) times its assets",
    "per_capita_income": r"has an income of (\S+) \w+ per person",
    "asset_income_ratio": r"owns (\S+) times its income in assets",
}


def middle_of_positive(values):
    positive = values[values > 0]
    return np.median(positive) if len(positive) else np.nan


def between_quantiles(values, lower, upper):
    """Values pulled back to the observed ones next outside two quantiles."""
    ordered, last = np.sort(values), len(values) - 1
    return np.clip(
        values, ordered[math.floor(lower * last)], ordered[math.ceil(upper * last)]
    )


def ratios(amounts, settings):
    """{ratio: (values, their logarithms without a unit)} of one survey."""
    amounts = {
        name: column
        if name == "family_size"
        else between_quantiles(
            column, settings["winsor_lower"], settings["winsor_upper"]
        )
        for name, column in amounts.items()
    }
    found = {}
    for name, (above, below) in PARTS.items():
        if above not in amounts or below not in amounts:
            continue
        floor = settings["floor_share"] * middle_of_positive(amounts[below])
        if below == "family_size":
            floor = 1
        value = amounts[above] / np.maximum(amounts[below], floor)
        if name == "asset_debt_ratio":
            found[name] = value, np.log(1 + np.maximum(value, 0))
        else:
            relative = value / middle_of_positive(value)
            found[name] = value, np.log(np.maximum(relative, settings["floor_share"]))
    return found


def distances(found):
    """{ratio: distance from the mean in standard deviations}."""
    return {
        name: np.abs(feature - feature.mean()) / feature.std()
        for name, (_, feature) in found.items()
        if np.ptp(feature) > 1e-9
    }


def distance_of(name, value, found):
    """How far above the mean a household with this value of a ratio would be."""
    values, feature = found[name]
    if name == "asset_debt_ratio":
        placed = np.log(1 + value)
    else:
        placed = np.log(value / middle_of_positive(values))
    return (placed - feature.mean()) / feature.std()


def said(reason):
    """What a sentence of three sigma says: ratio, value, side and limit."""
    (found,) = (
        (name, match[1])
        for name, words in WORDS.items()
        if (match := re.search(f"The household {words}(?! in assets)", reason))
    )
    side, limit = re.search(
        r", as for every value (above|below) (\S+)\.$", reason
    ).groups()
    return found[0], float(found[1]), side, float(limit)
