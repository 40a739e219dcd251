"""The results of a study as frames for people: ids with the names that they stand for.

Every frame is of the default method of the study; names are in the language spoken. The
frame `panel` has a row for each region and year with everything about it, as Stata,
SPSS and R take it.
"""

import re
from dataclasses import dataclass

import pandas as pd

from coupling.engine.engine import Results
from coupling.panels.headings import stated_unit
from coupling.words.language import _, column, region_name

ORDER = "systems.system_position, indicators.indicator_position"


@dataclass(frozen=True)
class Variable:
    """A column for a statistics package: its label, and what its numbers stand for."""

    name: str
    label: str
    values: dict[int, str] | None = None


def weights(results: Results) -> pd.DataFrame:
    """One row per indicator, and per year where a method weighs year by year.

    `weight` adds up to 1 in a system, `study_weight` in the study; missing where the
    indicator is of no use, for the reason in `status`.
    """
    return results.ask(f"""
        select
            weights.system_id,
            {column("systems.label")} as system,
            {column("indicators.criterion")} as criterion,
            weights.indicator_id,
            {column("indicators.label")} as indicator,
            indicators.unit,
            indicators.direction,
            weights.year,
            weights.weight,
            weights.study_weight,
            weights.status
        from marts.fct_indicator_weights as weights
        {_of_default("weights")}
        {_indicators("weights")}
        where weights.study_id = $study
        order by {ORDER}, weights.year
    """)


def scores(results: Results) -> pd.DataFrame:
    """One row per region, year and system: score, 0 to 1, and rank in the year."""
    return results.ask(f"""
        select
            scores.region_code,
            {region_name("regions")} as region,
            scores.year,
            scores.system_id,
            {column("systems.label")} as system,
            scores.score,
            scores.score_rank,
            scores.status
        from marts.fct_system_scores as scores
        {_regions("scores")}
        inner join marts.dim_systems as systems
            on
                scores.study_id = systems.study_id
                and scores.system_id = systems.system_id
        where scores.study_id = $study and scores.is_default_method
        order by scores.region_code, scores.year, systems.system_position
    """)


def coupling(results: Results) -> pd.DataFrame:
    """One row per region and year: C, T and D, 0 to 1, grade, who lags, rank."""
    return results.ask(f"""
        select
            coupling.region_code,
            {region_name("regions")} as region,
            coupling.year,
            coupling.coupling_degree,
            coupling.comprehensive_index,
            coupling.coupling_coordination_degree,
            coupling.grade_level,
            {column("coupling.grade")} as grade,
            coupling.lagging_system_id,
            coalesce({column("systems.label")}, coupling.lagging_system_id)
                as lagging_system,
            coupling.coordination_rank,
            coupling.status,
            {column("statuses.reason")} as status_reason
        from marts.fct_coupling as coupling
        {_regions("coupling")}
        left join marts.dim_systems as systems
            on
                coupling.study_id = systems.study_id
                and coupling.lagging_system_id = systems.system_id
        left join staging.stg_reference__statuses as statuses
            on coupling.status = statuses.status
        where coupling.study_id = $study and coupling.is_default_method
        order by coupling.region_code, coupling.year
    """)


def obstacles(results: Results) -> pd.DataFrame:
    """One row per region, year and indicator in use: its share in what is lacking.

    `obstacle_degree` lies between 0 and 1 and adds up to 1 in a region and year;
    `deviation` is 1 less the normalised value.
    """
    return results.ask(f"""
        select
            obstacles.region_code,
            {region_name("regions")} as region,
            obstacles.year,
            obstacles.indicator_id,
            {column("indicators.label")} as indicator,
            {column("systems.label")} as system,
            obstacles.deviation,
            obstacles.obstacle_degree,
            obstacles.obstacle_rank,
            obstacles.status
        from marts.fct_obstacles as obstacles
        {_of_default("obstacles")}
        {_regions("obstacles")}
        {_indicators("obstacles")}
        where obstacles.study_id = $study
        order by obstacles.region_code, obstacles.year, {ORDER}
    """)


def values(results: Results) -> pd.DataFrame:
    """One row per region, year and indicator: value in its unit, origin, normalised."""
    return results.ask(f"""
        select
            cells.region_code,
            {region_name("regions")} as region,
            cells.year,
            cells.indicator_id,
            {column("indicators.label")} as indicator,
            indicators.unit,
            cells.raw_value,
            cells.value_origin,
            cells.normalised_value,
            cells.status
        from marts.fct_indicator_values as cells
        {_of_default("cells")}
        {_regions("cells")}
        {_indicators("cells")}
        where cells.study_id = $study
        order by cells.region_code, cells.year, {ORDER}
    """)


FRAMES = {
    "weights": weights,
    "scores": scores,
    "coupling": coupling,
    "obstacles": obstacles,
    "values": values,
}


def panel(results: Results) -> tuple[pd.DataFrame, list[Variable]]:
    """Return a frame of one row per region and year, and its variables in order.

    Rows are in the order of region codes and years. Regions, grades and the lagging
    system are numbers with labels, as the statistics packages want them for panels.
    """
    found = coupling(results)
    regions = list(dict.fromkeys(found["region_code"]))
    systems = results.ask(f"""
        select system_id, {column("label")} as label from marts.dim_systems
        where study_id = $study order by system_position
    """)
    grades = results.ask(f"""
        select distinct grade_level, {column("grade")} as grade from marts.dim_grades
        inner join marts.dim_studies using (grade_scheme_id)
        where study_id = $study order by grade_level
    """)
    names = dict(zip(found["region_code"], found["region"], strict=True))
    lags = {"synchronous": _("synchronous")}
    lags |= dict(zip(systems["system_id"], systems["label"], strict=True))
    places = {code: place for place, code in enumerate(regions, 1)}
    frame = pd.DataFrame(
        {
            "region_id": found["region_code"].map(places).astype("int32"),
            "region_code": found["region_code"],
            "region": found["region"],
            "year": found["year"],
            "coupling_degree": found["coupling_degree"],
            "comprehensive_index": found["comprehensive_index"],
            "coordination_degree": found["coupling_coordination_degree"],
            "coordination_rank": found["coordination_rank"].astype("Int32"),
            "grade_level": found["grade_level"].astype("Int32"),
            "lagging_system": found["lagging_system_id"]
            .map({name: place for place, name in enumerate(lags)})
            .astype("Int32"),
            "status": found["status"],
        }
    )
    variables = [
        Variable(
            "region_id",
            _("Region"),
            {place: names[code] for code, place in places.items()},
        ),
        Variable("region_code", _("Code of the region")),
        Variable("region", _("Name of the region")),
        Variable("year", _("Year")),
        Variable("coupling_degree", _("Coupling degree C")),
        Variable("comprehensive_index", _("Comprehensive index T")),
        Variable("coordination_degree", _("Coupling coordination degree D")),
        Variable("coordination_rank", _("Rank by D in the year")),
        Variable(
            "grade_level",
            _("Grade"),
            dict(
                zip(grades["grade_level"].astype(int), grades["grade"], strict=True),
            ),
        ),
        Variable("lagging_system", _("Lagging system"), dict(enumerate(lags.values()))),
        Variable("status", _("Status")),
    ]
    taken = {variable.name for variable in variables}
    wide = [
        (scores(results), "system", "score", "u", _("Score of {name}")),
        (values(results), "indicator", "raw_value", "x", "{name}"),
        (values(results), "indicator", "normalised_value", "y", _("Normalised {name}")),
        (
            obstacles(results),
            "indicator",
            "obstacle_degree",
            "o",
            _("Obstacle degree of {name}"),
        ),
    ]
    parts = [frame]
    index = pd.MultiIndex.from_frame(found[["region_code", "year"]])
    for long, item, measure, letter, label in wide:
        labels = dict(zip(long[f"{item}_id"], long[item], strict=True))
        units = (
            dict(zip(long[f"{item}_id"], long.get("unit", ""), strict=True))
            if (measure == "raw_value")
            else {}
        )
        across = long.pivot(
            index=["region_code", "year"], columns=f"{item}_id", values=measure
        ).reindex(index=index, columns=list(labels))
        named = {}
        for code in labels:
            named[code] = short_name(f"{letter}_{code}", taken)
            unit = stated_unit(units.get(code))
            variables.append(
                Variable(
                    named[code],
                    label.format(name=labels[code]) + (f" ({unit})" if unit else ""),
                )
            )
        parts.append(across.rename(columns=named).reset_index(drop=True))
    return pd.concat(parts, axis=1), variables


def short_name(name: str, taken: set[str]) -> str:
    """Return a name that every package takes: 32 letters at most, and not taken yet.

    Names differ by more than the case of their letters, as SPSS has it.
    """
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_").lower()[:32] or "v"
    short, place = plain, 1
    while short in taken:
        place += 1
        tail = f"_{place}"
        short = plain[: 32 - len(tail)] + tail
    taken.add(short)
    return short


def _of_default(fact: str) -> str:
    return f"""
        inner join marts.dim_studies as studies
            on
                {fact}.study_id = studies.study_id
                and {fact}.method_id = studies.default_method_id
    """


def _regions(fact: str) -> str:
    return f"""
        inner join marts.dim_regions as regions
            on {fact}.region_code = regions.region_code
    """


def _indicators(fact: str) -> str:
    return f"""
        inner join marts.dim_indicators as indicators
            on
                {fact}.study_id = indicators.study_id
                and {fact}.indicator_id = indicators.indicator_id
        inner join marts.dim_systems as systems
            on
                indicators.study_id = systems.study_id
                and indicators.system_id = systems.system_id
    """
