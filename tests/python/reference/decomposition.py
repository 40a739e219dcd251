"""Contributions and changes by indicator in numpy, apart from the SQL they check.

The SQL shares changes out by logarithmic means and closed divided differences. Here the
same parts come from slopes of logarithms, from closeness worked out at the corners
between two years, and from cutting the way between them where systems change places.
`reference` calls `contributions`; nothing is imported from the project.

Axes: Y years, R regions, J indicators, K systems. Missing is NaN.
"""

from itertools import combinations, pairwise

import numpy as np

NEAR = 1e-6  # relative step below which a difference quotient loses its digits
TIED = 1e-12  # two scores closer than this, relative to the largest, are equal


def log_slope(a, b):
    """(ln b - ln a) / (b - a), 1 / a where they are equal; NaN unless both > 0."""
    both = (a > 0) & (b > 0)
    a, b = np.where(both, a, 1.0), np.where(both, b, 1.0)
    step = (b - a) / a
    slope = np.log1p(step) / np.where(step == 0, 1.0, step) / a
    return np.where(both, np.where(step == 0, 1 / a, slope), np.nan)


def mean_sign(x0, x1):
    """Average of the sign of x on a straight way from x0 to x1; 0 if it stays 0."""
    length = np.abs(x0) + np.abs(x1)
    return np.where(length > 0, (x0 + x1) / np.where(length > 0, length, 1.0), 0.0)


def lead_shares(u0, u1):
    """Share of the way from u0 to u1, each [K], on which each system is the largest.

    The way is cut where two systems meet; between two cuts the order stays. Scores
    within 1e-12 of the largest are tied with it, and the first of them leads.
    """
    cuts = {0.0, 1.0}
    for i, j in combinations(range(len(u0)), 2):
        x0, x1 = u0[i] - u0[j], u1[i] - u1[j]
        if x0 * x1 < 0:
            cuts.add(abs(x0) / (abs(x0) + abs(x1)))
    cuts = np.array(sorted(cuts))
    shares = np.zeros(len(u0))
    for start, end in pairwise(cuts):
        there = u0 + (start + end) / 2 * (u1 - u0)
        shares[np.argmax(there >= there.max() * (1 - TIED))] += end - start
    return shares


def degree_slopes(u0, u1, alpha, formula, choices=None):
    """Change of ln D per change of each score, [..., K]; NaN unless all scores > 0."""
    k = u0.shape[-1]
    total = log_slope(u0.sum(axis=-1), u1.sum(axis=-1))[..., None]
    index = log_slope((alpha * u0).sum(axis=-1), (alpha * u1).sum(axis=-1))[..., None]
    if formula == "standard" and choices is not None and choices.coupling_exponent > 0:
        e = choices.coupling_exponent
        return (e * log_slope(u0, u1) - e * k * total + alpha * index) / 2
    if formula == "capacity":
        parts = np.array([choices.capacity_a, choices.capacity_b])
        mixed = log_slope((parts * u0).sum(axis=-1), (parts * u1).sum(axis=-1))
        mixed = choices.capacity_exponent * parts * mixed[..., None]
        return (log_slope(u0, u1) - mixed + alpha * index) / 2
    if formula == "standard":
        return (log_slope(u0, u1) / k - total + alpha * index) / 2
    pairs = list(combinations(range(k), 2))
    gap0, gap1 = (
        sum(np.abs(u[..., i] - u[..., j]) for i, j in pairs) / len(pairs)
        for u in (u0, u1)
    )
    gap_slope = np.zeros(u0.shape)
    noise = TIED * np.maximum(u0, u1).max(axis=-1)
    for i, j in pairs:
        gaps = (u[..., i] - u[..., j] for u in (u0, u1))
        sign = mean_sign(*(np.where(np.abs(x) <= noise, 0.0, x) for x in gaps))
        gap_slope[..., i] += sign / len(pairs)
        gap_slope[..., j] -= sign / len(pairs)
    leads = np.full(u0.shape, np.nan)
    for place in np.ndindex(u0.shape[:-1]):
        if not np.isnan(u0[place] + u1[place]).any():
            leads[place] = lead_shares(u0[place], u1[place])
    largest = log_slope(u0.max(axis=-1), u1.max(axis=-1))[..., None]
    closeness = log_slope(1 - gap0, 1 - gap1)[..., None]
    relative = (log_slope(u0, u1) - k * leads * largest) / (k - 1)
    return ((-gap_slope * closeness + relative) / 2 + alpha * index) / 2


def degree_changes_per_score(u0, u1, d0, d1, alpha, formula, choices=None):
    """K of each system, so that the change of D is the sum of K (U1 - U0).

    u0, u1: [..., K]; d0, d1: [...] -> [..., K]. From or to D = 0 the systems at 0 then
    share the change equally; between two zeros nothing changes.
    """
    regular = (
        degree_slopes(u0, u1, alpha, formula, choices) / log_slope(d0, d1)[..., None]
    )
    gone = np.where((d0 == 0)[..., None], u0 == 0, u1 == 0)
    share = gone / np.maximum(gone.sum(axis=-1, keepdims=True), 1)
    step = u1 - u0
    moved = gone & (step != 0)
    jump = np.where(moved, (d1 - d0)[..., None] * share / np.where(moved, step, 1), 0.0)
    zeros = [((d0 == 0) & (d1 == 0))[..., None], ((d0 == 0) | (d1 == 0))[..., None]]
    zeros = [np.broadcast_to(zero, u0.shape) for zero in zeros]
    unknown = np.isnan(d0 + d1)[..., None]
    return np.where(unknown, np.nan, np.select(zeros, [0.0, jump], regular))


def closeness(p, m):
    """TOPSIS closeness from squared distances to best and worst; 1/2 at p = m = 0."""
    total = np.sqrt(p) + np.sqrt(m)
    return np.where(total > 0, np.sqrt(m) / np.where(total > 0, total, 1.0), 0.5)


def mean_slope(at, a0, a1, derivative):
    """Slope of `at` from a0 to a1, averaged over the other side's two values.

    at, derivative: functions of (a, side), side 0 or 1. A step too small for a quotient
    takes the derivative at its middle; no step at all, 0.
    """
    step, middle = a1 - a0, (a0 + a1) / 2
    wide = np.abs(step) > NEAR * middle
    slopes = []
    for side in (0, 1):
        quotient = (at(a1, side) - at(a0, side)) / np.where(wide, step, 1.0)
        narrow = np.where(
            middle > 0, derivative(np.where(middle > 0, middle, 1), side), 0
        )
        slopes.append(np.where(wide, quotient, narrow))
    return (slopes[0] + slopes[1]) / 2


def topsis_changes(best, worst):
    """Parts of the change of closeness, [Y - 1, R, J] of one system.

    best, worst: [Y, R, J], squared distances of each indicator.
    """
    p, m = best.sum(axis=-1), worst.sum(axis=-1)
    sides_p, sides_m = (p[:-1], p[1:]), (m[:-1], m[1:])

    def in_p(a, side):
        root, other = np.sqrt(a), np.sqrt(sides_m[side])
        return -other / (2 * root * (root + other) ** 2)

    def in_m(a, side):
        root, other = np.sqrt(a), np.sqrt(sides_p[side])
        return other / (2 * root * (root + other) ** 2)

    to_best = mean_slope(lambda a, s: closeness(a, sides_m[s]), *sides_p, in_p)
    to_worst = mean_slope(lambda a, s: closeness(sides_p[s], a), *sides_m, in_m)
    steps = np.diff(best, axis=0), np.diff(worst, axis=0)
    return to_best[..., None] * steps[0] + to_worst[..., None] * steps[1]


def geometric_changes(y, w, used, u):
    """Parts of the change of prod y^w, [Y - 1, R, J]; y, w, used: [Y, R, J], u: [Y, R].

    From or to a score of 0 the indicators at 0 then share the change by weight.
    """
    positive = used & (y > 0)
    logs = np.where(positive, w * np.log(np.where(positive, y, 1.0)), 0.0)
    regular = np.diff(logs, axis=0) / log_slope(u[:-1], u[1:])[..., None]
    at_zero = np.where(used & (y == 0), w, 0.0)
    at_zero = np.where((u[:-1] == 0)[..., None], at_zero[:-1], at_zero[1:])
    weight = at_zero.sum(axis=-1, keepdims=True)
    jump = np.diff(u, axis=0)[..., None] * at_zero / np.where(weight > 0, weight, 1)
    zero = [(u[:-1] == 0) & (u[1:] == 0), (u[:-1] == 0) | (u[1:] == 0)]
    zero = [np.broadcast_to(z[..., None], regular.shape) for z in zero]
    return np.select(zero, [0.0, jump], regular)


def spread_over(values, years):
    """[S, J] as [Y, 1, J], the same for all years where there is one scope."""
    return np.broadcast_to(values, (years, values.shape[-1]))[:, None, :]


def contributions(y, w, used, system, u, d, alpha, systems, method, choices=None):
    """Parts of scores and of changes by indicator, each [Y, R, J].

    y: [Y, R, J]; w, used: [S, J]; system: [J] ids; u: [Y, R, K]; d: [Y, R]; alpha,
    systems: [K]. Changes of the first year are NaN. Ideals are those of the scope.
    """
    years = len(y)
    w = np.nan_to_num(spread_over(w, years))
    used = np.broadcast_to(spread_over(used, years), y.shape)
    r = np.where(used, w * y, np.nan)
    scopes = (0, 1) if method.normalisation_scope == "panel" else (1,)
    best = np.where(used, np.fmax.reduce(r, axis=scopes, keepdims=True) - r, 0.0) ** 2
    worst = np.where(used, r - np.fmin.reduce(r, axis=scopes, keepdims=True), 0.0) ** 2
    first = np.full((1, *y.shape[1:]), np.nan)
    own = np.array([list(systems).index(name) for name in system], dtype=int)
    score = u[..., own]
    change = np.full((years - 1, *y.shape[1:]), np.nan)
    for k in range(len(systems)):
        j = own == k
        if method.aggregation == "linear":
            change[..., j] = np.diff(np.where(used, r, 0.0)[..., j], axis=0)
        elif method.aggregation == "geometric":
            parts = geometric_changes(y[..., j], w[..., j], used[..., j], u[..., k])
            change[..., j] = parts
        elif method.aggregation == "topsis":
            change[..., j] = topsis_changes(best[..., j], worst[..., j])
    change = np.where(np.isnan(np.diff(score, axis=0)), np.nan, change)
    per_score = degree_changes_per_score(
        u[:-1], u[1:], d[:-1], d[1:], alpha, method.coupling_formula, choices
    )
    known = ~np.isnan(score)
    logs = np.where(used, w * np.log(np.where(y > 0, y, np.nan)), 0.0)
    part = {"linear": np.where(used, r, 0.0), "geometric": logs}
    squared = known & (method.aggregation == "topsis")
    return {
        "score": score,
        "score_contribution": np.where(
            known, part.get(method.aggregation, np.nan), np.nan
        ),
        "squared_distance_to_best": np.where(squared, best, np.nan),
        "squared_distance_to_worst": np.where(squared, worst, np.nan),
        "score_change": np.concatenate([first, np.diff(score, axis=0)]),
        "score_change_contribution": np.concatenate([first, change]),
        "coordination_change": np.concatenate(
            [first, np.broadcast_to(np.diff(d, axis=0)[..., None], change.shape)]
        ),
        "coordination_change_contribution": np.concatenate(
            [first, per_score[..., own] * change]
        ),
    }


def row_status(used, weight, weight_status, system_status, scope):
    """Which rows there are, and the status of each: masks and texts [Y, R, J].

    used, weight, weight_status: [S, J]; system_status: [Y, R, J]. A scope `year` keeps
    an indicator with weight 0 in the year after its last use.
    """
    years = len(system_status)
    used, weight, weight_status = (
        spread_over(values, years) for values in (used, weight, weight_status)
    )
    before = np.concatenate([np.zeros_like(used[:1]), used[:-1]])
    dropped = ~used & before & (weight == 0) & (scope == "year")
    keep = np.broadcast_to(used | dropped, system_status.shape)
    status = np.where(dropped, weight_status, system_status).astype(object)
    return keep, status, np.broadcast_to(dropped, system_status.shape)


def change_status(status):
    """Whether D can be compared with the year before; status, and result, [Y, R]."""
    before = np.concatenate([np.full_like(status[:1], "first_year"), status[:-1]])
    unknown = ~np.isin(before, ["computed", "first_year"])
    before = np.where(unknown, "year_before_not_computed", before)
    return np.where(status == "computed", before, status).astype(object)
