"""A study in memory gives what the warehouse publishes of it, to the last bit."""

import os

import comparison
import duckdb
import own_studies
import projects
import pytest
import reference

from coupling.base.names import NotThereError
from coupling.engine import engine

SHIPPED = (
    *("ecommerce_manufacturing_east", "digital_economy_nqp"),
    *("service_manufacturing", "industrial_transfer"),
)
# one row a study, of methods that were asked for, and no row of others
OF_A_STUDY = [
    name
    for name in engine.TABLES
    if name
    not in ("dim_grades", "dim_regions", "dim_series", "dim_papers", "dim_sources")
]


@pytest.fixture(scope="module")
def published(warehouse):
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse}' as published (read_only)")
        yield connection


def methods(published) -> list[str]:
    rows = published.execute(
        "select distinct method_id from published.marts.fct_coupling order by all"
    )
    return [name for (name,) in rows.fetchall()]


def types_of(connection, table: str) -> list[tuple]:
    return connection.execute(
        f"select column_name, column_type from (describe {table})"
    ).fetchall()


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
        assert types_of(published, f"published.{schema}.{name}") == types_of(
            results.connection, f"{schema}.{name}"
        ), name
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
    studies = own_studies.seed("studies").set_index("study_id")
    default = studies.loc[study, "default_method_id"]
    results = engine.evaluate(rows)
    assert results.table("dim_methods")["method_id"].tolist() == [default]
    assert_same(published, results, [default])


def test_a_method_that_is_not_there_is_refused():
    rows = own_studies.shipped(SHIPPED[0])
    with pytest.raises(NotThereError, match=r"entropy_topsys.*entropy_topsis"):
        engine.evaluate(rows, ["entropy_topsys"])


def test_a_region_that_no_table_has_is_refused():
    rows = own_studies.made_up(own_studies.panel(3, 3, 4))
    rows.tables["study_regions"].loc[0, "region_code"] = "999999"
    with pytest.raises(NotThereError, match="no region '999999'"):
        engine.evaluate(rows)


# --- a study of a user's own ------------------------------------------------------


@pytest.fixture(scope="module")
def frame():
    made = own_studies.panel(7, 6, 6)
    # a constant indicator, one without a figure in a region, and one in no year of it
    made["a02"] = 5.5
    made.loc[made["region"] == "City 003", "a05"] = None
    return made


@pytest.fixture(scope="module")
def rows(frame):
    """A study that names every method, also those on request."""
    made = own_studies.made_up(frame)
    every = own_studies.seed("methods")[["method_id"]]
    made.tables["study_methods"] = every.assign(study_id=made.study_id)
    return made


@pytest.fixture(scope="module")
def built(rows, tmp_path_factory):
    """Marts with two studies of a user's own beside shipped ones."""
    folder = tmp_path_factory.mktemp("built")
    paths = projects.copy_project(folder)
    projects.keep_few_cities(paths)
    projects.keep_small_studies(paths)
    other = own_studies.made_up(own_studies.panel(5, 4, 8, draw=2))
    before = os.environ["COUPLING_WORKSPACE"]
    os.environ["COUPLING_WORKSPACE"] = str(folder / "workspace")
    try:
        own_studies.write_workspace(own_studies.both(rows, other), folder / "workspace")
        return projects.compute(paths, *OF_A_STUDY)
    finally:
        os.environ["COUPLING_WORKSPACE"] = before


def test_an_own_study_is_what_dbt_publishes_of_it_to_the_bit(rows, built):
    with duckdb.connect() as connection:
        connection.execute(f"attach '{built}' as published (read_only)")
        asked = own_studies.seed("methods")["method_id"].tolist()
        every = engine.evaluate(rows, asked)
        assert len(every.table("fct_coupling")) == 7 * 6 * len(asked)
        assert_same(connection, every, asked)
        assert_same(connection, engine.evaluate(rows), ["entropy_topsis"])


def test_an_own_study_agrees_with_the_reference(rows, tmp_path):
    asked = own_studies.seed("methods")["method_id"].tolist()
    expected = reference.compute(own_studies.seeds_with(rows, tmp_path / "s", asked))
    results = engine.evaluate(rows, asked)
    for name in comparison.KEYS:
        if name in engine.TABLES:
            schema = "quality" if name.startswith("qc_") else "marts"
            found = results.table(name, schema)
            assert len(found) > 0, name
            assert comparison.between(found, name, expected[name]) == [], name


def assert_alike(one: engine.Results, other: engine.Results) -> None:
    for name in OF_A_STUDY:
        schema = "quality" if name.startswith("qc_") else "marts"
        ours, query = one.table(name, schema), f"select * from {schema}.{name}"
        assert own_studies.differences(other.connection, ours, query) == [], name


def test_threads_change_no_bit():
    asked = own_studies.seed("methods")["method_id"].tolist()
    larger = own_studies.made_up(own_studies.panel(40, 8, 12))
    one, many = (engine.evaluate(larger, asked, threads=n) for n in (1, 8))
    assert_alike(one, many)


def test_order_of_rows_changes_no_bit(frame, rows):
    shuffled = own_studies.made_up(frame.sample(frac=1, random_state=3))
    assert_alike(engine.evaluate(rows), engine.evaluate(shuffled))


def test_a_limit_of_memory_changes_no_bit(monkeypatch, tmp_path):
    larger = own_studies.made_up(own_studies.panel(300, 10, 12))
    free = engine.evaluate(larger, threads=1)
    monkeypatch.setenv("COUPLING_MEMORY", "100MiB")
    monkeypatch.setenv("COUPLING_TEMP", str(tmp_path))
    limited = engine.evaluate(larger, threads=1)
    # to compare takes more than to work out
    limited.connection.execute("reset memory_limit")
    assert_alike(free, limited)
