"""The report pages, built from a small made-up warehouse.

Its tables have the columns and types that the models declare. Study `small` has two
systems, two years and four regions, one without a result; `three` has three systems,
one year, another method and hostile labels; in `empty` nothing is computed. Survey
`made_up` is simulated, has two features and a hostile household; `tiny` is not, has one
feature and no model of it is fitted.
"""
# ruff: noqa: RUF001, the pages print dashes and signs of their own

import json
import posixpath
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path, PurePosixPath

import duckdb
import pandas as pd
import pytest
import vl_convert
import yaml

from coupling_reports import charts, findings, papers, tables
from coupling_reports.site import build_site, page_name

MODELS = Path(__file__).parents[2] / "models"
HOSTILE = "<script>alert(1)</script>"
CLOSING = "</script><!-- & \"twice\" 'once'"
REASON = "an indicator in use has no figure for this region"
PAGES = [
    *("index.html", "small.html", "empty.html", "three.html"),
    *("papers.html", "households.html"),
]
CHAINS = [
    *(f"small-{code}.html" for code in "1234"),
    "empty-1.html",
    *(f"three-{code}.html" for code in "15"),
]
BANNER = "SIMULATED: no real household is behind these rows"
# tables whose columns the models describe without a type
UNTYPED = {
    "staging.stg_households": "survey_id text, household_id text, currency text",
    "intermediate.int_household_detections": (
        "survey_id text, household_id text, detector text, score double, "
        "threshold double, is_flagged boolean"
    ),
}


# --- the made-up warehouse --------------------------------------------------------


def study(study_id, label, last_year, region_count, method_id, **values):
    return {
        "study_id": study_id,
        "label": label,
        "label_zh": "研究",
        "first_year": 2020,
        "last_year": last_year,
        "region_count": region_count,
        "default_method_id": method_id,
        "grade_scheme_id": "two_levels",
        **values,
    }


def system(study_id, system_id, position, label, contribution):
    return {
        "study_id": study_id,
        "system_id": system_id,
        "system_position": position,
        "label": label,
        "label_zh": "系统",
        "contribution": contribution,
    }


def method(method_id, label, **values):
    return {"method_id": method_id, "label": label, **values}


def grade(level, lower, upper, name):
    return {
        "grade_scheme_id": "two_levels",
        "grade_level": level,
        "lower_bound": lower,
        "upper_bound": upper,
        "grade": name,
        "grade_zh": "级",
    }


def indicator(study_id, indicator_id, system_id, criterion, position, **values):
    return {
        "study_id": study_id,
        "indicator_id": indicator_id,
        "system_id": system_id,
        "criterion": criterion,
        "indicator_position": position,
        "label": f"Label of {indicator_id}",
        "label_zh": "指标",
        "unit": "items",
        "direction": "+",
        "operator": "identity",
        "numerator_series_id": "one",
        "scale": 1.0,
        "coverage_status": "measured",
        "is_computed": True,
        **values,
    }


def series(series_id, label, publisher, quality, **values):
    return {
        "series_id": series_id,
        "label": label,
        "unit": "units",
        "publisher": publisher,
        "title": f"Yearbook of {series_id}",
        "citation": f"Citation of {series_id}",
        "quality": quality,
        **values,
    }


def result(study_id, method_id, region_code, year, degree, rank, lagging="a"):
    return {
        "study_id": study_id,
        "method_id": method_id,
        "region_code": region_code,
        "year": year,
        "coupling_degree": 0.9,
        "comprehensive_index": degree**2 / 0.9,
        "coupling_coordination_degree": degree,
        "grade_level": 2 if degree > 0.5 else 1,
        "grade": "high" if degree > 0.5 else "low",
        "lagging_system_id": lagging,
        "coordination_rank": rank,
        "status": "computed",
        "is_default_method": (study_id, method_id)
        in [("small", "plain"), ("three", "other")],
    }


def no_result(study_id, region_code, year, status, reason):
    return {
        "study_id": study_id,
        "method_id": "plain",
        "region_code": region_code,
        "year": year,
        "status": status,
        "status_reason": reason,
        "is_default_method": True,
    }


def score(study_id, method_id, system_id, region_code, year, value, is_default=True):
    return {
        "study_id": study_id,
        "method_id": method_id,
        "system_id": system_id,
        "region_code": region_code,
        "year": year,
        "score": value,
        "status": "missing_value" if value is None else "computed",
        "is_default_method": is_default,
    }


def obstacle(study_id, method_id, year, level, item_id, degree, rank, region="ALL"):
    return {
        "study_id": study_id,
        "method_id": method_id,
        "region_code": region,
        "year": year,
        "level": level,
        "item_id": item_id,
        "obstacle_degree": degree,
        "obstacle_rank": rank,
    }


def contribution(
    study_id, method_id, region, year, system_id, indicator_id, y, part=None
):
    return {
        "study_id": study_id,
        "method_id": method_id,
        "region_code": region,
        "year": year,
        "system_id": system_id,
        "indicator_id": indicator_id,
        "raw_value": y and 100 * y,
        "value_origin": "missing" if y is None else "observed",
        "year_before": y and year,
        "year_after": y and year,
        "min_value": 0.0,
        "max_value": 100.0,
        "direction": "+",
        "normalised_value": y,
        "weight": 0.2,
        "score": y,
        "squared_distance_to_best": y and 0.04 * (1 - y) ** 2,
        "squared_distance_to_worst": y and 0.04 * y**2,
        "coordination_change": part,
        "coordination_change_contribution": part,
        "obstacle_degree": y and 1 - y,
        "status": "missing_value" if y is None else "computed",
        "change_status": "computed" if part else "first_year",
    }


def figure(study_id, indicator_id, region, year, role, series_id, value):
    return {
        "study_id": study_id,
        "indicator_id": indicator_id,
        "region_code": region,
        "year": year,
        "role": role,
        "series_id": series_id,
        "figure_year": year,
        "derived_year": year,
        "figure": value,
        "quality": None if role == "land_area" else "C",
        "value_origin": "observed",
    }


def weight(study_id, method_id, system_id, indicator_id, value, **values):
    return {
        "study_id": study_id,
        "method_id": method_id,
        "system_id": system_id,
        "indicator_id": indicator_id,
        "weight": value,
        "study_weight": None if value is None else value / 2,
        "status": "used",
        **values,
    }


def cell(indicator_id, region_code, year, origin):
    return {
        "study_id": "small",
        "method_id": "plain",
        "indicator_id": indicator_id,
        "region_code": region_code,
        "year": year,
        "value_origin": origin,
    }


def household(survey_id, number, **values):
    return {
        "survey_id": survey_id,
        "household_id": f"h{number:04d}",
        "survey_year": 2021,
        "is_simulated": survey_id == "made_up",
        "is_assessed": True,
        "is_anomaly": False,
        "is_overridden": False,
        "rule_version": "1",
        **values,
    }


def flagged(survey_id, number, score, reason, **values):
    return household(
        survey_id,
        number,
        **{
            "is_anomaly": True,
            "anomaly_reason": reason,
            "deciding_detector": "isolation_forest",
            "deciding_score": score,
            "deciding_threshold": 0.5,
            **values,
        },
    )


def detector(survey_id, name, flagged_count, **values):
    return {
        "survey_id": survey_id,
        "detector": name,
        "is_default_detector": name == "isolation_forest",
        "threshold": 0.5,
        "assessed_count": 1624,
        "flagged_count": flagged_count,
        **{f"also_{other}_count": 7 for other in ("mean_rank", "vote", "three_sigma")},
        "also_isolation_forest_count": flagged_count - 1,
        "also_local_outlier_factor_count": 3,
        **values,
    }


def metric(name, about, value, survey_id="made_up", status="fitted"):
    return {
        "survey_id": survey_id,
        "metric": name,
        "about": about,
        "value": value,
        "status": status,
    }


def curve(survey_id, cluster_count, squares, silhouette, **values):
    return {
        "survey_id": survey_id,
        "cluster_count": cluster_count,
        "within_sum_of_squares": squares,
        "silhouette": silhouette,
        "is_elbow": False,
        "is_best_silhouette": False,
        "is_chosen": False,
        **values,
    }


def rule(outcome, rank, sentence):
    return {
        "survey_id": "made_up",
        "outcome": outcome,
        "rule_rank": rank,
        "antecedent": "low income",
        "item_count": 1,
        "household_count": 1,
        "antecedent_household_count": 1,
        "support": 0.1,
        "confidence": 0.5,
        "lift": 2.0,
        "leverage": 0.1,
        "sentence": sentence,
    }


def claim(paper_id, check_name, key, verdict, printed=1.0, found=1.0, **values):
    both = printed is not None and found is not None
    return {
        "check_id": f"{paper_id}_{key.replace(' ', '_')}",
        "paper_id": paper_id,
        "table_name": "table_4",
        "place": f"Row {key}",
        "claim": f"Claim {key}",
        "check_name": check_name,
        "printed_value": printed,
        "printed_text": "a word" if printed is None else f"{printed:.2f}",
        "recomputed_value": found,
        "recomputed_text": "a word" if printed is None else None,
        "difference": found - printed if both else None,
        "tolerance": 0.005 if both else None,
        "verdict": verdict,
        "explanation": f"Explanation {key}.",
        **values,
    }


def criterion_of(i):
    """Criteria of study small: X1 to X3 and X4 to X5 in a, X6 to X9 in b."""
    return ("a", "First") if i < 4 else ("a", "Second") if i < 6 else ("b", "First")


CLASSES = {"normal": 1602, "anomalous": 22}
HOUSEHOLDS = [
    *(household("made_up", i) for i in range(1600)),
    *(flagged("made_up", i, i / 10_000, f"Reason {i}.") for i in range(7000, 7021)),
    flagged("made_up", 0, 0.99, CLOSING, household_id=HOSTILE),
    flagged("made_up", 8000, 0.98, HOSTILE, is_anomaly=False, is_overridden=True),
    flagged("made_up", 8001, None, "Settled by hand.", is_overridden=True),
    *(
        household(
            "made_up",
            i,
            is_assessed=False,
            is_anomaly=None,
            not_assessed_reason="no income" if i < 9002 else HOSTILE,
        )
        for i in range(9000, 9003)
    ),
    *(household("tiny", i) for i in range(3)),
]

WAREHOUSE = {
    "dim_studies": [
        study("small", "Small study", 2021, 4, "plain", paper_id="07"),
        study("empty", "Empty study", 2021, 1, "plain", paper_id="08"),
        study("three", HOSTILE, 2020, 2, "other", label_zh=CLOSING),
    ],
    "dim_systems": [
        system("small", "a", 1, "System A", 0.4),
        system("small", "b", 2, "System B", 0.6),
        system("empty", "a", 1, "System A", 0.5),
        system("empty", "b", 2, "System B", 0.5),
        system("three", "a", 1, HOSTILE, 0.2),
        system("three", "b", 2, CLOSING, 0.3),
        system("three", "c", 3, "System C", 0.5),
    ],
    "dim_methods": [
        method(
            "plain",
            "Plain method",
            normalisation_scope="panel",
            zero_rule="exact",
            weighting="entropy",
            aggregation="topsis",
            coupling_formula="standard",
        ),
        method(
            "other",
            CLOSING,
            normalisation_scope="year",
            zero_rule="shift",
            epsilon=0.01,
            weighting="critic",
            aggregation="geometric",
            coupling_formula="wang_2021",
        ),
    ],
    "dim_grades": [grade(1, 0.0, 0.5, "low"), grade(2, 0.5, 1.0, "high")],
    "dim_regions": [
        {"region_code": code, "region": region, "name_zh": name_zh}
        for code, region, name_zh in [
            ("1", "Alpha", "甲地"),
            ("2", "Beta", "乙地"),
            ("3", "Gamma", "丙地"),
            ("4", "Delta", "丁地"),
            ("5", HOSTILE, CLOSING),
        ]
    ],
    "dim_series": [
        series("one", "Series one", "Office Z; Office A", "A"),
        series("two", "Series two", "Office Z", "B", quality_note="breaks in 2020"),
        series("unused", "Series unused", "Office U", "C"),
        series("bad", HOSTILE, CLOSING, "C", title=HOSTILE, citation=CLOSING),
    ],
    "dim_indicators": [
        *(indicator("small", f"X{i}", *criterion_of(i), i) for i in range(1, 9)),
        indicator(
            *("small", "X9", *criterion_of(9), 9),
            direction="-",
            operator="ratio",
            denominator_series_id="two",
            scale=100.0,
            coverage_status="proxy",
            coverage_note="something near",
        ),
        indicator(
            *("small", "X10", "b", "Third", 10),
            unit=None,
            operator=None,
            numerator_series_id="unused",
            scale=None,
            coverage_status="excluded",
            is_computed=False,
        ),
        indicator(
            *("three", "Y1", "a", HOSTILE, 1),
            label=HOSTILE,
            operator="own_rule",
            numerator_series_id="bad",
            coverage_note=CLOSING,
        ),
        indicator("three", "Y2", "b", CLOSING, 2, label=CLOSING, unit=HOSTILE),
    ],
    "fct_coupling": [
        result("small", "plain", "1", 2020, 0.61, 1),
        result("small", "plain", "2", 2020, 0.41, 2, "synchronous"),
        result("small", "plain", "3", 2020, 0.21, 3),
        no_result("small", "4", 2020, "missing_value", REASON),
        result("small", "plain", "1", 2021, 0.7126, 1),
        result("small", "plain", "2", 2021, 0.5817, 2, "b"),
        result("small", "plain", "3", 2021, 0.3308, 3, "synchronous"),
        no_result("small", "4", 2021, "missing_value", REASON),
        result("small", "other", "1", 2021, 0.5, 1),
        result("small", "other", "2", 2021, 0.3, 3),
        result("small", "other", "3", 2021, 0.4, 2),
        no_result("empty", "1", 2020, "no_usable_indicator", "no indicator to use"),
        no_result("empty", "1", 2021, "no_usable_indicator", "no indicator to use"),
        result("three", "other", "1", 2020, 0.45, 1, "c"),
        result("three", "other", "5", 2020, 0.45, 1, "c"),
    ],
    "fct_system_scores": [
        *(
            score("small", "plain", system_id, region, year, value + year / 10 - 202)
            for year in (2020, 2021)
            for system_id, region, value in [
                ("a", "1", 0.7),
                ("a", "2", 0.2),
                ("a", "3", 0.0),
                ("b", "1", 0.8),
                ("b", "2", 0.5),
                ("b", "3", 0.5),
            ]
        ),
        score("small", "plain", "a", "4", 2021, None),
        score("small", "other", "a", "1", 2021, 0.99, is_default=False),
        *(
            score("three", "other", system_id, region, 2020, 0.4)
            for system_id in ("a", "b", "c")
            for region in ("1", "5")
        ),
    ],
    "fct_indicator_contributions": [
        contribution("small", "plain", "1", 2020, "a", "X1", 0.25),
        contribution("small", "plain", "1", 2021, "a", "X1", 0.5, 0.1026),
        contribution("small", "other", "1", 2021, "a", "X1", 0.75, 0.9),
        contribution("small", "plain", "4", 2021, "a", "X1", None),
        contribution("three", "other", "5", 2020, "a", "Y1", 0.25),
    ],
    "fct_indicator_figures": [
        figure("small", "X1", "1", 2020, "numerator", "one", 1234567.25),
        figure("small", "X1", "1", 2021, "numerator", "one", 0.0625),
        figure("three", "Y1", "5", 2020, "land_area", "land_area_10k_km2", 7.5),
        figure("three", "Y1", "5", 2020, "numerator", "bad", 15.0),
    ],
    "fct_obstacle_rankings": [
        # X1 leads in 2020 and X9 in 2021; the ninth is not among the eight shown
        *(
            obstacle("small", "plain", 2020, "indicator", f"X{i}", (10 - i) / 45, i)
            for i in range(1, 10)
        ),
        *(
            obstacle("small", "plain", 2021, "indicator", f"X{i}", i / 45, 10 - i)
            for i in range(1, 10)
        ),
        obstacle("small", "plain", 2021, "indicator", "X2", 0.99, 1, region="1"),
        obstacle("small", "other", 2021, "indicator", "X2", 0.98, 1),
        *(
            obstacle("small", "plain", year, "criterion", item_id, degree, rank)
            for year, step in ((2020, 0.0), (2021, 0.0625))
            for item_id, degree, rank in [
                ("a: First", 0.5 + step, 1),
                ("b: First", 0.3 - step, 2),
                ("a: Second", 0.2, 3),
            ]
        ),
        obstacle("three", "other", 2020, "indicator", "Y1", 0.5, 1),
        obstacle("three", "other", 2020, "indicator", "Y2", 0.5, 1),
        obstacle("three", "other", 2020, "criterion", f"a: {HOSTILE}", 0.5, 1),
        obstacle("three", "other", 2020, "criterion", f"b: {CLOSING}", 0.5, 1),
    ],
    "fct_indicator_weights": [
        *(weight("small", "plain", "a", f"X{i}", 0.2) for i in range(1, 6)),
        *(weight("small", "plain", "b", f"X{i}", 0.25) for i in range(6, 9)),
        weight("small", "plain", "b", "X9", None, status="no_data"),
        weight("small", "other", "a", "X1", 0.77, year=2021),
        weight("three", "other", "a", "Y1", 0.61, year=2019),
        weight("three", "other", "a", "Y1", 0.62, year=2020),
        weight("three", "other", "b", "Y2", 1.0, year=2020),
    ],
    "fct_indicator_values": [
        *(cell("X1", region, 2020, "carried") for region in "1234"),
        cell("X2", "1", 2020, "interpolated"),
        cell("X2", "1", 2021, "interpolated"),
        cell("X2", "3", 2021, "interpolated"),
        cell("X2", "2", 2021, "observed"),
        cell("X9", "4", 2020, "missing"),
    ],
    "qc_study_coverage": [
        {
            "study_id": "small",
            "paper_indicators": 10,
            "measured": 8,
            "proxy": 1,
            "no_series": 0,
            "excluded": 1,
            "degenerate": 1,
            "cells": 1234,
            "observed_cells": 1226,
            "interpolated_cells": 3,
            "carried_cells": 4,
            "missing_cells": 1,
            "computed_share": 0.9,
            "interpolated_share": 0.025,
            "carried_share": 0.125,
        },
        {
            "study_id": "three",
            "paper_indicators": 2,
            "measured": 2,
            "proxy": 0,
            "no_series": 0,
            "excluded": 0,
            "degenerate": 0,
            "cells": 4,
            "observed_cells": 4,
            "interpolated_cells": 0,
            "carried_cells": 0,
            "missing_cells": 0,
            "computed_share": 1.0,
            "interpolated_share": 0.0,
            "carried_share": 0.0,
        },
    ],
    "fct_replication": [
        {
            "study_id": "small",
            "paper_id": "07",
            "method_id": method_id,
            "is_default_method": method_id == "plain",
            "year": 2021,
            "region_count": 3,
            "pearson_correlation": correlation,
            "spearman_correlation": 0.5,
            "mean_absolute_difference": 0.0456,
            "mean_difference": 0.0421,
            "mean_coupling_degree_difference": -0.0312,
            "equal_grade_share": 0.6667,
            "paper_indicators": 10,
            "measured": 8,
            "proxy": 1,
            "computed_share": 0.9,
            "reading_note": "printed twice; read as Alpha",
        }
        for method_id, correlation in (("plain", 0.8765), ("other", 0.1111))
    ],
    "fct_replication_obstacles": [
        {
            "study_id": "small",
            "method_id": method_id,
            "is_default_method": method_id == "plain",
            "year": 2021,
            "printed_count": 8,
            "with_figures_count": 6,
            "proxy_count": 2,
            "overlap_count": 5,
            "compared_count": 6,
            "spearman_correlation": correlation,
            "paper_indicators": 10,
            "computed_share": 0.9,
        }
        for method_id, correlation in (("plain", -0.4321), ("other", 0.1111))
    ],
    "fct_published_checks": [
        claim("07", "text", "wide", "disagrees", 2.0, 9.0, explanation=HOSTILE),
        claim("07", "text", "narrow", "disagrees", 2.0, 2.5),
        claim("07", "text", "narrower", "disagrees", 4.0, 4.5),
        claim("07", "text", "narrowest", "disagrees", 8.0, 8.25),
        claim("07", "text", "missing", "cannot_be_recomputed", 3.0, None),
        claim("08", "loss_rate", "sound", "agrees", 1.0, 1.0),
        claim("08", "loss_rate", "half", "disagrees", 10.0, 15.0),
        claim("08", "own_check", "words", "disagrees", None, None, claim=HOSTILE),
        *(
            claim("08", check, f"{check} {i}", "agrees" if i < fits else "disagrees")
            for check, fits in (
                ("growth_over_n_minus_1", 0),
                ("growth_over_n", 1),
                ("growth_over_n_plus_1", 2),
            )
            for i in range(3)
        ),
    ],
    "stg_households": [
        {
            "survey_id": row["survey_id"],
            "household_id": row["household_id"],
            "currency": "CNY" if row["survey_id"] == "made_up" else "BEF",
        }
        for row in HOUSEHOLDS
    ],
    "int_household_detections": [
        {
            "survey_id": row["survey_id"],
            "household_id": row["household_id"],
            "detector": "isolation_forest",
            "score": row.get("deciding_score") or (0.25 if i % 2 else 0.45),
            "threshold": 0.5,
            "is_flagged": row["is_anomaly"],
        }
        for i, row in enumerate(HOUSEHOLDS)
        if row["is_assessed"]
    ],
    # nothing is forecast here; test_forecast_page.py reads the shipped forecasts
    "fct_forecasts": [],
    "fct_household_anomalies": HOUSEHOLDS,
    "fct_detector_comparison": [
        detector(
            "made_up",
            "isolation_forest",
            22,
            planted_count=20,
            average_precision=0.4321,
            precision_at_k=0.25,
            recall=0.125,
            false_positive_rate=0.0625,
        ),
        detector("made_up", "three_sigma", 9, planted_count=20),
        detector("tiny", "isolation_forest", 1),
    ],
    "fct_household_clusters": [
        {
            "survey_id": row["survey_id"],
            "household_id": row["household_id"],
            "cluster": 1 + i % 2,
            "distance_to_centre": 0.5,
            "component_1": i / 1000,
            "component_2": -i / 1000 if row["survey_id"] == "made_up" else None,
        }
        for i, row in enumerate(HOUSEHOLDS)
        if row["is_assessed"]
    ],
    "fct_household_cluster_curves": [
        curve("made_up", 2, 80.5, 0.61, is_best_silhouette=True, is_chosen=True),
        curve("made_up", 3, 40.25, 0.42, is_elbow=True),
    ],
    "fct_household_component_loadings": [
        {
            "survey_id": survey_id,
            "component": component,
            "feature": "per_capita_income",
            "loading": loading,
            "explained_variance_ratio": share,
        }
        for survey_id, component, loading, share in [
            ("made_up", 1, -0.8, 0.7),
            ("made_up", 2, 0.6, 0.2),
            ("tiny", 1, 1.0, 1.0),
        ]
    ],
    "fct_household_cluster_profiles": [
        {
            "survey_id": "made_up",
            "cluster": cluster,
            "household_count": 812,
            "household_share": 0.5,
            "median_net_income_cny": 81_450.4 * cluster,
            "median_asset_debt_ratio": 0.1234 if cluster == 1 else None,
            "anomaly_count": 11,
            "anomaly_share": 0.0135,
        }
        for cluster in (1, 2)
    ],
    "fct_anomaly_classifier": [
        *(metric("households", about, n) for about, n in CLASSES.items()),
        *(metric("test_households", about, 10) for about in CLASSES),
        metric("confusion", "normal taken for normal", 9),
        metric("confusion", "normal taken for anomalous", 1),
        metric("confusion", "anomalous taken for normal", 3),
        metric("confusion", "anomalous taken for anomalous", 7),
        metric("accuracy", "all", 0.8),
        metric("f1", "normal", 0.8182),
        metric("f1", "anomalous", 0.7778),
        metric("precision", "anomalous", None),
        metric("five_fold_f1_mean", "anomalous", 0.7654),
        metric("five_fold_f1_sd", "anomalous", 0.0321),
        metric("importance_mean", "net_income_cny", 0.1),
        metric("importance_sd", "net_income_cny", 0.02),
        metric("importance_mean", "family_size", -0.05),
        metric("importance_sd", "family_size", None),
        metric("importance_mean", HOSTILE, 0.3),
        metric("debt_cut_cny", "non_mortgage_debt_cny", 9600.0),
        metric("debt_sensitivity", "non_mortgage_debt_cny", 0.68),
        metric("debt_specificity", "non_mortgage_debt_cny", 0.755),
        metric("debt_youden_j", "non_mortgage_debt_cny", 0.435),
        metric("f1", "normal", None, "tiny", "too few are flagged"),
    ],
    "fct_anomaly_rules": [
        *(rule("anomalous", i, f"Rule {i} of the anomalous.") for i in range(1, 8)),
        rule("normal", 1, HOSTILE),
    ],
    "fct_consumption_model": [
        {
            "survey_id": "made_up",
            "held_out": "all",
            "scale": scale,
            "test_household_count": 400,
            "train_household_count_with_flagged": 1200,
            "train_household_count_without_flagged": 1180,
            "rmse_with_flagged": rmse,
            "rmse_without_flagged": rmse / 2,
            "change_pct": -4.04,
            "status": "fitted",
        }
        for scale, rmse in (("asinh", 0.3042), ("money", 43_616.0))
    ]
    + [
        {
            "survey_id": "tiny",
            "held_out": "all",
            "scale": "asinh",
            "status": "too few households",
        }
    ],
}


def declared_models():
    """Yield the schema and the declaration of each model of the made-up warehouse."""
    for schema in ("marts", "quality"):
        for path in sorted((MODELS / schema).rglob("_*.yml")):
            declared = yaml.safe_load(path.read_text(encoding="utf-8"))
            for model in declared.get("models", []):
                if model["name"] in WAREHOUSE:
                    yield schema, model


def write_warehouse(path, rows_of):
    with duckdb.connect(path) as con:
        con.execute("create schema marts; create schema quality")
        con.execute("create schema staging; create schema intermediate")
        columns_of = {
            f"{schema}.{model['name']}": ", ".join(
                f"{column['name']} {column['data_type']}" for column in model["columns"]
            )
            for schema, model in declared_models()
        }
        for table, columns in (columns_of | UNTYPED).items():
            con.execute(f"create table {table} ({columns})")
            rows = rows_of.get(table.split(".")[1], [])
            if rows:
                frame = pd.DataFrame(rows)  # noqa: F841, read by the statement
                con.execute(f"insert into {table} by name select * from frame")
    return path


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return write_warehouse(tmp_path_factory.mktemp("db") / "made_up.duckdb", WAREHOUSE)


@pytest.fixture(scope="module")
def site(database, tmp_path_factory):
    output = tmp_path_factory.mktemp("out") / "not" / "there" / "yet"
    assert [path.name for path in build_site(database, output)] == PAGES + CHAINS
    names = [*PAGES, *(f"chains/{name}" for name in CHAINS)]
    return {name: (output / name).read_text(encoding="utf-8") for name in names}


# --- reading a page ---------------------------------------------------------------


class Page(HTMLParser):
    """Text, attributes, tables by caption and scripts of an HTML page."""

    def __init__(self, source):
        super().__init__()
        self.tags, self.text, self.scripts, self.tables = [], "", [], {}
        self.caption, self.rows, self.open = "", [], []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.open.append(tag)
        if tag == "table":
            self.caption, self.rows = "", []
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        elif tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass
        if tag == "table":
            rows = [[" ".join(cell.split()) for cell in row] for row in self.rows]
            self.tables[" ".join(self.caption.split())] = rows

    def handle_data(self, data):
        if "script" in self.open:
            self.scripts[-1] += data
        elif "style" not in self.open:
            self.text += data
        if "caption" in self.open:
            self.caption += data
        elif "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data

    def table(self, caption):
        [rows] = [rows for name, rows in self.tables.items() if caption in name]
        return rows

    def charts(self):
        [script] = [text for text in self.scripts if text.startswith("{")]
        return json.loads(script)


@pytest.fixture(scope="module")
def small(site):
    return Page(site["small.html"])


@pytest.fixture(scope="module")
def three(site):
    return Page(site["three.html"])


@pytest.fixture(scope="module")
def empty(site):
    return Page(site["empty.html"])


@pytest.fixture(scope="module")
def surveys(site):
    return Page(site["households.html"])


# --- pages and files --------------------------------------------------------------


def test_the_index_links_the_page_of_every_study(site):
    index = Page(site["index.html"])
    links = [attributes["href"] for tag, attributes in index.tags if tag == "a"]
    assert links == PAGES[1:]
    assert "Small study" in index.text
    assert "Alpha comes first" in index.text


def test_pages_of_studies_that_are_gone_are_removed_and_nothing_else(
    database, tmp_path
):
    (tmp_path / "chains").mkdir()
    for name in ("gone.html", "kept.txt", "small.html", "chains/gone-1.html"):
        (tmp_path / name).write_text("old", encoding="utf-8")
    build_site(database, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [*PAGES, "chains", "kept.txt"]
    )
    assert sorted(path.name for path in (tmp_path / "chains").iterdir()) == sorted(
        CHAINS
    )
    assert (tmp_path / "small.html").read_text(encoding="utf-8") != "old"


def test_the_same_figures_in_another_order_give_the_same_bytes(site, tmp_path):
    turned = {table: rows[::-1] for table, rows in WAREHOUSE.items()}
    paths = build_site(write_warehouse(tmp_path / "db", turned), tmp_path / "site")
    assert {
        path.relative_to(tmp_path / "site").as_posix(): path.read_text(encoding="utf-8")
        for path in paths
    } == site


def test_a_warehouse_without_studies_gives_an_index_alone(tmp_path):
    paths = build_site(write_warehouse(tmp_path / "db", {}), tmp_path / "site")
    assert [path.name for path in paths] == ["index.html"]
    assert "holds no study" in paths[0].read_text(encoding="utf-8")


def test_a_missing_database_is_named_and_not_created(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"absent\.duckdb"):
        build_site(tmp_path / "absent.duckdb", tmp_path / "site")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "study_id",
    [
        *("", "..", "../up", "a b", "a.b", "index", "Index"),
        *("forecasts", "households", "Households"),
    ],
)
def test_a_study_id_that_cannot_name_a_page_is_refused(study_id):
    with pytest.raises(ValueError, match="cannot name a page"):
        page_name(study_id)


def test_a_refused_study_leaves_the_pages_as_they_are(tmp_path):
    studies = [*WAREHOUSE["dim_studies"], study("../up", "Up", 2021, 1, "plain")]
    path = write_warehouse(tmp_path / "db", WAREHOUSE | {"dim_studies": studies})
    with pytest.raises(ValueError, match="cannot name a page"):
        build_site(path, tmp_path / "site")
    assert [entry.name for entry in tmp_path.iterdir()] == ["db"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_under_two_megabytes(site, name):
    assert 1_000 < len(site[name].encode()) < 2_000_000


# --- chains -----------------------------------------------------------------------


def test_every_degree_of_a_study_leads_to_its_year_of_the_chain(small):
    links = [tags["href"] for tag, tags in small.tags if tag == "a"]
    assert links.count("chains/small-2.html#y2020") == 1
    # region, D, C, T, grade and lagging system of the ranking, and D by year
    assert links.count("chains/small-2.html#y2021") == 7
    # without a result: region, the reason and the dash
    assert links.count("chains/small-4.html#y2021") == 3


def test_a_chain_tells_figures_shares_and_what_moved_the_degree(site):
    page = Page(site["chains/small-1.html"])
    assert "Alpha's D rose by 0.103 to 0.713, mostly through Label of X1" in page.text
    assert "Alpha's D is 0.610." in page.text
    assert "it is the first year of the study" in page.text
    header, row, total = page.table("System A, 2021")
    assert row[:3] == [
        "X1 Label of X1",
        "numerator, 2021: 0.0625 units Series one (C)",
        "50 items",
    ]
    assert row[3:] == [
        *("observed", "0 – 100 (+)", "0.500", "0.200", "0.0100", "0.0100"),
        *("+0.103", "50.0%"),
    ]
    assert header[7:9] == ["Squared distance to best", "Squared distance to worst"]
    assert total == ["System A", "+0.103", "50.0%"]
    assert "1,234,567.25" in page.text
    assert "Citation of one" in page.text
    assert "0.9" not in " ".join(row)


def test_a_chain_without_a_degree_says_why(site):
    page = Page(site["chains/small-4.html"])
    assert f"Delta has no D in 2021: {REASON}." in page.text
    assert page.table("System A, 2021")[1][1:3] == ["no figure", "– items"]
    empty = Page(site["chains/empty-1.html"])
    assert "Alpha has no D in 2020: no indicator to use." in empty.text


# --- safety -----------------------------------------------------------------------


@pytest.mark.parametrize("name", [*PAGES, *(f"chains/{name}" for name in CHAINS)])
def test_nothing_is_loaded_from_elsewhere(site, name):
    page = Page(site[name])
    loading = ("src", "srcset", "data", "poster", "action", "background", "xlink:href")
    loaded = [
        (tag, key)
        for tag, attributes in page.tags
        for key in loading
        if key in attributes
    ]
    assert loaded == []
    assert not any(tag in ("link", "iframe", "object", "base") for tag, _ in page.tags)
    targets = [
        attributes["href"] for _, attributes in page.tags if "href" in attributes
    ]
    assert targets
    folder = PurePosixPath("pages", name).parent
    for target in targets:
        path, _, anchor = target.partition("#")
        linked = posixpath.normpath(folder / path).removeprefix("pages/")
        linked = linked if path else name
        assert linked in site
        assert not anchor or f'id="{anchor}"' in site[linked]
    [style] = re.findall(r"<style>(.*?)</style>", site[name], flags=re.DOTALL)
    assert not re.search(r"@import|url\(", style)
    [policy] = [
        attributes["content"]
        for tag, attributes in page.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy


@pytest.mark.parametrize("name", ["small.html", "three.html"])
def test_charts_hold_their_data_and_no_address(site, name):
    specifications = Page(site[name]).charts()
    assert list(specifications) == ["criteria", "obstacles", "ranking", "trend"]
    assert not re.search(r'https?:|"url"', json.dumps(specifications))


def test_hostile_labels_are_text(site, three):
    assert len(three.scripts) == 3
    assert "alert(1)" not in "".join(three.scripts[::2])
    assert HOSTILE not in site["three.html"]
    assert HOSTILE not in site["index.html"]
    # title, heading, system, criterion, indicator, unit, region, series, ...
    assert three.text.count(HOSTILE) > 10
    assert three.text.count(CLOSING) > 10
    assert HOSTILE in three.text.split("All studies")[0]


def test_hostile_labels_do_not_end_the_script_that_holds_the_charts(three):
    [script] = [text for text in three.scripts if text.startswith("{")]
    assert "<" not in script
    labels = [row["region"] for row in data_of(three.charts()["ranking"])]
    assert labels == ["1  Alpha", f"1  {HOSTILE}"]


@pytest.mark.parametrize("name", PAGES)
def test_no_page_shows_a_missing_value_as_nan_or_none(site, name):
    page = Page(site[name])
    assert not re.search(
        r"\b(nan|none|null|nat|undefined|inf)\b", page.text, flags=re.I
    )


# --- access -----------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_tables_have_captions_and_scopes_and_charts_have_descriptions(site, name):
    page = Page(site[name])
    assert ("html", {"lang": "en"}) in page.tags
    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert all(page.tables)
    scopes = {attributes.get("scope") for tag, attributes in page.tags if tag == "th"}
    assert scopes <= {"col", "row", "rowgroup"}
    described = {
        attributes["id"]: attributes["aria-label"]
        for _, attributes in page.tags
        if attributes.get("class") == "chart"
    }
    specifications = page.charts() if described else {}
    assert described == {
        f"chart-{chart}": specification["description"]
        for chart, specification in specifications.items()
    }
    assert all(len(description) > 40 for description in described.values())


# --- numbers ----------------------------------------------------------------------


def test_the_ranking_shows_the_degrees_of_the_last_year(small):
    header, *rows = small.table("Regions by coupling coordination degree, 2021")
    assert header == ["Rank", "Region", "D", "C", "T", "Grade", "Lagging system"]
    assert rows == [
        ["1", "Alpha 甲地", "0.713", "0.900", "0.564", "high", "System A"],
        ["2", "Beta 乙地", "0.582", "0.900", "0.376", "high", "System B"],
        ["3", "Gamma 丙地", "0.331", "0.900", "0.122", "low", "synchronous"],
        ["–", "Delta 丁地", f"not computed: {REASON}"],
    ]


def test_the_means_are_those_of_the_regions_computed(small):
    header, *rows = small.table("Means over the regions by year")
    assert header[1:3] == ["System A", "System B"]
    # 2020: a (0.7 + 0.2 + 0) / 3, b (0.8 + 0.5 + 0.5) / 3, D (0.61 + 0.41 + 0.21) / 3
    # T is the mean of D^2 / 0.9; 2021 adds 0.1 to every score
    assert rows == [
        ["2020", "0.300", "0.600", "0.900", "0.216", "0.410", "3"],
        ["2021", "0.400", "0.700", "0.900", "0.354", "0.542", "3"],
    ]


def test_grades_are_counted_by_year_with_the_regions_not_computed(small):
    assert small.table("Regions in each grade by year") == [
        ["Grade", "D", "2020", "2021"],
        ["high 级", "(0.5, 1.0]", "1", "2"],
        ["low 级", "(0.0, 0.5]", "2", "1"],
        ["not computed", "1", "1"],
    ]


def test_obstacles_are_ranked_by_year_eight_of_nine(small):
    header, first, second = small.table("Largest obstacles by year")
    assert header[1::7] == ["First", "Eighth"]
    assert first[:3] == ["2020", "X1 20.0%", "X2 17.8%"]
    assert second[:3] == ["2021", "X9 20.0%", "X8 17.8%"]
    assert (first[8], second[8]) == ("X8 4.4%", "X2 4.4%")
    assert len(first) == len(second) == 9


def test_criterion_obstacles_keep_apart_criteria_of_the_same_name(small):
    assert small.table("Obstacle degree of all criteria") == [
        ["Criterion", "System", "2020", "2021"],
        ["First", "System A", "50.0%", "56.2%"],
        ["Second", "System A", "20.0%", "20.0%"],
        ["First", "System B", "30.0%", "23.8%"],
    ]


def test_weights_add_up_by_criterion_and_say_why_one_is_missing(small):
    rows = small.table("Weights by system, criterion and indicator")
    assert ["First", "0.600", "X1 Label of X1", "0.200", "0.100"] in rows
    assert ["X2 Label of X2", "0.200", "0.100"] in rows
    assert ["First", "0.750", "X6 Label of X6", "0.250", "0.125"] in rows
    assert ["X9 Label of X9 (proxy)", "no weight: no data"] in rows
    assert ["System B contribution α = 0.600"] in rows


def test_weights_set_by_year_are_those_of_the_last_year(three):
    rows = three.table("Weights by system, criterion and indicator")
    assert [HOSTILE, "0.620", f"Y1 {HOSTILE}", "0.620", "0.310"] in rows
    assert "The weights are set year by year; these are those of 2020." in three.text


def test_coverage_lists_every_indicator_with_its_derivation_and_source(small):
    rows = small.table("Indicators of the paper")
    assert [row[0].split()[0] for row in rows if row[0].startswith("X")] == [
        f"X{i}" for i in range(1, 11)
    ]
    [ninth] = [row for row in rows if row[0].startswith("X9")]
    assert ninth[1:] == [
        *("First", "proxy", "items", "−"),
        "ratio: Series one / Series two × 100",
        "something near; breaks in 2020",
        "Yearbook of one (A)Yearbook of two (B)",
    ]
    [tenth] = [row for row in rows if row[0].startswith("X10")]
    assert tenth[1:] == [
        *("Third", "excluded", "–", "+", "–", "–"),
        "Yearbook of unused (C)",
    ]
    assert "8 are measured as the paper does and 1 by a proxy, together 90.0%" in (
        small.text
    )


def test_imputed_cells_are_told_by_indicator_years_and_regions(small):
    assert "Of 1,234 cells" in small.text
    assert "3 (2.5%) are interpolated" in small.text
    assert small.table("Cells without a published figure")[1:] == [
        [
            "X1 Label of X1",
            "taken from the nearest known year",
            "2020",
            "all 4 regions",
            "4",
        ],
        [
            "X2 Label of X2",
            "interpolated between known years",
            "2020–2021",
            "Alpha",
            "2",
        ],
        ["X2 Label of X2", "interpolated between known years", "2021", "Gamma", "1"],
        [
            "X9 Label of X9 (proxy)",
            "missing, no figure in any year",
            "2020",
            "Delta",
            "1",
        ],
    ]


def test_methods_are_compared_by_mean_and_rank_correlation(small):
    # ranks 1 2 3 against 1 3 2: Spearman's 1 - 6 (0 + 1 + 1) / (3 (9 - 1)) = 0.5
    assert small.table("Results of 2021 by method")[1:] == [
        ["Plain method", "3", "0.542", "default"],
        [CLOSING, "3", "0.400", "0.500"],
    ]


def test_agreement_with_the_paper_is_shown_for_the_default_method_only(small, three):
    assert small.table("Agreement with the printed")[1:] == [
        ["2021", "3", "0.876", "0.046", "+0.042", "−0.031"]
    ]
    assert (
        "a comparison, not a replication. Even a high correlation over 3 regions says "
        "little about levels: on average our D is higher by 0.042 and our C is lower "
        "by 0.031."
    ) in small.text
    assert "not a replication" not in three.text


# --- what the papers print ---------------------------------------------------------


@pytest.fixture(scope="module")
def printed(site):
    return Page(site["papers.html"])


def test_verdicts_are_counted_by_paper_and_check(printed):
    assert "Of 17 claims in papers 07, 08, 4 agree, 12 disagree and 1 cannot" in (
        printed.text
    )
    rows = printed.table("Claims by paper, check and verdict")[1:]
    assert rows == [
        ["07", "sentences of the paper", "5", "0", "4", "1"],
        ["08", "growth rates fit their ends, over n years", "3", "1", "2", "0"],
        ["08", "growth rates fit their ends, over n - 1 years", "3", "0", "3", "0"],
        ["08", "growth rates fit their ends, over n + 1 years", "3", "2", "1", "0"],
        ["08", "loss rates follow from losses and product", "2", "1", "1", "0"],
        ["08", "own check", "1", "0", "1", "0"],
    ]


def test_the_widest_gap_is_told_first_and_words_last(printed):
    told = printed.text.split("What disagrees, and why")[1].split("Of 3 growth")[0]
    places = [
        told.index(text)
        for text in (
            "Row wide: Claim wide",  # 9 for 2
            "Row narrow: Claim narrow.",
            "Row narrower: Claim narrower",
            "Row half: Claim half",  # 15 for 10, behind the worst of its paper
            "Row growth_over_n 1",  # no gap
            "Row words",  # not a number
        )
    ]
    assert places == sorted(places)
    assert "4 of 5 claims disagree" in told
    assert "1 of 2 claims disagrees" in told
    assert "1 of 1 claim disagrees" in told
    assert "narrowest" not in told
    assert (
        "Of 3 growth rates, 0 over n - 1, 1 over n and 2 over n + 1 steps lead from "
        "the first printed index to the last, n being the years between: most fit "
        "over n + 1."
    ) in printed.text


def test_claims_are_listed_whole_and_those_that_disagree_once_more(printed):
    disagreeing = printed.table("Claims that disagree")[1:]
    assert len(disagreeing) == 12
    assert {row[8] for row in disagreeing} == {"disagrees"}
    listed = printed.table("All claims of paper 07")[1:]
    assert [row[2] for row in listed] == [
        *("Row missing", "Row narrow", "Row narrower", "Row narrowest", "Row wide")
    ]
    assert listed[0] == [
        *("07", "table 4", "Row missing", "Claim missing", "3.00", "–", "–", "–"),
        *("cannot be recomputed", "Explanation missing."),
    ]
    assert listed[1][4:8] == ["2.00", "2.5", "0.5", "0.005"]
    assert listed[4][9] == HOSTILE
    [words] = [row for row in disagreeing if row[2] == "Row words"]
    assert words[3:8] == [HOSTILE, "a word", "a word", "–", "–"]


def test_replication_stands_beside_its_coverage_for_the_default_method(printed):
    assert printed.table("Coupling coordination degrees against")[1:] == [
        [
            *("Small study", "07", "9 of 10", "1", "2021", "3", "0.876", "0.500"),
            *("0.046", "+0.042", "66.7%"),
        ]
    ]
    assert "Paper 07: one row is printed twice; read as Alpha." in printed.text
    assert printed.table("Largest obstacles that paper 01 prints")[1:] == [
        ["2021", "8", "6", "2", "5", "−0.432", "90.0%"]
    ]


def test_the_page_of_the_papers_needs_no_script(printed, small):
    assert printed.scripts == []
    links = {tags.get("href") for tag, tags in small.tags if tag == "a"}
    assert "papers.html" in links


def test_without_checks_there_is_no_page_of_the_papers(tmp_path):
    path = write_warehouse(tmp_path / "db", WAREHOUSE | {"fct_published_checks": []})
    written = build_site(path, tmp_path / "site")
    assert "papers.html" not in [page.name for page in written]
    assert "papers.html" not in written[0].read_text(encoding="utf-8")


def test_growth_rates_are_told_only_where_all_readings_are_checked():
    columns = ["check_name", "claim_count", "agrees"]
    counts = pd.DataFrame([("growth_over_n", 3, 1)], columns=columns)
    assert papers.growth_readings(counts) is None


def test_every_check_of_the_project_has_words(printed):
    modules = (MODELS.parent / "scripts" / "audit").glob("*.py")
    code = "".join(module.read_text(encoding="utf-8") for module in modules)
    assert all(f'"{check}"' in code for check in papers.LABELS)


def test_a_proxy_is_marked_wherever_it_is_named_and_explained_once(small, three):
    named = re.findall(r"X9 Label of X9\S*( \(proxy\))?", small.text)
    # finding, weights and imputed values; the coverage table has the status instead
    assert named.count(" (proxy)") == 3
    assert named.count("") == 1
    assert small.text.count("X9Label of X9 (proxy)") == 1
    [label] = [
        row["label"]
        for row in data_of(small.charts()["obstacles"])
        if row["indicator"] == "X9"
    ]
    assert label == "20.0%  X9 Label of X9 (proxy)"
    assert small.text.count("(proxy) marks an indicator") == 1
    assert "those of the paper's indicator; see Coverage" in small.text
    assert "X8 Label of X8 (proxy)" not in small.text
    assert "(proxy)" not in three.text


def test_a_study_without_a_paper_does_not_speak_of_one(site, small, three):
    assert "paper" not in three.text.lower()
    assert three.table("Indicators of the study")
    assert (
        "Of the 2 indicators of the catalogue, 2 are measured as the catalogue defines "
        "them, 100.0%."
    ) in three.text
    assert "Paper07" in "".join(small.text.split())
    index = Page(site["index.html"])
    assert re.findall(r"Paper\w*", index.text) == ["Paper07", "Paper08"]


def test_a_study_without_a_paper_may_have_proxies_and_printed_numbers(tmp_path):
    [coverage] = [
        row for row in WAREHOUSE["qc_study_coverage"] if row["study_id"] == "small"
    ]
    [given] = [row for row in WAREHOUSE["dim_methods"] if row["method_id"] == "plain"]
    path = write_warehouse(
        tmp_path / "db",
        WAREHOUSE
        | {
            "dim_studies": [study("small", "Small study", 2021, 4, "plain")],
            "dim_methods": [given | {"weighting": "given"}],
            "qc_study_coverage": [coverage],
        },
    )
    _, page, *_ = (
        Page(written.read_text(encoding="utf-8"))
        for written in build_site(path, tmp_path / "site")
    )
    assert "paper" not in page.text.lower()
    assert "those of the indicator that the catalogue defines" in page.text
    assert page.text.count("The printed numbers") == 2


def test_publishers_of_the_series_used_are_cited(small):
    assert "Data: Office A; Office Z; years 2020 to 2021." in small.text
    assert "Citation of two" in small.text
    assert "Office U" not in small.text


def test_formulas_are_those_of_the_default_method(small, three):
    assert "entropy" in small.text
    assert "TOPSIS" in small.text
    assert "CRITIC" not in small.text
    assert "ε = 0.01" in " ".join(three.text.split())
    assert "CRITIC" in three.text
    assert "weighted geometric mean" in three.text
    assert "divided by the largest" in three.text
    assert "entropy" not in three.text


def test_findings_are_computed_from_the_tables(small):
    sentences = " ".join(small.text.split())
    for sentence in [
        "In 2021 Alpha comes first (D = 0.713, high) and Gamma comes last "
        f"(D = 0.331, low); 1 of 4 regions has no D ({REASON}).",
        "Mean D over the regions rose from 0.410 in 2020 to 0.542 in 2021, "
        "a change of +0.132.",
        "The system that lags behind most often is System A, in 3 of 6 region-years "
        "(50.0%); in 2 the systems are synchronous.",
        "The largest obstacle in 2021 is X9 Label of X9 (proxy), with a mean obstacle "
        "degree of 20.0%.",
        "Of the cells behind these results 15.0% hold no published figure: 2.5% "
        "interpolated between known years and 12.5% taken from the nearest known year.",
    ]:
        assert sentence in sentences


def test_a_study_without_results_says_so(empty):
    text = " ".join(empty.text.split())
    reason = "no indicator to use"
    assert f"No region has a coupling coordination degree in 2021: {reason}." in text
    assert empty.table("Regions by coupling coordination degree, 2021")[1:] == [
        ["–", "Alpha 甲地", f"not computed: {reason}"]
    ]
    assert empty.scripts == []


# --- households -------------------------------------------------------------------


@pytest.fixture(scope="module")
def without_surveys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("none")
    rows = WAREHOUSE | {"fct_household_anomalies": []}
    return build_site(write_warehouse(folder / "db", rows), folder / "site")


def test_without_households_there_is_no_page_and_no_link(without_surveys):
    assert [path.name for path in without_surveys] == PAGES[:-1] + CHAINS
    index = Page(without_surveys[0].read_text(encoding="utf-8"))
    assert "ousehold" not in index.text
    assert not any(tags.get("href") == PAGES[-1] for _, tags in index.tags)


def test_the_banner_is_shown_for_simulated_households_only(site, surveys):
    assert surveys.text.count(BANNER) == 1
    made_up, tiny = site["households.html"].split('<section id="survey-2">')
    assert BANNER in made_up
    assert BANNER not in tiny
    assert "made_up (simulated): 23 of 1,624" in Page(site["index.html"]).text
    assert "Belgian francs (BEF)" in Page(tiny).text
    assert "yuan (CNY)" in Page(made_up).text


def test_households_are_counted_with_the_reasons_of_those_not_assessed(surveys):
    assert surveys.table("Households screened, made_up")[1:] == [
        ["Assessed", "1,624"],
        ["Not assessed", "3"],
        ["of them: no income", "2"],
        [f"of them: {HOSTILE}", "1"],
        # 21 with a reason, the hostile one and one that a reviewer settled
        ["Flagged 1.4% of those assessed", "23"],
        ["Overridden by a reviewer", "2"],
    ]


def test_detectors_are_compared_the_default_first(surveys):
    header, *rows = surveys.table("Detectors compared, made_up")
    assert header[-2:] == ["Also by isolation forest", "Also by three sigma"]
    assert rows == [
        ["isolation forest default", "0.500", "1,624", "22", "21", "7"],
        ["three sigma", "0.500", "1,624", "9", "8", "7"],
    ]
    assert surveys.table("Detectors against the planted anomalies")[1:] == [
        ["isolation forest default", "20", "0.432", "0.250", "0.125", "0.062"],
        ["three sigma", "20", "–", "–", "–", "–"],
    ]
    assert "no precision or recall here" in surveys.text


def test_score_bins_add_up_to_the_households(surveys):
    bins = data_of(surveys.charts()["scores_1_1"])
    assert sum(row["households"] for row in bins) == 1624
    assert len(bins) <= 40
    assert (bins[0]["from"], bins[-1]["to"]) == (0.25, 0.99)
    assert {row["threshold"] for row in bins} == {0.5}


def test_the_map_samples_the_households_that_are_not_flagged(surveys):
    marks = data_of(surveys.charts()["map_1"])
    flags = [row["flagged"] for row in marks]
    assert (flags.count(0), flags.count(1)) == (1500, 23)
    assert len({row["colour"] for row in marks}) == 2
    assert "1,500 not flagged and 23 flagged, a sample" in surveys.text
    # with one component the clusters take the other axis
    assert {row["y"] for row in data_of(surveys.charts()["map_2"])} == {1, 2}


def test_clusters_have_loadings_curves_and_profiles(surveys):
    assert surveys.table("Loadings of the principal components, made_up")[1:] == [
        ["per capita income", "−0.800", "+0.600"],
        ["share of variance explained", "70.0%", "20.0%"],
    ]
    assert surveys.table("Numbers of clusters tried, made_up")[1:] == [
        ["2", "80.500", "0.610", "best silhouette, chosen"],
        ["3", "40.250", "0.420", "elbow"],
    ]
    header, *rows = surveys.table("Profiles of the clusters, made_up")
    assert header[3:5] == ["Median net income", "Median asset debt ratio"]
    assert rows == [
        ["1", "812", "50.0%", "81,450", "0.123", "–", "11", "1.4%"],
        ["2", "812", "50.0%", "162,901", "–", "–", "11", "1.4%"],
    ]


def test_the_forest_shows_its_numbers_or_why_it_has_none(surveys):
    assert surveys.table("Random forest on the held-out households")[1:] == [
        ["normal", "1,602", "10", "9", "1", "–", "–", "0.818"],
        ["anomalous", "22", "10", "3", "7", "–", "–", "0.778"],
    ]
    assert surveys.table("Importance of the features")[1:] == [
        [HOSTILE, "+0.300", "–"],
        ["net income", "+0.100", "0.020"],
        ["family size", "−0.050", "–"],
    ]
    assert "in five folds 0.765 (sd 0.032)" in surveys.text
    assert "non-mortgage debt that separates best is 9,600, in yuan" in surveys.text
    assert "No random forest: too few are flagged." in surveys.text


def test_five_rules_of_each_outcome_are_told(surveys):
    assert re.findall(r"Rule (\d) of", surveys.text) == ["1", "2", "3", "4", "5"]
    assert "No rule for anomalous households." in surveys.text


def test_the_consumption_model_shows_its_error_or_why_it_has_none(surveys):
    assert surveys.table("Error of the consumption model, made_up")[1:] == [
        ["all", "asinh", "400", "1,200", "1,180", "0.304", "0.152", "−4.0%"],
        ["all", "money", "400", "1,200", "1,180", "43,616", "21,808", "−4.0%"],
    ]
    assert surveys.table("Error of the consumption model, tiny")[1:] == [
        ["all", "asinh", "too few households"]
    ]


def test_the_twenty_of_the_highest_score_are_listed(surveys):
    _, *rows = surveys.table("Most anomalous households, made_up")
    assert len(rows) == 20
    assert rows[:3] == [
        [HOSTILE, "–", "2021", "0.990", "anomalous", CLOSING],
        ["h8000", "–", "2021", "0.980", "overridden: normal", HOSTILE],
        ["h7020", "–", "2021", "0.702", "anomalous", "Reason 7020."],
    ]
    assert rows[-1][0] == "h7003"
    assert "No household is flagged." in surveys.text


def test_hostile_households_are_text(site, surveys):
    assert HOSTILE not in site["households.html"]
    assert len(surveys.scripts) == 3
    assert "alert(1)" not in "".join(surveys.scripts[::2])
    assert "<" not in surveys.scripts[1]
    assert not re.search(r'https?:|"url"', surveys.scripts[1])


def test_charts_of_households_draw(surveys):
    for name, specification in surveys.charts().items():
        assert specification["name"] == name
        assert specification["data"]["name"] == f"{name}_data"
        drawing = vl_convert.vegalite_to_svg(
            specification | {"width": 400}, allowed_base_urls=[]
        )
        assert "NaN" not in drawing


# --- findings ---------------------------------------------------------------------


def ranked(*rows):
    frame = pd.DataFrame(rows, columns=["region", "degree", "coordination_rank"])
    return frame.assign(
        coupling_coordination_degree=frame["degree"],
        grade="low",
        status=[
            "computed" if degree else "missing_value" for degree in frame["degree"]
        ],
        status_reason="no figure",
    )


def test_regions_that_tie_share_a_place():
    ranking = ranked(("A", 0.5, 1), ("B", 0.5, 1), ("C", 0.2, 3))
    assert findings.first_and_last(ranking, 2020) == (
        "In 2020 A and B come first (D = 0.500, low) and C comes last (D = 0.200, low)."
    )


def test_a_single_region_is_first_and_not_last():
    assert findings.first_and_last(ranked(("A", 0.5, 1)), 2020) == (
        "In 2020 A comes first (D = 0.500, low)."
    )


@pytest.mark.parametrize(
    ("degrees", "said"),
    [
        ([0.5, 0.3], "fell from 0.500 in 2020 to 0.300 in 2021, a change of −0.200."),
        ([0.5, 0.5], "stayed at 0.500 from 2020 to 2021."),
        ([0.5], "is 0.500 in 2020."),
    ],
)
def test_the_change_of_mean_d_has_its_sign(degrees, said):
    coupling = pd.DataFrame(
        {
            "year": range(2020, 2020 + len(degrees)),
            "coupling_coordination_degree": degrees,
        }
    )
    assert findings.change_of_mean(coupling) == f"Mean D over the regions {said}"


def test_no_system_lags_where_all_are_synchronous():
    lagging = pd.DataFrame(
        {
            "lagging_system_id": ["synchronous"],
            "lagging_system": ["synchronous"],
            "region_years": [1200],
        }
    )
    assert findings.most_lagging(lagging) == (
        "No system lags behind in any of the 1,200 region-years."
    )


COVERAGE = {
    "paper_indicators": 20,
    "measured": 0,
    "proxy": 0,
    "no_series": 0,
    "excluded": 0,
    "degenerate": 0,
    "computed_share": 0.5,
}


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"measured": 10}, "10 are measured as the paper does, 50.0%."),
        ({"proxy": 1}, "1 is measured by a proxy, 50.0%."),
        (
            {"measured": 1, "proxy": 9, "no_series": 10},
            "1 is measured as the paper does and 9 by a proxy, together 50.0%; "
            "10 have no series among the figures.",
        ),
        (
            {"proxy": 10, "no_series": 1, "excluded": 9},
            "10 are measured by a proxy, 50.0%; 1 has no series among the figures and "
            "9 are excluded with a reason.",
        ),
        ({"excluded": 20}, "none is measured; 20 are excluded with a reason."),
        (
            {"measured": 10, "degenerate": 1},
            "10 are measured as the paper does, 50.0%. Of those measured, 1 is "
            "constant or without a figure, so not in use.",
        ),
    ],
)
def test_counts_of_zero_are_left_out_of_the_coverage(counts, said):
    sentence = findings.of_catalogue(COVERAGE | counts, has_paper=True)
    assert sentence == f"Of the 20 indicators that the paper names, {said}"


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((0, 0, 0, 0), "No indicator is in use, so there is no cell to fill."),
        ((20, 0, 0, 0), "All 20 {cells} hold a published figure."),
        (
            (19, 0, 1, 0),
            "Of 20 {cells}, 19 hold a published figure and 1 (5.0%) takes the nearest "
            "known year.",
        ),
        (
            (1, 15, 0, 4),
            "Of 20 {cells}, 1 holds a published figure, 15 (75.0%) are interpolated "
            "between known years of the same region and 4 have no figure in any year.",
        ),
    ],
)
def test_counts_of_zero_are_left_out_of_the_cells(counts, said):
    observed, interpolated, carried, missing = counts
    coverage = {
        "cells": sum(counts),
        "observed_cells": observed,
        "interpolated_cells": interpolated,
        "carried_cells": carried,
        "missing_cells": missing,
        "interpolated_share": interpolated / 20,
        "carried_share": carried / 20,
    }
    cells = "cells (indicators in use × regions × years)"
    assert findings.of_cells(coverage) == said.format(cells=cells)


@pytest.mark.parametrize(
    ("interpolated", "carried", "said"),
    [
        (0.05, 0.0, None),
        (None, None, None),
        (
            0.04,
            0.02,
            "6.0% hold no published figure: 4.0% interpolated between known "
            "years and 2.0% taken from the nearest known year.",
        ),
        (
            0.0,
            0.06,
            "6.0% hold no published figure: 6.0% taken from the nearest known year.",
        ),
    ],
)
def test_many_imputed_cells_are_a_finding(interpolated, carried, said):
    coverage = {"interpolated_share": interpolated, "carried_share": carried}
    whole = said and f"Of the cells behind these results {said}"
    assert findings.imputed_share(coverage) == whole


def agreement_of(*rows):
    columns = [
        "region_count",
        "mean_difference",
        "mean_coupling_degree_difference",
    ]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        # (10 x 0.1 + 30 x 0.2) / 40 = 0.175
        (
            [(10, 0.1, -0.1), (30, 0.2, -0.2)],
            "10 to 30 regions says little about levels: on average our D is higher by "
            "0.175 and our C is lower by 0.175.",
        ),
        (
            [(10, -0.0001, None)],
            "10 regions says little about levels: on average our D is the same as the "
            "printed one.",
        ),
    ],
)
def test_levels_are_averaged_over_years_by_their_regions(rows, said):
    sentence = findings.levels_against_print(agreement_of(*rows))
    assert sentence == f"Even a high correlation over {said}"


def test_no_printed_numbers_no_sentence_on_levels():
    assert findings.levels_against_print(agreement_of()) is None


# --- tables and charts ------------------------------------------------------------


@pytest.mark.parametrize(
    ("years", "span"),
    [
        ([2016], "2016"),
        ([2016, 2017, 2018], "2016–2018"),
        ([2016, 2018, 2019], "2016, 2018–2019"),
    ],
)
def test_years_are_told_in_runs(years, span):
    assert tables.year_span(years) == span


@pytest.mark.parametrize(
    ("number", "text"), [(0.0126, "+0.013"), (-0.2, "−0.200"), (-0.0001, "0.000")]
)
def test_a_difference_has_its_sign(number, text):
    assert tables.signed(number) == text


def test_names_past_the_twelfth_are_counted():
    names = [f"R{i}" for i in range(15)]
    assert tables.joined(names[:3]) == "R0, R1 and R2"
    assert tables.joined(names).endswith("R10, R11 and 3 more")


@pytest.mark.parametrize(
    ("values", "derivation"),
    [
        ({"operator": None}, None),
        ({"operator": "identity"}, "identity: P"),
        ({"operator": "per_area"}, "per area: P / land area"),
        ({"operator": "growth_pct"}, "growth pct: 100 (P / the year before − 1)"),
        (
            {"operator": "location_quotient"},
            "location quotient: (P / Q) / the same of the country",
        ),
        (
            {"operator": "perpetual_inventory"},
            "perpetual inventory: stock of P, price index Q, δ = 0.1, g = 0.05",
        ),
        ({"operator": "own_rule", "b_label": None}, "own rule: P"),
        ({"operator": "identity", "scale": 0.01}, "identity: P × 0.01"),
    ],
)
def test_a_derivation_names_operator_and_series(values, derivation):
    row = {"a_label": "P", "b_label": "Q", "scale": 1.0}
    rates = {"depreciation_rate": 0.1, "initial_growth_rate": 0.05}
    assert tables.derivation(row | rates | values) == derivation


def data_of(specification):
    return specification["data"]["values"]


def test_charts_carry_the_numbers_and_names_of_their_own(small):
    specifications = small.charts()
    assert [row["degree"] for row in data_of(specifications["ranking"])] == [
        0.7126,
        0.5817,
        0.3308,
    ]
    first, *others = data_of(specifications["obstacles"])
    assert (first["last"], first["first"]) == (0.2, round(1 / 45, 6))
    assert len(others) == 7
    for name, specification in specifications.items():
        assert specification["name"] == name
        assert specification["data"]["name"] == f"{name}_data"
        assert "view_" not in json.dumps(specification)


@pytest.mark.parametrize("name", ["trend", "ranking", "obstacles", "criteria"])
def test_charts_draw(small, name):
    specification = small.charts()[name] | {"width": 400}
    drawing = vl_convert.vegalite_to_svg(specification, allowed_base_urls=[])
    marks = {"ranking": "Alpha", "obstacles": "X9 Label of X9"}
    assert marks.get(name, "2021") in drawing
    assert "NaN" not in drawing


@pytest.mark.parametrize("count", [1, 2, 6, 10, 25])
def test_grades_of_any_number_darken_from_low_to_high(count):
    grades = pd.DataFrame({"grade_level": range(1, count + 1)})
    colours = list(charts.grade_colours(grades).values())
    light = [
        sum(share * value for share, value in zip((0.21, 0.72, 0.07), rgb, strict=True))
        for rgb in (bytes.fromhex(colour[1:]) for colour in colours)
    ]
    assert len(colours) == count
    assert all(above > below for above, below in pairwise(light))


def test_a_long_ranking_draws_its_two_ends():
    ranking = ranked(*((f"R{i}", 0.5 - i / 1000, i) for i in range(1, 101)))
    chart = charts.ranking_chart(ranking.assign(grade_level=1), {1: "#000000"})
    drawn = [row["region"] for row in data_of(charts.specification(chart))]
    assert drawn[29:31] == ["30  R30", "71  R71"]
    assert len(drawn) == 60
