"""The method of a study in sentences: every choice that its rows make."""
# ruff: noqa: RUF001, formulas have minus signs

import duckdb

from coupling.prose import rule_text
from coupling.prose.results import interval
from coupling.queries.ask import ask, ask_rows
from coupling.words import findings, tables
from coupling.words.formats import how_many
from coupling.words.language import _, named, ngettext

# choices that a sentence tells; what else a method states is told by name and value
TOLD = (
    *("method_id", "label", "label_zh", "normalisation_scope", "zero_rule", "epsilon"),
    *("weighting", "aggregation", "coupling_formula", "is_on_request"),
    *("normalisation", "goalpost_set_id", "interval_low", "interval_high"),
    *("weight_scope", "weight_set_id", "judgement_set_id", "combination_rule"),
    *("resolution", "coupling_exponent", "capacity_a", "capacity_b"),
    *("capacity_exponent", "contribution_set_id", "method_origin"),
)


def paragraphs(
    con: duckdb.DuckDBPyConnection, study: dict, versions: dict[str, str]
) -> list[tuple[str, str]]:
    """Return (heading, text) of each step of the method, in the language spoken.

    Parameters
    ----------
    con
        An open connection to the marts.
    study
        A row of `site/studies`.
    versions
        Of the software, by name.

    """
    study_id = study["study_id"]
    method = tables.records(ask(con, "study/method", study_id=study_id))[0]
    systems = tables.records(ask(con, "study/systems", study_id=study_id))
    indicators = tables.records(ask(con, "study/indicators", study_id=study_id))
    return [
        (_("Sample"), _sample(con, study, systems)),
        (_("Indicators"), _indicators(indicators)),
        *_breaks(con, study_id),
        (_("Missing values"), _missing(con, study_id)),
        (_("Normalisation"), rule_text.normalisation(method, indicators)),
        (_("Weights"), rule_text.weights(con, method, study)),
        (_("System scores"), rule_text.scores(method)),
        (_("Coupling degree"), rule_text.coupling(method, len(systems))),
        (_("Coupling coordination degree"), _coordination(systems)),
        (_("Grades"), _grades(con, study_id)),
        (_("Lagging system"), rule_text.lagging(_types(con, study_id), len(systems))),
        (_("Obstacle degree"), _obstacles()),
        *_no_results(con, study_id, systems),
        *_others(method),
        (_("Software"), _software(study, method, versions)),
    ]


def _sample(con, study: dict, systems: list[dict]) -> str:
    results = ask(con, "study/results", study_id=study["study_id"])
    names = list(dict.fromkeys(results["region"]))
    over_years = _(
        "The study couples {number} systems, {systems}, in {regions} regions from "
        "{first} to {last}, {cells} region-years: {names}."
    )
    in_a_year = _(
        "The study couples {number} systems, {systems}, in {regions} regions in "
        "{first}: {names}."
    )
    is_of_a_year = study["first_year"] == study["last_year"]
    told = (in_a_year if is_of_a_year else over_years).format(
        number=how_many(len(systems)),
        systems=tables.joined([named(system) for system in systems]),
        regions=study["region_count"],
        first=study["first_year"],
        last=study["last_year"],
        cells=study["region_year_count"],
        names=tables.joined_list(names),
    )
    further = []
    if study["study_origin"] == "workspace" and study["own_files"] is not None:
        further.append(
            _("It is a user's own study, over figures of {files}.").format(
                files=tables.joined_list(list(study["own_files"]))
            )
        )
    if study["years_without_figures"] is not None:
        years = [int(year) for year in study["years_without_figures"]]
        further.append(
            _(
                "No indicator of the study has a figure in {years}; nothing is "
                "computed for these years."
            ).format(years=tables.year_span(years))
        )
    return rule_text.sentences([told, *further])


def _no_results(con, study_id: str, systems: list[dict]) -> list[tuple[str, str]]:
    """Say why no region of a study has a result; nothing where one has."""
    reasons = ask_rows(con, "study/reasons", study_id=study_id)
    if any(row["is_computed"] for row in reasons):
        return []
    why = [row["reason"] for row in reasons]
    rows = ask_rows(con, "study/blocked_systems", study_id=study_id)
    blocked = {row["system_id"] for row in rows}
    names = [named(row) for row in systems if row["system_id"] in blocked]
    if names:
        text = _(
            "Every indicator of {system} is constant or without a figure, so the "
            "system has no score and no region has a coupling coordination degree."
        ).format(system=tables.joined(names))
    else:
        text = _("No region has a result: {reasons}.").format(reasons=_("; ").join(why))
    return [(_("No results"), text)]


def _indicators(indicators: list[dict]) -> str:
    statuses = [row["coverage_status"] for row in indicators]
    stocks = [row for row in indicators if row["operator"] == "perpetual_inventory"]
    told = [
        _(
            "Of {number} indicators, {measured} are measured as named, {proxy} by a "
            "proxy, and {rest} are left out, as the table of coverage says why."
        ).format(
            number=len(statuses),
            measured=statuses.count("measured"),
            proxy=statuses.count("proxy"),
            rest=len(statuses) - statuses.count("measured") - statuses.count("proxy"),
        ),
        _("Units are those of the table of indicators."),
    ]
    told += [
        _(
            "Indicator {indicator} is a capital stock by perpetual inventory, deflated "
            "by {price}, with depreciation δ = {depreciation} and initial growth "
            "g = {growth}."
        ).format(
            indicator=row["indicator_id"],
            price=row["b_label"],
            depreciation=f"{row['depreciation_rate']:g}",
            growth=f"{row['initial_growth_rate']:g}",
        )
        if row["b_label"]
        else _(
            "Indicator {indicator} is a capital stock by perpetual inventory, not "
            "deflated, with depreciation δ = {depreciation} and initial growth "
            "g = {growth}."
        ).format(
            indicator=row["indicator_id"],
            depreciation=f"{row['depreciation_rate']:g}",
            growth=f"{row['initial_growth_rate']:g}",
        )
        for row in stocks
    ]
    told.append(
        _("All other figures are taken as published and are not deflated.")
        if stocks
        else _("Figures are taken as published and are not deflated.")
    )
    return rule_text.sentences(told)


def _breaks(con, study_id: str) -> list[tuple[str, str]]:
    told = findings.breaks_inside(ask(con, "study/breaks", study_id=study_id))
    return [(_("Breaks in the series"), rule_text.sentences(told))] if told else []


def _missing(con, study_id: str) -> str:
    rule = _(
        "Indicators are derived from the figures of each year. A gap between two known "
        "years of a region is filled on a straight line; a gap at an end takes the "
        "nearest known value."
    )
    counts = cells_by_origin(con, study_id)
    return rule_text.sentences([rule, counts]) if counts else rule


def cells_by_origin(con: duckdb.DuckDBPyConnection, study_id: str) -> str:
    """Say how many cells of a study are observed and how the others are filled."""
    found = tables.records(ask(con, "study/coverage", study_id=study_id))
    if not found:
        return ""
    [row] = found
    told = _(
        "Of {cells} cells, {observed} are observed, {interpolated} interpolated, "
        "{carried} carried from the nearest known year and {missing} missing."
    ).format(
        cells=f"{row['cells']:,}",
        observed=f"{row['observed_cells']:,}",
        interpolated=f"{row['interpolated_cells']:,}",
        carried=f"{row['carried_cells']:,}",
        missing=f"{row['missing_cells']:,}",
    )
    further = [
        (
            row["blank_year_cells"],
            _("Of those missing, {number} are of years without any figure."),
        ),
        (
            row["meaningless_cells"],
            _(
                "Of those missing, {number} are values without a meaning, for the base "
                "of their ratio or growth rate is zero or below."
            ),
        ),
    ]
    return rule_text.sentences(
        [told, *(text.format(number=f"{count:,}") for count, text in further if count)]
    )


def _coordination(systems: list[dict]) -> str:
    names = [
        _("U{number} is {system}").format(
            number=rule_text.subscript(place), system=named(system)
        )
        for place, system in enumerate(systems, 1)
    ]
    index = " + ".join(
        f"{system['contribution']:.4g} U{rule_text.subscript(place)}"
        for place, system in enumerate(systems, 1)
    )
    return _(
        "The comprehensive index is T = {index}, where {names}; the coupling "
        "coordination degree is D = √(C T)."
    ).format(index=index, names=tables.joined(names))


def _grades(con, study_id: str) -> str:
    rows = tables.records(ask(con, "study/grades", study_id=study_id))
    levels = [
        f"{named(row, 'grade')} {interval(row, is_lowest=place == 0)}"
        for place, row in enumerate(rows)
    ]
    return ngettext(
        "D is graded on {number} level: {levels}.",
        "D is graded on {number} levels: {levels}.",
        len(rows),
    ).format(number=len(rows), levels=_("; ").join(levels))


def _types(con, study_id: str) -> list[dict]:
    return tables.records(ask(con, "study/development_types", study_id=study_id))


def _obstacles() -> str:
    return _(
        "The obstacle degree of an indicator is O = v (1 − y) / Σ v (1 − y), the sum "
        "over all indicators of the study; a year is the mean over its regions."
    )


def _others(method: dict) -> list[tuple[str, str]]:
    told = [
        f"{name.replace('_', ' ')}: {value}"
        for name, value in method.items()
        if name not in TOLD and value is not None
    ]
    return [(_("Further choices"), _("; ").join(told))] if told else []


def _software(study: dict, method: dict, versions: dict[str, str]) -> str:
    names = {"python": "Python", "duckdb": "DuckDB", "dbt-core": "dbt"}
    others = [f"{name} {versions[key]}" for key, name in names.items()]
    return _(
        "Computed with Coupling Warehouse {version} as study {study} under method "
        "{method} ({label}), with {others}."
    ).format(
        version=versions["project"],
        study=study["study_id"],
        method=method["method_id"],
        label=named(method),
        others=tables.joined_list(others),
    )
