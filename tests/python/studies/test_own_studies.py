"""What is a user's never changes what is shipped, and says whose it is.

One build has in its workspace cities with figures in shipped series, regions without
level or area, a grouping, and a study of them; the numbers are worked out by hand.
"""

from math import sqrt
from types import SimpleNamespace

import duckdb
import projects
import pytest
from pytest import approx

from coupling.base.paths import Paths
from coupling.contracts import gate, years_covered
from coupling.contracts.seeds import load_seeds
from coupling.contracts.workspace import join_workspace

STUDY = "cities"
HEFEI, WUHU, ISLE = "340100", "340200", "isle"
JOBS, IN_MANUFACTURING = (
    "urban_unit_employment_10k",
    "manufacturing_employment_urban_units_10k",
)
REGIONS = (HEFEI, WUHU, ISLE)
# region, year: jobs, in manufacturing, profit, an own measure
FIGURES = {
    (HEFEI, 2019): (100, 20, -10, 1),
    (WUHU, 2019): (50, 20, 5, 2),
    (ISLE, 2019): (10, 1, 4, 3),
    (HEFEI, 2020): (100, 30, 5, 2),
    (WUHU, 2020): (60, 30, 10, 2),
    (ISLE, 2020): (40, 10, 6, 5),
}
SERIES = (JOBS, IN_MANUFACTURING, "profit", "measure")
INDICATORS = (
    ("one", "quotient", "location_quotient", IN_MANUFACTURING, JOBS, "country"),
    ("one", "among", "location_quotient", IN_MANUFACTURING, JOBS, "study"),
    ("one", "growth", "growth_pct", "profit", "", ""),
    ("one", "dense", "per_area", "measure", "", ""),
    ("two", "alone", "identity", "measure", "", ""),
)


def table(folder, name, header, rows):
    """Write a table of the workspace."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [header, *(",".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own") / "workspace"
    table(
        folder,
        "yearbook/mine.csv",
        "region_code,year," + ",".join(SERIES),
        [(*cell, *figures) for cell, figures in FIGURES.items()],
    )
    # an island with a name in one language and an area, at no level of no country; a
    # province of one's own, which no shipped study counts
    table(
        folder,
        "reference/regions.csv",
        "region_code,name_zh,land_area_10k_km2,level,country_code",
        [(ISLE, "某岛", 0.5, "", ""), ("719999", "某省", "", "province", "CN")],
    )
    table(
        folder,
        "yearbook/province.csv",
        f"region_code,year,{JOBS},{IN_MANUFACTURING},gdp_cny_100m",
        [("719999", 2019, 5000, 5000, 9e5), ("719999", 2020, 5000, 4000, 9e5)],
    )
    own = [(name, "own", name, "件") for name in ("profit", "measure")]
    table(folder, "reference/series.csv", "series_id,chapter,label,unit", own)
    # of a series that shipped studies rest on, and of one of the study
    table(
        folder,
        "reference/series_breaks.csv",
        "series_id,level,year,reason,reason_zh",
        [
            ("resident_population_10k", "province", 2018, "counted anew", ""),
            (JOBS, "city", 2021, "counted anew", "重新统计"),
        ],
    )
    table(
        folder,
        "reference/region_groups.csv",
        "grouping_id,region_code,group_id",
        [("shore", HEFEI, "inland"), ("shore", WUHU, "inland"), ("shore", ISLE, "sea")],
    )
    table(
        folder,
        "studies/studies.csv",
        "study_id,label_zh,first_year,last_year,default_method_id,grade_scheme_id,"
        "grouping_id",
        [(STUDY, "三个地区", 2020, 2022, "critic_linear", "six_levels", "shore")],
    )
    table(
        folder,
        "studies/systems.csv",
        "study_id,system_id,position,label,contribution",
        [(STUDY, "one", 1, "One", 0.5), (STUDY, "two", 2, "Two", 0.5)],
    )
    table(
        folder,
        "studies/study_regions.csv",
        "study_id,region_code",
        [(STUDY, region) for region in REGIONS],
    )
    table(
        folder,
        "studies/indicators.csv",
        "study_id,indicator_id,position,label,direction,unit,status,"
        "system_id,operator,numerator,denominator,reference_total",
        [
            (STUDY, name, place, name, "+", "unit", "measured", system, *rest)
            for place, (system, name, *rest) in enumerate(INDICATORS, 1)
        ],
    )
    return folder


@pytest.fixture(scope="module")
def database(folder, tmp_path_factory):
    paths = projects.copy_project(tmp_path_factory.mktemp("own_built"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUPLING_WORKSPACE", str(folder))
        return projects.compute(paths)


def rows(database, query):
    return projects.table(database, query).to_numpy().tolist()


def test_the_gate_accepts_the_workspace(folder):
    assert gate.check_seeds(Paths().seeds, folder) == []


@pytest.mark.parametrize(
    ("operator", "years"),
    [
        ("value", {2011, 2012, 2014}),
        # one region has both in 2012, none in 2014
        ("ratio", {2011, 2012}),
        # a region with 2011 and 2012, another with 2014 alone
        ("growth_pct", {2012}),
    ],
)
def test_a_year_counts_where_a_region_of_the_study_has_all_figures(operator, years):
    figures = {
        "above": {2011: {"a", "b"}, 2012: {"a", "x"}, 2013: {"x"}, 2014: {"b"}},
        "below": {2011: {"b"}, 2012: {"a"}, 2013: {"x"}, 2014: {"a", "x"}},
    }
    indicator = SimpleNamespace(
        operator=operator, numerator="above", denominator="below"
    )
    found = years_covered.held_years(indicator, figures, frozenset("ab"))
    assert found == years


def test_years_without_figures_are_told_before_anything_is_built(folder):
    seeds = load_seeds(Paths().seeds)
    assert years_covered.warnings(seeds) == []
    join_workspace(seeds, folder)
    (said,) = years_covered.warnings(seeds)
    assert said == (
        "cities: no figure of any indicator in 2021 to 2022; the last figure is of "
        "2020. Years without figures are not computed."
    )


def marts_of(database):
    query = """
        select table_name, string_agg(column_name, ',' order by column_index)
        from duckdb_columns() where schema_name = 'marts' and not internal
        group by table_name
    """
    return {name: columns.split(",") for name, columns in rows(database, query)}


def test_no_row_of_a_shipped_study_changes(warehouse, database):
    """Every mart with studies, to the last byte; of other marts no row is gone.

    But for counts of figures in use, which a user's figures take the place of.
    """
    shipped = "study_id in (select study_id from ours.staging.stg_studies__studies"
    shipped += " where row_origin = 'shipped')"
    compared = 0
    marts = marts_of(database)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse}' as ours (read_only)")
        connection.execute(f"attach '{database}' as theirs (read_only)")
        for name, columns in marts_of(warehouse).items():
            if name not in marts or name.startswith(("fct_run", "fct_revision")):
                continue
            if name == "dim_series_coverage":
                continue
            where = f"where {shipped}" if "study_id" in columns else ""
            # a user's figure takes the place of a shipped one, which stands beside it
            columns = "region_code, year, series_id, shipped_value"
            columns = columns if name == "fct_observations" else "*"
            before, after = (
                f"select {columns} from {one}.marts.{name} {where}"
                for one in ("ours", "theirs")
            )
            other = f"({before}) except all ({after})"
            found = connection.execute(f"from ({other}) limit 3").fetchall()
            assert found == [], name
            if where:
                # none is gone: as many are none that came
                sizes = f"select (select count(*) from ({before})), "
                sizes += f"(select count(*) from ({after}))"
                one, other = connection.execute(sizes).fetchone()
                assert one == other, name
                compared += 1
    assert compared >= 15


def test_a_users_break_is_told_of_the_users_study_alone(database):
    found = rows(
        database,
        "select distinct study_id, year from marts.fct_study_breaks"
        " where reason = 'counted anew'",
    )
    assert found == [[STUDY, 2021]]


def test_every_value_has_the_worst_letter_of_its_figures(warehouse, database):
    query = """
        with worst as (
            select study_id, indicator_id, region_code, year, max(quality) as letter
            from marts.fct_indicator_figures
            group by all
        )

        select count(*), count(*) filter (
            where values.quality is distinct from worst.letter
        )
        from (
            select distinct study_id, indicator_id, region_code, year, quality
            from marts.fct_indicator_values
            where value_origin <> 'missing'
        ) as values
        left join worst using (study_id, indicator_id, region_code, year)
    """
    for one in (warehouse, database):
        ((count, wrong),) = rows(one, query)
        assert count > 10_000
        assert wrong == 0


def values(database, indicator, columns="raw_value", year=2020):
    query = f"""
        select {columns} from marts.fct_indicator_values
        where study_id = '{STUDY}' and method_id = 'critic_linear'
            and indicator_id = '{indicator}' and year = {year}
        order by region_code
    """
    return [row[0] if len(row) == 1 else row for row in rows(database, query)]


def test_a_quotient_is_measured_against_one_level_or_the_study(database):
    # cities of China with figures: Hefei and Wuhu, 60 of 160 in manufacturing
    country = 60 / 160
    found = values(database, "quotient")
    assert found[:2] == approx([0.3 / country, 0.5 / country])
    # the island is in no country: nothing to be measured against
    assert str(found[2]) == "nan"
    # the study: 70 of 200
    study = 70 / 200
    assert values(database, "among") == approx([0.3 / study, 0.5 / study, 0.25 / study])


def test_figures_of_a_user_are_the_users_and_unchecked(database):
    found = rows(
        database,
        f"""
        select distinct role, coalesce(source_id, ''), coalesce(quality, '')
        from marts.fct_indicator_figures
        where study_id = '{STUDY}' and indicator_id in ('quotient', 'dense')
        order by all
        """,
    )
    mine = "workspace__mine"
    assert found == [
        ["denominator", mine, "U"],
        ["denominator_country_total", mine, "U"],
        ["land_area", "", ""],
        ["land_area", "", "U"],
        ["numerator", mine, "U"],
        ["numerator_country_total", mine, "U"],
    ]


def test_growth_on_a_loss_has_no_meaning(database):
    found = values(database, "growth", "raw_value, value_origin, status")
    assert found[1:] == [
        [100.0, "observed", "computed"],
        [50.0, "observed", "computed"],
    ]
    assert str(found[0][0]) == "nan"
    assert found[0][1:] == ["missing", "base_not_positive"]


def test_a_year_without_figures_is_not_computed(database):
    query = f"""
        select year, status, count(*), count(coupling_coordination_degree)
        from marts.fct_coupling where study_id = '{STUDY}'
        group by all order by all
    """
    by_year = rows(database, query)
    assert {row[0] for row in by_year} == {2020, 2021, 2022}
    later = [row for row in by_year if row[0] > 2020]
    assert {row[1] for row in later} == {"no_figures_in_year"}
    assert sum(row[2] for row in later) == 2 * 3 * 9
    assert sum(row[3] for row in later) == 0
    for year in (2021, 2022):
        found = values(database, "alone", "value_origin, status", year)
        assert found == [["missing", "no_figures_in_year"]] * 3


def test_a_region_is_told_why_it_is_not_computed(database):
    query = f"""
        select region_code, status, status_reason from marts.fct_coupling
        where study_id = '{STUDY}' and method_id = 'critic_linear' and year = 2020
        order by region_code
    """
    found = {row[0]: row[1] for row in rows(database, query)}
    assert found == {
        HEFEI: "base_not_positive",
        WUHU: "computed",
        # no quotient for the island
        ISLE: "missing_value",
    }


def test_a_lone_indicator_weighs_1_under_every_rule(database):
    query = f"""
        select distinct weight, status from marts.fct_indicator_weights
        where study_id = '{STUDY}' and indicator_id = 'alone' and (
            year is null or year = 2020
        )
    """
    assert rows(database, query) == [[1.0, "used"]]


def test_a_lone_indicator_under_critic_carries_its_spread(database):
    # y of measure 2, 2, 5: 0, 0, 1; sd = sqrt(1/3)
    query = f"""
        select information from intermediate.int_indicator_information
        where study_id = '{STUDY}' and indicator_id = 'alone'
            and method_id = 'critic_linear' and scope_year = 0
    """
    assert rows(database, query) == [[approx(sqrt(1 / 3))]]


def test_regions_and_groups_have_names_in_both_languages(database):
    query = f"""
        select regions.region, regions.name_zh, regions.region_level,
            regions.region_origin, groups.group_label, groups.group_label_zh
        from marts.dim_regions as regions
        inner join marts.dim_region_groups as groups using (region_code)
        where groups.grouping_id = 'shore' and region_code in ('{HEFEI}', '{ISLE}')
        order by region_code
    """
    assert rows(database, query) == [
        ["Hefei", "合肥市", "city", "shipped", "inland", "inland"],
        ["某岛", "某岛", "other", "workspace", "sea", "sea"],
    ]
