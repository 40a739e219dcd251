"""The chart of how seconds grow with cells, of the warehouse and its peers."""

from math import ceil, floor

import altair as alt
import numpy as np
import pandas as pd

from coupling.charts.charts import Drawing, data, finished
from coupling.words.language import _
from coupling.words.styles import LineStyle


def growth_chart(
    rows: pd.DataFrame, styles: dict[str, LineStyle], *, has_legend: bool = False
) -> Drawing:
    """Lines of seconds over cells, both on scales of powers of ten.

    Parameters
    ----------
    rows
        `line`, one of the styles, `cells`, `seconds` and `peak_memory_mb`.
    styles
        By line.
    has_legend
        For a picture that stands alone; a page prints a legend of its own.

    """
    points = rows[["line", "cells", "seconds", "peak_memory_mb"]].assign(
        label=[styles[line].label for line in rows["line"]]
    )
    labels = [style.label for style in styles.values()]
    legend = alt.Legend(title=None, symbolType="stroke") if has_legend else None
    colours = [style.colour for style in styles.values()]
    base = alt.Chart(data(points, "growth")).encode(
        x=_cells(points),
        y=_seconds(points),
        color=alt.Color(
            "label:N", legend=legend, scale=alt.Scale(domain=labels, range=colours)
        ),
    )
    dashes = [
        [int(length) for length in style.dash.split()] or [1, 0]
        for style in styles.values()
    ]
    strokes = base.mark_line(strokeWidth=2).encode(
        strokeDash=alt.StrokeDash(
            "label:N", legend=legend, scale=alt.Scale(domain=labels, range=dashes)
        )
    )
    marks = base.mark_point(filled=True, size=36, opacity=1).encode(
        tooltip=[
            alt.Tooltip("label:N", title=_("Line")),
            alt.Tooltip("cells:Q", title=_("Cells"), format=",d"),
            alt.Tooltip("seconds:Q", title=_("Seconds"), format=".3g"),
            alt.Tooltip("peak_memory_mb:Q", title=_("Peak memory, MB"), format=",.0f"),
        ]
    )
    return finished(
        alt.layer(strokes, marks),
        name="growth",
        height=300,
        description=_(
            "Line chart: seconds over the number of cells, of the warehouse and of "
            "other libraries. The table that follows has the numbers."
        ),
    )


def _cells(points: pd.DataFrame) -> alt.X:
    return alt.X(
        "cells:Q",
        title=_("Cells: regions x years x indicators"),
        scale=alt.Scale(type="log", nice=False, padding=16),
        axis=alt.Axis(format="~s", values=sorted(set(points["cells"].tolist()))),
    )


def _seconds(points: pd.DataFrame) -> alt.Y:
    """Return the scale of seconds, from one power of ten to another."""
    lowest, highest = np.log10([points["seconds"].min(), points["seconds"].max()])
    below = floor(lowest)
    above = max(ceil(highest), below + 1)
    decades = [10.0**power for power in range(below, above + 1)]
    return alt.Y(
        "seconds:Q",
        title=_("Seconds"),
        scale=alt.Scale(type="log", domain=[decades[0], decades[-1]]),
        axis=alt.Axis(format="~g", values=decades),
    )
