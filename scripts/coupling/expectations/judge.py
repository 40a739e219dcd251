"""Great Expectations over tables of measures, which SQL has made.

A row of measures is one check: how many cases it could judge and how many lie beyond
its limit. It holds if none does. The library takes seconds to load, so nothing loads it
before it is asked.
"""

import functools
import os
from typing import Any

import pandas as pd

from coupling.expectations.outcome import Check

# severities of ours and the library's
SEVERITIES: dict[str, Any] = {"error": "critical", "warning": "warning"}
BEYOND = "beyond_count"


def judge(measures: pd.DataFrame, name: str) -> list[Check]:
    """Return a check for each row of measures, in their order.

    Parameters
    ----------
    measures
        Columns of a Check but `success`, and `beyond_count`; the index counts rows.
    name
        Name of the suite to the library.

    """
    if measures.empty:
        return []
    beyond = _beyond(measures, name)
    columns = [column for column in Check.__annotations__ if column != "success"]
    return [
        Check(**row, success=place not in beyond)
        for place, row in zip(
            measures.index, measures[columns].to_dict("records"), strict=True
        )
    ]


def _beyond(measures: pd.DataFrame, name: str) -> set[int]:
    """Return the places of the rows that the suite finds beyond their limit."""
    definition = _frames()
    import great_expectations as gx
    from great_expectations.expectations.row_conditions import Column

    suite = gx.ExpectationSuite(
        name=name,
        expectations=[
            gx.expectations.ExpectColumnValuesToBeBetween(
                column=BEYOND,
                max_value=0,
                severity=known,
                row_condition=Column("severity") == severity,
                meta={"severity": severity},
            )
            for severity, known in SEVERITIES.items()
            if (measures["severity"] == severity).any()
        ],
    )
    validated = definition.get_batch({"dataframe": measures}).validate(
        suite, result_format={"result_format": "COMPLETE"}
    )
    found: set[int] = set()
    for result in validated.results:
        if "unexpected_index_list" not in result.result:
            raise ValueError(f"measures that cannot be judged: {result.exception_info}")
        found.update(result.result["unexpected_index_list"] or [])
    return found


@functools.cache
def _frames():
    """The way frames go into Great Expectations, which is loaded once, here.

    In memory: no file, no network, no progress bars.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")
