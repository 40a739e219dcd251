"""The gate before a build: seeds are checked against the contracts in their YAML.

The same tests run inside dbt; here they name file, row, column, what was found and what
was expected, before any model is touched. A user's workspace is checked with the seeds,
by the same contracts.
"""

import difflib
from collections import Counter
from pathlib import Path

import pandas as pd

from coupling.contracts import method_sets, years_covered
from coupling.contracts.seeds import Finding, Seed, load_seeds
from coupling.contracts.workspace import has_figures, join_workspace

KEYS = ["region_code", "year"]


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


def _joined(folder: Path, workspace: Path | None) -> dict[str, Seed]:
    seeds = load_seeds(folder)
    if workspace is not None:
        join_workspace(seeds, workspace)
    return seeds


def _findings(seeds: dict[str, Seed]) -> list[Finding]:
    for seed in seeds.values():
        for name, column, arguments in seed.tests:
            if _own_columns(column, arguments) <= set(seed.typed):
                _ask(name, seed, column, seeds, arguments)
    if not any(seed.findings for seed in seeds.values()):
        for rule in ACROSS_SEEDS:
            rule(seeds)
    findings = {finding for seed in seeds.values() for finding in seed.findings}
    return sorted(findings, key=lambda f: (f.file, f.row or 0, f.column, f.expected))


def _ask(name: str, seed: Seed, column, seeds, arguments: dict) -> None:
    """Ask a test, or repeat what it said of the same rows and those it looks up."""
    looked_up = seeds.get(LOOKED_UP.get(name, arguments.get("to")), seed)
    said, about = seed.verdicts, looked_up.verdicts
    if said is None or about is None:
        RULES[name](seed, column, seeds, **arguments)
        return
    test = (name, column, repr(arguments))
    then, findings = said.get(test, (None, []))
    if then is about:
        seed.findings += findings
        return
    before = len(seed.findings)
    RULES[name](seed, column, seeds, **arguments)
    said[test] = about, seed.findings[before:]


def _own_columns(column: str | None, arguments: dict) -> set[str]:
    """Columns of its own seed that a test names."""
    named = {column} if column else set()
    for argument, value in arguments.items():
        if argument.endswith("column"):
            named.add(value)
        elif argument.endswith("columns") and argument != "to_columns":
            named.update(value)
    return named


def _not_empty(seed: Seed, column, seeds):
    if seed.is_whole and seed.typed.empty:
        seed.findings.append(
            Finding(seed.file, None, "", "no rows", "at least one row")
        )


def _no_blanks(seed: Seed, column, seeds, columns):
    for name in columns:
        blank = seed.text[name] == ""
        seed.report(seed.text.index[blank], name, "a value", found="a blank")


def _unique(seed: Seed, column, seeds):
    _unique_combination(seed, column, seeds, [column])


def _unique_where_given(seed: Seed, column, seeds, columns):
    _unique_combination(seed, column, seeds, columns, seed.typed.dropna(subset=columns))


def _one_given(seed: Seed, column, seeds, columns):
    blank = (seed.text[columns] == "").all(axis=1)
    for row in seed.text.index[blank]:
        expected = f"a value in one of {', '.join(columns)}"
        seed.report([row], columns[0], expected, found="a blank")


def _unique_combination(seed: Seed, column, seeds, columns, typed=None):
    typed = seed.typed if typed is None else typed
    repeated = typed.duplicated(columns, keep=False)
    for _, group in typed[repeated].groupby(columns, dropna=False):
        first, *others = group.index
        key = ", ".join(seed.text.loc[first, columns])
        for row in others:
            (file, line), (first_file, first_line) = map(seed.place, (row, first))
            where = "" if file == first_file else f" of {first_file}"
            seed.findings.append(
                Finding(
                    file,
                    line,
                    ", ".join(columns),
                    f"{key} again",
                    f"a key that no other row has (row {first_line}{where} has it)",
                )
            )


def _accepted_values(seed: Seed, column, seeds, values):
    given = seed.typed[column].notna()
    bad = given & ~seed.typed[column].isin(values)
    seed.report(seed.text.index[bad], column, "one of " + ", ".join(map(str, values)))


def _accepted_range(seed: Seed, column, seeds, min_value=None, max_value=None):
    low = float("-inf") if min_value is None else min_value
    high = float("inf") if max_value is None else max_value
    bad = (seed.typed[column] < low) | (seed.typed[column] > high)
    seed.report(seed.text.index[bad], column, f"a number from {low} to {high}")


def _printed_number(seed: Seed, column, seeds, min_value=None, max_value=None):
    """Numbers kept as text, so that the decimals that are printed stay known."""
    low = float("-inf") if min_value is None else min_value
    high = float("inf") if max_value is None else max_value
    text = seed.text[column]
    plain = text.str.fullmatch(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)")
    number = pd.to_numeric(text.where(plain), errors="coerce")
    bad = (text != "") & ~(plain & number.between(low, high))
    expected = f"a number from {low} to {high}, in plain digits"
    seed.report(text.index[bad], column, expected)


def _relationships(seed: Seed, column, seeds, to, field):
    if not seeds[to].has(field):
        return
    known = seeds[to].typed[field]
    bad = seed.typed[column].notna() & ~seed.typed[column].isin(known)
    expected = f"a {field} of {seeds[to].files}"
    if to == "regions" and not seed.is_shipped:
        expected += "; coupling land reads tables that name regions in words"
    seed.report(seed.text.index[bad], column, expected)


def _listed_in(seed: Seed, column, seeds, to, field, at_least=1):
    if not seeds[to].has(field):
        return
    listed = seeds[to].typed[field].value_counts()
    count = seed.typed[column].map(listed).fillna(0)
    for row in seed.typed.index[count < at_least]:
        seed.report(
            [row],
            column,
            f"at least {at_least} row(s) with this {field} in {seeds[to].files}",
            found=f"{seed.text.at[row, column]} with {int(count[row])} row(s)",
        )


def _references(seed: Seed, column, seeds, columns, to, to_columns):
    if not seeds[to].has(*to_columns):
        return
    known = set(seeds[to].typed[to_columns].itertuples(index=False, name=None))
    for row, *key in seed.typed[columns].itertuples(name=None):
        if tuple(key) not in known:
            seed.report(
                [row],
                ", ".join(columns),
                f"a combination that {seeds[to].files} has",
                found=", ".join(seed.text.loc[row, columns]),
            )


def _given_where(seed: Seed, column, seeds, condition_column, condition_values):
    asked = seed.text[condition_column].isin([str(v) for v in condition_values])
    blank = asked & (seed.text[column] == "")
    for row in seed.text.index[blank]:
        condition = f"{condition_column} is {seed.text.at[row, condition_column]}"
        seed.report([row], column, f"a value, since {condition}", found="a blank")


def _sums_to(seed: Seed, column, seeds, group_columns, total=1, tolerance=1e-9):
    for key, group in seed.typed.groupby(group_columns):
        found = group[column].sum()
        if abs(found - total) > tolerance:
            seed.report(
                group.index[:1],
                column,
                f"a sum of {total} over {', '.join(key)}",
                found=f"a sum of {found:.12g} over {len(group)} rows",
            )


def _complete_or_blank(
    seed: Seed,
    column,
    seeds,
    value_column,
    group_columns,
    condition_column,
    condition_values,
):
    asked = seed.typed[seed.typed[condition_column].isin(condition_values)]
    for key, group in asked.groupby(group_columns):
        blank = group[value_column].isna()
        if blank.any() and not blank.all():
            seed.report(
                group.index[blank],
                value_column,
                f"a value, since other rows of {', '.join(key)} have one",
                found="a blank",
            )


def _years_in_order(seed: Seed, column, seeds, first_column, last_column):
    bad = seed.typed[first_column] > seed.typed[last_column]
    for row in seed.typed.index[bad]:
        last = seed.text.at[row, last_column]
        seed.report([row], first_column, f"a year not after {last_column} {last}")


def _periods_apart(
    seed: Seed, column, seeds, key_column, level_column, first_column, last_column
):
    ordered = seed.typed.sort_values([key_column, first_column], kind="stable")
    before: dict[str, list[tuple]] = {}
    wanted = [key_column, level_column, first_column, last_column]
    for row, key, level, first, last in ordered[wanted].itertuples():
        if pd.isna(key):
            continue
        others = before.setdefault(key, [])
        for earlier_level, earlier_last in others:
            levels = {one for one in (level, earlier_level) if not pd.isna(one)}
            if len(levels) < 2 and first <= earlier_last:
                seed.report(
                    [row],
                    first_column,
                    f"a year after {earlier_last:.0f}, the {last_column} of the row of"
                    f" {key} before it",
                )
                break
        others.append((level, last))


def _intervals_fill_unit(
    seed: Seed, column, seeds, group_column, lower_column, upper_column
):
    ordered = seed.typed.dropna(subset=[lower_column, upper_column])
    for _, group in ordered.sort_values(lower_column).groupby(group_column):
        below = 0.0
        for row in group.index:
            if group.at[row, lower_column] != below:
                seed.report(
                    [row],
                    lower_column,
                    f"{below:g}, where the interval below ends",
                )
            below = group.at[row, upper_column]
            if below <= group.at[row, lower_column]:
                seed.report([row], upper_column, f"more than {lower_column}")
        if below != 1:
            seed.report(group.index[-1:], upper_column, "1, the end of the scale")


def _matches_series_dictionary(seed: Seed, column, seeds):
    if not seeds["series"].has("series_id", "min_value", "max_value"):
        return
    dictionary = seeds["series"].typed.set_index("series_id")
    dictionary = dictionary[~dictionary.index.duplicated()]
    figures = seed.typed.drop(columns=KEYS, errors="ignore")
    for name in figures.columns.difference(dictionary.index):
        expected = f"a series_id of {seeds['series'].files}"
        near = difflib.get_close_matches(name, list(dictionary.index.dropna()))
        if near:
            expected += f", such as {' or '.join(near)}"
        seed.findings.append(Finding(seed.file, 1, name, "an unknown series", expected))
    limits = dictionary.reindex(figures.columns)
    low = limits["min_value"].fillna(float("-inf"))
    high = limits["max_value"].fillna(float("inf"))
    bad = figures.lt(low, axis=1) | figures.gt(high, axis=1)
    for name in bad.columns[bad.any()].intersection(dictionary.index):
        _accepted_range(seed, name, seeds, low[name], high[name])


def _finite_numbers(seed: Seed, column, seeds):
    """Nothing to add: reading the numbers has refused NaN and infinity."""


RULES = {
    "not_empty": _not_empty,
    "no_blanks": _no_blanks,
    "unique": _unique,
    "unique_combination": _unique_combination,
    "unique_where_given": _unique_where_given,
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


def _sources_match_figures(seeds):
    """Count and years of the figures are those that the source of a series states.

    A source of a shipped series states what its chapters hold of its level and years,
    whatever a workspace puts in their place; one of a user's own series what the files
    of the workspace hold. A figure of a year that no source has belongs to the source
    of the nearest years.
    """
    sources = seeds["sources"]
    chapters = [seed for seed in seeds.values() if has_figures(seed)]
    shipped = [seed for seed in chapters if seed.is_shipped]
    owned = [seed for seed in chapters if not seed.is_shipped]
    levels = _levels(seeds["regions"])
    years = _figures_by_year(shipped, levels)
    stated: dict[str, list] = {}
    for source in sources.typed.itertuples():
        if not pd.isna(source.series_id):
            stated.setdefault(source.series_id, []).append(source)
    for series, rows in stated.items():
        holding = [seed for seed in shipped if series in seed.typed]
        found = years.get(series)
        if not holding:
            holding = [seed for seed in owned if series in seed.typed]
            found = _figures_of_own(holding, series, levels)
        if holding:
            files = " and ".join(seed.file for seed in holding)
            _judge_sources(sources, rows, found, files)


def _levels(regions: Seed) -> pd.Series:
    """Levels by region_code; shipped figures have that of the shipped region."""
    own = regions.typed.drop_duplicates("region_code").set_index("region_code")["level"]
    shipped = regions.shipped.set_index("region_code")["level"]
    return shipped.combine_first(own).fillna("other")


def _figures_by_year(chapters: list[Seed], levels: pd.Series) -> dict[str, Counter]:
    """By series, the number of figures of each level and year."""
    found: dict[str, Counter] = {}
    for seed in chapters:
        level = seed.typed["region_code"].map(levels)
        figures = seed.typed.drop(columns=KEYS)
        counts = figures.notna().groupby([level, seed.typed["year"]]).sum()
        for series, numbers in counts.to_dict().items():
            found.setdefault(series, Counter()).update(numbers)
    return found


def _figures_of_own(chapters: list[Seed], series: str, levels: pd.Series) -> Counter:
    """As `_figures_by_year`, of one series; a cell that files share counts once."""
    if not chapters:
        return Counter()
    cells = pd.concat([seed.typed.dropna(subset=[series])[KEYS] for seed in chapters])
    cells = cells.drop_duplicates()
    level = cells["region_code"].map(levels).fillna("other")
    return Counter(cells.groupby([level, cells["year"]]).size().to_dict())


def _judge_sources(sources: Seed, stated: list, found: Counter, files: str):
    """Hold the sources of a series, rows, against its figures by level and year."""
    held = {source.Index: Counter() for source in stated}
    for (level, year), number in (+found).items():
        row = _nearest_source(stated, level, year)
        if row is None:
            expected = f"a source of level {level} as well, which {files} has"
            sources.report([stated[0].Index], "level", expected)
        else:
            held[row][year] += number
    for source in stated:
        years = held[source.Index]
        numbers = {"figures": years.total()}
        if years:
            numbers |= {"first_year": min(years), "last_year": max(years)}
        for column, number in numbers.items():
            if getattr(source, column) != number:
                expected = f"{number:.0f}, as {files} has it"
                sources.report([source.Index], column, expected)


def _nearest_source(stated: list, level: str, year: float) -> int | None:
    """The row of the source of that level that is nearest to the year."""
    nearest = {
        source.Index: max(source.first_year - year, year - source.last_year, 0)
        for source in stated
        if pd.isna(source.level) or source.level == level
    }
    return min(nearest, key=nearest.get) if nearest else None


def _studies_can_be_computed(seeds):
    """A study's years have figures, and each of its systems an indicator in use."""
    sources, systems = seeds["sources"].typed, seeds["systems"]
    figures = [
        seed.typed.set_index("year").drop(columns="region_code").dropna(how="all")
        for seed in seeds.values()
        if has_figures(seed) and not seed.is_shipped
    ]
    own_years = [year for frame in figures for year in frame.index]
    years = (
        min([sources["first_year"].min(), *own_years]),
        max([sources["last_year"].max(), *own_years]),
    )
    for column in ("first_year", "last_year"):
        outside = ~seeds["studies"].typed[column].between(*years)
        expected = f"a year of the figures, {years[0]:.0f} to {years[1]:.0f}"
        seeds["studies"].report(outside.index[outside], column, expected)
    catalogue = seeds["indicators"].typed
    in_use = catalogue[catalogue["status"].isin(["measured", "proxy"])]
    computed = set(zip(in_use["study_id"], in_use["system_id"], strict=True))
    for row, system in systems.typed.iterrows():
        if (system["study_id"], system["system_id"]) not in computed:
            expected = "an indicator that is measured or proxy"
            systems.report([row], "system_id", expected)


def _shipped_units_are_known(seeds):
    """Figures of a shipped series can be converted; a user's own unit is any text."""
    series = seeds["series"]
    rows = series.typed.index[~series.typed["unit"].isin(seeds["units"].typed["unit"])]
    shipped = [row for row in rows if series.place(row)[0] == series.file]
    series.report(shipped, "unit", f"a unit of {seeds['units'].files}")


def _names_are_plain(seeds):
    """Names that become keys, files and addresses hold no other characters."""
    for seed, column in (("studies", "study_id"), ("systems", "system_id")):
        names = seeds[seed].text[column]
        odd = ~names.str.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*")
        expected = "letters, digits, _ and -, beginning with a letter or digit"
        seeds[seed].report(names.index[odd], column, expected)


ACROSS_SEEDS = (
    *(_sources_match_figures, _studies_can_be_computed),
    *(_names_are_plain, _shipped_units_are_known, method_sets.check),
)
