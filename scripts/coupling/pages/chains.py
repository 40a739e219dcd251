"""The chain from published figures to D: read from the marts, shaped for print.

A chain is a dictionary: `study`, `method` and `region`, each with `label` in the
language asked for; `years`, each with the result, `sentences` and `systems`, each of
these with `indicators`, each with its `figures`; and `series`, one for each source of
figures: a user's own figures have the user's source, whatever series they belong to.
Numbers are plain Python numbers, None where there is none; degrees, scores, weights and
shares have no unit. The same code serves the pages and `coupling explain`.
"""

from collections import defaultdict
from functools import partial
from math import fsum

import duckdb
from markupsafe import Markup

from coupling.pages.pages import ASSETS, Page, chain_path, environment
from coupling.panels.headings import stated_unit
from coupling.queries.ask import ask_rows
from coupling.words.language import _ as gettext
from coupling.words.language import speaking, spoken
from coupling.words.letters import letters_sentence
from coupling.words.phrases import speaker
from coupling.words.tables import (
    EN_DASH,
    MINUS,
    SMALLEST_CHANGE,
    contribution,
    degree,
    in_brackets,
    percent,
    signed,
)

LAND_AREA = "land_area_10k_km2"
AGAINST = 0.1  # an opposing part is told if it is this share of the largest part


def chain_pages(con: duckdb.DuckDBPyConnection, studies: list[str]) -> list[Page]:
    """Return a page for each study and region, all years on it.

    Raises
    ------
    ValueError
        An id does not serve as the name of a page, or two pages would have one name.

    """
    pages = {}
    for study_id in studies:
        for chain in read_chains(con, study_id, language=spoken()):
            region_code = chain["region"]["region_code"]
            path = chain_path(study_id, region_code)
            if path in pages:
                raise ValueError(f"{study_id}, {region_code}: two chains named {path}")
            pages[path] = Page(path, "chain.html.j2", chain_context(chain))
    return list(pages.values())


def chain_context(chain: dict) -> dict:
    """Return what the page of a chain of `read_chains` shows."""
    return {
        **chain,
        "say": speaker(chain["language"]),
        "printed": partial(printed, chain),
        "contribution_columns": contribution_columns(chain["method"]),
        "reading": reading(chain["method"], chain["language"]),
    }


def chain_alone(chain: dict) -> str:
    """Return the page of a chain as a file that needs no other."""
    with speaking(chain["language"]):
        return (
            environment()
            .get_template("chain.html.j2")
            .render(
                chain_context(chain),
                base="alone.html.j2",
                style=Markup((ASSETS / "style.css").read_text(encoding="utf-8")),
            )
        )


def read_chains(
    con: duckdb.DuckDBPyConnection,
    study_id: str,
    method_id: str | None = None,
    region_code: str | None = None,
    year: int | None = None,
    language: str = "en",
) -> list[dict]:
    """Return the chain of each region of a study, in the order of their codes.

    Parameters
    ----------
    con
        An open connection to a built warehouse.
    study_id
        A study that there is.
    method_id
        A method, by default that of the study.
    region_code, year
        Only this region, only this year.
    language
        'en' or 'zh', of labels and sentences.

    """
    with speaking(language):
        return _read(con, study_id, method_id, region_code, year)


def _read(con, study_id, method_id, region_code, year) -> list[dict]:
    language = spoken()
    [study] = ask_rows(con, "chains/study", study_id=study_id)
    method_id = method_id or study["default_method_id"]
    [method] = ask_rows(con, "chains/method", method_id=method_id)
    cells = {"study_id": study_id, "region_code": region_code, "year": year}
    wanted = {**cells, "method_id": method_id}
    series = _series(con, study_id)
    figures = _figures(ask_rows(con, "chains/figures", **cells), series)
    indicators = _indicators(ask_rows(con, "chains/indicators", **wanted), figures)
    systems = _systems(ask_rows(con, "chains/systems", **wanted), indicators)
    chains: dict[str, dict] = {}
    for row in ask_rows(con, "chains/results", **wanted):
        region = {"region_code": row["region_code"], "label": row.pop("region")}
        chain = chains.setdefault(
            row["region_code"],
            {
                "study": study,
                "method": method,
                "region": region,
                "language": language,
                "years": [],
            },
        )
        row["systems"] = (
            []
            if row["status"] == "no_figures_in_year"
            else systems.get((row["region_code"], row["year"]), [])
        )
        row["sentences"] = sentences(row, region, language)
        chain["years"].append(row)
    for chain in chains.values():
        chain["series"] = _series_of(chain, series)
    return list(chains.values())


def _systems(rows, indicators) -> dict[tuple, list[dict]]:
    systems = defaultdict(list)
    for row in rows:
        place = row["region_code"], row["year"]
        row["indicators"] = indicators.get((*place, row["system_id"]), [])
        for part in ("part_of_change", "obstacle_degree"):
            known = [i[part] for i in row["indicators"] if i[part] is not None]
            row[part] = fsum(known) if known else None
        systems[place].append(row)
    return systems


def _indicators(rows, figures) -> dict[tuple, list[dict]]:
    say = speaker(spoken())
    indicators = defaultdict(list)
    for row in rows:
        place = row["region_code"], row["year"]
        row["figures"] = figures.get((*place, row["indicator_id"]), [])
        origin = row["value_origin"]
        if row["status"] in ("no_figures_in_year", "base_not_positive"):
            origin = row["status"]
        row["origin"] = say(
            f"origin_{origin}",
            before=row["year_before"],
            after=row["year_after"],
            known=row["year_before"] or row["year_after"],
        )
        indicators[*place, row["system_id"]].append(row)
    return indicators


def _figures(rows, series) -> dict[tuple, list[dict]]:
    say = speaker(spoken())
    figures = defaultdict(list)
    for row in rows:
        of_series = series[row["series_id"]]
        row["series"] = of_series.get(row["source_id"], of_series[None])
        further = of_series.get(row["further_source_id"] or row["source_id"])
        row["further_series"] = None if further is row["series"] else further
        figures[row["region_code"], row["year"], row["indicator_id"]].append(row)
    for used in figures.values():
        # a figure that nothing divides is no numerator
        is_divided = any(not row["role"].startswith("numerator") for row in used)
        for row in used:
            role = row["role"]
            named = role if is_divided else role.replace("numerator", "figure")
            row["role_label"] = say(f"role_{named}")
    return figures


def _series(con, study_id) -> dict[str, dict[str | None, dict]]:
    """Return {series_id: {source_id: the series with this source}}.

    Under None stands the series with the source that is stated for it.
    """
    say = speaker(spoken())
    rows = ask_rows(con, "chains/series", study_id=study_id)
    area = {
        "series_id": LAND_AREA,
        "label": say("land_area"),
        "unit": say("land_area_unit"),
        "source_id": None,
        "anchor": LAND_AREA,
        "citation": say("land_area_source"),
        "quality": None,
        "quality_note": None,
    }
    series: dict[str, dict[str | None, dict]] = defaultdict(dict)
    for row in [*rows, area]:
        series[row["series_id"]][row["source_id"]] = row
    return series


def _series_of(chain, series) -> list[dict]:
    used = {
        part["anchor"]
        for row in chain["years"]
        for system in row["systems"]
        for indicator in system["indicators"]
        for figure in indicator["figures"]
        for part in (figure["series"], figure["further_series"])
        if part is not None
    }
    listed = [row for sources in series.values() for row in sources.values()]
    found = {row["anchor"]: row for row in listed if row["anchor"] in used}
    return list(found.values())


# --- words ------------------------------------------------------------------------


def sentences(row: dict, region: dict, language: str) -> list[str]:
    """Say in one to three sentences what D is, what moved it and what lacks most.

    Parameters
    ----------
    row
        A year of a chain with its `systems`; gets `change` and `change_status`.
    region
        The region of the chain.
    language
        'en' or 'zh'.

    """
    say = speaker(language)
    indicators = [i for system in row["systems"] for i in system["indicators"]]
    row["change"] = next((i["coordination_change"] for i in indicators), None)
    row["change_status"] = next((i["change_status"] for i in indicators), None)
    name = region["label"]
    if row["status"] != "computed":
        reason = row["reason"] or row["status"]
        return [say("no_degree", region=name, year=row["year"], reason=reason)]

    level = degree(row["degree"])
    if row["change"] is None:
        said = [say("stands", region=name, degree=level) + say("stop")]
        if row["change_status"] in ("first_year", "year_before_not_computed"):
            reason = say(f"reason_{row['change_status']}")
            said.append(say("no_change", reason=reason))
    else:
        said = [_change(row, name, level, indicators, say) + say("stop")]
    if row["lagging_system"]:
        said.append(say("lags", system=row["lagging_system"]))
    obstacles = [i for i in indicators if i["obstacle_degree"] is not None]
    if obstacles:
        largest = max(obstacles, key=lambda i: i["obstacle_degree"])
        share = percent(largest["obstacle_degree"])
        name = _named(largest, say)
        said.append(say("largest_obstacle", indicator=name, share=share))
    return said


def _change(row, name, level, indicators, say) -> str:
    change = row["change"]
    if abs(change) < SMALLEST_CHANGE:
        return say("stayed", region=name, degree=level)
    verb = "rose" if change > 0 else "fell"
    text = say(verb, region=name, change=f"{abs(change):.3f}", degree=level)
    if any(i["part_of_change"] is None for i in indicators):
        return text
    parts = sorted(indicators, key=lambda i: -i["part_of_change"])
    with_it, against = parts[0], parts[-1]
    if change < 0:
        with_it, against = against, with_it
    part, opposing = with_it["part_of_change"], against["part_of_change"]
    text += say("mostly", indicator=_named(with_it, say), part=signed(part))
    if opposing * change < 0 and abs(opposing) >= max(
        SMALLEST_CHANGE, AGAINST * abs(part)
    ):
        text += say("against", indicator=_named(against, say), part=signed(opposing))
    return text


def _named(indicator, say) -> str:
    """Return the name of an indicator; that of a proxy says so."""
    return indicator["label"] + (say("proxy") if indicator["is_proxy"] else "")


def contribution_columns(method: dict) -> list[tuple[str, str]]:
    """Return (key of an indicator, phrase) of what it adds to the score."""
    if method["aggregation"] == "grey_topsis":
        return []
    if method["aggregation"] == "topsis":
        return [("to_best", "part_to_best"), ("to_worst", "part_to_worst")]
    return [("score_contribution", f"part_{method['aggregation']}")]


def reading(method: dict, language: str) -> list[str]:
    """Return how to read a chain, a sentence per column that needs one."""
    say = speaker(language)
    keys = ["normalised", method["aggregation"], "change"]
    if method["aggregation"] == "grey_topsis":
        keys = ["normalised", "grey_topsis"]
    if method["normalisation_scope"] == "year":
        keys.append("by_year")
    with speaking(language):
        letters = letters_sentence()
    return [*(say(f"read_{key}") for key in [*keys, "obstacle"]), letters]


def printed(chain: dict, system: dict) -> list[tuple]:
    """Return the indicators of a system as texts, for the table of a page.

    Each is (id, name, figures, value, unit, origin, scale, numbers); a figure is (what
    it is, anchor of its series, label of the series, quality in brackets).
    """
    say = speaker(chain["language"])
    keys = [key for key, _ in contribution_columns(chain["method"])]
    return [
        (
            row["indicator_id"],
            f"{row['indicator_id']} {_named(row, say)}",
            [printed_figure(figure) for figure in row["figures"]],
            number(row["raw_value"]),
            _unit(row["unit"]),
            row["origin"],
            f"{number(row['min_value'])} {EN_DASH} {number(row['max_value'])} "
            f"({MINUS if row['direction'] == '-' else '+'})",
            [
                degree(row["normalised_value"]),
                degree(row["weight"]),
                *(share(row[key]) for key in keys),
                contribution(row["part_of_change"]),
                percent(row["obstacle_degree"]),
            ],
        )
        for row in system["indicators"]
    ]


def _unit(unit: str | None) -> str:
    shown = stated_unit(unit)
    return shown and gettext(shown)


def printed_figure(figure: dict) -> tuple[str, str, str, str]:
    """Return what a figure is, its series' anchor and label, and its quality."""
    series = figure["series"]
    return (
        gettext("{role}, {year}: {figure} {unit}")
        .format(
            role=figure["role_label"],
            year=figure["figure_year"],
            figure=published(figure["figure"]),
            unit=_unit(series["unit"]),
        )
        .rstrip(),
        series["anchor"],
        series["label"],
        in_brackets(figure["quality"]) if figure["quality"] else "",
    )


def number(value: float | None) -> str:
    """Return a figure or value as read: commas, six digits or more, a dash for none."""
    if value is None:
        return EN_DASH
    if abs(value) >= 100_000:
        text = f"{value:,.10g}" if value == round(value, 2) else f"{value:,.0f}"
    else:
        text = f"{value:,.6g}"
    return text.replace("-", MINUS)


def published(value: float) -> str:
    """Return a figure as published, without what the computer adds to it."""
    return f"{value:,.12g}".replace("-", MINUS)


def share(value: float | None) -> str:
    """Return a part of a score with four decimals, a dash for none."""
    return EN_DASH if value is None else f"{value:.4f}".replace("-", MINUS)
