"""Charts of a study over regions and years: map, belts, heat map, scatter, gap."""

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from scipy.optimize import brentq

from coupling.charts.charts import (
    GRADE_ANCHORS,
    INK,
    LINE_COLOURS,
    Drawing,
    LineStyle,
    data,
    finished,
    line_chart,
)
from coupling.words.language import _
from coupling.words.styles import NO_RESULT, WHITE_FROM
from coupling.words.styles import degree_colours as degree_colours
from coupling.words.tables import EN_DASH

DEGREE = alt.Scale(domain=[0, 1], range=GRADE_ANCHORS, interpolate="rgb")
BLACK = "#000"
CURVES = [0.2, 0.4, 0.6, 0.8]
CURVE = "#9aa5b1"
LABEL_FROM = 0.03
TILE = 52
HEAT_AXIS = alt.Axis(
    labelAngle=0, orient="top", labelOverlap="greedy", labelSeparation=4
)
SCATTER_HEIGHT = 420
# widths of a plot, in pixels, for which it is worked out which names have room
SCATTER_WIDTHS = [260, 420, 600, 780]
NAME_HEIGHT = 11
WIDE_FROM = 0x2E80  # letters from here on, Chinese ones among them, are square


def tile_map(results: pd.DataFrame, tiles: pd.DataFrame) -> Drawing | None:
    """Squares of the regions, one each, coloured by D of the year on a slider.

    Parameters
    ----------
    results
        `study/results` with `link`, where a square leads.
    tiles
        `study/tiles`; without any there is no map. Its years are those from the first
        to the last with a degree.

    """
    if tiles.empty:
        return None
    years = years_computed(results)
    results = results[results["year"].isin(years)]
    cells = tiles.merge(
        results[["region_code", "year", "degree", "grade", "link"]], how="left"
    ).assign(degree=lambda frame: frame["degree"].round(4))
    cells["tile_label"] = [
        EN_DASH if pd.isna(degree) else f"{degree:.2f}" for degree in cells["degree"]
    ]
    chosen = alt.param(
        name="map_year",
        value=years[-1],
        bind=alt.binding_range(
            min=years[0], max=years[-1], step=1, name=_("Year") + " "
        ),
    )
    outside = f"{cells['year'].isna().any()}".lower()
    base = (
        alt.Chart(data(cells.drop(columns="region_code"), "map"))
        .transform_filter(f"datum.year == map_year || ({outside} && !datum.year)")
        .encode(
            x=alt.X("tile_column:O", axis=None),
            y=alt.Y("tile_row:O", axis=None),
            href=alt.Href("link:N"),
        )
    )
    # squares without a degree are not drawn and leave these to be seen
    unknown = base.mark_rect(stroke="#fff", strokeWidth=2, color=NO_RESULT)
    squares = base.mark_rect(stroke="#fff", strokeWidth=2).encode(
        color=alt.Color("degree:Q", scale=DEGREE, legend=None),
        tooltip=[
            alt.Tooltip("region:N", title=_("Region")),
            alt.Tooltip("degree:Q", title="D", format=".3f"),
            alt.Tooltip("grade:N", title=_("Grade")),
        ],
    )
    ink = alt.condition(
        f"datum.degree >= {WHITE_FROM}", alt.value("#fff"), alt.value(BLACK)
    )
    names = base.mark_text(dy=-7, fontWeight="bold").encode(
        text=alt.Text("abbreviation:N"), color=ink
    )
    degrees = base.mark_text(dy=8).encode(text=alt.Text("tile_label:N"), color=ink)
    return finished(
        alt.layer(unknown, squares, names, degrees).add_params(chosen),
        name="map",
        height=alt.Step(TILE),
        description=_(
            "Tile map: one square for each region, coloured by the coupling "
            "coordination degree D of the year chosen below it. The heat map and the "
            "tables have the numbers."
        ),
    )


def years_computed(results: pd.DataFrame) -> list[int]:
    """Return all years from the first to the last in which a region has a degree."""
    there = results.loc[results["degree"].notna(), "year"]
    return sorted(
        int(year)
        for year in results["year"].unique()
        if there.min() <= year <= there.max()
    )


def group_chart(
    groups: pd.DataFrame,
    styles: dict[str, LineStyle],
    years: list[int],
    *,
    are_belts: bool,
) -> Drawing | None:
    """Lines over the years: mean D of the regions of each group; None without groups.

    Parameters
    ----------
    groups
        `study/group_means`.
    styles
        By group.
    years
        Of the study.
    are_belts
        Whether the groups are the three belts, which are named so.

    """
    if groups.empty:
        return None
    drawn = groups.rename(columns={"belt": "line", "degree": "value"})
    return line_chart(
        drawn[["year", "line", "value"]],
        styles,
        name="belts",
        y_title=_("Mean coupling coordination degree D"),
        y_format="~g",
        value_format=".3f",
        years=years,
        description=_(
            "Line chart: mean coupling coordination degree D of the regions of each "
            "belt by year. The table that follows has the numbers."
        )
        if are_belts
        else _(
            "Line chart: mean coupling coordination degree D of the regions of each "
            "group by year. The table that follows has the numbers."
        ),
    )


def heat_map(results: pd.DataFrame) -> Drawing:
    """Cells of D, a row for each region and a column for each year.

    Parameters
    ----------
    results
        `study/results` with `link`, where a cell leads; regions come in the order of
        D in the last year computed.

    """
    last = results[results["year"] == years_computed(results)[-1]]
    order = last.sort_values(
        ["degree", "region_code"], ascending=[False, True], na_position="last"
    )["region"].to_list()
    cells = results[["region", "year", "degree", "grade", "link"]].assign(
        degree=results["degree"].round(4)
    )
    base = alt.Chart(data(cells, "heat")).encode(
        x=alt.X("year:O", title=None, axis=HEAT_AXIS),
        y=alt.Y("region:N", title=None, sort=order),
        href=alt.Href("link:N"),
    )
    unknown = base.mark_rect(stroke="#fff", color=NO_RESULT)
    squares = base.mark_rect(stroke="#fff").encode(
        color=alt.Color("degree:Q", scale=DEGREE, legend=None),
        tooltip=[
            alt.Tooltip("region:N", title=_("Region")),
            alt.Tooltip("year:O", title=_("Year")),
            alt.Tooltip("degree:Q", title="D", format=".3f"),
            alt.Tooltip("grade:N", title=_("Grade")),
        ],
    )
    told = base
    if cells["degree"].isna().any():
        # a cell without a degree would be told as null
        told = base.transform_filter("isValid(datum.degree)")
    numbers = told.mark_text(fontSize=10).encode(
        text=alt.Text("degree:Q", format=".2f"),
        color=alt.condition(
            f"datum.degree >= {WHITE_FROM}", alt.value("#fff"), alt.value(BLACK)
        ),
    )
    return finished(
        alt.layer(unknown, squares, numbers),
        name="heat",
        height=alt.Step(20),
        description=_(
            "Heat map: coupling coordination degree D, a row for each region, from "
            "{first}, the highest of the last year, down to {last}, and a column for "
            "each year."
        ).format(first=order[0], last=order[-1]),
    )


def has_curves(system_count: int, method: dict) -> bool:
    """Return whether D follows from the scores of two systems alone."""
    is_standard = method["coupling_formula"] == "standard"
    exponent = method.get("coupling_exponent")
    return system_count == 2 and is_standard and exponent is None


def score_scatter(
    scores: pd.DataFrame,
    names: tuple[str, str],
    contributions: tuple[float, float] | None,
    *,
    name: str = "scatter",
) -> Drawing:
    """Points of the regions: one system's score against the other's.

    Parameters
    ----------
    scores
        `study/score_pairs` of the last year with `link`, where a point leads.
    names
        Of the first and the second system.
    contributions
        Of the two systems, to draw curves of equal D; None to draw none.
    name
        Of the chart.

    """
    points = scores[["region", "first_score", "second_score", "link"]].round(4)
    top = min(
        1.0,
        float(np.ceil(points[["first_score", "second_score"]].max().max() * 10)) / 10,
    )
    points["room"] = name_room(points, top)
    scale = alt.Scale(domain=[0, top], nice=False)
    base = alt.Chart(data(points, name)).encode(
        x=alt.X("first_score:Q", title=names[0], scale=scale),
        y=alt.Y("second_score:Q", title=names[1], scale=scale),
        href=alt.Href("link:N"),
    )
    dots = base.mark_point(
        filled=True, size=45, opacity=1, color=LINE_COLOURS[0]
    ).encode(
        tooltip=[
            alt.Tooltip("region:N", title=_("Region")),
            alt.Tooltip("first_score:Q", title=names[0], format=".3f"),
            alt.Tooltip("second_score:Q", title=names[1], format=".3f"),
        ]
    )
    at_edge = f"datum.first_score > {0.85 * top:.4f}"
    labels = (
        base.transform_filter("datum.room <= width")
        .mark_text(
            align=alt.ExprRef(f"{at_edge} ? 'right' : 'left'"),
            dx=alt.ExprRef(f"{at_edge} ? -6 : 6"),
            fontSize=10,
            color=INK,
        )
        .encode(text=alt.Text("region:N"))
    )
    layers = [_diagonal(top), dots, labels]
    if contributions is not None:
        layers = [*_equal_degrees(contributions, top), *layers]
    told = _(
        "Scatter chart: scores of {first} and {second}, one point for each region in "
        "the last year, with the diagonal where both are alike. Where points crowd, "
        "some have no name."
    ).format(first=names[0], second=names[1])
    if contributions is not None:
        told += _(" Curves join points of equal coupling coordination degree D.")
    return finished(
        alt.layer(*layers), name=name, height=SCATTER_HEIGHT, description=told
    )


def name_room(points: pd.DataFrame, top: float) -> list[int]:
    """Return the width of plot, in pixels, from which on each point's name has room.

    Names go first to the points with the highest scores; one that would lie on another
    name or on a point has to wait for a wider plot. What finds no room has a width that
    no plot has.

    Parameters
    ----------
    points
        `region`, `first_score` and `second_score`.
    top
        Upper end of both axes.

    """
    wider = SCATTER_WIDTHS[-1] * 100
    room = [wider] * len(points)
    totals = points["first_score"] + points["second_score"]
    order = totals.to_numpy().argsort(kind="stable")[::-1]
    for width in SCATTER_WIDTHS:
        x = (points["first_score"] / top * width).to_numpy()
        y = (points["second_score"] / top * SCATTER_HEIGHT).to_numpy()
        boxes = [
            _name_box(name, left, height, is_left=score > 0.85 * top)
            for name, left, height, score in zip(
                points["region"], x, y, points["first_score"], strict=True
            )
        ]
        dots = np.column_stack([x - 4, x + 4, y - 4, y + 4])
        taken = [boxes[i] for i in order if room[i] <= width]
        for i in order:
            if room[i] <= width:
                continue
            others = np.vstack([np.delete(dots, i, axis=0), *taken])
            if not _overlap(boxes[i], others.T).any():
                room[i] = width
                taken.append(boxes[i])
    return room


def _name_box(
    name: str, x: float, y: float, *, is_left: bool
) -> tuple[float, float, float, float]:
    """Return left, right, bottom and top of a name beside its point, in pixels."""
    long = sum(10 if ord(letter) > WIDE_FROM else 6 for letter in name)
    left = x - 6 - long if is_left else x + 6
    return left, left + long, y - NAME_HEIGHT / 2, y + NAME_HEIGHT / 2


def _overlap(box: tuple, others: np.ndarray) -> np.ndarray:
    """Say of each of the others, 4 x n, whether it lies on the box."""
    left, right, bottom, top = others
    return (box[0] < right) & (left < box[1]) & (box[2] < top) & (bottom < box[3])


def gap_chart(
    gaps: pd.DataFrame, styles: dict[str, LineStyle], years: list[int]
) -> Drawing:
    """Lines over the years: range and coefficient of variation of D over the regions.

    Parameters
    ----------
    gaps
        `study/regional_gap`.
    styles
        Of `degree_range` and `coefficient_of_variation`.
    years
        Of the study.

    """
    drawn = gaps.melt("year", list(styles), var_name="line")
    return line_chart(
        drawn.dropna(subset=["value"]),
        styles,
        name="gap",
        years=years,
        y_title=_("Regional gap"),
        y_format="~g",
        value_format=".3f",
        description=_(
            "Line chart: range and coefficient of variation of the coupling "
            "coordination degree D over the regions by year. The table that follows "
            "has the numbers."
        ),
    )


def _diagonal(top: float) -> alt.Chart:
    ends = pd.DataFrame({"first_score": [0, top], "second_score": [0, top]})
    return (
        alt.Chart(data(ends, "diagonal"))
        .mark_line(color=INK, strokeWidth=1, strokeDash=[4, 4])
        .encode(x=alt.X("first_score:Q"), y=alt.Y("second_score:Q"))
    )


def _equal_degrees(contributions: tuple[float, float], top: float) -> list[alt.Chart]:
    a, b = contributions

    def excess(y: float, x: float, degree: float) -> float:
        return 2 * np.sqrt(x * y) / (x + y) * (a * x + b * y) - degree**2

    # closer where a curve begins, at the top, and falls steeply
    steps = np.linspace(0, 1, 100) ** 3
    rows = []
    for degree in CURVES:
        if excess(top, top, degree) >= 0:
            start = brentq(lambda x, d=degree: excess(top, x, d), 1e-12, top)
            for x in start + (top - start) * steps:
                y = brentq(excess, 1e-12, 2 * top, args=(x, degree))
                rows.append(
                    {
                        "degree": degree,
                        "first_score": round(float(x), 5),
                        "second_score": round(y, 5),
                    }
                )
    if not rows:
        return []
    curves = pd.DataFrame(rows)
    by_degree = curves.groupby("degree", as_index=False)
    ends, starts = by_degree.last(), by_degree.first()
    # a curve that ends on the axis is named where it begins, at the top
    ends = ends.mask(ends["second_score"] < LABEL_FROM * top, starts)
    ends["label"] = [f"D = {degree:g}" for degree in ends["degree"]]
    strokes = (
        alt.Chart(data(curves, "equal_degrees"))
        .mark_line(color=CURVE, strokeWidth=1.2)
        .encode(
            x=alt.X("first_score:Q"),
            y=alt.Y("second_score:Q"),
            detail=alt.Detail("degree:N"),
            order=alt.Order("first_score:Q"),
        )
    )
    named = alt.Chart(data(ends, "equal_degree_labels")).encode(
        x=alt.X("first_score:Q"), y=alt.Y("second_score:Q"), text=alt.Text("label:N")
    )
    at_start = f"datum.first_score < {top / 2:.4f}"
    place: dict[str, Any] = {
        "align": alt.ExprRef(f"{at_start} ? 'left' : 'right'"),
        "dx": alt.ExprRef(f"{at_start} ? 4 : -4"),
        "fontSize": 10,
    }
    halo = named.mark_text(**place, stroke="#fff", strokeWidth=5)
    labels = named.mark_text(**place, color="#52606d")
    return [strokes, halo, labels]
