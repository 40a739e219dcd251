"""The method of a study in sentences: every choice that its rows make."""
# ruff: noqa: RUF001, formulas have minus signs

import duckdb

from coupling.prose import variant_text
from coupling.prose.results import interval
from coupling.queries.ask import ask, ask_rows
from coupling.words import findings, tables
from coupling.words.formats import how_many
from coupling.words.language import CHINESE, _, named, ngettext, spoken

# choices that a sentence tells; what else a method states is told by name and value
TOLD = (
    *("method_id", "label", "label_zh", "normalisation_scope", "zero_rule", "epsilon"),
    *("weighting", "aggregation", "coupling_formula", "is_on_request"),
    *("normalisation", "goalpost_set_id", "interval_low", "interval_high"),
    *("weight_scope", "weight_set_id", "judgement_set_id", "combination_rule"),
    *("resolution", "coupling_exponent", "capacity_a", "capacity_b"),
    *("capacity_exponent", "contribution_set_id", "method_origin"),
)
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


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
        (_("Normalisation"), _normalisation(method, indicators)),
        (_("Weights"), _weights(con, method, study)),
        (_("System scores"), _scores(method)),
        (_("Coupling degree"), _coupling(method, len(systems))),
        (_("Coupling coordination degree"), _coordination(systems)),
        (_("Grades"), _grades(con, study_id)),
        (_("Lagging system"), _lagging(con, study_id, len(systems))),
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
    return _sentences([told, *further])


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
    return _sentences(told)


def _breaks(con, study_id: str) -> list[tuple[str, str]]:
    told = findings.breaks_inside(ask(con, "study/breaks", study_id=study_id))
    return [(_("Breaks in the series"), _sentences(told))] if told else []


def _missing(con, study_id: str) -> str:
    rule = _(
        "Indicators are derived from the figures of each year. A gap between two known "
        "years of a region is filled on a straight line; a gap at an end takes the "
        "nearest known value."
    )
    counts = cells_by_origin(con, study_id)
    return _sentences([rule, counts]) if counts else rule


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
    return _sentences(
        [told, *(text.format(number=f"{count:,}") for count, text in further if count)]
    )


def _normalisation(method: dict, indicators: list[dict]) -> str:
    scopes = {
        "panel": _("all region-years of the study"),
        "year": _("the regions of the same year"),
    }
    scope = scopes.get(method["normalisation_scope"], method["normalisation_scope"])
    negative = [
        row["indicator_id"]
        for row in indicators
        if row["is_computed"] and row["direction"] == "-"
    ]
    variant = variant_text.normalisation(method)
    told = [
        variant
        or _(
            "Indicators are brought to 0 to 1 by their smallest and largest value over "
            "{scope}: y = (x − min x) / (max x − min x) where more is better."
        ).format(scope=scope)
    ]
    if variant:
        told.append(_("The scope is {scope}.").format(scope=scope))
    elif negative:
        told.append(
            _(
                "Where less is better, for {indicators}, y = (max x − x) / (max x − "
                "min x)."
            ).format(indicators=tables.joined_list(negative))
        )
    else:
        told.append(_("No indicator in use has less as better."))
    match method["zero_rule"]:
        case "shift":
            told.append(
                _("y is then shifted to ε + (1 − ε) y with ε = {epsilon}.").format(
                    epsilon=f"{method['epsilon']:g}"
                )
            )
        case "interval":
            told.append(
                _("y is then mapped to {low} + ({high} − {low}) y.").format(
                    low=f"{method['interval_low']:g}",
                    high=f"{method['interval_high']:g}",
                )
            )
        case "exact":
            told.append(_("Zeros stay zeros; nothing is shifted."))
        case rule:
            told.append(_by_rule(_("Zeros"), rule))
    return _sentences(told)


def _weights(con, method: dict, study: dict) -> str:
    match method["weighting"]:
        case "entropy":
            rule = _(
                "Entropy weights: with shares p = y / Σ y over the same scope of N "
                "region-years and entropy e = −(1 / ln N) Σ p ln p, 0 ln 0 = 0, the "
                "information of an indicator is d = 1 − e."
            )
        case "variation":
            rule = _(
                "Weights by the coefficient of variation: the information of an "
                "indicator is d = sd(y) / mean(y), sd that of a sample."
            )
        case "critic":
            rule = _(
                "CRITIC weights: the information of an indicator is its sample "
                "standard deviation times its conflict with the other indicators k of "
                "its system, d = sd(y) Σ (1 − r), r the correlation with k."
            )
        case "equal":
            rule = _("Equal weights: d = 1 for every indicator.")
        case "given":
            rule = (
                _("Given weights: d is the weight that the paper prints.")
                if study["paper_id"] is not None and not method.get("weight_set_id")
                else _("Given weights: d is the weight stated for the study.")
            )
        case other:
            rule = variant_text.weights(con, method) or _by_rule(_("Weights"), other)
    scope = variant_text.weight_scope(method)
    return _sentences(
        [
            rule,
            *([scope] if scope else []),
            _(
                "The weight in a system is w = d / Σ d over its indicators, that in "
                "the study v = d / Σ d over all indicators. An indicator that does not "
                "vary weighs nothing."
            ),
        ]
    )


def _scores(method: dict) -> str:
    match method["aggregation"]:
        case "topsis":
            return _(
                "TOPSIS: with r = w y and d⁺ and d⁻ the Euclidean distances of a "
                "region-year to the largest and to the smallest r of each indicator "
                "over the scope, the score of a system is the closeness "
                "U = d⁻ / (d⁺ + d⁻)."
            )
        case "linear":
            return _("The score of a system is the weighted sum U = Σ w y.")
        case "geometric":
            return _("The score of a system is the weighted product U = Π y^w.")
        case other:
            return variant_text.scores(method) or _by_rule(_("Scores"), other)


def _coupling(method: dict, number: int) -> str:
    scores = [f"U{_subscript(place)}" for place in range(1, number + 1)]
    if variant := variant_text.coupling(method, number, scores):
        return variant
    match method["coupling_formula"]:
        case "standard":
            return _(
                "For k = {number} systems, C = k ({product})^(1/{number}) / "
                "({sum}), which lies between 0 and 1; C = 0 where a score "
                "is 0."
            ).format(number=number, product=" ".join(scores), sum=" + ".join(scores))
        case "wang_2021":
            return _(
                "For k = {number} systems, the corrected form of Wang et al. (2021): "
                "C = √[(1 − Σ |Uₐ − U_b| / {pairs}) × (Π U / max U)^(1/{exponent})], "
                "the sum over the {pairs} pairs of systems and each U of the product "
                "divided by the largest; C = 0 where a score is 0."
            ).format(
                number=number, pairs=number * (number - 1) // 2, exponent=number - 1
            )
        case other:
            return _by_rule(_("Coupling degree"), other)


def _coordination(systems: list[dict]) -> str:
    names = [
        _("U{number} is {system}").format(
            number=_subscript(place), system=named(system)
        )
        for place, system in enumerate(systems, 1)
    ]
    index = " + ".join(
        f"{system['contribution']:.4g} U{_subscript(place)}"
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


def _lagging(con, study_id: str, number: int) -> str:
    types = tables.records(ask(con, "study/development_types", study_id=study_id))
    if variant := variant_text.lagging(types, number):
        return variant
    if number == 2:
        return _(
            "By the ratio of the two scores, the first system lags below 0.8 and the "
            "second above 1.2; between them both are synchronous."
        )
    return _(
        "The system with the lowest score lags where it is below 0.8 of the highest; "
        "otherwise the systems are synchronous."
    )


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


def _by_rule(what: str, rule: str) -> str:
    return _("{what} follow the rule {rule}.").format(what=what, rule=rule)


def _subscript(number: int) -> str:
    return str(number).translate(SUBSCRIPTS)


def _sentences(told: list[str]) -> str:
    # a Chinese sentence ends in a full stop as wide as a letter and its space
    return ("" if spoken() == CHINESE else " ").join(told)
