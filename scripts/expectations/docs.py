"""Data docs: pages that Great Expectations renders, made to stand alone.

Its page template loads scripts, styles and pictures from eight hosts and prints the
time, so only the sections that its renderer makes are taken; a page of ours holds them.
"""

import html
from html.parser import HTMLParser
from pathlib import Path

from coupling.expectations.outcome import Check, Outcome

TAGS = {"div", "span", "p", "br", "ul", "ol", "li", "strong", "code", "em", "b"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"} | {f"h{n}" for n in range(1, 7)}
VOID = {"br"}
SILENT = {"script", "style", "template", "iframe", "object", "svg"}
ICONS = {
    "fa-check-circle": "✓ ",
    "fa-exclamation-triangle": "! ",
    "fa-times": "✗ ",
}
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem;
  padding: 0 1rem; color: #1c1c1c; background: #fff; }
table { border-collapse: collapse; margin: 0.5rem 0 1rem; width: 100%; }
th, td { border: 1px solid #ccc; padding: 0.3rem 0.5rem; text-align: left;
  vertical-align: top; overflow-wrap: break-word; }
th { background: #f2f2f2; white-space: nowrap; }
h1 { font-size: 1.6rem; } h5 { font-size: 1.15rem; margin: 1.5rem 0 0.3rem; }
.text-success, .pass { color: #17692b; } .text-danger, .error { color: #a31515; }
.warning { color: #8a5a00; }
@media (max-width: 40rem) {
  p, li, td { overflow-wrap: anywhere; }
  table { display: block; overflow-x: auto; } }
@media (prefers-color-scheme: dark) {
  body { color: #e6e6e6; background: #161616; }
  th { background: #262626; } th, td { border-color: #444; }
  .text-success, .pass { color: #7fd494; } .text-danger, .error { color: #ff8f8f; }
  .warning { color: #e6b85c; } a { color: #8ab4f8; } }
"""


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
            self.kept.append(f"<{tag}{''.join(kept)}>")

    def handle_endtag(self, tag) -> None:
        if tag in SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in TAGS - VOID and not self._silent:
            self.kept.append(f"</{tag}>")

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


def suite_page(name: str, result, checks: list[Check]) -> str:
    """The page of a suite from its validation result, whose strings are HTML."""
    from great_expectations.render.renderer import ValidationResultsPageRenderer
    from great_expectations.render.view import DefaultJinjaSectionView

    document = ValidationResultsPageRenderer(run_info_at_end=True).render(result)
    view = DefaultJinjaSectionView()
    # the last section is about the run: the time, and nothing that the page needs
    sections = [
        view.render({"section": section.to_json_dict(), "section_loop": {"index": i}})
        for i, section in enumerate(document.sections[:-1], 1)
    ]
    body = (
        '<p><a href="index.html">All suites</a></p>'
        f"<h1>{html.escape(name)}</h1>{_failures(checks)}"
        f"{clean(''.join(sections))}"
    )
    return _page(name, body)


def _failures(checks: list[Check]) -> str:
    """What does not hold, errors first, as a list of sentences."""
    failed = [c for c in checks if not c.success]
    if not failed:
        return '<p class="pass">Every expectation of this suite holds.</p>'
    lines = "".join(
        f'<li><strong class="{c.severity}">{c.severity}</strong> '
        f"{html.escape(c.sentence)}. {html.escape(c.note)}</li>"
        for c in sorted(failed, key=lambda c: c.severity)
    )
    return f"<ul>{lines}</ul>"


def write_docs(outcomes: list[Outcome], folder: Path) -> list[Path]:
    """Write a page per suite and `index.html`; return their paths, the index first.

    The folder holds nothing else afterwards. The same outcomes give the same bytes.
    """
    pages = {name: page for o in outcomes for name, page in o.pages.items()}
    checks = [check for outcome in outcomes for check in outcome.checks]
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.html"):
        stale.unlink()
    files = {f"{name}.html": page for name, page in pages.items()}
    written = []
    for name, page in {"index.html": _index(list(pages), checks), **files}.items():
        (folder / name).write_text(page, encoding="utf-8", newline="\n")
        written.append(folder / name)
    return written


def _index(suites: list[str], checks: list[Check]) -> str:
    rows = []
    for suite in suites:
        of_suite = [check for check in checks if check.suite == suite]
        failed = [check.severity for check in of_suite if not check.success]
        cells = "".join(
            f'<td class="{name if count else ""}">{count}</td>'
            for name, count in (
                ("error", failed.count("error")),
                ("warning", failed.count("warning")),
                ("pass", len(of_suite) - len(failed)),
            )
        )
        name = html.escape(suite)
        rows.append(f'<tr><td><a href="{name}.html">{name}</a></td>{cells}</tr>')
    body = (
        "<h1>Expectations</h1><p>What was expected of the figures before the build and"
        " of the marts after it, and what was found. An error stops a refresh; a "
        "warning is let through. The same rows are in quality.qc_expectation_results; "
        "thresholds are rows of seeds/reference/expectations.csv.</p>"
        "<table><thead><tr><th>suite</th><th>errors</th><th>warnings</th>"
        f"<th>hold</th></tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )
    return _page("Expectations", body)


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )
