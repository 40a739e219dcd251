"""A study from Python: frames in, frames and files out."""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import own_studies
import pandas as pd
import pyreadstat
import pytest

import coupling
from coupling.answers import exports, frames
from coupling.base.paths import Paths

GRADES = {"失调", "勉强协调", "初级协调", "中级协调", "良好协调", "优质协调"}
NOTEBOOK = Paths().project / "reports" / "guides" / "own_study.ipynb"
# what a look at a study may take, with all that it loads; a busy machine takes longer
SECONDS = 3
SLACK = 4


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return own_studies.panel(6, 5, 6)


@pytest.fixture(scope="module")
def systems(frame) -> dict[str, list[str]]:
    names = list(frame.columns[2:])
    return {"Digital economy": names[:3], "Green development": names[3:]}


@pytest.fixture(scope="module")
def study(frame, systems):
    return coupling.study(frame, systems, negative=["a06"], units={"a01": "GWh"})


@pytest.fixture(scope="module")
def chinese(frame, systems):
    return coupling.study(frame, systems, negative=["a06"], lang="zh")


# --- by hand ----------------------------------------------------------------------

# two regions and two years, one indicator a system, in steps of a half
HAND = pd.DataFrame(
    {
        "province": ["A", "A", "B", "B"],
        "when": [2020, 2021, 2020, 2021],
        "gdp": [10, 20, 30, 50],
        "smoke": [9, 7, 5, 1],
    }
)


def test_a_case_worked_out_by_hand():
    found = coupling.study(
        HAND,
        {"Economy": ["gdp"], "Nature": ["smoke"]},
        negative=["smoke"],
        method="entropy_linear",
        region="province",
        year="when",
    )
    # a lone indicator weighs 1, so scores are the normalised values:
    # gdp 0, 1/4, 1/2, 1 and smoke, of which less is better, 0, 1/4, 1/2, 1
    scores = found.scores.pivot(
        index=["region", "year"], columns="system", values="score"
    )
    assert scores["Economy"].tolist() == [0, 0.25, 0.5, 1]
    assert scores["Nature"].tolist() == [0, 0.25, 0.5, 1]
    # alike scores: C = 1, T = U and D = sqrt(U); zero scores: C = D = 0
    coupled = found.coupling.set_index(["region", "year"])
    assert coupled["coupling_degree"].tolist() == pytest.approx([0, 1, 1, 1])
    assert coupled["comprehensive_index"].tolist() == pytest.approx([0, 0.25, 0.5, 1])
    assert coupled["coupling_coordination_degree"].tolist() == pytest.approx(
        [0, 0.5, np.sqrt(0.5), 1]
    )
    assert set(coupled["lagging_system"]) == {"synchronous"}
    assert found.weights["weight"].tolist() == [1, 1]
    # v is alike for both, so each is half of what is lacking
    lacking = found.obstacles.dropna(subset="obstacle_degree")
    assert lacking["obstacle_degree"].tolist() == pytest.approx([0.5] * 6)
    assert found.values["normalised_value"].tolist() == [
        0,
        0,
        0.25,
        0.25,
        0.5,
        0.5,
        1,
        1,
    ]


def test_given_weights_and_contributions_are_taken():
    found = coupling.study(
        HAND.assign(roads=[1, 3, 2, 5]),
        {"Economy": ["gdp", "roads"], "Nature": ["smoke"]},
        negative=["smoke"],
        method="entropy_linear",
        region="province",
        year="when",
        weights={"gdp": 3, "roads": 1, "smoke": 2},
        contributions={"Economy": 0.25, "Nature": 0.75},
    )
    assert found.weights["weight"].tolist() == [0.75, 0.25, 1]
    assert found.weights["study_weight"].tolist() == pytest.approx(
        [1 / 2, 1 / 6, 1 / 3]
    )
    row = found.coupling.iloc[1]
    economy = 0.75 * 0.25 + 0.25 * 0.5
    assert row["comprehensive_index"] == pytest.approx(0.25 * economy + 0.75 * 0.25)
    assert "Given weights: d is the weight stated for the study." in found.methods_text


# --- frames -----------------------------------------------------------------------


def test_frames_have_a_row_for_each_of_what_they_are_of(study, frame):
    cells = len(frame)
    assert len(study.weights) == 6
    assert len(study.scores) == 2 * cells
    assert len(study.coupling) == cells
    assert len(study.obstacles) == len(study.values) == 6 * cells
    assert len(study.panel) == cells


def test_frames_tell_names_and_units(study):
    weights = study.weights.set_index("indicator")
    assert weights.loc["a01", ["system", "unit", "direction"]].tolist() == [
        *("Digital economy", "GWh", "+"),
    ]
    assert weights.loc["a06", "direction"] == "-"
    assert weights.groupby("system")["weight"].sum().tolist() == pytest.approx([1, 1])
    assert study.coupling["region"].unique().tolist() == [
        f"City 00{place}" for place in range(1, 7)
    ]


def test_the_panel_repeats_the_frames(study):
    panel = study.panel.set_index(["region", "year"])
    coupled = study.coupling.set_index(["region", "year"])
    degrees = coupled["coupling_coordination_degree"]
    assert panel["coordination_degree"].tolist() == degrees.tolist()
    for long, item, letter, measure in (
        (study.values, "indicator_id", "x", "raw_value"),
        (study.values, "indicator_id", "y", "normalised_value"),
        (study.obstacles, "indicator_id", "o", "obstacle_degree"),
        (study.scores, "system_id", "u", "score"),
    ):
        for code, rows in long.groupby(item):
            found = panel[f"{letter}_{code}"].tolist()
            assert found == rows.set_index(["region", "year"])[measure].tolist()


def test_texts_are_in_the_language_asked_for(study, chinese):
    assert "Entropy weights" in study.methods_text
    assert "熵权法" in chinese.methods_text
    assert set(chinese.coupling["grade"]) <= GRADES
    assert "同步" not in set(study.coupling["lagging_system"])
    assert study.coupling.drop(columns=["grade", "lagging_system"]).equals(
        chinese.coupling.drop(columns=["grade", "lagging_system"])
    )


def test_it_says_what_it_is(study):
    assert repr(study).startswith("<coupling.Study: 6 regions, 2015 to 2019, mean D ")


@pytest.mark.parametrize(
    ("columns", "ids"),
    [
        (["gdp", "绿化率(%)", "SO2"], ["gdp", "X2", "SO2"]),
        (["X2", "绿化率(%)", "so2"], ["X1", "X2", "X3"]),
        (["a", "A", "b"], ["X1", "X2", "X3"]),
        ([2, "a b", "c"], ["X1", "X2", "c"]),
    ],
)
def test_ids_are_names_that_serve_and_numbers_of_others(columns, ids):
    cells = np.arange(12).reshape(4, 3) ** 2
    frame = pd.DataFrame(cells, columns=columns).assign(
        region=list("AABB"), year=[2020, 2021] * 2
    )
    found = coupling.study(frame, {"One": columns[:1], "Two": columns[1:]})
    assert found.weights["indicator_id"].tolist() == ids
    assert found.weights["indicator"].tolist() == [str(name) for name in columns]


# --- refusals ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"systems": {"One": ["a01"]}}, "systems: found 1; expected two or more"),
        ({"systems": {"One": ["a01"], "Two": []}}, "system 'Two': found no column"),
        ({"systems": {"One": ["a01"], "Two": ["b"]}}, "systems: found b; expected"),
        ({"systems": {"One": ["a01"], "Two": ["a01"]}}, "systems: found a01 twice"),
        (
            {"negative": ["region"]},
            "negative: found region; expected columns among a01",
        ),
        ({"weights": {"a99": 1}}, "weights: found a99"),
        ({"weights": {"a01": 1}}, "weights: found None for a02; expected a number"),
        ({"region": "town"}, "region and year: found town; expected columns among"),
        ({"contributions": {"One": 1}}, "contributions: found"),
        ({"lang": "fr"}, "lang: found 'fr'; expected one of"),
        ({"method": "entropy_topsys"}, "There is no method 'entropy_topsys'"),
        ({"grade_scheme": "six_level"}, "There is no grade scheme 'six_level'"),
    ],
)
def test_what_is_no_study_is_refused(frame, systems, changed, message):
    stated = {"systems": systems, "frame": frame} | changed
    with pytest.raises(ValueError) as refused:
        coupling.study(**stated)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("a03", "n/a", "column a03, row 4: found 'n/a'; expected a number or a blank"),
        ("a03", np.inf, "column a03, row 4: found inf; expected a number or a blank"),
        ("year", "now", "column year, row 4: found 'now'; expected a calendar year"),
        ("year", 2015, "row 4: found City 001 in 2015 a second time"),
        ("region", None, "column region, row 4: found a blank; expected a region"),
    ],
)
def test_a_cell_that_cannot_be_is_refused(frame, systems, column, value, message):
    wrong = frame.astype({column: object})
    wrong.loc[4, column] = value
    with pytest.raises(ValueError) as refused:
        coupling.study(wrong, systems)
    assert message in str(refused.value)


# --- files ------------------------------------------------------------------------


def saved(study, path: Path) -> Path:
    assert study.save(path) == [path]
    return path


def test_stata_reads_labels_and_values(chinese, tmp_path):
    frame, meta = pyreadstat.read_dta(saved(chinese, tmp_path / "r.dta"))
    assert_labelled(chinese, frame, meta)
    # the format of Stata 14, which later ones read as well
    content = (tmp_path / "r.dta").read_bytes()
    assert b"<release>118</release>" in content[:64]
    assert b"01 Jan 2024 00:00" in content[:200]


def test_spss_reads_labels_and_values(chinese, tmp_path):
    frame, meta = pyreadstat.read_sav(saved(chinese, tmp_path / "r.sav"))
    assert_labelled(chinese, frame, meta)
    assert (tmp_path / "r.sav").read_bytes()[92:109] == b"01 Jan 2400:00:00"
    assert meta.variable_measure["grade_level"] == "ordinal"
    assert meta.variable_measure["y_a01"] == "scale"


def assert_labelled(study, frame, meta):
    panel = study.panel
    assert list(frame) == list(panel)
    assert max(map(len, frame)) <= 32
    for name in panel:
        if pd.api.types.is_numeric_dtype(panel[name]):
            ours = panel[name].to_numpy(dtype=float, na_value=np.nan)
            theirs = frame[name].to_numpy(dtype=float, na_value=np.nan)
            assert np.array_equal(ours, theirs, equal_nan=True), name
        else:
            assert frame[name].tolist() == panel[name].tolist()
    assert frame[["region_code", "year"]].apply(tuple, axis=1).is_monotonic_increasing
    labels = meta.column_names_to_labels
    assert labels["coordination_degree"] == "耦合协调度D"
    assert labels["x_a01"] == "a01"
    values = meta.variable_value_labels
    assert values["region_id"][1] == "City 001"
    assert values["lagging_system"] == {
        0: "同步",
        1: "Digital economy",
        2: "Green development",
    }
    grades = dict(zip(panel["grade_level"], study.coupling["grade"], strict=True))
    assert {level: values["grade_level"][level] for level in grades} == grades


def test_parquet_is_the_panel(study, tmp_path):
    found = pd.read_parquet(saved(study, tmp_path / "r.parquet"))
    pd.testing.assert_frame_equal(found, study.panel, check_dtype=False)


def test_one_csv_has_every_number(study, tmp_path):
    found = pd.read_csv(saved(study, tmp_path / "r.csv"))
    cells = len(study.coupling)
    counts = found["measure"].value_counts()
    assert counts["weight"] == counts["study_weight"] == 6
    assert counts["score"] == 2 * cells
    assert counts["raw_value"] == counts["obstacle_degree"] == 6 * cells
    degrees = found[found["measure"] == "coupling_coordination_degree"]
    ours = study.coupling["coupling_coordination_degree"]
    assert degrees["value"].tolist() == ours.tolist()


def test_a_folder_has_a_csv_a_table(study, tmp_path):
    written = study.save(tmp_path / "all")
    assert [path.name for path in written] == [
        *("coupling.csv", "obstacles.csv", "panel.csv", "scores.csv"),
        *("values.csv", "weights.csv"),
    ]
    found = pd.read_csv(tmp_path / "all" / "scores.csv")
    assert found["score"].tolist() == study.scores["score"].tolist()


@pytest.mark.parametrize("ending", [e for e in exports.WRITERS if e])
def test_the_same_study_gives_the_same_bytes(
    frame, systems, tmp_path, ending, monkeypatch
):
    paths = []
    for place, day in enumerate((1, 86_400 * 400)):
        monkeypatch.setattr(time, "time", lambda day=day: 1_700_000_000.0 + day)
        path = tmp_path / f"{place}" / f"r{ending}"
        coupling.study(frame, systems).save(path)
        paths.append(path)
        time.sleep(1.1 if ending in (".dta", ".sav") and not place else 0)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_an_ending_that_nobody_writes_is_refused(study, tmp_path):
    with pytest.raises(exports.ExportError, match=r"found the ending \.doc; expected"):
        study.save(tmp_path / "r.doc")


def test_a_place_that_cannot_be_written_is_told(study, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(exports.ExportError, match="cannot be written"):
        study.save(tmp_path / "file" / "r.csv")


def test_short_names_differ_and_fit():
    taken = set()
    names = [
        frames.short_name(name, taken) for name in ("x_" + "a" * 40, "x_" + "a" * 41)
    ]
    assert names == ["x_" + "a" * 30, "x_" + "a" * 28 + "_2"]
    assert frames.short_name("x_数字", taken) == "x"
    assert frames.short_name("X", taken) == "x_2"


# --- from elsewhere ---------------------------------------------------------------

ELSEWHERE = """
import time
begun = time.perf_counter()
import pandas, numpy
import sys
sys.path.insert(0, {tests!r})
import coupling
assert not [name for name in sys.modules if name.startswith("coupling.")]
frame = pandas.read_csv({panel!r})
names = list(frame.columns[2:])
r = coupling.study(frame, {{"A": names[:6], "B": names[6:]}}, negative=names[-2:])
r.weights, r.scores, r.coupling, r.obstacles, r.values
print(time.perf_counter() - begun)
print(*sorted(name for name in sys.modules if name in {heavy!r}))
"""
HEAVY = ["altair", "dbt", "sklearn", "scipy", "great_expectations", "statsmodels"]


def test_it_takes_seconds_and_loads_no_more_than_it_needs(tmp_path):
    own_studies.panel(16, 8, 12).to_csv(tmp_path / "panel.csv", index=False)
    code = ELSEWHERE.format(
        tests=str(Path(__file__).parent), panel=str(tmp_path / "panel.csv"), heavy=HEAVY
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    seconds, loaded = done.stdout.splitlines()
    assert loaded == ""
    assert float(seconds) < SECONDS * SLACK


def test_the_package_exports_what_it_says():
    assert "study" in dir(coupling)
    with pytest.raises(AttributeError, match="no attribute 'studie'"):
        _ = coupling.studie


# --- the notebook -----------------------------------------------------------------


def test_the_notebook_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    names: dict = {}
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(cells) >= 4
    for cell in cells:
        assert cell["outputs"] == [] and cell["execution_count"] is None
        exec("".join(cell["source"]), names)
    assert "entropy" in capsys.readouterr().out.lower()
    assert len(names["r"].coupling) == len(names["frame"])
    assert (tmp_path / "results.dta").exists()
