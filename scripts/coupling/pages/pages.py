"""A page of the site and the environment that renders it."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
)

from coupling.base import kept
from coupling.base.paths import REPORTS
from coupling.words import formats, formulas, language, styles, tables

TEMPLATES = REPORTS / "templates"
ASSETS = REPORTS / "assets"
SAFE = re.compile(r"[^A-Za-z0-9_-]")
LONGEST = 100
PLACES = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth"]


_crowded: ContextVar[frozenset[str]] = ContextVar("crowded", default=frozenset())
_without_page: ContextVar[frozenset[str]] = ContextVar(
    "without_page", default=frozenset()
)


@contextmanager
def crowding(studies: Iterable[str], regions: Iterable[str] = ()) -> Iterator[None]:
    """Let links to regions lead to the one page of all regions of a study.

    Parameters
    ----------
    studies
        Ids of the studies that have such a page.
    regions
        Codes of the regions that are in these studies only.

    """
    tokens = _crowded.set(frozenset(studies)), _without_page.set(frozenset(regions))
    try:
        yield
    finally:
        _crowded.reset(tokens[0])
        _without_page.reset(tokens[1])


def is_crowded(study_id: str) -> bool:
    """Say whether a study has many regions: one page for all, not one for each."""
    return study_id in _crowded.get()


def has_region_page(region_code: str) -> bool:
    """Say whether a region has a page: it is in a study of few regions."""
    return region_code not in _without_page.get()


def chain_path(study_id: str, region_code: str) -> str:
    """Return the path of the page that shows where a region's numbers come from.

    Raises
    ------
    ValueError
        The study_id has other characters than letters, digits, hyphen and underscore.

    """
    return f"chains/{_name('study_id', study_id)}-{file_name(region_code)}.html"


def places_path(study_id: str) -> str:
    """Return the path of the page with all regions of a study that has many.

    Raises
    ------
    ValueError
        As in `chain_path`.

    """
    return f"places/{_name('study_id', study_id)}.html"


def place_anchor(region_code: str) -> str:
    """Return the id of a region's row on the page of all regions."""
    return f"r-{file_name(region_code)}"


def region_page_path(region_code: str) -> str:
    """Return the path of the page of a region."""
    return f"regions/{file_name(region_code)}.html"


def file_name(code: str) -> str:
    """Return a name that any system takes for a file, another one for each code.

    Letters of English, digits, hyphens and underscores stay; of all else the bytes are
    told behind a tilde. A name too long for a file ends in the code's SHA-256.
    """
    name = SAFE.sub(lambda found: f"~{found[0].encode().hex('~')}", code)
    if len(name) <= LONGEST:
        return name
    return f"{name[:LONGEST]}~~{hashlib.sha256(code.encode()).hexdigest()[:16]}"


def compare_path(study_id: str) -> str:
    """Return the path of the page that compares regions and methods of a study.

    Raises
    ------
    ValueError
        As in `chain_path`.

    """
    return f"compare/{_name('study_id', study_id)}.html"


def compare_link(study_id: str, *region_codes: str) -> str:
    """Return the link from the root of a language to a comparison of the regions."""
    regions = ",".join(quote(code) for code in region_codes)
    return f"{quote(compare_path(study_id))}#regions={regions}"


def chain_link(study_id: str, region_code: str, year: int | str) -> str:
    """Return the link from a page of a study to a year of a region's chain.

    In a study of many regions it leads to the region's row on the page of all of them.
    """
    if is_crowded(study_id):
        return f"{quote(places_path(study_id))}#{quote(place_anchor(region_code))}"
    return f"{quote(chain_path(study_id, region_code))}#y{year}"


def region_link(study_id: str, region_code: str) -> str:
    """Return the link to a region's page, or to its row on that of the study."""
    if has_region_page(region_code):
        return quote(region_page_path(region_code))
    return chain_link(study_id, region_code, "")


def _name(what: str, value: str) -> str:
    if not re.fullmatch(r"[\w-]+", value):
        raise ValueError(
            f"{what} {value!r} cannot name a page: use letters, digits, hyphens "
            "and underscores"
        )
    return value


@dataclass(frozen=True)
class Page:
    """One page: its path from the root of its language, its template and content."""

    path: str
    template: str
    context: dict

    @property
    def root(self) -> str:
        """The way from the page to the root of its language: '' or '../'."""
        return "../" * self.path.count("/")


def links(page: Page, spoken: str) -> dict[str, str]:
    """Return the relative addresses that every page needs.

    `root` leads to the pages of the same language, `assets` to what all pages share,
    `other` to the same page in the other language. English pages lie at the top of the
    site, those of another language in a folder of its code.
    """
    if spoken == language.ENGLISH:
        other = f"{page.root}{language.CHINESE}/{page.path}"
        top = page.root
    else:
        other = f"{page.root}../{page.path}"
        top = f"{page.root}../"
    return {"root": page.root, "assets": f"{top}assets/", "other": other, "top": top}


def _compiled() -> FileSystemBytecodeCache | None:
    """Where templates are kept as they are compiled, with the options set below."""
    place = kept.folder("templates", version("jinja2"), Path(__file__).read_bytes())
    return FileSystemBytecodeCache(str(place)) if place else None


@cache
def environment() -> Environment:
    """Return the environment of the templates; messages follow the language spoken.

    It is one for all, so that a template is compiled once.
    """
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_compiled(),
        # no filter is asked while a template is compiled: it speaks a language
        optimized=False,
    )
    # added by the extension i18n
    made.install_gettext_callables(  # type: ignore[attr-defined]
        language._, language.ngettext, newstyle=True
    )
    made.policies["ext.i18n.trimmed"] = True
    made.policies["json.dumps_kwargs"] = {
        "sort_keys": True,
        "allow_nan": False,
        "separators": (",", ":"),
    }
    made.filters |= {
        "degree": tables.degree,
        "difference": formats.difference,
        "coded": tables.coded,
        "in_brackets": tables.in_brackets,
        "percent": tables.percent,
        "change": formats.change,
        "per_cent": formats.per_cent,
        "rate": formats.rate,
        "contribution": tables.contribution,
        "count": formats.count,
        "how_many": formats.how_many,
        "as_printed": formats.as_printed,
        "three_digits": formats.three_digits,
        "plain": formats.plain,
        "with_minus": formats.with_minus,
        "feature": tables.feature_label,
        "named": language.named,
        "said": language._,
        "year_span": tables.year_span,
    }
    made.globals |= {
        "places": PLACES,
        "spoken": language.spoken,
        "LANGUAGES": language.LANGUAGES,
        "mean_degree_style": styles.mean_degree_style,
        "chain_link": chain_link,
        "places_path": places_path,
        "place_anchor": place_anchor,
        "region_page_path": region_page_path,
        "sign": formulas.inline,
        "compare_link": compare_link,
        "compare_path": compare_path,
    }
    return made
