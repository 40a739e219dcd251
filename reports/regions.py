"""The pages of regions: one per region, and a list that leads to them."""

import duckdb
import pandas as pd

from coupling_reports import (
    charts,
    compare_queries,
    region_findings,
    region_queries,
    tables,
)
from coupling_reports.language import _
from coupling_reports.pages import (
    Page,
    chain_link,
    has_region_page,
    region_link,
    region_page_path,
)
from coupling_reports.region_findings import BELTS, are_belts
from coupling_reports.region_queries import NAMED

LIST = "regions.html"


def region_pages(con: duckdb.DuckDBPyConnection) -> list[Page]:
    """Return the list of regions and a page for each that is in a study of few."""
    regions = tables.records(region_queries.regions(con))
    standing = region_queries.standing(con)
    lead = region_queries.against_group(con)
    groups = region_queries.groups(con)
    gains = region_queries.gains(con)
    compared = compare_queries.compared_studies(con)
    # a study keeps its line from region to region
    studies = dict(zip(standing["study_id"], standing["study"], strict=True))
    styles = charts.line_styles(studies)
    by_region = {
        name: dict(iter(frame.groupby("region_code")))
        for name, frame in (("standing", standing), ("lead", lead), ("gains", gains))
    }
    grouped = {
        code: tables.records(rows) for code, rows in groups.groupby("region_code")
    }
    paged = [row for row in regions if has_region_page(row["region_code"])]
    codes = {region["region_code"] for region in paged}
    pages = [
        Page(
            region_page_path(region["region_code"]),
            "region.html.j2",
            region_context(
                region | {"has_parent_page": region["parent_region_code"] in codes},
                grouped.get(region["region_code"], []),
                by_region["standing"][region["region_code"]],
                by_region["lead"].get(region["region_code"], lead.iloc[:0]),
                by_region["gains"].get(region["region_code"], gains.iloc[:0]),
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


def region_context(
    region: dict,
    groups: list[dict],
    standing: pd.DataFrame,
    lead: pd.DataFrame,
    gains: pd.DataFrame,
    styles: dict[str, charts.LineStyle],
    compared: list[str],
) -> dict:
    """Return all that the page of a region shows.

    Parameters
    ----------
    region
        A row of `region_queries.regions`; `has_parent_page` says whether the region
        that it is a part of has a page.
    groups
        Its rows of `region_queries.groups`.
    standing, lead, gains
        Rows of the region in the frames of `region_queries` of these names.
    styles
        By study_id.
    compared
        Ids of the studies that have a page of comparisons.

    """
    computed = standing[standing["status"] == "computed"]
    drawn = computed.rename(columns={"study_id": "line", "degree": "value"})
    drawn = drawn.assign(
        link=[
            f"../{chain_link(row.line, row.region_code, row.year)}"
            for row in drawn.itertuples()
        ]
    )
    used = {study_id: styles[study_id] for study_id in dict.fromkeys(drawn["line"])}
    drawings = {}
    if used:
        drawings["standing"] = charts.line_chart(
            drawn[["year", "line", "value", "link"]],
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
        "has_schemes": computed["grade_scheme_id"].nunique() > 1,
        "have_papers": bool(computed["has_paper"].all()),
        "has_proxy": bool(lead["is_proxy"].any() or gains["is_proxy"].any()),
        "compared": compared,
        "studies": [
            study_context(rows, lead, gains)
            for _study, rows in standing.groupby("study_id", sort=False)
        ],
        "charts": {
            name: charts.specification(chart) for name, chart in drawings.items()
        },
    }


def study_context(
    standing: pd.DataFrame, lead: pd.DataFrame, gains: pd.DataFrame
) -> dict:
    """Return what the page of a region says of one study."""
    years = tables.records(standing)
    study_id = years[0]["study_id"]
    own = lead[lead["study_id"] == study_id]
    # what rounds to 0.000 is no difference
    above = own[own["lead"] >= tables.SMALLEST_CHANGE]
    below = own[own["lead"] <= -tables.SMALLEST_CHANGE]
    ahead = tables.records(above[above["place"] <= NAMED].sort_values("place"))
    behind = tables.records(
        below[below["place_from_last"] <= NAMED].sort_values("place_from_last")
    )
    last = next(row for row in years if row["is_last_year"])
    is_belt = are_belts(last)
    return {
        "study_id": study_id,
        "study": years[0]["study"],
        "last": last,
        "standing": region_findings.standing(last),
        "is_belt": is_belt,
        "extremes": None
        if last["group_id"] is None
        else region_findings.extremes(
            ahead, behind, is_compared=len(own) > 0, is_belt=is_belt
        ),
        "years": years,
        "ahead": ahead,
        "behind": behind,
        "gains": tables.records(gains[gains["study_id"] == study_id]),
    }


def _division(group: dict) -> str:
    """Return what a group of regions is one of: belts have a name of their own."""
    return _("Belt") if group["grouping_id"] == BELTS else group["grouping"]


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
