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
