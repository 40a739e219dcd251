"""Studies as a user has them: made up, or shipped ones as if they were their own."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from coupling.paths import Paths
from coupling.quoting import sql_name

STUDY_TABLES = ("studies", "systems", "indicators", "study_regions")
NOWHERE = {
    "source_id": "workspace__none",
    "position": None,
    "publisher": "not stated",
    "title": "nothing",
    "citation": "nothing",
}


@dataclass
class Rows:
    """The rows of a study, as the engine takes them."""

    study_id: str
    tables: dict[str, pd.DataFrame]
    figures: pd.DataFrame
    source: dict = field(default_factory=lambda: dict(NOWHERE))


@cache
def seed(name: str) -> pd.DataFrame:
    path = Paths().seeds / "studies" / f"{name}.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def shipped(study_id: str) -> Rows:
    """A shipped study; its figures are the shipped ones, so it has none of its own."""
    tables = {}
    for name in STUDY_TABLES:
        rows = seed(name)
        tables[name] = rows[rows["study_id"] == study_id]
    return Rows(study_id, tables, pd.DataFrame(columns=["region_code", "year"]))


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


def project() -> Path:
    return Paths().project
