"""Obstacle degrees: O_ij = v_j (1 - y_ij) / sum_j v_j (1 - y_ij).

The sum runs over all indicators in use of the study; v is the study weight and y the
normalised value. Source: obstacle degree model, papers 01 (eqs. 13-15, read with the
normalised Y) and 04 (eqs. 14-15).
"""

import numpy as np

CELL = ["study_id", "method_id", "region_code", "year"]
ROUNDING = 1e-12
# why a value is not there, the reason that is told first
GAPS = ("no_figures_in_year", "base_not_positive", "missing_value")


def model(dbt, session):
    """Return one row per study, method, region, year and indicator in use."""
    dbt.config(materialized="table")
    frame = dbt.ref("int_indicators_weighted").df()
    frame = frame.sort_values([*CELL, "indicator_id"], ignore_index=True)

    frame["deviation"] = 1 - frame["normalised_value"]
    frame["weighted_deviation"] = frame["study_weight"] * frame["deviation"]
    for status in GAPS:
        frame[status] = frame["status"] == status
    cells = frame.groupby(CELL, sort=False, observed=True)
    gaps = [cells[status].transform("any") for status in GAPS]
    total = _totals(frame)

    frame["status"] = np.select(
        [*gaps, total <= ROUNDING], [*GAPS, "no_deviation"], "computed"
    )
    computed = frame["status"] == "computed"
    frame["obstacle_degree"] = (frame["weighted_deviation"] / total).where(computed)
    columns = ["system_id", "indicator_id", "study_weight", "deviation"]
    return frame[[*CELL, *columns, "obstacle_degree", "status"]]


def _totals(frame):
    """Sum of the weighted deviations of each cell, beside each of its rows.

    Added segment by segment: pandas' own sum of groups differs in the last bit with
    what stands in other groups.
    """
    starts = np.flatnonzero(~frame.duplicated(CELL))
    parts = frame["weighted_deviation"].fillna(0).to_numpy()
    lengths = np.diff(np.append(starts, len(parts)))
    return np.repeat(np.add.reduceat(parts, starts), lengths)
