"""Studies as a user has them: made up, or shipped ones as if they were their own."""

import csv
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from coupling.base.paths import Paths
from coupling.base.quoting import sql_name
from coupling.panels.rows import StudyRows
from coupling.studies.adaptor import from_frame

# where one language has no text, that of the other stands
TEXTS = (("label", "label_zh"), ("criterion", "criterion_zh"), ("grade", "grade_zh"))


@cache
def seed(name: str) -> pd.DataFrame:
    path = Paths().seeds / "studies" / f"{name}.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def shipped(study_id: str) -> StudyRows:
    """A shipped study; its figures are the shipped ones, so it has none of its own."""
    figures = pd.DataFrame(columns=["region_code", "year"])
    return StudyRows(study_id, {}, figures, None)


def panel(
    regions: int, years: int, indicators: int, *, draw: int = 1, blanks: float = 0.03
) -> pd.DataFrame:
    """A wide panel: region, year and columns a01, a02, ...; some cells blank."""
    random = np.random.default_rng(draw)
    names = [f"a{place:02}" for place in range(1, indicators + 1)]
    level = random.lognormal(4, 1, (regions, 1, indicators))
    growth = 1 + random.normal(0.05, 0.03, (regions, years, indicators)).cumsum(axis=1)
    cells = level * growth
    cells[random.random(cells.shape) < blanks] = np.nan
    frame = pd.DataFrame(cells.reshape(-1, indicators), columns=names)
    places = [f"City {place:03}" for place in range(1, regions + 1)]
    frame.insert(0, "region", np.repeat(places, years))
    frame.insert(1, "year", np.tile(np.arange(2015, 2015 + years), regions))
    return frame


def differences(
    connection: duckdb.DuckDBPyConnection, ours: pd.DataFrame, query: str
) -> list[tuple]:
    """Rows that one of a frame and a query has and the other has not, to the bit."""
    connection.register("ours", ours)
    names = ", ".join(map(sql_name, ours.columns))
    theirs = f"select {names} from ({query})"
    found = connection.execute(
        f"(from ours except all {theirs}) union all ({theirs} except all from ours)"
    ).fetchall()
    connection.unregister("ours")
    return found


def made_up(frame: pd.DataFrame, **more) -> StudyRows:
    """A study of two systems over a panel of `panel`; the last two are negative."""
    names = list(frame.columns[2:])
    half = len(names) // 2
    stated = {
        "negative": names[-2:],
        "method": "entropy_topsis",
        "region": "region",
        "year": "year",
        "grade_scheme": "six_levels",
        "name": "Made up",
    }
    systems = {"Digital economy": names[:half], "Green development": names[half:]}
    return from_frame(frame, systems, **(stated | more))


def write_workspace(rows, folder: Path) -> None:
    """Put the rows of a study into a workspace, beside what is there."""
    for name, table in rows.tables.items():
        part = "reference" if name in ("regions", "series") else "studies"
        with (Paths().seeds / part / f"{name}.csv").open(encoding="utf-8") as file:
            columns = next(csv.reader(file))
        write_table(folder / part / f"{name}.csv", table.reindex(columns=columns))
    write_table(folder / "yearbook" / f"{rows.study_id}.csv", rows.figures)


def both(one: StudyRows, other: StudyRows) -> StudyRows:
    """Two studies in one set of rows, the second under names of its own."""
    second = renamed(other, "second")
    tables = {
        name: pd.concat([table, second.tables.get(name)]).drop_duplicates(
            ["region_code"] if name == "regions" else None
        )
        for name, table in one.tables.items()
    }
    figures = one.figures.merge(second.figures, "outer", ["region_code", "year"])
    return replace(one, tables=tables, figures=figures)


def renamed(rows: StudyRows, study_id: str) -> StudyRows:
    """The same study with another id, in its series too."""

    def other(text):
        if not isinstance(text, str):
            return text
        own = text == rows.study_id or text.startswith(f"{rows.study_id}__")
        return text.replace(rows.study_id, study_id, 1) if own else text

    tables = {name: table.map(other) for name, table in rows.tables.items()}
    figures = rows.figures.rename(columns=other)
    return replace(rows, study_id=study_id, tables=tables, figures=figures)


def write_table(path: Path, table: pd.DataFrame) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, lineterminator="\n")


def seeds_with(rows, folder: Path, methods: list[str]) -> Path:
    """Seeds of one study alone and some methods, for the reference implementation."""
    shutil.copytree(Paths().seeds / "reference", folder / "reference")
    shutil.copytree(Paths().seeds / "studies", folder / "studies")
    write_workspace(rows, folder)
    methods_path = folder / "studies" / "methods.csv"
    listed = pd.read_csv(methods_path, dtype=str, keep_default_na=False)
    write_table(methods_path, listed[listed["method_id"].isin(methods)])
    return folder


def seeds_of(paths: Paths, study_id: str, folder: Path) -> Path:
    """Seeds of one study of the workspace and its default method, for the reference."""
    for part in ("reference", "studies"):
        for shipped_path in sorted((paths.seeds / part).glob("*.csv")):
            listed = pd.read_csv(shipped_path, dtype=str, keep_default_na=False)
            own = paths.workspace / part / shipped_path.name
            if own.exists():
                added = pd.read_csv(own, dtype=str, keep_default_na=False)
                listed = pd.concat([listed, added]).fillna("")
            if part == "studies" and "study_id" in listed:
                listed = listed[listed["study_id"] == study_id].copy()
            for texts in TEXTS:
                for one, other in (texts, texts[::-1]):
                    if one in listed and other in listed:
                        listed[one] = (
                            listed[one].replace("", None).fillna(listed[other])
                        )
            write_table(folder / part / shipped_path.name, listed)
    _name_criteria(folder / "studies")
    shutil.copytree(paths.workspace / "yearbook", folder / "yearbook")
    asked = pd.read_csv(folder / "studies" / "studies.csv")["default_method_id"][0]
    methods_path = folder / "studies" / "methods.csv"
    listed = pd.read_csv(methods_path, dtype=str, keep_default_na=False)
    write_table(methods_path, listed[listed["method_id"] == asked])
    return folder


def _name_criteria(folder: Path) -> None:
    """Give indicators without a criterion the name of their system as one."""
    kept = {"dtype": str, "keep_default_na": False}
    systems = pd.read_csv(folder / "systems.csv", **kept).set_index("system_id")
    indicators = pd.read_csv(folder / "indicators.csv", **kept)
    for criterion, label in (("criterion", "label"), ("criterion_zh", "label_zh")):
        names = indicators["system_id"].map(systems[label])
        stated = indicators[criterion]
        indicators[criterion] = stated.where(stated != "", names)
    write_table(folder / "indicators.csv", indicators)
