"""A refresh publishes all or nothing, and the same inputs publish the same bytes."""

import io
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import openpyxl
import projects
import pytest
import stand_ins
import test_aside
from rich.console import Console

from coupling.base import inputs
from coupling.base.failures import ExitCode, RefreshError
from coupling.base.paths import Paths, workspace
from coupling.outputs import comments, workbooks
from coupling.outputs.compare import compare
from coupling.outputs.exports import export_marts
from coupling.outputs.workbooks import SHEETS, write_workbooks
from coupling.publishing import publish, runs
from coupling.refresh import dbt, mart_gate, refresh, work
from coupling.refresh.children import Child
from coupling.site import build, fingerprint

TESTS = Path(__file__).parents[2]
EAST, SERVICE = projects.SMALL_STUDIES
# regions x years of each
EAST_ROWS, SERVICE_ROWS = (projects.SMALL_REGIONS * years for years in (8, 5))
METHODS = len(projects.SMALL_METHODS)


def run(paths, **how):
    """Refresh; return what was said, or the error with what was said in it."""
    screen = Console(file=io.StringIO(), width=200)
    try:
        refresh.refresh(screen, paths, **how)
    except RefreshError as error:
        error.said = screen.file.getvalue()
        raise
    return screen.file.getvalue()


def refused(paths, code, **how):
    """Refresh, which must fail with a code; return what was said and the record."""
    before = served(paths)
    with pytest.raises(RefreshError) as failure:
        run(paths, **how)
    assert failure.value.code == code
    assert served(paths) == before
    assert not paths.building.exists()
    last = runs.load(paths)[-1]
    assert (last.result, last.exit_code) == ("failed", code)
    said = failure.value.said + str(failure.value)
    assert "Traceback" not in said
    assert runs.log_file(paths, last.run_id).exists()
    return said, last


def served(paths):
    """Every published file, by name and time of its last change."""
    build = paths.current.resolve()
    return {path: path.stat().st_mtime_ns for path in build.rglob("*")}


def query(paths, text):
    return projects.table(paths.database, text).to_dict("records")


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A small project with one build, and what its refresh said."""
    paths = projects.small_project(tmp_path_factory.mktemp("small"))
    said = run(paths)
    stand_ins.keep_first_build(paths)
    return paths, said


@pytest.fixture
def paths(first, tmp_path, monkeypatch):
    """A copy of the small project whose dbt gives what its first build gave.

    So that a test of what comes after dbt takes a second.
    """
    shutil.copytree(first[0].project, tmp_path / "copy", symlinks=True)
    monkeypatch.setattr("coupling.refresh.dbt.build", stand_ins.build_as_first)
    monkeypatch.setattr("coupling.refresh.judgement.Judgement", stand_ins.NotJudged)
    child = stand_ins.as_before(work.Work.child)
    monkeypatch.setattr("coupling.refresh.work.Work.child", child)
    return Paths(tmp_path / "copy")


def after_dbt(monkeypatch, act):
    """Let `act(database)` happen to the new database once dbt is done with it."""
    comment = comments.comment_tables

    def comment_and_act(database, manifest):
        comment(database, manifest)
        act(database)

    monkeypatch.setattr(comments, "comment_tables", comment_and_act)


def changing(statement):
    """What changes a database by a statement."""

    def change(database):
        with duckdb.connect(str(database)) as connection:
            connection.execute(statement)

    return change


def test_a_refresh_publishes_database_exports_and_pages(first):
    paths, said = first
    rows = query(paths, "select count(*) as n from marts.fct_coupling")
    assert rows == [{"n": METHODS * (EAST_ROWS + SERVICE_ROWS)}]
    assert (paths.exports / "fct_coupling.parquet").exists()
    assert (paths.exports / f"{EAST}.xlsx").exists()
    assert (paths.site / "index.html").exists()
    assert (paths.site / "expectations" / "index.html").exists()
    lineage = (paths.site / "lineage.html").read_text(encoding="utf-8")
    assert "model.coupling_warehouse.fct_coupling" in lineage
    assert not paths.building.exists()
    for told in ("warehouse/coupling.duckdb", "reports/site/index.html", "Peak memory"):
        assert told in said
    assert all(f"/{len(refresh.STEPS)}  {step} " in said for step in refresh.STEPS)


def test_figures_and_marts_of_a_published_build_were_judged(first):
    paths, _ = first
    judged = query(
        paths,
        """
        select
            split_part(suite, '.', 1) as what,
            bool_and(success or severity = 'warning') as passed
        from quality.qc_expectation_results group by what order by what
        """,
    )
    assert judged == [
        {"what": "marts", "passed": True},
        {"what": "yearbook", "passed": True},
    ]


def test_published_tables_and_columns_are_described(first):
    paths, _ = first
    undescribed = projects.table(
        paths.database,
        """
        select table_name from duckdb_tables() where comment is null
        union all
        select concat(table_name, '.', column_name) from duckdb_columns()
        where schema_name in ('marts', 'quality') and comment is null
        """,
    )
    assert undescribed["table_name"].tolist() == []


def test_tables_of_what_is_left_out_stand_empty_as_they_are_declared(first, warehouse):
    paths, _ = first
    columns = """
        select schema_name, table_name, column_name, data_type from duckdb_columns()
        where schema_name in ('marts', 'quality')
        order by schema_name, table_name, column_index
    """
    ours, theirs = (
        projects.table(database, columns) for database in (paths.database, warehouse)
    )
    # dbt's, which a database without a refresh has too
    ours = ours[ours["table_name"].isin(theirs["table_name"])]
    assert ours.reset_index(drop=True).equals(theirs.reset_index(drop=True))
    marts = paths.project / "models" / "marts"
    parts = ("households", "audit", "forecasts", "underwriting")
    names = {path.stem for part in parts for path in (marts / part).glob("*.sql")}
    assert len(names) == 22
    for name in {*names, "qc_household_rejects", "qc_winsorised_household_values"}:
        schema = "quality" if name.startswith("qc_") else "marts"
        [counted] = query(paths, f"select count(*) as n from {schema}.{name}")
        assert counted == {"n": 0}
    assert not (paths.site / "households.html").exists()


def test_the_database_tells_of_the_run_that_made_it(first):
    paths, _ = first
    (row,) = query(paths, "select * from marts.fct_runs")
    assert row["run_id"] == paths.current.readlink().name
    assert (row["result"], row["exit_code"], row["tests_failed"]) == ("published", 0, 0)
    # but for that of the surveys, which are left out
    singular = {path.stem for path in (paths.project / "tests/singular").glob("*.sql")}
    assert row["tests_passed"] == len(singular - {"flags_name_what_made_them"})
    assert row["finished_at"] > row["started_at"]
    assert row["python_version"] == sys.version.split()[0]
    counted = query(paths, "select * from marts.fct_run_tables")
    rows = {one["table_name"]: one["row_count"] for one in counted}
    assert rows["fct_coupling"] == METHODS * (EAST_ROWS + SERVICE_ROWS)
    assert sum(rows.values()) == row["table_rows"]
    files = query(paths, "select * from marts.fct_run_inputs")
    assert {"seeds/studies/studies.csv", "scripts/coupling/refresh/refresh.py"} <= {
        one["file"] for one in files
    }
    undescribed = query(
        paths,
        """
        select table_name, column_name from duckdb_columns()
        where table_name like 'fct_run%' and comment is null
        """,
    )
    assert undescribed == []
    assert not list(paths.exports.glob("fct_run*"))


def test_the_pages_tell_of_the_run_that_made_them_and_stay_reusable(first):
    paths, _ = first
    (row,) = query(paths, "select * from marts.fct_runs")
    facts = build.build_facts(paths.database)
    told = (paths.site / build.NAME).read_bytes()
    assert told == build.build_script(paths.database)
    assert facts["run_id"].encode() in told
    assert facts["finished_at"] == f"{row['finished_at']:%Y-%m-%d %H:%M}"
    for name in ("run_id", "inputs_hash", "tests_passed", "table_rows"):
        assert facts[name] == row[name] is not None
    (files,) = query(paths, "select count(*) as n from marts.fct_run_inputs")
    assert facts["input_count"] == files["n"]
    # the script was written after the pages, whose site is whole all the same
    text = (paths.site / fingerprint.NAME).read_text(encoding="utf-8")
    made = json.loads(text)["made_of"]
    assert fingerprint.unchanged_files(paths.site, made) is not None
    sealed = json.loads((paths.current / publish.MANIFEST).read_text(encoding="utf-8"))
    assert f"site/{build.NAME}" in sealed["files"]


def test_two_builds_export_the_same_bytes(first, tmp_path):
    paths, _ = first
    again = export_marts(paths.database, tmp_path)
    again += write_workbooks(paths.database, tmp_path)
    assert len(again) >= 15
    published = {path.name: path.read_bytes() for path in paths.exports.iterdir()}
    assert {path.name: path.read_bytes() for path in again} == published


def test_a_workbook_holds_the_study_and_says_what_it_leaves_out(warehouse, tmp_path):
    names = [path.name for path in write_workbooks(warehouse, tmp_path, [EAST])]
    assert names == [f"{EAST}.xlsx"]
    book = openpyxl.load_workbook(tmp_path / names[0])
    assert book.sheetnames == ["cover", *(sheet.name for sheet in SHEETS)]
    cover = [[c for c in row if c is not None] for row in book["cover"].values]
    assert ["default_method_id", "entropy_topsis"] in cover
    assert ["measured", 9] in cover
    about = {row[0]: row[2:] for row in cover if len(row) == 4}
    assert about["coupling"] == ["720", "all methods"]
    assert about["indicator values"] == ["1,040", "default method alone"]
    header, *rows = book["coupling"].values
    column = header.index("coupling_coordination_degree")
    found = {(*row[:2], row[3]): row[column] for row in rows}
    expected = projects.table(
        warehouse,
        f"""
        select method_id, region_code, year, coupling_coordination_degree as d
        from marts.fct_coupling where study_id = '{EAST}'
        """,
    )
    assert len(rows) == len(expected) == 720
    for row in expected.itertuples():
        # a workbook holds 16 digits
        cell = found[row.method_id, row.region_code, row.year]
        assert cell == pytest.approx(row.d, rel=1e-15, abs=0)


def test_a_workbook_that_is_streamed_holds_the_same(warehouse, tmp_path, monkeypatch):
    (whole,) = write_workbooks(warehouse, tmp_path / "whole", [EAST])
    monkeypatch.setattr(workbooks, "ROWS_IN_MEMORY", 100)
    (streamed,) = write_workbooks(warehouse, tmp_path / "streamed", [EAST])
    first, second = (openpyxl.load_workbook(path) for path in (whole, streamed))
    assert first.sheetnames == second.sheetnames
    for sheet in first.sheetnames:
        assert list(first[sheet].values) == list(second[sheet].values)
    # texts stand in the cells, not in a list of their own
    assert streamed.stat().st_size != whole.stat().st_size


def test_text_in_a_workbook_is_never_a_formula(first, tmp_path):
    copied = tmp_path / "coupling.duckdb"
    shutil.copyfile(first[0].database, copied)
    with duckdb.connect(str(copied)) as connection:
        connection.execute("update marts.dim_systems set label = '=1+1'")
    write_workbooks(copied, tmp_path, [EAST])
    page = openpyxl.load_workbook(tmp_path / f"{EAST}.xlsx")["systems"]
    cells = [cell for row in page.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s", "s"]


def test_rows_that_differ_are_counted(first, tmp_path):
    before, after = first[0].database, tmp_path / "coupling.duckdb"
    shutil.copyfile(before, after)
    with duckdb.connect(str(after)) as connection:
        connection.execute(f"""
            update marts.fct_coupling set comprehensive_index = 0.5
            where study_id = '{SERVICE}' and year = 2023
        """)
        connection.execute("drop table marts.dim_grades")
    found = {
        table["table_name"]: (table["rows_added"], table["rows_removed"])
        for table in compare(before, after)
        if table["rows_added"] or table["rows_removed"]
    }
    changed = METHODS * projects.SMALL_REGIONS
    assert found == {"fct_coupling": (changed, changed), "dim_grades": (0, 16)}
    assert not any(
        table["rows_added"]
        for table in compare(before, after, SERVICE)
        if table["table_name"] == "fct_coupling"
    )


def test_a_bad_seed_stops_before_the_build_and_names_the_cell(paths):
    seed = paths.seeds / "studies" / "methods.csv"
    seed.write_text(seed.read_text(encoding="utf-8").replace("linear", "lineal"))
    said, last = refused(paths, ExitCode.INPUTS)
    assert "seeds/studies/methods.csv, row 3, column aggregation" in said
    assert "found lineal; expected one of" in said
    assert last.failed_step == "gate"


def test_a_failed_model_publishes_nothing_and_says_which(first, monkeypatch):
    paths, _ = first
    monkeypatch.setattr("coupling.refresh.judgement.Judgement", stand_ins.NotJudged)
    # an early one, without which dbt skips most others
    folder = paths.project / "models" / "staging" / "reference"
    model = folder / "stg_reference__regions.sql"
    text = model.read_text(encoding="utf-8")
    model.write_text(f"{text}\nwhere error('no such country')\n", encoding="utf-8")
    try:
        said, last = refused(paths, ExitCode.BUILD)
    finally:
        model.write_text(text)
    assert "model stg_reference__regions" in said
    assert last.failed_step == "dbt build"
    assert "no such country" in runs.log_file(paths, last.run_id).read_text()


def test_a_failed_data_test_publishes_nothing_and_says_which(paths):
    told = paths.target / stand_ins.FIRST_MANIFEST
    manifest = json.loads(told.read_text())
    singular = next(
        node
        for name, node in manifest["nodes"].items()
        if name.startswith("test.") and "test_metadata" not in node
    )
    failing = {
        "name": "never_holds",
        "raw_code": "select * from {{ ref('dim_grades') }}",
        "refs": [{"name": "dim_grades"}],
    }
    manifest["nodes"]["test.never_holds"] = singular | failing
    told.write_text(json.dumps(manifest))
    said, last = refused(paths, ExitCode.BUILD)
    assert "test never_holds: 16 bad rows, the first: " in said
    assert (last.failed_step, last.tests_failed) == ("data tests", 1)


AFTER_DBT = {
    "marts": ("delete from marts.fct_coupling", "gate on marts", "has no rows"),
    "pages": ("drop table marts.dim_grades", "exports, pages", "dim_grades"),
    "workbooks": ("drop view marts.fct_obstacles", "exports, pages", "fct_obstacles"),
    "exports": (
        "create view marts.v as select error('cannot be read') as x",
        "exports, pages",
        "cannot be read",
    ),
}


@pytest.mark.parametrize("task", AFTER_DBT)
def test_what_fails_after_dbt_publishes_nothing(paths, monkeypatch, task):
    statement, step, why = AFTER_DBT[task]
    others = [other for other in stand_ins.AsBefore.tasks if other != task]
    monkeypatch.setattr(stand_ins.AsBefore, "tasks", others)
    after_dbt(monkeypatch, changing(statement))
    said, last = refused(paths, ExitCode.RESULTS)
    assert why in said
    assert last.failed_step == step


def test_a_check_of_the_marts_may_refuse_them(paths, monkeypatch):
    def never(database, site):
        return ["the moon is wrong"]

    monkeypatch.setattr(mart_gate, "CHECKS", (never,))
    said, last = refused(paths, ExitCode.RESULTS)
    assert "never: the moon is wrong" in said
    assert last.failed_step == "gate on marts"


def test_inputs_that_change_under_way_publish_nothing(paths, monkeypatch):
    def edit(database):
        (paths.seeds / "studies" / "new.csv").write_text("a\n")

    after_dbt(monkeypatch, edit)
    said, _ = refused(paths, ExitCode.INPUTS)
    assert "inputs changed while the refresh read them: seeds/studies/new.csv" in said


def test_a_table_that_a_build_has_more_is_exported_and_counted(paths, monkeypatch):
    after_dbt(monkeypatch, changing("create table marts.fct_made_up as select 1 as a"))
    run(paths)
    assert (paths.exports / "fct_made_up.parquet").exists()
    changed = query(
        paths,
        """
        select table_name, rows_added from marts.fct_run_tables
        where rows_added > 0 order by run_id
        """,
    )
    assert changed == [{"table_name": "fct_made_up", "rows_added": 1}]


def test_a_failed_run_is_in_the_next_database(paths, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(mart_gate, "CHECKS", (lambda database, site: ["no"],))
        refused(paths, ExitCode.RESULTS)
    run(paths)
    rows = query(
        paths,
        "select result, failed_step, exit_code from marts.fct_runs order by run_id",
    )
    assert [row["result"] for row in rows[-2:]] == ["failed", "published"]
    assert (rows[-2]["failed_step"], rows[-2]["exit_code"]) == ("gate on marts", 4)


def test_a_published_database_that_is_damaged_does_not_stop_the_next(paths):
    damaged = paths.project / "warehouse" / "damaged"
    shutil.copytree(paths.current.resolve(), damaged)
    (damaged / "coupling.duckdb").chmod(0o644)
    with (damaged / "coupling.duckdb").open("r+b") as file:
        file.truncate(100_000)
    damaged.rename(paths.builds / "000002-20260101T000000Z")
    paths.current.unlink()
    paths.current.symlink_to("builds/000002-20260101T000000Z")
    assert "is published" in run(paths)
    (row,) = query(paths, "from marts.fct_runs order by run_id desc limit 1")
    assert row["message"] == "the build before could not be read"
    assert row["result"] == "published"


def test_nothing_is_done_where_no_input_changed(first):
    paths, _ = first
    before = served(paths)
    count = len(runs.load(paths))
    assert "nothing was done" in run(paths, since_change=True)
    assert (served(paths), len(runs.load(paths))) == (before, count)


def test_since_change_builds_after_a_change_in_the_workspace(paths, monkeypatch):
    monkeypatch.setenv("COUPLING_WORKSPACE", str(paths.project / "mine"))
    assert "nothing was done" in run(paths, since_change=True)
    (paths.project / "mine").mkdir()
    (paths.project / "mine" / "own.csv").write_text("a\n")
    assert "is published" in run(paths, since_change=True)
    changed = query(
        paths,
        """
        select file, change from marts.fct_run_inputs
        where change <> 'same' and run_id = (select max(run_id) from marts.fct_runs)
        """,
    )
    assert changed == [{"file": "workspace/own.csv", "change": "added"}]
    refresh.rollback(Console(quiet=True), paths)
    assert "which was rolled back from" in run(paths, since_change=True)
    (paths.site / "index.html").write_text("somebody else's")
    assert "is published" in run(paths, since_change=True)


def test_only_a_study_publishes_if_no_other_changed(paths, monkeypatch):
    change = "update marts.fct_coupling set comprehensive_index = 0.5 where study_id = "
    after_dbt(monkeypatch, changing(f"{change} '{SERVICE}'"))
    said, _ = refused(paths, ExitCode.RESULTS, only=EAST)
    others = METHODS * SERVICE_ROWS
    told = f"more than {EAST} changed: marts.fct_coupling has {others} other rows"
    assert told in said
    assert "is published" in run(paths, only=SERVICE)
    rows = query(paths, "select coupling_rows_changed as n from marts.fct_runs")
    assert rows[-1]["n"] == others
    said, _ = refused(paths, ExitCode.USAGE, only="atlantis")
    assert f"expected one of {EAST}, {SERVICE}" in said


def test_a_refresh_publishes_the_rest_and_says_what_is_aside(
    first, tmp_path, monkeypatch
):
    shutil.copytree(first[0].project, tmp_path / "copy", symlinks=True)
    paths = Paths(tmp_path / "copy")
    monkeypatch.setenv("COUPLING_WORKSPACE", str(tmp_path / "workspace"))
    test_aside.write_studies(paths.workspace)
    indicators = paths.workspace / "studies" / "indicators.csv"
    test_aside.edit(indicators, 3, "direction", "up")
    # a figure far from those around it, which the suites refuse
    (paths.workspace / "yearbook" / "far.csv").write_text(
        "region_code,year,gdp_cny_100m\n110000,2023,437607\n", encoding="utf-8"
    )
    builds, build = [], stand_ins.build_by_statements

    def build_for_ever_at_first(*arguments, on_progress, **how):
        far = paths.project / workspace() / "yearbook" / "far.csv"
        builds.append(far.exists())
        while len(builds) == 1:
            # until the figures are judged
            on_progress(0, 1)
            time.sleep(0.01)
        return build(*arguments, on_progress=on_progress, **how)

    monkeypatch.setattr(dbt, "build", build_for_ever_at_first)
    said = run(paths)
    assert (
        "study bad: workspace/studies/indicators.csv, row 3, column direction" in said
    )
    assert "workspace.far: workspace/yearbook/far.csv, gdp_cny_100m: jump_error" in said
    assert "found 1 of 1 figures: 110000 2023 437607 (" in said
    assert "expected a change against the year before within 20 spreads" in said
    assert "is published" in said
    # at once, and then without the file
    assert builds == [True, False]
    found = query(paths, "select kind, name, reason from quality.qc_set_aside")
    assert {(one["kind"], one["name"]) for one in found} == {
        ("study", test_aside.BAD),
        ("file", "workspace/yearbook/far.csv"),
    }
    [far] = [one["reason"] for one in found if one["kind"] == "file"]
    assert "_error found 1 of 1" in far
    studies = query(paths, "select study_id from marts.dim_studies")
    names = {one["study_id"] for one in studies}
    assert test_aside.GOOD in names and test_aside.BAD not in names
    page = (paths.site / "quality.html").read_text(encoding="utf-8")
    assert "found up; expected one of +, -" in page


def test_a_process_at_work_ends_when_its_refresh_does(first, tmp_path):
    paths, _ = first
    child = Child("workbooks", folder=tmp_path)
    child.go(database=paths.database, folder=tmp_path)
    # as the kernel does for a refresh that was killed
    child.process.stdin.close()
    assert child.process.wait() == 1
    assert child.process.stdout.read() == ""


def test_what_a_build_reads_is_an_input():
    project = Paths().project
    read = {
        path.relative_to(project).as_posix()
        for part in ("models", "macros", "seeds", "tests/generic", "tests/singular")
        for path in (project / part).rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    }
    assert len(read) > 200
    read |= {"dbt_project.yml", "profiles.yml", "requirements.lock"}
    assert read <= inputs.file_hashes(Paths()).keys()
    at_work = inputs.versions()
    known = inputs.total_hash({}, at_work)
    assert inputs.total_hash({}, at_work | {"duckdb": "0"}) != known


def test_a_file_that_may_not_grow_leaves_the_old_build(first):
    paths, _ = first
    before = served(paths)
    script = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))\n"
        f"sys.path.insert(0, {str(TESTS)!r})\n"
        "import run_faults\n"
        "exec(run_faults.REFRESH)\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", script, str(paths.project)],
        capture_output=True,
        text=True,
    )
    assert process.returncode == ExitCode.ENVIRONMENT, process.stdout + process.stderr
    assert "File too large" in process.stdout
    assert "Traceback" not in process.stdout + process.stderr
    assert served(paths) == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_refresh_that_is_told_to_stop_stops_in_order(first, number):
    paths, _ = first
    before, count = served(paths), len(runs.load(paths))
    sys.path.insert(0, str(TESTS))
    import run_faults

    process = run_faults.start(paths)
    while len(runs.load(paths)) == count or runs.load(paths)[-1].step != "dbt build":
        time.sleep(0.05)
    process.send_signal(number)
    process.communicate()
    last = runs.load(paths)[-1]
    assert (last.result, last.exit_code) == ("stopped", 128 + number)
    assert last.failed_step == "dbt build"
    assert served(paths) == before
    assert not paths.building.exists()


def test_a_refresh_is_killed_among_its_pages_and_no_program_notices(first, tmp_path):
    sys.path.insert(0, str(TESTS))
    import run_faults

    # test_publish.py kills at sealing and publishing, make test-faults everywhere
    wrong = run_faults.kill_refreshes(
        tmp_path,
        kills=1,
        seed=29,
        like=first[0],
        programs=("pages", "one_build"),
        refresh=run_faults.WITHOUT_DBT,
        ending=run_faults.WITHOUT_PAGES,
        pause=0.2,
    )
    assert wrong == []
