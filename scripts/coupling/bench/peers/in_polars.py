"""The nine methods in polars, on a wide frame, as expressions for all threads."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl

from coupling.bench.panels import FIRST_YEAR, Panel
from coupling.bench.peers import formulas

Weights = dict[str, float]


@dataclass(frozen=True)
class Input:
    """A wide frame with `region` and `year`, and what is known of its indicators."""

    frame: pl.DataFrame
    names: list[str]
    turned: set[str]
    members: list[np.ndarray]

    @property
    def systems(self) -> list[list[str]]:
        """Names of the indicators of each system."""
        return [[self.names[place] for place in own] for own in self.members]


def prepared(panel: Panel) -> Input:
    """Return what is in memory before the clock starts, blanks as polars has them."""
    size = panel.size
    names = [f"x{place}" for place in range(size.indicators)]
    years = np.arange(FIRST_YEAR, FIRST_YEAR + size.years)
    columns = {name: panel.values[:, place] for place, name in enumerate(names)}
    frame = pl.DataFrame(
        {
            "region": np.repeat(np.arange(size.regions), size.years),
            "year": np.tile(years, size.regions),
        }
        | columns
    )
    turned = {name for place, name in enumerate(names) if panel.is_less_better[place]}
    return Input(
        frame.with_columns(pl.col(names).fill_nan(None)), names, turned, panel.members
    )


def degrees(given: Input) -> dict[str, np.ndarray]:
    """Return D, [N], of each of the nine methods."""
    values = filled(given.frame, given.names)
    y = values.select(_scaled(name, given) for name in given.names)
    scores = _scores(y, given)
    scores["entropy_linear_by_year"] = _linear_by_year(values, given)
    return formulas.degrees(scores)


def filled(frame: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Return the frame without gaps.

    Linear between the known years of a region, the nearest known value at the ends.
    """
    filling = pl.col(names).interpolate().forward_fill().backward_fill()
    return frame.with_columns(filling.over("region"))


def entropy(y: pl.DataFrame, names: list[str], low: float = 0.0) -> np.ndarray:
    """Return d = 1 - e of each column, [J], after y -> low + (1 - low) y."""
    sums = y.select(_sums(names, low)).row(0)
    return _information(np.array([sums]), len(y))[0]


def critic(y: pl.DataFrame, given: Input) -> np.ndarray:
    """Return d_j = sd_j sum_k (1 - r_jk), k over the system; [J]."""
    pairs = [
        pair for own in given.members if len(own) > 1 for pair in combinations(own, 2)
    ]
    found = y.select(
        *(pl.col(name).std() for name in given.names),
        *(pl.corr(given.names[j], given.names[k]).alias(f"{j} {k}") for j, k in pairs),
    ).row(0)
    spread = np.array(found[: len(given.names)])
    conflict = np.zeros(len(given.names))
    for (j, k), correlation in zip(pairs, found[len(given.names) :], strict=True):
        conflict[[j, k]] += 1 - correlation
    is_alone = np.isin(
        np.arange(len(conflict)), [own[0] for own in given.members if len(own) == 1]
    )
    return spread * np.where(is_alone, 1, conflict)


def _scaled(name: str, given: Input) -> pl.Expr:
    """Return (x - worst) / (best - worst) of a column."""
    x = pl.col(name)
    distance = x.max() - x if name in given.turned else x - x.min()
    return distance / (x.max() - x.min())


def _sums(names: list[str], low: float) -> list[pl.Expr]:
    """Return sum y of each column, then sum(y ln y), with 0 ln 0 = 0."""
    raised = [low + (1 - low) * pl.col(name) for name in names]
    return [
        *(
            y.sum().alias(f"{name} total")
            for name, y in zip(names, raised, strict=True)
        ),
        *(
            (y * y.log()).fill_nan(0).sum().alias(f"{name} logs")
            for name, y in zip(names, raised, strict=True)
        ),
    ]


def _information(sums: np.ndarray, count: int) -> np.ndarray:
    """Return d from sums of `_sums`, [S, 2 J] -> [S, J]."""
    total, total_of_logs = np.split(sums, 2, axis=1)
    return formulas.entropy_information(total, total_of_logs, count)


def _summed(
    given: Input, weights: np.ndarray, term: Callable[[pl.Expr], pl.Expr]
) -> list[pl.Expr]:
    """Return sum w f(y) of each system."""
    of = dict(zip(given.names, weights.tolist(), strict=True))
    return [
        pl.sum_horizontal(of[name] * term(pl.col(name)) for name in own)
        for own in given.systems
    ]


def _scores(y: pl.DataFrame, given: Input) -> dict[str, np.ndarray]:
    """Return U, [k, N], by method, but for the one by year."""

    def weights(information: np.ndarray) -> np.ndarray:
        return formulas.shares(information, given.members)

    def plain(value: pl.Expr) -> pl.Expr:
        return value

    by_entropy = weights(entropy(y, given.names))
    low, rest = formulas.SHIFTED, 1 - formulas.SHIFTED
    raised = formulas.RAISED
    spread = y.select(pl.all().std() / pl.all().mean()).row(0)
    # the ideals of min-max are w and 0
    far = _summed(given, by_entropy**2, lambda value: value**2)
    near = _summed(given, by_entropy**2, lambda value: (1 - value) ** 2)
    shifted = weights(entropy(y, given.names, low))
    powers = weights(entropy(y, given.names, raised))
    expressions = {
        "entropy_topsis": [
            worst.sqrt() / (best.sqrt() + worst.sqrt())
            for best, worst in zip(near, far, strict=True)
        ],
        "entropy_linear": _summed(given, by_entropy, plain),
        "entropy_shifted_linear": [
            low + rest * total for total in _summed(given, shifted, plain)
        ],
        "equal_linear": _summed(given, weights(np.ones(len(given.names))), plain),
        "critic_linear": _summed(given, weights(critic(y, given)), plain),
        "variation_linear": _summed(given, weights(np.array(spread)), plain),
        "entropy_geometric": [
            total.exp()
            for total in _summed(
                given, powers, lambda value: (raised + (1 - raised) * value).log()
            )
        ],
    }
    found = y.select(
        one.alias(f"{name} {place}")
        for name, ones in expressions.items()
        for place, one in enumerate(ones)
    )
    systems = range(len(given.members))
    return {
        name: np.array([found[f"{name} {place}"].to_numpy() for place in systems])
        for name in expressions
    }


def _linear_by_year(values: pl.DataFrame, given: Input) -> np.ndarray:
    """Return U, [k, N], of values scaled and weighed within each year."""
    y = values.select(
        "year", *(_scaled(name, given).over("year") for name in given.names)
    )
    sums = y.group_by("year").agg(_sums(given.names, 0.0)).sort("year")
    regions = len(y) // len(sums)
    information = _information(sums.drop("year").to_numpy(), regions)
    weights = pl.DataFrame(
        formulas.shares(information, given.members),
        [f"{name} weight" for name in given.names],
        orient="row",
    ).with_columns(sums["year"])
    weighed = y.join(weights, on="year", how="left", maintain_order="left")
    found = weighed.select(
        pl.sum_horizontal(
            pl.col(name) * pl.col(f"{name} weight") for name in own
        ).alias(str(place))
        for place, own in enumerate(given.systems)
    )
    return found.to_numpy().T
