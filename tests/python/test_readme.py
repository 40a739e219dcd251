"""The README's queries give the README's outputs."""

import re

import duckdb
import pytest

from coupling.base.paths import Paths

README = (Paths().project / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```\n\n((?:\|[^\n]*\n)+)", README, flags=re.DOTALL)


def markdown(connection, query):
    """The result of a query as the lines of a Markdown table."""
    result = connection.execute(query)
    names = [column[0] for column in result.description]
    rows = [names, ["---"] * len(names), *result.fetchall()]
    return ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]


def test_every_query_has_an_output():
    assert len(QUERIES) == README.count("```sql") == 14


@pytest.mark.parametrize(("query", "output"), QUERIES)
def test_query_gives_the_printed_output(warehouse, query, output):
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        lines = markdown(connection, query)
    assert len(lines) > 2
    assert lines == output.splitlines()


def test_every_folder_and_command_is_explained():
    folders = ("seeds", "models", "macros", "tests", "scripts", "reports")
    assert all(f"| `{folder}/` |" in README for folder in folders)
    assert all(f"make {target}" in README for target in ("warehouse", "test"))
