"""The languages of the site: English is written in place, others are translations.

Sentences of templates and code are English and pass through `_` or `ngettext`, as
gettext has it; `translations/<language>.po` holds their counterparts.
"""

import gettext as gettext_module
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from coupling.base.paths import REPORTS

ENGLISH = "en"
CHINESE = "zh"
LANGUAGES = {ENGLISH: "English", CHINESE: "中文"}
CATALOGUES = REPORTS / "translations"

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let everything inside the block speak a language of `LANGUAGES`."""
    if language not in LANGUAGES:
        raise ValueError(f"no language {language!r}; there are {sorted(LANGUAGES)}")
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> str:
    """Return the code of the language that is spoken now."""
    return _spoken.get()


def _(message: str) -> str:
    """Return a message in the language spoken now."""
    return translation(spoken()).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return the form of a message that fits the number, in the language spoken."""
    return translation(spoken()).ngettext(singular, plural, number)


def named(row: dict, field: str = "label") -> str:
    """Return the field of a row in the language spoken: `label` or `label_zh`."""
    in_chinese = row.get(f"{field}_zh") if spoken() == CHINESE else None
    return in_chinese or row[field]


def column(name: str) -> str:
    """Return the SQL of a label in the language spoken, in English where there is none.

    `name` is its English column; that of another language ends in its code.
    """
    return name if spoken() == ENGLISH else f"coalesce({name}_{spoken()}, {name})"


def citation(sources: str, language: str | None = None, *, series: str) -> str:
    """Return the SQL of the citation of a source, its series named in the language.

    The shipped citations end in the Chinese name, which an English reader cannot read.
    """
    if (language or spoken()) != ENGLISH:
        return f"{sources}.citation"
    names = (f"concat(': ', {series}.{label}, '.')" for label in ("label_zh", "label"))
    return f"replace({sources}.citation, {', '.join(names)})"


def region_name(regions: str, language: str | None = None) -> str:
    """Return the SQL of a region's name in the language spoken, or in the other."""
    names = [f"{regions}.region", f"{regions}.name_zh"]
    first, second = names if (language or spoken()) == ENGLISH else reversed(names)
    return f"coalesce({first}, {second})"


@cache
def translation(language: str) -> gettext_module.NullTranslations:
    """Return the translations into a language; English needs none."""
    if language == ENGLISH:
        return gettext_module.NullTranslations()
    compiled = BytesIO()
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language, abort_invalid=True))
    compiled.seek(0)
    return gettext_module.GNUTranslations(compiled)
