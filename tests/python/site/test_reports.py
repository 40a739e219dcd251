"""The site as a whole: files, links, languages, safety and access."""

import json
import posixpath
import re
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import PurePosixPath

import duckdb
import pytest
from made_up_site import (
    CHAINS,
    CLOSING,
    HOSTILE,
    PAGES,
    STUDIES,
    WAREHOUSE,
    Page,
    data_of,
    rendered,
    study,
    write_warehouse,
)

from coupling.base import inputs
from coupling.base.paths import Paths
from coupling.pages.studies import page_name
from coupling.site import fingerprint, site
from coupling.site.site import build_site

SHARED = [
    *("build.js", "compare.js", "downloads.js", "site.js", "style.css", "vega.js"),
]
# what stands in the address of a comparison, and the data that it works on
CHOICE = re.compile(r"(regions|methods)=[\w,-]+$")
COMPARED = ("charts", "comparison", "comparison-words")
BOTH = [(language, name) for language in ("en", "zh") for name in [*PAGES, *CHAINS]]


@pytest.fixture(scope="module")
def everything(english, chinese):
    """{path from the top of the site: HTML} of both languages."""
    return english | {f"zh/{name}": text for name, text in chinese.items()}


@pytest.fixture(scope="module")
def parsed(everything):
    return {path: Page(text) for path, text in everything.items()}


def address(language, name):
    return name if language == "en" else f"{language}/{name}"


def of_every_page(check):
    """A test that asks `check` of each page and lists those at fault."""

    def test(everything, parsed):
        faults = {}
        for language, name in BOTH:
            try:
                check(everything, parsed, language, name)
            except AssertionError as error:
                faults[address(language, name)] = str(error)
        assert faults == {}

    test.__name__ = check.__name__
    return test


# --- pages and files --------------------------------------------------------------


def test_every_page_is_written_in_both_languages_and_nothing_else(built):
    files = {
        path.relative_to(built).as_posix()
        for path in built.rglob("*")
        if path.is_file()
    }
    assert files == {
        *(address(language, name) for language, name in BOTH),
        *(f"assets/{name}" for name in SHARED),
        "fingerprint.json",
    }


def test_the_home_links_the_page_of_every_study(english):
    index = Page(english["index.html"])
    links = [attributes["href"] for tag, attributes in index.tags if tag == "a"]
    assert [link for link in links if link in STUDIES] == STUDIES
    assert set(links) == {
        *("index.html", "#main", "zh/index.html", "regions.html", "forecasts.html"),
        "compare.html",
        *("households.html", "papers.html", "scale.html", "glossary.html", *STUDIES),
        *("#holdings", "#studies", "#more", "#health", "#build", "quality.html"),
        "expectations/index.html",
        *(f"quality.html#{part}" for part in ("expectations", "imputed", "rejects")),
        *(f"quality.html#{part}" for part in ("revisions", "sources", "suspicious")),
    }
    assert "Small study" in index.text
    assert "Alpha comes first" in index.text


RENDERED = """
import sys
from pathlib import Path
from coupling.site import site
if __name__ == "__main__":
    real = site.render_language
    def render(database, language, beside):
        print("at work", flush=True)
        return real(database, language, beside)
    site.render_language = render
    site.render_site(Path(sys.argv[1]))
"""


@pytest.mark.parametrize("seconds", [0, 0.3])
def test_a_killed_site_leaves_no_process(made_up, tmp_path, seconds):
    script = tmp_path / "killed.py"
    script.write_text(RENDERED, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, script, made_up], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "at work\n"
    time.sleep(seconds)
    process.kill()
    # its standard output ends when the last process that has it open ends
    process.communicate(timeout=20)


def test_pages_that_are_gone_are_removed_and_nothing_else(made_up, tmp_path):
    for folder in ("chains", "regions", "zh/chains", "xx"):
        (tmp_path / folder).mkdir(parents=True)
    gone = ["gone.html", "chains/gone-1.html", "zh/gone.html", "regions/9.html"]
    for name in [*gone, "kept.txt", "small.html"]:
        (tmp_path / name).write_text("old", encoding="utf-8")
    paths = build_site(made_up, tmp_path)
    pages = {path.relative_to(tmp_path).as_posix() for path in paths}
    assert pages == {address(language, name) for language, name in BOTH}
    assert set(tmp_path.rglob("*.html")) == set(paths)
    assert (tmp_path / "kept.txt").read_text(encoding="utf-8") == "old"
    assert (tmp_path / "small.html").read_text(encoding="utf-8") != "old"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_same_figures_in_another_order_give_the_same_bytes(
    language, english, chinese, tmp_path
):
    turned = {table: rows[::-1] for table, rows in WAREHOUSE.items()}
    pages = rendered(write_warehouse(tmp_path / "db", turned), language)
    assert pages == {"en": english, "zh": chinese}[language]
    assert list(pages) == [*PAGES, *CHAINS]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_warehouse_without_rows_gives_a_home_and_what_rests_on_none(
    language, tmp_path
):
    pages = rendered(write_warehouse(tmp_path / "db", {}), language)
    assert list(pages) == ["index.html", "scale.html", "glossary.html"]
    said = {"en": "The warehouse holds no study.", "zh": "仓库中没有研究。"}
    assert said[language] in pages["index.html"]


def test_a_missing_database_is_named_and_not_created(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"absent\.duckdb"):
        build_site(tmp_path / "absent.duckdb", tmp_path / "site")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "study_id",
    [
        *("", "..", "../up", "a b", "a.b", "index", "Index"),
        *("forecasts", "households", "Households", "regions", "glossary", "lineage"),
    ],
)
def test_a_study_id_that_cannot_name_a_page_is_refused(study_id):
    with pytest.raises(ValueError, match="cannot name a page"):
        page_name(study_id)


def test_a_refused_study_leaves_the_pages_as_they_are(tmp_path):
    studies = [*WAREHOUSE["dim_studies"], study("../up", "Up", 2021, 1, "plain")]
    path = write_warehouse(tmp_path / "db", WAREHOUSE | {"dim_studies": studies})
    with pytest.raises(ValueError, match="cannot name a page"):
        build_site(path, tmp_path / "site")
    assert [entry.name for entry in tmp_path.iterdir()] == ["db"]


def test_an_error_in_the_process_of_a_language_arrives_as_it_is(made_up, tmp_path):
    path = write_warehouse(tmp_path / "db", WAREHOUSE)
    with duckdb.connect(path) as con:
        con.execute("drop table marts.fct_study_breaks")
    with pytest.raises(duckdb.CatalogException, match="fct_study_breaks"):
        build_site(path, tmp_path / "site")
    assert [entry.name for entry in tmp_path.iterdir()] == ["db"]


@of_every_page
def test_a_page_is_small(everything, parsed, language, name):
    size = len(everything[address(language, name)].encode())
    assert 1_000 < size < (500_000 if name == "index.html" else 2_000_000)


# --- a site that is made of the same ----------------------------------------------


@pytest.fixture
def count(monkeypatch):
    """The databases that were rendered, in place of rendering them anew."""
    calls = []

    def render(database, *_):
        calls.append(database)
        return {"index.html": f"{len(calls)}", "zh/index.html": "zh"}

    monkeypatch.setattr(site, "render_site", render)
    return calls


def changed(path, statement):
    with duckdb.connect(path) as con:
        con.execute(statement)


def test_a_site_made_of_the_same_is_not_rendered_again(made_up, tmp_path, count):
    first, second = tmp_path / "first", tmp_path / "second"
    build_site(made_up, first)
    paths = build_site(made_up, second, previous=first)
    assert len(count) == 1
    assert [path.relative_to(second).as_posix() for path in paths] == [
        *("index.html", "zh/index.html")
    ]
    files = [path for path in first.rglob("*") if path.is_file()]
    for path in files:
        assert (second / path.relative_to(first)).read_bytes() == path.read_bytes()
    build_site(made_up, first, previous=first)
    assert len(count) == 1
    build_site(made_up, first)
    assert len(count) == 2


def test_rows_in_another_order_make_the_same_site(made_up, tmp_path):
    turned = {table: rows[::-1] for table, rows in WAREHOUSE.items()}
    other = write_warehouse(tmp_path / "db", turned)
    assert fingerprint.made_of(other) == fingerprint.made_of(made_up)


@pytest.mark.parametrize(
    "statement",
    [
        "update marts.dim_regions set name_zh = '戊地' where region_code = '4'",
        """
        update marts.fct_coupling set coupling_degree = coupling_degree + 1e-15
        where region_code = '1' and year = 2020
        """,
        "update marts.dim_series set quality_note = '' where series_id = 'one'",
        "delete from quality.qc_study_coverage where study_id = 'three'",
        "insert into marts.dim_grades select * from marts.dim_grades limit 1",
        "update marts.fct_coupling set status_reason_zh = '无'",
        "create table marts.fct_more as select 1 as number",
        "alter table marts.dim_regions rename column neighbour_count to neighbours",
        "create view marts.seen as select 1 as number",
    ],
)
def test_a_change_of_the_database_is_noticed(statement, made_up, tmp_path):
    path = tmp_path / "db"
    path.write_bytes(made_up.read_bytes())
    changed(path, statement)
    assert fingerprint.made_of(path) != fingerprint.made_of(made_up)


def test_a_changed_cell_is_rendered(tmp_path, count):
    path = write_warehouse(tmp_path / "db", WAREHOUSE)
    build_site(path, tmp_path / "site")
    changed(path, "update marts.dim_regions set region = 'New' where region_code = '1'")
    build_site(path, tmp_path / "site", previous=tmp_path / "site")
    assert len(count) == 2
    assert (tmp_path / "site" / "index.html").read_text(encoding="utf-8") == "2"


@pytest.mark.parametrize("name", ["index.html.j2", "zh.po", "style.css", "charts.py"])
def test_a_change_of_the_project_is_noticed(name, made_up, tmp_path, monkeypatch):
    here = tmp_path / "reports"
    (here / "templates").mkdir(parents=True)
    (here / "templates" / name).write_text("old", encoding="utf-8")
    monkeypatch.setattr(fingerprint, "MADE_BY", (here,))
    before = fingerprint.made_of(made_up)
    assert fingerprint.made_of(made_up) == before
    (here / "templates" / name).write_text("new", encoding="utf-8")
    assert fingerprint.made_of(made_up) != before


def test_every_file_of_the_pages_counts_for_the_pages_and_for_the_refresh():
    files = {
        path
        for folder in fingerprint.MADE_BY
        for path in folder.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        # of the guides, what a page shows
        and ("guides" not in path.parts or path.suffix == ".csv")
        # the published site, a link
        and Paths().site not in path.parents
    }
    assert {path.suffix for path in files} == {*inputs.SOURCES}
    names = {path.relative_to(Paths().project).as_posix() for path in files}
    hashed = inputs.file_hashes(Paths())
    assert names <= hashed.keys()
    assert {name for name in hashed if name.startswith("reports/")} <= names


def spoil(folder, what):
    if what == "page gone":
        (folder / "zh" / "index.html").unlink()
    elif what == "page changed":
        (folder / "index.html").write_text("by hand", encoding="utf-8")
    elif what == "no fingerprint":
        (folder / fingerprint.NAME).unlink()
    else:
        (folder / fingerprint.NAME).write_text(what, encoding="utf-8")


@pytest.mark.parametrize(
    "what", ["page gone", "page changed", "no fingerprint", "{", "[]", "{}"]
)
def test_a_spoilt_site_is_rendered_again(what, made_up, tmp_path, count):
    build_site(made_up, tmp_path)
    spoil(tmp_path, what)
    build_site(made_up, tmp_path, previous=tmp_path)
    assert len(count) == 2
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "2"


# --- links ------------------------------------------------------------------------


@of_every_page
def test_every_link_and_file_of_a_page_is_there(everything, parsed, language, name):
    own = address(language, name)
    page = parsed[own]
    targets = [
        attributes[key]
        for _, attributes in page.tags
        for key in ("href", "src")
        if key in attributes
    ]
    assert len(targets) > 8
    for target in targets:
        path, _, anchor = target.partition("#")
        linked = posixpath.normpath(PurePosixPath(own).parent / path) if path else own
        if linked.startswith("assets/"):
            assert linked.removeprefix("assets/") in SHARED
            continue
        assert linked in parsed, target
        ids = {attributes.get("id") for _, attributes in parsed[linked].tags}
        is_choice = linked.split("compare/")[-1] in STUDIES and CHOICE.match(anchor)
        assert not anchor or anchor in ids or is_choice, target


@of_every_page
def test_a_page_leads_to_itself_in_the_other_language(
    everything, parsed, language, name
):
    own = address(language, name)
    [link] = [tags for tag, tags in parsed[own].tags if "hreflang" in tags]
    other = {"en": "zh", "zh": "en"}[language]
    assert link["hreflang"] == link["lang"] == other
    linked = posixpath.normpath(PurePosixPath(own).parent / link["href"])
    assert linked == address(other, name)


def test_the_pages_of_a_language_lead_to_its_own_pages(parsed):
    for own, page in parsed.items():
        folder = PurePosixPath(own).parent
        others = {
            posixpath.normpath(folder / tags["href"].partition("#")[0]).startswith("zh")
            for tag, tags in page.tags
            if tag == "a" and "hreflang" not in tags and tags["href"][0] != "#"
        }
        assert others == {own.startswith("zh/")}


@of_every_page
def test_an_id_is_given_once(everything, parsed, language, name):
    tags = parsed[address(language, name)].tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))


# --- safety -----------------------------------------------------------------------


@of_every_page
def test_nothing_is_loaded_from_elsewhere(everything, parsed, language, name):
    page = parsed[address(language, name)]
    loading = ("srcset", "data", "poster", "action", "background", "xlink:href")
    assert not [tag for tag, attributes in page.tags if {*loading} & {*attributes}]
    assert not any(tag in ("iframe", "object", "base", "img") for tag, _ in page.tags)
    assert not any("style" in tags or "onclick" in tags for _, tags in page.tags)
    addresses = [
        attributes[key]
        for _, attributes in page.tags
        for key in ("href", "src")
        if key in attributes
    ]
    assert not any(re.match(r"\w+:|//|/", target) for target in addresses)
    assert {tags["src"].split("/")[-1] for tag, tags in page.tags if "src" in tags} <= {
        *("build.js", "compare.js", "downloads.js", "site.js", "vega.js")
    }
    [policy] = [
        attributes["content"]
        for _, attributes in page.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy


def test_the_style_loads_nothing(built):
    style = (built / "assets" / "style.css").read_text(encoding="utf-8")
    assert not re.search(r"@import|url\(", style)


@of_every_page
def test_scripts_hold_data_without_tags_or_addresses(
    everything, parsed, language, name
):
    page = parsed[address(language, name)]
    names = [script for script, _ in page.scripts]
    if name == "index.html":
        assert names == ["words", None, None, None]
    elif name.startswith("compare/"):
        assert sorted(filter(None, names)) == sorted([*COMPARED, "words"])
    else:
        own = ["words", None, None]
        assert names in (own, ["charts", None, *own])
    for script, text in page.scripts:
        assert script or not text.strip()
        assert "<" not in text
        assert not re.search(r'https?:|"url"', text)
    assert set(json.loads(page.script("words"))) == {"download", "sort", "table"}


def test_hostile_labels_are_text(parsed):
    for path, page in parsed.items():
        tags = [tags for tag, tags in page.tags if tag == "script"]
        known = all(
            "src" in tag or tag.get("id") in (*COMPARED, "words") for tag in tags
        )
        assert known, path
    # title, heading, system, criterion, indicator, unit, region, series, ...
    assert parsed["three.html"].text.count(HOSTILE) > 10
    assert parsed["three.html"].text.count(CLOSING) > 10
    assert HOSTILE in parsed["three.html"].text.split("Home")[0]
    assert parsed["zh/three.html"].text.count(CLOSING) > 5
    assert CLOSING in parsed["zh/three.html"].text.split("首页")[0]


def test_hostile_labels_do_not_end_the_script_that_holds_the_charts(parsed):
    for path, name in (("three.html", HOSTILE), ("zh/three.html", CLOSING)):
        labels = [row["place"] for row in data_of(parsed[path].charts()["ranking"])]
        assert labels[1] == f"1  {name}"


# what has a meaning to the pages, or names a page, and what numbers join on
KEPT = {
    *("study_id", "region_code", "system_id", "item_id", "lagging_system_id"),
    *("status", "verdict", "coverage_status", "value_origin", "change_status"),
    *("role", "level", "subject", "model", "interval_basis", "loss_rate_basis"),
    *("limit_class", "default_method_id", "method_id", "grade_scheme_id"),
    *("normalisation_scope", "zero_rule", "coupling_formula", "aggregation"),
    *("kind", "effect_status", "severity", "figure_origin", "bound"),
    *("detector", "deciding_detector", "metric", "about", "outcome", "scale"),
    *("direction", "contribution", "survey_id", "check_name", "series_id"),
    *("numerator_series_id", "denominator_series_id", "grouping_id"),
    *("study_origin", "region_origin"),
}
TAIL = "<s>&'\"</s>"
# columns of words, with a page that shows them in each language
SHOWN = {
    ("dim_studies", "label"): ("index.html", None),
    ("dim_studies", "label_zh"): (None, "index.html"),
    ("dim_studies", "paper_id"): ("small.html", "small.html"),
    ("dim_systems", "label"): ("small.html", None),
    ("dim_systems", "label_zh"): (None, "small.html"),
    ("dim_methods", "label"): ("small.html", None),
    ("dim_methods", "label_zh"): (None, "small.html"),
    ("dim_methods", "weighting"): ("small.html", "small.html"),
    ("dim_grades", "grade"): ("small.html", None),
    ("dim_grades", "grade_zh"): (None, "small.html"),
    ("dim_regions", "region"): ("regions.html", None),
    ("dim_regions", "name_zh"): (None, "regions.html"),
    ("dim_region_groups", "group_label"): ("regions/1.html", None),
    ("dim_region_groups", "group_label_zh"): (None, "regions/1.html"),
    ("dim_indicators", "label"): ("small.html", None),
    ("dim_indicators", "label_zh"): (None, "small.html"),
    ("dim_indicators", "criterion"): ("small.html", None),
    ("dim_indicators", "criterion_zh"): (None, "small.html"),
    ("dim_indicators", "unit"): ("small.html", "small.html"),
    ("dim_indicators", "operator"): ("small.html", "small.html"),
    ("dim_indicators", "coverage_note"): ("small.html", None),
    ("dim_indicators", "coverage_note_zh"): (None, "small.html"),
    ("dim_series", "label"): ("small.html", None),
    ("dim_series", "label_zh"): (None, "small.html"),
    ("dim_series", "publisher"): ("small.html", None),
    ("dim_series", "publisher_zh"): (None, "small.html"),
    ("dim_series", "title"): ("small.html", None),
    ("dim_series", "title_zh"): (None, "small.html"),
    ("dim_series", "citation"): ("small.html", None),
    ("dim_series", "citation_zh"): (None, "small.html"),
    ("dim_series", "quality"): ("small.html", "small.html"),
    ("dim_series", "quality_note"): ("small.html", None),
    ("dim_series", "quality_note_zh"): (None, "small.html"),
    ("fct_coupling", "grade"): ("small.html", None),
    ("fct_coupling", "grade_zh"): (None, "small.html"),
    ("fct_coupling", "status_reason"): ("small.html", None),
    ("fct_coupling", "status_reason_zh"): (None, "small.html"),
    ("fct_published_checks", "claim"): ("papers.html", None),
    ("fct_published_checks", "claim_zh"): (None, "papers.html"),
    ("fct_published_checks", "place"): ("papers.html", None),
    ("fct_published_checks", "place_zh"): (None, "papers.html"),
    ("fct_published_checks", "explanation"): ("papers.html", None),
    ("fct_published_checks", "explanation_zh"): (None, "papers.html"),
    ("fct_published_checks", "printed_text"): ("papers.html", None),
    ("fct_published_checks", "printed_text_zh"): (None, "papers.html"),
    ("fct_published_checks", "recomputed_text"): ("papers.html", None),
    ("fct_published_checks", "recomputed_text_zh"): (None, "papers.html"),
    ("fct_replication", "reading_note"): ("papers.html", None),
    ("fct_replication", "reading_note_zh"): (None, "papers.html"),
    ("fct_forecasts", "status_reason"): ("forecasts.html", None),
    ("fct_forecasts", "status_reason_zh"): (None, "forecasts.html"),
    ("fct_forecast_models", "hazard"): ("forecasts.html", "forecasts.html"),
    ("fct_forecast_models", "accuracy_class"): ("forecasts.html", "forecasts.html"),
    ("fct_underwriting_decisions", "attitude_set"): ("forecasts.html", None),
    ("fct_underwriting_decisions", "attitude_set_zh"): (None, "forecasts.html"),
    ("fct_underwriting_decisions", "selected_hazards"): ("forecasts.html", None),
    ("fct_underwriting_decisions", "selected_hazards_zh"): (None, "forecasts.html"),
    ("fct_underwriting_decisions", "largest_set_hazards"): ("forecasts.html", None),
    ("fct_underwriting_decisions", "largest_set_hazards_zh"): (None, "forecasts.html"),
    ("fct_household_anomalies", "household_id"): (
        *("households.html", "households.html"),
    ),
    ("fct_household_anomalies", "anomaly_reason"): ("households.html", None),
    ("fct_household_anomalies", "anomaly_reason_zh"): (None, "households.html"),
    ("fct_household_anomalies", "not_assessed_reason"): ("households.html", None),
    ("fct_household_anomalies", "not_assessed_reason_zh"): (None, "households.html"),
    ("fct_anomaly_rules", "sentence"): ("households.html", None),
    ("fct_anomaly_rules", "sentence_zh"): (None, "households.html"),
    ("fct_consumption_model", "status_zh"): (None, "households.html"),
    ("stg_households", "currency"): ("households.html", "households.html"),
    ("dim_sources", "publisher"): ("index.html", None),
    ("dim_sources", "publisher_zh"): (None, "index.html"),
    ("dim_sources", "title"): ("quality.html", None),
    ("dim_sources", "title_zh"): (None, "quality.html"),
    ("dim_sources", "quality_note"): ("quality.html", None),
    ("dim_sources", "quality_note_zh"): (None, "quality.html"),
    ("fct_data_revisions", "file_name"): ("quality.html", "quality.html"),
    ("fct_revision_effects", "run_id"): ("quality.html", "quality.html"),
    ("qc_degenerate_indicators", "reason"): ("quality.html", None),
    ("qc_degenerate_indicators", "reason_zh"): (None, "quality.html"),
    ("qc_suspicious_observations", "reason"): ("quality.html", None),
    ("qc_suspicious_observations", "reason_zh"): (None, "quality.html"),
    ("qc_set_aside", "name"): ("quality.html", "quality.html"),
    ("qc_set_aside", "reason"): ("quality.html", None),
    ("qc_set_aside", "reason_zh"): (None, "quality.html"),
    ("qc_landing_rejects", "source_file"): ("quality.html", "quality.html"),
    ("qc_landing_rejects", "text_found"): ("quality.html", "quality.html"),
    ("qc_household_rejects", "reason"): ("quality.html", None),
    ("qc_household_rejects", "reason_zh"): (None, "quality.html"),
    ("qc_landing_rejects", "reason"): ("quality.html", None),
    ("qc_landing_rejects", "reason_zh"): (None, "quality.html"),
    ("qc_household_rejects", "found"): ("quality.html", "quality.html"),
    ("qc_household_rejects", "household_id"): ("quality.html", "quality.html"),
    ("fct_study_breaks", "reason"): ("small.html", None),
    ("fct_study_breaks", "reason_zh"): (None, "small.html"),
    ("qc_expectation_results", "observed"): ("quality.html", None),
    ("qc_expectation_results", "observed_zh"): (None, "quality.html"),
    ("qc_expectation_results", "expected"): ("quality.html", None),
    ("qc_expectation_results", "expected_zh"): (None, "quality.html"),
}


def with_tail(row):
    return {
        key: f"{value}{TAIL}" if isinstance(value, str) and key not in KEPT else value
        for key, value in row.items()
    }


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Both languages of a warehouse whose every word ends in a tag."""
    tables = {
        table: [with_tail(row) for row in rows] for table, rows in WAREHOUSE.items()
    }
    # what joins on the name of an indicator or a criterion ends in the same
    tables["fct_obstacle_rankings"] = [
        row | {"item_id": f"{row['item_id']}{TAIL}"}
        for row in tables["fct_obstacle_rankings"]
    ]
    path = write_warehouse(tmp_path_factory.mktemp("hostile") / "db", tables)
    return {language: rendered(path, language) for language in ("en", "zh")}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_word_of_the_database_becomes_a_tag(hostile, language):
    for name, text in hostile[language].items():
        page = Page(text)
        assert "s" not in {tag for tag, _ in page.tags}, name
        assert "<s>" not in text, name
        assert "&lt;s&gt;" in text or name in ("scale.html", "glossary.html"), name
        # escaped once
        assert "&amp;lt;" not in text, name
        assert "&amp;amp;" not in text, name
        assert {tag for tag, tags in page.tags if None in tags} == set()


@pytest.mark.parametrize(("table", "column"), SHOWN)
def test_every_column_of_words_is_shown_as_it_is(hostile, table, column):
    for language, name in zip(("en", "zh"), SHOWN[table, column], strict=True):
        if name is None:
            continue
        text = Page(hostile[language][name]).text
        values = {row[column] for row in WAREHOUSE[table] if row.get(column)}
        said = {f"{value}{TAIL}" for value in values}
        words = {f"{value.replace('_', ' ')}{TAIL}" for value in values}
        assert any(value in text for value in said | words)


@of_every_page
def test_no_page_shows_a_missing_value_as_nan_or_none(
    everything, parsed, language, name
):
    text = parsed[address(language, name)].text
    # the synchronous region of a chain lags in "none"
    text = text.replace("none, synchronous", "")
    assert not re.search(r"\b(nan|none|null|nat|undefined|inf)\b", text, flags=re.I)


# --- access -----------------------------------------------------------------------


@of_every_page
def test_tables_have_captions_and_scopes_and_charts_have_descriptions(
    everything, parsed, language, name
):
    page = parsed[address(language, name)]
    assert ("html", {"lang": language}) in page.tags
    tags = [tag for tag, _ in page.tags]
    assert (tags.count("h1"), tags.count("main"), tags.count("title")) == (1, 1, 1)
    assert all(page.tables)
    scopes = {attributes.get("scope") for tag, attributes in page.tags if tag == "th"}
    assert scopes <= {"col", "row", "rowgroup"}
    described = {
        attributes["id"]: attributes["aria-label"]
        for _, attributes in page.tags
        if attributes.get("class") == "chart"
    }
    specifications = page.charts() if described else {}
    assert described == {
        f"chart-{chart}": specification["description"]
        for chart, specification in specifications.items()
    }
    least = 40 if language == "en" else 15
    assert all(len(description) > least for description in described.values())


@of_every_page
def test_heading_levels_are_not_skipped(everything, parsed, language, name):
    tags = parsed[address(language, name)].tags
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@of_every_page
def test_every_table_reaches_as_far_as_its_heading(everything, parsed, language, name):
    page = parsed[address(language, name)]
    for caption, rows in page.widths.items():
        assert len(set(rows)) == 1, caption
