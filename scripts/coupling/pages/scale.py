"""The page of how large a study may be: what `coupling bench scale` measured."""

from pathlib import Path

import pandas as pd

from coupling.base.paths import REPORTS
from coupling.charts import charts, scale_charts
from coupling.pages.pages import Page
from coupling.words import tables
from coupling.words.language import _
from coupling.words.styles import LineStyle

FOLDER = REPORTS / "guides"
MEASURED, STEPS = "scale.csv", "scale_steps.csv"
WAREHOUSE = "warehouse"
# of the methods of the warehouse alone, and of all nine
ONE, NINE = 1, 9


def scale_pages(folder: Path = FOLDER) -> list[Page]:
    """Return the page of what was measured; none where nothing was."""
    if not (folder / MEASURED).is_file():
        return []
    rows, steps = pd.read_csv(folder / MEASURED), pd.read_csv(folder / STEPS)
    styles = line_styles(rows)
    rows = rows.assign(line=lines_of(rows))
    rows["label"] = [styles[line].label for line in rows["line"]]
    largest = steps["size"].iloc[-1]
    return [
        Page(
            "scale.html",
            "scale.html.j2",
            {
                "rows": tables.records(rows),
                "threads": int(rows["threads"].max()),
                "runs": run_count(rows),
                "largest": largest,
                "steps": tables.records(steps[steps["size"] == largest]),
                "styles": list(styles.values()),
                "charts": {
                    "growth": charts.specification(
                        scale_charts.growth_chart(rows, styles)
                    )
                },
            },
        )
    ]


def run_count(rows: pd.DataFrame) -> int:
    """Return how often each library ran; the warehouse ran beside every one of them."""
    of_peers = rows.loc[rows["contestant"] != WAREHOUSE, "runs"]
    return int((of_peers if len(of_peers) else rows["runs"]).max())


def lines_of(rows: pd.DataFrame) -> pd.Series:
    """Return what tells the lines of the chart apart: contestant and methods."""
    return rows["contestant"] + "_" + rows["methods"].astype(str)


def line_styles(rows: pd.DataFrame) -> dict[str, LineStyle]:
    """Return the style of each line, by the order in which they come."""
    labels = {
        f"{row.contestant}_{row.methods}": _label(row.contestant, row.methods)
        for row in rows.itertuples()
    }
    return charts.line_styles(labels)


def _label(contestant: str, methods: int) -> str:
    name = _("the warehouse") if contestant == WAREHOUSE else contestant
    if methods == ONE:
        return _("{name}, one method").format(name=name)
    return name
