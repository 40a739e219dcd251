"""The answer of a study comes while one waits: times against loading its libraries."""

import pytest

from coupling.base.failures import ExitCode, RefreshError
from coupling.base.paths import Paths
from coupling.bench.answers import answer_times, bench_study


@pytest.fixture(scope="module")
def usual():
    """Of sixteen regions, eight years and twelve indicators."""
    return answer_times(Paths(), 16, 8, 12)


def test_the_answer_costs_few_times_what_its_libraries_cost(usual):
    # 6 to 7 times when it was written; seconds differ from one machine to the next
    assert 0 < usual.libraries < usual.printed < usual.ended
    assert usual.processor < 12 * usual.libraries_processor


def test_eight_times_the_cells_do_not_cost_twice_as_much(usual):
    assert answer_times(Paths(), 100, 10, 12).processor < 2 * usual.processor


@pytest.mark.parametrize("size", ["", "16x8", "16x8x12x2", "16 x 8 x no", "0x8x12"])
def test_a_size_that_is_none_is_refused(size, capsys):
    with pytest.raises(RefreshError) as refused:
        bench_study(None, Paths(), size)
    assert refused.value.code == ExitCode.USAGE
    assert f"found {size}" in str(refused.value)
