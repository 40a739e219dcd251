"""The site in a browser: charts, slider, languages, tables, files, access.

Skipped where there is no Chromium.
"""

import itertools
import json
import shutil
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import sync_playwright

from coupling_reports.site import build_site

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    None,
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
FAMILIES = [
    *("index.html", "small.html", "three.html", "empty.html", "regions.html"),
    *("regions/1.html", "forecasts.html", "papers.html", "households.html"),
    *("quality.html", "glossary.html", "chains/small-1.html"),
]
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


def assert_sound(tab, path):
    opened(tab, path)
    assert tab.errors == []
    charts = tab.locator(".chart")
    for index in range(charts.count()):
        assert charts.nth(index).locator("svg").count() == 1
    assert serious(tab) == []


@pytest.mark.parametrize("language", ["", "zh"])
@pytest.mark.parametrize("name", FAMILIES)
def test_a_page_opens_draws_its_charts_and_is_accessible(tab, built, language, name):
    assert_sound(tab, built / language / name)


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


@pytest.mark.parametrize("language", ["", "zh"])
@pytest.mark.parametrize("name", FAMILIES)
def test_a_page_fits_a_phone_with_its_headings_in_order(tab, built, language, name):
    assert_fits_a_phone(tab, built / language / name)


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


def test_a_table_and_a_chart_are_saved_as_csv(tab, built):
    opened(tab, built / "small.html")

    def saved(place):
        with tab.expect_download() as started:
            place.locator(".downloads button", has_text="CSV").click()
        path = started.value.path()
        return path.read_text(encoding="utf-8-sig").splitlines()

    table = saved(tab.locator(".table", has_text="Regional gap of D by year"))
    assert table[0].startswith("Year,Highest,Lowest,Range")
    assert table[1] == "2020,0.610,0.210,0.400,0.488,3"
    chart = saved(tab.locator("figure", has=tab.locator("#chart-ranking")))
    assert "Alpha" in chart[1] and "0.7126" in chart[1]
    # the map keeps its data in its layers
    tiles = saved(tab.locator("figure", has=tab.locator("#chart-map")))
    assert len(tiles) == 9
    points = saved(tab.locator("figure", has=tab.locator("#chart-scatter")))
    assert len(points) == 4


def test_shipped_pages_are_small_and_sound(tab, warehouse, tmp_path):
    pages = build_site(warehouse, tmp_path)
    sizes = {path: path.stat().st_size for path in pages}
    assert max(sizes.values()) < 2_000_000
    assert sizes[tmp_path / "index.html"] < 500_000
    for name in (
        *(pages[1].name, "households.html", "zh/forecasts.html", "quality.html"),
        *("index.html", "zh/quality.html"),
    ):
        assert_sound(tab, tmp_path / name)
    # every page at the top of a language, and one of each folder
    tops = (tmp_path, tmp_path / "zh")
    kinds = {path if path.parent in tops else path.parent: path for path in pages}
    assert len(kinds) >= 24
    for path in kinds.values():
        assert_fits_a_phone(tab, path)
