"""Suites over the marts of a new database, one per group, before it is published.

DuckDB measures each mart; Great Expectations judges the table of measures, a row per
mart and expectation. What to expect comes from the contracts in models/marts (columns,
keys, columns of which the description says "Range: 0 to 1") and from expectations.csv.
"""

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from coupling.base.connections import connect
from coupling.base.paths import Paths
from coupling.base.quoting import sql_name
from coupling.contracts.declared import read_yaml, sources
from coupling.expectations.judge import judge
from coupling.expectations.outcome import Check, Outcome
from coupling.expectations.rules import Rule, read_rules, rules_for
from coupling.words.in_both import Both, in_both, in_columns, joined_in_both

UNIT_RANGE = re.compile(r"Range:\s+0\s+to\s+1(?![.\d]*\d)")
FLOATS = ("DOUBLE", "FLOAT")
GIVES_A_RESULT = ("computed", "used")
NO_NOTE = Both("", "")
COMPARISONS = ("row_count_change", "row_count_fall", "computed_share_fall")
# rows that a build must still have: those that a workspace neither brings nor takes
SHIPPED_ROWS = {"fct_observations": "shipped_value is not null"}
# made of whatever landings and years there are
OF_THE_WORKSPACE = ("fct_data_revisions", "dim_dates")


@dataclass
class Mart:
    """What the contract of a mart states."""

    name: str
    group: str
    columns: list[str]
    key: list[str]
    unit_range: list[str] = field(default_factory=list)


def guard_marts(
    database: Path, previous: Path | None = None, paths: Paths | None = None
) -> Outcome:
    """Judge the marts of `database`, beside those of the published build.

    Both are opened read-only. A previous build that is not there or cannot be read is
    compared with nothing; the latter is a warning. `paths` is the project whose
    contracts hold. Raises duckdb.Error if `database` cannot be read.
    """
    paths = paths or Paths()
    rules = [rule for rule in read_rules(paths.seeds) if rule.scope == "marts"]
    with connect(str(database), read_only=True) as connection:
        present = _columns(connection)
        shipped = _shipped_studies(connection, present)
        before, trouble = measure_previous(previous, shipped)
        stated = read_marts(paths.project / "models" / "marts")
        stated += _written(paths.project, present)
        unstated = present.keys() - {mart.name for mart in stated}
        stated += [Mart(name, "other", [], []) for name in sorted(unstated)]
        rows: list[dict] = []
        for mart in stated:
            rows += _measures(connection, mart, present, before, shipped, rules)
        groups = {mart.name: mart.group for mart in stated}
        rows += _identities(connection, groups, present, rules)
    outcome = Outcome(judge(pd.DataFrame(rows), "marts"))
    if trouble:
        outcome.checks.append(trouble)
    return outcome


def read_marts(folder: Path) -> list[Mart]:
    """Read the contracts under models/marts; the folder of a mart is its group."""
    marts = []
    for path in sorted(folder.rglob("*.yml")):
        for model in read_yaml(path).get("models", []):
            columns = model["columns"]
            marts.append(
                Mart(
                    name=model["name"],
                    group=path.relative_to(folder).parts[0].removesuffix(".yml"),
                    columns=[column["name"] for column in columns],
                    key=_key(model),
                    unit_range=[
                        column["name"]
                        for column in columns
                        if column.get("data_type") == "double"
                        and UNIT_RANGE.search(column["description"])
                    ],
                )
            )
    return marts


def _written(project: Path, present: dict[str, dict]) -> list[Mart]:
    """What is declared of the tables that a refresh has written by now."""
    return [
        Mart(
            name,
            "runs",
            [column["name"] for column in table["columns"]],
            table["config"]["meta"]["primary_key"],
        )
        for name, table in sources(project).items()
        if name in present
    ]


def _key(model: dict) -> list[str]:
    for constraint in model.get("constraints", []):
        if constraint["type"] == "primary_key":
            return constraint["columns"]
    for test in model.get("data_tests", []):
        if isinstance(test, dict) and "unique_combination" in test:
            return test["unique_combination"]["arguments"]["columns"]
    return []


def _columns(connection) -> dict[str, dict[str, str]]:
    """Types by column, by mart."""
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute("""
        select table_name, column_name, data_type
        from information_schema.columns
        where table_schema = 'marts'
        order by table_name, ordinal_position
    """).fetchall():
        found.setdefault(table, {})[column] = kind
    return found


def _shipped_studies(connection, present: dict[str, dict]) -> list[str] | None:
    """Studies that ship; None where the marts do not say which do."""
    if "study_origin" not in present.get("dim_studies", {}):
        return None
    rows = connection.execute(
        "select study_id from marts.dim_studies where study_origin = 'shipped'"
    ).fetchall()
    return sorted(study for (study,) in rows)


def measure_previous(
    previous: Path | None, shipped: list[str] | None = None
) -> tuple[dict[str, dict], Check | None]:
    """Rows and share of results by mart of the published build, and what went wrong.

    The share is by study where the mart has studies, else under the study None. With
    `shipped`, the studies that ship, only rows that ship are counted: what is a user's
    may be taken away again.
    """
    if previous is None or not previous.exists():
        return {}, None
    try:
        with connect(str(previous), read_only=True) as connection:
            return {
                mart: {
                    "rows": _row_count(connection, mart, columns, shipped),
                    "results": _results(connection, mart, columns, shipped),
                }
                for mart, columns in _columns(connection).items()
            }, None
    except duckdb.Error:
        observed = in_both("a published database that cannot be read")
        expected = in_both("the published database, to compare rows and results with")
        note = in_both("Nothing was compared with the build before.")
        return {}, Check(
            suite="marts",
            table_name="",
            column_name="",
            expectation="previous_build_readable",
            severity="warning",
            success=False,
            **in_columns("observed", observed),
            **in_columns("expected", expected),
            **in_columns("note", note),
        )


def _row_count(connection, mart: str, columns: dict, shipped) -> int:
    return connection.execute(
        f"select count(*) from marts.{sql_name(mart)} where {_ships(mart, columns)}",
        {"shipped": shipped},
    ).fetchone()[0]


def _results(connection, mart: str, columns, shipped) -> dict[str | None, tuple]:
    """Rows with a result and all rows, by study; nothing for a mart without status."""
    if "status" not in columns:
        return {}
    study = "study_id" if "study_id" in columns else "null"
    rows = connection.execute(
        f"""
        select {study}, count(*) filter (where {_gives_a_result()}), count(*)
        from marts.{sql_name(mart)}
        where {_ships(mart, columns)}
        group by all
        """,
        {"shipped": shipped},
    ).fetchall()
    return {study: (good, total) for study, good, total in rows}


def _ships(mart: str, columns: dict) -> str:
    """Condition that holds for rows that ship, or for all where $shipped is NULL."""
    origins = [c for c in columns if c.endswith("_origin") and c != "value_origin"]
    if mart in SHIPPED_ROWS:
        ships = SHIPPED_ROWS[mart]
    elif "study_id" in columns:
        ships = "list_contains(cast($shipped as varchar[]), study_id)"
    elif origins:
        ships = f"{sql_name(origins[0])} = 'shipped'"
    else:
        ships = "true"
    return f"(cast($shipped as varchar[]) is null or {ships})"


def _gives_a_result() -> str:
    return f"status in {GIVES_A_RESULT}"


def _absent() -> dict[str, Both]:
    """What no mart may have, by name: what is expected instead."""
    return {
        "columns": in_both("the columns of its contract, no other, none missing"),
        "not_finite": in_both("numbers that are finite or NULL"),
        "outside_unit_range": in_both("numbers from 0 to 1 where the contract says so"),
    }


def _measures(connection, mart: Mart, present, before, shipped, rules) -> list[dict]:
    """A row per expectation of a mart: what is wrong, and how it was before."""
    if mart.name not in present:
        found: dict[str, Any] = {"columns": in_both("no such table")}
    else:
        found = _measure(connection, mart, present[mart.name])
    rows = [
        _row(mart, name, "error", expected, found[name] is not None, found[name])
        for name, expected in _absent().items()
        if name in found
    ]
    repeated = found.get("repeated_keys")
    if repeated is not None:
        once = in_both("no key twice")
        count = Both(str(repeated), str(repeated))
        rows.append(_row(mart, "repeated_keys", "error", once, repeated > 0, count))
    if mart.name in present and mart.name not in OF_THE_WORKSPACE:
        columns = present[mart.name]
        rows += _compare(connection, mart, columns, before, shipped, rules)
    return rows


def _row(
    mart: Mart,
    name: str,
    severity: str,
    expected: Both,
    is_beyond: bool,
    found: Both | None,
    note: Both = NO_NOTE,
) -> dict:
    observed = in_both("{number} rows", number=1)
    if is_beyond and found:
        observed = found
    return {
        "suite": f"marts.{mart.group}",
        "table_name": mart.name,
        "column_name": "",
        "expectation": name,
        "severity": severity,
        "beyond_count": int(is_beyond),
        **in_columns("observed", observed),
        **in_columns("expected", expected),
        **in_columns("note", note),
    }


def _measure(connection, mart: Mart, columns: dict[str, str]) -> dict:
    """Columns missing or too many, repeated keys, numbers that cannot be."""
    wrong = [in_both("no {column}", column=c) for c in mart.columns if c not in columns]
    if mart.columns:
        extra = [c for c in columns if c not in mart.columns]
        wrong += [in_both("unknown {column}", column=c) for c in extra]
    doubles = [c for c, kind in columns.items() if kind in FLOATS]
    bounded = [c for c in mart.unit_range if c in doubles]
    key = [c for c in mart.key if c in columns]
    counts = [
        f"count(*) - count(distinct ({', '.join(map(sql_name, key))}))"
        if key
        else "max(cast(null as bigint))",
        *(f"count(*) filter (where not isfinite({sql_name(c)}))" for c in doubles),
        *(
            f"count(*) filter (where {sql_name(c)} not between 0 and 1)"
            for c in bounded
        ),
    ]
    repeated, *others = connection.execute(
        f"select {', '.join(counts)} from marts.{sql_name(mart.name)}"
    ).fetchone()
    infinite, outside = others[: len(doubles)], others[len(doubles) :]
    return {
        "columns": joined_in_both(wrong, "; ") if wrong else None,
        "repeated_keys": repeated,
        "not_finite": _counted(doubles, infinite),
        "outside_unit_range": _counted(bounded, outside),
    }


def _counted(columns: list[str], counts: list[int]) -> Both | None:
    found = [
        in_both("{column} in {count} rows", column=column, count=count)
        for column, count in zip(columns, counts, strict=True)
        if count
    ]
    return joined_in_both(found, "; ") if found else None


def _compare(connection, mart: Mart, columns, before, shipped, rules) -> list[dict]:
    """A row per rule: the measure that its limit holds, and that in words.

    Without a build before, rows have not changed and no result is lost.
    """
    rows = _row_count(connection, mart.name, columns, shipped)
    results = _results(connection, mart.name, columns, shipped)
    known = before.get(mart.name, {"rows": rows, "results": results})
    ratio = known["rows"] / rows if rows else (math.inf if known["rows"] else 1.0)
    change = max(ratio, 1 / ratio if ratio else math.inf)
    found = {
        name: (
            measure,
            in_both(
                "{rows} rows, {before} before ({measure})",
                rows=rows,
                before=known["rows"],
                measure=f"{measure:.4g}",
            ),
        )
        for name, measure in (("row_count_change", change), ("row_count_fall", ratio))
    }
    both = [
        study
        for study in sorted(results.keys() & known["results"].keys())
        if results[study][1] and known["results"][study][1]
    ]
    if both:
        share, share_before = (
            sum(of[study][0] for study in both) / sum(of[study][1] for study in both)
            for of in (results, known["results"])
        )
        fall = round(share_before - share, 12)
        found["computed_share_fall"] = (
            fall,
            in_both(
                "{share} of the rows with a result, {before} before ({fall})",
                share=f"{share:.4g}",
                before=f"{share_before:.4g}",
                fall=f"{fall:.4g}",
            ),
        )
    return [
        _row(
            mart,
            rule.name,
            rule.severity,
            _expected_change(kind, f"{rule.limit:g}"),
            found[kind][0] > (rule.limit or 0),
            found[kind][1],
            rule.reason,
        )
        for kind in COMPARISONS
        if kind in found
        for rule in rules_for(rules, kind, mart.name, mart.group)
    ]


def _expected_change(kind: str, limit: str) -> Both:
    if kind == "row_count_change":
        return in_both(
            "rows within {number} times those of the published build, where there is "
            "one",
            number=limit,
        )
    if kind == "row_count_fall":
        return in_both(
            "at least one in {number} rows of the published build, where there is one",
            number=limit,
        )
    return in_both(
        "a share of results not more than {number} below the published build, where "
        "there is one",
        number=limit,
    )


def _identities(connection, groups: dict, present, rules: list[Rule]) -> list[dict]:
    """A row per identity of these marts: its largest gap."""
    rows = []
    for rule in rules:
        name = rule.subject.split(".")[0]
        if rule.kind not in ("sums_to_one", "formula") or name not in present:
            continue
        if name not in groups:
            continue
        gap = largest_gap(connection, rule, present[name])
        stated = Mart(name, groups[name], [], [])
        is_beyond = gap > (rule.limit or 0)
        row = _row(
            *(stated, rule.name, rule.severity, _expected_gap(rule), is_beyond),
            in_both("1 of 1 rows: {gap}", gap=f"{gap:.6g}"),
            rule.reason,
        )
        rows.append(row | {"table_name": "", "column_name": rule.subject})
    return rows


def _expected_gap(rule: Rule) -> Both:
    limit = f"{rule.limit:g}"
    if rule.kind == "formula":
        return in_both(
            "{expression} not above {tolerance}",
            expression=rule.compared_with,
            tolerance=limit,
        )
    return in_both(
        "a sum of 1 within {tolerance} over {columns}",
        tolerance=limit,
        columns=rule.compared_with,
    )


def largest_gap(connection, rule: Rule, columns: dict[str, str]) -> float:
    """Largest value of a formula, or largest distance of a group's sum from 1.

    Rows without a result do not count; infinity where it cannot be computed, 0 where
    there is no row.
    """
    if rule.kind == "formula":
        query = f"select max({rule.compared_with}) from marts.{sql_name(rule.subject)}"
    else:
        mart, column = rule.subject.split(".")
        kept = _gives_a_result() if "status" in columns else "true"
        query = f"""
            select max(abs(total - 1))
            from (
                select sum({sql_name(column)}) as total
                from marts.{sql_name(mart)}
                where {kept}
                group by {rule.compared_with}
            )
        """
    try:
        gap = connection.execute(query).fetchone()[0]
    except (duckdb.BinderException, duckdb.ParserException):
        return math.inf
    return 0.0 if gap is None else gap
