"""Names of one's own are said once, kept in the workspace, and used from then on."""

import io

import pytest
from rich.console import Console

from coupling.base.paths import Paths
from coupling.contracts import gate
from coupling.landing.command import LANDED, REFUSED, USAGE, Request, land_files
from coupling.landing.workspace import read_figures, read_rows

SEEDS = Paths().seeds
TEXT = "地区,年份,Output of all(亿圆)\n帝都,2022,41540.9\n天津,2022,16132.2\n"
MEANS = ("帝都=110000", "Output of all=gdp_cny_100m", "亿圆=亿元")
FIGURES = {
    ("110000", 2022, "gdp_cny_100m"): "41540.9",
    ("120000", 2022, "gdp_cny_100m"): "16132.2",
}


@pytest.fixture
def land(tmp_path):
    """Land a text under a name; return the exit code and what was said."""

    def land(text, name="first", **options):
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        said = Console(file=io.StringIO(), width=300)
        request = Request(is_confirmed=True, **options)
        code = land_files(said, [path], request, SEEDS, tmp_path / "workspace")
        return code, said.file.getvalue()

    land.workspace = tmp_path / "workspace"
    return land


def rows(land, name):
    return read_rows(land.workspace / "reference" / f"{name}.csv")


def test_a_name_that_is_said_once_is_known_from_then_on(land):
    code, said = land(TEXT)
    assert code == REFUSED and "Output of all" in said
    code, said = land(TEXT, means=MEANS[1:])
    assert code == REFUSED and "帝都" in said
    code, said = land(TEXT, means=MEANS)
    assert code == LANDED, said
    for told in (
        "from now on 帝都 is read as 110000",
        "from now on Output of all is read as gdp_cny_100m",
        "from now on 亿圆 is read as 亿元",
    ):
        assert told in said
    assert read_figures(land.workspace / "yearbook" / "first.csv") == FIGURES
    assert rows(land, "region_names") == [
        {"name": "帝都", "kind": "region", "region_code": "110000"}
    ]
    assert rows(land, "series_names") == [
        {"name": "Output of all", "series_id": "gdp_cny_100m"}
    ]
    [unit] = rows(land, "units")
    assert (unit["unit"], unit["dimension"]) == ("亿圆", "yuan")
    assert float(unit["factor"]) == 1e8
    assert gate.check_seeds(SEEDS, land.workspace) == []
    # of another file too, and what is there stays
    code, said = land(TEXT.replace("2022", "2021"), "second", means=("鹏城=440000",))
    assert code == LANDED, said
    assert [row["name"] for row in rows(land, "region_names")] == ["帝都", "鹏城"]


def test_what_is_known_already_is_not_kept_again(land):
    text = "地区,年份,GDP(亿元)\n北京,2022,41540.9\n"
    code, said = land(text, means=("北京=110000", "GDP=gdp_cny_100m", "亿元=亿元"))
    assert code == LANDED and "from now on" not in said
    assert not (land.workspace / "reference").exists()


@pytest.mark.parametrize(
    ("means", "told"),
    [
        ("北京=120000", "北京 is known already, as something else than 120000"),
        ("GDP=resident_population_10k", "GDP is known already"),
        ("年份=gdp_cny_100m", "年份 is known already"),
        ("foo=gdp_cny_100", "a series_id, a unit or a region; nearest: gdp_cny_100m"),
        ("foo", "found foo; expected NAME=MEANING"),
        ("=gdp_cny_100m", "expected NAME=MEANING"),
        ("x" * 3_000 + "=gdp_cny_100m", "is too long for a name"),
    ],
)
def test_what_cannot_be_kept_is_told_before_a_file_is_read(land, means, told):
    code, said = land(TEXT, means=(means,))
    assert code == USAGE and told in said
    assert not land.workspace.exists()


def test_a_name_may_have_a_sign_of_equality_in_it(land):
    text = "地区,年份,价格(上一年=一百)\n北京,2022,101.8\n"
    means = ("价格(上一年=一百)=cpi_previous_year_100",)
    code, said = land(text, means=means, unit="上年=100")
    assert code == LANDED, said


def test_a_name_that_is_said_twice_is_kept_once_and_has_one_meaning(land):
    text = "地区,年份,GDP(亿元)\n帝都,2022,41540.9\n"
    code, said = land(text, means=("帝都=110000", "帝都=120000"))
    assert code == USAGE
    assert "帝都 is given two meanings, 110000 and 120000" in said
    assert land(text, means=("帝都=110000", "帝都=北京"))[0] == LANDED
    assert [row["name"] for row in rows(land, "region_names")] == ["帝都"]
    assert gate.check_seeds(SEEDS, land.workspace) == []


def test_a_table_of_names_that_a_spreadsheet_wrote_is_kept(land):
    path = land.workspace / "reference" / "region_names.csv"
    path.parent.mkdir(parents=True)
    path.write_text("name,kind,region_code\n鹏城,region,440000\n", "utf-8-sig")
    text = "地区,年份,GDP(亿元)\n帝都,2022,41540.9\n鹏城,2022,129513.6\n"
    assert land(text, means=("帝都=110000",))[0] == LANDED
    assert rows(land, "region_names") == [
        {"name": name, "kind": "region", "region_code": code}
        for name, code in (("鹏城", "440000"), ("帝都", "110000"))
    ]


def test_nothing_is_kept_of_a_file_that_is_refused(land):
    code, said = land(TEXT.replace("天津", "某地"), means=MEANS)
    assert code == REFUSED and "某地" in said
    assert not land.workspace.exists()


def test_figures_of_a_newer_file_do_not_give_way_unsaid(land):
    newer = "地区,年份,GDP(亿元)\n北京,2021,41045.6\n北京,2023,43760.7\n"
    older = "地区,年份,GDP(亿元)\n北京,2020,35943.3\n北京,2021,40269.6\n"
    assert land(newer, "of_2024")[0] == LANDED
    code, said = land(older, "of_2022")
    assert code == LANDED
    told = "newer figures give way to older ones: 1 of of_2024 (of_2024.csv), which"
    assert f"{told} goes to 2023; this file ends in 2021" in said
    # in the place of the newer one, what is lost counts as well
    code, said = land(older, "of_2024")
    assert "newer figures give way to older ones: 2 of of_2024" in said
    # the other way round there is nothing to say
    assert "give way" not in land(newer, "of_2024")[1]
    assert "give way" not in land(older.replace("40269.6", "41045.6"), "same")[1]
