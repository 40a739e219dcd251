"""Charts of the pages: each function takes a frame and returns an Altair chart.

Charts are as wide as their container and carry a description for screen readers. They
have no legend: the templates print one from the same `LineStyle` or colours, so that it
wraps on a narrow screen. Names and data sets are given, never generated, so the same
frame gives the same specification.
"""

from contextlib import AbstractContextManager
from typing import Any, ClassVar

import altair as alt
import pandas as pd
from altair.utils import schemapi

from coupling.words.language import _
from coupling.words.styles import GRADE_ANCHORS as GRADE_ANCHORS
from coupling.words.styles import (
    GRID,
    INK,
    LINE_COLOURS,
    MEAN_DEGREE,
    LineStyle,
    mean_degree_style,
)
from coupling.words.styles import grade_colours as grade_colours
from coupling.words.styles import line_styles as line_styles
from coupling.words.tables import TOP_OBSTACLES, records

# what a chart of a page is to Altair
Drawing = alt.LayerChart | alt.FacetChart
CLUSTER_COLOURS = [*LINE_COLOURS, "#6b7280", "#7b4173"]
# SVG paths around 0, 0 and from -1 to 1
CLUSTER_SHAPES = [
    "M-.8,0A.8,.8,0,1,0,.8,0A.8,.8,0,1,0,-.8,0Z",
    "M-.75,-.75H.75V.75H-.75Z",
    "M0,-1L1,0L0,1L-1,0Z",
    "M-1,-.35H-.35V-1H.35V-.35H1V.35H.35V1H-.35V.35H-1Z",
    "M-1,-.8H1L0,1Z",
    "M-1,-.3H1V.3H-1Z",
]
FLAGGED_SHAPE = "triangle-up"
# what a maximum loss rate means: reject all, limited, accept all, not defined
LIMIT_COLOURS = {
    "reject_all": "#d9dee3",
    "limited": "#e69f00",
    "accept_all": "#0072b2",
    "undefined": "#ffffff",
}
REGIONS_DRAWN = 60
BAR_STEP = 20
# of the bars of the first, second and third system, which grey would not tell apart
FILLINGS = [1, 0.4, 0]
OBSTACLE_STEP = 42
LOOK = alt.Config(
    font="system-ui, sans-serif",
    background="#ffffff",
    view=alt.ViewConfig(stroke=None),
    axis=alt.AxisConfig(
        labelColor=INK,
        titleColor=INK,
        labelFontSize=12,
        titleFontSize=12,
        titleFontWeight="normal",
        labelLimit=200,
        labelFlush=False,
        gridColor=GRID,
        domainColor=INK,
        tickColor=INK,
    ),
    text=alt.MarkConfig(fontSize=12),
)


def trend_chart(
    scores: pd.DataFrame,
    coupling: pd.DataFrame,
    styles: dict[str, LineStyle],
    years: list[int] | None = None,
) -> Drawing:
    """Lines over the years: mean score of each system, and mean D.

    Parameters
    ----------
    scores, coupling
        `study/mean_scores` and `study/mean_coupling`.
    styles
        By system_id.
    years
        Of the study; one that is not computed has no point and breaks the lines.

    """
    degrees = coupling[["year", MEAN_DEGREE]].rename(columns={MEAN_DEGREE: "value"})
    lines = pd.concat(
        [
            scores.rename(columns={"system_id": "line", "score": "value"}),
            degrees.assign(line=MEAN_DEGREE),
        ]
    )
    return line_chart(
        lines,
        {**styles, MEAN_DEGREE: mean_degree_style()},
        name="trend",
        years=years,
        y_title=_("Mean over the regions"),
        y_format="~g",
        value_format=".3f",
        description=_(
            "Line chart: mean score of each system and mean coupling coordination "
            "degree D, {years}. The table that follows has the numbers."
        ).format(years=_years(lines)),
    )


def criterion_chart(
    obstacles: pd.DataFrame,
    styles: dict[str, LineStyle],
    years: list[int] | None = None,
) -> Drawing:
    """Lines over the years: mean obstacle degree of the criteria that have a style.

    Parameters
    ----------
    obstacles
        `study/criterion_obstacles`.
    styles
        By item_id.
    years
        Of the study; one without obstacles has no point and breaks the lines.

    """
    lines = obstacles[obstacles["item_id"].isin(list(styles))].rename(
        columns={"item_id": "line", "obstacle_degree": "value"}
    )
    return line_chart(
        lines[["year", "line", "value"]],
        styles,
        name="criteria",
        years=years,
        y_title=_("Mean obstacle degree"),
        y_format="~%",
        value_format=".1%",
        description=_(
            "Line chart: mean obstacle degree of the largest criteria, {years}. The "
            "table that follows has the numbers."
        ).format(years=_years(lines)),
    )


def largest_criteria(obstacles: pd.DataFrame) -> pd.DataFrame:
    """Return the eight criteria largest in the last year, the largest first.

    Parameters
    ----------
    obstacles
        `study/criterion_obstacles`.

    """
    last = obstacles[obstacles["year"] == obstacles["year"].max()]
    return last.sort_values("obstacle_degree", ascending=False, kind="stable").head(
        TOP_OBSTACLES
    )


def ranking_chart(ranking: pd.DataFrame, colours: dict[int, str]) -> Drawing:
    """Bars of D by region in the last year, coloured by grade.

    Of more than 60 regions, the first 30 and the last 30.

    Parameters
    ----------
    ranking
        `study/ranking` with `link`, where a bar leads; regions without a result are
        left out.
    colours
        By grade level.

    """
    computed = ranking[ranking["status"] == "computed"]
    if len(computed) > REGIONS_DRAWN:
        half = REGIONS_DRAWN // 2
        computed = pd.concat([computed.head(half), computed.tail(half)])
    bars = pd.DataFrame(
        {
            "place": [
                f"{row.coordination_rank:.0f}  {row.region}"
                for row in computed.itertuples()
            ],
            "rank": computed["coordination_rank"].astype(int),
            "region": computed["region"],
            "degree": computed["coupling_coordination_degree"].round(6),
            "grade": computed["grade"],
            "grade_level": computed["grade_level"].astype(int),
            "colour": computed["grade_level"].map(colours),
            "link": computed["link"],
        }
    )
    base = alt.Chart(data(bars, "ranking")).encode(
        y=alt.Y("place:N", sort=None, title=None),
        x=alt.X(
            "degree:Q",
            title=_("Coupling coordination degree D"),
            axis=alt.Axis(format=".1f", values=[0, 0.2, 0.4, 0.6, 0.8, 1]),
            # room for what is written behind the longest bar
            scale=alt.Scale(domain=[0, 1.12], nice=False),
        ),
        href=alt.Href("link:N"),
    )
    rectangles = base.mark_bar(stroke=INK, strokeWidth=0.4).encode(
        color=alt.Color("colour:N", scale=None),
        tooltip=[
            alt.Tooltip("region:N", title=_("Region")),
            alt.Tooltip("degree:Q", title=_("D"), format=".3f"),
            alt.Tooltip("grade:N", title=_("Grade")),
        ],
    )
    values = (
        base.transform_calculate(
            told="format(datum.degree, '.3f') + ' · ' + datum.grade_level"
        )
        .mark_text(align="left", dx=4, color=INK)
        .encode(text=alt.Text("told:N"))
    )
    return finished(
        alt.layer(rectangles, values),
        name="ranking",
        height=alt.Step(BAR_STEP),
        description=_(
            "Bar chart: coupling coordination degree D of the regions in the last "
            "year, the highest first, with the number of the grade. The ranking table "
            "has the numbers."
        ),
    )


def obstacle_chart(obstacles: pd.DataFrame, styles: dict[str, LineStyle]) -> Drawing:
    """Bars of the eight largest obstacles of the last year, a tick for the first year.

    Parameters
    ----------
    obstacles
        `study/indicator_obstacles`.
    styles
        By system_id.

    """
    first, last = obstacles["year"].min(), obstacles["year"].max()
    top = obstacles[obstacles["year"] == last].head(TOP_OBSTACLES)
    before = obstacles[obstacles["year"] == first].set_index("indicator_id")
    bars = pd.DataFrame(
        {
            "indicator": top["indicator_id"],
            "label": [
                f"{row.obstacle_degree:.1%}  {row.indicator_id} {row.label}"
                for row in top.itertuples()
            ],
            "last": top["obstacle_degree"].round(6),
            "first": top["indicator_id"].map(before["obstacle_degree"]).round(6),
            "colour": [styles[system_id].colour for system_id in top["system_id"]],
            "filling": [
                FILLINGS[list(styles).index(system_id) % len(FILLINGS)]
                for system_id in top["system_id"]
            ],
        }
    )
    base = alt.Chart(data(bars, "obstacles")).encode(
        y=alt.Y("indicator:N", sort=None, axis=None)
    )
    rectangles = base.mark_bar(height=14, yOffset=8, strokeWidth=1.5).encode(
        x=alt.X(
            "last:Q",
            title=_("Mean obstacle degree"),
            axis=alt.Axis(format="~%", tickCount=6, grid=False),
        ),
        color=alt.Color("colour:N", scale=None),
        stroke=alt.Stroke("colour:N", scale=None),
        fillOpacity=alt.FillOpacity("filling:Q", scale=None),
    )
    ticks = base.mark_tick(
        orient="vertical", size=20, thickness=2.5, yOffset=8, color=INK
    ).encode(x=alt.X("first:Q"))
    labels = base.mark_text(
        align="left",
        baseline="middle",
        yOffset=-8,
        color=INK,
        fontSize=alt.ExprRef("width < 400 ? 10 : 12"),
        limit=alt.ExprRef("width + 20"),
    ).encode(x=alt.value(0), text=alt.Text("label:N"))
    is_trend = first < last
    description = (
        _(
            "Bar chart: the largest obstacles of {last} by mean obstacle degree; a "
            "tick marks the degree in {first}. The table that follows has the numbers."
        )
        if is_trend
        else _(
            "Bar chart: the largest obstacles of {last} by mean obstacle degree. The "
            "table that follows has the numbers."
        )
    )
    return finished(
        alt.layer(rectangles, *([ticks] if is_trend else []), labels),
        name="obstacles",
        height=alt.Step(OBSTACLE_STEP),
        description=description.format(first=first, last=last),
    )


def cluster_colours(clusters: list[int]) -> dict[int, str]:
    """Return a colour for each cluster; after eight, colours repeat."""
    return {
        cluster: CLUSTER_COLOURS[i % len(CLUSTER_COLOURS)]
        for i, cluster in enumerate(clusters)
    }


def cluster_shapes(clusters: list[int]) -> dict[int, str]:
    """Return the SVG path of a mark for each cluster; after six, shapes repeat."""
    return {
        cluster: CLUSTER_SHAPES[i % len(CLUSTER_SHAPES)]
        for i, cluster in enumerate(clusters)
    }


def score_chart(
    bins: pd.DataFrame, score_range: dict, *, name: str, label: str
) -> Drawing:
    """Histogram of the score of one detector, a line at its threshold.

    Parameters
    ----------
    bins
        `households/score_bins` of the detector.
    score_range
        The row of `households/score_ranges` of the detector.
    name
        Of the chart.
    label
        Name of the detector.

    """
    bars = pd.DataFrame(
        {
            "from": bins["bin_start"].round(6),
            "to": bins["bin_end"].round(6),
            "households": bins["household_count"],
            "threshold": round(score_range["threshold"], 6),
        }
    )
    base = alt.Chart(data(bars, name))
    rectangles = base.mark_bar(color=LINE_COLOURS[0], binSpacing=0).encode(
        x=alt.X(
            "from:Q",
            title=_("Score of {label}").format(label=label),
            axis=alt.Axis(tickCount=6),
            scale=alt.Scale(zero=False, nice=False, padding=4),
        ),
        x2=alt.X2("to:Q"),
        y=alt.Y(
            "households:Q",
            title=_("Households"),
            axis=alt.Axis(tickCount=5, format="~d"),
            scale=alt.Scale(type="sqrt", domainMin=0),
        ),
        y2=alt.datum(0),
        tooltip=[
            alt.Tooltip("from:Q", title=_("From"), format=".3f"),
            alt.Tooltip("to:Q", title=_("To"), format=".3f"),
            alt.Tooltip("households:Q", title=_("Households")),
        ],
    )
    # white behind, so that it stands out from its bar
    halo = base.mark_rule(color="#fff", strokeWidth=6).encode(x="min(threshold):Q")
    rule = base.mark_rule(color=INK, strokeWidth=2, strokeDash=[6, 3]).encode(
        x="min(threshold):Q"
    )
    return finished(
        alt.layer(rectangles, halo, rule),
        name=name,
        height=150,
        description=_(
            "Histogram: score of {label}, from {lowest} to {highest} with the median "
            "at {median}; a line marks the threshold {threshold}."
        ).format(
            label=label,
            **{
                key: f"{score_range[key]:.3f}"
                for key in ("lowest", "highest", "median", "threshold")
            },
        ),
    )


def component_chart(
    points: pd.DataFrame,
    loadings: pd.DataFrame,
    colours: dict[int, str],
    *,
    name: str,
) -> Drawing:
    """Households on two principal components, coloured and shaped by cluster.

    Those flagged are triangles. With one component, clusters take the other axis.

    Parameters
    ----------
    points, loadings
        `households/component_points` and `households/component_loadings`.
    colours
        By cluster.
    name
        Of the chart.

    """
    is_plane = bool(points["component_2"].notna().any())
    if is_plane:
        points = points.dropna(subset=["component_2"])
    marks = pd.DataFrame(
        {
            "x": points["component_1"].round(3),
            "y": points["component_2"].round(3) if is_plane else points["cluster"],
            "cluster": points["cluster"],
            "colour": points["cluster"].map(colours),
            "shape": points["cluster"].map(cluster_shapes(list(colours))),
            "flagged": points["is_anomaly"].astype(int),
        }
    )
    share = dict(
        zip(loadings["component"], loadings["explained_variance_ratio"], strict=True)
    )
    axis = alt.Axis(tickCount=6)
    vertical = (
        alt.Y("y:Q", title=_component(2, share), axis=axis)
        if is_plane
        else alt.Y("y:O", title=_("Cluster"))
    )
    base = alt.Chart(data(marks, name)).encode(
        x=alt.X(
            "x:Q",
            title=_component(1, share),
            axis=axis,
            scale=alt.Scale(zero=False),
        ),
        y=vertical,
        color=alt.Color("colour:N", scale=None),
    )
    others = (
        base.transform_filter("!datum.flagged")
        .mark_point(filled=True, size=26, opacity=0.45)
        .encode(shape=alt.Shape("shape:N", scale=None))
    )
    flagged = base.transform_filter("datum.flagged").mark_point(
        shape=FLAGGED_SHAPE,
        filled=True,
        size=75,
        opacity=0.95,
        stroke=INK,
        strokeWidth=0.8,
    )
    description = (
        _(
            "Map: {households} households on two principal components, coloured by "
            "cluster; {flagged} flagged ones are triangles. The table of clusters "
            "describes the groups."
        )
        if is_plane
        else _(
            "Map: {households} households on the principal component, coloured by "
            "cluster; {flagged} flagged ones are triangles. The table of clusters "
            "describes the groups."
        )
    )
    return finished(
        alt.layer(others, flagged),
        name=name,
        height=380 if is_plane else 140,
        description=description.format(
            households=f"{len(marks):,}", flagged=f"{int(marks['flagged'].sum()):,}"
        ),
    )


def curve_chart(
    curves: pd.DataFrame, measure: str, marked: str, *, name: str, label: str
) -> Drawing:
    """Line of one measure over the number of clusters, one of them marked.

    Parameters
    ----------
    curves
        `households/cluster_curves`.
    measure, marked
        Columns: the measure, and whether the number of clusters is marked.
    name
        Of the chart.
    label
        Of the measure.

    """
    lines = pd.DataFrame(
        {
            "clusters": curves["cluster_count"],
            "value": curves[measure].round(6),
            "marked": curves[marked].astype(int),
        }
    )
    base = alt.Chart(data(lines, name)).encode(
        x=alt.X(
            "clusters:O", title=_("Number of clusters"), axis=alt.Axis(labelAngle=0)
        ),
        y=alt.Y("value:Q", title=label, axis=alt.Axis(tickCount=5)),
    )
    stroke = base.mark_line(color=LINE_COLOURS[0], strokeWidth=2)
    points = base.mark_point(
        color=LINE_COLOURS[0], filled=True, size=40, opacity=1
    ).encode(
        tooltip=[
            alt.Tooltip("clusters:O", title=_("Clusters")),
            alt.Tooltip("value:Q", title=label, format=".3f"),
        ]
    )
    ring = base.transform_filter("datum.marked").mark_point(
        color=LINE_COLOURS[1], size=190, strokeWidth=2.5, opacity=1
    )
    return finished(
        alt.layer(stroke, points, ring),
        name=name,
        height=200,
        description=_(
            "Line chart: {measure} by number of clusters, a ring around the elbow or "
            "the best. The table that follows has the numbers."
        ).format(measure=label.lower()),
    )


def importance_chart(importances: list[dict], *, name: str) -> Drawing:
    """Bars of the importance of the features, a line of one sd to each side.

    Parameters
    ----------
    importances
        `tables.importances`.
    name
        Of the chart.

    """
    bars = pd.DataFrame(
        {
            "feature": [row["label"] for row in importances],
            "mean": [round(row["mean"], 6) for row in importances],
            "low": [round(row["mean"] - (row["sd"] or 0), 6) for row in importances],
            "high": [round(row["mean"] + (row["sd"] or 0), 6) for row in importances],
        }
    )
    base = alt.Chart(data(bars, name)).encode(
        y=alt.Y("feature:N", sort=None, title=None)
    )
    rectangles = base.mark_bar(color=LINE_COLOURS[0], height=12).encode(
        x=alt.X(
            "mean:Q",
            title=_("Permutation importance (loss of F1)"),
            axis=alt.Axis(tickCount=6),
        )
    )
    spread = base.mark_rule(color=INK, strokeWidth=1.5).encode(
        x=alt.X("low:Q"), x2=alt.X2("high:Q")
    )
    return finished(
        alt.layer(rectangles, spread),
        name=name,
        height=alt.Step(24),
        description=_(
            "Bar chart: importance of the features in the forest, the largest first, "
            "with one standard deviation to each side. The table that follows has the "
            "numbers."
        ),
    )


def interval_chart(ahead: pd.DataFrame, *, name: str) -> Drawing:
    """Regions with their last degree, the forecast of one year and its interval.

    Parameters
    ----------
    ahead
        `forecasts/study_forecasts`, of one horizon and with a forecast.
    name
        Of the chart.

    """
    if len(ahead) > REGIONS_DRAWN:
        half = REGIONS_DRAWN // 2
        ahead = pd.concat([ahead.head(half), ahead.tail(half)])
    numbers = ["last_degree", "forecast", "lower_bound", "upper_bound"]
    dots = ahead[["region", "last_year", "year", *numbers]]
    dots = dots.assign(**dots[numbers].round(6))
    base = alt.Chart(data(dots, name)).encode(
        y=alt.Y("region:N", sort=None, title=None),
        tooltip=[
            alt.Tooltip("region:N", title=_("Region")),
            alt.Tooltip("last_degree:Q", title=_("Last D"), format=".3f"),
            alt.Tooltip("forecast:Q", title=_("Forecast"), format=".3f"),
            alt.Tooltip("lower_bound:Q", title=_("Lower bound"), format=".3f"),
            alt.Tooltip("upper_bound:Q", title=_("Upper bound"), format=".3f"),
        ],
    )
    title = _("Coupling coordination degree D")
    scale = alt.Scale(zero=False, nice=True)
    axis = alt.Axis(tickCount=6, format="~g")
    rules = base.mark_rule(strokeWidth=3, color=LINE_COLOURS[5]).encode(
        x=alt.X("lower_bound:Q", title=title, scale=scale, axis=axis),
        x2=alt.X2("upper_bound:Q"),
    )
    last = base.mark_point(size=40, color=INK).encode(
        x=alt.X("last_degree:Q", title=title, scale=scale, axis=axis)
    )
    points = base.mark_point(
        filled=True, size=46, opacity=1, color=LINE_COLOURS[0]
    ).encode(x=alt.X("forecast:Q", title=title, scale=scale, axis=axis))
    return finished(
        alt.layer(rules, last, points),
        name=name,
        height=alt.Step(BAR_STEP),
        description=_(
            "Dot chart: last coupling coordination degree D of each region, its "
            "forecast for the next year and the interval. The table that follows has "
            "the numbers."
        ),
    )


def forecast_chart(years: pd.DataFrame, *, name: str) -> Drawing:
    """A loss rate over the years: observed, fitted and forecast, and the interval.

    Parameters
    ----------
    years
        `forecasts/series_years`.
    name
        Of the chart.

    """
    numbers = ["observed", "fitted", "forecast", "lower_bound", "upper_bound"]
    rows = years[["year", *numbers]].assign(
        model=years["forecast"].fillna(years["fitted"])
    )
    rows = rows.assign(**rows[[*numbers, "model"]].round(6))
    base = alt.Chart(data(rows, name)).encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        tooltip=[
            alt.Tooltip("year:O", title=_("Year")),
            alt.Tooltip("observed:Q", title=_("Observed"), format=".4f"),
            alt.Tooltip("model:Q", title=_("GM(1,1)"), format=".4f"),
            alt.Tooltip("lower_bound:Q", title=_("Lower bound"), format=".4f"),
            alt.Tooltip("upper_bound:Q", title=_("Upper bound"), format=".4f"),
        ],
    )
    title = _("Loss rate, %")
    rules = base.mark_rule(strokeWidth=6, color=LINE_COLOURS[5], opacity=0.6).encode(
        y=alt.Y("lower_bound:Q", title=title), y2=alt.Y2("upper_bound:Q")
    )
    layers = [rules]
    for column, colour, dash in [
        ("observed", INK, [1, 0]),
        ("model", LINE_COLOURS[1], [7, 3]),
    ]:
        line = base.encode(y=alt.Y(f"{column}:Q", title=title))
        layers.append(line.mark_line(color=colour, strokeDash=dash, strokeWidth=2))
        layers.append(line.mark_point(filled=True, size=36, opacity=1, color=colour))
    return finished(
        alt.layer(*layers),
        name=name,
        height=240,
        description=_(
            "Line chart: observed loss rate and GM(1,1), with the interval of the "
            "forecast, {years}. The table that follows has the numbers."
        ).format(years=_years(years)),
    )


def surface_chart(
    surface: pd.DataFrame, attitudes: pd.DataFrame, *, name: str
) -> Drawing:
    """Tiles over both risk attitudes, coloured by what the maximum loss rate means.

    Parameters
    ----------
    surface
        `forecasts/surface`.
    attitudes
        One row per attitude set, marked on the tiles.
    name
        Of the chart.

    """
    x, y = surface["insurer_risk_attitude"], surface["client_risk_attitude"]
    half_x, half_y = _half_step(x), _half_step(y)
    tiles = pd.DataFrame(
        {
            "insurer": x,
            "client": y,
            "tile_left": (x - half_x).round(6),
            "tile_right": (x + half_x).round(6),
            "tile_low": (y - half_y).round(6),
            "tile_high": (y + half_y).round(6),
            "maximum": surface["maximum_loss_rate_pct"].round(4),
            "colour": surface["limit_class"].map(LIMIT_COLOURS),
        }
    )
    across = alt.Scale(
        domain=[tiles["tile_left"].min(), tiles["tile_right"].max()], nice=False
    )
    upwards = alt.Scale(
        domain=[tiles["tile_low"].min(), tiles["tile_high"].max()], nice=False
    )
    x_title = _("Insurer's risk attitude u2")
    y_title = _("Client's risk attitude u1")
    axis = alt.Axis(tickCount=6, format="~g")
    rectangles = (
        alt.Chart(data(tiles, name))
        .mark_rect(stroke=GRID, strokeWidth=0.5)
        .encode(
            x=alt.X("tile_left:Q", title=x_title, scale=across, axis=axis),
            x2=alt.X2("tile_right:Q"),
            y=alt.Y("tile_low:Q", title=y_title, scale=upwards, axis=axis),
            y2=alt.Y2("tile_high:Q"),
            color=alt.Color("colour:N", scale=None),
            tooltip=[
                alt.Tooltip("client:Q", title="u1"),
                alt.Tooltip("insurer:Q", title="u2"),
                alt.Tooltip("maximum:Q", title=_("Maximum loss rate, %"), format=".2f"),
            ],
        )
    )
    sets = attitudes[
        ["attitudes", "client_risk_attitude", "insurer_risk_attitude"]
    ].set_axis(["name", "client", "insurer"], axis=1)
    rings = (
        alt.Chart(data(sets, f"{name}_sets"))
        .mark_point(size=60, color=INK, strokeWidth=2)
        .encode(
            x=alt.X("insurer:Q", title=x_title, scale=across, axis=axis),
            y=alt.Y("client:Q", title=y_title, scale=upwards, axis=axis),
            tooltip=[alt.Tooltip("name:N", title=_("Attitude set"))],
        )
    )
    return finished(
        alt.layer(rectangles, rings),
        name=name,
        height=360,
        description=_(
            "Tiles: what the maximum loss rate means at each pair of risk attitudes; "
            "rings mark the shipped attitude sets. The table that follows has some of "
            "the numbers."
        ),
    )


def _half_step(values: pd.Series) -> float:
    steps = values.drop_duplicates().sort_values().diff().dropna()
    return float(steps.min()) / 2 if len(steps) else 0.01


def specification(chart: Drawing) -> dict:
    """Return the Vega-Lite specification, without the address of its schema."""
    # the parts were validated when they were made; a second time takes longer
    content = chart.to_dict(validate=False)
    del content["$schema"]
    return content


def line_chart(
    lines: pd.DataFrame,
    styles: dict[str, LineStyle],
    *,
    name: str,
    y_title: str,
    y_format: str,
    value_format: str,
    description: str,
    years: list[int] | None = None,
) -> Drawing:
    """Lines over the years with a point at each; `lines` has year, line and value.

    Where it has `link` too, a point leads there. A year of `years` in which a line has
    no value stays on the axis and breaks the line.
    """
    lines = _with_all_years(lines, years or [])
    lines = lines.assign(
        value=lines["value"].round(6),
        label=[styles[line].label for line in lines["line"]],
    )
    domain = list(styles)
    dashes = [_dash_lengths(style.dash) for style in styles.values()]
    base = alt.Chart(data(lines, name)).encode(
        x=alt.X(
            "year:O",
            title=None,
            axis=alt.Axis(labelAngle=0, labelOverlap=True, ticks=True),
        ),
        y=alt.Y("value:Q", title=y_title, axis=alt.Axis(format=y_format, tickCount=6)),
        color=alt.Color(
            "line:N",
            legend=None,
            scale=alt.Scale(
                domain=domain, range=[style.colour for style in styles.values()]
            ),
        ),
    )
    strokes = base.mark_line(strokeWidth=2).encode(
        strokeDash=alt.StrokeDash(
            "line:N", legend=None, scale=alt.Scale(domain=domain, range=dashes)
        )
    )
    points = base.mark_point(filled=True, size=36, opacity=1).encode(
        tooltip=[
            alt.Tooltip("label:N", title=_("Line")),
            alt.Tooltip("year:O", title=_("Year")),
            alt.Tooltip("value:Q", title=_("Value"), format=value_format),
        ],
        **({"href": alt.Href("link:N")} if "link" in lines else {}),
    )
    return finished(
        alt.layer(strokes, points), name=name, height=300, description=description
    )


def _with_all_years(lines: pd.DataFrame, years: list[int]) -> pd.DataFrame:
    """Return the lines with a row without a value for each year that one lacks."""
    there = set(zip(lines["line"], lines["year"], strict=True))
    lacking = [
        {"line": line, "year": year}
        for line in dict.fromkeys(lines["line"])
        for year in years
        if (line, year) not in there
    ]
    if not lacking:
        return lines
    whole = pd.concat([lines, pd.DataFrame(lacking)], ignore_index=True)
    return whole.sort_values("year", kind="stable", ignore_index=True)


def finished(
    chart: Drawing,
    *,
    name: str,
    height: int | alt.Step,
    description: str,
) -> Drawing:
    """Give a chart its name, size, description and the look of all charts.

    They are set on the chart itself: Altair's own way copies all of it at each step.
    """
    chart.name = name
    chart.width = "container"
    chart.height = height
    chart.description = description
    chart.config = LOOK
    return chart


class Rows:
    """Rows of a chart that its copies share; Altair would copy them at every step."""

    _schema: ClassVar = {"type": "array"}  # by which Altair knows what has a to_dict

    def __init__(self, frame: pd.DataFrame):
        """Take the rows of a frame."""
        self.rows = records(frame)

    def to_dict(self, *_, **__) -> list[dict]:
        """Return the rows, as Altair asks for what it writes down."""
        return self.rows


def data(frame: pd.DataFrame, name: str) -> alt.InlineData:
    """Return the rows as data of a chart, under a name of its own."""
    with unchecked():
        values: Any = Rows(frame)
        return alt.InlineData(values=values, name=f"{name}_data")


def unchecked() -> AbstractContextManager:
    """Let Altair take the parts of charts as they are, which halves its time.

    The tests check the specifications of all charts against the schema instead.
    """
    return schemapi.debug_mode(False)


def _component(number: int, share: dict[int, float]) -> str:
    if number not in share:
        return _("Component {number}").format(number=number)
    return _("Component {number} ({share} of variance)").format(
        number=number, share=f"{share[number]:.1%}"
    )


def _years(frame: pd.DataFrame) -> str:
    first, last = frame["year"].min(), frame["year"].max()
    if first == last:
        return str(last)
    return _("{first} to {last}").format(first=first, last=last)


def _dash_lengths(dash: str) -> list[int]:
    return [int(length) for length in dash.split()] or [1, 0]
