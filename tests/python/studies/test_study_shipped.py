"""coupling study new --series: a study of shipped figures, without a file."""

import openpyxl
import projects
import pytest
from test_study_command import faults, files_of, run
from typer.testing import CliRunner

from coupling import cli
from coupling.answers import answer
from coupling.base.failures import ExitCode
from coupling.base.paths import Paths
from coupling.engine import stored
from coupling.landing.workspace import read_rows
from coupling.studies import command
from coupling.studies.choices import Options
from coupling.studies.command import Request
from coupling.studies.shipped import Asked

SERIES = ("人均地区生产总值", "retail_sales_cny_100m", "loan_balance_cny_100m")
OPTIONS = Options(
    name="anhui", systems=("Economy=1,2", "Finance=loan_balance_cny_100m"), years=""
)


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Paths:
    return projects.copy_project(tmp_path_factory.mktemp("project"))


@pytest.fixture
def paths(project, tmp_path, monkeypatch) -> Paths:
    """The project with an empty workspace."""
    monkeypatch.setenv("COUPLING_WORKSPACE", str(tmp_path / "workspace"))
    return project


def new(paths, asked, options=OPTIONS) -> tuple[int, str]:
    request = Request(None, options, is_confirmed=True, shipped=asked)
    return run(command.new_study, request, paths)


def test_cities_of_a_province_are_one_command(paths, warehouse):
    asked = Asked(SERIES, ("安徽省",), "city")
    options = Options(OPTIONS.name, OPTIONS.systems, years="2015-2022")
    code, said = new(paths, asked, options)
    assert code == ExitCode.DONE, said
    assert "16 regions, 2015-2022, 3 indicators in 2 systems" in said
    rows = {
        name: read_rows(paths.workspace / "studies" / f"{name}.csv")
        for name in ("studies", "systems", "indicators", "study_regions")
    }
    assert len(rows["study_regions"]) == 16
    assert [row["numerator"] for row in rows["indicators"]] == [
        *("gdp_per_capita_cny", "retail_sales_cny_100m", "loan_balance_cny_100m")
    ]
    # figures stay shipped ones: none is copied, and nothing that ships changes
    assert set(files_of(paths.workspace)) == {f"studies/{name}.csv" for name in rows}
    assert faults(paths) == []
    results = stored.evaluate_stored(paths, "anhui")
    cells = results.table("fct_indicator_values")
    hefei = cells[
        (cells["region_code"] == "340100")
        & (cells["year"] == 2022)
        & (cells["indicator_id"] == "X2")
        & (cells["method_id"] == "entropy_topsis")
    ]
    known = projects.table(
        warehouse,
        """
        select value, quality from marts.fct_observations
        where region_code = '340100' and year = 2022
            and series_id = 'retail_sales_cny_100m'
        """,
    )
    assert hefei["raw_value"].tolist() == known["value"].tolist()
    assert hefei["quality"].tolist() == known["quality"].tolist() == ["A"]


def test_a_break_inside_the_years_is_told_wherever_the_study_is(paths, tmp_path):
    asked = Asked(SERIES, ("安徽省",), "city")
    code, said = new(paths, asked, Options("anhui", OPTIONS.systems, years="2017-2022"))
    assert code == ExitCode.DONE, said
    census = "From 2019 levels of the economic census of 2018 come in"
    assert census in said
    results = stored.evaluate_stored(paths, "anhui")
    workbook, page = answer.write_files(results, paths, folder=tmp_path / "files")
    assert census in page.read_text(encoding="utf-8")
    cover = openpyxl.load_workbook(workbook)
    assert any(
        census in str(cell)
        for sheet in cover.worksheets
        for row in sheet.values
        for cell in row
    )
    # years after the break have none inside
    code, said = new(paths, asked, Options("later", OPTIONS.systems, years="2019-2022"))
    assert code == ExitCode.DONE, said
    assert "From 2019" not in said


def test_without_regions_all_of_the_level_have_part(paths):
    code, said = new(paths, Asked(SERIES))
    assert code == ExitCode.DONE, said
    assert "31 regions" in said
    regions = read_rows(paths.workspace / "studies" / "study_regions.csv")
    assert all(row["region_code"].endswith("0000") for row in regions)


def test_regions_may_be_named_one_by_one_and_municipalities_by_level(paths):
    code, said = new(paths, Asked(SERIES, ("合肥市", "Wuhu", "340300")))
    assert code == ExitCode.DONE, said
    regions = read_rows(paths.workspace / "studies" / "study_regions.csv")
    assert [row["region_code"] for row in regions] == ["340100", "340200", "340300"]
    code, said = new(paths, Asked(SERIES, ("北京市", "上海市")))
    assert code == ExitCode.DONE, said
    regions = read_rows(paths.workspace / "studies" / "study_regions.csv")
    assert [row["region_code"] for row in regions] == ["110000", "310000"]
    code, said = new(paths, Asked(SERIES, ("北京市", "上海市"), "city"))
    assert code == ExitCode.DONE, said
    regions = read_rows(paths.workspace / "studies" / "study_regions.csv")
    assert [row["region_code"] for row in regions] == ["110100", "310100"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked((*SERIES, "xyz")), "--series xyz: no shipped series"),
        (Asked((*SERIES, "gdp_cny_100")), "Nearest: gdp_cny_100m"),
        (Asked(SERIES, ("火星",)), "--regions 火星: found no shipped region"),
        (Asked(SERIES, ("合肥市",), "province"), "has no part of level province"),
        (
            Asked(("pm25_ug_m3", "doctors"), ("安徽省",)),
            "none of these series has a figure for these regions",
        ),
    ],
)
def test_what_is_not_there_is_told_and_nothing_written(paths, asked, said):
    code, found = new(paths, asked)
    assert code == ExitCode.USAGE
    assert said in found
    assert not (paths.workspace / "studies").exists()


def test_a_study_is_revised_renamed_and_taken_out(paths):
    new(paths, Asked(SERIES))
    options = Options("anhui", ("A=1", "B=2"), negative="2", years="2016-2018")
    code, said = new(paths, Asked(SERIES[:2]), options)
    assert code == ExitCode.DONE, said
    [study] = read_rows(paths.workspace / "studies" / "studies.csv")
    assert (study["first_year"], study["last_year"]) == ("2016", "2018")
    code, said = run(command.rename_study, paths, "anhui", "other")
    assert code == ExitCode.DONE, said
    assert not (paths.workspace / "yearbook").exists()
    code, said = run(command.remove_study, paths, "other", is_confirmed=True)
    assert code == ExitCode.DONE, said
    assert files_of(paths.workspace) == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["study", "new"], "Say a panel file, or --series"),
        (["study", "new", "x.csv", "--series", "a"], "one of the two"),
        (["study", "new", "x.csv", "--level", "city"], "are for --series"),
        (["study", "new", "--series", "a"], "--series needs --name"),
    ],
)
def test_options_that_do_not_fit_are_refused(words, said):
    result = CliRunner().invoke(cli.app, words)
    assert result.exit_code == ExitCode.USAGE
    assert said in " ".join(result.output.split())


def test_an_option_said_again_adds_to_what_was_said(project, tmp_path, monkeypatch):
    monkeypatch.setenv("COUPLING_WORKSPACE", str(tmp_path / "workspace"))
    first, *others = SERIES
    words = ["--series", first, "--series", ",".join(others)]
    words += [
        "--regions",
        "合肥市",
        "--regions",
        "芜湖市,340300",
        "--years",
        "2020-2022",
    ]
    words += ["--system", "Economy=1,2", "--system", "Finance=3", "--name", "three"]
    result = CliRunner().invoke(cli.app, ["study", "new", *words, "--dry-run"])
    assert result.exit_code == ExitCode.DONE, result.output
    told = " ".join(result.output.split())
    assert "3 regions, 2020-2022, 3 indicators in 2 systems" in told


def test_a_study_without_the_years_before_a_break_is_one_row(paths):
    [row] = [
        row
        for row in read_rows(paths.seeds / "studies" / "studies.csv")
        if row["study_id"] == "industrial_transfer_anhui"
    ]
    own = paths.workspace / "studies" / "studies.csv"
    own.parent.mkdir(parents=True)
    header, line = ",".join(row), row | {"first_year": "2020", "label": "Mine"}
    own.write_text(f"{header}\n{','.join(line.values())}\n", encoding="utf-8")
    assert faults(paths) == []
    results = stored.evaluate_stored(paths, "industrial_transfer_anhui")
    found = results.table("fct_coupling")
    assert sorted(found["year"].unique()) == [2020, 2021]
    assert found["region_code"].nunique() == 16
    assert set(found["status"]) == {"computed"}
