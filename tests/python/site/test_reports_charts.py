"""How the pages write numbers and draw charts."""
# ruff: noqa: RUF001, the pages print dashes and signs of their own

import json
from itertools import pairwise

import altair as alt
import pandas as pd
import pytest
import vl_convert
from made_up_site import PAGES, Page, data_of
from test_reports_findings import ranked

from coupling.charts import charts, study_charts
from coupling.words import tables


@pytest.mark.parametrize(
    ("years", "span"),
    [
        ([2016], "2016"),
        ([2016, 2017, 2018], "2016–2018"),
        ([2016, 2018, 2019], "2016, 2018–2019"),
    ],
)
def test_years_are_told_in_runs(years, span):
    assert tables.year_span(years) == span


@pytest.mark.parametrize(
    ("number", "text"), [(0.0126, "+0.013"), (-0.2, "−0.200"), (-0.0001, "0.000")]
)
def test_a_difference_has_its_sign(number, text):
    assert tables.signed(number) == text


def test_names_past_the_twelfth_are_counted():
    names = [f"R{i}" for i in range(15)]
    assert tables.joined(names[:3]) == "R0, R1 and R2"
    assert tables.joined(names).endswith("R10, R11 and 3 more")


@pytest.mark.parametrize(
    ("values", "derivation"),
    [
        ({"operator": None}, None),
        ({"operator": "identity"}, "identity: P"),
        ({"operator": "per_area"}, "per area: P / land area"),
        ({"operator": "growth_pct"}, "growth pct: 100 (P / the year before − 1)"),
        (
            {"operator": "location_quotient"},
            "location quotient: (P / Q) / the same of the country",
        ),
        (
            {"operator": "perpetual_inventory"},
            "perpetual inventory: stock of P, price index Q, δ = 0.1, g = 0.05",
        ),
        ({"operator": "own_rule", "b_label": None}, "own rule: P"),
        ({"operator": "identity", "scale": 0.01}, "identity: P × 0.01"),
    ],
)
def test_a_derivation_names_operator_and_series(values, derivation):
    row = {"a_label": "P", "b_label": "Q", "scale": 1.0}
    rates = {"depreciation_rate": 0.1, "initial_growth_rate": 0.05}
    assert tables.derivation(row | rates | values) == derivation


def test_charts_carry_the_numbers_and_names_of_their_own(small):
    specifications = small.charts()
    assert [row["degree"] for row in data_of(specifications["ranking"])] == [
        0.7126,
        0.5817,
        0.3308,
    ]
    first, *others = data_of(specifications["obstacles"])
    assert (first["last"], first["first"]) == (0.2, round(1 / 45, 6))
    assert len(others) == 7
    for name, specification in specifications.items():
        assert specification["name"] == name
        parts = [specification, *specification["layer"]]
        names = [part["data"]["name"] for part in parts if "data" in part]
        assert f"{name}_data" in names
        assert "view_" not in json.dumps(specification)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_chart_is_valid_vega_lite(language, english, chinese):
    """Altair does not check them as they are made; in Chinese one page is enough."""
    drawn = 0
    for name in PAGES if language == "en" else ["three.html"]:
        page = Page({"en": english, "zh": chinese}[language][name])
        if not any(script == "charts" for script, _ in page.scripts):
            continue
        for specification in page.charts().values():
            chart = alt.Chart.from_dict(specification, validate=True)
            assert chart.name == specification["name"]
            drawn += 1
    assert drawn > (20 if language == "en" else 5)


STUDY_CHARTS = [
    *("trend", "ranking", "obstacles", "criteria"),
    *("map", "heat", "belts", "gap", "scatter"),
]


@pytest.mark.parametrize("name", STUDY_CHARTS)
def test_charts_draw(small, name):
    specification = small.charts()[name] | {"width": 400}
    drawing = vl_convert.vegalite_to_svg(specification, allowed_base_urls=[])
    marks = {
        "ranking": "Alpha",
        "map": "0.71",
        "scatter": "Gamma",
        "obstacles": "X9 Label of X9",
    }
    assert marks.get(name, "2021") in drawing
    assert "NaN" not in drawing


def test_marks_of_regions_lead_to_the_chain_of_their_year(small, english):
    wanted = {
        ("ranking", 0): "chains/small-1.html#y2021",
        ("scatter", 1): "chains/small-2.html#y2021",
        ("heat", 2): "chains/small-2.html#y2020",
        ("map", 0): "chains/small-1.html#y2020",
        ("map", 1): "chains/small-1.html#y2021",
    }
    for (name, place), link in wanted.items():
        specification = small.charts()[name]
        parts = [specification, *specification["layer"]]
        [rows, *_] = [
            data_of(part)
            for part in parts
            if part.get("data", {}).get("name") == f"{name}_data"
        ]
        assert rows[place]["link"] == link
        hrefs = [part["encoding"].get("href") for part in specification["layer"]]
        assert {"field": "link", "type": "nominal"} in hrefs
    region = Page(english["regions/1.html"]).charts()["standing"]
    assert [row["link"] for row in data_of(region)] == [
        *("../chains/small-1.html#y2020", "../chains/small-1.html#y2021"),
        "../chains/three-1.html#y2020",
    ]


def test_names_that_would_overlap_wait_for_a_wider_plot():
    points = pd.DataFrame(
        [("Top", 0.9, 0.9), ("Near", 0.5, 0.5), ("Crowded", 0.45, 0.5),
         ("Same", 0.1, 0.1), ("Hidden", 0.1, 0.1)],
        columns=["region", "first_score", "second_score"],
    )  # fmt: skip
    top, near, crowded, same, hidden = study_charts.name_room(points, 1.0)
    assert (top, near) == (260, 260)
    # its 42 pixels of name need more than 0.05 of the plot before the point of Near
    assert crowded > 780
    assert sorted([same, hidden])[0] == 260 < 780 < sorted([same, hidden])[1]
    far = points.assign(second_score=[0.9, 0.5, 0.7, 0.1, 0.3])
    assert study_charts.name_room(far, 1.0) == [260] * 5
    nearer = points[:3].assign(first_score=[0.9, 0.5, 0.4])
    assert study_charts.name_room(nearer, 1.0)[2] == 600


@pytest.mark.parametrize("count", [1, 2, 6, 10, 25])
def test_grades_of_any_number_darken_from_low_to_high(count):
    grades = pd.DataFrame({"grade_level": range(1, count + 1)})
    colours = list(charts.grade_colours(grades).values())
    light = [
        sum(share * value for share, value in zip((0.21, 0.72, 0.07), rgb, strict=True))
        for rgb in (bytes.fromhex(colour[1:]) for colour in colours)
    ]
    assert len(colours) == count
    assert all(above > below for above, below in pairwise(light))


def test_a_long_ranking_draws_its_two_ends():
    ranking = ranked(*((f"R{i}", 0.5 - i / 1000, i) for i in range(1, 101)))
    chart = charts.ranking_chart(
        ranking.assign(grade_level=1, link="x"), {1: "#000000"}
    )
    drawn = [row["place"] for row in data_of(charts.specification(chart))]
    assert drawn[29:31] == ["30  R30", "71  R71"]
    assert len(drawn) == 60


def test_regions_without_a_result_have_a_square_of_their_own(small):
    for name in ("map", "heat"):
        layers = small.charts()[name]["layer"]
        assert layers[0]["mark"]["color"] == study_charts.NO_RESULT
        assert "color" not in layers[0]["encoding"]
        assert layers[1]["encoding"]["color"]["field"] == "degree"
        drawing = vl_convert.vegalite_to_svg(
            small.charts()[name] | {"width": 400}, allowed_base_urls=[]
        )
        assert study_charts.NO_RESULT in drawing


# --- told apart without colour --------------------------------------------------------


def brightness(colour):
    """Relative luminance of a colour, 0 to 1, as WCAG has it."""
    parts = [value / 255 for value in bytes.fromhex(colour[1:])]
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    ]
    return sum(
        share * part
        for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    )


def tile_colour(degree):
    anchors = charts.GRADE_ANCHORS
    place = min(int(degree * (len(anchors) - 1)), len(anchors) - 2)
    share = degree * (len(anchors) - 1) - place
    ends = (bytes.fromhex(anchors[place + i][1:]) for i in (0, 1))
    mixed = [round(low + share * (high - low)) for low, high in zip(*ends, strict=True)]
    return "#" + bytes(mixed).hex()


def test_text_on_a_tile_can_be_read():
    for hundredths in range(101):
        ground = brightness(tile_colour(hundredths / 100))
        is_white = hundredths / 100 >= study_charts.WHITE_FROM
        ink = 1.0 if is_white else brightness(study_charts.BLACK + "000")
        low, high = sorted((ground, ink))
        assert (high + 0.05) / (low + 0.05) >= 4.5, hundredths


def test_dashes_shapes_and_fillings_differ():
    labels = {f"line {i}": "" for i in range(30)}
    styles = charts.line_styles(labels).values()
    assert len({(style.colour, style.dash) for style in styles}) == 30
    # neighbours in the legend differ in dash alone, for those who see no colour
    dashes = [style.dash for style in styles]
    assert all(one != next_one for one, next_one in pairwise(dashes))
    shapes = charts.cluster_shapes(list(range(6))).values()
    assert len(set(shapes)) == 6
    assert len(set(charts.FILLINGS)) == 3


def test_systems_in_the_chart_of_obstacles_differ_in_filling(english):
    page = Page(english["small.html"])
    rows = data_of(page.charts()["obstacles"])
    by_colour = {row["colour"]: row["filling"] for row in rows}
    assert len(by_colour) == len(set(by_colour.values())) == 2
    legend = {
        tags["fill"]: float(tags.get("fill-opacity", 1))
        for tag, tags in page.tags
        if tag == "rect" and tags.get("fill") in by_colour
    }
    assert legend == by_colour


def test_a_study_of_three_systems_shows_each_pair_and_why_no_curves(english):
    page = Page(english["three.html"])
    drawn = [name for name in page.charts() if name.startswith("scatter")]
    assert drawn == ["scatter", "scatter_1_3", "scatter_2_3"]
    assert "No curves of equal D: with more than two systems" in page.text
    assert "No curves of equal D" not in Page(english["small.html"]).text


def test_a_curve_of_equal_degree_is_smooth_from_edge_to_edge():
    points = pd.DataFrame(
        [("A", 0.9, 0.8, "a")],
        columns=["region", "first_score", "second_score", "link"],
    )
    chart = study_charts.score_scatter(points, ("x", "y"), (0.3, 0.7))
    layers = charts.specification(chart)["layer"]
    curves, labels = data_of(layers[0]), data_of(layers[1])
    top = 0.9
    for degree in study_charts.CURVES:
        curve = [row for row in curves if row["degree"] == degree]
        assert curve[0]["second_score"] == pytest.approx(top, abs=1e-4)
        assert curve[-1]["first_score"] == pytest.approx(top, abs=1e-4)
        for row in curve[5:]:
            x, y = row["first_score"], row["second_score"]
            found = (2 * (x * y) ** 0.5 / (x + y) * (0.3 * x + 0.7 * y)) ** 0.5
            assert found == pytest.approx(degree, abs=2e-3)
        steps = [
            abs(b["second_score"] - a["second_score"])
            + abs(b["first_score"] - a["first_score"])
            for a, b in pairwise(curve)
        ]
        assert max(steps) < 0.1
    assert [row["label"] for row in labels] == [
        f"D = {d:g}" for d in study_charts.CURVES
    ]
    # none is named on the axis
    assert min(row["second_score"] for row in labels) > 0.02
