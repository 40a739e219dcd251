"""Builds the site: every page in every language, and what the pages share."""

import gc
import os
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import cache
from importlib.metadata import version
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread

import duckdb
import vl_convert

from coupling.base import kept
from coupling.base.connections import connect
from coupling.charts.charts import unchecked
from coupling.pages.chains import chain_pages
from coupling.pages.compare import LIST as COMPARISONS
from coupling.pages.compare import compare_pages
from coupling.pages.forecasts import forecast_pages
from coupling.pages.glossary import glossary_page
from coupling.pages.households import household_pages
from coupling.pages.pages import ASSETS, Page, crowding, environment, is_crowded, links
from coupling.pages.papers import paper_pages
from coupling.pages.places import place_pages
from coupling.pages.quality import quality_pages
from coupling.pages.regions import region_pages
from coupling.pages.scale import scale_pages
from coupling.pages.studies import study_pages
from coupling.queries import lists
from coupling.site import beside, build, fingerprint
from coupling.site.beside import Beside
from coupling.site.expectations import expectation_pages
from coupling.site.home import home_page
from coupling.site.lineage import PAGE as LINEAGE
from coupling.site.lineage import lineage_page
from coupling.words.language import ENGLISH, LANGUAGES, _, speaking

OTHERS = [language for language in LANGUAGES if language != ENGLISH]
CHARTS = "vega.js"
PAGE = ".html"


def build_site(
    database: Path,
    output: Path,
    previous: Path | None = None,
    renderers: Executor | None = None,
) -> list[Path]:
    """Write all pages and what they share; return the pages, the English home first.

    The same database gives the same bytes. All pages are rendered before the first is
    written; a page whose content is as before is left alone, and pages of what is gone
    are removed from `output`.

    Parameters
    ----------
    database
        The built DuckDB file; it is opened read-only.
    output
        Folder of the site: `index.html` and the other pages in English, `zh/` the same
        in Chinese, `assets/` style and scripts; created if missing.
    previous
        Folder of a site written before, perhaps `output` itself. If it is made of the
        same rows, code and packages, its pages are taken and none is rendered.
    renderers
        `other_renderers`, started before; they are started here if none are given.

    Raises
    ------
    FileNotFoundError
        There is no such database.
    ValueError
        A study_id does not serve as the name of a page.
    duckdb.CatalogException
        The database lacks a mart that the pages read.

    """
    if not database.is_file():
        raise FileNotFoundError(f"no database at {database}; build the warehouse first")
    found = beside.read(output)
    made = fingerprint.made_of(database, found)
    files = fingerprint.unchanged_files(previous, made) if previous else None
    if files is None:
        rendered = render_site(database, found, renderers)
        files = {path: text.encode() for path, text in rendered.items()} | shared()
    written = {path: _write(output / path, files[path]) for path in files}
    pages = [path for name, path in written.items() if name.endswith(PAGE)]
    for stale in set(output.rglob(f"*{PAGE}")) - set(pages):
        if stale != output / beside.DBT:
            stale.unlink()
    # not among the files of the fingerprint: it changes where no page does
    _write(output / build.NAME, build.build_script(database))
    _write(output / fingerprint.NAME, fingerprint.written(made, files))
    return pages


def render_site(
    database: Path,
    found: Beside = beside.NOTHING,
    renderers: Executor | None = None,
) -> dict[str, str]:
    """Return {path: HTML} of all pages in all languages, the English home first.

    Other languages are rendered in processes of their own while this one does English.
    """
    with renderers or other_renderers() as others:
        waiting = [
            others.submit(render_language, database, code, found) for code in OTHERS
        ]
        rendered = render_language(database, ENGLISH, found)
        for result in waiting:
            rendered |= result.result()
    return rendered


def other_renderers() -> Executor:
    """Start a process for each language but English, and let it load what pages need.

    They end with the process that started them, however that ends.
    """
    started = ProcessPoolExecutor(
        len(OTHERS), get_context("spawn"), initializer=_start_renderer
    )
    for _language in OTHERS:
        started.submit(load_templates)
    return started


@cache
def charts_script() -> bytes:
    """Return the script that draws the charts; to put it together takes a while."""
    return kept.bytes_of("charts", _bundle, version("vl-convert-python"))


def _bundle() -> bytes:
    # its stub asks for a snippet, which may be left out
    return vl_convert.javascript_bundle().encode()  # type: ignore[call-arg]


def load_templates() -> None:
    """Compile all templates, so that the first pages need not wait for them."""
    templates = environment()
    for name in templates.list_templates(extensions=["j2"]):
        templates.get_template(name)


def _start_renderer() -> None:
    # it lives as long as its pages take, as the tasks of coupling.refresh.children do
    gc.disable()
    _end_with_parent()


def _end_with_parent() -> None:
    """Let this process end when the one that started it does, however that ends."""

    def wait() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
        os._exit(1)

    Thread(target=wait, daemon=True).start()


def render_language(
    database: Path, language: str, found: Beside = beside.NOTHING
) -> dict[str, str]:
    """Return {path: HTML} of all pages in one language, its home first."""
    templates = environment()
    folder = "" if language == ENGLISH else f"{language}/"
    with (
        # a thread for each language: they are rendered side by side
        connect(database, read_only=True, threads=1) as con,
        speaking(language),
        crowding(*lists.crowds(con)),
        unchecked(),
    ):
        pages = all_pages(con, found)
        menu = site_menu(pages)
        return {
            folder + page.path: templates.get_template(page.template).render(
                page.context, menu=menu, **links(page, language)
            )
            for page in pages
        }


def all_pages(con: duckdb.DuckDBPyConnection, found: Beside) -> list[Page]:
    """Return the pages in the language spoken, the home first."""
    studies = study_pages(con)
    judged = expectation_pages(con)
    others = [
        *region_pages(con),
        *compare_pages(con),
        *forecast_pages(con),
        *paper_pages(con),
        *household_pages(con),
        *quality_pages(con, has_expectations=bool(judged)),
        *judged,
        *([lineage_page(found.lineage)] if found.lineage else []),
        *scale_pages(),
        glossary_page(),
    ]
    ids = [page.context["study"]["study_id"] for page in studies]
    chains = chain_pages(con, [name for name in ids if not is_crowded(name)])
    places = place_pages(con, [name for name in ids if is_crowded(name)])
    return [home_page(con, studies, others), *studies, *others, *chains, *places]


def site_menu(pages: list[Page]) -> list[tuple[str, str]]:
    """Return name and path of the pages that every page leads to."""
    names = {
        "regions.html": _("Regions"),
        COMPARISONS: _("Compare"),
        "forecasts.html": _("Forecasts"),
        "households.html": _("Households"),
        "papers.html": _("What the papers print"),
        "quality.html": _("Data quality"),
        LINEAGE: _("Lineage"),
        "glossary.html": _("Glossary"),
    }
    there = {page.path for page in pages}
    return [(name, path) for path, name in names.items() if path in there]


def shared() -> dict[str, bytes]:
    """Return {path: content} of what all pages use: style and scripts."""
    files = {source.name: source.read_bytes() for source in sorted(ASSETS.iterdir())}
    files[CHARTS] = charts_script()
    return {f"assets/{name}": content for name, content in files.items()}


def _write(path: Path, content: bytes) -> Path:
    if path.is_file() and path.read_bytes() == content:
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    partial.write_bytes(content)
    return partial.replace(path)
