"""coupling study new, template, list, remove, rename: what they write and refuse."""

# ruff: noqa: RUF001, Chinese has signs of its own

from io import StringIO
from pathlib import Path

import panel_files
import projects
import pytest
from rich.console import Console
from test_study_choices import countries
from typer.testing import CliRunner

from coupling import cli
from coupling.answers import answer
from coupling.base.failures import ExitCode
from coupling.base.paths import Paths
from coupling.contracts import gate
from coupling.landing.workspace import read_figures, read_rows
from coupling.studies import command
from coupling.studies.choices import Options
from coupling.studies.command import Request

OPTIONS = Options(
    name="three cities",
    systems=panel_files.SYSTEMS,
    negative="工业废水排放量",
)
STUDY = "three_cities"


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Paths:
    return projects.copy_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(autouse=True)
def files_are_written(request, monkeypatch):
    """Workbook and page take half of an answer's time; few tests look at them."""
    if "with_files" not in request.fixturenames:
        monkeypatch.setattr(answer, "write_files", lambda *_: [])


@pytest.fixture
def with_files():
    """A test that asks for this has workbook and page written."""


@pytest.fixture
def paths(project, tmp_path, monkeypatch) -> Paths:
    """The project with an empty workspace."""
    monkeypatch.setenv("COUPLING_WORKSPACE", str(tmp_path / "workspace"))
    assert project.workspace == tmp_path / "workspace"
    return project


@pytest.fixture
def file(tmp_path) -> Path:
    return panel_files.write_workbook(
        tmp_path / "panel.xlsx", {"面板": panel_files.wide()}
    )


def run(job, *arguments, width=200, **more) -> tuple[int, str]:
    console = Console(file=StringIO(), width=width)
    code = job(console, *arguments, **more)
    return code, console.file.getvalue()


def new(paths, file, options=OPTIONS, read=None, **more) -> tuple[int, str]:
    more = {"is_confirmed": read is None} | more
    return run(command.new_study, Request(file, options, **more), paths, read=read)


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


def faults(paths: Paths) -> list:
    return gate.check_seeds(paths.seeds, paths.workspace)


def test_a_study_stands_in_the_workspace_and_is_answered(paths, file, with_files):
    code, said = new(paths, file)
    assert code == ExitCode.DONE, said
    figures = read_figures(paths.workspace / "yearbook" / f"{STUDY}.csv")
    assert len(figures) == 3 * 4 * 5 - 2
    assert figures["340200", 2021, f"{STUDY}__x2"] == str(panel_files.value(1, 2, 1))
    [study] = read_rows(paths.workspace / "studies" / "studies.csv")
    assert study["study_id"] == STUDY
    assert study["label"] == "three cities"
    assert not (paths.workspace / "reference" / "regions.csv").exists()
    [landing] = read_rows(paths.workspace / "landings.csv")
    original = paths.workspace / "originals" / f"{landing['sha256']}.xlsx"
    assert original.read_bytes() == file.read_bytes()
    # the answer: who leads, in the language of the file
    assert "2022年排名" in said
    assert "绿色发展" in said and "合肥市" in said
    assert (paths.target / "studies" / STUDY / f"{STUDY}.xlsx").exists()


def test_the_gate_passes_what_is_written(paths, file):
    new(paths, file)
    assert faults(paths) == []


def test_a_dry_run_and_a_no_write_nothing(paths, file):
    code, said = new(paths, file, is_dry_run=True)
    assert code == ExitCode.DONE
    assert "试运行" in said and "人均GDP" in said
    asked = []

    def read(prompt):
        asked.append(prompt)
        return ""

    code, said = new(paths, file, read=read)
    assert code == ExitCode.INPUTS and len(asked) == 1
    assert not files_of(paths.workspace)


def test_without_yes_or_a_terminal_nothing_is_written(paths, file, monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO())
    code, said = new(paths, file, is_confirmed=False, language="en")
    assert code == ExitCode.INPUTS
    assert "Nothing is written without --yes or a terminal." in said
    assert not files_of(paths.workspace)


def test_the_same_file_again_changes_nothing(paths, file):
    new(paths, file)
    before = files_of(paths.workspace)
    code, said = new(paths, file)
    assert code == ExitCode.DONE
    assert "is landed already" in said
    assert files_of(paths.workspace) == before


def corrected(tmp_path: Path) -> Path:
    rows = panel_files.wide()
    assert rows[2][:2] == ["合肥市", 2020]
    rows[2][3] = 999.5
    rows[2][2] = 55  # was blank
    return panel_files.write_workbook(tmp_path / "second.xlsx", {"面板": rows})


def test_a_corrected_file_revises_without_saying_it_all_again(paths, file, tmp_path):
    new(paths, file)
    before = read_rows(paths.workspace / "studies" / "indicators.csv")
    code, said = new(paths, corrected(tmp_path), Options(name=STUDY), language="en")
    assert code == ExitCode.DONE, said
    old = panel_files.value(0, 1, 1)
    assert "2 figures change" in said
    assert f"340100 2020 互联网用户数: {old} -> 999.5" in said
    assert "340100 2020 人均GDP: - -> 55" in said
    assert read_rows(paths.workspace / "studies" / "indicators.csv") == before
    [study] = read_rows(paths.workspace / "studies" / "studies.csv")
    assert study["label"] == "three cities"
    revised = read_rows(paths.workspace / "revisions.csv")
    assert {(r["series_id"], r["value_after"]) for r in revised} == {
        (f"{STUDY}__x1", "55"),
        (f"{STUDY}__x2", "999.5"),
    }
    assert faults(paths) == []


def test_land_revises_a_study(paths, file, tmp_path, monkeypatch):
    new(paths, file)
    monkeypatch.setattr(cli, "paths", paths)
    second = corrected(tmp_path)
    done = CliRunner().invoke(cli.app, ["land", str(second), "--name", STUDY, "--yes"])
    assert done.exit_code == 0, done.output
    figures = read_figures(paths.workspace / "yearbook" / f"{STUDY}.csv")
    assert figures["340100", 2020, f"{STUDY}__x2"] == "999.5"


def test_land_says_which_options_a_study_does_not_take(paths, file, monkeypatch):
    new(paths, file)
    monkeypatch.setattr(cli, "paths", paths)
    figures = paths.workspace / "yearbook" / f"{STUDY}.csv"
    before = figures.read_bytes()
    words = ["land", str(file), "--name", STUDY, "--yes", "--skip", "id", "--year"]
    done = CliRunner().invoke(cli.app, [*words, "2020"])
    assert done.exit_code == ExitCode.USAGE
    assert "and not --year, --skip" in " ".join(done.output.split())
    assert figures.read_bytes() == before


def test_another_file_does_not_take_a_study_by_chance(paths, file, tmp_path):
    new(paths, file)
    other = panel_files.write_workbook(
        tmp_path / "three_cities.xlsx", {"面板": panel_files.wide()}
    )
    options = Options(systems=panel_files.SYSTEMS)
    code, said = new(paths, other, options, language="en")
    assert code == ExitCode.USAGE
    assert "three_cities is a study already" in said
    assert "--name three_cities to revise it" in said


def test_remove_takes_out_all_that_it_brought(paths, file, tmp_path):
    untouched = paths.workspace
    rows = [["region", "year", "a", "b"]]
    rows += [
        [r, y, i * 3 + y % 7, i + y % 5]
        for i, r in enumerate("XYZ")
        for y in (2019, 2020)
    ]
    other = panel_files.write_csv(tmp_path / "other.csv", rows)
    code, said = new(paths, other, Options(systems=("A=3", "B=4")), language="en")
    assert code == ExitCode.DONE, said
    before = files_of(untouched)
    rows = panel_files.wide()
    rows += [["Isle", year, *(1.5 * n for n in range(1, 6))] for year in (2019, 2020)]
    new(paths, panel_files.write_csv(tmp_path / "mine.csv", rows), OPTIONS)
    assert len(read_rows(untouched / "reference" / "regions.csv")) == 4
    code, said = run(command.remove_study, paths, STUDY, True)
    assert code == ExitCode.DONE
    after = files_of(untouched)
    kept = [
        name for name in before if name.startswith(("studies", "reference", "year"))
    ]
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert f"yearbook/{STUDY}.csv" not in after
    assert faults(paths) == []


def test_shipped_and_unknown_studies_are_not_removed(paths):
    code, said = run(command.remove_study, paths, "industrial_transfer", True)
    assert code == ExitCode.INPUTS and "is a shipped study; it stays" in said
    code, said = run(command.remove_study, paths, "nothing", True)
    assert code == ExitCode.INPUTS and "there is no study nothing" in said


def test_rename_keeps_figures_and_gate(paths, file):
    new(paths, file)
    code, said = run(command.rename_study, paths, STUDY, "anhui")
    assert code == ExitCode.DONE, said
    figures = read_figures(paths.workspace / "yearbook" / "anhui.csv")
    assert figures["340200", 2021, "anhui__x2"] == str(panel_files.value(1, 2, 1))
    assert not (paths.workspace / "yearbook" / f"{STUDY}.csv").exists()
    assert faults(paths) == []
    code, said = run(command.rename_study, paths, "anhui", "An Hui")
    assert code == ExitCode.USAGE and "such as an_hui" in said


def test_list_says_whose_a_study_is(paths, file):
    new(paths, file)
    _, said = run(command.list_studies, paths, "en")
    lines = [line for line in said.splitlines() if "three_cities" in line]
    assert len(lines) == 1 and "your own" in lines[0] and "2019-2022" in lines[0]
    shipped = sum("shipped" in line for line in said.splitlines())
    assert shipped == len(projects.REGION_YEARS)


def test_known_headings_join_on_request_alone(paths, tmp_path):
    rows = [["地区", "年份", "地区生产总值(万元)", "x", "y"]]
    for r, region in enumerate(("北京市", "天津市")):
        for year in (2021, 2022):
            rows.append([region, year, 123.4 + r * 7 + year % 3, r + year % 3, r + 5.5])
    path = panel_files.write_workbook(tmp_path / "p.xlsx", {"p": rows})
    options = Options(name="two", systems=("A=3", "B=4,5"))
    code, said = new(paths, path, options, language="en")
    assert code == ExitCode.DONE, said
    assert "is known as gdp_cny_100m: kept as a series of your own" in said
    figures = read_figures(paths.workspace / "yearbook" / "two.csv")
    assert {series for _, _, series in figures} == {"two__x1", "two__x2", "two__x3"}
    code, said = new(paths, path, options, language="en", join_series=True)
    assert code == ExitCode.DONE, said
    figures = read_figures(paths.workspace / "yearbook" / "two.csv")
    first = 123.4 + 2021 % 3
    # 10,000 yuan in 100 million
    assert float(figures["110000", 2021, "gdp_cny_100m"]) == pytest.approx(first / 1e4)
    indicators = read_rows(paths.workspace / "studies" / "indicators.csv")
    assert [row["numerator"] for row in indicators] == [
        *("gdp_cny_100m", "two__x2", "two__x3")
    ]
    assert indicators[0]["unit"] == "100m yuan"


def test_regions_are_kept_apart_on_request(paths, file):
    new(paths, file, join_regions=False)
    names = read_rows(paths.workspace / "reference" / "regions.csv")
    assert [row["name_zh"] for row in names] == panel_files.REGIONS
    assert all(row["region_code"].startswith("own_") for row in names)
    # and stay so when a file revises the study
    new(paths, file, Options(name=STUDY))
    assert read_rows(paths.workspace / "reference" / "regions.csv") == names


def test_rejected_cells_are_told_and_kept(paths, tmp_path):
    rows = panel_files.wide()
    rows[3][4] = "约12"
    path = panel_files.write_workbook(tmp_path / "p.xlsx", {"面板": rows})
    code, said = new(paths, path)
    assert code == ExitCode.DONE
    assert "略去 面板 E4：约12" in said
    [reject] = read_rows(paths.workspace / "landing_rejects.csv")
    assert (reject["sheet"], reject["row"], reject["column"], reject["text_found"]) == (
        *("面板", "4", "E", "约12"),
    )


def test_a_terminal_is_asked_for_systems(paths, file):
    answers = iter(["数字经济", "3-5", "绿色发展", "6,7", "6", "y"])
    code, said = new(paths, file, Options(name="asked"), read=lambda _: next(answers))
    assert code == ExitCode.DONE, said
    indicators = read_rows(paths.workspace / "studies" / "indicators.csv")
    assert [row["direction"] for row in indicators] == ["+", "+", "+", "-", "+"]
    assert next(answers, None) is None


def test_commands_of_a_shell(paths, file, tmp_path, monkeypatch):
    monkeypatch.setattr(cli, "paths", paths)
    runner = CliRunner()
    own = tmp_path / "own.xlsx"
    done = runner.invoke(cli.app, ["study", "template", str(own), "--lang", "zh"])
    assert done.exit_code == 0 and own.exists()
    again = runner.invoke(cli.app, ["study", "template", str(own)])
    assert again.exit_code == 1 and "is there already" in again.output
    done = runner.invoke(cli.app, ["study", "new", str(own), "--yes", "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert "Ranking in 2022" in done.output
    bad = runner.invoke(cli.app, ["study", "new", str(file), "--system", "A=3"])
    assert bad.exit_code == 2
    done = runner.invoke(cli.app, ["study", "rename", "example_study", "mine"])
    assert done.exit_code == 0, done.output
    done = runner.invoke(cli.app, ["study", "remove", "mine", "--yes"])
    assert done.exit_code == 0, done.output
    assert read_rows(paths.workspace / "studies" / "studies.csv") == []
    for name in ("new", "template", "list", "show", "remove", "rename"):
        told = runner.invoke(cli.app, ["study", name, "--help"])
        assert "Example: coupling study" in " ".join(told.output.split())


def test_countries_of_ones_own_are_answered(paths, tmp_path):
    code, said = new(paths, countries(tmp_path / "c.xlsx"), Options())
    assert code == ExitCode.DONE, said
    assert "Ranking in 2022" in said
    ranking = said.split("Ranking in 2022")[1].split("Means over")[0]
    rows = [line.split() for line in ranking.splitlines() if line.strip()]
    grades = {row[-2] for row in rows[2:]} | {row[-3] for row in rows[2:]}
    assert grades & {"poor", "fair", "good", "top"}
    assert sum("Norway" in row for row in rows) == 1
    assert faults(paths) == []
