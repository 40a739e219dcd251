"""Each peer works out the degrees of the engine, to 1e-9."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from coupling.base.names import NotThereError
from coupling.bench.panels import Size, drawn_panel, study_of
from coupling.bench.peers import formulas, in_numpy, listed
from coupling.engine import engine

# many regions, a square of weights by year, one system of one indicator
SIZES = [Size(12, 6, 10), Size(9, 10, 10), Size(5, 4, 3)]


@pytest.fixture(scope="module", params=SIZES, ids=str)
def worked_out(request):
    """A panel, and D of each method by the models."""
    panel = drawn_panel(request.param)
    results = engine.evaluate(
        study_of(panel), formulas.NINE_METHODS, tables=["fct_coupling"]
    )
    rows = results.table("fct_coupling").sort_values(["region_code", "year"])
    return panel, {
        method: own["coupling_coordination_degree"].to_numpy(dtype=float)
        for method, own in rows.groupby("method_id")
    }


@pytest.mark.parametrize("peer", listed.PEERS, ids=lambda peer: peer.name)
@pytest.mark.filterwarnings("ignore:Alternatives with indices")
def test_a_peer_has_the_degrees_of_the_models(worked_out, peer):
    pytest.importorskip(peer.package)
    panel, degrees = worked_out
    found = peer.degrees(panel)
    assert found.keys() == set(peer.method_ids)
    for method, own in found.items():
        assert np.isfinite(own).all() and own.std() > 0.01, method
        assert_allclose(own, degrees[method], rtol=0, atol=1e-9, err_msg=method)


def test_the_methods_differ_from_one_another(worked_out):
    panel, degrees = worked_out
    assert degrees.keys() == set(formulas.NINE_METHODS)
    if panel.size == SIZES[0]:
        rows = [tuple(own.round(6)) for own in degrees.values()]
        assert len(set(rows)) == len(rows)


def test_gaps_are_filled_between_known_years_and_carried_at_the_ends():
    blank = np.nan
    values = np.array([[blank, 1, blank, blank, 7, blank], [3, blank, blank, 0, 1, 2]])
    filled = in_numpy.filled(values[:, :, None])[:, :, 0]
    assert_allclose(filled, [[1, 1, 3, 5, 7, 7], [3, 2, 1, 0, 1, 2]])


def test_a_zero_score_gives_a_degree_of_zero():
    scores = np.array([[0.0, 0.0, 0.25], [0.0, 0.5, 0.25]])
    found = formulas.degrees({formulas.ONE_METHOD: scores})
    for own in found.values():
        assert_allclose(own, [0, 0, 0.5])


def test_peers_are_chosen_by_name():
    assert [peer.name for peer in listed.chosen("pandas, numpy")] == ["numpy", "pandas"]
    assert listed.chosen("") == list(listed.PEERS)
    assert listed.chosen("none") == []
    with pytest.raises(NotThereError, match=r"no peer 'nump'.*Nearest: numpy"):
        listed.chosen("pandas,nump")
