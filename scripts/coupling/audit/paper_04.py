"""Paper 04: the five largest obstacles of 16 cities of Anhui in two years."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from coupling.audit import checks
from coupling.audit.checks import Check
from coupling.audit.intervals import exact, printed, total
from coupling.audit.ranked import ranked_shares

PAPER = "04"


def audit(
    obstacles: pd.DataFrame, claims: pd.DataFrame, catalogue: pd.DataFrame
) -> list[Check]:
    """Return all checks of the paper.

    `obstacles` and `claims` are staged tables of seeds/published, `catalogue` holds the
    indicators of the paper.
    """
    return [
        *ranked_shares(
            *(PAPER, "table_2", "obstacle_degree"),
            ["city", "year"],
            obstacles,
            catalogue,
            whole=1,
        ),
        *checks.sentences(claims, PAPER, _quantities(obstacles, catalogue)),
    ]


def _quantities(obstacles: pd.DataFrame, catalogue: pd.DataFrame) -> dict:
    listed = Counter(obstacles["indicator_id"])

    def indicator_count(subject, year):
        if catalogue.empty:
            return None, "the catalogue of the paper is not among the studies"
        return exact(len(catalogue)), "Counting the indicators of Table 1"

    def city_count(subject, year):
        return exact(obstacles["city"].nunique()), "Counting the cities of Table 2"

    def times_listed(subject, year):
        return exact(listed[subject]), f"Counting the rankings that list {subject}"

    def frequency_rank(subject, year):
        more = sum(times > listed[subject] for times in listed.values())
        how = f"{subject}, listed {listed[subject]} times, ranked by frequency,"
        return exact(more + 1), how

    def indicator_id_of(subject, year):
        found = catalogue.loc[catalogue["label"] == subject, "indicator_id"]
        return list(found), f"Looking up '{subject}' in Table 1"

    def sum_of_parts(subject, year):
        parts = subject.split(" + ")
        return total(map(printed, parts)), f"Adding up {subject}"

    return {
        "indicator_count": indicator_count,
        "city_count": city_count,
        "times_listed": times_listed,
        "frequency_rank": frequency_rank,
        "indicator_id_of": indicator_id_of,
        "sum_of_parts": sum_of_parts,
        "closeness": checks.not_printed("the closeness is only drawn in a figure"),
    }
