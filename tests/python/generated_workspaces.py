"""Workspaces drawn at random, degenerate in every way that the check lets through."""

import random
from pathlib import Path

import numpy as np
import own_studies
import pandas as pd

STUDY = "study"
NAMES = ("City", "=1+1", "O'Neil", '"quoted"', "a,b", "市 一", "<b>", "x" * 60, "[z]*")
FIGURES = (
    *("plain", "plain", "constant", "blank", "zeros", "negative", "one", "tiny"),
    *("large", "mixed", "last_only", "alike_by_year"),
)
OPERATORS = ("identity", "identity", "ratio", "growth_pct", "per_area")
TOTALS = ("", "study", "country")
LARGEST = 1e15


def draw(seed: int, folder: Path) -> str:
    """Write a workspace with one study of a user's own; return what was drawn."""
    dice = random.Random(seed)
    regions, years = dice.randint(1, 6), dice.randint(1, 5)
    indicators = dice.randint(2, 6)
    panel = own_studies.panel(regions, years, indicators, draw=seed, blanks=0.1)
    said = [f"{regions} regions, {years} years, {indicators} indicators"]
    names = list(panel.columns[2:])
    for name in names:
        kind = dice.choice(FIGURES)
        said.append(kind)
        panel[name] = _figures(kind, panel, name, dice)
    title = dice.choice(NAMES)
    panel["region"] = title + " " + panel["region"].str[-3:]
    rows = own_studies.made_up(panel, name=title, method=_method(dice, said))
    _vary(rows.tables, dice, said)
    own_studies.write_workspace(rows, folder)
    return "; ".join(said)


def _figures(kind: str, panel: pd.DataFrame, name: str, dice) -> pd.Series:
    figures = panel[name].copy()
    match kind:
        case "constant":
            return figures * 0 + 5.5
        case "blank":
            return figures * np.nan
        case "zeros":
            return figures * 0
        case "negative":
            return -figures
        case "one":
            return figures.where(figures.index == dice.randrange(len(figures)))
        case "tiny":
            return figures * 1e-12
        case "large":
            return (figures * 1e12).clip(-LARGEST, LARGEST)
        case "mixed":
            return figures - figures.median()
        case "last_only":
            return figures.where(panel["year"] == panel["year"].max())
        case "alike_by_year":
            return panel["year"].astype(float)
    return figures


def _method(dice, said: list[str]) -> str:
    methods = own_studies.seed("methods")["method_id"].tolist()
    said.append(dice.choice(methods))
    return said[-1]


def _vary(tables: dict[str, pd.DataFrame], dice, said: list[str]) -> None:
    indicators = tables["indicators"]
    is_weighted, is_faulty = dice.random() < 0.4, dice.random() < 0.15
    for place in indicators.index:
        operator = dice.choice(OPERATORS)
        indicators.loc[place, "operator"] = operator
        if operator == "ratio":
            other = dice.choice(indicators["numerator"].tolist())
            indicators.loc[place, "denominator"] = other
        if dice.random() < 0.2:
            indicators.loc[place, "negative_base"] = "allowed"
        if dice.random() < 0.2:
            indicators.loc[place, "status"] = "no_series"
            indicators.loc[place, "note"] = "" if is_faulty else "none at hand"
        if is_weighted:
            indicators.loc[place, "given_weight"] = dice.choice([0.1, 0.5, 1])
    said.append(",".join(indicators["operator"]))
    if dice.random() < 0.3:
        tables["regions"]["land_area_10k_km2"] = dice.choice([0.5, 2])
    if dice.random() < 0.3:
        tables["studies"]["first_year"] -= dice.randint(0, 3)
        tables["studies"]["last_year"] += dice.randint(0, 3)
        said.append("years beyond")
    if is_faulty:
        tables["systems"].loc[0, "contribution"] = dice.choice([0.7, -0.5, 2])
        said.append("a fault")
    if dice.random() < 0.3:
        every = own_studies.seed("methods")["method_id"]
        asked = every.sample(5, random_state=dice.randint(0, 99))
        tables["study_methods"] = pd.DataFrame(
            {"study_id": STUDY, "method_id": sorted(asked)}
        )
        said.append("five methods")
