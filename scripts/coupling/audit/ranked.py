"""Checks of a printed ranking of obstacle degrees; papers 01 and 04 print one each."""

from __future__ import annotations

import pandas as pd

from coupling.audit import checks
from coupling.audit.checks import Check, Place
from coupling.audit.intervals import Interval, exact, printed, total
from coupling.audit.references import indicator_exists


def ranked_shares(
    paper_id: str,
    table_name: str,
    measure: str,
    group: list[str],
    obstacles: pd.DataFrame,
    catalogue: pd.DataFrame,
    whole: float,
) -> list[Check]:
    """Check order, ranks, indicators and sum of each ranking.

    Parameters
    ----------
    paper_id, table_name
        Where the rankings are printed.
    measure
        The column of the shares; `<measure>_printed` holds them as printed.
    group
        The columns that tell the rankings apart.
    obstacles
        One row per ranking and rank.
    catalogue
        The indicators of the paper.
    whole
        What all obstacle degrees add up to: 1, or 100 per cent.

    """
    found = []
    for key, ranking in obstacles.groupby(group, sort=True):
        words = [str(part) for part in key]
        where, stem = ", ".join(words), " ".join(words)
        table = checks.rows(ranking.sort_values("obstacle_rank"))
        shares = [printed(row[f"{measure}_printed"]) for row in table]

        def place(check_name, tail="", what="", stem=stem, where=where):
            return Place(
                paper_id,
                table_name,
                check_name,
                f"{check_name} {stem} {tail}",
                f"{where}{what}",
            )

        found.append(
            checks.name(
                place("ranks_complete"),
                "The ranks are 1, 2, 3 and so on without a gap",
                " ".join(str(row["obstacle_rank"]) for row in table),
                [" ".join(str(rank) for rank in range(1, len(table) + 1))],
                "Counting the ranks",
            )
        )
        found.append(
            checks.number(
                place("shares_sum_below_whole"),
                "A few shares add up to less than all of them",
                f"{whole:g}",
                total(shares),
                f"Adding up the {len(shares)} shares",
                comparison="below",
                is_exact=True,
                by_whom="it should be",
            )
        )
        distinct = float(len({row["indicator_id"] for row in table}))
        found.append(
            checks.number(
                place("indicators_distinct"),
                "No indicator is listed twice",
                str(len(table)),
                exact(distinct),
                "Counting the different indicators",
                is_exact=True,
                by_whom="it should be",
            )
        )
        before: Interval | None = None
        for row, share in zip(table, shares, strict=True):
            rank = row["obstacle_rank"]
            of_rank = f", rank {rank}"
            found.append(
                indicator_exists(
                    place("indicator_exists", f"rank {rank}", of_rank),
                    row["indicator_id"],
                    catalogue,
                )
            )
            if before is not None:
                found.append(_descends(place, row, measure, before))
            before = share
    return found


def _descends(place, row: dict, measure: str, before: Interval) -> Check:
    rank = row["obstacle_rank"]
    return checks.number(
        place("shares_descend", f"rank {rank}", f", rank {rank}"),
        "The share is not larger than that of the rank before",
        row[f"{measure}_printed"],
        before,
        f"Reading the share of rank {rank - 1}",
        comparison="at_least",
        by_whom=f"as rank {rank} follows it should be",
    )
