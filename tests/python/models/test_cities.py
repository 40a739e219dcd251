"""Figures and studies of cities: known figures, levels, years, and what was decided."""

import pandas as pd
import projects
import pytest

from coupling.base.paths import Paths

SEEDS = Paths().seeds
# what the bulletins of the cities state, to the digits that the yearbook prints: gross
# regional product (100m yuan) and residents at year end (10k persons)
BULLETINS = {
    ("340100", 2020): (10045.72, 936.99),
    ("340100", 2023): (12673.78, 985.3),
    ("440300", 2020): (27670.24, 1763.38),
    ("440300", 2023): (34606.40, 1779.01),
    ("320500", 2020): (20170.45, 1274.96),
    ("320500", 2023): (24653.37, 1295.80),
}
# national totals of 2019 as the China Statistical Yearbook 2020 prints them
NATIONAL = {
    "express_volume_10k_pieces": (6352291, 1),
    "highway_length_10k_km": (501.25, 0.005),
    "total_water_use_100m_m3": (6021.2, 0.5),
    "industrial_enterprises": (377815, 0.5),
}


@pytest.fixture(scope="module")
def figures(warehouse):
    return projects.table(
        warehouse,
        """
        select figures.*, regions.region_level, regions.region
        from marts.fct_observations as figures
        inner join marts.dim_regions as regions using (region_code)
        """,
    )


def test_figures_are_those_of_the_bulletins(figures):
    known = figures.set_index(["region_code", "year", "series_id"])["value"]
    for (code, year), (product, residents) in BULLETINS.items():
        assert known[code, year, "gdp_cny_100m"] == pytest.approx(product, abs=0.5)
        found = known[code, year, "resident_population_10k"]
        assert found == pytest.approx(residents, abs=0.005)


def test_provinces_add_up_to_the_printed_national_totals(figures):
    provinces = figures[figures["region_level"] == "province"]
    sums = provinces[provinces["year"] == 2019].groupby("series_id")["value"].sum()
    for series, (total, within) in NATIONAL.items():
        assert sums[series] == pytest.approx(total, abs=within)


def test_all_shipped_figures_of_cities_are_there(figures):
    cities = figures[figures["region_level"] == "city"]
    assert len(cities) == 172_311
    assert cities["region_code"].nunique() == 298
    assert cities["series_id"].nunique() == 64
    assert (cities["year"].min(), cities["year"].max()) == (2011, 2023)
    # municipalities are cities under codes of their own, apart from the provinces
    assert {"110100", "120100", "310100", "500100"} <= set(cities["region_code"])
    assert not set(cities["region_code"]) & {"110000", "120000", "310000", "500000"}


def test_sources_are_those_of_the_level_and_the_year(figures):
    source = figures.set_index(["region_code", "year", "series_id"])["source_id"]
    product = "gdp_cny_100m"
    assert source["340000", 2017, product] == f"shipped__{product}"
    assert source["340100", 2016, product] == f"shipped__{product}__city_2011"
    assert source["340100", 2017, product] == f"shipped__{product}__city_2017"
    assert source["340100", 2018, product] == f"shipped__{product}__city_2018"
    letters = figures.set_index(["region_code", "year", "series_id"])["quality"]
    residents = "resident_population_10k"
    assert letters["340100", 2019, residents] == "C"
    assert letters["340100", 2020, residents] == "A"
    assert letters["340000", 2019, residents] != "C"


def test_a_city_has_figures_in_the_years_in_which_it_exists(warehouse, figures):
    """But for residents and roads, which are known of what it was before."""
    spans = projects.table(
        warehouse,
        "select region_code, first_year, last_year from marts.dim_regions",
    ).set_index("region_code")
    assert spans.loc["371200", "last_year"] == 2018  # Laiwu, then a part of Jinan
    assert spans.loc["460300", "first_year"] == 2012  # Sansha
    assert spans.loc["460400", "first_year"] == 2015  # Danzhou
    dated = figures.join(spans, on="region_code")
    assert not (dated["year"] > dated["last_year"]).any()
    early = dated[dated["year"] < dated["first_year"]]
    before = {"resident_population_10k", "urban_road_area_per_capita_m2"}
    assert set(early["series_id"]) == before


def test_one_meaning_has_one_series(warehouse):
    series = projects.table(warehouse, "select * from marts.dim_series")
    assert series["label"].is_unique
    assert series["label_zh"].is_unique
    both = projects.table(
        warehouse,
        """
        select series_id from marts.dim_series_coverage
        where region_level in ('city', 'province')
        group by series_id having count(distinct region_level) = 2
        """,
    )
    # 22 bear one name in both; 11 of the cities' tables had another name or unit
    assert len(both) == 33


def test_units_of_cities_are_those_of_provinces(figures):
    """Where the city yearbook counts in others: highways, students, R&D."""
    known = figures.set_index(["region_code", "year", "series_id"])["value"]
    for series, least, most in (
        ("highway_length_10k_km", 0.9, 1.1),
        ("undergraduate_enrolment_10k", 0.8, 1.2),
        ("rd_expenditure_total_cny_10k", 0.5, 1.1),
        ("loan_balance_cny_100m", 0.8, 1.1),
    ):
        in_anhui = figures[
            (figures["series_id"] == series)
            & figures["region_code"].str.startswith("34")
            & (figures["region_level"] == "city")
        ]
        sums = in_anhui.groupby("year")["value"].sum()
        shares = [
            total / known["340000", year, series]
            for year, total in sums.items()
            if ("340000", year, series) in known
            and (in_anhui["year"] == year).sum() == 16
        ]
        assert shares, series
        assert all(least <= share <= most for share in shares), (series, shares)


def test_decisions_are_told_and_kept(warehouse, figures):
    decisions = projects.table(warehouse, "select * from marts.dim_adjudications")
    assert len(decisions) == 811
    last = decisions.sort_values("step").groupby(["region_code", "year", "series_id"])
    shipped = figures.set_index(["region_code", "year", "series_id"])["value"]
    for cell, row in last.last(skipna=False).iterrows():
        if row["outcome"] == "withheld":
            assert cell not in shipped.index
        else:
            assert shipped[cell] == pytest.approx(row["taken_value"], rel=1e-12)
    # both transcriptions of Shenzhen's growth in 2022, a decimal point apart
    growth = decisions.query(
        "region_code == '440300' and series_id == 'gdp_growth_pct' and year == 2022"
    ).iloc[0]
    assert (growth["printed_value"], growth["other_value"]) == (330, 3.3)
    assert (growth["taken_value"], growth["outcome"]) == (3.3, "other")


@pytest.mark.parametrize("study_id", projects.MANY_CITIES)
def test_studies_of_many_cities_rest_on_published_figures_alone(warehouse, study_id):
    cells = projects.table(
        warehouse,
        f"""
        select value_origin, count(*) as cells from marts.fct_indicator_values
        where study_id = '{study_id}' group by value_origin
        """,
    )
    assert cells["value_origin"].to_list() == ["observed"]


def test_the_gaps_of_anhui_are_filled_by_the_rule_and_counted(warehouse):
    filled = projects.table(
        warehouse,
        """
        select distinct region_code, year, indicator_id, value_origin
        from marts.fct_indicator_values
        where study_id = 'industrial_transfer_anhui' and value_origin <> 'observed'
        order by year, region_code
        """,
    )
    assert filled.to_records(index=False).tolist() == [
        ("341200", 2017, "X5", "interpolated"),
        ("340300", 2018, "X17", "interpolated"),
        ("340300", 2019, "X25", "interpolated"),
        ("341300", 2019, "X9", "interpolated"),
    ]


def test_breaks_inside_the_years_of_a_study_are_named(warehouse):
    found = projects.table(
        warehouse,
        """
        select year, indicator_id, series_id from marts.fct_study_breaks
        where study_id = 'industrial_transfer_anhui'
        """,
    )
    census = found[(found["year"] == 2019) & (found["indicator_id"] != "X12")]
    assert set(census["indicator_id"]) == {"X1", "X2", "X8", "X10", "X20", "X25"}
    assert set(found.loc[found["year"] == 2020, "indicator_id"]) == {"X4", "X6"}
    provincial = projects.table(
        warehouse,
        """
        select count(*) as breaks from marts.fct_study_breaks
        inner join marts.dim_studies using (study_id)
        where study_id = 'industrial_transfer'
        """,
    )
    assert provincial["breaks"].item() == 0


def test_obstacles_of_anhui_are_held_against_those_of_paper_04(warehouse):
    found = projects.table(
        warehouse,
        """
        select * from marts.fct_replication_obstacles
        where study_id = 'industrial_transfer_anhui' and is_default_method
        """,
    )
    ours = projects.table(
        warehouse,
        """
        select rankings.region_code, regions.region, rankings.year,
            rankings.item_id as indicator_id, rankings.obstacle_rank
        from marts.fct_obstacle_rankings as rankings
        inner join marts.dim_regions as regions using (region_code)
        where study_id = 'industrial_transfer_anhui' and level = 'indicator'
            and method_id = 'entropy_topsis'
        """,
    )
    ours["city"] = ours["region"].str.replace(" (Anhui)", "")
    printed = pd.read_csv(SEEDS / "published" / "paper_04_table_2_obstacles.csv")
    overlap, pairs = {}, []
    for printed_year, year in ((2015, 2017), (2023, 2021)):
        both = printed[printed["year"] == printed_year].merge(
            ours[ours["year"] == year],
            on=["city", "indicator_id"],
            suffixes=["_printed", ""],
        )
        for code, rows in both.groupby("region_code"):
            row = found[
                (found["region_code"] == code) & (found["printed_year"] == printed_year)
            ].iloc[0]
            assert (row["year"], row["printed_count"]) == (year, 5)
            assert row["compared_count"] == len(rows)
            assert row["overlap_count"] == (rows["obstacle_rank"] <= 5).sum()
            ranks = rows[["obstacle_rank_printed", "obstacle_rank"]].rank()
            expected = ranks.corr().iloc[0, 1]
            assert row["spearman_correlation"] == pytest.approx(expected, abs=1e-9)
            pairs.append((printed_year, ranks - ranks.mean()))
        overlap[printed_year] = (both["obstacle_rank"] <= 5).sum()
    whole = found[found["region_code"] == "ALL"].set_index("printed_year")
    assert len(found) == 2 * 17
    for printed_year in (2015, 2023):
        row = whole.loc[printed_year]
        assert (row["region_count"], row["printed_count"]) == (16, 80)
        assert row["overlap_count"] == overlap[printed_year]
        ranks = pd.concat([one for year, one in pairs if year == printed_year])
        expected = ranks.corr().iloc[0, 1]
        assert row["spearman_correlation"] == pytest.approx(expected, abs=1e-9)
        assert row["computed_share"] == pytest.approx(19 / 26)
