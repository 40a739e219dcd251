"""The texts of a chain in English and Chinese, from templates/phrases.yml."""

from collections.abc import Callable
from functools import cache

import yaml

from coupling.base.paths import REPORTS

FILE = REPORTS / "templates" / "phrases.yml"
LANGUAGES = ("en", "zh")


@cache
def phrases() -> dict[str, dict[str, str]]:
    """Return {key: {language: text}}."""
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


@cache
def speaker(language: str) -> Callable[..., str]:
    """Return a function that says the phrase of a key, its blanks filled in.

    Raises
    ------
    ValueError
        The language is neither 'en' nor 'zh'.

    """
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r}: there are {', '.join(LANGUAGES)}")
    texts = {key: text[language] for key, text in phrases().items()}

    def say(key: str, **blanks) -> str:
        return texts[key].format(**blanks) if blanks else texts[key]

    return say
