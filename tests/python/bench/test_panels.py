"""Panels are drawn as figures are: skewed, with gaps, below zero; by seed, any size."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coupling.base.failures import ExitCode, RefreshError
from coupling.bench.panels import GAPS, Size, drawn_panel, study_of

SIZE = Size(60, 10, 20)


@pytest.fixture(scope="module")
def panel():
    return drawn_panel(SIZE, seed=7)


def skewness(values):
    centred = values - values.mean()
    return (centred**3).mean() / (centred**2).mean() ** 1.5


def test_values_are_skewed_to_the_right(panel):
    skews = [skewness(column[~np.isnan(column)]) for column in panel.values.T]
    assert min(skews) > 0.5
    assert np.mean(skews) > 1.5


def test_one_cell_in_fifty_is_blank_and_no_indicator_of_a_region_is(panel):
    is_blank = np.isnan(panel.values)
    assert 0.8 * GAPS < is_blank.mean() <= GAPS
    assert is_blank.any(axis=0).sum() > 15
    assert not is_blank.reshape(SIZE.shape).all(axis=1).any()


@pytest.mark.parametrize("years", [1, 2])
def test_of_few_years_none_is_blank_in_all(years):
    size = Size(400, years, 6)
    is_blank = np.isnan(drawn_panel(size).values).reshape(size.shape)
    assert not is_blank.all(axis=1).any()
    assert is_blank.any() == (years > 1)


def test_some_indicators_have_values_below_zero_and_above(panel):
    below = np.nanmin(panel.values, axis=0) < 0
    assert_array_equal(np.flatnonzero(below), [9, 19])
    assert (np.nanmax(panel.values, axis=0) > 0).all()


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(panel):
    assert drawn_panel(SIZE, seed=7).values.tobytes() == panel.values.tobytes()
    assert drawn_panel(SIZE, seed=8).values.tobytes() != panel.values.tobytes()


def test_the_study_has_the_values_and_two_systems(panel):
    rows = study_of(panel)
    own = rows.figures.drop(columns=["region_code", "year"])
    assert_array_equal(own.to_numpy(), panel.values)
    assert rows.figures["region_code"].is_monotonic_increasing
    assert rows.figures["year"].iloc[:10].tolist() == list(range(2000, 2010))
    indicators = rows.tables["indicators"]
    assert indicators["system_id"].value_counts().to_dict() == (
        {"first": 10, "second": 10}
    )
    less = indicators.index[indicators["direction"] == "-"]
    assert less.tolist() == [4, 9, 14, 19]
    assert_array_equal(np.flatnonzero(panel.is_less_better), less)


def test_a_size_is_read_as_it_is_written():
    size = Size.read("279x20x10")
    assert size == Size(279, 20, 10)
    assert (str(size), size.cells) == ("279x20x10", 55_800)


@pytest.mark.parametrize("text", ["", "9", "9x9", "9x9x9x9", "9x9xa", "1x9x9", "9x0x9"])
def test_a_size_that_is_none_is_refused(text):
    with pytest.raises(RefreshError, match="regions, years and indicators") as refused:
        Size.read(text)
    assert f"found {text};" in str(refused.value)
    assert refused.value.code == ExitCode.USAGE
