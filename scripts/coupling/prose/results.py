"""The tables of a manuscript, in a paper's order.

Every function takes an open connection to the marts; results are those of the default
method of the study, words those of the language spoken.
"""

import duckdb
import pandas as pd

from coupling.prose.parts import (
    Column,
    Table,
    Value,
    four_decimals,
    per_cent,
    whole,
    words,
)
from coupling.queries.ask import ask
from coupling.words import tables
from coupling.words.formats import plain
from coupling.words.language import _, named
from coupling.words.letters import letters_sentence

NAMES_PER_PART = 4
ORIGINS = ("observed", "interpolated", "carried", "missing")


def all_tables(con: duckdb.DuckDBPyConnection, study: dict) -> list[Table]:
    """Return the tables of a study, a row of `site/studies`; empty ones are left."""
    made = [
        indicator_system(con, study),
        scores_and_degrees(con, study),
        grades(con, study),
        obstacles(con, study),
        regional_means(con, study),
        coverage(con, study),
        imputation(con, study),
        sources(con, study),
    ]
    return [table for table in made if table.rows]


def indicator_system(con: duckdb.DuckDBPyConnection, study: dict) -> Table:
    """One row per indicator: system, criterion, code, name, unit, direction, weights.

    The weight is that in the system and that in the study, 0 to 1; None without one.
    Where weights are set year by year, those of the last year.
    """
    weights = ask(con, "study/weights", study_id=study["study_id"])
    by_indicator = {row["indicator_id"]: row for row in tables.records(weights)}
    rows = []
    for row in tables.records(ask(con, "study/indicators", study_id=study["study_id"])):
        weight = by_indicator.get(row["indicator_id"], {})
        rows.append(
            [
                row["system"],
                named(row, "criterion"),
                row["indicator_id"],
                named(row) + (_(" (proxy)") if _is_proxy(row) else ""),
                row["unit"],
                row["direction"].replace("-", tables.MINUS),
                weight.get("weight"),
                weight.get("study_weight"),
            ]
        )
    notes = [
        _("A dash marks an indicator without a series; it carries no weight."),
        _("A proxy stands for what is named; the table of coverage says how."),
    ]
    if weights["year"].notna().any():
        notes.append(
            _("Weights are set year by year; those of {year} are shown.").format(
                year=study["result_year"]
            )
        )
    return Table(
        "indicators",
        _("Indicator system and weights"),
        [
            Column(_("System")),
            words(_("Criterion"), 2.2),
            Column(_("Code"), width=0.8),
            words(_("Indicator"), 4.0),
            words(_("Unit"), 1.6),
            Column(_("Direction"), width=1.2),
            Column(_("Weight in the system"), width=1.1),
            Column(_("Weight in the study"), width=1.1),
        ],
        rows,
        notes,
        is_grouped=True,
        stub=4,
    )


def _is_proxy(indicator: dict) -> bool:
    return indicator["coverage_status"] == "proxy"


def scores_and_degrees(con: duckdb.DuckDBPyConnection, study: dict) -> Table:
    """One row per measure and region, its values by year: the scores, C, T and D."""
    study_id = study["study_id"]
    scores = ask(con, "study/scores", study_id=study_id)
    degrees = ask(con, "study/degrees", study_id=study_id)
    years = _years(degrees)
    regions = dict(zip(degrees["region_code"], degrees["region"], strict=True))
    measures = [
        (
            _("Score of {system}").format(system=named(system)),
            tables.by_year(
                scores[scores["system_id"] == system["system_id"]],
                "region_code",
                "score",
            ),
        )
        for system in tables.records(ask(con, "study/systems", study_id=study_id))
    ]
    for measure, heading in (
        ("coupling_degree", _("Coupling degree C")),
        ("comprehensive_index", _("Comprehensive index T")),
        ("coupling_coordination_degree", _("Coupling coordination degree D")),
    ):
        measures.append((heading, tables.by_year(degrees, "region_code", measure)))
    rows = [
        [heading, region, *(cells.get(code, {}).get(year) for year in years)]
        for heading, cells in measures
        for code, region in regions.items()
    ]
    return Table(
        "scores and degrees",
        _(
            "System scores, coupling degree C, comprehensive index T and coupling "
            "coordination degree D by region and year"
        ),
        [Column(_("Measure")), words(_("Region"), 1.8), *_of_years(years)],
        rows,
        [_("A dash marks a region without a result in that year.")],
        is_grouped=True,
        stub=2,
    )


def grades(con: duckdb.DuckDBPyConnection, study: dict) -> Table:
    """One row per grade, the lowest first: its interval, and its regions by year."""
    levels = ask(con, "study/grades", study_id=study["study_id"])
    results = ask(con, "study/results", study_id=study["study_id"])
    years = _years(results)
    rows: list[list[Value]] = [
        [
            named(row, "grade"),
            interval(row, is_lowest=place == 0),
            *(row["regions"][year] or None for year in years),
        ]
        for place, row in enumerate(tables.graded_regions(levels, results))
    ]
    without = results[results["grade_level"].isna()]
    if len(without):
        names = {
            year: tables.joined_list(list(group["region"]))
            for year, group in without.groupby("year")
        }
        rows.append([_("without a result"), None, *(names.get(y) for y in years)])
    return Table(
        "grades",
        _("Grades of coupling coordination by year"),
        [
            words(_("Grade"), 1.7),
            Column(_("Interval of D"), width=1.2),
            *(words(str(year), 2.2) for year in years),
        ],
        rows,
        [_("Regions of a grade come in the order of D, the highest first.")],
        stub=2,
        across=NAMES_PER_PART,
    )


def interval(grade: dict, *, is_lowest: bool) -> str:
    """Return the interval of a grade; the lowest also holds its lower bound.

    Closed on the left, it is the highest that also holds its upper bound, 1.
    """
    if grade.get("closed_side") == "left":
        closing = "]" if grade["upper_bound"] == 1 else ")"
        return f"[{grade['lower_bound']:g}, {grade['upper_bound']:g}{closing}"
    bracket = "[" if is_lowest else "("
    return f"{bracket}{grade['lower_bound']:g}, {grade['upper_bound']:g}]"


def obstacles(con: duckdb.DuckDBPyConnection, study: dict) -> Table:
    """Two rows per year: the eight largest obstacles, and their degrees in per cent."""
    found = ask(con, "study/indicator_obstacles", study_id=study["study_id"])
    rows: list[list[Value]] = []
    for year in tables.top_obstacles(found):
        listed = year["obstacles"]
        blanks = [None] * (tables.TOP_OBSTACLES - len(listed))
        codes = [row["indicator_id"] for row in listed]
        degrees = [100 * row["obstacle_degree"] for row in listed]
        rows.append([str(year["year"]), _("Indicator"), *codes, *blanks])
        rows.append([str(year["year"]), _("Obstacle degree (%)"), *degrees, *blanks])
    names = [
        f"{row['indicator_id']} {row['label']}" for row in tables.obstacle_legend(found)
    ]
    return Table(
        "obstacles",
        _("The eight largest obstacles by year, means over the regions"),
        [
            Column(_("Year"), width=0.7),
            words(_("Item"), 1.8),
            *(
                Column(str(place), per_cent)
                for place in range(1, tables.TOP_OBSTACLES + 1)
            ),
        ],
        rows,
        [_("; ").join(names)] if names else [],
        stub=2,
    )


def regional_means(con: duckdb.DuckDBPyConnection, study: dict) -> Table:
    """One row per group, for all regions, and per measure of the gap, by year.

    Groups are those of the grouping that the study names; there are none without one.
    """
    study_id = study["study_id"]
    groups = ask(con, "study/group_means", study_id=study_id)
    means = ask(con, "study/mean_coupling", study_id=study_id)
    gaps = ask(con, "study/regional_gap", study_id=study_id)
    years = _years(means)
    names = dict(zip(groups["belt"], groups["name"], strict=True))
    by_group = tables.group_table(groups)
    mean = dict(zip(means["year"], means["coupling_coordination_degree"], strict=True))
    rows: list[list[Value]] = [
        [_("Mean D"), name, *(by_group[group].get(y) for y in years)]
        for group, name in names.items()
    ]
    rows.append([_("Mean D"), _("All regions"), *(mean.get(y) for y in years)])
    for measure, heading in (
        ("highest", _("Highest D")),
        ("lowest", _("Lowest D")),
        ("degree_range", _("Highest less lowest D")),
        ("coefficient_of_variation", _("Coefficient of variation of D")),
    ):
        cells = {row["year"]: row[measure] for row in tables.records(gaps)}
        rows.append([_("Regional gap"), heading, *(cells.get(y) for y in years)])
    return Table(
        "regional means",
        _("Regional means of the coupling coordination degree D and the regional gap"),
        [Column(_("Part")), words(_("Item"), 2.8), *_of_years(years)],
        rows if years else [],
        [
            _(
                "The coefficient of variation is the sample standard deviation over "
                "the mean."
            )
        ],
        is_grouped=True,
        stub=2,
    )


def coverage(con: duckdb.DuckDBPyConnection, study: dict) -> Table:
    """One row per indicator: status, how it is measured, and its cells by origin."""
    study_id = study["study_id"]
    counted = ask(con, "study/cell_origins", study_id=study_id)
    cells: dict[str, dict[str, int]] = {}
    for row in tables.records(counted):
        cells.setdefault(row["indicator_id"], {})[row["value_origin"]] = row["cells"]
    rows = [
        [
            block["system"],
            f"{row['indicator_id']} {row['label']}",
            _(plain(row["coverage_status"])),
            row["derivation"],
            *(
                cells[row["indicator_id"]].get(origin, 0)
                if row["indicator_id"] in cells
                else None
                for origin in ORIGINS
            ),
            "; ".join(row["notes"]) or None,
        ]
        for block in tables.coverage_table(
            ask(con, "study/indicators", study_id=study_id),
            ask(con, "study/indicator_sources", study_id=study_id),
        )
        for row in block["indicators"]
    ]
    return Table(
        "coverage",
        _("Coverage: how each indicator is measured, and its region-years by origin"),
        [
            Column(_("System")),
            words(_("Indicator"), 2.4),
            Column(_("Status"), width=1.9),
            words(_("Derived as"), 2.8),
            Column(_("observed"), whole, width=1.7),
            Column(_("interpolated"), whole, width=2.3),
            Column(_("carried"), whole, width=1.4),
            Column(_("missing"), whole, width=1.5),
            words(_("Note"), 3.8),
        ],
        rows,
        is_grouped=True,
        stub=4,
    )


def imputation(con: duckdb.DuckDBPyConnection, study: dict) -> Table:
    """One row per indicator, origin and set of years: the cells that were filled."""
    filled = tables.imputed_table(
        ask(con, "study/imputed_cells", study_id=study["study_id"]),
        study["region_count"],
    )
    return Table(
        "imputation",
        _("Imputed and missing cells"),
        [
            words(_("Indicator"), 2.6),
            words(_("Origin"), 2.2),
            Column(_("Years"), width=1.2),
            words(_("Regions"), 3.2),
            Column(_("Cells"), whole, width=0.7),
        ],
        [
            [
                f"{row['indicator_id']} {row['label']}",
                row["origin"],
                row["years"],
                row["regions"],
                row["cells"],
            ]
            for row in filled
        ],
    )


def sources(con: duckdb.DuckDBPyConnection, study: dict) -> Table:
    """One row per series and source behind the indicators: unit, quality, citation."""
    found = ask(con, "study/series_used", study_id=study["study_id"])
    return Table(
        "sources",
        _("Data sources"),
        [
            words(_("Series"), 2.4),
            words(_("Unit"), 1.3),
            Column(_("Quality"), width=0.9),
            words(_("Source"), 5.0),
        ],
        [
            [
                row["label"],
                row["unit"],
                row["quality"],
                row["citation"],
            ]
            for row in tables.records(found)
        ],
        [letters_sentence()],
    )


def _years(frame: pd.DataFrame) -> list[int]:
    return sorted(int(year) for year in frame["year"].unique())


def _of_years(years: list[int]) -> list[Column]:
    return [Column(str(year), four_decimals) for year in years]
