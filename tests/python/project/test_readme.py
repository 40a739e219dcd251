"""Queries of the README and the guides give their outputs; links lead somewhere."""

import re

import duckdb
import pytest

from coupling.base.paths import Paths

PROJECT = Paths().project
TEXTS = {
    path: path.read_text(encoding="utf-8")
    for path in [
        PROJECT / "README.md",
        *sorted((PROJECT / "reports" / "guides").rglob("*.md")),
    ]
}
README = TEXTS[PROJECT / "README.md"]
OUTPUT = re.compile(r"```sql\n(.*?)```\n\n((?:\|[^\n]*\n)+)", flags=re.DOTALL)
QUERIES = [found for text in TEXTS.values() for found in OUTPUT.findall(text)]
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")


def markdown(connection, query):
    """The result of a query as the lines of a Markdown table."""
    result = connection.execute(query)
    names = [column[0] for column in result.description]
    rows = [names, ["---"] * len(names), *result.fetchall()]
    return ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]


def test_every_query_has_an_output():
    written = sum(text.count("```sql") for text in TEXTS.values())
    assert len(QUERIES) == written == 14
    assert len(OUTPUT.findall(README)) == 5


@pytest.mark.parametrize(("query", "output"), QUERIES)
def test_query_gives_the_printed_output(warehouse, query, output):
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        lines = markdown(connection, query)
    assert len(lines) > 2
    assert lines == output.splitlines()


def anchors(text):
    """The anchors of the headings of a text."""
    heads = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def test_links_lead_to_files_and_headings():
    bad, count = [], 0
    for path, text in TEXTS.items():
        for to, anchor in LINK.findall(text):
            target = (path.parent / to).resolve() if to else path
            count += 1
            if not target.exists() or (
                anchor and anchor not in anchors(target.read_text(encoding="utf-8"))
            ):
                bad.append(f"{path.name}: {to}#{anchor}")
    assert bad == []
    assert count > 40


def test_the_readme_is_short_and_leads_to_every_guide():
    assert len(README.splitlines()) < 200
    guides = PROJECT / "reports" / "guides"
    led_to = {(PROJECT / to).resolve() for to, _ in LINK.findall(README)}
    others = {path for path in TEXTS if path.parent == guides} - {guides / "README.md"}
    assert others - led_to == set()


def test_every_folder_and_command_is_explained():
    folders = ("seeds", "models", "macros", "tests", "scripts", "reports")
    architecture = TEXTS[PROJECT / "reports" / "guides" / "architecture.md"]
    assert all(f"| `{folder}/` |" in architecture for folder in folders)
    assert all(f"make {target}" in README for target in ("warehouse", "test"))
