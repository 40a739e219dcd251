"""Data docs: what Great Expectations renders of a suite, for a page of the site.

Its page template loads scripts, styles and pictures from eight hosts and prints the
time, so only the sections that its renderer makes are taken; the site holds them.
"""

import functools
import html
import json
from html.parser import HTMLParser
from pathlib import Path

from coupling.expectations.outcome import Outcome

FILE = "suites.json"

TAGS = {"div", "span", "p", "br", "ul", "ol", "li", "strong", "code", "em", "b"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"} | {f"h{n}" for n in range(1, 7)}
VOID = {"br"}
SILENT = {"script", "style", "template", "iframe", "object", "svg"}
ICONS = {
    "fa-check-circle": "✓ ",
    "fa-exclamation-triangle": "! ",
    "fa-times": "✗ ",
}
# its headings are made for a page with others above them
HEADINGS = {"h5": "h2", "h6": "h3"}


class _Cleaner(HTMLParser):
    """Keeps tags of TAGS with their id and class, and all text; drops the rest."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag, attributes) -> None:
        given = dict(attributes)
        if tag in SILENT:
            self._silent += 1
        elif tag == "i":
            classes = (given.get("class") or "").split()
            self.kept += [ICONS[name] for name in classes if name in ICONS]
        elif tag in TAGS and not self._silent:
            wanted = ("class", "colspan", "rowspan")
            kept = [
                f' {name}="{html.escape(given[name])}"'
                for name in wanted
                if given.get(name)
            ]
            self.kept.append(f"<{HEADINGS.get(tag, tag)}{''.join(kept)}>")

    def handle_endtag(self, tag) -> None:
        if tag in SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in TAGS - VOID and not self._silent:
            self.kept.append(f"</{HEADINGS.get(tag, tag)}>")

    def handle_data(self, data) -> None:
        if not self._silent:
            # the templates indent by whole screens of blanks
            text = " ".join(data.split())
            before = " " if data[:1].isspace() else ""
            after = " " if data[-1:].isspace() and text else ""
            self.kept.append(html.escape(before + text + after, quote=False))


def clean(fragment: str) -> str:
    """A fragment of HTML without scripts, links, pictures or attributes that act."""
    cleaner = _Cleaner()
    cleaner.feed(fragment)
    cleaner.close()
    return "".join(cleaner.kept)


def suite_sections(result) -> str:
    """The sections of a suite as HTML from its result, whose strings are HTML."""
    from great_expectations.render.renderer import ValidationResultsPageRenderer

    document = ValidationResultsPageRenderer(run_info_at_end=True).render(result)
    view = _view()
    # the last section is about the run: the time, and nothing that the page needs
    sections = [
        view.render({"section": section.to_json_dict(), "section_loop": {"index": i}})
        for i, section in enumerate(document.sections[:-1], 1)
    ]
    return clean("".join(sections))


@functools.cache
def _view():
    """The library's view; each compiles its templates anew."""
    from great_expectations.render.view import DefaultJinjaSectionView

    return DefaultJinjaSectionView()


def write_docs(outcomes: list[Outcome], folder: Path) -> Path:
    """Write the sections of all suites, {suite: HTML}, for the site to make pages of.

    The same outcomes give the same bytes. Returns the file.
    """
    suites = {name: html for o in outcomes for name, html in o.sections.items()}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    text = json.dumps(suites, ensure_ascii=False, indent=0)
    path.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return path
