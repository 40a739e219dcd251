"""Obstacle degrees: O_ij = v_j (1 - y_ij) / sum_j v_j (1 - y_ij).

The sum runs over all indicators in use of the study; v is the study weight and y the
normalised value. Source: obstacle degree model, papers 01 (eqs. 13-15, read with the
normalised Y) and 04 (eqs. 14-15).
"""

import numpy as np

CELL = ["study_id", "method_id", "region_code", "year"]
ROUNDING = 1e-12


def model(dbt, session):
    """Return one row per study, method, region, year and indicator in use."""
    dbt.config(materialized="table")
    frame = dbt.ref("int_indicators_weighted").df()
    frame = frame.sort_values([*CELL, "indicator_id"], ignore_index=True)

    frame["deviation"] = 1 - frame["normalised_value"]
    frame["weighted_deviation"] = frame["study_weight"] * frame["deviation"]
    frame["is_missing"] = frame["deviation"].isna()
    cells = frame.groupby(CELL, sort=False, observed=True)
    has_gap = cells["is_missing"].transform("any")
    total = cells["weighted_deviation"].transform("sum")

    frame["status"] = np.select(
        [has_gap, total <= ROUNDING], ["missing_value", "no_deviation"], "computed"
    )
    computed = frame["status"] == "computed"
    frame["obstacle_degree"] = (frame["weighted_deviation"] / total).where(computed)
    columns = ["system_id", "indicator_id", "study_weight", "deviation"]
    return frame[[*CELL, *columns, "obstacle_degree", "status"]]
