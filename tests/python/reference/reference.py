"""The whole method in numpy and pandas, written apart from the SQL it checks.

`compute` reads the seed tables and returns the marts, row by row, for comparison with
the warehouse. The formulas are those of DESIGN.md, section "Formulas"; nothing here
imports from the project. Units are those of the series; years are calendar years.

Arrays are wide. Axes are named in the docstrings: R regions, Y years, J indicators,
K systems, and, where weights are worked out, S scopes of N region-years each: a
`panel` is one scope (S = 1, N = Y x R), scope `year` is one per year (S = Y, N = R).
Missing is NaN throughout.
"""

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import decomposition
import numpy as np
import pandas as pd

CHAINED_PRICE_UNIT = "previous year = 100"
CONSTANT_TOLERANCE = 1e-12  # spread relative to the larger end: the same value
TINY = 1e-12  # what rounding leaves of an exact zero: 1 - e, 1 - r, sum v (1 - y)
DECIMALS = 12  # before ranking and grading, so that equal results tie
SYNCHRONOUS = (0.8, 1.2)  # ratio of two scores within which neither lags
UNWEIGHTED = ["no_given_weight", "no_information"]
ALL_REGIONS = "ALL"
# columns of methods.csv that may be blank, and set tables with their numbers
CHOICES = (
    *("normalisation", "goalpost_set_id", "weight_scope", "weight_set_id"),
    *("judgement_set_id", "combination_rule", "contribution_set_id"),
)
NUMBERS = (
    *("epsilon", "is_on_request", "interval_low", "interval_high", "resolution"),
    *("coupling_exponent", "capacity_a", "capacity_b", "capacity_exponent"),
)
EXTENTS = ("extent", "extent_zh")
SETS = {
    "study_methods": (),
    "goalposts": ("low", "high"),
    "weight_sets": ("weight",),
    "pairwise_judgements": (),
    "weight_combinations": ("position", "share"),
    "contribution_sets": ("contribution",),
    "development_thresholds": ("lower", "upper"),
}


# --- derived indicators -----------------------------------------------------------


def safe_divide(a, b):
    """Divide a by b elementwise; NaN where b is 0 or either is missing."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return a / np.where(b == 0, np.nan, b)


def growth_pct(a):
    """100 (a_t / a_{t-1} - 1), in per cent; a[..., Y] over consecutive years."""
    previous = np.concatenate([np.full_like(a[..., :1], np.nan), a[..., :-1]], axis=-1)
    return 100 * (safe_divide(a, previous) - 1)


def location_quotient(a, b, country):
    """(a_i / b_i) / (sum a / sum b), sums over the country, per year.

    a, b: [R, Y]; country: [R] codes, "" where unknown. Only regions with both parts
    known that year enter the sums.
    """
    both = ~np.isnan(a) & ~np.isnan(b)
    national = np.full(a.shape, np.nan)
    for code in set(country) - {""}:
        members = country == code
        total_a = np.where(both, a, 0)[members].sum(axis=0)
        total_b = np.where(both, b, 0)[members].sum(axis=0)
        national[members] = safe_divide(total_a, total_b)
    return safe_divide(safe_divide(a, b), national)


def chained_price(index, investment):
    """Price level from an index with the previous year = 100.

    Both [..., Y]. P = 1 in the first year with an investment figure, then
    P_t = P_{t-1} index_t / 100; missing from the first missing index on.
    """
    price = np.full(investment.shape, np.nan)
    started = np.zeros(investment.shape[:-1], dtype=bool)
    level = np.full(investment.shape[:-1], np.nan)
    for t in range(investment.shape[-1]):
        known = ~np.isnan(investment[..., t])
        level = np.where(~started & known, 1.0, level * index[..., t] / 100)
        started |= known
        price[..., t] = level
    return price


def perpetual_inventory(investment, price, depreciation_rate, initial_growth_rate):
    """Capital stock K_t = (1 - delta) K_{t-1} + I_t / P_t.

    investment, price: [..., Y], price a level. K_0 = (I_0 / P_0) / (g + delta) in the
    first year with an investment figure. Missing from the first gap in I or P on.
    """
    flow = safe_divide(investment, price)
    stock = np.full(flow.shape, np.nan)
    started = np.zeros(flow.shape[:-1], dtype=bool)
    level = np.full(flow.shape[:-1], np.nan)
    for t in range(flow.shape[-1]):
        known = ~np.isnan(investment[..., t])
        first = safe_divide(flow[..., t], initial_growth_rate + depreciation_rate)
        later = (1 - depreciation_rate) * level + flow[..., t]
        level = np.where(~started & known, first, later)
        started |= known
        stock[..., t] = level
    return stock


def without_base(indicator, a, b):
    """Where a ratio or growth has a figure but no meaning; a, b: [R, Y].

    Over a base of zero, or below zero where the catalogue does not allow it.
    """
    base = {"ratio": b, "location_quotient": b}.get(indicator.operator)
    if indicator.operator == "growth_pct":
        base = np.concatenate([np.full_like(a[:, :1], np.nan), a[:, :-1]], axis=-1)
    if base is None:
        return np.zeros(a.shape, dtype=bool)
    allowed = getattr(indicator, "negative_base", "") == "allowed"
    bad = base == 0 if allowed else base <= 0
    return bad & ~np.isnan(a)


def derive(indicator, figures, units, country, land_area):
    """One catalogue row's values, scale x operator, [R, Y].

    indicator: namedtuple of indicators.csv; figures: series_id -> [R, Y], with None
    -> all missing; units: series_id -> unit; country (what a location quotient is
    measured within), land_area (10k km2): [R].
    """
    a = figures.get(indicator.numerator, figures[None])
    b = figures.get(indicator.denominator, figures[None])
    match indicator.operator:
        case "identity":
            value = a
        case "ratio":
            value = safe_divide(a, b)
        case "per_area":
            value = safe_divide(a, land_area[:, None])
        case "growth_pct":
            value = growth_pct(a)
        case "location_quotient":
            value = location_quotient(a, b, country)
        case "perpetual_inventory":
            if not indicator.denominator:
                price = np.ones_like(a)
            elif units.get(indicator.denominator) == CHAINED_PRICE_UNIT:
                price = chained_price(b, a)
            else:
                price = b
            value = perpetual_inventory(
                a, price, indicator.depreciation_rate, indicator.initial_growth_rate
            )
        case unknown:
            raise ValueError(f"{indicator.indicator_id}: operator {unknown!r}")
    scale = 1 if np.isnan(indicator.scale) else indicator.scale
    return np.where(without_base(indicator, a, b), np.nan, scale * value)


# --- imputation and normalisation -------------------------------------------------


def interpolate(years, values):
    """Fill gaps from the known values of the same row.

    years: [Y], ascending; values: [..., Y]. Linear in calendar years between the
    nearest known values, the nearest known value where only one side has one.
    Returns filled values and their origin (observed, interpolated, carried, missing).
    """
    known = ~np.isnan(values)
    position = np.broadcast_to(np.arange(len(years)), values.shape)
    before = np.maximum.accumulate(np.where(known, position, -1), axis=-1)
    backwards = np.where(known, position, len(years))[..., ::-1]
    after = np.minimum.accumulate(backwards, axis=-1)[..., ::-1]
    has_before, has_after = before >= 0, after < len(years)

    before = np.where(has_before, before, 0)
    after = np.where(has_after, after, 0)
    left = np.take_along_axis(values, before, axis=-1)
    right = np.take_along_axis(values, after, axis=-1)
    share = safe_divide(years - years[before], years[after] - years[before])
    between = left + (right - left) * share

    cases = [known, has_before & has_after, has_before, has_after]
    filled = np.select(cases, [values, between, left, right], np.nan)
    names = ["observed", "interpolated", "carried", "carried"]
    return filled, np.select(cases, names, "missing")


def extremes(x):
    """Largest and smallest known value per indicator; x[..., N, J] -> two [..., J]."""
    largest = np.fmax.reduce(x, axis=-2, initial=-np.inf)
    smallest = np.fmin.reduce(x, axis=-2, initial=np.inf)
    return largest, smallest


def indicator_status(x, size=None):
    """Why an indicator cannot be used in a scope, or 'usable'.

    x[..., N, J] -> [..., J]; constant is max - min <= 1e-12 max(|max|, |min|). size
    [...]: region-years of the scope in years with figures, N by default.
    """
    largest, smallest = extremes(x)
    scale = np.maximum(np.abs(largest), np.abs(smallest))
    size = np.asarray(x.shape[-2] if size is None else size)[..., None]
    cases = [
        np.broadcast_to(size == 0, largest.shape),
        np.isnan(x).all(axis=-2),
        np.broadcast_to(size == 1, largest.shape),
        largest - smallest <= CONSTANT_TOLERANCE * scale,
    ]
    names = ["no_figures_in_year", "no_data", "single_region_year", "constant"]
    return np.select(cases, names, "usable")


def normalise(x, positive, zero_rule="exact", epsilon=0.0, size=None):
    """Min-max to 0..1 over the scope, 1 the better end, then the zero rule.

    x: [..., N, J]; positive: [J] booleans. Rule `shift` maps y to
    epsilon + (1 - epsilon) y, 0 < epsilon < 1. NaN for indicators not usable.
    """
    largest, smallest = (edge[..., None, :] for edge in extremes(x))
    usable = (indicator_status(x, size) == "usable")[..., None, :]
    width = np.where(usable, largest - smallest, np.nan)
    y = np.where(positive, x - smallest, largest - x) / width
    if zero_rule == "exact":
        return y
    if zero_rule == "shift":
        return epsilon + (1 - epsilon) * y
    raise ValueError(f"zero_rule {zero_rule!r}")


def extras(method):
    """The choices of a method beyond the first ones, with what a blank stands for."""
    row = {name: getattr(method, name, "") for name in (*CHOICES, *NUMBERS)}
    blank = {name for name, value in row.items() if value in ("", None)}
    row |= dict.fromkeys(blank & set(CHOICES), "") | dict.fromkeys(
        blank & set(NUMBERS), np.nan
    )
    row["normalisation"] = row["normalisation"] or "min_max"
    row["weight_scope"] = row["weight_scope"] or method.normalisation_scope
    if np.isnan(row["resolution"]):
        row["resolution"] = 0.5
    return SimpleNamespace(**row)


def average_rank(values):
    """Rank 1 the smallest along [..., N, :], ties sharing their mean; NaN stays NaN."""
    rounded = np.round(values, DECIMALS)
    below = (rounded[..., None, :, :] < rounded[..., :, None, :]).sum(axis=-2)
    equal = (rounded[..., None, :, :] == rounded[..., :, None, :]).sum(axis=-2)
    return np.where(np.isnan(values), np.nan, below + (equal + 1) / 2)


def normalise_by(rule, x, positive, goalposts, status):
    """Y of each normalisation before the zero rule, and where it is not defined.

    x: [S, N, J]; goalposts: (low, high), each [J]; status: [S, J] -> y, [S, J] texts.
    """
    usable = status == "usable"
    why = np.where(usable, "", status).astype(object)
    shown = np.where(usable[:, None], x, np.nan)
    low, high = goalposts
    signed = np.where(positive, shown, -shown)
    match rule:
        case "min_max":
            y = normalise(x, positive)
            y = np.where(usable[:, None], y, np.nan)
        case "goalpost":
            part = safe_divide(shown - low, high - low)
            y = np.clip(np.where(positive, part, 1 - part), 0, 1)
            why = np.where((why == "") & np.isnan(low), "no_goalpost", why)
        case "z_score":
            mean, sd = mean_and_sd(signed)
            z = safe_divide(signed - mean[..., None, :], sd[..., None, :])
            y = np.clip(0.5 + z / 6, 0, 1)
        case "rank":
            n = (~np.isnan(shown)).sum(axis=-2, keepdims=True)
            y = safe_divide(average_rank(signed) - 1, n - 1)
        case "vector":
            largest, smallest = (edge[..., None, :] for edge in extremes(shown))
            directed = np.where(positive, shown, largest - shown)
            lengths = np.sqrt(np.nansum(directed**2, axis=-2, keepdims=True))
            y = safe_divide(directed, lengths)
            below = positive & (smallest[..., 0, :] < 0) & (why == "")
            why = np.where(below, "negative_value", why)
        case unknown:
            raise ValueError(f"normalisation {unknown!r}")
    bad = np.isin(why, ["no_goalpost", "negative_value"])
    return np.where(bad[:, None], np.nan, y), why


# --- weights ----------------------------------------------------------------------


def entropy(y):
    """Entropy's d = 1 - e, e = -(1 / ln N) sum p ln p, p = y / sum y, 0 ln 0 = 0.

    y[..., N, J] -> [..., J]; N counts the known cells of each indicator.
    """
    p = safe_divide(y, np.nansum(y, axis=-2, keepdims=True))
    terms = np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0)
    count = (~np.isnan(y)).sum(axis=-2)
    return 1 + safe_divide(terms.sum(axis=-2), np.log(np.maximum(count, 1)))


def mean_and_sd(y):
    """Mean and sample standard deviation of known cells; [..., N, J] -> [..., J]."""
    count = (~np.isnan(y)).sum(axis=-2)
    mean = safe_divide(np.nansum(y, axis=-2), count)
    squares = np.nansum((y - mean[..., None, :]) ** 2, axis=-2)
    return mean, np.sqrt(safe_divide(squares, np.maximum(count - 1, 0)))


def variation(y):
    """Coefficient of variation d = sd / mean; y[..., N, J] -> [..., J]."""
    mean, sd = mean_and_sd(y)
    return safe_divide(sd, mean)


def correlation(a, b):
    """Pearson's r over the cells where both are known; [..., N] -> [...].

    NaN where fewer than two such cells, or either is constant on them.
    """
    both = ~np.isnan(a) & ~np.isnan(b)
    pair = np.where(both[..., None], np.stack([a, b], axis=-1), np.nan)
    largest, smallest = extremes(pair)
    varies = (largest - smallest > CONSTANT_TOLERANCE).all(axis=-1)
    mean, _ = mean_and_sd(pair)
    centred = np.where(both[..., None], pair - mean[..., None, :], 0)
    lengths = np.sqrt((centred**2).sum(axis=-2)).prod(axis=-1)
    product = centred.prod(axis=-1).sum(axis=-1)
    return np.where(varies, np.clip(safe_divide(product, lengths), -1, 1), np.nan)


def critic(y):
    """d_j = sd_j sum_k (1 - r_jk), k the other indicators given.

    y[..., N, J] of one system -> [..., J]. A pair without a correlation adds nothing.
    """
    conflict = np.zeros(y.shape[:-2] + y.shape[-1:])
    for j in range(y.shape[-1]):
        for k in range(j):
            gap = np.nan_to_num(1 - correlation(y[..., j], y[..., k]))
            conflict[..., j] += gap
            conflict[..., k] += gap
    return mean_and_sd(y)[1] * conflict


def shares(d):
    """Divide d by sum d along the last axis; NaN where the sum is 0."""
    return safe_divide(d, d.sum(axis=-1, keepdims=True))


def entropy_weights(y):
    """Entropy weights of one system; y[..., N, J] -> [..., J], summing to 1."""
    return shares(entropy(y))


def critic_weights(y):
    """CRITIC weights of one system; y[..., N, J] -> [..., J], summing to 1."""
    return shares(critic(y))


def alone(y, system):
    """Whether an indicator is the only one of its system with a y; [S, J]."""
    there = ~np.isnan(y).all(axis=1)
    count = np.zeros(there.shape)
    for name in set(system):
        members = system == name
        count[:, members] = there[:, members].sum(axis=-1, keepdims=True)
    return there & (count == 1)


def correlations(y):
    """Correlation matrix of the indicators of a system in one scope, [N, J] -> [J, J].

    A pair without a correlation counts as 0; an indicator without any is left out of
    the mask that comes with it.
    """
    count = y.shape[-1]
    matrix, known = np.eye(count), np.zeros(count, dtype=bool)
    for j, k in combinations(range(count), 2):
        r = float(correlation(y[:, j], y[:, k]))
        if not np.isnan(r):
            matrix[j, k] = matrix[k, j] = r
            known[j] = known[k] = True
    return matrix, known


def by_eigenvectors(y, rule):
    """Information of pca or scatter in one scope; y: [N, J] of the usable -> [J]."""
    matrix, known = correlations(y)
    _, sd = mean_and_sd(y)
    varies = sd > TINY
    found = np.where(varies, 1.0, 0.0)
    if known.sum() < 2:
        return found
    values, vectors = np.linalg.eigh(matrix[np.ix_(known, known)])
    if rule == "pca":
        kept = values > 1 + 1e-9
        # loading a = v sqrt(value); a / sqrt(value) is v again
        loadings = vectors * np.sqrt(np.maximum(values, 0))
        scaled = np.abs(loadings[:, kept]) / np.sqrt(values[kept])
        part = (scaled * (values[kept] / values.sum())).sum(axis=1)
    else:
        z = vectors[:, np.argmax(values)]
        part = np.abs(z) / np.abs(z).sum()
    found[known] = np.where(varies[known], part, 0.0)
    return found


def perron(matrix):
    """Principal eigenvector of a positive matrix by powers, and its eigenvalue."""
    vector = np.full(len(matrix), 1 / len(matrix))
    for _ in range(10_000):
        following = matrix @ vector
        following /= following.sum()
        if np.abs(following - vector).max() < 1e-17:
            break
        vector = following
    return vector, float((matrix @ vector / vector).mean())


def judgement(text):
    """A number or a fraction such as 1/3."""
    above, _, below = str(text).partition("/")
    return float(above) / float(below or 1)


def priorities(rows):
    """Item -> priority of one pairwise matrix; rows: item, other_item, judgement."""
    names = sorted({*rows["item"], *rows["other_item"]})
    matrix = np.ones((len(names), len(names)))
    for row in rows.itertuples():
        value = judgement(row.judgement)
        if value >= 1:
            i, j = names.index(row.item), names.index(row.other_item)
            matrix[i, j], matrix[j, i] = value, 1 / value
    for row in rows.itertuples():
        i, j = names.index(row.item), names.index(row.other_item)
        value = judgement(row.judgement)
        if value < 1 and matrix[i, j] == 1:
            matrix[i, j], matrix[j, i] = value, 1 / value
    return dict(zip(names, perron(matrix)[0], strict=True))


def hierarchy(study, set_id):
    """Priority of each indicator in its system over one or two levels, [J]."""
    table = study.sets["pairwise_judgements"]
    table = table[table["judgement_set_id"] == set_id]
    found = []
    for row in study.indicators.itertuples():
        own = table[table["system_id"] == row.system_id]
        top = own[own["matrix"] == "system"]
        if top.empty:
            found.append(np.nan)
            continue
        top = priorities(top)
        if row.indicator_id in top:
            found.append(top[row.indicator_id])
            continue
        within = own[own["matrix"] == row.criterion]
        share = 1.0 if within.empty else priorities(within)[row.indicator_id]
        found.append(top[row.criterion] * share)
    return np.array(found)


def chosen(study, table, key, set_id, column):
    """A column of a set table in the order of the indicators, NaN where blank; [J]."""
    rows = study.sets[table]
    rows = rows[rows[key] == set_id].set_index("indicator_id")[column]
    return rows.reindex(study.indicators["indicator_id"]).to_numpy(dtype=float)


def rule_information(study, rule, y, system):
    """D of one rule of weights; rule: weighting, weight_set_id, judgement_set_id."""
    match rule.weighting:
        case "pca" | "scatter":
            d = np.zeros((len(y), y.shape[-1]))
            for place in np.ndindex(d.shape[0]):
                for name in set(system):
                    own = (system == name) & ~np.isnan(y[place]).all(axis=0)
                    d[place[0], own] = by_eigenvectors(y[place][:, own], rule.weighting)
            return np.where(np.abs(d) <= TINY, 0, d)
        case "ahp":
            return information(
                "given", y, system, hierarchy(study, rule.judgement_set_id)
            )
        case "given" if rule.weight_set_id:
            names = ("weight_sets", "weight_set_id", rule.weight_set_id, "weight")
            return information("given", y, system, chosen(study, *names))
    given = study.indicators["given_weight"].to_numpy(dtype=float)
    d = information(rule.weighting, y, system, given)
    flat = mean_and_sd(y)[1] <= TINY
    return np.where(flat & (rule.weighting not in ("equal", "given")), 0.0, d)


def study_information(study, method, choices, y, system):
    """D of a method, that of its rule or the combined weights of its rules; [S, J]."""
    if method.weighting != "combined":
        own = SimpleNamespace(
            weighting=method.weighting,
            weight_set_id=choices.weight_set_id,
            judgement_set_id=choices.judgement_set_id,
        )
        return rule_information(study, own, y, system)
    members = study.sets["weight_combinations"]
    members = members[members["method_id"] == method.method_id].sort_values("position")
    there = ~np.isnan(y).all(axis=1)
    found = np.full(there.shape, np.nan)
    d = [rule_information(study, rule, y, system) for rule in members.itertuples()]
    for s in range(len(y)):
        for name in set(system):
            own = (system == name) & there[s]
            if not own.any():
                continue
            w = np.array([shares(one[s, own]) for one in d])
            if any(np.isnan(one[s, own]).any() for one in d):
                continue
            if min(one[s, own].sum() for one in d) == 0:
                found[s, own] = 0
            elif choices.combination_rule == "product":
                found[s, own] = w.prod(axis=0)
            elif choices.combination_rule == "linear":
                found[s, own] = members["share"].to_numpy() @ w
            else:
                gram = w @ w.T
                a = np.abs(np.linalg.pinv(gram, rcond=1e-12) @ np.diag(gram))
                found[s, own] = a / a.sum() @ w
    return found


def information(weighting, y, system, given):
    """Each indicator's d under a weighting rule.

    y: [S, N, J]; system: [J] ids; given: [J] weights, NaN where blank -> [S, J].
    What rounding leaves of zero (|d| <= 1e-12) is zero. An indicator that is alone in
    its system conflicts with nothing: d = sd, and without a given weight d = 1.
    """
    shape = y.shape[:1] + y.shape[2:]
    match weighting:
        case "given":
            given = np.broadcast_to(given, shape)
            blank = np.isnan(given) | (given == 0)
            return np.where(alone(y, system) & blank, 1.0, given)
        case "equal":
            return np.ones(shape)
        case "entropy":
            d = entropy(y)
        case "variation":
            d = variation(y)
        case "critic":
            d = np.full(shape, np.nan)
            for name in set(system):
                d[:, system == name] = critic(y[:, :, system == name])
            d = np.where(alone(y, system), mean_and_sd(y)[1], d)
        case unknown:
            raise ValueError(f"weighting {unknown!r}")
    return np.where(np.abs(d) <= TINY, 0, d)


def assign_weights(d, status, system):
    """Weights within the system and within the study, and the status of each.

    d, status: [S, J], status as `indicator_status`; system: [J] ids. Returns weight,
    study_weight, status, each [S, J]: weight 0 for unusable indicators, NaN for those
    of a system without information or with a given weight missing.
    """
    usable = status == "usable"
    total = np.zeros(d.shape)
    status = status.astype(object)
    for name in set(system):
        members = usable & (system == name)
        blank = (members & np.isnan(d)).any(axis=-1, keepdims=True)
        sums = np.where(members, d, 0).sum(axis=-1, keepdims=True)
        outcome = np.select([blank, sums == 0], UNWEIGHTED, "used")
        status = np.where(members, outcome, status)
        total = np.where(members, sums, total)
    used = status == "used"
    study_total = np.where(used, d, 0).sum(axis=-1, keepdims=True)
    without = [*UNWEIGHTED, "no_figures_in_year"]
    elsewhere = np.where(np.isin(status, without), np.nan, 0.0)
    weight = np.where(used, safe_divide(d, total), elsewhere)
    study_weight = np.where(used, safe_divide(d, study_total), elsewhere)
    return weight, study_weight, status


# --- scores -----------------------------------------------------------------------


def beside(w, y):
    """Weights [..., J], or already [..., N, J], in as many dimensions as y."""
    return w if w.ndim == y.ndim else w[..., None, :]


def linear(y, w):
    """Weighted sum w y; y[..., N, J], w[..., J] -> [..., N]."""
    return (beside(w, y) * y).sum(axis=-1)


def geometric(y, w):
    """Weighted product y^w; y[..., N, J], w[..., J] -> [..., N]."""
    return (y ** beside(w, y)).prod(axis=-1)


def topsis(y, w, used=True):
    """Score the closeness d- / (d+ + d-) to the ideals of r = w y over the scope.

    y[..., N, J], w[..., J] -> [..., N]; ideals over known cells, Euclidean distances.
    used: [..., N, J], which cells count, all by default.
    """
    r = np.where(used, beside(w, y) * y, np.nan)
    best, worst = (edge[..., None, :] for edge in extremes(r))
    to_best = np.sqrt((np.where(used, best - r, 0.0) ** 2).sum(axis=-1))
    to_worst = np.sqrt((np.where(used, r - worst, 0.0) ** 2).sum(axis=-1))
    return safe_divide(to_worst, to_best + to_worst)


def grey_topsis(y, w, resolution=0.5, used=True):
    """Score S+ / (S+ + S-) of distances and grey relational degrees over the scope.

    y[..., N, J], w[..., N, J] or [..., J] -> [..., N]. Degrees are means over the
    indicators that weigh anything. A row with a missing y has none and does not count
    in the largest distances and degrees.
    """
    weighs = np.broadcast_to(beside(w, y) > 0, y.shape) & used
    r = np.where(used, beside(w, y) * y, np.nan)
    complete = weighs.any(axis=-1) & ~(np.isnan(r) & weighs).any(axis=-1)
    edges = [edge[..., None, :] for edge in extremes(r)]
    sides = []
    for gap in (np.abs(edges[0] - r), np.abs(r - edges[1])):
        counted = np.where(weighs, gap, np.nan)
        least = np.fmin.reduce(counted, axis=(-2, -1), keepdims=True)
        most = resolution * np.fmax.reduce(counted, axis=(-2, -1), keepdims=True)
        relation = safe_divide(least + most, counted + most)
        relation = safe_divide(np.nansum(relation, axis=-1), weighs.sum(axis=-1))
        distance = np.sqrt(np.nansum(gap**2, axis=-1))
        sides += [
            safe_divide(
                part,
                np.max(part, axis=-1, keepdims=True, where=complete, initial=0),
            )
            for part in (distance, relation)
        ]
    far_from_best, near_best, far_from_worst, near_worst = sides
    nearness = (far_from_worst + near_best) / 2
    remoteness = (far_from_best + near_worst) / 2
    return safe_divide(nearness, nearness + remoteness)


AGGREGATIONS = {
    "linear": linear,
    "geometric": geometric,
    "topsis": topsis,
    "grey_topsis": grey_topsis,
}


def system_scores(
    y, weight, used, aggregation, size=None, cell=None, has=None, resolution=0.5
):
    """One system's score and status per region-year.

    y: [S, N, J] of the system; weight, used: [S, J] or [S, N, J] -> score, status, each
    [S, N]. size: [S] or [S, N], as in indicator_status; cell: [S, N, J], status of each
    y; has: [S, N], whether the year has figures.
    """
    in_use = beside(used, y)
    lacking = (np.isnan(y) & in_use).any(axis=-1)
    size = np.asarray(y.shape[1] if size is None else size)
    if size.shape != lacking.shape:
        size = np.broadcast_to(size[..., None], lacking.shape)
    has = np.ones(lacking.shape, dtype=bool) if has is None else has
    undefined = np.zeros(lacking.shape, dtype=bool)
    if cell is not None:
        undefined = ((cell == "base_not_positive") & in_use).any(axis=-1)
    # y = 1 with weight 0 leaves every aggregation as if the indicator were not there
    neutral = np.where(in_use, y, 1.0)
    in_every_cell = np.broadcast_to(in_use, y.shape)
    further = {"grey_topsis": (resolution, in_every_cell), "topsis": (in_every_cell,)}
    further = further.get(aggregation, ())
    score = AGGREGATIONS[aggregation](neutral, np.where(used, weight, 0.0), *further)
    cases = {
        "no_figures_in_year": ~has,
        "single_region_year": size == 1,
        "no_usable_indicator": ~np.broadcast_to(in_use.any(axis=-1), lacking.shape),
        "base_not_positive": undefined,
        "missing_value": lacking,
    }
    status = np.select(list(cases.values()), list(cases), "computed")
    return np.where(status == "computed", score, np.nan), status


def competition_rank(values):
    """1, 1, 3 ranks along the last axis, largest first, on 12 decimals; NaN stays."""
    rounded = np.round(values, DECIMALS)
    above = (rounded[..., None, :] > rounded[..., :, None]).sum(axis=-1)
    return np.where(np.isnan(values), np.nan, 1.0 + above)


# --- coupling ---------------------------------------------------------------------


def coupling_standard(u):
    """C = k (prod U)^(1/k) / sum U, at most 1, and 0 if any U is 0; u[..., K]."""
    k = u.shape[-1]
    c = safe_divide(k * u.prod(axis=-1) ** (1 / k), u.sum(axis=-1))
    return np.where((u == 0).any(axis=-1), 0.0, np.minimum(c, 1.0))


def coupling_wang(u):
    """Coupling degree of Wang et al. 2021; u[..., K], K >= 2; 0 if any U is 0.

    C = sqrt( (1 - mean over pairs |U_i - U_j|) prod(U_i / max U)^(1 / (k-1)) )
    """
    k = u.shape[-1]
    first, second = np.triu_indices(k, 1)
    gaps = np.abs(u[..., first] - u[..., second]).sum(axis=-1) / (k * (k - 1) / 2)
    relative = safe_divide(u, u.max(axis=-1, keepdims=True)).prod(axis=-1)
    c = np.sqrt((1 - gaps) * relative ** (1 / (k - 1)))
    return np.where((u == 0).any(axis=-1), 0.0, c)


def coupling_power(u, exponent):
    """C = [prod U / (sum U / k)^k]^e; u[..., K]; 0 if any U is 0."""
    k = u.shape[-1]
    c = safe_divide(u.prod(axis=-1), u.mean(axis=-1) ** k) ** exponent
    return np.where((u == 0).any(axis=-1), 0.0, np.minimum(c, 1.0))


def coupling_capacity(u, a, b, g):
    """C = U1 U2 / (a U1 + b U2)^g; u[..., 2]; 0 if any U is 0."""
    c = safe_divide(u.prod(axis=-1), (a * u[..., 0] + b * u[..., 1]) ** g)
    return np.where((u == 0).any(axis=-1), 0.0, c)


COUPLINGS = {"standard": coupling_standard, "wang_2021": coupling_wang}


def coordination_degree(coupling, index):
    """D = sqrt(C T)."""
    return np.sqrt(coupling * index)


def grade(d, scheme):
    """Name of the interval (lower, upper] that holds D, on 12 decimals.

    d: [...]; scheme: frame of lower, upper, grade. The lowest interval also holds its
    lower bound. None where D is missing or outside every interval.
    """
    d = np.round(d, DECIMALS)
    grades = np.full(d.shape, None, dtype=object)
    bottom, top = scheme["lower"].min(), scheme["upper"].max()
    is_left = "closed_side" in scheme and (scheme["closed_side"] == "left").all()
    for level in scheme.itertuples():
        if is_left:
            inside = (d >= level.lower) & (d < level.upper)
            inside |= (level.upper == top) & (d == top)
        else:
            inside = (d > level.lower) & (d <= level.upper)
            inside |= (level.lower == bottom) & (d == bottom)
        grades[inside] = level.grade
    return grades


def development(u):
    """E = U1 / U2, or lowest / highest of more systems; u[..., K] -> [...]."""
    if u.shape[-1] == 2:
        return safe_divide(u[..., 0], u[..., 1])
    return safe_divide(u.min(axis=-1), u.max(axis=-1))


def development_type(u, grades, study, suffix=""):
    """The grade and who lags, in words; u: [..., K], grades: [...]."""
    table, labels = study.thresholds, study.labels[f"label{suffix}"]
    comma, space = ("\uff0c", "") if suffix else (", ", " ")
    steps = {
        side: rows.sort_values("lower")[["lower", f"extent{suffix}"]].to_numpy()
        for side, rows in table.groupby("lags")
    }
    lagging = lagging_system(u, study.systems, limits(table))
    texts = np.full(grades.shape, None, dtype=object)
    for place in np.ndindex(grades.shape):
        if grades[place] is None:
            continue
        who, (first, second) = lagging[place], u[place][:2]
        if u.shape[-1] > 2:
            first, second = u[place].min(), u[place].max()
        if who == "synchronous":
            texts[place] = f"{grades[place]}{comma}{steps['none'][0][1]}"
        elif u.shape[-1] > 2 or who == study.systems[0]:
            extent = [e for lower, e in steps["first"] if lower * second <= first][-1]
            texts[place] = f"{grades[place]}{comma}{labels[who]}{space}{extent}"
        else:
            extent = [e for lower, e in steps["second"] if lower * second < first][-1]
            texts[place] = f"{grades[place]}{comma}{labels[who]}{space}{extent}"
    return texts


def limits(thresholds):
    """Ends of the synchronous type in a set of thresholds."""
    row = thresholds[thresholds["lags"] == "none"].iloc[0]
    return row["lower"], np.inf if np.isnan(row["upper"]) else row["upper"]


def lagging_system(u, systems, between=SYNCHRONOUS):
    """Which system lags, else 'synchronous'; u[..., K], systems: [K] by position.

    Two systems: the first if U1 < 0.8 U2, the second if U1 > 1.2 U2. More: the lowest
    if it is under 0.8 of the highest, the first of them on ties.
    """
    low, high = between
    if len(systems) == 2:
        first, second = u[..., 0], u[..., 1]
        cases = [first < low * second, first > high * second]
        return np.select(cases, list(systems), "synchronous").astype(object)
    lags = u.min(axis=-1) < low * u.max(axis=-1)
    lowest = np.argmin(np.nan_to_num(u, nan=np.inf), axis=-1)
    return np.where(lags, np.asarray(systems, dtype=object)[lowest], "synchronous")


# --- obstacles --------------------------------------------------------------------


def obstacle_degrees(y, v, used, cell=None):
    """O_j = v_j (1 - y_j) / sum_j v_j (1 - y_j) over the used indicators of the study.

    y: [Y, R, J]; v (study weight), used: [Y, J]; cell: status of each y. Returns O
    [Y, R, J], NaN for unused indicators and where not computed, and the status per
    region-year [Y, R].
    """
    used = used[:, None, :]
    lacking = (used & np.isnan(y)).any(axis=-1)
    cell = np.full(y.shape, "") if cell is None else cell
    first = ["no_figures_in_year", "base_not_positive"]
    gaps = [(used & (cell == name)).any(axis=-1) for name in first]
    parts = np.where(used, v[:, None, :] * (1 - y), 0)
    total = parts.sum(axis=-1)
    cases = [*gaps, lacking, np.abs(total) <= TINY]
    names = [*first, "missing_value", "no_deviation"]
    status = np.select(cases, names, "computed")
    computed = (status == "computed")[..., None]
    degrees = safe_divide(parts, total[..., None])
    return np.where(used & computed, degrees, np.nan), status


def group_sums(degrees, labels):
    """Add up O over indicators of the same label, with a row for all regions.

    degrees: [Y, R, J], NaN where there is none; labels: [J]. Returns the distinct
    labels [G] and sums [Y, R + 1, G], the last row the mean over regions computed
    that year; NaN where no indicator of the label is used.
    """
    items = np.array(list(dict.fromkeys(labels)), dtype=object)
    belongs = (labels[:, None] == items).astype(float)
    present = (~np.isnan(degrees)).astype(float) @ belongs > 0
    sums = np.where(present, np.nan_to_num(degrees) @ belongs, np.nan)
    count = present.sum(axis=1, keepdims=True)
    mean = safe_divide(np.nansum(sums, axis=1, keepdims=True), count)
    return items, np.concatenate([sums, mean], axis=1)


# --- seeds ------------------------------------------------------------------------


def read_table(path, numbers=()):
    """Read a seed table as text, the named columns as floats (blank is NaN)."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    for column in numbers:
        table[column] = [float(text) if text else np.nan for text in table[column]]
    return table


def read_yearbook(folder):
    """Read every yearbook table: wide frames keyed region_code (text), year."""
    tables = []
    for path in sorted(Path(folder).glob("*.csv")):
        header = pd.read_csv(path, nrows=0).columns.drop("region_code")
        tables.append(read_table(path, header).astype({"year": int}))
    return tables


def lay_out(yearbook, regions, years):
    """Series as arrays: series_id -> [R, Y], plus None -> all missing.

    Raises ValueError where two figures claim the same region, year and series.
    """
    row = {code: i for i, code in enumerate(regions)}
    empty = np.full((len(regions), len(years)), np.nan)
    figures = {None: empty}
    for table in yearbook:
        if table.duplicated(["region_code", "year"]).any():
            raise ValueError("a yearbook table has two rows for one region and year")
        places = [row[code] for code in table["region_code"]]
        cells = places, table["year"].to_numpy() - years[0]
        for series in table.columns.drop(["region_code", "year"]):
            values = empty.copy()
            values[cells] = table[series].to_numpy(dtype=float)
            before = figures.get(series, empty)
            if (~np.isnan(values) & ~np.isnan(before)).any():
                raise ValueError(f"{series}: two figures for one region and year")
            figures[series] = np.where(np.isnan(values), before, values)
    return figures


@dataclass
class Study:
    """One study with its values, [Y, R, J], J in catalogue order.

    x and origin; undefined, where a figure has no meaning; has_figures [Y].
    """

    study_id: str
    default_method_id: str
    regions: np.ndarray
    years: np.ndarray
    systems: np.ndarray
    contribution: np.ndarray
    scheme: pd.DataFrame
    catalogue: pd.DataFrame
    indicators: pd.DataFrame
    x: np.ndarray
    origin: np.ndarray
    undefined: np.ndarray
    has_figures: np.ndarray
    sets: dict
    thresholds: pd.DataFrame
    labels: pd.DataFrame


def chosen_thresholds(sets, study):
    """Rows of the thresholds that a study names."""
    table = sets["development_thresholds"]
    named = getattr(study, "development_threshold_set", "") or "within_a_fifth"
    return table[table["threshold_set_id"] == named]


def asked_for(study, methods):
    """The methods that a study is worked out under."""
    named = study.sets.get("study_methods", pd.DataFrame({"method_id": []}))
    named = set(named["method_id"])
    return [
        method
        for method in methods
        if method.method_id == study.default_method_id
        or method.method_id in named
        or (not named and getattr(method, "is_on_request", 0) != 1)
    ]


def read_studies(seeds):
    """Every study of the seeds, derived and imputed, and the methods' rows."""
    seeds = Path(seeds)
    regions = read_table(seeds / "reference/regions.csv", ["land_area_10k_km2"])
    series = read_table(seeds / "reference/series.csv")
    schemes = read_table(seeds / "reference/grade_schemes.csv", ["lower", "upper"])
    studies = read_table(seeds / "studies/studies.csv", ["first_year", "last_year"])
    members = read_table(seeds / "studies/study_regions.csv")
    systems = read_table(seeds / "studies/systems.csv", ["position", "contribution"])
    rates = ["depreciation_rate", "initial_growth_rate"]
    catalogue = read_table(
        seeds / "studies/indicators.csv", ["scale", "given_weight", *rates]
    )
    methods = read_table(seeds / "studies/methods.csv")
    for column in {*NUMBERS} & {*methods}:
        methods[column] = [float(text) if text else np.nan for text in methods[column]]
    sets = {
        name: read_table(seeds / f"studies/{name}.csv", numbers)
        for name, numbers in SETS.items()
        if (seeds / f"studies/{name}.csv").exists()
    }
    sets.setdefault(
        "development_thresholds",
        pd.DataFrame(
            [
                ("within_a_fifth", 0, 0.8, "first", "", ""),
                ("within_a_fifth", 0.8, 1.2, "none", "", ""),
                ("within_a_fifth", 1.2, np.nan, "second", "", ""),
            ],
            columns=["threshold_set_id", "lower", "upper", "lags", *EXTENTS],
        ),
    )
    yearbook = read_yearbook(seeds / "yearbook")

    codes = [regions["region_code"], members["region_code"]]
    codes = pd.concat(codes + [table["region_code"] for table in yearbook]).unique()
    ends = [studies["first_year"], studies["last_year"]]
    ends = pd.concat(ends + [table["year"] for table in yearbook])
    years = np.arange(int(ends.min()), int(ends.max()) + 1)
    figures = lay_out(yearbook, codes, years)
    units = dict(zip(series["series_id"], series["unit"], strict=True))
    known = regions.set_index("region_code").reindex(codes)
    level = known.get("level", pd.Series("", known.index)).fillna("")
    country = known["country_code"].fillna("").to_numpy(dtype=object)
    country = np.where(country == "", "", country + "/" + level.to_numpy(dtype=object))
    land_area = known["land_area_10k_km2"].to_numpy(dtype=float)

    row = {code: i for i, code in enumerate(codes)}
    prepared = []
    for study in studies.itertuples():
        rows = catalogue[catalogue["study_id"] == study.study_id]
        indicators = rows[rows["status"].isin(["measured", "proxy"])]
        own = members.loc[members["study_id"] == study.study_id, "region_code"]
        places = [row[code] for code in own]
        among = np.where(np.isin(codes, own), "study", "")
        values, undefined = [], []
        for indicator in indicators.itertuples():
            within = country
            if getattr(indicator, "reference_total", "") == "study":
                within = among
            values.append(derive(indicator, figures, units, within, land_area))
            a = figures.get(indicator.numerator, figures[None])
            b = figures.get(indicator.denominator, figures[None])
            undefined.append(without_base(indicator, a, b))
        shape = len(values), len(codes), len(years)
        values = np.array(values).reshape(shape)
        undefined = np.array(undefined, dtype=bool).reshape(shape)
        filled, origin = interpolate(years, values)
        has_figures = (~np.isnan(values) | undefined)[:, places].any(axis=(0, 1))
        unknown = undefined | ~has_figures
        filled = np.where(unknown, np.nan, filled)
        origin = np.where(unknown, "missing", origin)
        span = (years >= study.first_year) & (years <= study.last_year)
        own_systems = systems[systems["study_id"] == study.study_id]
        own_systems = own_systems.sort_values("position")
        prepared.append(
            Study(
                study_id=study.study_id,
                default_method_id=study.default_method_id,
                regions=own.to_numpy(dtype=object),
                years=years[span],
                systems=own_systems["system_id"].to_numpy(dtype=object),
                contribution=own_systems["contribution"].to_numpy(dtype=float),
                scheme=schemes[schemes["grade_scheme_id"] == study.grade_scheme_id],
                catalogue=rows,
                indicators=indicators,
                x=filled[:, places][:, :, span].transpose(2, 1, 0),
                origin=origin[:, places][:, :, span].transpose(2, 1, 0),
                undefined=undefined[:, places][:, :, span].transpose(2, 1, 0),
                has_figures=has_figures[span],
                sets={
                    name: table[table["study_id"] == study.study_id]
                    if "study_id" in table
                    else table
                    for name, table in sets.items()
                },
                thresholds=chosen_thresholds(sets, study),
                labels=own_systems.set_index("system_id").reindex(
                    columns=["label", "label_zh"]
                ),
            )
        )
    return prepared, list(methods.itertuples())


# --- marts ------------------------------------------------------------------------


def rows(axes, keep=True, **values):
    """Long columns from wide arrays.

    axes: name -> labels, in the order of the arrays' axes; values broadcast to that
    shape; keep: mask of the rows wanted.
    """
    shape = tuple(len(labels) for labels in axes.values())
    keep = np.broadcast_to(keep, shape).ravel()
    columns = {}
    for i, (name, labels) in enumerate(axes.items()):
        labels = np.asarray(labels, dtype=object if isinstance(labels, list) else None)
        along = [-1 if i == axis else 1 for axis in range(len(shape))]
        columns[name] = np.broadcast_to(labels.reshape(along), shape).ravel()[keep]
    for name, value in values.items():
        columns[name] = np.broadcast_to(value, shape).ravel()[keep]
    return columns


def in_scopes(values, scope):
    """[Y, R, J] as [S, N, J]; reshape back to return."""
    if scope == "panel":
        years, regions, indicators = values.shape
        return values.reshape(1, years * regions, indicators)
    if scope == "year":
        return values
    raise ValueError(f"normalisation_scope {scope!r}")


def contributions_of(study, method):
    """The alpha of each system under a method, [K]."""
    choices = extras(method)
    if not choices.contribution_set_id:
        return study.contribution
    rows = study.sets["contribution_sets"]
    rows = rows[rows["contribution_set_id"] == choices.contribution_set_id]
    return rows.set_index("system_id")["contribution"][study.systems].to_numpy()


def in_both_scopes(status, normalised, scope, weight_scope):
    """Status of indicators in the scopes of weights; both [S, J] of their own scope.

    An indicator is out of use where a scope of normalisation inside cannot use it.
    """
    if scope == "year" and weight_scope == "panel":
        bad = (normalised != "usable") & (normalised != "no_figures_in_year")
        first = np.where(bad, normalised, "~").min(axis=0)[None]
    else:
        first = np.where(normalised != "usable", normalised, "~")
    return np.where((status == "usable") & (first != "~"), first, status)


def couple(study, method, u, status):
    """fct_coupling's computed columns from scores u and their status, [Y, R, K]."""
    failed = status != "computed"
    first = np.argmax(failed, axis=-1)[..., None]
    coupled = ~failed.any(axis=-1)
    choices = extras(method)
    if method.coupling_formula == "capacity":
        shares = choices.capacity_a, choices.capacity_b, choices.capacity_exponent
        c = coupling_capacity(u, *shares)
    elif method.coupling_formula == "standard" and choices.coupling_exponent > 0:
        c = coupling_power(u, choices.coupling_exponent)
    else:
        c = COUPLINGS[method.coupling_formula](u)
    above = coupled & (c >= 1 + TINY)
    coupled &= ~above
    c = np.where(coupled, np.minimum(c, 1.0), np.nan)
    alpha = contributions_of(study, method)
    index = np.where(coupled, (alpha * u).sum(axis=-1), np.nan)
    degree = coordination_degree(c, index)
    grades = grade(degree, study.scheme)
    scheme_zh = study.scheme.assign(grade=study.scheme.get("grade_zh"))
    grades_zh = grade(degree, scheme_zh)
    state = np.take_along_axis(status, first, axis=-1)[..., 0]
    return {
        "coupling_degree": c,
        "comprehensive_index": index,
        "coupling_coordination_degree": degree,
        "grade": grades,
        "lagging_system_id": np.where(
            coupled, lagging_system(u, study.systems, limits(study.thresholds)), None
        ),
        "coordination_rank": competition_rank(degree),
        "status": np.where(above, "coupling_above_one", state).astype(object),
        "relative_development": np.where(coupled, development(u), np.nan),
        "development_type": development_type(u, grades, study),
        "development_type_zh": development_type(u, grades_zh, study, "_zh"),
    }


def rank_obstacles(study, head, degrees):
    """fct_obstacle_rankings, one block of columns per level; degrees: [Y, R, J]."""
    system = study.indicators["system_id"]
    labels = {
        "indicator": study.indicators["indicator_id"],
        "criterion": system + ": " + study.indicators["criterion"],
        "system": system,
    }
    places = np.append(study.regions, ALL_REGIONS)
    blocks = []
    for level, label in labels.items():
        items, sums = group_sums(degrees, label.to_numpy(dtype=object))
        axes = {"year": study.years, "region_code": places, "item_id": items}
        block = rows(
            head | axes,
            keep=~np.isnan(sums),
            level=np.array(level, dtype=object),
            obstacle_degree=sums,
            obstacle_rank=competition_rank(sums),
        )
        blocks.append(block)
    return blocks


def evaluate(study, method):
    """One study under one method: mart name -> blocks of columns."""
    shape = study.x.shape
    indicators = study.indicators
    indicator = {"indicator_id": indicators["indicator_id"].to_numpy(dtype=object)}
    system = indicators["system_id"].to_numpy(dtype=object)
    positive = (indicators["direction"] == "+").to_numpy()
    head = {"study_id": [study.study_id], "method_id": [method.method_id]}
    by_year = head | {"year": study.years, "region_code": study.regions}
    is_default = method.method_id == study.default_method_id

    scope = method.normalisation_scope
    x = in_scopes(study.x, scope)
    has = np.broadcast_to(study.has_figures[:, None, None], (*shape[:2], 1))
    has = in_scopes(has, scope)
    size = has[..., 0].sum(axis=-1)
    status = indicator_status(x, size)
    choices = extras(method)
    set_id = ("goalposts", "goalpost_set_id", choices.goalpost_set_id)
    goalposts = [
        chosen(study, *set_id, edge) if choices.goalpost_set_id else positive * np.nan
        for edge in ("low", "high")
    ]
    y, status = normalise_by(choices.normalisation, x, positive, goalposts, status)
    status = np.where(status == "", "usable", status)
    if method.zero_rule == "shift":
        y = method.epsilon + (1 - method.epsilon) * y
    elif method.zero_rule == "interval":
        low, high = choices.interval_low, choices.interval_high
        y = low + (high - low) * y
    cell = np.where(np.isnan(x), "missing_value", "computed")
    cell = np.where(in_scopes(study.undefined, scope), "base_not_positive", cell)
    cell = np.where(
        (status == "usable")[:, None]
        | (np.isnan(x) & np.isin(status, ["negative_value", "no_goalpost"])[:, None]),
        cell,
        status[:, None],
    )
    cell = np.where(has, cell, "no_figures_in_year")
    values = rows(
        by_year | indicator,
        raw_value=study.x,
        value_origin=study.origin.astype(object),
        normalised_value=y.reshape(shape),
        status=cell.reshape(shape).astype(object),
    )

    weight_scope = choices.weight_scope
    own_size = in_scopes(
        np.broadcast_to(study.has_figures[:, None, None], (*shape[:2], 1)), weight_scope
    )[..., 0].sum(axis=-1)
    status = in_both_scopes(
        indicator_status(in_scopes(study.x, weight_scope), own_size),
        status,
        scope,
        weight_scope,
    )
    y_weighed = in_scopes(y.reshape(shape), weight_scope)
    y_weighed = np.where((status == "usable")[:, None], y_weighed, np.nan)
    d = study_information(study, method, choices, y_weighed, system)
    weight, study_weight, weight_status = assign_weights(d, status, system)
    used = weight_status == "used"
    by_cell = [
        in_scopes(np.broadcast_to(decomposition.spread_over(v, shape[0]), shape), scope)
        for v in (weight, used)
    ]
    least = np.minimum(
        *(
            np.broadcast_to(
                in_scopes(
                    np.broadcast_to(n, (shape[0],))[:, None, None]
                    * np.ones((*shape[:2], 1)),
                    scope,
                )[..., 0],
                x.shape[:2],
            )
            for n in (size, own_size)
        )
    )
    scopes = {"panel": np.array([np.nan]), "year": study.years.astype(float)}
    weights = rows(
        head | {"year": scopes[weight_scope]} | indicator,
        system_id=system,
        weight=weight,
        study_weight=study_weight,
        status=weight_status,
    )

    u = np.full(shape[:2] + study.systems.shape, np.nan)
    u_status = np.full(u.shape, None, dtype=object)
    for k, name in enumerate(study.systems):
        own = system == name
        score, state = system_scores(
            y[..., own],
            by_cell[0][..., own],
            by_cell[1][..., own],
            method.aggregation,
            least,
            cell[..., own],
            has[..., 0],
            choices.resolution,
        )
        u[..., k], u_status[..., k] = score.reshape(shape[:2]), state.reshape(shape[:2])
    scores = rows(
        by_year | {"system_id": study.systems},
        score=u,
        score_rank=competition_rank(u.swapaxes(1, 2)).swapaxes(1, 2),
        status=u_status,
        is_default_method=is_default,
    )
    coupled = couple(study, method, u, u_status)
    coupling = rows(by_year, **coupled, is_default_method=is_default)

    y = y.reshape(shape)
    scope_used, scope_weights = used, (weight, study_weight)
    used = np.broadcast_to(used, shape[::2])
    study_weight = np.broadcast_to(study_weight, shape[::2])
    degrees, obstacle_status = obstacle_degrees(
        y, study_weight, used, cell.reshape(shape)
    )
    obstacles = rows(
        by_year | indicator,
        keep=used[:, None, :],
        deviation=1 - y,
        obstacle_degree=degrees,
        obstacle_rank=competition_rank(degrees),
        status=obstacle_status[..., None].astype(object),
    )
    degree = coupled["coupling_coordination_degree"]
    place = np.array([list(study.systems).index(name) for name in system], dtype=int)
    keep, row_status, dropped = decomposition.row_status(
        scope_used,
        weight,
        weight_status,
        u_status[..., place],
        weight_scope,
    )
    changed = decomposition.change_status(coupled["status"])
    if method.aggregation == "grey_topsis":
        is_changed = changed == "computed"
        changed = np.where(is_changed, "not_decomposed", changed).astype(object)
        row_status = np.where(row_status == "computed", "not_decomposed", row_status)
    contributions = rows(
        by_year | indicator,
        keep=keep,
        system_id=system,
        raw_value=study.x,
        value_origin=study.origin.astype(object),
        **{
            name: decomposition.spread_over(edge, shape[0])
            for name, edge in zip(("max_value", "min_value"), extremes(x), strict=True)
        },
        normalised_value=np.where(dropped, np.nan, y),
        **{
            name: decomposition.spread_over(values, shape[0])
            for name, values in zip(
                ("weight", "study_weight"), scope_weights, strict=True
            )
        },
        **decomposition.contributions(
            y,
            weight,
            scope_used,
            system,
            u,
            degree,
            contributions_of(study, method),
            study.systems,
            method,
            choices,
        ),
        obstacle_degree=degrees,
        obstacle_rank=competition_rank(degrees),
        status=row_status,
        change_status=changed[..., None],
        is_default_method=is_default,
    )
    return {
        "fct_indicator_contributions": [contributions],
        "fct_indicator_values": [values],
        "fct_indicator_weights": [weights],
        "fct_system_scores": [scores],
        "fct_coupling": [coupling],
        "fct_obstacles": [obstacles],
        "fct_obstacle_rankings": rank_obstacles(study, head, degrees),
    }


def coverage(study):
    """Catalogue, degenerate indicators and origin of the cells: one row a study."""
    catalogue = study.catalogue["status"].value_counts()
    status = indicator_status(in_scopes(study.x[study.has_figures], "panel"))
    row = {"study_id": study.study_id, "paper_indicators": len(study.catalogue)}
    for name in ["measured", "proxy", "no_series", "excluded"]:
        row[name] = int(catalogue.get(name, 0))
    row["degenerate"] = int(np.isin(status, ["no_data", "constant"]).sum())
    row["cells"] = study.x.size
    for name in ["observed", "interpolated", "carried", "missing"]:
        row[f"{name}_cells"] = int((study.origin == name).sum())
    return row


COLUMNS = {
    "fct_indicator_contributions": """study_id method_id region_code year indicator_id
        system_id raw_value value_origin min_value max_value normalised_value weight
        study_weight score score_contribution squared_distance_to_best
        squared_distance_to_worst score_change score_change_contribution
        coordination_change coordination_change_contribution obstacle_degree
        obstacle_rank status change_status is_default_method""",
    "fct_indicator_values": """study_id method_id indicator_id region_code year
        raw_value value_origin normalised_value status""",
    "fct_indicator_weights": """study_id method_id system_id indicator_id year
        weight study_weight status""",
    "fct_system_scores": """study_id method_id system_id region_code year
        score score_rank status is_default_method""",
    "fct_coupling": """study_id method_id region_code year
        coupling_degree comprehensive_index coupling_coordination_degree
        grade lagging_system_id coordination_rank status is_default_method
        relative_development development_type development_type_zh""",
    "fct_obstacles": """study_id method_id region_code year indicator_id
        deviation obstacle_degree obstacle_rank status""",
    "fct_obstacle_rankings": """study_id method_id region_code year level item_id
        obstacle_degree obstacle_rank""",
}


def compute(seeds):
    """Every mart from the seed tables, all studies under all methods.

    seeds: folder with yearbook/, reference/ and studies/. Returns mart name -> frame
    with the columns of COLUMNS, and qc_study_coverage. Years are integers, but in
    fct_indicator_weights floats, NaN for panel scope; ranks are floats; missing
    numbers and texts are NaN.
    """
    studies, methods = read_studies(seeds)
    parts = {name: [] for name in COLUMNS}
    for study in studies:
        for method in asked_for(study, methods):
            for name, columns in evaluate(study, method).items():
                parts[name] += columns
    frames = {}
    for name, columns in COLUMNS.items():
        merged = {
            column: np.concatenate([part[column] for part in parts[name]])
            for column in columns.split()
        }
        texts = [column for column in merged if merged[column].dtype == object]
        frames[name] = pd.DataFrame(merged).astype(dict.fromkeys(texts, "str"))
    frames["qc_study_coverage"] = pd.DataFrame([coverage(study) for study in studies])
    return frames
