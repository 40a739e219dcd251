"""Panels of people, from the file to the numbers, against the reference.

Sixteen cities as of Anhui with Chinese headings and blanks, twenty countries with
weights and grades of their own, and 279 cities over fifteen years.
"""

from pathlib import Path

import comparison
import numpy as np
import own_studies
import panel_files
import projects
import pytest
import reference
from test_study_choices import countries
from test_study_command import faults, new

from coupling.base.failures import ExitCode
from coupling.base.paths import Paths
from coupling.engine import engine
from coupling.engine.stored import evaluate_stored
from coupling.studies.choices import Options

HEADINGS = [
    *("互联网宽带接入用户数(万户)", "移动电话用户数(万户)", "人均电信业务总量(元)"),
    *("信息传输、软件和信息技术服务业从业人员(万人)", "数字普惠金融指数"),
    *("科学技术支出(亿元)", "建成区绿化覆盖率(%)", "工业废水排放量(万吨)"),
    *("工业二氧化硫排放量(吨)", "污水处理厂集中处理率(%)"),
    *("生活垃圾无害化处理率(%)", "人均公园绿地面积(平方米)"),
]
CITIES = [
    *("合肥市", "芜湖市", "蚌埠市", "淮南市", "马鞍山市", "淮北市", "铜陵市", "安庆市"),
    *("黄山市", "滁州市", "阜阳市", "宿州市", "六安市", "亳州市", "池州市", "宣城市"),
]


def anhui(folder: Path) -> tuple[Path, Options]:
    frame = own_studies.panel(16, 8, 12, draw=5)
    cells = frame.iloc[:, 2:].round(2).astype(object).where(frame.iloc[:, 2:].notna())
    rows = [
        [CITIES[place // 8], 2015 + place % 8, *line]
        for place, line in enumerate(cells.to_numpy().tolist())
    ]
    path = panel_files.write_workbook(
        folder / "anhui.xlsx", {"面板": [["地区", "年份", *HEADINGS], *rows]}
    )
    systems = ("数字经济=3-8", "绿色发展=9-14")
    return path, Options(systems=systems, negative="10,11")


def twenty_countries(folder: Path) -> tuple[Path, Options]:
    return countries(folder / "countries.xlsx"), Options()


def all_cities(folder: Path) -> tuple[Path, Options]:
    frame = own_studies.panel(279, 15, 9, draw=6)
    path = folder / "cities.csv"
    frame.to_csv(path, index=False)
    systems = ("One=3-5", "Two=6-8", "Three=9-11")
    return path, Options(systems=systems, negative="8", method="critic_linear")


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Paths:
    return projects.copy_project(tmp_path_factory.mktemp("project"))


@pytest.mark.parametrize(
    ("made", "name", "systems", "rows"),
    [
        (anhui, "anhui", 2, 16 * 8),
        (twenty_countries, "twenty_countries", 3, 20 * 4),
        (all_cities, "cities", 3, 279 * 15),
    ],
)
def test_a_panel_gives_the_numbers_of_the_reference(
    made, name, systems, rows, project, tmp_path, monkeypatch
):
    monkeypatch.setenv("COUPLING_WORKSPACE", str(tmp_path / "workspace"))
    code, said = new(project, *made(tmp_path))
    assert code == ExitCode.DONE, said
    assert faults(project) == []
    results = evaluate_stored(project, name)
    seeds = own_studies.seeds_of(project, name, tmp_path / "seeds")
    expected = reference.compute(seeds)
    for table in comparison.KEYS:
        if table in engine.TABLES:
            schema = "quality" if table.startswith("qc_") else "marts"
            found = results.table(table, schema)
            assert comparison.between(found, table, expected[table]) == [], table
    coupled = results.table("fct_coupling")
    assert len(coupled) == rows
    assert (coupled["status"] == "computed").all()
    assert np.ptp(coupled["coupling_coordination_degree"]) > 0.1
    assert len(results.table("dim_systems")) == systems
