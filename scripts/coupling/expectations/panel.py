"""How odd the figures of a panel are that is no part of the warehouse yet."""

from pathlib import Path

import pandas as pd

from coupling.base.connections import connect
from coupling.base.paths import Paths
from coupling.engine.engine import DATABASE
from coupling.engine.statements import Statements
from coupling.expectations.rules import read_rules

SCORED = "int_figures_scored"
SCORES = {
    "jump": "jump_distance / nullif(greatest(change_spread, $scale), 0)",
    "spike": "spike_factor",
}


def oddities(figures: pd.DataFrame, seeds: Path) -> pd.DataFrame:
    """Return the figures beyond a limit of a warning, the oddest first.

    By the rules of jumps and spikes that hold for any series and level. Columns are
    series_id, region_code, year and `times`, the score by the limit.

    Parameters
    ----------
    figures
        Columns series_id, region_code, year, value; a cell once.
    seeds
        Folder of the seeds, with reference/expectations.csv.

    """
    rules = [
        rule
        for rule in read_rules(seeds)
        if rule.severity == "warning"
        and rule.kind in SCORES
        and rule.subject == "*"
        and not rule.level
    ]
    *_, step = Statements(Paths().project, DATABASE).steps([SCORED])
    assert step.statement is not None
    with connect() as con:
        con.execute(f"attach ':memory:' as {DATABASE}")
        con.execute(f"create schema {DATABASE}.intermediate")
        con.register("given", figures)
        con.execute(f"""
            create table {DATABASE}.intermediate.int_figures_to_judge as
            select 'workspace' as panel, '' as region_level, '' as file_name, given.*
            from given
        """)
        con.execute(f"create table scored as {step.statement}")
        found = [
            con.execute(
                f"""
                select series_id, region_code, year, {SCORES[rule.kind]} / $limit
                    as times
                from scored
                where round({SCORES[rule.kind]}, 3) > $limit
                """,
                {"limit": rule.limit}
                | ({"scale": rule.scale} if rule.kind == "jump" else {}),
            ).df()
            for rule in rules
        ]
    odd = pd.concat(found).groupby(["series_id", "region_code", "year"])["times"].max()
    return odd.reset_index().sort_values(
        ["times", "series_id", "region_code", "year"],
        ascending=[False, True, True, True],
        ignore_index=True,
    )
