"""What the letters of quality say of a source: one wording for every page."""

from coupling.words.language import _


def letter_meanings() -> dict[str, str]:
    """Return {quality letter: what it says of a source}."""
    return {
        "A": _(
            "two or more copies agree, or the provinces add up to the printed national "
            "total"
        ),
        "B": _("one copy"),
        "C": _("compiled by hand from several tables"),
        "U": _("a user's own, unchecked"),
    }


def letters_sentence() -> str:
    """Return the letters and their meanings as one sentence."""
    meanings = [
        _("{letter}, {meaning}").format(letter=letter, meaning=meaning)
        for letter, meaning in letter_meanings().items()
    ]
    return _("Quality of a source: {letters}.").format(letters=_("; ").join(meanings))
