"""A study of many regions has one page for all of them, and no page for each."""

import duckdb
import pytest
from made_up_site import Page

from coupling.pages.pages import (
    chain_link,
    crowding,
    environment,
    has_region_page,
    links,
    region_link,
)
from coupling.pages.places import place_pages
from coupling.pages.regions import region_pages
from coupling.pages.studies import FIRST, LAST, study_context
from coupling.queries import lists
from coupling.queries.ask import ask
from coupling.words.language import speaking
from coupling.words.tables import records

STUDY = "finance_economy_cities"
CROWDED = [STUDY, "digital_green_cities", "digital_green_cities_recent"]


@pytest.fixture(scope="module")
def con(warehouse):
    with (
        duckdb.connect(str(warehouse), read_only=True) as con,
        speaking("en"),
        crowding(*lists.crowds(con)),
    ):
        yield con


@pytest.fixture(scope="module")
def places(con):
    [page] = place_pages(con, [STUDY])
    template = environment().get_template(page.template)
    return Page(template.render(page.context, menu=[], **links(page, "en")))


@pytest.fixture(scope="module")
def study(con):
    [row] = [r for r in records(ask(con, "site/studies")) if r["study_id"] == STUDY]
    return study_context(con, row, "0" * 12, is_compared=True)


def test_studies_of_more_than_60_regions_are_crowded(con):
    studies, regions = lists.crowds(con)
    assert studies == sorted(CROWDED)
    # cities of Anhui are in a small study as well
    assert "340100" not in regions and "320500" in regions
    assert has_region_page("340100") and not has_region_page("320500")


def test_every_city_stands_on_the_page_with_its_results(places, warehouse):
    header, *rows = places.table("Results of 2023")
    assert len(rows) == 258
    assert header[:3] == ["Rank", "Region", "Part of"]
    assert header[3:7] == [f"D {year}" for year in range(2020, 2024)]
    [hefei] = [row for row in rows if row[1] == "Hefei"]
    with duckdb.connect(str(warehouse), read_only=True) as con:
        degrees = con.execute(
            """
            select coupling_coordination_degree from marts.fct_coupling
            where study_id = ? and region_code = '340100' and is_default_method
            order by year
            """,
            [STUDY],
        ).fetchall()
    assert hefei[2] == "Anhui"
    assert hefei[3:7] == [f"{degree:.3f}" for (degree,) in degrees]
    ids = {tags.get("id") for tag, tags in places.tags if tag == "tr"}
    assert "r-340100" in ids and len(ids) == 258 + 1


def test_the_table_can_be_searched(places):
    [table] = [tags for tag, tags in places.tags if "data-search" in tags]
    assert table["data-search"] == "Find a region"


def test_links_lead_to_the_row_of_a_city(con):
    row = f"places/{STUDY}.html#r-320500"
    assert chain_link(STUDY, "320500", 2023) == row
    assert region_link(STUDY, "320500") == row
    assert region_link(STUDY, "340100") == "regions/340100.html"
    chain = "chains/industrial_transfer_anhui-340100.html#y2021"
    assert chain_link("industrial_transfer_anhui", "340100", 2021) == chain


def test_the_page_of_the_study_shows_the_ends_alone(study):
    assert study["is_crowded"]
    assert len(study["ranking"]) == 258
    ranks = [row["coordination_rank"] for row in study["shown"]]
    assert ranks == [*range(1, FIRST + 1), *range(258 - LAST + 1, 259)]
    assert not {"heat", "map"} & study["charts"].keys()


def test_the_list_of_regions_is_by_level_and_leads_everywhere(con):
    listed, *pages = region_pages(con)
    levels = {level["name"]: level for level in listed.context["levels"]}
    assert list(levels) == ["Provinces", "Cities"]
    assert len(levels["Provinces"]["regions"]) == 31
    assert len(levels["Provinces"]["studies"]) == 6
    assert len(levels["Cities"]["studies"]) == 4
    assert len(pages) == 31 + 16
    paths = {page.path for page in pages}
    for row in levels["Cities"]["regions"]:
        assert row["link"] in paths or row["link"].startswith("places/")
