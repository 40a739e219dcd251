"""The pages of regions: one per region, and a list that leads to them."""

from operator import itemgetter

import duckdb
import pandas as pd

from coupling.charts import charts
from coupling.pages.pages import (
    Page,
    chain_link,
    has_region_page,
    region_link,
    region_page_path,
)
from coupling.queries import lists
from coupling.queries.ask import ask
from coupling.words import region_findings, tables
from coupling.words.language import _
from coupling.words.region_findings import BELTS, are_belts

LIST = "regions.html"
NAMED = 5


def region_pages(con: duckdb.DuckDBPyConnection) -> list[Page]:
    """Return the list of regions and a page for each that is in a study of few."""
    regions = tables.records(ask(con, "regions/regions"))
    standing = ask(con, "regions/standing")
    lead = ask(con, "regions/against_group", named=NAMED)
    groups = ask(con, "regions/groups")
    gains = ask(con, "regions/gains", named=NAMED)
    compared = lists.compared_studies(con)
    # a study keeps its line from region to region
    studies = dict(zip(standing["study_id"], standing["study"], strict=True))
    styles = charts.line_styles(studies)
    stands, leads, gained, grouped = (
        _by_region(tables.records(frame)) for frame in (standing, lead, gains, groups)
    )
    paged = [row for row in regions if has_region_page(row["region_code"])]
    codes = {region["region_code"] for region in paged}
    pages = [
        Page(
            region_page_path(region["region_code"]),
            "region.html.j2",
            region_context(
                region | {"has_parent_page": region["parent_region_code"] in codes},
                grouped.get(region["region_code"], []),
                stands[region["region_code"]],
                leads.get(region["region_code"], []),
                gained.get(region["region_code"], []),
                styles,
                compared,
            ),
        )
        for region in paged
    ]
    if not regions:
        return []
    listed = Page(
        LIST, "regions.html.j2", list_context(regions, groups, standing, studies)
    )
    return [listed, *pages]


def _by_region(rows: list[dict]) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for row in rows:
        found.setdefault(row["region_code"], []).append(row)
    return found


def region_context(
    region: dict,
    groups: list[dict],
    standing: list[dict],
    lead: list[dict],
    gains: list[dict],
    styles: dict[str, charts.LineStyle],
    compared: list[str],
) -> dict:
    """Return all that the page of a region shows.

    Parameters
    ----------
    region
        A row of `regions/regions`; `has_parent_page` says whether the region
        that it is a part of has a page.
    groups
        Its rows of `regions/groups`.
    standing, lead, gains
        Its rows of `regions/standing`, `regions/against_group` and `regions/gains`.
    styles
        By study_id.
    compared
        Ids of the studies that have a page of comparisons.

    """
    computed = [row for row in standing if row["status"] == "computed"]
    drawn = [
        {
            "year": row["year"],
            "line": row["study_id"],
            "value": row["degree"],
            "link": "../{}".format(
                chain_link(row["study_id"], row["region_code"], row["year"])
            ),
        }
        for row in computed
    ]
    used = {line: styles[line] for line in dict.fromkeys(row["line"] for row in drawn)}
    drawings = {}
    if used:
        drawings["standing"] = charts.line_chart(
            pd.DataFrame(drawn),
            used,
            name="standing",
            y_title=_("Coupling coordination degree D"),
            y_format="~g",
            value_format=".3f",
            description=_(
                "Line chart: coupling coordination degree D of {region} by study and "
                "year. The tables that follow have the numbers."
            ).format(region=region["region"]),
        )
    return {
        "region": region,
        "groups": [(_division(row), row["name"]) for row in groups],
        "styles": used,
        "has_schemes": len({row["grade_scheme_id"] for row in computed}) > 1,
        "have_papers": all(row["has_paper"] for row in computed),
        "has_proxy": any(row["is_proxy"] for row in [*lead, *gains]),
        "compared": compared,
        "studies": [
            study_context(*(_of_study(rows, study) for rows in (standing, lead, gains)))
            for study in dict.fromkeys(row["study_id"] for row in standing)
        ],
        "charts": {
            name: charts.specification(chart) for name, chart in drawings.items()
        },
    }


def _of_study(rows: list[dict], study_id: str) -> list[dict]:
    return [row for row in rows if row["study_id"] == study_id]


def study_context(standing: list[dict], lead: list[dict], gains: list[dict]) -> dict:
    """Return what the page of a region says of one study, of its rows in that."""
    # what rounds to 0.000 is no difference
    ahead = sorted(
        (
            row
            for row in lead
            if row["lead"] >= tables.SMALLEST_CHANGE and row["place"] <= NAMED
        ),
        key=itemgetter("place"),
    )
    behind = sorted(
        (
            row
            for row in lead
            if row["lead"] <= -tables.SMALLEST_CHANGE
            and row["place_from_last"] <= NAMED
        ),
        key=itemgetter("place_from_last"),
    )
    last = next(row for row in standing if row["is_last_year"])
    is_belt = are_belts(last)
    return {
        "study_id": last["study_id"],
        "study": last["study"],
        "last": last,
        "standing": region_findings.standing(last),
        "is_belt": is_belt,
        "extremes": None
        if last["group_id"] is None
        else region_findings.extremes(
            ahead, behind, is_compared=len(lead) > 0, is_belt=is_belt
        ),
        "years": standing,
        "ahead": ahead,
        "behind": behind,
        "gains": gains,
    }


def _division(group: dict) -> str:
    """Return what a group of regions is one of: belts have a name of their own."""
    return _("Belt") if group["grouping_id"] == BELTS else group["grouping_name"]


def list_context(
    regions: list[dict],
    groups: pd.DataFrame,
    standing: pd.DataFrame,
    studies: dict[str, str],
) -> dict:
    """Return the regions with their D of the last year in every study, by level.

    A region whose name another one of its level bears too is told with its code.
    """
    names = level_names()
    there = dict.fromkeys(region["region_level"] for region in regions)
    levels = sorted(there, key=lambda level: [*names, level].index(level))
    return {
        "levels": [
            {
                "name": names.get(level, level) if levels[1:] else None,
                **_level_context(
                    [row for row in regions if row["region_level"] == level],
                    groups,
                    standing,
                    studies,
                ),
            }
            for level in levels
        ]
    }


def level_names() -> dict[str, str]:
    """Return {level: what its regions are called}, in the order of the list."""
    return {
        "country": _("Countries"),
        "province": _("Provinces"),
        "city": _("Cities"),
        "county": _("Counties"),
        "other": _("Other regions"),
    }


def _level_context(
    regions: list[dict],
    groups: pd.DataFrame,
    standing: pd.DataFrame,
    studies: dict[str, str],
) -> dict:
    codes = {region["region_code"] for region in regions}
    groups = groups[groups["region_code"].isin(codes)]
    standing = standing[standing["region_code"].isin(codes)]
    divisions = {
        row["grouping_id"]: _division(row)
        for row in tables.records(groups.sort_values("grouping_id"))
    }
    group_of = {
        (row["region_code"], row["grouping_id"]): row["name"]
        for row in tables.records(groups)
    }
    any_study = dict(zip(standing["region_code"], standing["study_id"], strict=True))
    used = [study for study in studies if study in set(standing["study_id"])]
    last = standing[standing["is_last_year"]]
    cells = {(row["region_code"], row["study_id"]): row for row in tables.records(last)}
    return {
        "studies": [studies[study] for study in used],
        "divisions": list(divisions.values()),
        "has_parents": any(region["parent_region_code"] for region in regions),
        "regions": [
            {
                **region,
                "groups": [
                    group_of.get((region["region_code"], grouping))
                    for grouping in divisions
                ],
                "link": region_link(
                    any_study[region["region_code"]], region["region_code"]
                ),
                "cells": [cells.get((region["region_code"], study)) for study in used],
            }
            for region in regions
        ],
    }
