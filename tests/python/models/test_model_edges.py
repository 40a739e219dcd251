"""Edges of single models, worked out by hand: their statements over a few rows."""

import duckdb
import pandas as pd
import pytest

from coupling.base.paths import Paths
from coupling.engine.statements import Statements


def made_by(model, **tables):
    """What a model makes of these rows of the tables that it reads."""
    statements = Statements(Paths().project, "memory")
    *_, step = statements.steps([model])
    with duckdb.connect() as con:
        for schema in ("seeds", "staging", "intermediate", "marts", "quality"):
            con.execute(f"create schema if not exists {schema}")
        for name in step.needs:
            con.register("given", pd.DataFrame(tables[name]))
            con.execute(f"create table {statements.relation(name)} as from given")
            con.unregister("given")
        return con.execute(f"from ({step.statement})").df()


def rows(keys, *values):
    return [dict(zip(keys.split(), row, strict=True)) for row in values]


# --- what a filled cell rests on --------------------------------------------------

KEYS = {"study_id": "s", "study_key": 1, "region_code": "r", "region_key": 1}
CELL = {"indicator_id": "i", "indicator_key": 7}
KNOWN = "year raw_value quality has_no_base"


def filled(*known, years=range(2019, 2024)):
    judged = [{"study_id": "s", "year": year, "has_figures": True} for year in years]
    derived = [
        KEYS | CELL | {"source_key": 1, "other_source_key": 1} | row
        for row in rows(KNOWN, *known)
    ]
    gaps = made_by(
        "int_gaps_bracketed",
        int_study_years_judged=judged,
        int_studies_numbered=[KEYS],
        int_regions_numbered=[KEYS],
        stg_studies__study_regions=[KEYS],
        int_indicators_placed=[KEYS | CELL],
        int_values_derived=derived,
    )
    found = made_by(
        "int_values_filled",
        int_study_years_judged=judged,
        int_indicators_placed=[KEYS | CELL],
        int_values_derived=derived,
        int_gaps_bracketed=gaps,
    )
    return found.set_index("year").sort_index()


@pytest.mark.parametrize("letters", ["AC", "CA", "AB", "UB", "AA"])
def test_a_filled_cell_has_the_worse_letter_of_the_two_that_it_rests_on(letters):
    first, last = letters
    found = filled((2020, 1.0, first, False), (2022, 3.0, last, False))
    assert found["quality"].tolist() == [first, first, max(letters), last, last]
    assert found["value_origin"].tolist() == [
        *("carried", "observed", "interpolated", "observed", "carried")
    ]
    assert found["raw_value"].tolist() == [1, 1, 2, 3, 3]


def test_shares_of_filled_cells_tell_interpolated_from_carried():
    """Of five cells one is interpolated and two are carried."""
    cells = filled((2020, 1.0, "A", False), (2022, 3.0, "A", False))
    [found] = made_by(
        "qc_study_coverage",
        stg_studies__indicators=[
            {"study_id": "s", "indicator_id": "i", "coverage_status": "measured"}
        ],
        int_indicator_scopes_bounded=[
            {
                "study_id": "s",
                "indicator_id": "i",
                "normalisation_scope": "panel",
                "scope_status": "usable",
            }
        ],
        int_indicators_imputed=cells.reset_index().assign(**KEYS | CELL),
    ).to_dict("records")
    assert (found["cells"], found["observed_cells"]) == (5, 2)
    assert (found["interpolated_cells"], found["carried_cells"]) == (1, 2)
    assert (found["interpolated_share"], found["carried_share"]) == (0.2, 0.4)


# --- who lags, at the thresholds --------------------------------------------------

# as shipped: 0.8 and 1.2 belong to the synchronous type
THRESHOLDS = rows(
    "threshold_set_id type_position lower_bound upper_bound lags",
    ("t", 1, 0.0, 0.8, "first"),
    ("t", 2, 0.8, 1.2, "none"),
    ("t", 3, 1.2, None, "second"),
)


@pytest.mark.parametrize(
    ("scores", "lagging"),
    [
        # 0.8 x 0.5 is 0.4 to the last bit
        ((0.4, 0.5, 0.5), "synchronous"),
        ((0.5, 0.45, 0.4), "synchronous"),
        ((0.5, 0.4 - 1e-9, 0.5), "b"),
        ((0.4, 0.5), "synchronous"),
        ((0.4 - 1e-9, 0.5), "a"),
        # 1.2 x 0.5 is 0.6 to the last bit
        ((0.6, 0.5), "synchronous"),
        ((0.6 + 1e-9, 0.5), "b"),
        # of three, no system lags for being above another
        ((1.0, 0.9, 0.8), "synchronous"),
        ((0.0, 0.0, 0.0), "synchronous"),
    ],
)
def test_a_system_lags_beyond_a_threshold_and_not_at_it(scores, lagging):
    with duckdb.connect() as con:
        lists = con.execute(
            "select $scores::double[] as scores, $statuses as statuses",
            {"scores": scores, "statuses": ["computed"] * len(scores)},
        ).df()
    [found] = made_by(
        "int_panel_compared",
        int_panel_scored=lists.assign(**KEYS, method_key=1, year=2020),
        int_studies_numbered=[KEYS],
        stg_studies__studies=[{"study_id": "s", "development_threshold_set": "t"}],
        stg_studies__development_thresholds=THRESHOLDS,
    ).to_dict("records")
    assert ("synchronous", *"abc")[int(found["lagging_place"])] == lagging


# --- the grade of a printed degree ------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "level"),
    [(0.0, 1), (0.3, 1), (0.3 + 1e-9, 2), (0.6, 2), (0.61, 3), (1.0, 3)],
)
def test_a_printed_degree_at_a_bound_has_the_grade_below_it(printed, level):
    found = made_by(
        "int_degrees_beside_print",
        stg_published__paper_01_coupling=[
            {
                "region_code": "r",
                "year": 2020,
                "coupling_degree": 0.9,
                "coupling_coordination_degree": printed,
            }
        ],
        stg_published__paper_02_coordination=rows(
            "region_code year coupling_coordination_degree reading_note "
            "reading_note_zh",
            ("x", 2020, 0.5, "", ""),
        ),
        stg_published__paper_03_coordination=rows("region_code cr_2019", ("x", 0.5)),
        stg_studies__studies=[
            {"study_id": "s", "paper_id": "01", "grade_scheme_id": "g"}
        ],
        stg_reference__grade_schemes=rows(
            "grade_scheme_id grade_level lower_bound upper_bound",
            ("g", 1, 0.0, 0.3),
            ("g", 2, 0.3, 0.6),
            ("g", 3, 0.6, 1.0),
        ),
        fct_coupling=[
            KEYS
            | {
                "method_id": "m",
                "year": 2020,
                "is_default_method": True,
                "coupling_degree": 0.9,
                "coupling_coordination_degree": 0.5,
                "grade_level": 2,
                "status": "computed",
            }
        ],
    )
    assert found["printed_grade_level"].tolist() == [level]
