"""Sentences made in both languages at once, for columns and their `_zh` beside them."""

from typing import Any, NamedTuple

from coupling.words.language import CHINESE, spoken, translation


class Both(NamedTuple):
    """A text in English and in Chinese."""

    en: str
    zh: str


def in_both(message: str, **parts: object) -> Both:
    """Return a message of the translations in both languages.

    `{part}` in it stands for what is named: a `Both` is said in each language, all
    else as it is. Without parts braces are braces.
    """
    in_chinese = translation(CHINESE).gettext(message)
    if not parts:
        return Both(message, in_chinese)
    return Both(_filled(message, parts, 0), _filled(in_chinese, parts, 1))


def said(text: Both) -> str:
    """Return a text in the language spoken now."""
    return text.zh if spoken() == CHINESE else text.en


def joined_in_both(texts: list[Both], between: str = ", ") -> Both:
    """Return texts one after the other; what stands between them is a message too."""
    english, chinese = in_both(between)
    return Both(
        english.join(text.en for text in texts), chinese.join(text.zh for text in texts)
    )


def in_columns(name: str, text: Both | None) -> dict[str, Any]:
    """Return a text as the columns `name` and `name_zh`, both None without one."""
    return {
        name: None if text is None else text.en,
        f"{name}_zh": None if text is None else text.zh,
    }


def _filled(form: str, parts: dict[str, object], at: int) -> str:
    """Return a form with its parts in the language of that place of a `Both`."""
    said = {
        name: part[at] if isinstance(part, Both) else part
        for name, part in parts.items()
    }
    return form.format(**said)
