"""What of a workspace cannot be built is set aside, and the rest is built."""

# ruff: noqa: RUF001, Chinese has signs of its own

import csv
import io
import os
from pathlib import Path

import own_studies
import pandas as pd
import projects
import pytest

from coupling.base.paths import Paths
from coupling.contracts import gate
from coupling.contracts.seeds import Finding
from coupling.refresh.aside import Aside, _fault, set_aside

BAD, GOOD = "bad", "good"


@pytest.fixture
def paths(tmp_path, monkeypatch) -> Paths:
    """The project, with two studies of a user's own in its workspace."""
    monkeypatch.setenv("COUPLING_WORKSPACE", str(tmp_path / "workspace"))
    paths = projects.TargetAside(aside=tmp_path)
    write_studies(paths.workspace)
    return paths


def write_studies(folder: Path) -> None:
    one, other = (
        own_studies.renamed(own_studies.made_up(own_studies.panel(3, 3, 4)), name)
        for name in (BAD, GOOD)
    )
    tables = {
        name: pd.concat([table, other.tables[name]]).drop_duplicates()
        for name, table in one.tables.items()
    }
    one.tables.update(tables)
    own_studies.write_workspace(one, folder)
    own_studies.write_table(folder / "yearbook" / f"{GOOD}.csv", other.figures)


def edit(path: Path, row: int, column: str, text: str) -> None:
    lines = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    lines[row - 1][lines[0].index(column)] = text
    content = io.StringIO()
    csv.writer(content, lineterminator="\n").writerows(lines)
    path.write_text(content.getvalue(), encoding="utf-8")


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def sorted_out(paths: Paths) -> Aside:
    """Set aside; check that the workspace stands and the copy passes the gate."""
    before = files_of(paths.workspace)
    aside = Aside(paths)
    findings, _ = aside.sort_out()
    assert findings == []
    assert files_of(paths.workspace) == before
    if aside.items:
        assert gate.check_seeds(paths.seeds, aside.folder) == []
    return aside


def told(aside: Aside) -> list[tuple]:
    return [
        (one.kind, one.name, one.source_file, one.source_row, one.source_column)
        for one in aside.items
    ]


def studies_in(folder: Path) -> list[str]:
    text = (folder / "studies" / "studies.csv").read_text(encoding="utf-8")
    return [row["study_id"] for row in csv.DictReader(text.splitlines()) if row]


def test_a_sound_workspace_is_not_copied(paths):
    assert gate.check_seeds(paths.seeds, paths.workspace) == []
    aside = sorted_out(paths)
    assert aside.items == []
    before = os.environ["COUPLING_WORKSPACE"]
    with aside.in_use():
        assert os.environ["COUPLING_WORKSPACE"] == before
        assert set_aside().num_rows == 0


def test_a_study_with_a_fault_is_set_aside_and_the_other_stays(paths):
    edit(paths.workspace / "studies" / "indicators.csv", 3, "direction", "up")
    aside = sorted_out(paths)
    place = "workspace/studies/indicators.csv", 3, "direction"
    assert told(aside) == [("study", BAD, *place)]
    assert aside.items[0].reason == "found up; expected one of +, -"
    assert aside.items[0].reason_zh == "发现up；应为one of +, -"
    assert studies_in(aside.folder) == [GOOD]
    for name in ("systems", "indicators", "study_regions"):
        text = (aside.folder / "studies" / f"{name}.csv").read_text(encoding="utf-8")
        assert BAD not in text.replace(f"{BAD}__", "") and GOOD in text
    before = os.environ["COUPLING_WORKSPACE"]
    with aside.in_use():
        assert Path(os.environ["COUPLING_WORKSPACE"]) == aside.folder
        [row] = set_aside().to_pylist()
        assert (row["kind"], row["name"], row["source_row"]) == ("study", BAD, 3)
        assert row["reason_zh"] == aside.items[0].reason_zh
    assert os.environ["COUPLING_WORKSPACE"] == before


def test_a_row_that_others_need_takes_them_along(paths):
    # the series of one study goes, and the study with it
    edit(paths.workspace / "reference" / "series.csv", 2, "min_value", "none")
    aside = sorted_out(paths)
    kinds = [(one.kind, one.name) for one in aside.items]
    assert ("row", "workspace/reference/series.csv") in kinds
    assert ("study", BAD) in kinds
    assert studies_in(aside.folder) == [GOOD]


def test_a_figure_that_is_none_is_left_blank(paths):
    path = paths.workspace / "yearbook" / f"{BAD}.csv"
    edit(path, 4, f"{BAD}__a01", "9" * 100_000 + "x")
    aside = sorted_out(paths)
    name = f"workspace/yearbook/{BAD}.csv"
    assert told(aside) == [("figure", name, name, 4, f"{BAD}__a01")]
    assert len(aside.items[0].reason) <= 500
    assert len(aside.items[0].reason_zh) <= 500
    assert studies_in(aside.folder) == [BAD, GOOD]
    rows = (aside.folder / "yearbook" / f"{BAD}.csv").read_text("utf-8").splitlines()
    was = path.read_text("utf-8").splitlines()
    assert rows[:3] + rows[4:] == was[:3] + was[4:]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("yearbook/odd.csv", b"region_code,year\n\xff\xfe,2020\n"),
        ("yearbook/odd.csv", b'region_code,year\n"110000,2020\n'),
        ("yearbook/odd.csv", b"place,year,gdp\n110000,2020,3\n"),
        ("studies/panel.csv", b"region,year\n1,2\n"),
        ("reference/regions.csv", b""),
        ("landings.csv", b"position\n1\n"),
    ],
)
def test_a_file_that_is_no_table_of_ours_is_set_aside(paths, name, content):
    if name == "reference/regions.csv":
        path = paths.workspace / name
        path.write_bytes(b"\xff" + path.read_bytes())
    else:
        (paths.workspace / name).write_bytes(content)
    aside = sorted_out(paths)
    assert ("file", f"workspace/{name}") in [(o.kind, o.name) for o in aside.items]
    assert not (aside.folder / name).exists()
    kept = [BAD, GOOD] if name != "reference/regions.csv" else []
    assert studies_in(aside.folder) == kept


def test_a_row_in_place_of_a_shipped_one_goes_alone(paths):
    path = paths.workspace / "studies" / "studies.csv"
    shipped = own_studies.seed("studies").iloc[[0]].assign(first_year="soon")
    header = path.read_text("utf-8").splitlines()[0].split(",")
    own_studies.write_table(
        path,
        pd.concat([pd.read_csv(path, dtype=str), shipped]).reindex(columns=header),
    )
    aside = sorted_out(paths)
    assert [(one.kind, one.source_row) for one in aside.items] == [("row", 4)]
    assert studies_in(aside.folder) == [BAD, GOOD]


def test_a_study_that_lacks_what_a_shipped_method_asks_for_is_blamed(paths):
    path = paths.workspace / "studies" / "studies.csv"
    edit(path, 3, "default_method_id", "given_set_linear")
    [file] = {f.file for f in gate.check_seeds(paths.seeds, paths.workspace)}
    assert file == "seeds/studies/methods.csv"
    aside = sorted_out(paths)
    assert [(one.kind, one.name) for one in aside.items] == [("study", GOOD)]
    assert studies_in(aside.folder) == [BAD]


def test_a_fault_of_what_ships_is_none_of_the_workspaces(paths, tmp_path):
    project = projects.copy_project(tmp_path / "project")
    edit(project.seeds / "studies" / "indicators.csv", 2, "direction", "up")
    edit(paths.workspace / "studies" / "indicators.csv", 3, "direction", "up")
    aside = Aside(project)
    findings, _ = aside.sort_out()
    assert [(f.file, f.row) for f in findings] == [("seeds/studies/indicators.csv", 2)]
    assert aside.items == []


def test_what_all_falls_with_is_told_with_its_place():
    fault = Finding("workspace/a.csv", 3, "year", "soon", "a whole number")
    told = _fault(fault)
    assert told.en == f"{fault.where}: found soon; expected a whole number"
    assert told.zh == "workspace/a.csv第3行year列：发现soon；应为a whole number"
    whole = _fault(Finding("workspace/a.csv", None, "", "soon", "a table"))
    assert whole.en == "workspace/a.csv: found soon; expected a table"
    assert whole.zh == "workspace/a.csv：发现soon；应为a table"


# --- after a build that failed --------------------------------------------------------


def test_what_failed_with_a_survey_is_tried_without_surveys(paths):
    folder = paths.workspace / "households"
    folder.mkdir()
    (folder / "mine.households.parquet").write_bytes(b"none")
    (folder / "mine.rejects.parquet").write_bytes(b"none")
    aside = Aside(paths)
    assert aside.widen("it failed", ["int_household_features"], {})
    assert [(one.kind, one.name, one.reason) for one in aside.items] == [
        ("survey", "mine", "it failed")
    ]
    # what the build says it says in English
    assert aside.items[0].reason_zh == "it failed"
    assert studies_in(aside.folder) == [BAD, GOOD]


def test_a_study_that_fails_alone_is_the_one_that_goes(paths, monkeypatch):
    def evaluate(paths, study_id):
        if study_id == BAD:
            raise ValueError("no number")

    monkeypatch.setattr("coupling.engine.stored.evaluate_stored", evaluate)
    aside = Aside(paths)
    assert aside.widen("it failed", ["int_systems_scored"], {})
    assert [(one.kind, one.name) for one in aside.items] == [("study", BAD)]
    assert aside.items[0].reason == "no number"
    # nothing else fails alone: all goes
    assert aside.widen("again", ["int_systems_scored"], {})
    assert ("study", GOOD) in [(one.kind, one.name) for one in aside.items]
    assert not any((aside.folder / "yearbook").iterdir())
    # and after that nothing is left that could be at fault
    assert not aside.widen("and again", ["int_systems_scored"], {})


def test_figures_against_expectations_go_with_their_file(paths):
    aside = Aside(paths)
    assert aside.widen("1 failed", [], {f"workspace/yearbook/{BAD}.csv": "far off"})
    assert told(aside)[0][:2] == ("file", f"workspace/yearbook/{BAD}.csv")
    assert aside.items[0].reason == "far off"
    assert not (aside.folder / "yearbook" / f"{BAD}.csv").exists()
    assert (aside.folder / "yearbook" / f"{GOOD}.csv").exists()


def test_without_a_workspace_nothing_is_tried_again(tmp_path, monkeypatch):
    monkeypatch.setenv("COUPLING_WORKSPACE", str(tmp_path / "none"))
    aside = Aside(projects.TargetAside(aside=tmp_path))
    assert aside.sort_out()[0] == []
    assert not aside.widen("it failed", ["int_systems_scored"], {})
