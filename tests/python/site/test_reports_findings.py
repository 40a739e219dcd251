"""What the pages say in sentences of their own."""
# ruff: noqa: RUF001, the pages print dashes and signs of their own

import pandas as pd
import pytest

from coupling.words import findings, region_findings
from coupling.words.language import speaking


def ranked(*rows):
    frame = pd.DataFrame(rows, columns=["region", "degree", "coordination_rank"])
    return frame.assign(
        coupling_coordination_degree=frame["degree"],
        grade="low",
        status=[
            "computed" if degree else "missing_value" for degree in frame["degree"]
        ],
        status_reason="no figure",
    )


def test_regions_that_tie_share_a_place():
    ranking = ranked(("A", 0.5, 1), ("B", 0.5, 1), ("C", 0.2, 3))
    assert findings.first_and_last(ranking, 2020) == (
        "In 2020 A and B come first (D = 0.500, low) and C comes last (D = 0.200, low)."
    )


def test_a_single_region_is_first_and_not_last():
    assert findings.first_and_last(ranked(("A", 0.5, 1)), 2020) == (
        "In 2020 A comes first (D = 0.500, low)."
    )


@pytest.mark.parametrize(
    ("degrees", "said"),
    [
        ([0.5, 0.3], "fell from 0.500 in 2020 to 0.300 in 2021, a change of −0.200."),
        ([0.5, 0.5], "stayed at 0.500 from 2020 to 2021."),
        ([0.5], "is 0.500 in 2020."),
    ],
)
def test_the_change_of_mean_d_has_its_sign(degrees, said):
    coupling = pd.DataFrame(
        {
            "year": range(2020, 2020 + len(degrees)),
            "coupling_coordination_degree": degrees,
        }
    )
    assert findings.change_of_mean(coupling) == f"Mean D over the regions {said}"


def test_no_system_lags_where_all_are_synchronous():
    lagging = pd.DataFrame(
        {
            "lagging_system_id": ["synchronous"],
            "lagging_system": ["synchronous"],
            "region_years": [1200],
        }
    )
    assert findings.most_lagging(lagging) == (
        "No system lags behind in any of the 1,200 region-years."
    )


COVERAGE = {
    "paper_indicators": 20,
    "measured": 0,
    "proxy": 0,
    "no_series": 0,
    "excluded": 0,
    "degenerate": 0,
    "computed_share": 0.5,
}


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"measured": 10}, "10 are measured as the paper does, 50.0%."),
        ({"proxy": 1}, "1 is measured by a proxy, 50.0%."),
        (
            {"measured": 1, "proxy": 9, "no_series": 10},
            "1 is measured as the paper does and 9 by a proxy, together 50.0%; "
            "10 have no series among the figures.",
        ),
        (
            {"proxy": 10, "no_series": 1, "excluded": 9},
            "10 are measured by a proxy, 50.0%; 1 has no series among the figures and "
            "9 are excluded with a reason.",
        ),
        ({"excluded": 20}, "none is measured; 20 are excluded with a reason."),
        (
            {"measured": 10, "degenerate": 1},
            "10 are measured as the paper does, 50.0%. Of those measured, 1 is "
            "constant or without a figure, so not in use.",
        ),
    ],
)
def test_counts_of_zero_are_left_out_of_the_coverage(counts, said):
    sentence = findings.of_catalogue(COVERAGE | counts, has_paper=True)
    assert sentence == f"Of the 20 indicators that the paper names, {said}"


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((0, 0, 0, 0), "No indicator is in use, so there is no cell to fill."),
        ((20, 0, 0, 0), "All 20 {cells} hold a published figure."),
        (
            (19, 0, 1, 0),
            "Of 20 {cells}, 19 hold a published figure and 1 (5.0%) takes the nearest "
            "known year.",
        ),
        (
            (12, 0, 0, 8, 5, 1),
            "Of 20 {cells}, 12 hold a published figure, 2 have no figure in any year, "
            "5 are of years without any figure and 1 has no meaning, for its base is "
            "zero or below.",
        ),
        (
            (1, 15, 0, 4),
            "Of 20 {cells}, 1 holds a published figure, 15 (75.0%) are interpolated "
            "between known years of the same region and 4 have no figure in any year.",
        ),
    ],
)
def test_counts_of_zero_are_left_out_of_the_cells(counts, said):
    observed, interpolated, carried, missing, *of_missing = counts
    blank, meaningless = of_missing or (0, 0)
    coverage = {
        "cells": sum(counts[:4]),
        "observed_cells": observed,
        "interpolated_cells": interpolated,
        "carried_cells": carried,
        "missing_cells": missing,
        "blank_year_cells": blank,
        "meaningless_cells": meaningless,
        "interpolated_share": interpolated / 20,
        "carried_share": carried / 20,
    }
    cells = "cells (indicators in use × regions × years)"
    assert findings.of_cells(coverage) == said.format(cells=cells)


@pytest.mark.parametrize(
    ("interpolated", "carried", "said"),
    [
        (0.05, 0.0, None),
        (None, None, None),
        (
            0.04,
            0.02,
            "6.0% hold no published figure: 4.0% interpolated between known "
            "years and 2.0% taken from the nearest known year.",
        ),
        (
            0.0,
            0.06,
            "6.0% hold no published figure: 6.0% taken from the nearest known year.",
        ),
    ],
)
def test_many_imputed_cells_are_a_finding(interpolated, carried, said):
    coverage = {"interpolated_share": interpolated, "carried_share": carried}
    whole = said and f"Of the cells of the indicators in use {said}"
    assert findings.imputed_share(coverage) == whole


def weighed(*rows):
    columns = ["system_id", "indicator_id", "weight"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(
        system="The " + frame["system_id"], label="name of " + frame["indicator_id"]
    )


def test_a_system_of_nine_tenths_one_indicator_is_in_effect_that():
    said = findings.whole_systems(
        weighed(
            ("a", "X1", 0.9),
            ("a", "X2", 0.1),
            ("b", "X3", 0.89),
            ("b", "X4", 0.11),
            ("c", "X5", 1.0),
            ("c", "X6", None),
        )
    )
    sentence = (
        "The system The {} is in effect one indicator: {} holds {} of its weight."
    )
    assert said == [
        sentence.format("a", "X1 name of X1", "90.0%"),
        sentence.format("c", "X5 name of X5", "100.0%"),
    ]
    assert findings.whole_systems(weighed()) == []


def alike_of(*groups):
    return pd.DataFrame(
        [
            {
                "figures": number,
                "indicator_id": indicator_id,
                "label": "Power (proxy)" if indicator_id == "X9" else "Power",
                "is_proxy": indicator_id == "X9",
                "system": f"System {number}",
            }
            for number, group in enumerate(groups)
            for indicator_id in group
        ]
    )


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        (
            [("X9", "X24")],
            "X9 (proxy) and X24 have the same figures in every cell and count twice.",
        ),
        (
            [("X1", "X2", "X3")],
            "X1, X2 and X3 have the same figures in every cell and count 3 times.",
        ),
        (
            [("X1", "X2"), ("X3", "X4")],
            "The same figures in every cell count twice: X1 and X2; X3 and X4.",
        ),
        (
            [("X1", "X2"), ("X3", "X4", "X5")],
            "The same figures in every cell count twice or more: X1 and X2; X3, X4 and "
            "X5.",
        ),
        ([], None),
    ],
)
def test_indicators_with_the_same_figures_count_twice(groups, said):
    assert findings.counted_twice(alike_of(*groups)) == said


def test_indicators_that_count_twice_are_named_in_full_where_they_are_listed():
    assert findings.counted_twice(alike_of(("X9", "X24")), in_full=True) == (
        "X9 Power (proxy) in System 0 and X24 Power in System 0 have the same figures "
        "in every cell and count twice."
    )


def agreement_of(*rows):
    columns = [
        "region_count",
        "mean_difference",
        "mean_coupling_degree_difference",
    ]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        # (10 x 0.1 + 30 x 0.2) / 40 = 0.175
        (
            [(10, 0.1, -0.1), (30, 0.2, -0.2)],
            "10 to 30 regions says little about levels: on average our D is higher by "
            "0.175 and our C is lower by 0.175.",
        ),
        (
            [(10, -0.0001, None)],
            "10 regions says little about levels: on average our D is the same as the "
            "printed one.",
        ),
    ],
)
def test_levels_are_averaged_over_years_by_their_regions(rows, said):
    sentence = findings.levels_against_print(agreement_of(*rows))
    assert sentence == f"Even a high correlation over {said}"


def test_no_printed_numbers_no_sentence_on_levels():
    assert findings.levels_against_print(agreement_of()) is None


# --- belts, the gap and grades ----------------------------------------------------


def belts_of(**degrees):
    """Rows in the order of the grouping: from east to west."""
    rows = [
        {"belt": belt, "name": belt.title(), "year": year, "degree": degree}
        for belt in ("east", "central", "west")
        if belt in degrees
        for year, degree in zip((2016, 2023), degrees[belt], strict=False)
        if degree is not None
    ]
    return pd.DataFrame(rows, columns=["belt", "name", "year", "degree"])


@pytest.mark.parametrize(
    ("degrees", "said"),
    [
        (
            {"west": (0.2, 0.25), "central": (0.3, 0.4), "east": (0.5, 0.55)},
            "East 0.550, Central 0.400 and West 0.250; Central gained most since 2016 "
            "(+0.100).",
        ),
        (
            {"west": (0.2, 0.3), "east": (0.5, 0.6)},
            "East 0.600 and West 0.300; East and West gained most since 2016 (+0.100).",
        ),
        (
            {"west": (0.2, 0.1), "east": (0.5, 0.5)},
            "East 0.500 and West 0.100; no belt has gained since 2016.",
        ),
        # without a first year there is no gain
        (
            {"west": (0.2, 0.25), "east": (None, 0.5)},
            "East 0.500 and West 0.250; West gained most since 2016 (+0.050).",
        ),
    ],
)
def test_belts_are_compared_in_the_last_year(degrees, said):
    belts = belts_of(**degrees)
    sentence = region_findings.between_groups(belts, are_belts=True)
    assert sentence == f"Mean D by belt in 2023: {said}"
    sentence = region_findings.between_groups(belts, are_belts=False)
    said = said.replace("no belt", "no group")
    assert sentence == f"Mean D by group in 2023: {said}"


@pytest.mark.parametrize(
    "degrees", [{}, {"east": (0.1, 0.2)}, {"east": (0.1, 0.2), "west": (0.1, None)}]
)
def test_fewer_than_two_belts_are_not_compared(degrees):
    belts = belts_of(**degrees)
    assert region_findings.between_groups(belts, are_belts=True) is None


def gaps_of(*rows):
    columns = ["year", "degree_range", "coefficient_of_variation"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [(2016, 0.5, 0.4), (2020, 0.9, 0.9), (2023, 0.4, 0.3)],
            "The regional gap narrowed from 2016 to 2023: highest minus lowest D 0.500 "
            "to 0.400, coefficient of variation 0.400 to 0.300.",
        ),
        (
            [(2016, 0.4, 0.3), (2023, 0.5, 0.4)],
            "The regional gap widened from 2016 to 2023: highest minus lowest D 0.400 "
            "to 0.500, coefficient of variation 0.300 to 0.400.",
        ),
        (
            [(2016, 0.4, 0.4), (2023, 0.5, 0.3)],
            "From 2016 to 2023 highest minus lowest D went from 0.400 to 0.500, the "
            "coefficient of variation from 0.400 to 0.300.",
        ),
        # years of one region have no coefficient of variation
        (
            [(2016, 0.0, None), (2023, 0.5, 0.3)],
            "In 2023 highest minus lowest D is 0.500; the coefficient of variation is "
            "0.300.",
        ),
        ([(2023, 0.0, None)], None),
        ([], None),
    ],
)
def test_the_gap_is_that_of_the_first_year_against_the_last(rows, said):
    assert region_findings.change_of_gap(gaps_of(*rows)) == said


def graded(**levels):
    rows = [
        {"region_code": region, "year": year, "grade_level": level}
        for region, row in levels.items()
        for year, level in zip((2016, 2020, 2023), row, strict=True)
    ]
    return pd.DataFrame(rows, columns=["region_code", "year", "grade_level"])


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        (
            {"a": (1, 4, 3), "b": (2, 4, 2), "c": (2, 1, 2), "d": (1, 1, None)},
            "Of 3 regions with a grade in 2016 and 2023, 1 moved up a grade or more "
            "and 2 kept their grade.",
        ),
        (
            {"a": (1, 1, 2), "b": (2, 2, 1), "c": (2, 2, 2)},
            "Of 3 regions with a grade in 2016 and 2023, 1 moved up a grade or more, 1 "
            "moved down a grade or more and 1 kept its grade.",
        ),
        ({"a": (None, None, 1)}, None),
        ({}, None),
    ],
)
def test_regions_that_changed_their_grade_are_counted(levels, said):
    assert region_findings.moves_of_grade(graded(**levels)) == said


@pytest.mark.parametrize(
    ("indicators", "language", "said"),
    [
        (["X1"], "en", "The largest obstacle in 2021 is X1 Power, with a mean"),
        (["X1", "X2"], "en", "largest obstacles in 2021 are X1 Power and X2 Power,"),
        (["X1", "X2"], "en", "a mean obstacle degree of 12.5% each."),
        (["X1"], "zh", "X1 Power，平均障碍度为12.5%。"),
        (["X1", "X2"], "zh", "X1 Power和X2 Power，平均障碍度均为12.5%。"),
    ],
)
def test_obstacles_that_tie_are_told_as_several(indicators, language, said):
    obstacles = pd.DataFrame(
        {
            "year": 2021,
            "obstacle_rank": 1,
            "indicator_id": indicators,
            "label": "Power",
            "obstacle_degree": 0.125,
        }
    )
    with speaking(language):
        assert said in findings.top_obstacle(obstacles)
