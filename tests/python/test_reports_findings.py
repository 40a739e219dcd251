"""What the pages say in sentences of their own."""
# ruff: noqa: RUF001, the pages print dashes and signs of their own

import pandas as pd
import pytest

from coupling_reports import findings


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
            (1, 15, 0, 4),
            "Of 20 {cells}, 1 holds a published figure, 15 (75.0%) are interpolated "
            "between known years of the same region and 4 have no figure in any year.",
        ),
    ],
)
def test_counts_of_zero_are_left_out_of_the_cells(counts, said):
    observed, interpolated, carried, missing = counts
    coverage = {
        "cells": sum(counts),
        "observed_cells": observed,
        "interpolated_cells": interpolated,
        "carried_cells": carried,
        "missing_cells": missing,
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
    whole = said and f"Of the cells behind these results {said}"
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
