"""The gate before a build: seeds are checked against the contracts in their YAML.

The tests are those of dbt, asked by `judge`; here what they find bad is told by file,
row, column, what was found and what was expected, before any model is touched. A user's
workspace is checked with the seeds, by the same contracts.
"""

import difflib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from coupling.contracts import across, years_covered
from coupling.contracts.judge import Judge
from coupling.contracts.seeds import Finding, Seed, load_seeds
from coupling.contracts.workspace import join_workspace

INFINITE = float("inf")
Seeds = dict[str, Seed]
Told = Iterator[Finding]


def check_seeds(folder: Path, workspace: Path | None = None) -> list[Finding]:
    """Check every seed under `folder`, with the tables of `workspace` joined to them.

    Returns one Finding per fault, in the order of files and rows. Raises KeyError for a
    test in YAML that the gate does not know.
    """
    return _findings(_joined(folder, workspace))


def judge_seeds(
    folder: Path, workspace: Path | None = None
) -> tuple[list[Finding], list[str]]:
    """Return what `check_seeds` does and, if that is nothing, what will be left out."""
    seeds = _joined(folder, workspace)
    findings = _findings(seeds)
    return findings, [] if findings else years_covered.warnings(seeds)


def _joined(folder: Path, workspace: Path | None) -> Seeds:
    seeds = load_seeds(folder)
    if workspace is not None:
        join_workspace(seeds, workspace)
    return seeds


def _findings(seeds: Seeds) -> list[Finding]:
    judge = Judge(seeds)
    for seed in seeds.values():
        for name, column, arguments in seed.tests:
            if _can_be_asked(seed, name, column, arguments, seeds):
                _ask(judge, name, seed, column, seeds, arguments)
    if not any(seed.findings for seed in seeds.values()):
        across.check(seeds)
    findings = {finding for seed in seeds.values() for finding in seed.findings}
    return sorted(findings, key=lambda f: (f.file, f.row or 0, f.column, f.expected))


def _can_be_asked(
    seed: Seed, name: str, column: str | None, arguments: dict[str, Any], seeds: Seeds
) -> bool:
    """Say whether the columns that a test names are there, in each table."""
    if name == "matches_series_dictionary":
        has_figures = {"region_code", "year"} < set(seed.typed)
        bounds = ("series_id", "min_value", "max_value")
        return has_figures and seeds["series"].has(*bounds)
    own = {column} if column else set()
    for argument, value in arguments.items():
        if argument.endswith("column"):
            own.add(value)
        elif argument.endswith("columns") and argument != "to_columns":
            own.update(value)
    others = arguments.get("to_columns", [arguments.get("field")])
    return seed.names(*own) and (
        "to" not in arguments or seeds[arguments["to"]].has(*others)
    )


def _ask(
    judge: Judge,
    name: str,
    seed: Seed,
    column: str | None,
    seeds: Seeds,
    arguments: dict[str, Any],
) -> None:
    """Ask a test, or repeat what it said of the same rows and those it looks up."""
    told = TOLD[name]
    looked_up = seeds.get(LOOKED_UP.get(name, arguments.get("to", "")), seed)
    said, about = seed.verdicts, looked_up.verdicts
    test = (name, column, repr(arguments))
    if said is not None and about is not None:
        then, findings = said.get(test, (None, []))
        if then is about:
            seed.findings += findings
            return
    bad = judge.bad_rows(seed, name, column, arguments)
    findings = list(told(bad, seed, column, seeds, **arguments)) if len(bad) else []
    seed.findings += findings
    if said is not None and about is not None:
        said[test] = about, findings


def _not_empty(bad: pd.DataFrame, seed: Seed, column: str, seeds: Seeds) -> Told:
    if seed.is_whole:
        yield Finding(seed.file, None, "", "no rows", "at least one row")


def _no_blanks(
    bad: pd.DataFrame, seed: Seed, column: str, seeds: Seeds, columns: list[str]
) -> Told:
    for row in bad.index:
        for name in columns:
            if seed.text.at[row, name] == "":
                yield seed.finding(row, name, "a value", found="a blank")


def _unique(bad: pd.DataFrame, seed: Seed, column: str, seeds: Seeds) -> Told:
    return _unique_combination(bad, seed, column, seeds, [column])


def _unique_combination(
    bad: pd.DataFrame, seed: Seed, column: str, seeds: Seeds, columns: list[str]
) -> Told:
    for _, group in bad.groupby(columns, dropna=False):
        first, *others = group.index
        key = ", ".join(seed.text.loc[first, columns])
        for row in others:
            (file, line), (first_file, first_line) = map(seed.place, (row, first))
            where = "" if file == first_file else f" of {first_file}"
            yield Finding(
                file,
                line,
                ", ".join(columns),
                f"{key} again",
                f"a key that no other row has (row {first_line}{where} has it)",
            )


def _one_given(
    bad: pd.DataFrame, seed: Seed, column: str, seeds: Seeds, columns: list[str]
) -> Told:
    expected = f"a value in one of {', '.join(columns)}"
    for row in bad.index:
        yield seed.finding(row, columns[0], expected, found="a blank")


def _accepted_values(
    bad: pd.DataFrame, seed: Seed, column: str, seeds: Seeds, values: list[Any]
) -> Told:
    for row in bad.index:
        yield seed.finding(row, column, "one of " + ", ".join(map(str, values)))


def _accepted_range(
    bad: pd.DataFrame,
    seed: Seed,
    column: str,
    seeds: Seeds,
    min_value: float = -INFINITE,
    max_value: float = INFINITE,
) -> Told:
    for row in bad.index:
        yield seed.finding(row, column, f"a number from {min_value} to {max_value}")


def _printed_number(
    bad: pd.DataFrame,
    seed: Seed,
    column: str,
    seeds: Seeds,
    min_value: float = -INFINITE,
    max_value: float = INFINITE,
) -> Told:
    expected = f"a number from {min_value} to {max_value}, in plain digits"
    for row in bad.index:
        yield seed.finding(row, column, expected)


def _relationships(
    bad: pd.DataFrame, seed: Seed, column: str, seeds: Seeds, to: str, field: str
) -> Told:
    expected = f"a {field} of {seeds[to].files}"
    if to == "regions" and not seed.is_shipped:
        expected += "; coupling land reads tables that name regions in words"
    for row in bad.index:
        yield seed.finding(row, column, expected)


def _listed_in(
    bad: pd.DataFrame,
    seed: Seed,
    column: str,
    seeds: Seeds,
    to: str,
    field: str,
    at_least: int = 1,
) -> Told:
    expected = f"at least {at_least} row(s) with this {field} in {seeds[to].files}"
    for row, count in bad["row_count"].items():
        found = f"{seed.text.at[row, column]} with {int(count)} row(s)"
        yield seed.finding(row, column, expected, found)


def _references(
    bad: pd.DataFrame,
    seed: Seed,
    column: str,
    seeds: Seeds,
    columns: list[str],
    to: str,
    to_columns: list[str],
) -> Told:
    for row in bad.index:
        yield seed.finding(
            row,
            ", ".join(columns),
            f"a combination that {seeds[to].files} has",
            found=", ".join(seed.text.loc[row, columns]),
        )


def _given_where(
    bad: pd.DataFrame,
    seed: Seed,
    column: str,
    seeds: Seeds,
    condition_column: str,
    condition_values: list[Any],
) -> Told:
    for row in bad.index:
        condition = f"{condition_column} is {seed.text.at[row, condition_column]}"
        yield seed.finding(row, column, f"a value, since {condition}", found="a blank")


def _sums_to(
    bad: pd.DataFrame,
    seed: Seed,
    column: str,
    seeds: Seeds,
    group_columns: list[str],
    total: float = 1,
    tolerance: float = 1e-9,
) -> Told:
    for key, group in bad.groupby(group_columns):
        found, count = group["sum_found"].iloc[0], group["row_count"].iloc[0]
        yield seed.finding(
            group.index[0],
            column,
            f"a sum of {total} over {', '.join(key)}",
            found=f"a sum of {0 if pd.isna(found) else found:.12g} over {count} rows",
        )


def _complete_or_blank(
    bad: pd.DataFrame,
    seed: Seed,
    column: str,
    seeds: Seeds,
    value_column: str,
    group_columns: list[str],
    condition_column: str,
    condition_values: list[Any],
) -> Told:
    for key, group in bad.groupby(group_columns):
        expected = f"a value, since other rows of {', '.join(key)} have one"
        for row in group.index:
            yield seed.finding(row, value_column, expected, found="a blank")


def _years_in_order(
    bad: pd.DataFrame,
    seed: Seed,
    column: str,
    seeds: Seeds,
    first_column: str,
    last_column: str,
) -> Told:
    for row in bad.index:
        last = seed.text.at[row, last_column]
        yield seed.finding(row, first_column, f"a year not after {last_column} {last}")


def _periods_apart(
    bad: pd.DataFrame,
    seed: Seed,
    column: str,
    seeds: Seeds,
    key_column: str,
    level_column: str,
    first_column: str,
    last_column: str,
) -> Told:
    for row, earlier in (
        bad.sort_values("earlier_place").groupby(level=0).first().T.items()
    ):
        expected = (
            f"a year after {earlier['earlier_last_year']:.0f}, the {last_column} of the"
            f" row of {earlier[key_column]} before it"
        )
        yield seed.finding(row, first_column, expected)


def _intervals_fill_unit(
    bad: pd.DataFrame,
    seed: Seed,
    column: str,
    seeds: Seeds,
    group_column: str,
    lower_column: str,
    upper_column: str,
) -> Told:
    for row, found in bad.T.items():
        lower, upper = found[lower_column], found[upper_column]
        if lower != found["expected_lower_bound"]:
            expected = (
                f"{found['expected_lower_bound']:g}, where the interval below ends"
            )
            yield seed.finding(row, lower_column, expected)
        if upper <= lower:
            yield seed.finding(row, upper_column, f"more than {lower_column}")
        if found["is_last"] and upper != 1:
            yield seed.finding(row, upper_column, "1, the end of the scale")


def _matches_series_dictionary(
    bad: pd.DataFrame, seed: Seed, column: str, seeds: Seeds
) -> Told:
    dictionary = seeds["series"].typed.set_index("series_id")
    dictionary = dictionary[~dictionary.index.duplicated()]
    for name in bad.loc[bad["problem"] == "unknown series", "series_id"].unique():
        expected = f"a series_id of {seeds['series'].files}"
        near = difflib.get_close_matches(name, list(dictionary.index.dropna()))
        if near:
            expected += f", such as {' or '.join(near)}"
        yield Finding(seed.file, 1, name, "an unknown series", expected)
    outside = bad[bad["value_found"].notna()]
    for row, name, value in outside[["series_id", "value_found"]].itertuples():
        if seed.typed.at[row, name] == value:
            low, high = dictionary.loc[name, ["min_value", "max_value"]]
            low = -INFINITE if pd.isna(low) else low
            high = INFINITE if pd.isna(high) else high
            yield seed.finding(row, name, f"a number from {low} to {high}")


def _finite_numbers(bad: pd.DataFrame, seed: Seed, column: str, seeds: Seeds) -> Told:
    """Tell nothing more: reading the numbers has refused NaN and infinity."""
    return iter(())


TOLD: dict[str, Callable[..., Told]] = {
    "not_empty": _not_empty,
    "no_blanks": _no_blanks,
    "unique": _unique,
    "unique_combination": _unique_combination,
    "unique_where_given": _unique_combination,
    "one_given": _one_given,
    "accepted_values": _accepted_values,
    "accepted_range": _accepted_range,
    "printed_number": _printed_number,
    "relationships": _relationships,
    "listed_in": _listed_in,
    "references": _references,
    "given_where": _given_where,
    "sums_to": _sums_to,
    "complete_or_blank": _complete_or_blank,
    "years_in_order": _years_in_order,
    "periods_apart": _periods_apart,
    "intervals_fill_unit": _intervals_fill_unit,
    "matches_series_dictionary": _matches_series_dictionary,
    "finite_numbers": _finite_numbers,
}
# seeds that tests look up without an argument that says so
LOOKED_UP = {"matches_series_dictionary": "series"}
