"""The wide tables and the metrics hold the numbers of the facts, row by row."""

import re
import shutil

import duckdb
import numpy as np
import pandas as pd
import projects
import pytest
import yaml

from coupling.base.paths import Paths
from coupling.contracts.declared import sources
from coupling.queries.ask import FOLDER

PROJECT = Paths().project
KEY = ["study_id", "method_id", "region_code", "year"]
QUERIES = {
    "mean_coordination_degree": """
        select study_id, year, avg(coupling_coordination_degree)
        from marts.fct_coupling where is_default_method group by all
    """,
    "regional_gap": """
        select study_id, year,
            max(coupling_coordination_degree) - min(coupling_coordination_degree)
        from marts.fct_coupling where is_default_method group by all
    """,
    "regional_variation": """
        select study_id, year, stddev_pop(coupling_coordination_degree)
            / avg(coupling_coordination_degree)
        from marts.fct_coupling where is_default_method group by all
    """,
    "region_share": """
        with graded as (
            select study_id, year, grade, count(*) as regions
            from marts.fct_coupling where is_default_method group by all
        )
        select study_id, year, grade,
            regions / sum(regions) over (partition by study_id, year)
        from graded
    """,
    "obstacle_share": """
        select study_id, year, item_id, obstacle_degree
        from marts.fct_obstacle_rankings
        join marts.dim_studies using (study_id)
        where method_id = default_method_id and region_code = 'ALL'
            and level = 'indicator'
    """,
    "anomaly_rate": """
        select survey_id, survey_year,
            count(*) filter (is_assessed and is_anomaly)
            / count(*) filter (is_assessed)
        from marts.fct_household_anomalies group by all
    """,
}
GROUPS = {
    "mean_coordination_degree": "coordination__study_id",
    "regional_gap": "coordination__study_id",
    "regional_variation": "coordination__study_id",
    "region_share": "coordination__study_id,coordination__grade",
    "obstacle_share": "obstacle__study_id,obstacle__indicator_id",
    "anomaly_rate": "household__survey_id",
}


@pytest.fixture(scope="module")
def mart(warehouse):
    """Read a mart as a DataFrame."""
    return lambda name: projects.table(warehouse, f"select * from marts.{name}")


def test_bi_coupling_is_fct_coupling_with_names(mart):
    wide, fact = mart("bi_coupling"), mart("fct_coupling")
    merged = fact.merge(wide, on=KEY, validate="one_to_one", suffixes=("", "_wide"))
    rows = sum(
        projects.METHOD_COUNTS[name] * n for name, n in projects.REGION_YEARS.items()
    )
    assert len(merged) == len(wide) == len(fact) == rows
    for name in fact.columns.difference(KEY):
        pd.testing.assert_series_equal(
            merged[name], merged[f"{name}_wide"], check_names=False
        )
    for table, key, column, label in (
        ("dim_studies", "study_id", "study", "label"),
        ("dim_studies", "study_id", "study_zh", "label_zh"),
        ("dim_methods", "method_id", "method", "label"),
        ("dim_methods", "method_id", "method_zh", "label_zh"),
        ("dim_regions", "region_code", "region", "region"),
        ("dim_regions", "region_code", "region_zh", "name_zh"),
        ("dim_regions", "region_code", "three_belt", "three_belt"),
        ("dim_regions", "region_code", "capital_latitude_deg", "capital_latitude_deg"),
    ):
        names = mart(table).set_index(key)[label]
        told = wide[key].map(names)
        assert ((wide[column] == told) | (wide[column].isna() & told.isna())).all()
    assert (wide["year_start_date"].dt.strftime("%Y-%m-%d")).tolist() == [
        f"{year}-01-01" for year in wide["year"]
    ]


def test_bi_coupling_sets_the_systems_side_by_side(mart):
    wide, scores, systems = (
        mart(name) for name in ("bi_coupling", "fct_system_scores", "dim_systems")
    )
    places = systems.drop(columns="contribution")
    places = places.set_index(["study_id", "system_id"])
    scores = scores.join(places, on=["study_id", "system_id"])
    for place in (1, 2, 3):
        of_place = scores[scores["system_position"] == place]
        merged = wide.merge(of_place, on=KEY, how="left", validate="one_to_one")
        for column, source in (
            (f"system_{place}", "label"),
            (f"system_{place}_zh", "label_zh"),
            (f"system_{place}_score", "score"),
        ):
            pd.testing.assert_series_equal(
                merged[column], merged[source], check_names=False
            )
    third = wide["system_3"].notna()
    assert set(wide.loc[third, "study_id"]) == {
        "industrial_transfer",
        "industrial_transfer_2011_2019",
        "industrial_transfer_anhui",
    }
    assert (third == (wide["system_count"] == 3)).all()


def test_the_lagging_system_is_named(mart):
    wide, systems = mart("bi_coupling"), mart("dim_systems")
    for column, label, alike in (
        ("lagging_system", "label", "synchronous"),
        ("lagging_system_zh", "label_zh", "同步"),
    ):
        names = systems.set_index(["study_id", "system_id"])[label].to_dict()
        pairs = zip(wide["study_id"], wide["lagging_system_id"], strict=True)
        expected = [alike if p[1] == "synchronous" else names[p] for p in pairs]
        assert wide[column].tolist() == expected


def test_region_shares_add_up_to_one(mart):
    wide = mart("bi_coupling")
    sums = wide.groupby(["study_id", "method_id", "year"])["region_share"].sum()
    assert np.allclose(sums, 1, rtol=0, atol=1e-12)
    tenth = wide["study_id"] == "ecommerce_manufacturing_east"
    assert (wide.loc[tenth, "region_share"] == 1 / 10).all()


def test_bi_obstacles_are_the_obstacles_of_the_default_method(mart):
    wide, fact, values = (
        mart(name) for name in ("bi_obstacles", "fct_obstacles", "fct_indicator_values")
    )
    default = mart("dim_studies").set_index("study_id")["default_method_id"]
    fact = fact[fact["method_id"] == fact["study_id"].map(default)]
    key = [*KEY, "indicator_id"]
    merged = wide.merge(fact, on=key, validate="one_to_one", suffixes=("", "_fact"))
    assert len(merged) == len(wide) == len(fact)
    for name in ("deviation", "obstacle_degree", "obstacle_rank", "status"):
        assert merged[name].equals(merged[f"{name}_fact"])
    merged = wide.merge(values, on=key, validate="one_to_one", suffixes=("", "_value"))
    assert len(merged) == len(wide)
    for name in ("raw_value", "value_origin", "quality", "normalised_value"):
        assert merged[name].equals(merged[f"{name}_value"])
    names = mart("dim_indicators").set_index(["study_id", "indicator_id"])
    named = wide.join(names, on=["study_id", "indicator_id"], suffixes=("", "_dim"))
    assert (named["indicator"] == named["label"]).all()
    assert (named["criterion_zh"] == named["criterion_zh_dim"]).all()
    assert (named["system_id"] == named["system_id_dim"]).all()


def test_obstacle_degrees_follow_from_the_weights_and_values_beside_them(mart):
    wide = mart("bi_obstacles")
    lacking = wide["study_weight"] * (1 - wide["normalised_value"])
    region_year = [wide["study_id"], wide["region_code"], wide["year"]]
    expected = lacking / lacking.groupby(region_year).transform("sum")
    assert np.allclose(expected, wide["obstacle_degree"], rtol=0, atol=1e-9)


def test_bi_households_are_the_screened_households(mart):
    key = ["survey_id", "household_id"]
    wide, fact, clusters = (
        mart(name)
        for name in (
            "bi_households",
            "fct_household_anomalies",
            "fct_household_clusters",
        )
    )
    merged = fact.merge(wide, on=key, validate="one_to_one", suffixes=("", "_wide"))
    assert len(merged) == len(wide) == len(fact)
    shared = [name for name in fact.columns if f"{name}_wide" in merged]
    assert len(shared) > 15
    for name in shared:
        pd.testing.assert_series_equal(
            merged[name], merged[f"{name}_wide"], check_names=False
        )
    placed = wide.merge(clusters, on=key, validate="one_to_one", suffixes=("", "_c"))
    assert len(placed) == len(clusters) == wide["cluster"].notna().sum()
    assert (placed["cluster"] == placed["cluster_c"]).all()


def test_the_calendar_has_every_day(mart):
    days = mart("dim_dates")
    expected = pd.date_range("2011-01-01", "2024-12-31")
    assert sorted(days["date_day"]) == list(expected)
    assert (days["year"] == days["date_day"].dt.year).all()


@pytest.fixture(scope="module")
def metric_engine(warehouse, manifest, tmp_path_factory):
    """MetricFlow on a published warehouse, as `mf` has it in the project folder."""
    # loading it takes long, which processes with other tests do without
    from dbt_metricflow.cli.cli_configuration import CLIConfiguration

    paths = projects.copy_project(tmp_path_factory.mktemp("metrics"))
    paths.database.parent.mkdir(parents=True)
    shutil.copy2(warehouse, paths.database)
    # as a build leaves it
    paths.target.mkdir(exist_ok=True)
    shutil.copy2(manifest.with_name("semantic_manifest.json"), paths.target)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(paths.project)
        patch.setenv("COUPLING_TARGET", "published")
        configuration = CLIConfiguration()
        configuration.setup(configure_file_logging=False)
        yield configuration.mf


@pytest.mark.parametrize("metric", QUERIES)
def test_metricflow_answers_with_the_number_that_sql_gives(
    metric_engine, warehouse, metric
):
    from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

    first, *others = GROUPS[metric].split(",")
    groups = [first, "metric_time__year", *others]
    request = MetricFlowQueryRequest.create(
        metric_names=[metric], group_by_names=groups
    )
    answer = metric_engine.query(request).result_df
    found = pd.DataFrame(answer.rows, columns=answer.column_names)
    found["metric_time__year"] = pd.to_datetime(found["metric_time__year"]).dt.year
    keys = found[groups].itertuples(index=False, name=None)
    values = found[metric].astype(float)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        expected = connection.execute(QUERIES[metric]).fetchall()
    assert dict(zip(keys, values, strict=True)) == pytest.approx(
        {row[:-1]: row[-1] for row in expected}, rel=1e-12
    )


def exposures():
    """Name of each exposure, with the names of the models that it reads."""
    text = (PROJECT / "models" / "exposures.yml").read_text(encoding="utf-8")
    return {
        exposure["name"]: {ref.split("'")[-2] for ref in exposure["depends_on"]}
        for exposure in yaml.safe_load(text)["exposures"]
    }


def test_exports_name_every_mart_and_quality_table_once(warehouse):
    tables = projects.table(
        warehouse,
        "select table_name from information_schema.tables"
        " where table_schema in ('marts', 'quality')",
    )["table_name"]
    listed = [
        table
        for name, tables in exposures().items()
        if name.startswith("export_")
        for table in tables
    ]
    assert sorted(listed) == sorted(tables)


def test_pages_name_every_table_that_they_read():
    statements = [
        path.read_text("utf-8")
        for path in FOLDER.rglob("*.sql")
        # those of one study, which no page of the site shows
        if path.parent.name != "answers"
    ]
    words = set(re.findall(r"\w+", " ".join(statements)))
    listed = {
        table
        for name, tables in exposures().items()
        if name.startswith("page")
        for table in tables
    }
    everything = {
        table
        for name, tables in exposures().items()
        if name.startswith("export_")
        for table in tables
    }
    assert listed == (everything | sources(PROJECT).keys()) & words
