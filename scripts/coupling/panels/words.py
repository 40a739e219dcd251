"""What is said to a user, in English and Chinese."""

from collections.abc import Callable

from coupling.words.in_both import Both

Words = Callable[[str, str], str]


class SaidError(Exception):
    """Why something cannot be, in both languages; a line for each reason."""

    def __init__(self, *reasons: Both):
        """Keep the reasons; as text the error is English."""
        super().__init__("\n".join(one.en for one in reasons))
        self.reasons = reasons

    def spoken(self, words: Words) -> str:
        """Return the reasons in the language of `words`."""
        return "\n".join(words(*one) for one in self.reasons)


def words_in(language: str) -> Words:
    """Return what says a text in a language, en or zh: words(english, chinese)."""
    if language == "zh":
        return lambda english, chinese: chinese
    return lambda english, chinese: english
