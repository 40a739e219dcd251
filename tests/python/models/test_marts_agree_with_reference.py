"""Every row of every mart agrees with an independent implementation to 1e-9."""

import comparison
import pytest


@pytest.mark.parametrize("name", comparison.KEYS)
def test_every_row_agrees(warehouse, shipped_reference, name):
    expected = shipped_reference[name]
    assert len(expected) > 0
    assert comparison.differences(warehouse, name, expected) == []


def test_a_changed_number_text_or_row_is_noticed(warehouse, shipped_reference):
    changed = shipped_reference["fct_coupling"].copy()
    changed.loc[5, "coupling_coordination_degree"] += 2e-9
    changed.loc[7, "grade"] = "another grade"
    said = comparison.differences(warehouse, "fct_coupling", changed)
    assert [line.split(":")[0] for line in said] == [
        "coupling_coordination_degree",
        "grade",
    ]
    said = comparison.differences(warehouse, "fct_coupling", changed.drop(index=3))
    assert said and "one side only" in said[0]
