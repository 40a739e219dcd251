"""The figures of a manuscript: the charts of a study's page, fixed for print."""

import copy
import json
from itertools import cycle

import duckdb
import vl_convert

from coupling.charts import charts, study_charts
from coupling.pages.studies import group_styles, without_tile
from coupling.prose.parts import Figure
from coupling.queries.ask import ask
from coupling.words import tables
from coupling.words.language import CHINESE, _, named, spoken
from coupling.words.region_findings import are_belts

PPI = 300
WIDTH_CM = 16.0
WIDTH_PT = WIDTH_CM / 2.54 * 72
# of more regions, no line of a picture could be read
REGIONS_READ = 60
LATIN = ("Arial", "Liberation Sans", "DejaVu Sans")
HAN = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei"),
    *("PingFang SC", "SimHei", "WenQuanYi Zen Hei"),
)


def all_figures(con: duckdb.DuckDBPyConnection, study: dict) -> list[Figure]:
    """Return the figures of a study, a row of `site/studies`, in a paper's order.

    Those that need results are left out where nothing is computed, those with a mark
    and a name for each region where there are more than sixty.
    """
    study_id = study["study_id"]
    systems = tables.records(ask(con, "study/systems", study_id=study_id))
    styles = charts.line_styles({row["system_id"]: named(row) for row in systems})
    coupling = ask(con, "study/mean_coupling", study_id=study_id)
    if coupling.empty:
        return []
    scores = ask(con, "study/mean_scores", study_id=study_id)
    # where marks lead on a page; on paper they lead nowhere
    results = ask(con, "study/results", study_id=study_id).assign(link="")
    groups = ask(con, "study/group_means", study_id=study_id)
    years = sorted(int(year) for year in results["year"].unique())
    is_belts = are_belts(study)
    last = {"year": study["result_year"]}
    drawn = [
        (
            "trend",
            _("Mean system scores and mean coupling coordination degree D by year"),
            charts.trend_chart(scores, coupling, styles, years),
        ),
        (
            "belts",
            _("Mean coupling coordination degree D of each belt by year")
            if is_belts
            else _("Mean coupling coordination degree D of each group by year"),
            study_charts.group_chart(
                groups, group_styles(groups), years, are_belts=is_belts
            ),
        ),
    ]
    if study["region_count"] <= REGIONS_READ:
        drawn += _by_region(con, study, systems, results, last)
    obstacles = ask(con, "study/indicator_obstacles", study_id=study_id)
    if len(obstacles):
        shown = [int(year) for year in obstacles["year"].unique()]
        caption = (
            _("The eight largest obstacles of {year}; a tick marks the first year")
            if shown[1:]
            else _("The eight largest obstacles of {year}")
        )
        drawn.append(
            (
                "obstacles",
                caption.format(year=max(shown)),
                charts.obstacle_chart(obstacles, styles),
            )
        )
    return [
        Figure(name, caption, fixed(charts.specification(chart), styles))
        for name, caption, chart in drawn
        if chart is not None
    ]


def _by_region(con, study: dict, systems: list[dict], results, last: dict) -> list:
    heat = _("Coupling coordination degree D by region and year, light low, dark high")
    tile = _("Coupling coordination degree D of the regions in {year}, a tile each")
    scatter = _(
        "Scores of the first two systems in {year}; dashed where both are alike, names "
        "where there is room"
    )
    with_curves = _(
        "Scores of the two systems in {year}, with curves of equal D; dashed where "
        "both are alike, names where there is room"
    )
    tiles = ask(con, "study/tiles", study_id=study["study_id"])
    mapped = tile.format(**last)
    unplaced = without_tile(results, tiles)
    if unplaced:
        mapped += _("; without a place: {regions}").format(
            regions=tables.joined_list(unplaced)
        )
    drawn = [
        ("heat", heat, study_charts.heat_map(results)),
        ("map", mapped, study_charts.tile_map(results, tiles)),
    ]
    pairs = ask(
        con, "study/score_pairs", study_id=study["study_id"], first=1, second=2
    ).assign(link="")
    if len(pairs):
        method = tables.records(ask(con, "study/method", study_id=study["study_id"]))[0]
        has_curves = study_charts.has_curves(len(systems), method)
        names = (named(systems[0]), named(systems[1]))
        shares = (systems[0]["contribution"], systems[1]["contribution"])
        drawn.append(
            (
                "scatter",
                (with_curves if has_curves else scatter).format(**last),
                study_charts.score_scatter(
                    pairs, names, shares if has_curves else None
                ),
            )
        )
    return drawn


def fixed(specification: dict, styles: dict[str, charts.LineStyle]) -> dict:
    """Return a chart for print: of a page's width, white, with a legend.

    Parameters
    ----------
    specification
        Of a chart of a page, as wide as its container, without a legend.
    styles
        Of the systems, by system_id, whose colours bars may have.

    """
    made = copy.deepcopy(specification)
    made["width"] = WIDTH_PT
    made["autosize"] = {"type": "fit-x", "contains": "padding"}
    made["config"] |= {"font": ", ".join([*_fonts(), "sans-serif"])}
    made["config"] |= {"background": "white"}
    made["config"]["legend"] = {
        "orient": "bottom",
        "title": None,
        "labelFontSize": 11,
        "labelColor": charts.INK,
        "labelLimit": 0,
        "columnPadding": 24,
    }
    for encoding in _encodings(made):
        for channel in ("tooltip", "href"):
            encoding.pop(channel, None)
        for channel in ("color", "strokeDash"):
            match encoding.get(channel):
                case {"field": "line"}:
                    _name_lines(encoding[channel], made)
                case {"field": "colour"}:
                    _name_colours(encoding[channel], styles, "fillOpacity" in encoding)
    return made


def _fonts() -> tuple[str, ...]:
    return (*HAN, *LATIN) if spoken() == CHINESE else (*LATIN, *HAN)


def _encodings(specification: dict) -> list[dict]:
    parts = [specification, *specification.get("layer", [])]
    return [part["encoding"] for part in parts if "encoding" in part]


def _rows(specification: dict) -> list[dict]:
    found = [part.get("data", {}) for part in specification["layer"]]
    found.append(specification.get("data", {}))
    return [row for data in found for row in data.get("values", [])]


def _name_lines(shown: dict, specification: dict) -> None:
    labels = {
        row["line"]: row["label"] for row in _rows(specification) if "line" in row
    }
    _label(shown, [labels.get(line, line) for line in shown["scale"]["domain"]])
    # a piece of the line, as long as its dashes need
    shown["legend"] |= {"symbolType": "stroke", "symbolSize": 900}
    shown["legend"] |= {"symbolStrokeWidth": 2}


def _name_colours(
    shown: dict, styles: dict[str, charts.LineStyle], has_fillings: bool
) -> None:
    colours = [style.colour for style in styles.values()]
    shown["scale"] = {"domain": colours, "range": colours}
    labels = [style.label for style in styles.values()]
    if has_fillings:
        # as full as charts.FILLINGS has it; the marks of the legend are all full
        looks = cycle([_("full bars"), _("pale bars"), _("hollow bars")])
        labels = [
            label + tables.in_brackets(look)
            for label, look in zip(labels, looks, strict=False)
        ]
    _label(shown, labels)


def _label(shown: dict, labels: list[str]) -> None:
    domain = shown["scale"]["domain"]
    names = json.dumps(dict(zip(domain, labels, strict=True)))
    in_a_row = max(1, int(WIDTH_PT // (80 + max(map(_text_width, labels)))))
    shown["legend"] = {"labelExpr": f"{names}[datum.value]", "columns": in_a_row}


def _text_width(text: str, size: float = 11) -> float:
    """Return about how wide a text is, in points; a Han character is a square."""
    return sum(size if ord(character) > 0x2E80 else 0.6 * size for character in text)


def png(figure: Figure) -> bytes:
    """Return the picture in 300 dots per inch, 16 cm wide, which the file states."""
    return vl_convert.vegalite_to_png(figure.specification, ppi=PPI)


def svg(figure: Figure) -> bytes:
    """Return the picture as SVG, its texts as text."""
    return vl_convert.vegalite_to_svg(figure.specification).encode()


def has_han_font() -> bool:
    """Say whether a font of this machine has Chinese characters.

    Without one, two characters look the same: both are the box of a missing one.
    """
    boxes = {
        vl_convert.vegalite_to_png(
            {
                "data": {"values": [{"text": character}]},
                "mark": "text",
                "encoding": {"text": {"field": "text"}},
                "config": {"font": ", ".join([*HAN, "sans-serif"])},
            }
        )
        for character in "浙粤"
    }
    return len(boxes) == 2
