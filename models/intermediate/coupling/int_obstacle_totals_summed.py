"""What the obstacle degrees of a region and year are shares of: sum_j v_j (1 - y_ij).

O_ij = v_j (1 - y_ij) / sum_j v_j (1 - y_ij), the sum over all indicators in use of the
study; v is the study weight and y the normalised value. Source: obstacle degree model,
papers 01 (eqs. 13-15, read with the normalised Y) and 04 (eqs. 14-15).
"""

import numpy as np
import pyarrow as pa

ROWS_AT_ONCE = 50_000
SCHEMA = pa.schema(
    [
        ("study_key", pa.int32()),
        ("method_key", pa.int32()),
        ("region_key", pa.int32()),
        ("year", pa.int32()),
        ("deviation_total", pa.float64()),
    ]
)


def model(dbt, session):
    """Return one row per study, method, region and year with an indicator in use.

    Without a total where an indicator in use has no value.
    """
    dbt.config(materialized="table")
    weights = {
        (row["study_key"], row["method_key"], row["scope_year"]): row
        for row in dbt.ref("int_weights_lined_up").to_arrow_table().to_pylist()
    }
    methods = {}
    for row in dbt.ref("int_methods_prepared").to_arrow_table().to_pylist():
        methods.setdefault(row["scale_key"], []).append(row)
    panel = dbt.ref("int_panel_scaled").to_arrow_reader(ROWS_AT_ONCE)
    parts = [
        _totals(rows, method, weights)
        for batch in panel
        for scale_key, rows in _by_scale(batch)
        for method in methods[scale_key]
    ]
    return pa.concat_tables([SCHEMA.empty_table(), *parts])


def _by_scale(batch):
    scales = batch.column("scale_key").to_numpy()
    for scale_key in np.unique(scales).tolist():
        yield scale_key, batch.filter(pa.array(scales == scale_key))


def _totals(rows, method, weights):
    """Return the totals of rows of one scale under a method of that scale."""
    cells = rows.column("scaled_values").flatten().to_numpy(zero_copy_only=False)
    scaled = cells.reshape(rows.num_rows, -1)
    years = rows.column("year").to_numpy()
    scopes = years if method["weight_scope"] == "year" else np.zeros_like(years)
    totals = np.full(len(years), np.nan)
    has_indicator = np.zeros(len(years), dtype=bool)
    for scope in np.unique(scopes).tolist():
        stated = weights.get((method["study_key"], method["method_key"], scope))
        if stated is None:
            continue
        is_used = np.sum(stated["is_used_by_system"], axis=0) > 0
        inside = scopes == scope
        values = scaled if inside.all() else scaled[inside]
        parts = 1 - (method["lowest_value"] + method["value_span"] * values)
        parts *= stated["study_weights"]
        parts[:, ~is_used] = 0
        # row by row, so that no other row bears on the last bit
        totals[inside] = parts.sum(axis=1)
        has_indicator[inside] = is_used.any()
    keys = [np.full(len(years), method[name]) for name in ("study_key", "method_key")]
    found = [*keys, rows.column("region_key").to_numpy(), years, totals]
    arrays = [
        pa.array(column[has_indicator], field.type, from_pandas=True)
        for column, field in zip(found, SCHEMA, strict=True)
    ]
    return pa.table(arrays, schema=SCHEMA)
