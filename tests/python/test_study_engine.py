"""A study in memory gives what the warehouse publishes of it, to the last bit."""

import duckdb
import own_studies
import pytest

from coupling.studies import engine

SHIPPED = (
    *("ecommerce_manufacturing_east", "digital_economy_nqp"),
    *("service_manufacturing", "industrial_transfer"),
)
# one row a study, of methods that were asked for, and no row of others
OF_A_STUDY = [
    name
    for name in engine.TABLES
    if name not in ("dim_grades", "dim_regions", "dim_series", "dim_papers")
]


@pytest.fixture(scope="module")
def published(warehouse):
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse}' as published (read_only)")
        yield connection


def methods(published) -> list[str]:
    rows = published.execute("select method_id from published.marts.dim_methods")
    return sorted(name for (name,) in rows.fetchall())


def of_study(name: str, columns, study: str, asked: list[str]) -> str:
    """The published rows of a study and some methods."""
    schema = "quality" if name.startswith("qc_") else "marts"
    chosen = ", ".join(f"'{method}'" for method in asked)
    where = ["true"]
    if "study_id" in columns:
        where.append(f"study_id = '{study}'")
    if "method_id" in columns:
        where.append(f"method_id in ({chosen})")
    if name == "qc_degenerate_indicators":
        where.append(
            "normalisation_scope in (select normalisation_scope from"
            f" published.marts.dim_methods where method_id in ({chosen}))"
        )
    return f"select * from published.{schema}.{name} where {' and '.join(where)}"


def assert_same(published, results: engine.Results, asked: list[str]) -> None:
    for name in OF_A_STUDY:
        schema = "quality" if name.startswith("qc_") else "marts"
        ours = results.table(name, schema)
        query = of_study(name, ours.columns, results.study_id, asked)
        theirs = published.execute(query).df()
        assert list(theirs.columns) == list(ours.columns), name
        assert list(theirs.dtypes) == list(ours.dtypes), name
        assert len(theirs) == len(ours), name
        assert own_studies.differences(published, ours, query) == [], name


@pytest.mark.parametrize("study", SHIPPED)
def test_every_method_of_a_shipped_study_is_the_same_to_the_bit(published, study):
    asked = methods(published)
    results = engine.evaluate(own_studies.shipped(study), asked)
    assert len(results.table("fct_coupling")) > 0
    assert_same(published, results, asked)


@pytest.mark.parametrize("study", SHIPPED)
def test_the_default_method_alone_is_the_same_to_the_bit(published, study):
    rows = own_studies.shipped(study)
    default = rows.tables["studies"]["default_method_id"].iloc[0]
    results = engine.evaluate(rows)
    assert results.table("dim_methods")["method_id"].tolist() == [default]
    assert_same(published, results, [default])


def test_a_method_that_is_not_there_is_refused():
    rows = own_studies.shipped(SHIPPED[0])
    with pytest.raises(KeyError, match="no method entropy_topsys"):
        engine.evaluate(rows, ["entropy_topsys"])
