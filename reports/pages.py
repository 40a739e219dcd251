"""A page of the site and the environment that renders it."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from coupling_reports import formats, formulas, language, sentences, styles, tables

TEMPLATES = Path(__file__).parent / "templates"
ASSETS = Path(__file__).parent / "assets"
PLACES = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth"]


def chain_path(study_id: str, region_code: str) -> str:
    """Return the path of the page that shows where a region's numbers come from.

    Raises
    ------
    ValueError
        An id has other characters than letters, digits, hyphen and underscore.

    """
    study, region = _name("study_id", study_id), _name("region_code", region_code)
    return f"chains/{study}-{region}.html"


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


def chain_link(study_id: str, region_code: str, year: int) -> str:
    """Return the link from a page of a study to a year of a region's chain."""
    return f"{quote(chain_path(study_id, region_code))}#y{year}"


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


def environment() -> Environment:
    """Return the environment of the templates; messages follow the language spoken."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.install_gettext_callables(language._, language.ngettext, newstyle=True)
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
        "plain": formats.plain,
        "feature": tables.feature_label,
        "named": language.named,
        "said": language._,
        "told": sentences.told,
        "told_list": sentences.told_list,
        "told_place": sentences.told_place,
        "year_span": tables.year_span,
    }
    made.globals |= {
        "places": PLACES,
        "spoken": language.spoken,
        "LANGUAGES": language.LANGUAGES,
        "mean_degree_style": styles.mean_degree_style,
        "chain_link": chain_link,
        "sign": formulas.inline,
        "compare_link": compare_link,
        "compare_path": compare_path,
    }
    return made
