"""Checks of a printed ranking of obstacle degrees; papers 01 and 04 print one each."""

from __future__ import annotations

import pandas as pd

from coupling.audit import checks
from coupling.audit.checks import Check, Place, alike
from coupling.audit.intervals import Interval, exact, printed, total
from coupling.audit.references import indicator_exists
from coupling.words.in_both import Both, in_both


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
        The columns that tell the rankings apart; where one has a column `_zh` beside
        it, that is its Chinese.
    obstacles
        One row per ranking and rank.
    catalogue
        The indicators of the paper.
    whole
        What all obstacle degrees add up to: 1, or 100 per cent.

    """
    found = []
    for key, ranking in obstacles.groupby(group, sort=True):
        stem = " ".join(str(part) for part in key)
        table = checks.rows(ranking.sort_values("obstacle_rank"))
        where = [
            Both(str(part), str(table[0].get(f"{column}_zh", part)))
            for column, part in zip(group, key, strict=True)
        ]
        shares = [printed(row[f"{measure}_printed"]) for row in table]

        def place(check_name, rank=None, stem=stem, where=where):
            of_rank = [in_both("rank {rank}", rank=rank)] if rank else []
            tail = f"rank {rank}" if rank else ""
            return Place(
                paper_id,
                table_name,
                check_name,
                f"{check_name} {stem} {tail}",
                checks.placed(*where, *of_rank),
            )

        found.append(
            checks.name(
                place("ranks_complete"),
                in_both("The ranks are 1, 2, 3 and so on without a gap"),
                alike(" ".join(str(row["obstacle_rank"]) for row in table)),
                [alike(" ".join(str(rank) for rank in range(1, len(table) + 1)))],
                in_both("Counting the ranks"),
            )
        )
        found.append(
            checks.number(
                place("shares_sum_below_whole"),
                in_both("A few shares add up to less than all of them"),
                f"{whole:g}",
                total(shares),
                in_both("Adding up the {number} shares", number=len(shares)),
                comparison="below",
                is_exact=True,
                wanted=checks.should_be,
            )
        )
        distinct = float(len({row["indicator_id"] for row in table}))
        found.append(
            checks.number(
                place("indicators_distinct"),
                in_both("No indicator is listed twice"),
                str(len(table)),
                exact(distinct),
                in_both("Counting the different indicators"),
                is_exact=True,
                wanted=checks.should_be,
            )
        )
        before: Interval | None = None
        for row, share in zip(table, shares, strict=True):
            found.append(
                indicator_exists(
                    place("indicator_exists", row["obstacle_rank"]),
                    row["indicator_id"],
                    catalogue,
                )
            )
            if before is not None:
                found.append(_descends(place, row, measure, before))
            before = share
    return found


def _descends(place, row: dict, measure: str, before: Interval) -> Check:
    rank, share = row["obstacle_rank"], row[f"{measure}_printed"]
    return checks.number(
        place("shares_descend", rank),
        in_both("The share is not larger than that of the rank before"),
        share,
        before,
        in_both("Reading the share of rank {rank}", rank=rank - 1),
        comparison="at_least",
        wanted=lambda _: in_both(
            "as rank {rank} follows it should be at least {value}",
            rank=rank,
            value=share,
        ),
    )
