"""Texts that a spreadsheet would take for formulas, in the files that we write."""

import csv

import own_studies
import pytest

from coupling.answers import exports
from coupling.base.texts import no_formula
from coupling.engine import engine


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ("@sum(A1)", "'@sum(A1)"),
        ("+cmd", "'+cmd"),
        ("-cmd", "'-cmd"),
        ("\tx", "'\tx"),
        ("\uff1dA1", "'\uff1dA1"),
        ("-1.5", "-1.5"),
        ("+2e-3", "+2e-3"),
        ("-", "-"),
        ("+", "+"),
        ("", ""),
        ("plain", "plain"),
        (-1.5, -1.5),
        (None, None),
    ],
)
def test_a_text_is_no_formula(cell, written):
    assert no_formula(cell) == written


def test_labels_of_a_users_study_are_no_formulas_in_its_files(tmp_path):
    panel = own_studies.panel(3, 3, 4).rename(columns={"a01": "=HYPERLINK(1)"})
    panel["region"] = panel["region"].replace("City 001", "@City")
    results = engine.evaluate(own_studies.made_up(panel, name="+Study"))
    written = exports.save(results, tmp_path / "out")
    texts = set()
    for path in written:
        with path.open(encoding="utf-8-sig", newline="") as file:
            texts |= {cell for row in csv.reader(file) for cell in row}
    assert {"'=HYPERLINK(1)", "'@City"} <= texts
    odd = {text for text in texts if text.lstrip()[:1] in ("=", "@")}
    assert odd == set()
