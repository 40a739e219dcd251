"""What years, groups, methods and surveys come to, worked out once more with pandas."""

import numpy as np
import pandas as pd
import projects
import pytest
from pytest import approx

STUDY_YEAR = ["study_id", "method_id", "year"]
DEGREES = ["coupling_degree", "comprehensive_index", "coupling_coordination_degree"]


@pytest.fixture(scope="module")
def coupling(warehouse):
    return projects.table(warehouse, "from marts.fct_coupling")


def test_years_of_a_study_have_their_means_extremes_and_spread(warehouse, coupling):
    found = projects.table(warehouse, "from marts.fct_study_years")
    found = found.set_index(STUDY_YEAR).sort_index()
    groups = coupling.groupby(STUDY_YEAR)
    degree = groups["coupling_coordination_degree"]
    expected = groups[DEGREES].mean()
    expected["highest"], expected["lowest"] = degree.max(), degree.min()
    # the sample standard deviation over the mean
    expected["variation"] = degree.std(ddof=1) / degree.mean()
    assert found["region_count"].equals(groups.size().astype("int32"))
    assert found["computed_count"].equals(degree.count().astype("int32"))
    columns = {
        "mean_coupling_degree": "coupling_degree",
        "mean_comprehensive_index": "comprehensive_index",
        "mean_coordination_degree": "coupling_coordination_degree",
        "highest_coordination_degree": "highest",
        "lowest_coordination_degree": "lowest",
        "coefficient_of_variation": "variation",
    }
    for name, other in columns.items():
        difference = (found[name] - expected[other]).abs()
        assert difference.max() < 1e-12, name
        assert found[name].isna().equals(expected[other].isna()), name
    gap = expected["highest"] - expected["lowest"]
    assert (found["degree_range"] - gap).abs().max() < 1e-12


def test_the_year_of_the_results_is_the_last_with_any(warehouse, coupling):
    found = projects.table(
        warehouse,
        "select study_id, method_id, year from marts.fct_study_years"
        " where is_result_year",
    )
    computed = coupling[coupling["status"] == "computed"]
    last = computed.groupby(["study_id", "method_id"])["year"].max().to_dict()
    assert found.set_index(["study_id", "method_id"])["year"].to_dict() == last


def test_groups_have_the_mean_of_their_regions(warehouse, coupling):
    found = projects.table(warehouse, "from marts.fct_group_years")
    studies = projects.table(warehouse, "from marts.dim_studies")
    groups = projects.table(warehouse, "from marts.dim_region_groups")
    computed = coupling[coupling["status"] == "computed"]
    rows = computed.merge(studies[["study_id", "grouping_id"]]).merge(
        groups[["grouping_id", "group_id", "region_code"]]
    )
    key = ["study_id", "method_id", "group_id", "year"]
    expected = rows.groupby(key)["coupling_coordination_degree"].agg(["mean", "count"])
    found = found.set_index(key).sort_index()
    assert len(found) > 100
    assert found.index.equals(expected.index)
    assert np.allclose(
        found["mean_coordination_degree"], expected["mean"], rtol=0, atol=1e-12
    )
    assert (found["computed_count"] == expected["count"]).all()


def test_methods_agree_as_pandas_has_it(warehouse, coupling):
    """Of the studies of few regions: every pair of methods, every year."""
    found = projects.table(warehouse, "from marts.fct_method_agreement")
    found = found.set_index(["study_id", "first_method_id", "second_method_id", "year"])
    study = "ecommerce_manufacturing_east"
    own = coupling[(coupling["study_id"] == study) & (coupling["status"] == "computed")]
    degrees = own.assign(
        degree=own["coupling_coordination_degree"].round(12)
    ).set_index(["method_id", "year", "region_code"])
    degrees = degrees.sort_index()
    methods = sorted(own["method_id"].unique())
    pairs = [(a, b) for a in methods for b in methods if a < b]
    assert len(pairs) == 36
    for first, second in pairs:
        for year in (2016, 2023):
            a, b = degrees.loc[first, year], degrees.loc[second, year]
            row = found.loc[study, first, second, year]
            assert row["region_count"] == len(a) == 10
            assert row["pearson_correlation"] == approx(
                a["degree"].corr(b["degree"]), abs=1e-9
            )
            assert row["spearman_correlation"] == approx(
                a["degree"].rank().corr(b["degree"].rank()), abs=1e-9
            )
            equal = (a["grade_level"] == b["grade_level"]).mean()
            assert row["equal_grade_share"] == approx(equal)
            moves = (a["coordination_rank"] - b["coordination_rank"]).abs()
            assert row["greatest_move"] == moves.max()
            if moves.max():
                moved = sorted(moves[moves == moves.max()].index)[0]
                assert row["moved_region_code"] == moved


def test_sources_of_an_indicator_count_each_figure_once(warehouse):
    found = projects.table(warehouse, "from marts.fct_indicator_sources")
    figures = projects.table(warehouse, "from marts.fct_indicator_figures")
    stated = pd.concat(
        [figures, figures.assign(source_id=figures["further_source_id"])]
    ).dropna(subset="source_id")
    key = ["study_id", "indicator_id", "series_id", "source_id"]
    cells = stated.drop_duplicates([*key, "region_code", "figure_year"]).groupby(key)
    expected = cells["figure_year"].agg(["size", "min", "max"])
    found = found.set_index(key).sort_index()
    assert found.index.equals(expected.index)
    assert found[["figure_count", "first_year", "last_year"]].to_numpy().tolist() == (
        expected.to_numpy().tolist()
    )


def test_surveys_and_scores_of_detectors_are_those_of_the_households(warehouse):
    surveys = projects.table(warehouse, "from marts.dim_surveys").set_index("survey_id")
    households = projects.table(warehouse, "from marts.fct_household_anomalies")
    assert set(surveys.index) == set(households["survey_id"])
    for survey_id, own in households.groupby("survey_id"):
        row = surveys.loc[survey_id]
        assert row["first_year"] == own["survey_year"].min()
        assert row["last_year"] == own["survey_year"].max()
        assert row["overridden_count"] == own["is_overridden"].fillna(False).sum()
        assert row["household_count"] == len(own)
        assert row["assessed_count"] == own["is_assessed"].sum()
        assert row["flagged_count"] == own["is_anomaly"].fillna(False).sum()
        assert row["is_simulated"] == own["is_simulated"].any()
    detections = projects.table(warehouse, "from intermediate.int_household_detections")
    scores = detections.dropna(subset="score").groupby(["survey_id", "detector"])
    found = projects.table(warehouse, "from marts.fct_detector_scores")
    found = found.set_index(["survey_id", "detector"]).sort_index()
    assert found.index.equals(scores["score"].size().index)
    assert (found["household_count"] == scores["score"].size()).all()
    assert (found["threshold"] == scores["threshold"].first()).all()
    for name, other in (("lowest", "min"), ("median", "median"), ("highest", "max")):
        expected = scores["score"].agg(other)
        assert (found[f"{name}_score"] - expected).abs().max() < 1e-12
    bins = projects.table(warehouse, "from marts.fct_detector_score_bins")
    bins = bins.sort_values("bin_start").groupby(["survey_id", "detector"])
    assert bins.groups.keys() == scores.groups.keys()
    for key, own in bins:
        values = scores.get_group(key)["score"]
        counts, edges = np.histogram(values, 40)
        assert list(own["household_count"]) == list(counts[counts > 0])
        assert list(own["bin_start"]) == approx(edges[:-1][counts > 0])
        assert list(own["bin_end"]) == approx(edges[1:][counts > 0])


def test_cells_of_an_indicator_add_up_and_twins_have_equal_values(warehouse):
    cells = projects.table(warehouse, "from quality.qc_indicator_cells")
    parts = [name for name in cells if name.endswith("_cells")]
    assert len(parts) == 7
    assert (cells[parts].sum(axis=1) == cells["cells"]).all()
    coverage = projects.table(warehouse, "from quality.qc_study_coverage")
    sums = cells.groupby("study_id")[["interpolated_cells", "carried_cells"]].sum()
    told = coverage.set_index("study_id")[["interpolated_cells", "carried_cells"]]
    assert sums.astype(int).equals(told.sort_index().astype(int))
    values = projects.table(
        warehouse,
        """
        select study_id, indicator_id, raw_value, region_code, year
        from marts.fct_indicator_values
        inner join marts.dim_studies using (study_id)
        where method_id = default_method_id
        """,
    )
    wide = {
        study: own.pivot(
            index=["region_code", "year"], columns="indicator_id", values="raw_value"
        )
        for study, own in values.groupby("study_id")
    }
    twins = projects.table(warehouse, "from quality.qc_same_figures")
    found = {(row.study_id, row.indicator_id) for row in twins.itertuples()}
    expected = {
        (study, name)
        for study, own in wide.items()
        for name in own
        if own[name].notna().any()
        and any(own[name].equals(own[other]) for other in own if other != name)
    }
    assert found == expected != set()
