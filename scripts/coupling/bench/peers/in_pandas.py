"""The nine methods in pandas, on a wide frame: a row for each region and year.

Gaps are filled by grouped fills in both directions, which are compiled; `interpolate`
by group would call Python once for each region.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coupling.bench.panels import FIRST_YEAR, Panel
from coupling.bench.peers import formulas


@dataclass(frozen=True)
class Input:
    """A wide frame, its regions and years as they repeat, and names by system."""

    values: pd.DataFrame
    region: pd.Series
    year: pd.Series
    is_less_better: pd.Series
    members: list[pd.Index]


def prepared(panel: Panel) -> Input:
    """Return what is in memory before the clock starts."""
    size = panel.size
    names = pd.Index([f"x{place}" for place in range(size.indicators)])
    years = np.arange(FIRST_YEAR, FIRST_YEAR + size.years)
    return Input(
        pd.DataFrame(panel.values, columns=names),
        pd.Series(np.repeat(np.arange(size.regions), size.years)),
        pd.Series(np.tile(years, size.regions)),
        pd.Series(panel.is_less_better, index=names),
        [names[own] for own in panel.members],
    )


def degrees(given: Input) -> dict[str, np.ndarray]:
    """Return D, [N], of each of the nine methods."""
    values = filled(given.values, given.region, given.year)
    y = scaled(values, values.min(), values.max(), given.is_less_better)
    years = values.groupby(given.year)
    by_year = scaled(
        values, years.transform("min"), years.transform("max"), given.is_less_better
    )
    return formulas.degrees(_scores(y, by_year, given.year, given.members))


def filled(values: pd.DataFrame, region: pd.Series, year: pd.Series) -> pd.DataFrame:
    """Return the frame without gaps.

    Linear between the known years of a region, the nearest known value at the ends.
    """
    known = values.notna().mul(year, axis=0).where(values.notna())
    before, after = values.groupby(region).ffill(), values.groupby(region).bfill()
    start, end = known.groupby(region).ffill(), known.groupby(region).bfill()
    share = start.rsub(year, axis=0) / (end - start)
    between = before + (after - before) * share
    return values.fillna(between).fillna(before).fillna(after)


def scaled(
    values: pd.DataFrame,
    lowest: pd.DataFrame | pd.Series,
    highest: pd.DataFrame | pd.Series,
    is_less_better: pd.Series,
) -> pd.DataFrame:
    """Return (x - worst) / (best - worst), by extremes of columns or of cells."""
    found = (values - lowest) / (highest - lowest)
    turned = is_less_better.index[is_less_better]
    found[turned] = 1 - found[turned]
    return found


def information(y: pd.DataFrame, low: float = 0.0) -> pd.Series:
    """Return entropy's d = 1 - e of each column, after y -> low + (1 - low) y."""
    raised = low + (1 - low) * y
    logs = raised * np.log(raised.where(raised > 0, 1))
    found = formulas.entropy_information(
        raised.sum().to_numpy(), logs.sum().to_numpy(), len(y)
    )
    return pd.Series(found, index=y.columns)


def critic(y: pd.DataFrame, members: list[pd.Index]) -> pd.Series:
    """Return d_j = sd_j sum_k (1 - r_jk), k over the system."""
    found = y.std()
    for own in members:
        if len(own) > 1:
            found[own] *= (1 - y[own].corr()).sum()
    return found


def closeness(y: pd.DataFrame, weights: pd.Series, members: list) -> np.ndarray:
    """Return d- / (d+ + d-) of each system by TOPSIS, [k, N]."""
    weighted = y * weights
    to_best = (weighted - weighted.max()) ** 2
    to_worst = (weighted - weighted.min()) ** 2
    found = []
    for own in members:
        near, far = (np.sqrt(part[own].sum(axis=1)) for part in (to_best, to_worst))
        found.append(far / (near + far))
    return np.array(found)


def linear(y: pd.DataFrame, weights: pd.Series, members: list) -> np.ndarray:
    """Return sum w y of each system, [k, N]."""
    return np.array([y[own] @ weights[own] for own in members])


def _scores(
    y: pd.DataFrame, by_year: pd.DataFrame, year: pd.Series, members: list
) -> dict[str, np.ndarray]:
    """Return U, [k, N], by method."""

    def weights(found: pd.Series) -> pd.Series:
        return pd.concat([found[own] / found[own].sum() for own in members])

    by_entropy = weights(information(y))
    of_years = {name: weights(information(one)) for name, one in by_year.groupby(year)}
    in_years = by_year * pd.DataFrame(of_years).T.loc[year].set_axis(by_year.index)
    low, rest = formulas.SHIFTED, 1 - formulas.SHIFTED
    raised = formulas.RAISED + (1 - formulas.RAISED) * y
    return {
        "entropy_topsis": closeness(y, by_entropy, members),
        "entropy_linear": linear(y, by_entropy, members),
        "entropy_linear_by_year": np.array(
            [in_years[own].sum(axis=1) for own in members]
        ),
        "entropy_shifted_linear": low
        + rest * linear(y, weights(information(y, low)), members),
        "equal_linear": linear(y, weights(y.std() * 0 + 1), members),
        "critic_linear": linear(y, weights(critic(y, members)), members),
        "variation_linear": linear(y, weights(y.std() / y.mean()), members),
        "entropy_geometric": np.exp(
            linear(np.log(raised), weights(information(y, formulas.RAISED)), members)
        ),
    }
