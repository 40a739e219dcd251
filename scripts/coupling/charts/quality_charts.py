"""Charts of the data themselves: what the cells of the studies rest on, and letters."""

import altair as alt
import pandas as pd

from coupling.charts.charts import INK, Drawing, data, finished
from coupling.words.language import _
from coupling.words.tables import EN_DASH

STATES = ["published", "derived", "imputed", "missing", "no_series", "excluded"]
COLOURS = {
    "published": "#23689b",
    "derived": "#8fd0b0",
    "imputed": "#f2c14e",
    "missing": "#d55e00",
    "no_series": "#eef1f4",
    "excluded": "#a9b2bc",
}
# written into cells, so that they are told apart without colour
MARKS = {"no_series": EN_DASH, "excluded": "\N{MULTIPLICATION SIGN}"}
LETTER_COLOURS = {"A": "#23689b", "B": "#62b58f", "C": "#f2c14e", "U": "#cc79a7"}
STUDY_STEP = 46
CELL_STEP = 20
# as wide as a name may be: a third of a phone, or whole where there is room
LABEL_LIMIT = "containerSize()[0] < 500 ? 130 : 400"


def state_names() -> dict[str, str]:
    """Return {state: name} of what a cell rests on, in the language spoken."""
    return {
        "published": _("published"),
        "derived": _("derived from published figures"),
        "imputed": _("imputed"),
        "missing": _("missing"),
        "no_series": _("no series"),
        "excluded": _("excluded"),
    }


def share_chart(shares: pd.DataFrame) -> Drawing:
    """Bars of the studies, in parts by what the cells of all indicators rest on.

    Parameters
    ----------
    shares
        One row per study: `study_id`, its name as `study`, and a column with the number
        of cells for each of STATES.

    """
    names = state_names()
    keys = ["study_id", "study"]
    parts = shares[[*keys, *STATES]].melt(keys, STATES, "state", "cells")
    whole = parts.groupby("study_id")["cells"].transform("sum")
    parts["share"] = (parts["cells"] / whole).round(6)
    parts["place"] = parts["state"].map(STATES.index)
    parts["colour"] = parts["state"].map(COLOURS)
    parts["state"] = parts["state"].map(names)
    base = alt.Chart(data(parts, "shares")).encode(
        y=alt.Y("study_id:N", sort=shares["study_id"].to_list(), axis=None)
    )
    bars = base.mark_bar(height=16, yOffset=9, stroke="#fff", strokeWidth=0.5).encode(
        x=alt.X(
            "share:Q",
            stack="zero",
            title=_("Share of the cells of all indicators listed"),
            axis=alt.Axis(format="~%", tickCount=5, grid=False),
            scale=alt.Scale(domain=[0, 1]),
        ),
        color=alt.Color("colour:N", scale=None),
        order=alt.Order("place:Q"),
        tooltip=[
            alt.Tooltip("study:N", title=_("Study")),
            alt.Tooltip("state:N", title=_("Cells are")),
            alt.Tooltip("cells:Q", title=_("Cells"), format=",d"),
            alt.Tooltip("share:Q", title=_("Share"), format=".1%"),
        ],
    )
    titles = (
        base.transform_filter("datum.place === 0")
        .mark_text(align="left", yOffset=-9, color=INK, limit=alt.ExprRef("width"))
        .encode(x=alt.datum(0), text=alt.Text("study:N"))
    )
    return finished(
        alt.layer(bars, titles),
        name="shares",
        height=alt.Step(STUDY_STEP),
        description=_(
            "Bar chart: what the cells of each study rest on, as shares of the cells "
            "of all indicators that it lists. The table that follows has the numbers."
        ),
    )


def coverage_map(cells: pd.DataFrame, *, name: str) -> Drawing:
    """Cells of one study, a row for each indicator, coloured by what they rest on.

    Where some regions have no figure, the share of those that have is written.

    Parameters
    ----------
    cells
        `quality/cells` of the study, with `state` and `observed_share`.
    name
        Of the chart.

    """
    names = state_names()
    squares = pd.DataFrame(
        {
            "indicator": cells["indicator_id"] + "  " + cells["label"],
            "year": cells["year"],
            "state": cells["state"].map(names),
            "colour": cells["state"].map(COLOURS),
            "regions": cells["cells"],
            "observed": cells["published"] + cells["derived"],
            "interpolated": cells["interpolated"],
            "carried": cells["carried"],
            "missing": cells["missing"],
            "said": [
                f"{share:.0%}"
                if state in ("imputed", "missing")
                else MARKS.get(state, "")
                for share, state in zip(
                    cells["observed_share"], cells["state"], strict=True
                )
            ],
        }
    )
    order = list(dict.fromkeys(squares["indicator"]))
    base = alt.Chart(data(squares, name)).encode(
        x=alt.X(
            "year:O",
            title=None,
            axis=alt.Axis(labelAngle=0, labelOverlap=True, orient="top", ticks=False),
        ),
        y=alt.Y(
            "indicator:N",
            title=None,
            sort=order,
            axis=alt.Axis(labelLimit=alt.ExprRef(LABEL_LIMIT), ticks=False),
        ),
    )
    tiles = base.mark_rect(stroke="#fff").encode(
        color=alt.Color("colour:N", scale=None),
        tooltip=[
            alt.Tooltip("indicator:N", title=_("Indicator")),
            alt.Tooltip("year:O", title=_("Year")),
            alt.Tooltip("state:N", title=_("Cells are")),
            alt.Tooltip("regions:Q", title=_("Regions")),
            alt.Tooltip("observed:Q", title=_("With a figure")),
            alt.Tooltip("interpolated:Q", title=_("Interpolated")),
            alt.Tooltip("carried:Q", title=_("Carried")),
        ],
    )
    said = base.mark_text(fontSize=10, color=INK).encode(text=alt.Text("said:N"))
    return finished(
        alt.layer(tiles, said),
        name=name,
        height=alt.Step(CELL_STEP),
        description=_(
            "Heat map: what the cells of {study} rest on, a row for each indicator "
            "listed and a column for each year; where regions lack a figure, the share "
            "of those that have one."
        ).format(study=cells["study"].iloc[0]),
    )


def letter_chart(figures: pd.DataFrame) -> Drawing:
    """Bars of the years, in parts by the quality letter of the figures in use.

    Parameters
    ----------
    figures
        `quality/figures_by_year`.

    """
    # letters come in alphabetical order
    places = figures.assign(
        place=figures["quality"].rank(method="dense"),
        colour=figures["quality"].map(LETTER_COLOURS),
    )
    bars = (
        alt.Chart(data(places, "letters"))
        .mark_bar(stroke="#fff", strokeWidth=0.5)
        .encode(
            x=alt.X(
                "year:O",
                title=None,
                axis=alt.Axis(labelAngle=0, labelOverlap=True, ticks=True),
            ),
            y=alt.Y(
                "figure_count:Q",
                stack="zero",
                title=_("Figures"),
                axis=alt.Axis(format=",d", tickCount=5),
            ),
            color=alt.Color("colour:N", scale=None),
            order=alt.Order("place:Q"),
            tooltip=[
                alt.Tooltip("year:O", title=_("Year")),
                alt.Tooltip("quality:N", title=_("Letter")),
                alt.Tooltip("figure_count:Q", title=_("Figures"), format=",d"),
            ],
        )
    )
    return finished(
        alt.layer(bars),
        name="letters",
        height=240,
        description=_(
            "Bar chart: figures in use by year, in parts by the quality letter of "
            "their source."
        ),
    )
