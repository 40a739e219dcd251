"""What a refresh changed is split into new figures and new methods, and adds up.

A small project is built as it was, with new figures, with new figures and definitions,
and with new figures and another query. Effects are checked against D of the full
computations that their definitions name, by the reference and by builds.
"""

import shutil
import time
from pathlib import Path

import duckdb
import projects
import pytest
import reference

from coupling.base.paths import Paths
from coupling.outputs.revisions import queries_behind, record_effects

KEY = ["study_id", "method_id", "region_code", "year"]
STUDY = "ecommerce_manufacturing_east"
LEFT_OUT = ("digital_economy_nqp", "service_manufacturing", "industrial_transfer")
SALES = "ecommerce_sales_cny_100m"
CELLS = {("110000", "2020"): "9000", ("330000", "2023"): "30000"}
QUERY = "models/intermediate/coupling/int_panel_coupled.sql"


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def change_figures(seeds):
    """The new figures, in the seeds: for the reference, which knows no workspace."""
    path = seeds / "yearbook" / "internet_and_ecommerce.csv"
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    place = header.split(",").index(SALES)
    rows = [line.split(",") for line in lines]
    for row in rows:
        row[place] = CELLS.get((row[0], row[1]), row[place])
    text = "\n".join([header, *map(",".join, rows)])
    path.write_text(text + "\n", encoding="utf-8")


def land_figures(workspace):
    """The new figures, as a user has them."""
    (workspace / "yearbook").mkdir(parents=True)
    rows = [f"{region},{year},{value}" for (region, year), value in CELLS.items()]
    text = "\n".join([f"region_code,year,{SALES}", *rows])
    (workspace / "yearbook" / "mine.csv").write_text(text + "\n", encoding="utf-8")


def change_definitions(seeds):
    systems = seeds / "studies" / "systems.csv"
    edit(systems, "跨境电商,0.5", "跨境电商,0.3")
    edit(systems, "制造业产业带,0.5", "制造业产业带,0.7")
    edit(
        seeds / "studies" / "methods.csv",
        "exact,,critic,linear,standard",
        "exact,,critic,geometric,standard",
    )


@pytest.fixture(scope="module")
def builds(tmp_path_factory):
    """Databases by name, each recorded against another; what was said; seeds."""
    folder = tmp_path_factory.mktemp("revised")
    paths = projects.copy_project(folder / "project")
    projects.keep_few_cities(paths)
    for path in (paths.seeds / "studies").glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(LEFT_OUT)]
        path.write_text("".join(kept), encoding="utf-8")
    made, said = {}, {}

    def build(name, previous):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("COUPLING_WORKSPACE", str(folder / "user"))
            database = projects.compute(paths, "fct_coupling")
        made[name] = folder / f"{name}.duckdb"
        shutil.copy(database, made[name])
        said[name] = record_effects(made.get(previous), made[name], paths, name)

    build("first", None)
    made["again"] = folder / "again.duckdb"
    shutil.copy(made["first"], made["again"])
    said["again"] = record_effects(made["first"], made["again"], paths, "again")
    land_figures(folder / "user")
    build("figures", "again")
    shutil.copytree(paths.seeds, folder / "new_figures")
    change_figures(folder / "new_figures")
    shutil.copytree(folder / "new_figures", folder / "new_both")
    change_definitions(folder / "new_both")
    query = (paths.project / QUERY).read_text(encoding="utf-8")
    edit(
        paths.project / QUERY, "        sqrt(coupling_", "        0.5 * sqrt(coupling_"
    )
    build("figures_and_query", "first")
    (paths.project / QUERY).write_text(query, encoding="utf-8")
    shutil.copytree(paths.seeds, folder / "old")
    change_definitions(paths.seeds)
    build("both", "first")
    build("definitions", "figures")
    return made | {"said": said, "folder": folder, "paths": paths}


@pytest.fixture(scope="module")
def degrees(builds):
    """D to 12 decimals by the reference: old, new_figures, new_both."""
    found = {}
    for name in ("old", "new_figures", "new_both"):
        frame = reference.compute(builds["folder"] / name)["fct_coupling"]
        found[name] = frame.set_index(KEY)["coupling_coordination_degree"]
    return found


def effects(database, run_id):
    frame = projects.table(
        database,
        f"select * from marts.fct_revision_effects where run_id = '{run_id}'",
    )
    assert not frame[KEY].duplicated().any()
    return frame.set_index(KEY).sort_index()


def coupling(database):
    frame = projects.table(database, "select * from marts.fct_coupling")
    return frame.set_index(KEY).sort_index()


def assert_sums_are_exact(database):
    # decimals, so equal means equal
    wrong = projects.table(
        database,
        """
        select * from marts.fct_revision_effects
        where degree_after - degree_before <> data_effect + method_effect
            or effect_status <> 'split' or data_effect is null
            or method_effect is null
        """,
    )
    assert wrong.empty


def assert_rows_are_those_that_differ(found, before, after):
    before, after = coupling(before), coupling(after)
    rank_before, rank_after = (
        frame["coordination_rank"].fillna(0) for frame in (before, after)
    )
    one, other = (f["coupling_coordination_degree"].round(12) for f in (before, after))
    differs = (one != other) & ~(one.isna() & other.isna())
    differs |= rank_before != rank_after
    assert found.index.equals(before.index[differs])
    assert found["degree_before"].to_numpy(float) == pytest.approx(
        one[differs].to_numpy(), abs=1e-12
    )
    assert found["degree_after"].to_numpy(float) == pytest.approx(
        other[differs].to_numpy(), abs=1e-12
    )
    assert list(found["rank_before"]) == list(rank_before[differs])
    assert list(found["rank_after"]) == list(rank_after[differs])


def assert_effect(found, column, later, earlier):
    expected = (later - earlier).loc[found.index].to_numpy()
    assert found[column].to_numpy(float) == pytest.approx(expected, abs=2e-9)
    assert abs(expected).max() > 1e-3


def test_the_first_build_has_nothing_to_compare_with(builds):
    assert builds["said"]["first"].startswith("No earlier build is published")
    assert effects(builds["first"], "first").empty


def test_nothing_changed_is_said_and_costs_little(builds):
    assert "No degree and no rank differs" in builds["said"]["again"]
    copy = builds["folder"] / "timed.duckdb"
    shutil.copy(builds["again"], copy)
    started = time.perf_counter()
    record_effects(builds["first"], copy, builds["paths"], "timed")
    assert time.perf_counter() - started < 1
    assert effects(copy, "timed").empty


def test_new_figures_alone_have_no_method_effect(builds, degrees):
    found = effects(builds["figures"], "figures")
    assert builds["said"]["figures"] == (
        f"{len(found)} degrees or ranks differ, by new figures."
    )
    assert_rows_are_those_that_differ(found, builds["again"], builds["figures"])
    assert_sums_are_exact(builds["figures"])
    assert (found["method_effect"] == 0).all()
    assert_effect(found, "data_effect", degrees["new_figures"], degrees["old"])


def test_new_definitions_alone_have_no_data_effect(builds, degrees):
    found = effects(builds["definitions"], "definitions")
    assert builds["said"]["definitions"].endswith("differ, by new methods.")
    assert_rows_are_those_that_differ(found, builds["figures"], builds["definitions"])
    assert (found["data_effect"] == 0).all()
    assert_effect(found, "method_effect", degrees["new_both"], degrees["new_figures"])


def test_both_at_once_are_split_by_new_figures_under_old_definitions(builds, degrees):
    found = effects(builds["both"], "both")
    assert builds["said"]["both"].endswith("by new figures and new methods.")
    assert_rows_are_those_that_differ(found, builds["first"], builds["both"])
    assert_sums_are_exact(builds["both"])
    assert_effect(found, "data_effect", degrees["new_figures"], degrees["old"])
    assert_effect(found, "method_effect", degrees["new_both"], degrees["new_figures"])
    assert {"critic_linear", "equal_linear"} <= set(found.index.unique("method_id"))


def test_another_query_counts_as_another_method(builds, degrees):
    found = effects(builds["figures_and_query"], "figures_and_query")
    assert_sums_are_exact(builds["figures_and_query"])
    assert_effect(found, "data_effect", degrees["new_figures"], degrees["old"])
    # D halves under the new query
    halved = degrees["new_figures"] / 2
    assert_effect(found, "method_effect", halved, degrees["new_figures"])


def test_earlier_effects_are_carried_forward(builds):
    runs = projects.table(
        builds["definitions"],
        "select run_id, count(*) as n from marts.fct_revision_effects"
        " group by all order by all",
    )
    counts = [len(effects(builds[n], n)) for n in ("definitions", "figures")]
    assert runs.to_numpy().tolist() == [
        ["definitions", counts[0]],
        ["figures", counts[1]],
    ]
    carried = effects(builds["definitions"], "figures")
    assert carried.equals(effects(builds["figures"], "figures"))


@pytest.fixture
def copies(builds, tmp_path):
    """Copies of an earlier and a later database to change."""
    for name in ("first", "figures"):
        shutil.copy(builds[name], tmp_path / f"{name}.duckdb")
    return tmp_path / "first.duckdb", tmp_path / "figures.duckdb"


def change(database, *statements):
    with duckdb.connect(str(database)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_studies_that_come_and_go_are_listed_and_not_split(builds, copies):
    first, later = copies
    change(first, "delete from marts.fct_coupling where method_id = 'equal_linear'")
    change(later, "delete from marts.fct_coupling where method_id = 'critic_linear'")
    record_effects(first, later, builds["paths"], "moved")
    found = effects(later, "moved")
    # other studies name equal_linear as well, and are listed too
    own = found.loc[[STUDY]]
    status = own["effect_status"].groupby("method_id").agg(["unique", "size"])
    assert status.loc["equal_linear"].tolist() == [["no_degree_before"], 80]
    assert status.loc["critic_linear"].tolist() == [["no_degree_after"], 80]
    assert status.loc["entropy_linear", "unique"].tolist() == ["split"]
    assert found.loc[(STUDY, "equal_linear"), "data_effect"].isna().all()


def test_old_queries_that_cannot_read_new_figures_split_nothing(builds, copies):
    first, later = copies
    change(
        first,
        "update intermediate.int_coupling_queries"
        " set query = replace(query, 'quality_note', 'a_column_of_old')",
    )
    record_effects(first, later, builds["paths"], "unread")
    assert set(effects(later, "unread")["effect_status"]) == {"no_counterfactual"}


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("drop table marts.fct_revision_effects", "of an older layout"),
        ("drop table intermediate.int_coupling_queries", "of an older layout"),
        ("drop table marts.fct_coupling", "of an older layout"),
        (None, "cannot be read"),
    ],
)
def test_what_cannot_be_compared_is_said_and_no_error(builds, copies, statement, said):
    first, later = copies
    if statement is None:
        first.write_text("published before")
    else:
        change(first, statement)
    assert said in record_effects(first, later, builds["paths"], "new")
    assert effects(later, "new").empty


def test_the_history_survives_a_build_that_cannot_be_compared(builds, tmp_path):
    old, new = tmp_path / "old.duckdb", tmp_path / "new.duckdb"
    shutil.copy(builds["figures"], old)
    shutil.copy(builds["first"], new)
    change(old, "drop table marts.fct_coupling")
    record_effects(old, new, builds["paths"], "new")
    assert effects(new, "figures").equals(effects(builds["figures"], "figures"))


def test_the_tables_are_described_and_keyed(builds):
    tables = "('fct_revision_effects', 'int_coupling_queries')"
    found = projects.table(
        builds["figures"],
        f"""
        select table_name, column_name, comment, data_type from duckdb_columns()
        where table_name in {tables}
        """,
    )
    assert len(found) == 12 + 3
    assert found["comment"].str.len().min() >= 8
    decimals = found["data_type"].str.startswith("DECIMAL")
    assert found["comment"][decimals].str.contains("Range: ").all()
    comments = projects.table(
        builds["figures"],
        f"select comment from duckdb_tables() where table_name in {tables}",
    )
    assert comments["comment"].str.contains("One row per").all()
    with pytest.raises(duckdb.ConstraintException):
        change(
            shutil.copy(builds["figures"], builds["folder"] / "broken.duckdb"),
            "update marts.fct_revision_effects set data_effect = data_effect + 0.1",
        )


def test_what_an_earlier_layout_compiled_is_not_asked(tmp_path):
    paths = Paths(tmp_path)
    compiled = paths.target / "compiled" / "warehouse"
    model = Path("models", "marts", "coupling", "fct_coupling.sql")
    (paths.project / model).parent.mkdir(parents=True)
    (paths.project / model).touch()
    query = 'select * from "coupling"."staging"."stg_studies__studies"'
    # by name before and after the model as it stands
    folders = ("models/a", "models/zz", "models/a/_unit_tests.yml")
    for place in (*(Path(folder, model.name) for folder in folders), model):
        (compiled / place).parent.mkdir(parents=True, exist_ok=True)
        text = query if place == model else query.replace("studies", "systems")
        (compiled / place).write_text(text, encoding="utf-8")
    found = queries_behind("marts.fct_coupling", paths)
    assert found == {'"coupling"."marts"."fct_coupling"': query}
