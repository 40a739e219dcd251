"""Workspaces drawn at random, degenerate in every way that the check lets through."""

import csv
import random
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import own_studies
import pandas as pd

from coupling.base.paths import Paths
from coupling.households.landing import LandingError, land_households

NAMES = ("City", "=1+1", "O'Neil", '"quoted"', "a,b", "市 一", "<b>", "x" * 60, "[z]*")
FIGURES = (
    *("plain", "plain", "constant", "blank", "zeros", "negative", "one", "tiny"),
    *("large", "mixed", "last_only", "alike_by_year"),
)
OPERATORS = ("identity", "identity", "ratio", "growth_pct", "per_area")
TOTALS = ("", "study", "country")
LARGEST = 1e15
SURVEYS = (
    *("plain", "few", "alike", "zeros", "blank", "negative", "huge", "tiny"),
    *("two_kinds", "indebted", "constant_size", "no_number", "twice"),
)
# of a survey's file, and of ours
SURVEY_COLUMNS = {
    "hid": "household_id",
    "prov": "region_code",
    "inc": "net_income_cny",
    "spend": "total_expenditure_cny",
    "assets": "total_assets_cny",
    "debt": "non_mortgage_debt_cny",
    "size": "family_size",
    "weight": "weight",
}
FORMS = ("plain", "plain", "crlf", "marked", "quoted", "no_end", "blank_lines")


def study_id(seed: int) -> str:
    """The study that a workspace of this number has."""
    return f"study_{seed}"


def draw(seed: int, folder: Path) -> str:
    """Write a workspace with a study of a user's own, figures, perhaps a survey.

    Returns what was drawn, in words.
    """
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
    panel["region"] = f"{title} {seed} " + panel["region"].str[-3:]
    rows = own_studies.made_up(panel, name=title, method=_method(dice, said))
    rows = own_studies.renamed(rows, study_id(seed))
    _vary(rows.tables, study_id(seed), dice, said)
    own_studies.write_workspace(rows, folder)
    if dice.random() < 0.3:
        _add_figures(folder, seed, dice, said)
    for path in sorted(folder.rglob("*.csv")):
        _reform(path, dice, said)
    if dice.random() < 0.4:
        _land_survey(folder, seed, dice, said)
    return "; ".join(said)


def join(folders: Iterable[Path], into: Path) -> None:
    """Write a workspace that has what each of `folders` has."""
    tables: dict[Path, list[pd.DataFrame]] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*.*")):
            name = path.relative_to(folder)
            if path.suffix == ".csv":
                frame = pd.read_csv(path, dtype=str, keep_default_na=False)
                tables.setdefault(name, []).append(frame)
            else:
                (into / name).parent.mkdir(parents=True, exist_ok=True)
                (into / name).write_bytes(path.read_bytes())
    for name, frames in tables.items():
        own_studies.write_table(into / name, pd.concat(frames).drop_duplicates())


def _add_figures(folder: Path, seed: int, dice, said: list[str]) -> None:
    """Put figures of a shipped series into the workspace, some beyond its bounds."""
    with (Paths().seeds / "reference" / "series.csv").open(encoding="utf-8") as file:
        series = dice.choice(list(csv.DictReader(file)))
    low, high = float(series["min_value"] or -1e9), float(series["max_value"] or 1e9)
    value = dice.choice([low, high, (low + high) / 2, low - 1])
    said.append(f"{series['series_id']} of 340000 is {value}")
    rows = [{"region_code": "340000", "year": 2019, series["series_id"]: value}]
    own_studies.write_table(
        folder / "yearbook" / f"office_{seed}.csv", pd.DataFrame(rows)
    )


def _reform(path: Path, dice, said: list[str]) -> None:
    """Write a table as other programs do."""
    form = dice.choice(FORMS)
    text = path.read_text(encoding="utf-8")
    match form:
        case "crlf":
            text = text.replace("\n", "\r\n")
        case "marked":
            text = "\ufeff" + text
        case "quoted":
            frame = pd.read_csv(path, dtype=str, keep_default_na=False)
            text = frame.to_csv(index=False, quoting=csv.QUOTE_ALL)
        case "no_end":
            text = text.rstrip("\n")
        case "blank_lines":
            text += "\n\n"
    if form != "plain":
        said.append(f"{path.name} {form}")
    path.write_bytes(text.encode())


def _land_survey(folder: Path, seed: int, dice, said: list[str]) -> None:
    """Land a survey file; one that is refused leaves nothing in the workspace."""
    kind, name = dice.choice(SURVEYS), f"survey_{seed}"
    file = folder.parent / f"{name}.csv"
    _survey(kind, seed, dice).to_csv(file, index=False)
    mappings = folder.parent / f"{name}_mappings.csv"
    with (Paths().seeds / "households" / "survey_mappings.csv").open() as shipped:
        header = next(csv.reader(shipped))
    rows = [
        {
            "survey": name,
            "source_variable": column,
            "our_column": ours,
            "factor": "1",
            "conversion": "province_2_digit" if column == "prov" else "",
            "currency": "CNY",
            "survey_year": "2020",
            "required": "0",
        }
        for column, ours in SURVEY_COLUMNS.items()
    ]
    own_studies.write_table(mappings, pd.DataFrame(rows).reindex(columns=header))
    try:
        land_households(file, name, mappings, folder)
        said.append(f"survey {kind}")
    except LandingError as error:
        said.append(f"survey {kind}, refused: {error}")


def _survey(kind: str, seed: int, dice) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    count = dice.choice([30, 31, 60, 150])
    frame = pd.DataFrame(
        {
            "hid": [f"h{number}" for number in range(count)],
            "prov": random.choice([11, 31, 34, 44, 65], count),
            "inc": random.lognormal(11, 1, count).round(2),
            "spend": random.lognormal(10.5, 1, count).round(2),
            "assets": random.lognormal(12, 1.5, count).round(2),
            "debt": random.choice([0, 1000, 50000], count).astype(float),
            "size": random.integers(1, 8, count),
            "weight": random.uniform(0.1, 3, count).round(3),
        }
    )
    amounts = ["inc", "spend", "assets", "debt"]
    some = random.random(count) < dice.choice([0.1, 0.5, 1])
    match kind:
        case "few":
            return frame.head(dice.randint(1, 29))
        case "alike":
            frame[amounts], frame["size"] = 1e4, 2
        case "zeros":
            frame.loc[some, amounts] = 0.0
        case "blank":
            column = dice.choice(list(frame.columns[1:]))
            frame[column] = frame[column].mask(some)
        case "negative":
            frame.loc[some, ["inc", "assets"]] *= -1
        case "huge":
            frame.loc[some, amounts] = dice.choice([1e12, 9.9e11, 1e308])
        case "tiny":
            frame[amounts] *= 1e-9
        case "two_kinds":
            frame[amounts] = 2e4
            frame.loc[some, amounts] = 1e4
        case "indebted":
            frame.loc[some, "assets"] = 0.0
            frame.loc[some, "debt"] = 5e5
        case "constant_size":
            frame["size"], frame["prov"] = 1, 65
        case "no_number":
            frame["inc"] = frame["inc"].astype(object).mask(some, "n/a?")
        case "twice":
            frame = pd.concat([frame, frame[some].assign(inc=1.0)])
    return frame


def _figures(kind: str, panel: pd.DataFrame, name: str, dice) -> pd.Series:
    figures = panel[name].copy()
    match kind:
        case "constant":
            return figures * 0 + 5.5
        case "blank":
            # a column without any figure is refused: not too often
            return figures.where(figures.index < dice.choice([0, 1, 1, 2]))
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


def _vary(tables: dict[str, pd.DataFrame], name: str, dice, said: list[str]) -> None:
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
            {"study_id": name, "method_id": sorted(asked)}
        )
        said.append("five methods")
