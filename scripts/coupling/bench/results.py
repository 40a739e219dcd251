"""What was measured, as rows: medians, ratios, growth; on screen, in the guide, kept.

A pair is a run of the warehouse and one of a peer right after or before it, so that
what else the machine does in these seconds falls on both.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
import vl_convert
from rich import box
from rich.table import Table

from coupling.bench.panels import Size
from coupling.bench.run import WAREHOUSE, Outcome
from coupling.charts import charts, scale_charts
from coupling.pages import scale as page
from coupling.words.formats import three_digits
from coupling.words.tables import records

GUIDE, PICTURE = "scale.md", "scale.svg"
SLOWEST = 10
WIDTH = 560
MEGABYTE = 2**20
# of the file that is kept, a row a size and contestant; MB are of 2^20 bytes
COLUMNS = [
    *("size", "cells", "contestant", "methods", "threads", "runs"),
    *("ratio", "least_ratio", "most_ratio", "seconds", "peak_memory_mb"),
    *("database_mb", "bytes_per_cell_method", "growth_exponent"),
    "largest_difference",
]
# headings of the guide's table, the ratio before what it is made of, by column
HEADINGS = {
    "size": "size",
    "cells": "cells",
    "contestant": "by",
    "methods": "methods",
    "ratio": "ratio",
    "seconds": "seconds",
    "peak_memory_mb": "peak memory, MB",
    "database_mb": "database, MB",
    "bytes_per_cell_method": "bytes a cell and method",
    "growth_exponent": "exponent",
}
# of a screen of eighty letters
ON_SCREEN = {
    "size": "size",
    "contestant": "by",
    "methods": "of",
    "ratio": "ratio",
    "seconds": "s",
    "peak_memory_mb": "MB",
    "database_mb": "file",
    "bytes_per_cell_method": "B/cell",
    "growth_exponent": "n^",
}
OF_STEPS = {"step": "step", "seconds": "seconds"}
# what stands between these two lines of the guide is written by the program
BEGIN, END = (
    "<!-- {name}: written by coupling bench scale -->",
    "<!-- end of {name} -->",
)


@dataclass(frozen=True)
class Pair:
    """A run of the warehouse and, beside it, one of a peer.

    Attributes
    ----------
    size, method_count
        What both worked out.
    warehouse, peer
        What they took; no `peer` where the warehouse ran alone.
    name
        Of the peer.
    difference
        The largest between a degree of the one and of the other.

    """

    size: Size
    method_count: int
    warehouse: Outcome
    peer: Outcome | None = None
    name: str = ""
    difference: float = 0.0


@dataclass(frozen=True)
class Measured:
    """All that was measured: `rows` by size and contestant, `steps` by size."""

    rows: pd.DataFrame
    steps: pd.DataFrame


def summarised(pairs: list[Pair], threads: int) -> Measured:
    """Return the medians of pairs, in the order in which they came."""
    rows = []
    for size, count in dict.fromkeys((pair.size, pair.method_count) for pair in pairs):
        own = [p for p in pairs if (p.size, p.method_count) == (size, count)]
        about = {
            "size": str(size),
            "cells": size.cells,
            "methods": count,
            "threads": threads,
        }
        rows.append(
            about | _of_warehouse([pair.warehouse for pair in own], size, count)
        )
        for name in dict.fromkeys(pair.name for pair in own if pair.peer):
            rows.append(about | _of_peer([pair for pair in own if pair.name == name]))
    found = pd.DataFrame(rows)
    found = found.reindex(columns=COLUMNS)
    found["growth_exponent"] = [
        exponent(found[(found["contestant"] == who) & (found["methods"] == count)])
        for who, count in zip(found["contestant"], found["methods"], strict=True)
    ]
    return Measured(found, _slowest(pairs))


def exponent(rows: pd.DataFrame) -> float | None:
    """Return the b of seconds = a cells^b that fits best on scales of logarithms.

    None where there are fewer than two sizes.
    """
    if rows["cells"].nunique() < 2:
        return None
    slope, _ = np.polyfit(np.log(rows["cells"]), np.log(rows["seconds"]), 1)
    return round(float(slope), 3)


def _of_warehouse(runs: list[Outcome], size: Size, count: int) -> dict:
    room = median(run.database_bytes for run in runs)
    return _medians(WAREHOUSE, runs) | {
        "database_mb": round(room / MEGABYTE, 2),
        "bytes_per_cell_method": round(room / (size.cells * count), 2),
    }


def _of_peer(pairs: list[Pair]) -> dict:
    runs = [(pair.warehouse.seconds, pair.peer) for pair in pairs if pair.peer]
    ratios = [seconds / peer.seconds for seconds, peer in runs]
    return _medians(pairs[0].name, [peer for _, peer in runs]) | {
        "ratio": round(median(ratios), 3),
        "least_ratio": round(min(ratios), 3),
        "most_ratio": round(max(ratios), 3),
        "largest_difference": max(pair.difference for pair in pairs),
    }


def _medians(name: str, runs: list[Outcome]) -> dict:
    return {
        "contestant": name,
        "runs": len(runs),
        "seconds": round(median(run.seconds for run in runs), 6),
        "peak_memory_mb": round(median(run.peak_memory_mb for run in runs)),
    }


def _slowest(pairs: list[Pair]) -> pd.DataFrame:
    """Return the slowest steps of each size, under as many methods as there were."""
    rows = []
    for size in dict.fromkeys(pair.size for pair in pairs):
        own = [pair for pair in pairs if pair.size == size]
        most = max(pair.method_count for pair in own)
        runs = [pair.warehouse.steps for pair in own if pair.method_count == most]
        seconds = {step: median(run[step] for run in runs) for step in runs[0]}
        for step in sorted(seconds, key=lambda name: (-seconds[name], name))[:SLOWEST]:
            rows.append(
                {"size": str(size), "step": step, "seconds": round(seconds[step], 4)}
            )
    return pd.DataFrame(rows, columns=["size", "step", "seconds"])


# --- shown ------------------------------------------------------------------------


def _shown(value: str | float | None) -> str:
    return value if isinstance(value, str) else three_digits(value)


def on_screen(title: str, rows: pd.DataFrame, headings: dict[str, str]) -> Table:
    """Return rows as a table for the screen."""
    table = Table(
        title=title, title_justify="left", box=box.SIMPLE, padding=(0, 1, 0, 0)
    )
    for name, head in headings.items():
        is_text = name in ("size", "contestant", "step")
        table.add_column(head, justify="left" if is_text else "right", no_wrap=True)
    for row in records(rows):
        table.add_row(*(_shown(row.get(name)) for name in headings))
    return table


def markdown(rows: pd.DataFrame, headings: dict[str, str]) -> str:
    """Return rows as a table of Markdown.

    A ratio has the smallest and the largest of its pairs in brackets.
    """
    table = [[*headings.values()], ["---"] * len(headings)]
    for row in records(rows):
        cells = {name: _shown(row.get(name)) for name in headings}
        if row.get("ratio") is not None:
            least, most = _shown(row["least_ratio"]), _shown(row["most_ratio"])
            cells["ratio"] += f" ({least} to {most})"
        table.append([*cells.values()])
    return "\n".join(f"| {' | '.join(row)} |" for row in table)


# --- kept -------------------------------------------------------------------------


def read(folder: Path = page.FOLDER) -> Measured:
    """Return what is kept beside the guide."""
    return Measured(
        *(pd.read_csv(folder / name) for name in (page.MEASURED, page.STEPS))
    )


def write(measured: Measured, folder: Path = page.FOLDER) -> list[Path]:
    """Write the rows, the picture and the tables of the guide; return their paths."""
    measured.rows.to_csv(folder / page.MEASURED, index=False, lineterminator="\n")
    measured.steps.to_csv(folder / page.STEPS, index=False, lineterminator="\n")
    (folder / PICTURE).write_text(picture(measured.rows), encoding="utf-8")
    guide = folder / GUIDE
    guide.write_text(with_tables(guide.read_text("utf-8"), measured), encoding="utf-8")
    return [folder / name for name in (page.MEASURED, page.STEPS, PICTURE, GUIDE)]


def picture(rows: pd.DataFrame) -> str:
    """Return the chart as SVG, with a legend."""
    styles = page.line_styles(rows)
    chart = scale_charts.growth_chart(
        rows.assign(line=page.lines_of(rows)), styles, has_legend=True
    )
    specification = charts.specification(chart) | {"width": WIDTH}
    return vl_convert.vegalite_to_svg(specification)


def with_tables(text: str, measured: Measured) -> str:
    """Return the text of the guide with the tables of what was measured.

    Raises ValueError if the guide has no place for one.
    """
    largest = measured.steps["size"].iloc[-1]
    steps = measured.steps[measured.steps["size"] == largest]
    tables = {
        "sizes": f"{_how(measured.rows)}\n\n{markdown(measured.rows, HEADINGS)}",
        "steps": markdown(steps, OF_STEPS | {"step": f"step, {largest}"}),
    }
    for name, table in tables.items():
        begin, end = (line.format(name=name) for line in (BEGIN, END))
        place = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        if not place.search(text):
            raise ValueError(f"the guide has no place for {name}: {begin} ... {end}")
        text = place.sub(f"{begin}\n\n{table}\n\n{end}", text)
    return text


def _how(rows: pd.DataFrame) -> str:
    threads, runs = rows["threads"].max(), page.run_count(rows)
    return f"Threads of each run: {threads}; runs with each library: {runs}."
