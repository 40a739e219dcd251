"""The site in a browser: charts, slider, languages, tables, files, access.

Skipped where there is no Chromium.
"""
# ruff: noqa: RUF001, the pages print dashes and signs of their own

import csv
import io
import itertools
import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import axe_playwright_python
import projects
import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

from coupling.site.lineage import build_lineage
from coupling.site.site import build_site

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    None,
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
FAMILIES = [
    *("index.html", "small.html", "three.html", "empty.html", "regions.html"),
    *("compare.html", "compare/small.html", "compare/three.html"),
    *("regions/1.html", "forecasts.html", "papers.html", "households.html"),
    *("quality.html", "scale.html", "glossary.html", "chains/small-1.html"),
]
WIDEST = ["index.html", "small.html", "quality.html", "households.html"]
SECONDS = 60


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def tab(browser):
    """A page of the browser with the errors that it reports in `errors`."""
    # the policy of the pages would keep axe out
    context = browser.new_context(bypass_csp=True, accept_downloads=True)
    tab = context.new_page()
    tab.set_default_timeout(SECONDS * 1000)
    tab.errors = []
    tab.on("pageerror", lambda error: tab.errors.append(str(error)))
    tab.on(
        "console",
        lambda message: message.type == "error" and tab.errors.append(message.text),
    )
    yield tab
    context.close()


def opened(tab, path):
    tab.goto(path.as_uri())
    tab.wait_for_function(
        "document.querySelectorAll('.chart:not([data-drawn])').length === 0"
    )
    return tab


def serious(tab):
    """What axe finds serious or critical: rule and the places of it."""
    tab.evaluate(AXE.read_text(encoding="utf-8"))
    found = tab.evaluate(
        "axe.run(document, {resultTypes: ['violations'], preload: false})"
    )
    return [
        (rule["id"], [node["target"] for node in rule["nodes"]][:3])
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
    ]


# pictures in each chart
DRAWN = """[...document.querySelectorAll(".chart")].map(
    (chart) => chart.querySelectorAll("svg").length
)"""


def assert_drawn(tab):
    assert tab.errors == []
    assert set(tab.evaluate(DRAWN)) <= {1}


def assert_sound(tab, path):
    assert_drawn(opened(tab, path))
    assert serious(tab) == []


# of the same templates as the English ones
@pytest.mark.parametrize("name", [name for name in FAMILIES if name not in WIDEST])
def test_a_chinese_page_opens_and_draws_its_charts(tab, built, name):
    assert_drawn(opened(tab, built / "zh" / name))


# what reaches past the right edge, but for what scrolls in a box of its own
WIDER = """() => {
    const edge = document.documentElement.clientWidth;
    const boxes = ".table, .formula, pre, svg, .skip";
    const wide = [...document.querySelectorAll("body *")].filter((element) => {
        const { width, right } = element.getBoundingClientRect();
        return width > 0 && right > edge + 1 && !element.closest(boxes);
    });
    const body = document.documentElement.scrollWidth;
    return [
        ...(body > edge ? [`the page is ${body} px wide`] : []),
        ...wide.map((element) => element.outerHTML.slice(0, 80)),
    ];
}"""
HEADINGS = "[...document.querySelectorAll('h1, h2, h3, h4')].map((h) => +h.tagName[1])"


def assert_fits_a_phone(tab, path):
    tab.set_viewport_size({"width": 390, "height": 844})
    opened(tab, path)
    assert tab.evaluate(WIDER) == []
    levels = tab.evaluate(HEADINGS)
    assert levels.count(1) == 1
    steps = [b - a for a, b in itertools.pairwise(levels)]
    assert all(step <= 1 for step in steps), levels


# English words are the longer ones; of Chinese the pages with most parts
@pytest.mark.parametrize("name", [*FAMILIES, *(f"zh/{name}" for name in WIDEST)])
def test_a_page_fits_a_phone_and_draws_its_charts_and_is_accessible(tab, built, name):
    wide = tab.viewport_size
    assert_fits_a_phone(tab, built / name)
    assert_drawn(tab)
    tab.set_viewport_size(wide)
    assert serious(tab) == []


def test_a_page_that_is_too_wide_is_noticed(tab, built):
    path = built / "glossary.html"
    assert_fits_a_phone(tab, path)
    tab.evaluate("document.querySelector('h1').style.width = '500px'")
    assert tab.evaluate(WIDER)[0] == "the page is 514 px wide"


def test_formulas_are_drawn_without_scripts(browser, built):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((built / "small.html").as_uri())
    formulas = tab.locator(".formula math")
    assert formulas.count() > 10
    for index in range(formulas.count()):
        box = formulas.nth(index).bounding_box()
        assert box["width"] > 20 and box["height"] > 10
    context.close()


def test_a_page_runs_under_its_own_policy(browser, built):
    tab = browser.new_page()
    errors = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on(
        "console",
        lambda message: message.type == "error" and errors.append(message.text),
    )
    opened(tab, built / "small.html")
    tab.close()
    assert errors == []


def test_the_slider_changes_the_year_of_the_map(tab, built):
    opened(tab, built / "small.html")
    chart = tab.locator("#chart-map")
    assert "0.71" in chart.inner_text() and "0.61" not in chart.inner_text()
    # outside of the image, whose parts are hidden from screen readers
    assert chart.locator("input").count() == 0
    tab.locator("figure", has=chart).locator("input[type=range]").press("ArrowLeft")
    tab.wait_for_function(
        "document.querySelector('#chart-map').textContent.includes('0.61')"
    )
    assert "0.71" not in chart.locator("svg").inner_html()


@pytest.mark.parametrize("name", ["index.html", "regions/1.html", "small.html"])
def test_the_other_language_is_a_click_away_and_back(tab, built, name):
    tab.goto((built / name).as_uri())
    tab.click(".languages a")
    assert tab.url == (built / "zh" / name).as_uri()
    assert tab.locator("html").get_attribute("lang") == "zh"
    tab.click(".languages a")
    assert tab.url == (built / name).as_uri()


FACTS = {
    "finished_at": "2026-03-04 05:06",
    "run_id": "000002-x",
    "table_rows": 1234567,
    "inputs_changed": None,
    "tests_passed": 77,
    "tests_failed": 0,
    "folders": [["seeds", 5, 1], ["<b>", 1, 0]],
}


@pytest.mark.parametrize("language", ["", "zh"])
def test_the_home_tells_which_build_it_is(tab, built, tmp_path, language):
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    script = tmp_path / "assets" / "build.js"
    script.write_text(f"const buildFacts = {json.dumps(FACTS)};\n", encoding="utf-8")
    opened(tab, tmp_path / language / "index.html")
    section = tab.locator("#build")
    assert section.locator("[data-build]").first.is_visible()
    shown = {
        part.get_attribute("data-build"): part.inner_text()
        for part in tab.locator("[data-build]").all()
    }
    assert shown["finished_at"] == "2026-03-04 05:06"
    assert shown["table_rows"] == "1,234,567"
    assert shown["inputs_changed"] == "\N{EN DASH}"
    assert (shown["tests_passed"], shown["tests_failed"]) == ("77", "0")
    section.locator("summary").click()
    rows = section.locator("[data-build-rows] tr").all_inner_texts()
    assert [row.split() for row in rows] == [["seeds", "5", "1"], ["<b>", "1", "0"]]
    assert not any(p.is_visible() for p in tab.locator("[data-build-unknown]").all())
    assert serious(tab) == [] and tab.errors == []


@pytest.mark.parametrize("script", ["const buildFacts = null;", "", None])
@pytest.mark.parametrize("language", ["", "zh"])
def test_without_word_of_the_build_the_home_says_so(
    tab, built, tmp_path, language, script
):
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "assets" / "build.js"
    if script is None:
        path.unlink()
    else:
        path.write_text(script, encoding="utf-8")
    opened(tab, tmp_path / language / "index.html")
    assert tab.locator("#build > [data-build-unknown]").is_visible()
    assert not any(p.is_visible() for p in tab.locator("[data-build-known]").all())
    assert "marts.fct_runs" in tab.locator("#build").inner_text()
    # site.js went on to its other tasks
    assert tab.locator(".downloads button").count() > 0


def cells(tab, body):
    """The texts of the rows of a table's body, by its id."""
    return [
        [" ".join(cell.split()) for cell in row.locator("th, td").all_inner_texts()]
        for row in tab.locator(f"#{body} tr").all()
    ]


def drawn_labels(tab):
    """The marks of the comparison's chart, as screen readers would hear them."""
    return tab.locator("#chart-comparison .mark-symbol path").evaluate_all(
        "marks => marks.map((mark) => mark.ariaLabel)"
    )


def test_two_regions_are_compared_by_keyboard(tab, built):
    opened(tab, built / "compare/small.html")
    assert tab.locator("#first-region").input_value() == "1"
    second = tab.locator("#second-region")
    assert second.input_value() == "3"
    second.focus()
    tab.keyboard.press("ArrowUp")
    tab.wait_for_function("location.hash === '#regions=1,2'")
    names = ["D", "C", "T", "System A", "System B"]
    heads = tab.locator("#years thead th").all_inner_texts()
    assert heads == ["Year", "Compared", *names, "Rank", "Grade", "Lagging system"]
    assert cells(tab, "by-year")[3:] == [
        [*("2021", "Alpha", "0.713", "0.900", "0.564", "0.800", "0.900"),
         *("1", "high", "System A")],
        [*("2021", "Beta", "0.582", "0.900", "0.376", "0.300", "0.600"),
         *("2", "high", "System B")],
        [*("2021", "Difference", "+0.131", "0.000", "+0.188", "+0.500", "+0.300"),
         *("−1", "same", "different")],
    ]  # fmt: skip
    assert cells(tab, "by-place") == [["1", "X2 Label of X2", "99.0%", "–", "–"]]
    said = tab.locator("#summary").inner_text()
    assert said == (
        "Alpha and Beta, 2021: D 0.713 and 0.582, difference +0.131; rank 1 and 2."
    )
    legend = tab.locator("#years .legend span").all_inner_texts()
    assert legend == ["Alpha", "Beta"]
    tab.wait_for_function(
        "document.querySelector('#chart-comparison svg').innerHTML.includes('Beta')"
    )
    assert len(drawn_labels(tab)) == 4
    assert not any("Gamma" in label for label in drawn_labels(tab))
    assert not tab.locator("#ranks").is_visible()
    tab.locator("#swap").press("Enter")
    assert tab.evaluate("location.hash") == "#regions=2,1"
    assert cells(tab, "by-year")[5][2] == "−0.131"
    with tab.expect_download() as started:
        tab.locator("figure .downloads button", has_text="CSV").click()
    lines = started.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "year,value,label"
    assert lines[1:3] == ["2020,0.41,Beta", "2021,0.5817,Beta"]
    assert tab.errors == []


def test_the_choice_goes_along_to_the_other_language_and_study(tab, built):
    address = (built / "compare/small.html").as_uri()
    opened(tab, built / "compare/small.html")
    tab.goto(f"{address}#regions=2,3")
    tab.wait_for_function("document.title.startsWith('Beta – Gamma')")
    tab.click(".languages a")
    assert tab.url == (built / "zh/compare/small.html").as_uri() + "#regions=2,3"
    tab.wait_for_function("document.title.startsWith('乙地 – 丙地')")
    assert [row[1] for row in cells(tab, "by-year")[:2]] == ["乙地", "丙地"]
    tab.goto(f"{address}#regions=5,1")
    # what the study does not have is left out
    tab.wait_for_function("document.title.startsWith('Alpha – Gamma')")
    tab.click("nav a[data-keeps-choice]")
    assert tab.url == (built / "compare/three.html").as_uri() + "#regions=1,3"
    tab.wait_for_function("document.title.startsWith('Alpha – ')")
    assert tab.locator("#first-region").input_value() == "1"
    assert tab.locator("#second-region").input_value() == "5"
    assert tab.errors == []


def test_two_methods_are_compared(tab, built):
    opened(tab, built / "compare/small.html")
    tab.locator("input[value=methods]").check()
    assert tab.evaluate("location.hash") == "#methods=plain,other&region=1&year=2021"
    assert not tab.locator("#obstacles").is_visible()
    assert cells(tab, "by-agreement") == [
        ["2021", "3", "0.500", "0.337", "33.3%", "1: Beta, 2 to 3"]
    ]
    assert cells(tab, "by-region") == [
        *(["Alpha", "0.713", "0.500", "+0.213", "1", "1", "0", "high", "low"],),
        *(["Beta", "0.582", "0.300", "+0.282", "2", "3", "+1", "high", "low"],),
        *(["Gamma", "0.331", "0.400", "−0.069", "3", "2", "−1", "low", "low"],),
        ["Delta", *["–"] * 8],
    ]
    tab.click("#by-region a >> text=Beta")
    tab.wait_for_function("location.hash.includes('region=2')")
    years = cells(tab, "by-year")
    assert years[1][2:] == ["not computed"]
    assert years[3][2:8] == ["0.582", "0.900", "0.376", "0.300", "0.600", "2"]
    assert years[5][2] == "+0.282"
    assert serious(tab) == []
    tab.locator("#year").select_option("2020")
    assert cells(tab, "by-region")[0][1:4] == ["0.610", "–", "–"]
    # an address says it all; a year that the study does not have is left out
    for asked, shown in (("2020", "2020"), ("1999", "2021")):
        tab.goto("about:blank")
        page = (built / "compare/small.html").as_uri()
        tab.goto(f"{page}#methods=other,plain&region=2&year={asked}")
        tab.wait_for_selector("#by-region td")
        chosen = ("first-method", "second-method", "year")
        values = [tab.locator(f"#{name}").input_value() for name in chosen]
        assert values == ["other", "plain", shown]
    assert tab.errors == []


def test_a_comparison_fits_a_phone_and_prints_without_its_form(tab, built):
    tab.set_viewport_size({"width": 390, "height": 800})
    opened(tab, built / "compare/small.html")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    tab.emulate_media(media="print")
    assert not tab.locator("#choice").is_visible()
    assert tab.locator("#by-year").is_visible()


@pytest.mark.parametrize("name", ["small.html", "quality.html", "zh/quality.html"])
def test_paper_shows_charts_and_tables_and_names_what_is_folded(tab, built, name):
    opened(tab, built / name)
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    tab.emulate_media(media="print")
    hidden = [*tab.locator("nav").all(), *tab.locator(".hint, .screen").all()]
    assert not any(part.is_visible() for part in hidden)
    folded = tab.locator("details:not([open])")
    assert bool(folded.count()) == ("quality" in name)
    assert all(part.locator("summary").first.is_visible() for part in folded.all())
    # what is short is open on paper, and folded again on the screen
    brief = tab.locator("details.brief")
    assert brief.count() == tab.locator("details.brief[open]").count()
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert tab.locator("details.brief[open]").count() == 0
    assert tab.locator("figure svg").first.is_visible()
    assert tab.locator("table").first.is_visible()


def test_a_comparison_without_scripts_shows_what_needs_none(browser, built):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((built / "compare/small.html").as_uri())
    assert not tab.locator("#choice").is_visible()
    assert not tab.locator("#by-year").is_visible()
    assert tab.locator("#default table").is_visible()
    assert tab.locator("noscript a", has_text="Alpha").is_visible()
    context.close()


@pytest.mark.parametrize("language", ["", "zh"])
@pytest.mark.parametrize(
    ("name", "mark", "place", "chain"),
    [
        ("small.html", "#chart-ranking .mark-rect path", 1, "small-2.html#y2021"),
        ("small.html", "#chart-heat .mark-rect path", 0, "small-1.html#y2020"),
        ("small.html", "#chart-map .mark-rect path", 2, "small-3.html#y2021"),
        ("small.html", "#chart-map .mark-text text", 1, "small-2.html#y2021"),
        (
            "regions/1.html",
            "#chart-standing .mark-symbol path",
            0,
            "small-1.html#y2020",
        ),
        ("compare/small.html", ".mark-symbol path", 1, "small-1.html#y2021"),
    ],
)
def test_a_mark_of_a_chart_leads_to_the_chain(
    tab, built, language, name, mark, place, chain
):
    opened(tab, built / language / name)
    marks = tab.locator(mark)
    # none can be reached by keyboard inside of an image; the tables have the links
    assert tab.locator(".chart a, .chart [tabindex]").count() == 0
    marks.nth(place).click(force=True)
    tab.wait_for_url((built / language / "chains").as_uri() + f"/{chain}")
    assert tab.locator(f"#{chain.split('#')[1]}").count() == 1
    assert tab.errors == []


def test_a_table_is_sorted_by_keyboard(tab, built):
    opened(tab, built / "small.html")
    table = tab.locator("table.sortable").first
    degree = table.locator("thead th").nth(3)
    shown = table.locator("tbody tr th")
    assert shown.all_inner_texts() == ["Alpha", "Beta", "Gamma", "Delta"]
    degree.locator("button").focus()
    tab.keyboard.press("Enter")
    assert degree.get_attribute("aria-sort") == "ascending"
    assert shown.all_inner_texts() == ["Gamma", "Beta", "Alpha", "Delta"]
    tab.keyboard.press("Enter")
    assert degree.get_attribute("aria-sort") == "descending"
    # what is not computed stays last
    assert shown.all_inner_texts() == ["Alpha", "Beta", "Gamma", "Delta"]
    # Delta has one cell for these columns
    table.locator("thead th").nth(6).locator("button").press("Enter")
    assert len(shown.all_inner_texts()) == 4
    assert tab.errors == []


def saved(tab, place, kind="CSV"):
    """The file of a button below a table or chart: its name and content."""
    with tab.expect_download() as started:
        place.locator(".downloads button", has_text=kind).click()
    return started.value.suggested_filename, started.value.path().read_bytes()


def saved_rows(tab, place):
    text = saved(tab, place)[1].decode("utf-8-sig")
    return list(csv.reader(text.splitlines()))


def figure(tab, name):
    return tab.locator("figure", has=tab.locator(f"#chart-{name}"))


def test_a_table_and_a_chart_are_saved_as_csv(tab, built):
    opened(tab, built / "small.html")
    gap = tab.locator(".table", has_text="Regional gap of D by year")
    table = saved_rows(tab, gap)
    assert table[0][:4] == ["Year", "Highest", "Lowest", "Range"]
    assert table[1] == ["2020", "0.610", "0.210", "0.400", "0.488", "3"]
    chart = saved_rows(tab, figure(tab, "ranking"))
    assert chart[0] == ["degree", "grade", "grade_level", "rank", "region"]
    assert chart[1] == ["0.7126", "high", "2", "1", "Alpha"]
    # the map keeps its data in its layers
    tiles = saved_rows(tab, figure(tab, "map"))
    assert tiles[0] == ["abbreviation", "degree", "grade", "region", "year"]
    assert len(tiles) == 9
    points = saved_rows(tab, figure(tab, "scatter"))
    assert points[0] == ["first_score", "region", "second_score"]
    assert len(points) == 4


def test_a_saved_text_is_no_formula(tab, built):
    opened(tab, built / "small.html")
    gap = tab.locator(".table", has_text="Regional gap of D by year")
    cells = ["=1+1", "@sum", "+x", "-0.5 yuan", "-", "-12,000", "-1 +cmd|A0"]
    gap.locator("tbody tr").first.evaluate(
        "(row, cells) => row.replaceChildren(...cells.map((text) => "
        "Object.assign(document.createElement('td'), {textContent: text})))",
        cells,
    )
    assert saved_rows(tab, gap)[1] == [
        *("'=1+1", "'@sum", "'+x", "-0.5 yuan", "-", "-12,000", "'-1 +cmd|A0")
    ]


def test_lineage_and_expectations_are_sound_and_speak_both_languages(
    tab, made_up, warehouse, manifest, tmp_path
):
    docs = build_lineage(warehouse, manifest, tmp_path / "lineage")
    assert docs.stat().st_size < 2_000_000
    build_site(made_up, tmp_path)
    for name in ("lineage.html", "expectations/index.html"):
        for folder in ("", "zh/"):
            assert_sound(tab, tmp_path / folder / name)
    assert_sound(tab, tmp_path / "zh" / "expectations" / "marts.studies.html")
    tab.goto(f"{docs.as_uri()}#!/model/model.coupling_warehouse.fct_coupling")
    tab.get_by_role("heading", name="fct_coupling").first.wait_for()
    assert tab.errors == []
    tab.get_by_role("link", name="中文").click()
    assert tab.url == (tmp_path / "zh" / "lineage.html").as_uri()
    tab.get_by_role("link", name="fct_system_scores").first.click()
    tab.get_by_role("heading", name="fct_system_scores").first.wait_for()


def test_files_are_named_for_their_page(tab, built):
    opened(tab, built / "small.html")
    assert saved(tab, figure(tab, "map"))[0] == "small-map.csv"
    opened(tab, built / "zh/chains/small-1.html")
    first = tab.locator(".table").first
    assert saved(tab, first)[0] == "chains-small-1-table-1.csv"


def test_a_saved_table_is_a_full_grid(tab, built):
    opened(tab, built / "small.html")
    # a browser refuses to save many files in a row
    tables = "[...document.querySelectorAll('.table > table')]"
    widths = tab.evaluate(f"{tables}.map((t) => gridOf(t).map((row) => row.length))")
    assert all(len(set(of_rows)) == 1 for of_rows in widths) and len(widths) > 10
    weights = tab.locator(".table", has_text="Weights by system")
    rows = [row for row in saved_rows(tab, weights)[1:] if row[2]]
    assert len(rows) > 5
    # the criterion, once over its indicators on the page, stands in each row
    assert all(row[0] and row[2].startswith("X") for row in rows)


def test_a_saved_table_reads_as_the_screen_does(tab, built):
    opened(tab, built / "small.html")
    tab.evaluate(
        """() => {
        const body = document.querySelector("#gap tbody");
        body.innerHTML = `<tr><th>a<br>b</th><td class="number">−1,234.5
            <span class="own-line">yuan</span></td><td class="number">–</td>
            <td><span class="own-line">x</span><span class="own-line">y</span></td>
            <td>p<span hidden>q</span><noscript>r</noscript></td><td>1,234</td></tr>`;
    }"""
    )
    gap = tab.locator(".table", has_text="Regional gap of D by year")
    assert saved_rows(tab, gap)[1:] == [
        ["a b", "-1234.5 yuan", "", "x; y", "p", "1,234"]
    ]


def test_a_chart_is_saved_as_a_picture_with_caption_and_legend(tab, built):
    opened(tab, built / "small.html")
    name, drawing = saved(tab, figure(tab, "trend"), "SVG")
    assert name == "small-trend.svg"
    picture = ElementTree.fromstring(drawing)
    svg = "{http://www.w3.org/2000/svg}"
    caption = "Mean system scores and mean coupling coordination degree D by year"
    assert picture.find(f"{svg}title").text == caption
    assert picture.find(f"{svg}rect").get("fill") == "#ffffff"
    texts = [part.text for part in picture.findall(f"{svg}text")]
    assert caption in " ".join(texts)
    assert texts[-3:] == ["System A", "System B", "Coupling coordination degree D"]
    name, pixels = saved(tab, figure(tab, "trend"), "PNG")
    image = Image.open(io.BytesIO(pixels))
    assert name == "small-trend.png"
    assert image.width == 3 * int(picture.get("width"))
    assert image.convert("RGBA").getpixel((0, 0)) == (255, 255, 255, 255)
    # the picture of the map says which year it shows
    assert b"Year 2021" in saved(tab, figure(tab, "map"), "SVG")[1]
    assert tab.errors == []


def test_shipped_pages_are_small_and_sound(tab, shipped_site):
    pages = sorted(shipped_site.rglob("*.html"))
    sizes = {path: path.stat().st_size for path in pages}
    assert max(sizes.values()) < 2_000_000
    assert sizes[shipped_site / "index.html"] < 500_000
    study = "digital_economy_nqp.html"
    for name in (study, "zh/quality.html"):
        assert_sound(tab, shipped_site / name)
    # households and home are among those below
    for name in (f"compare/{study}", "zh/forecasts.html"):
        assert_drawn(opened(tab, shipped_site / name))
    # of each template one: the top in English, whose words are the longer ones,
    # and the largest of the studies and of each folder
    studies = set(projects.REGION_YEARS)
    kinds = {}
    for path in sorted(pages, key=sizes.__getitem__):
        top = path.parent == shipped_site and path.stem not in studies
        kinds[path if top else (path.parent, path.stem in studies)] = path
    assert len(kinds) >= 19
    for path in kinds.values():
        assert_fits_a_phone(tab, path)
        assert_drawn(tab)
