"""A study of ten thousand regions with every odd kind of figures, and the same of ten.

Each region of the small study stands a thousand times in the large one. By min-max over
the panel and equal weights, which no copy changes, each copy must have what its region
has: value, score, degree, grade, obstacle and status.
"""

import numpy as np
import own_studies
import pandas as pd
import pytest

from coupling.engine import engine

REGIONS, COPIES, YEARS = 10, 1000, 3
METHODS = ("equal_linear", "entropy_topsis")
TABLES = (
    *("fct_coupling", "fct_system_scores", "fct_indicator_values", "fct_obstacles"),
    *("fct_indicator_weights", "dim_regions"),
)
COMPARED = {
    "fct_coupling": (
        *("coupling_degree", "comprehensive_index", "coupling_coordination_degree"),
        *("grade_level", "lagging_system_id", "status"),
    ),
    "fct_system_scores": ("score", "status"),
    "fct_indicator_values": ("raw_value", "value_origin", "normalised_value", "status"),
    "fct_obstacles": ("deviation", "obstacle_degree", "obstacle_rank", "status"),
}


def odd_panel() -> pd.DataFrame:
    """Ten regions, three years, twelve indicators of which most are odd."""
    frame = own_studies.panel(REGIONS, YEARS, 12, blanks=0)
    places = frame["region"].str[-1].astype(int)
    frame["a02"] = 5.5
    frame["a03"] = np.nan
    frame["a04"] = 0.0
    frame["a05"] -= frame["a05"].median()
    frame["a06"] = 1e12 + frame["a06"] * 1e-3
    frame["a07"] = (places % 2).astype(float)
    frame.loc[frame["region"] == "City 003", "a08"] = np.nan
    frame.loc[frame["year"] == frame["year"].max(), "a09"] = np.nan
    frame.loc[(places > 2) | (frame["year"] > 2015), "a10"] = np.nan
    frame["a11"] *= 1e-9
    return frame


def copied(frame: pd.DataFrame) -> pd.DataFrame:
    """Each region a thousand times, under names of their own."""
    parts = []
    for copy in range(COPIES):
        names = frame["region"] + f" of {copy:04}"
        parts.append(frame.assign(region=names))
    return pd.concat(parts, ignore_index=True)


def worked_out(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Tables of a study, with the names of its regions."""
    results = engine.evaluate(own_studies.made_up(frame), METHODS, tables=TABLES)
    tables = {name: results.table(name) for name in TABLES}
    regions = tables.pop("dim_regions")[["region_code", "region"]]
    return {
        name: table.merge(regions) if "region_code" in table else table
        for name, table in tables.items()
    }


@pytest.fixture(scope="module")
def small():
    return worked_out(odd_panel())


@pytest.fixture(scope="module")
def large():
    return worked_out(copied(odd_panel()))


def test_the_small_study_has_the_odd_kinds(small):
    found = {
        ("fct_indicator_weights", "status"): {"used", "constant", "no_data"},
        ("fct_indicator_values", "value_origin"): {"observed", "carried", "missing"},
        ("fct_coupling", "status"): {"computed", "missing_value"},
    }
    for (name, column), kinds in found.items():
        assert set(small[name][column]) == kinds


@pytest.mark.parametrize("name", COMPARED)
def test_each_copy_has_what_its_region_has(small, large, name):
    keys = [
        column
        for column in ("method_id", "system_id", "indicator_id", "region", "year")
        if column in small[name]
    ]
    expected = small[name].query("method_id == 'equal_linear'")
    found = large[name].query("method_id == 'equal_linear'")
    assert len(found) == COPIES * len(expected) > 0
    found = found.assign(region=found["region"].str.partition(" of ")[0])
    both = found.merge(expected, "left", keys, suffixes=("", "_of_region"))
    for column in COMPARED[name]:
        ours, theirs = both[column], both[f"{column}_of_region"]
        if pd.api.types.is_float_dtype(ours):
            apart = (ours - theirs).abs().max()
            assert apart <= 1e-9 and (ours.isna() == theirs.isna()).all(), column
        else:
            assert (ours.fillna(0) == theirs.fillna(0)).all(), column


def test_entropy_weights_of_copies_follow_from_those_of_the_regions(small, large):
    """Copies leave of 1 - e the share ln N / (ln N + ln n), N the values known."""
    values = small["fct_indicator_values"].query("method_id == 'entropy_topsis'")
    known = values.query("status == 'computed'").groupby("indicator_id").size()
    one, many = (
        tables["fct_indicator_weights"]
        .query("method_id == 'entropy_topsis' and status == 'used'")
        .set_index("indicator_id")
        for tables in (small, large)
    )
    left = np.log(known) / (np.log(known) + np.log(COPIES))
    expected = (
        (one["weight"] * left)
        .groupby(one["system_id"])
        .transform(lambda information: information / information.sum())
    )
    assert sorted(known.loc[one.index].unique()) == [9, 27, 30]
    assert (many["weight"] - expected).abs().max() < 1e-9
