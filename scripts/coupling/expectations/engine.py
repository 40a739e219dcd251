"""Run suites with Great Expectations on frames; turn its results into checks.

A suite may judge several frames, since some checks need the table as it is and others
a table of measures. Great Expectations validates each frame by itself; the results are
joined to one, which its own renderer turns into the page of the suite.
"""

import functools
import html
import math
import os
from dataclasses import dataclass, field

import pandas as pd

from coupling.expectations.docs import suite_sections
from coupling.expectations.outcome import Check, described

SHOWN = 3
GX_SEVERITY = {"error": "critical", "warning": "warning"}


@dataclass(frozen=True)
class Expectation:
    """One expectation of Great Expectations (`type`, its class) with our words for it.

    `column` is what a check names; `shown` the column whose number is shown as found.
    """

    name: str
    type: str
    arguments: dict
    severity: str
    expected: str
    note: str = ""
    column: str = ""
    shown: str = ""


@dataclass
class Batch:
    """A frame, the columns that identify its rows, and what is expected of it.

    With `subject`, the rows are about different things (series, tables) named in that
    column, and each gets a check of its own; `tables_differ` if they are tables.
    """

    table: str
    frame: pd.DataFrame
    keys: list[str]
    expectations: list[Expectation] = field(default_factory=list)
    subject: str = ""
    tables_differ: bool = False
    counted: str = "rows"


def run_suite(name: str, batches: list[Batch]) -> tuple[list[Check], str]:
    """Validate the batches of a suite; return its checks and its sections as HTML."""
    from great_expectations.core import ExpectationSuiteValidationResult

    checks, results = [], []
    for batch in batches:
        if not batch.expectations:
            continue
        found = _validate(name, batch)
        stated = {expectation.name: expectation for expectation in batch.expectations}
        for result in found:
            expectation = stated[result.expectation_config.meta["name"]]
            checks += _checks(name, batch, expectation, result)
        results += found
    joined = ExpectationSuiteValidationResult(
        success=all(result.success for result in results),
        results=[_safe(result) for result in results],
        suite_name=html.escape(name),
        statistics=_statistics(results),
        meta={"batch_kwargs": {"data_asset_name": _judged(checks)}},
    )
    return checks, suite_sections(joined)


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


def _validate(name: str, batch: Batch) -> list:
    """Results of Great Expectations, in the order in which they are stated."""
    definition = _frames()
    import great_expectations as gx

    suite = gx.ExpectationSuite(
        name=name,
        expectations=[
            getattr(gx.expectations, stated.type)(
                **stated.arguments,
                severity=GX_SEVERITY[stated.severity],
                description=_description(stated),
                meta={"name": stated.name},
            )
            for stated in batch.expectations
        ],
    )
    result = definition.get_batch({"dataframe": batch.frame}).validate(
        suite,
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": batch.keys,
            "return_unexpected_index_query": False,
        },
    )
    place = {stated.name: i for i, stated in enumerate(batch.expectations)}
    return sorted(
        result.results, key=lambda one: place[one.expectation_config.meta["name"]]
    )


def _description(stated: Expectation) -> str:
    """Words for the page, where a dollar would stand for a parameter."""
    text = described(stated.severity, stated.name, stated.expected, stated.note)
    return html.escape(text).replace("$", "&#36;")


def _checks(suite: str, batch: Batch, stated: Expectation, result) -> list[Check]:
    """One check, or one per subject that the expectation could judge."""
    if not batch.subject:
        bad = _bad_rows(batch, result)
        observed = _observed(batch, stated, result, bad, len(batch.frame))
        return [
            _check(suite, batch.table, stated.column, stated, result.success, observed)
        ]
    judged = batch.frame
    for column in ("column", "column_A", "column_B"):
        if column in stated.arguments and stated.type != "ExpectColumnValuesToBeNull":
            judged = judged[judged[stated.arguments[column]].notna()]
    counts = judged[batch.subject].value_counts(sort=False)
    raised = _problem(result) is not None
    by_subject: dict[str, list[dict]] = {}
    for row in _bad_rows(batch, result):
        by_subject.setdefault(row[batch.subject], []).append(row)
    checks = []
    for subject, count in counts.items():
        bad = by_subject.get(subject, [])
        observed = _observed(batch, stated, result, bad, count)
        table, column = (
            (subject, stated.column) if batch.tables_differ else (batch.table, subject)
        )
        good = not bad and not raised
        checks.append(_check(suite, table, column, stated, good, observed))
    return checks


def _check(suite, table, column, stated: Expectation, success, observed) -> Check:
    return Check(
        suite=suite,
        table_name=table,
        column_name=column,
        expectation=stated.name,
        severity=stated.severity,
        success=bool(success),
        observed=observed,
        expected=stated.expected,
        note=stated.note,
    )


def _bad_rows(batch: Batch, result) -> list[dict]:
    """Rows that do not hold, as dicts; without keys the library gives row numbers."""
    rows = result.result.get("unexpected_index_list") or []
    if batch.keys:
        return rows
    return [batch.frame.loc[row].to_dict() for row in rows]


def _observed(batch: Batch, stated: Expectation, result, bad: list, count) -> str:
    """What was found: the worst rows, an observed value, or how many were judged."""
    problem = _problem(result)
    if problem is not None:
        return f"nothing that could be judged: {problem}"
    value = result.result.get("observed_value")
    if not bad:
        whole = f"{count} {batch.counted}"
        if result.success or value is None:
            return whole
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    measure = stated.arguments.get("column")
    worst = sorted(bad, key=lambda row: -_size(row.get(measure)))[:SHOWN]
    told = "; ".join(_told(row, batch, stated, measure) for row in worst)
    if batch.tables_differ:
        return told
    more = "; ..." if len(bad) > SHOWN else ""
    return f"{len(bad)} of {count} {batch.counted}: {told}{more}"


def _problem(result) -> str | None:
    """First line of the exception that kept an expectation from being judged."""
    stated = result.exception_info
    # one exception, or a dict of them by metric
    for one in [stated] if "raised_exception" in stated else stated.values():
        if one["raised_exception"]:
            return str(one["exception_message"]).splitlines()[0]
    return None


def _told(row: dict, batch: Batch, stated: Expectation, measure: str | None) -> str:
    """A bad row in words: its keys, and the number found there."""
    keys = [k for k in batch.keys if k not in {batch.subject, stated.shown, measure}]
    told = " ".join(_text(row[key]) for key in keys)
    if stated.shown:
        told = f"{told} {_text(_value(row, batch, stated.shown))}".strip()
        return told if measure is None else f"{told} ({row[measure]:.4g})"
    return told if measure is None else f"{told} {_text(row[measure])}".strip()


def _value(row: dict, batch: Batch, column: str):
    """A value of a bad row, from the frame where the row came without it."""
    if column in row:
        return row[column]
    same = pd.Series(True, index=batch.frame.index)
    for key in batch.keys:
        same &= batch.frame[key] == row[key]
    return batch.frame.loc[same, column].iloc[0]


def _size(value) -> float:
    number = isinstance(value, (int, float)) and math.isfinite(value)
    return abs(float(value)) if number else 0.0


def _text(value) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _judged(checks: list[Check]) -> str:
    """The tables that were judged, as HTML."""
    names = dict.fromkeys(check.table_name for check in checks if check.table_name)
    return html.escape(", ".join(names))


def _statistics(results: list) -> dict:
    good = sum(result.success for result in results)
    return {
        "evaluated_expectations": len(results),
        "successful_expectations": good,
        "unsuccessful_expectations": len(results) - good,
        "success_percent": 100 * good / len(results) if results else None,
    }


def _safe(result):
    """A result whose strings are HTML, without a traceback: it names machine paths."""
    result.result = _escaped(result.result)
    if _problem(result) is not None:
        result.result = {"observed_value": "could not be judged"}
    result.exception_info = {
        "raised_exception": False,
        "exception_message": None,
        "exception_traceback": None,
    }
    return result


def _escaped(value):
    if isinstance(value, str):
        return html.escape(value)
    if isinstance(value, dict):
        return {key: _escaped(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_escaped(inner) for inner in value]
    return value
