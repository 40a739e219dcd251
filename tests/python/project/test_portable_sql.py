"""The models keep to SQL that DuckDB and Spark read the same."""

import re

import pytest

from coupling.base.paths import Paths

FORBIDDEN = {
    r"\*\*": "power()",
    r"\blist\s*\(": "in_order() or gathered()",
    r"\bproduct\s*\(": "exp(sum(ln()))",
    r"\bquantile_cont\b": "percentile_cont",
    r"\bskewness\s*\(": "the moments",
    r"\blog\s*\(": "ln()",
    r"\* exclude\b": "the columns by name",
    r"\brandom\s*\(": "a hash of a seed and a key",
    r"::": "cast()",
    r"\bvarchar\b": "string",
    r"\bstring_agg\b": "an ordered array_agg",
}


def code(text: str) -> str:
    """SQL without comments."""
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    return re.sub(r"--.*", "", text).lower()


def complaints(sql: str) -> list[str]:
    """Say which forbidden constructs a text uses, and what to write instead."""
    said = [
        f"{pattern}: write {instead}"
        for pattern, instead in FORBIDDEN.items()
        if re.search(pattern, code(sql))
    ]
    if re.search(
        r'(?<!\')"\w+"\s*(,|\.|as\b|from\b)', code(re.sub(r"\{.*?\}", "", sql))
    ):
        said.append("double-quoted name: write a plain name")
    return said


MODELS = sorted(
    path
    for folder in ("models", "macros")
    for path in (Paths().project / folder).rglob("*.sql")
    # what has a twin for each database
    if not path.name.startswith("duckdb__")
)


def test_there_are_models_to_read():
    assert len(MODELS) > 50


def test_models_use_portable_sql():
    said = {path.name: complaints(path.read_text(encoding="utf-8")) for path in MODELS}
    assert {name: bad for name, bad in said.items() if bad} == {}


@pytest.mark.parametrize(
    "sql",
    [
        "select x ** 2",
        "select list(x)",
        "select log(x)",
        "select * exclude (a) from t",
        "select random()",
        "select x::int",
        'select "a" from t',
    ],
)
def test_what_spark_reads_otherwise_is_noticed(sql):
    assert complaints(sql) != []
    assert complaints("-- " + sql) == []
