"""The gate on methods and the tables beside them: what is refused, and where."""

import shutil

import projects
import pytest

from coupling.contracts.gate import check_seeds

FOLDER = "seeds/studies/"


@pytest.fixture
def seeds(odd_project, tmp_path):
    """A copy of the made-up seeds to damage."""
    shutil.copytree(odd_project.seeds, tmp_path / "seeds")
    return tmp_path / "seeds"


def change(seeds, table, wanted, **cells):
    """Change the rows of a table that hold the wanted cells."""
    path = seeds / "studies" / f"{table}.csv"
    rows, count = projects.read_rows(path), 0
    for row in rows:
        if all(row[name] == str(value) for name, value in wanted.items()):
            row |= cells
            count += 1
    assert count
    projects.write_rows(path, rows)


def drop(seeds, table, **wanted):
    path = seeds / "studies" / f"{table}.csv"
    rows = projects.read_rows(path)
    kept = [r for r in rows if any(r[name] != v for name, v in wanted.items())]
    assert len(kept) < len(rows)
    projects.write_rows(path, kept)


def told(seeds):
    return [
        (f.file.removeprefix(FOLDER), f.row, f.column, f.found, f.expected)
        for f in check_seeds(seeds)
    ]


def test_a_matrix_that_is_not_reciprocal_is_refused_by_cell(seeds):
    pair = {"item": "a_later", "other_item": "a_late"}
    change(seeds, "pairwise_judgements", pair, judgement="3")
    assert told(seeds) == [
        (
            *("pairwise_judgements.csv", 4, "judgement", "3"),
            "the reciprocal of 1/2, as row 3 of seeds/studies/pairwise_judgements.csv "
            "has it for a_late against a_later",
        )
    ]


@pytest.mark.parametrize("text", ["0.33", "1/3", "0.333"])
def test_a_rounded_reciprocal_is_none_the_worse(seeds, text):
    pair = {"item": "age", "other_item": "odd"}
    change(seeds, "pairwise_judgements", pair, item="odd", other_item="age")
    pair = {"item": "odd", "other_item": "age"}
    change(seeds, "pairwise_judgements", pair, judgement=text)
    assert told(seeds) == []


def test_an_inconsistent_matrix_is_refused_with_its_ratio(seeds):
    # near_zero over growing instead: a circle
    pair = {"item": "b_growing", "other_item": "b_near_zero"}
    change(seeds, "pairwise_judgements", pair, judgement="1/9")
    [(file, row, column, found, expected)] = told(seeds)
    assert (file, row, column) == ("pairwise_judgements.csv", 5, "judgement")
    assert found.startswith("own, many, b, matrix system with CR 0.")
    assert float(found.split()[-1]) > 0.1
    assert expected == "a consistency ratio below 0.1"


@pytest.mark.parametrize("text", ["0", "12", "1/0", "three", "-3", "1/12"])
def test_a_judgement_is_a_number_of_the_scale(seeds, text):
    pair = {"item": "age", "other_item": "odd"}
    change(seeds, "pairwise_judgements", pair, judgement=text)
    [(_, row, column, found, expected)] = told(seeds)
    assert (row, column, found) == (2, "judgement", text)
    assert "from 1/9 to 9" in expected


def test_a_pair_without_judgement_is_named(seeds):
    pair = {"item": "b_near_zero", "other_item": "b_up"}
    drop(seeds, "pairwise_judgements", **pair)
    [(_, row, column, found, expected)] = told(seeds)
    assert (row, column, found) == (5, "item, other_item", "none")
    assert "a judgement of b_near_zero against b_up" in expected


@pytest.mark.parametrize(
    ("table", "wanted", "column", "found"),
    [
        ("goalposts", {"indicator_id": "b_up"}, "goalpost_set_id", "own without b_up"),
        ("weight_sets", {"indicator_id": "a_late"}, "weight_set_id", "own without"),
        (
            *("contribution_sets", {"study_id": "with_gaps"}),
            *("contribution_set_id", "quarter without a"),
        ),
        ("pairwise_judgements", {"system_id": "a"}, "judgement_set_id", "own without"),
        ("weight_combinations", {"method_id": "mixed"}, "weighting", "combined with 0"),
    ],
)
def test_what_a_method_needs_is_asked_for(seeds, table, wanted, column, found):
    drop(seeds, table, **wanted)
    findings = told(seeds)
    assert findings
    assert {(file, where) for file, _, where, _, _ in findings} == {
        ("methods.csv", column)
    }
    assert findings[0][3].startswith(found)
    assert f"in seeds/studies/{table}.csv" in findings[0][4]


def test_capacity_is_of_two_systems(seeds):
    projects.append_rows(
        seeds / "studies" / "study_methods.csv",
        [{"study_id": "three", "method_id": "entropy_linear_capacity"}],
    )
    [(file, _, column, found, expected)] = told(seeds)
    assert (file, column, found) == ("methods.csv", "coupling_formula", "capacity")
    assert expected == "a study of two systems; three has 3"


@pytest.mark.parametrize(
    ("table", "wanted", "cells", "expected"),
    [
        ("goalposts", {"indicator_id": "b_up"}, {"high": "1"}, "more than low, 1"),
        (
            *("methods", {"method_id": "z_geometric"}, {"interval_high": "0.1"}),
            "more than interval_low, 0.1",
        ),
        (
            *("weight_combinations", {"method_id": "mixed", "position": 4}),
            *({"share": "0.5"}, "a sum of 1 over the method"),
        ),
        (
            *("weight_combinations", {"method_id": "mixed", "position": 4}),
            *({"share": ""}, "a share, since mixed mixes linearly"),
        ),
        (
            *("development_thresholds", {"threshold_set_id": "fine", "position": 3}),
            *({"lags": "first"}, "one row with none"),
        ),
        (
            *("development_thresholds", {"threshold_set_id": "fine", "position": 4}),
            *({"lower": "1.2"}, "1.1, where the type before ends"),
        ),
        (
            *("methods", {"method_id": "mixed"}, {"combination_rule": ""}),
            "a value, since weighting is combined",
        ),
        (
            *("methods", {"method_id": "ahp_linear"}, {"judgement_set_id": ""}),
            "a value, since weighting is ahp",
        ),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(
    seeds, table, wanted, cells, expected
):
    change(seeds, table, wanted, **cells)
    findings = told(seeds)
    assert expected in [finding[4] for finding in findings]
    assert {finding[0] for finding in findings} == {f"{table}.csv"}


def test_the_grades_of_a_scheme_are_closed_on_one_side(seeds):
    path = seeds / "reference" / "grade_schemes.csv"
    rows = projects.read_rows(path)
    rows[-1]["closed_side"] = "right"
    projects.write_rows(path, rows)
    [(file, row, column, found, expected)] = told(seeds)
    assert file == "seeds/reference/grade_schemes.csv"
    assert (row, column, found) == (len(rows) + 1, "closed_side", "right")
    assert expected == "left, as in the rows before"
