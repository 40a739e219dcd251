"""Paper 04: the five largest obstacles of 16 cities of Anhui in two years."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from coupling.audit import checks
from coupling.audit.checks import Check, alike
from coupling.audit.intervals import exact, printed, total
from coupling.audit.ranked import ranked_shares
from coupling.audit.references import no_catalogue
from coupling.words.in_both import in_both

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
            return None, no_catalogue()
        return exact(len(catalogue)), in_both("Counting the indicators of Table 1")

    def city_count(subject, year):
        found = exact(obstacles["city"].nunique())
        return found, in_both("Counting the cities of Table 2")

    def times_listed(subject, year):
        how = in_both("Counting the rankings that list {indicator}", indicator=subject)
        return exact(listed[subject.en]), how

    def frequency_rank(subject, year):
        mine = listed[subject.en]
        more = sum(times > mine for times in listed.values())
        return exact(more + 1), in_both(
            "{indicator}, listed {number} times, ranked by frequency,",
            indicator=subject,
            number=mine,
        )

    def indicator_id_of(subject, year):
        found = catalogue.loc[catalogue["label"] == subject.en, "indicator_id"]
        how = in_both("Looking up '{item}' in Table 1", item=subject)
        return [alike(one) for one in found], how

    def sum_of_parts(subject, year):
        parts = map(printed, subject.en.split(" + "))
        return total(parts), in_both("Adding up {sum}", sum=subject)

    return {
        "indicator_count": indicator_count,
        "city_count": city_count,
        "times_listed": times_listed,
        "frequency_rank": frequency_rank,
        "indicator_id_of": indicator_id_of,
        "sum_of_parts": sum_of_parts,
        "closeness": checks.not_printed(
            in_both("the closeness is only drawn in a figure")
        ),
    }
