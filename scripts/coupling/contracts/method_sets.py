"""What the gate asks of methods and of the set tables beside them.

A study's methods need their goalposts, weights, judgements, contributions and members
before anything is built; a pairwise matrix is reciprocal, complete and consistent.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from coupling.contracts.seeds import Seed
from coupling.weighting.judgements import (
    MATRIX,
    MOST_ITEMS,
    REFUSED_FROM,
    pairwise_matrix,
    solve,
)

IN_USE = ("measured", "proxy")
SYSTEM = "system"
# half a unit of the second decimal, to which 1/3 is printed as 0.33
ROUNDED = 0.005 + 1e-9
WHOLE = 1e-9


def check(seeds: dict[str, Seed]) -> None:
    """Report what a set lacks or contradicts, as findings of its seed."""
    if not {"study_methods", "pairwise_judgements"} <= seeds.keys():
        return
    _intervals(seeds["methods"])
    _goalposts_in_order(seeds["goalposts"])
    _grades_closed_alike(seeds["grade_schemes"])
    _thresholds(seeds["development_thresholds"])
    _combinations(seeds)
    _matrices(seeds["pairwise_judgements"])
    if not any(seed.findings for seed in seeds.values()):
        _what_is_asked_for(seeds)


def asked_for(seeds: dict[str, Seed]) -> Iterator[tuple[str, int, pd.Series]]:
    """Yield study, row of `methods` and method of each pair that is worked out."""
    methods, named = seeds["methods"].typed, seeds["study_methods"].typed
    usual = methods["is_on_request"].fillna(0) != 1
    for study in seeds["studies"].typed.itertuples():
        own = set(named.loc[named["study_id"] == study.study_id, "method_id"])
        wanted = methods["method_id"].isin({*own, study.default_method_id})
        for row, method in methods[wanted | (usual & (not own))].iterrows():
            yield study.study_id, row, method


# --- each table by itself ---------------------------------------------------------


def _intervals(methods: Seed) -> None:
    typed = methods.typed
    bad = typed["interval_high"] <= typed["interval_low"]
    for row in typed.index[bad]:
        low = methods.text.at[row, "interval_low"]
        methods.report([row], "interval_high", f"more than interval_low, {low}")


def _goalposts_in_order(goalposts: Seed) -> None:
    bad = goalposts.typed["high"] <= goalposts.typed["low"]
    for row in goalposts.typed.index[bad]:
        low = goalposts.text.at[row, "low"]
        goalposts.report([row], "high", f"more than low, {low}")


def _grades_closed_alike(schemes: Seed) -> None:
    sides = schemes.typed["closed_side"].fillna("right")
    for _, group in sides.groupby(schemes.typed["grade_scheme_id"]):
        odd = group.index[group != group.iloc[0]]
        schemes.report(odd, "closed_side", f"{group.iloc[0]}, as in the rows before")


def _thresholds(thresholds: Seed) -> None:
    """Types run from 0 up without hole; who lags goes first, none, second."""
    order = {"first": 0, "none": 1, "second": 2}
    for _, group in thresholds.typed.sort_values("position").groupby(
        "threshold_set_id"
    ):
        below, side = 0.0, 0
        for row, kind in group.iterrows():
            if kind["lower"] != below:
                expected = f"{below:g}, where the type before ends"
                thresholds.report([row], "lower", expected)
            is_last = row == group.index[-1]
            if pd.isna(kind["upper"]) != is_last:
                expected = "a blank in the last type" if is_last else "a number"
                found = None if is_last else "a blank"
                thresholds.report([row], "upper", expected, found)
            elif not is_last and kind["upper"] <= kind["lower"]:
                thresholds.report([row], "upper", "more than lower")
            if order[kind["lags"]] < side:
                thresholds.report([row], "lags", "first, then none, then second")
            below, side = kind["upper"], order[kind["lags"]]
        alike = group[group["lags"] == "none"]
        if len(alike) != 1:
            found = f"{len(alike)} rows with none"
            thresholds.report(group.index[:1], "lags", "one row with none", found)
            continue
        [(row, kind)] = alike.iterrows()
        if not (kind["lower"] <= 1 and not kind["upper"] < 1):
            expected = "bounds that hold 1, two equal scores"
            thresholds.report([row], "lower", expected)


def _combinations(seeds: dict[str, Seed]) -> None:
    members, methods = seeds["weight_combinations"], seeds["methods"]
    rules = methods.typed.set_index("method_id")["weighting"]
    linear = methods.typed.loc[
        methods.typed["combination_rule"] == "linear", "method_id"
    ]
    for row, member in members.typed.iterrows():
        if rules.get(member["method_id"]) != "combined":
            expected = "a method whose weighting is combined"
            members.report([row], "method_id", expected)
    for row, method in methods.typed.iterrows():
        own = members.typed[members.typed["method_id"] == method["method_id"]]
        if method["weighting"] == "combined" and len(own) < 2:
            expected = f"two or more rows of the method in {members.files}"
            found = f"combined with {len(own)} row(s)"
            methods.report([row], "weighting", expected, found)
        if method["method_id"] not in set(linear) or own.empty:
            continue
        blank = own.index[own["share"].isna()]
        expected = f"a share, since {method['method_id']} mixes linearly"
        members.report(blank, "share", expected, "a blank")
        total = own["share"].sum()
        if not len(blank) and abs(total - 1) > WHOLE:
            found = f"a sum of {total:.12g} over {len(own)} rows"
            members.report(own.index[:1], "share", "a sum of 1 over the method", found)


# --- pairwise matrices ------------------------------------------------------------


def _matrices(judgements: Seed) -> None:
    numbers = judgements.text["judgement"].map(_number)
    bad = ~numbers.between(1 / 9 - ROUNDED, 9)
    expected = "a number from 1/9 to 9, or a fraction such as 1/3"
    judgements.report(judgements.text.index[bad], "judgement", expected)
    same = judgements.typed["item"] == judgements.typed["other_item"]
    odd = judgements.typed.index[same & ~bad & (numbers != 1)]
    judgements.report(odd, "judgement", "1, of an item with itself")
    if bad.any() or len(odd):
        return
    pairs = judgements.typed.assign(judgement=numbers)
    for key, matrix in pairs.groupby(MATRIX):
        _matrix(judgements, key, matrix)


def _number(text: str) -> float:
    above, slash, below = text.partition("/")
    try:
        return float(above) / float(below) if slash else float(above)
    except (ValueError, ZeroDivisionError):
        return float("nan")


def _matrix(judgements: Seed, key: tuple[Any, ...], matrix: pd.DataFrame) -> None:
    set_id, study_id, system_id, name = key
    cells = matrix.set_index(["item", "other_item"])
    place = matrix.reset_index().set_index(["item", "other_item"])["index"]
    faults = False
    for (item, other), value in cells["judgement"].items():
        turned = cells["judgement"].get((other, item))
        if turned is None or item == other:
            continue
        small, large = sorted((value, turned))
        # told once, of the cell that is below the diagonal
        if abs(small - 1 / large) > ROUNDED and place[item, other] > place[other, item]:
            first = judgements.text.at[place[other, item], "judgement"]
            file, line = judgements.place(place[other, item])
            expected = (
                f"the reciprocal of {first}, as row {line} of {file} has it for "
                f"{other} against {item}"
            )
            judgements.report([place[item, other]], "judgement", expected)
            faults = True
    names, values = pairwise_matrix(matrix)
    told = f"{set_id}, {study_id}, {system_id}, matrix {name}"
    start = matrix.index[:1]
    if len(names) > MOST_ITEMS:
        expected = f"at most {MOST_ITEMS} items in a matrix; two levels hold more"
        judgements.report(start, "matrix", expected, f"{told} of {len(names)} items")
        return
    for i, item in enumerate(names):
        for other in names[i + 1 :]:
            if values[i, names.index(other)] != values[i, names.index(other)]:
                expected = f"a judgement of {item} against {other} in {told}"
                judgements.report(start, "item, other_item", expected, "none")
                faults = True
    if faults:
        return
    ratio = solve(values)[1][3]
    if ratio >= REFUSED_FROM:
        expected = f"a consistency ratio below {REFUSED_FROM}"
        judgements.report(start, "judgement", expected, f"{told} with CR {ratio:.4f}")


# --- what studies ask for ---------------------------------------------------------


def _what_is_asked_for(seeds: dict[str, Seed]) -> None:
    catalogue, systems = seeds["indicators"].typed, seeds["systems"].typed
    in_use = catalogue[catalogue["status"].isin(IN_USE)]
    members = seeds["weight_combinations"].typed
    of_study = {
        study_id: [table[table["study_id"] == study_id] for table in (in_use, systems)]
        for study_id in seeds["studies"].typed["study_id"]
    }
    for study_id, row, method in asked_for(seeds):
        own, own_systems = of_study[study_id]
        ask = _Ask(seeds, study_id, row, method["method_id"])
        if method["coupling_formula"] == "capacity" and len(own_systems) != 2:
            expected = f"a study of two systems; {study_id} has {len(own_systems)}"
            seeds["methods"].report([row], "coupling_formula", expected)
        if method["normalisation"] == "goalpost":
            ask.each(own["indicator_id"], "goalposts", method, "goalpost_set_id")
        if pd.notna(method["contribution_set_id"]):
            names = own_systems["system_id"]
            ask.each(
                names, "contribution_sets", method, "contribution_set_id", "system_id"
            )
        rules = [method]
        if method["weighting"] == "combined":
            of_method = members["method_id"] == method["method_id"]
            rules = [rule for _, rule in members[of_method].iterrows()]
        for rule in rules:
            if rule["weighting"] == "given" and pd.notna(rule["weight_set_id"]):
                ask.each(own["indicator_id"], "weight_sets", rule, "weight_set_id")
            if rule["weighting"] == "ahp":
                for system_id, indicators in own.groupby("system_id"):
                    ask.judgements(rule["judgement_set_id"], system_id, indicators)


class _Ask:
    """What one study asks for under one method."""

    def __init__(
        self, seeds: dict[str, Seed], study_id: str, row: int, method_id: str
    ) -> None:
        self.seeds, self.study_id, self.row = seeds, study_id, row
        self.method_id = method_id

    def lacks(self, table: str, found: str, column: str, what: str) -> None:
        """Report a row that a table lacks, at the method that asks for it."""
        seed = self.seeds[table]
        asks = f"{self.method_id}, which {self.study_id} asks for"
        expected = f"{what} in {seed.files}, for {asks}"
        self.seeds["methods"].report([self.row], column, expected, found)

    def each(
        self,
        names: pd.Series,
        table: str,
        rule: pd.Series,
        column: str,
        field: str = "indicator_id",
    ) -> None:
        """Ask for a row of each name in the set of a rule."""
        typed, set_id = self.seeds[table].typed, rule[column]
        own = typed[(typed[column] == set_id) & (typed["study_id"] == self.study_id)]
        for name in names[~names.isin(own[field])]:
            self.lacks(table, f"{set_id} without {name}", column, f"a row of {name}")

    def judgements(self, set_id: str, system_id: str, own: pd.DataFrame) -> None:
        """Ask for the matrices of a system; one indicator alone needs none."""
        table = "pairwise_judgements"
        typed = self.seeds[table].typed
        here = typed[
            (typed["judgement_set_id"] == set_id)
            & (typed["study_id"] == self.study_id)
            & (typed["system_id"] == system_id)
        ]
        names = list(own["indicator_id"])
        if here.empty and len(names) == 1:
            return
        listed = {
            matrix: {*pairs["item"], *pairs["other_item"]}
            for matrix, pairs in here.groupby("matrix")
        }
        top = listed.get(SYSTEM, set())
        for name, criterion, criterion_zh in zip(
            names, own["criterion"], own["criterion_zh"], strict=True
        ):
            if name in top:
                continue
            named = next((c for c in (criterion, criterion_zh) if c in top), None)
            place = f"{system_id}, matrix {SYSTEM}"
            if named is None:
                what = f"{name} or its criterion {criterion} among the items of {place}"
                found = f"{set_id} without {name}"
                self.lacks(table, found, "judgement_set_id", what)
                continue
            alike = own["criterion"].eq(named) | own["criterion_zh"].eq(named)
            if name not in listed.get(named, set()) and alike.sum() > 1:
                what = f"{name} among the items of {system_id}, matrix {named}"
                found = f"{set_id} without {name}"
                self.lacks(table, found, "judgement_set_id", what)
