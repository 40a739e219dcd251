"""A small made-up warehouse, its site, and how tests read a page.

Its tables have the columns and types that the models declare. Study `small` has two
systems, two years and four regions, one without a result; `three` has three systems,
one year, another method and hostile labels; in `empty` nothing is computed. Survey
`made_up` is simulated, has two features and a hostile household; `tiny` is not, has one
feature and no model of it is fitted.
"""

# ruff: noqa: RUF001, Chinese has signs of its own

import json
from html.parser import HTMLParser

import duckdb
import pandas as pd

from coupling.base.paths import Paths
from coupling.contracts.declared import read_yaml
from coupling.engine.statements import Statements
from coupling.site import site

PROJECT = Paths().project
MODELS = PROJECT / "models"
HOSTILE = "<script>alert(1)</script>"
CLOSING = "</script><!-- & \"twice\" 'once'"
REASON = "an indicator in use has no figure for this region in any year"
UNUSABLE = "no indicator of a system can be used in this scope"
IN_CHINESE = {
    REASON: "所用指标在该地区没有任何年份的数值",
    UNUSABLE: "该范围内系统没有可用指标",
    "zero": "零值",
    "more than double the year before": "超过上一年的两倍",
    "neither income nor expenditure is known": "收入和支出均不详",
    "not a column": "没有这一列",
    "no income": "没有收入",
    "Settled by hand.": "人工裁定。",
    "fitted": "已拟合",
    "too few are flagged": "被标记的太少",
    "too few households": "家庭太少",
    "Office Z": "末局",
    "Office Z; Office A": "末局；甲局",
}
STUDIES = ["small.html", "empty.html", "three.html"]
REGIONS = [f"regions/{code}.html" for code in "12345"]
CHAINS = [
    *(f"chains/small-{code}.html" for code in "1234"),
    "chains/empty-1.html",
    *(f"chains/three-{code}.html" for code in "15"),
]
# in the order in which the site returns them, without the chains
PAGES = [
    *("index.html", *STUDIES, "regions.html", *REGIONS),
    *("compare.html", "compare/small.html", "compare/three.html"),
    *("forecasts.html", "papers.html", "households.html", "quality.html"),
    "expectations/index.html",
    *("expectations/yearbook.trade.html", "expectations/marts.studies.html"),
    *("scale.html", "glossary.html"),
]
BANNER = "SIMULATED: no real household is behind these rows"
# tables that follow from those that are made up
DERIVED = (
    *("fct_study_years", "fct_group_years", "int_methods_paired"),
    *("fct_method_agreement", "fct_indicator_sources", "dim_surveys"),
    *("fct_detector_scores", "fct_detector_score_bins"),
    *("qc_same_figures", "qc_indicator_cells"),
)
# tables whose columns the models describe without a type
UNTYPED = {
    "staging.stg_households": "survey_id text, household_id text, currency text",
    "intermediate.int_household_detections": (
        "survey_id text, household_id text, detector text, score double, "
        "threshold double, is_flagged boolean"
    ),
    # these two a refresh makes after dbt
    "quality.qc_expectation_results": (
        "suite text, table_name text, column_name text, expectation text, "
        "severity text, success boolean, observed text, observed_zh text, "
        "expected text, expected_zh text, note text, note_zh text"
    ),
    "marts.fct_revision_effects": (
        "run_id text, study_id text, method_id text, region_code text, year int, "
        "degree_before decimal(13, 12), degree_after decimal(13, 12), "
        "rank_before int, rank_after int, data_effect decimal(13, 12), "
        "method_effect decimal(13, 12), effect_status text"
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
        "grouping_id": "three_belt",
        "study_origin": "shipped",
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
    return {"method_id": method_id, "label": label, "label_zh": "方法", **values}


def grade(level, lower, upper, name):
    return {
        "grade_scheme_id": "two_levels",
        "grade_level": level,
        "lower_bound": lower,
        "upper_bound": upper,
        "grade": name,
        "grade_zh": {"low": "低", "high": "高"}[name],
    }


def indicator(study_id, indicator_id, system_id, criterion, position, **values):
    return {
        "study_id": study_id,
        "indicator_id": indicator_id,
        "system_id": system_id,
        "criterion": criterion,
        "indicator_position": position,
        "label": f"Label of {indicator_id}",
        "label_zh": f"指标{indicator_id}",
        "criterion_zh": f"准则{criterion}",
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
        "label_zh": f"序列{series_id}",
        "unit": "units",
        "publisher": publisher,
        "publisher_zh": IN_CHINESE.get(publisher, publisher),
        "title": f"Yearbook of {series_id}",
        "title_zh": f"{series_id}年鉴",
        "citation": f"Citation of {series_id}",
        "citation_zh": f"{series_id}出处",
        "quality": quality,
        **values,
    }


def source(series_id, quality, count, **values):
    return {
        "source_id": f"shipped__{series_id}",
        "series_id": series_id,
        "publisher": "Office Z",
        "publisher_zh": "末局",
        "title": f"Yearbook of {series_id}",
        "title_zh": f"{series_id}年鉴",
        "citation": f"Citation of {series_id}",
        "citation_zh": f"{series_id}出处",
        "first_year": 2020,
        "last_year": 2021,
        "figure_count": count,
        "copies_compared": 2 if quality == "A" else 1,
        "quality": quality,
        "figure_origin": "shipped",
        **values,
    }


def group(grouping_id, label, label_zh, region_code, group_id, place, name, name_zh):
    return {
        "grouping_id": grouping_id,
        "grouping_label": label,
        "grouping_label_zh": label_zh,
        "region_code": region_code,
        "group_id": group_id,
        "group_position": place,
        "group_label": name,
        "group_label_zh": name_zh,
        "group_origin": "shipped",
    }


def observation(series_id, region_code, year, quality):
    return {
        "series_id": series_id,
        "region_code": region_code,
        "year": year,
        "value": 1.0,
        "quality": quality,
    }


def revision(position, series_id, year, kind, before, after):
    return {
        "landing_position": position,
        "landing_id": f"landing_{position}",
        "file_name": f"file {position}.xlsx",
        "landed_at": "2026-01-01T00:00:00Z",
        "series_id": series_id,
        "region_code": "1",
        "year": year,
        "kind": kind,
        "value_before": before,
        "value_after": after,
    }


def effect(run_id, region_code, data, method, status="split", **values):
    return {
        "run_id": run_id,
        "study_id": "small",
        "method_id": "plain",
        "region_code": region_code,
        "year": 2021,
        "degree_before": 0.5,
        "degree_after": 0.5 + (data or 0) + (method or 0),
        "rank_before": 1,
        "rank_after": 1,
        "data_effect": data,
        "method_effect": method,
        "effect_status": status,
        **values,
    }


def check(suite, column, expectation, severity, success):
    return {
        "suite": suite,
        "table_name": f"table of {suite}",
        "column_name": column,
        "expectation": expectation,
        "severity": severity,
        "success": success,
        "observed": f"what was seen of {column}",
        "observed_zh": f"所见{column}",
        "expected": "something else",
        "expected_zh": "别的",
        "note": "a note",
        "note_zh": "说明",
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
        "grade_zh": "高" if degree > 0.5 else "低",
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
        "status_reason_zh": IN_CHINESE.get(reason, reason),
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
        "source_id": None if role == "land_area" else f"shipped__{series_id}",
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


def cell(indicator_id, region_code, year, origin, normalised=None):
    return {
        "study_id": "small",
        "method_id": "plain",
        "indicator_id": indicator_id,
        "region_code": region_code,
        "year": year,
        "value_origin": origin,
        "normalised_value": normalised,
    }


def gain(study_id, method_id, region_code, year, indicator_id, y, rate, rank, **values):
    return {
        "study_id": study_id,
        "method_id": method_id,
        "system_id": "a",
        "region_code": region_code,
        "year": year,
        "indicator_id": indicator_id,
        "normalised_value": y,
        "coordination_gain": rate,
        "gain_rank": rank,
        "status": "computed",
        **values,
    }


def of_series(series_id, region_code, subject, **values):
    """A row about a series that is forecast: degrees of a study, or loss rates."""
    return {
        "series_id": series_id,
        "subject": subject,
        "study_id": "small" if subject == "degree" else None,
        "region_code": region_code,
        "hazard": None if subject == "degree" else CLOSING,
        **values,
    }


def forecast(series_id, region_code, year, subject="degree", **values):
    values = {"model": "gm11", "year": year, "status": "fitted", **values}
    return of_series(series_id, region_code, subject, **values)


def backtest(series_id, region_code, model, error, is_best, subject="degree"):
    return of_series(
        series_id,
        region_code,
        subject,
        model=model,
        horizon_years=1,
        origin_count=2,
        mean_absolute_error=error,
        mae_by_naive=error / 0.02,
        is_best_model=is_best,
    )


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
            "anomaly_reason_zh": IN_CHINESE.get(reason, reason),
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
        "status_zh": IN_CHINESE[status],
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


def rule(outcome, rank, sentence, sentence_zh):
    return {
        "survey_id": "made_up",
        "outcome": outcome,
        "rule_rank": rank,
        "antecedent": "low income",
        "antecedent_zh": "收入低",
        "item_count": 1,
        "household_count": 1,
        "antecedent_household_count": 1,
        "support": 0.1,
        "confidence": 0.5,
        "lift": 2.0,
        "leverage": 0.1,
        "sentence": sentence,
        "sentence_zh": sentence_zh,
    }


def claim(paper_id, check_name, key, verdict, printed=1.0, found=1.0, **values):
    both = printed is not None and found is not None
    return {
        "check_id": f"{paper_id}_{key.replace(' ', '_')}",
        "paper_id": paper_id,
        "table_name": "table_4",
        "place": f"Row {key}",
        "place_zh": f"{key}行",
        "claim": f"Claim {key}",
        "claim_zh": f"{key}之说",
        "check_name": check_name,
        "printed_value": printed,
        "printed_text": "a word" if printed is None else f"{printed:.2f}",
        "printed_text_zh": "一词" if printed is None else f"{printed:.2f}",
        "recomputed_value": found,
        "recomputed_text": "a word" if printed is None else None,
        "recomputed_text_zh": "算得一词" if printed is None else None,
        "difference": found - printed if both else None,
        "tolerance": 0.005 if both else None,
        "verdict": verdict,
        "explanation": f"Explanation {key}.",
        "explanation_zh": f"{key}的说明。",
        **values,
    }


def criterion_of(i):
    """Criteria of study small: X1 to X3 and X4 to X5 in a, X6 to X9 in b."""
    return ("a", "First") if i < 4 else ("a", "Second") if i < 6 else ("b", "First")


CLASSES = {"normal": 1602, "anomalous": 22}
HOUSEHOLDS = [
    *(household("made_up", i) for i in range(1600)),
    *(
        flagged(
            *("made_up", i, i / 10_000, f"Reason {i}: -0.5."),
            anomaly_reason_zh=f"原因{i}为-0.5。",
        )
        for i in range(7000, 7021)
    ),
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
            not_assessed_reason_zh=IN_CHINESE["no income"] if i < 9002 else CLOSING,
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
    "dim_combined_weights": [],
    "dim_development_types": [
        {
            "threshold_set_id": "within_a_fifth",
            "type_position": place,
            "lower_bound": low,
            "upper_bound": high,
            "lags": lags,
        }
        for place, low, high, lags in (
            *((1, 0.0, 0.8, "first"), (2, 0.8, 1.2, "none")),
            (3, 1.2, None, "second"),
        )
    ],
    "dim_papers": [
        {
            "paper_id": "07",
            "authors": "A. Author, B. Author",
            "title": "A made-up paper",
            "subject": "made-up things",
            "subject_zh": "虚构的事物",
        }
    ],
    "dim_grades": [grade(1, 0.0, 0.5, "low"), grade(2, 0.5, 1.0, "high")],
    "dim_regions": [
        {
            "region_code": code,
            "region": region,
            "name_zh": name_zh,
            "abbreviation": region[:2],
            "tile_column": column,
            "tile_row": 1 if column else None,
            "region_level": "province",
            "region_origin": "shipped",
        }
        for code, region, name_zh, column in [
            ("1", "Alpha", "甲地", 1),
            ("2", "Beta", "乙地", 2),
            ("3", "Gamma", "丙地", 3),
            ("4", "Delta", "丁地", 4),
            # without a place on the map
            ("5", HOSTILE, CLOSING, None),
        ]
    ],
    "dim_region_groups": [
        group("three_belt", "Three belts", "三大地带", *row)
        for row in [
            ("1", "east", 1, "east", "东部"),
            ("2", "east", 1, "east", "东部"),
            ("3", "west", 3, "west", "西部"),
            ("4", "west", 3, "west", "西部"),
            ("5", HOSTILE, 4, HOSTILE, CLOSING),
        ]
    ],
    "dim_series": [
        series("one", "Series one", "Office Z; Office A", "A"),
        series(
            *("two", "Series two", "Office Z", "B"),
            quality_note="breaks in 2020",
            quality_note_zh="2020年有断点",
        ),
        series("unused", "Series unused", "Office U", "C"),
        series(
            *("bad", HOSTILE, CLOSING, "C"),
            title=HOSTILE,
            title_zh=HOSTILE,
            citation=CLOSING,
            citation_zh=CLOSING,
        ),
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
            coverage_note_zh="相近的事物",
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
            coverage_note_zh=CLOSING,
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
        no_result("empty", "1", 2020, "no_usable_indicator", UNUSABLE),
        no_result("empty", "1", 2021, "no_usable_indicator", UNUSABLE),
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
        figure("small", "X9", "3", 2021, "numerator", "one", 1.5),
        figure("small", "X9", "3", 2021, "denominator", "two", 2.5),
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
        # of the last year: against the mean of the belt, 0.5 in the east
        *(
            cell(item, region, 2021, "observed", y)
            for item, region, y in [
                ("X1", "1", 0.75),
                ("X1", "2", 0.25),
                ("X3", "1", 0.25),
                ("X3", "2", 0.75),
                ("X4", "1", 0.5),
                ("X4", "2", 0.5),
                ("X1", "3", 1.0),
            ]
        ),
        cell("X2", "1", 2020, "interpolated"),
        cell("X2", "1", 2021, "interpolated"),
        cell("X2", "3", 2021, "interpolated"),
        cell("X2", "2", 2021, "observed"),
        cell("X9", "4", 2020, "missing"),
    ],
    "dim_sources": [
        source(
            *("one", "A", 4),
            publisher="Office Z; Office A",
            publisher_zh="末局；甲局",
        ),
        source(
            *("two", "B", 2),
            quality_note="breaks in 2020",
            quality_note_zh="2020年有断点",
        ),
        source(
            *("bad", "C", 1),
            publisher=CLOSING,
            publisher_zh=CLOSING,
            title=HOSTILE,
            title_zh=HOSTILE,
            citation=CLOSING,
            citation_zh=CLOSING,
        ),
        source("two", "U", 1, source_id="workspace__own", figure_origin="workspace"),
    ],
    "fct_observations": [
        *(observation("one", region, 2020, "A") for region in "1234"),
        *(observation("two", region, 2021, "B") for region in "12"),
        observation("two", "3", 2021, "U"),
        observation("bad", "5", 2021, "C"),
    ],
    "fct_data_revisions": [
        revision(1, "one", 2020, "added", None, 2.5),
        revision(1, "one", 2021, "added", None, 3.5),
        revision(2, "one", 2021, "changed", 3.5, 4.5),
        revision(2, "gone", 2021, "removed", 5.5, None),
    ],
    "fct_revision_effects": [
        effect("000002-b", "1", 0.25, -0.0625, rank_after=2),
        effect("000002-b", "2", 0.015625, 0.0, method_id="other"),
        effect("000002-b", "3", None, None, "no_degree_before", degree_before=None),
        effect("000001-a", "1", 0.0, 0.375, study_id="three", method_id="other"),
        # of a study that is gone
        effect("000001-a", "1", 0.0, 0.125, study_id="old"),
    ],
    "qc_degenerate_indicators": [
        {
            "study_id": "small",
            "indicator_id": "X9",
            "label": "Label of X9",
            "normalisation_scope": "panel",
            "status": "constant",
            "reason": "made-up reason",
            "reason_zh": "虚构的原因",
        }
    ],
    "qc_suspicious_observations": [
        {
            "region_code": "1",
            "year": year,
            "series_id": series_id,
            "value": 1.5,
            "value_before": before,
            "quality": "A",
            "reason": reason,
            "reason_zh": IN_CHINESE[reason],
        }
        for year, series_id, before, reason in [
            (2020, "one", None, "zero"),
            (2021, "one", 0.5, "more than double the year before"),
            (2021, "two", 0.25, "more than double the year before"),
        ]
    ],
    "qc_set_aside": [
        {
            "kind": "study",
            "name": HOSTILE,
            "source_file": "workspace/studies/indicators.csv",
            "source_row": 3,
            "source_column": "unit",
            "reason": CLOSING,
            "reason_zh": CLOSING,
        }
    ],
    "qc_landing_rejects": [
        {
            "landing_id": "landing_1",
            "source_file": f"{HOSTILE}.csv",
            "sheet": "",
            "source_row": 7,
            "source_column": "C",
            "text_found": CLOSING,
            "reason": "not a number",
            "reason_zh": "不是数值",
        }
    ],
    "qc_household_rejects": [
        {
            "survey_id": "made_up",
            "household_id": "h7",
            "step": "screening",
            "reason": "neither income nor expenditure is known",
            "reason_zh": IN_CHINESE["neither income nor expenditure is known"],
        },
        {
            "survey_id": "made_up",
            "step": "landing",
            "source_file": "survey.csv",
            "column_name": "net_income",
            "found": HOSTILE,
            "reason": "not a column",
            "reason_zh": IN_CHINESE["not a column"],
        },
    ],
    "qc_winsorised_household_values": [
        {
            "survey_id": "made_up",
            "household_id": household,
            "column_name": "net_income_cny",
            "value": 9.0,
            "winsorised_value": 8.0,
            "bound": bound,
        }
        for household, bound in [("h1", "upper"), ("h2", "upper"), ("h3", "lower")]
    ],
    "qc_expectation_results": [
        check("marts.studies", "label", "columns", "error", success=True),
        check("marts.studies", "weight", "sum", "error", success=True),
        check("yearbook.trade", "exports", "jump_warning", "warning", success=False),
        check("yearbook.trade", "imports", "jump_warning", "warning", success=True),
        check("yearbook.trade", "gdp", "range", "error", success=False),
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
            "reading_note_zh": "印了两次并读作甲地",
        }
        for method_id, correlation in (("plain", 0.8765), ("other", 0.1111))
    ],
    "fct_study_agreement": [
        {
            "study_id": "small",
            "other_study_id": "three",
            "method_id": method_id,
            "is_default_method": method_id == "plain",
            "year": 2021,
            "region_count": 3,
            "pearson_correlation": correlation,
            "spearman_correlation": 0.25,
            "mean_absolute_difference": 0.0345,
            "mean_difference": -0.0123,
            "equal_grade_share": 0.3333,
        }
        for method_id, correlation in (("plain", 0.5432), ("other", 0.1111))
    ],
    "fct_study_breaks": [
        {
            "study_id": "small",
            "year": 2020,
            "indicator_id": indicator_id,
            "series_id": "one",
            "region_level": "province",
            "reason": "more units are counted",
            "reason_zh": "统计范围扩大",
        }
        for indicator_id in ("X2", "X1")
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
            "region_code": "ALL",
            "printed_year": 2021,
            "region_count": 1,
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
    "fct_marginal_gains": [
        gain("small", "plain", "1", 2021, "X1", 0.75, 0.00125, 2),
        gain("small", "plain", "1", 2021, "X2", 0.25, 0.0025, 1),
        gain("small", "plain", "1", 2021, "X9", 0.5, 0.001, 3, system_id="b"),
        # no room for a step, of another year, of another method
        gain("small", "plain", "1", 2021, "X3", 1.0, 0.5, None, status="no_room"),
        gain("small", "plain", "1", 2020, "X4", 0.5, 0.5, 1),
        gain("small", "other", "1", 2021, "X5", 0.5, 0.5, 1),
        gain("three", "other", "5", 2020, "Y1", 0.5, 0.004, 1),
    ],
    # values of forecasts: test_forecast_page.py reads the shipped ones
    "fct_forecasts": [
        forecast("d1", "1", 2021, observed=0.7126, fitted=0.7),
        forecast(
            *("d1", "1", 2022),
            horizon_years=1,
            forecast=0.75,
            lower_bound=0.7,
            upper_bound=0.8,
            interval_basis="own_errors",
            interval_error_count=4,
        ),
        forecast("d5", "5", 2021, observed=0.45, fitted=0.45),
        forecast(
            *("d5", "5", 2022),
            horizon_years=1,
            status="too_few_points",
            status_reason=HOSTILE,
            status_reason_zh=CLOSING,
        ),
        forecast("l5", "5", 2020, "loss_rate_pct", observed=0.5, fitted=0.4),
        forecast("l5", "5", 2021, "loss_rate_pct", forecast=0.6, horizon_years=1),
    ],
    "fct_forecast_models": [
        of_series(
            *("l5", "5", "loss_rate_pct"),
            status="fitted",
            accuracy_class=HOSTILE,
            development_coefficient=-0.1,
            grey_input=0.2,
            mape_pct=5.0,
            variance_ratio=0.3,
            small_error_probability=1.0,
            is_level_ratio_passed=True,
        ),
    ],
    "fct_forecast_backtests": [
        backtest("d1", "1", "gm11", 0.01, True),
        backtest("d1", "1", "naive", 0.02, False),
        backtest("l5", "5", "gm11", 0.01, True, "loss_rate_pct"),
    ],
    "fct_underwriting_decisions": [
        {
            "attitude_set_id": "made_up",
            "attitude_set": CLOSING,
            "attitude_set_zh": HOSTILE,
            "region_code": "5",
            "loss_rate_basis": "observed_mean",
            "client_risk_attitude": 0.5,
            "insurer_risk_attitude": 0.8,
            "expected_loss_rate_pct": 0.5,
            "maximum_loss_rate_pct": 50.0,
            "decision": "underwrite",
            "reason": f"{HOSTILE} -0.5",
            "reason_zh": f"{CLOSING}为-0.5",
            "selected_hazards": HOSTILE,
            "selected_hazards_zh": f"{HOSTILE}等灾种",
            "largest_set_hazards": CLOSING,
            "largest_set_hazards_zh": f"{CLOSING}等灾种",
            "is_selection_largest": False,
            "premium_rate_low_pct": 25.5,
            "premium_rate_high_pct": 50.25,
        }
    ],
    "fct_underwriting_sensitivity": [
        {
            "client_risk_attitude": client,
            "insurer_risk_attitude": 0.8,
            "region_code": "5",
            "loss_rate_basis": "observed_mean",
            "maximum_loss_rate_pct": 50.0 if client < 1 else None,
            "limit_class": "limited" if client < 1 else "undefined",
            "decision": "underwrite",
        }
        for client in (0.5, 1.0)
    ],
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
        *(
            rule("anomalous", i, f"Rule {i} of the anomalous.", f"异常规则{i}。")
            for i in range(1, 8)
        ),
        rule("normal", 1, HOSTILE, CLOSING),
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
            "status_zh": IN_CHINESE["fitted"],
        }
        for scale, rmse in (("asinh", 0.3042), ("money", 43_616.0))
    ]
    + [
        {
            "survey_id": "tiny",
            "held_out": "all",
            "scale": "asinh",
            "status": "too few households",
            "status_zh": IN_CHINESE["too few households"],
        }
    ],
}


def declared_models():
    """Yield the schema and the declaration of each model of the made-up warehouse."""
    for schema in ("marts", "quality"):
        for path in sorted((MODELS / schema).rglob("_*.yml")):
            for model in read_yaml(path).get("models", []):
                if model["name"] in WAREHOUSE:
                    yield schema, model


def with_own_studies():
    """The warehouse with two studies of a user's own, over regions of the user's own.

    `own` has no grouping and no tile, codes that are no names of files, names in one
    language (as staging has them: the same in both), two regions of one name, and last
    a year without any figure. `groups` names a grouping of the user's own and has one
    shipped region. Series `one` has figures of a user's file.
    """
    codes = ["a/1 北", "..", "x", "y"]
    names = ["Isle", "南国", "Twin", "Twin"]
    own = {"study_origin": "workspace", "grouping_id": None}
    blank = "no indicator of the study has a figure in this year"

    def computed(study_id, code, year, degree, rank):
        row = result(study_id, "plain", code, year, degree, rank)
        return row | {"is_default_method": True}

    added = {
        "dim_studies": [
            study("own", "Own study", 2022, 4, "plain", **own),
            study("groups", "Grouped", 2020, 3, "plain", **own)
            | {"grouping_id": "income"},
        ],
        "dim_systems": [
            system(study_id, *row)
            for study_id in ("own", "groups")
            for row in (("a", 1, "System A", 0.5), ("b", 2, "System B", 0.5))
        ],
        "dim_regions": [
            {
                "region_code": code,
                "region": name,
                "name_zh": name,
                "region_level": "other",
                "parent_region_code": parent,
                "parent_region": parent and "Alpha",
                "parent_region_zh": parent and "甲地",
                "region_origin": "workspace",
            }
            for code, name, parent in zip(
                codes, names, ["1", None, None, None], strict=True
            )
        ],
        "dim_region_groups": [
            group("income", "Income", "收入", code, *row)
            for code, row in (
                ("a/1 北", ("lo", 2, "low income", "低收入")),
                ("..", ("hi", 1, "high income", "高收入")),
            )
        ],
        "dim_indicators": [
            indicator("own", "X1", "a", "First", 1, numerator_series_id="one"),
            indicator("groups", "X1", "a", "First", 1, numerator_series_id="one"),
        ],
        "fct_coupling": [
            *(
                computed("own", code, year, degree + (year - 2020) / 10, rank)
                for year in (2020, 2021)
                for rank, (code, degree) in enumerate(
                    zip(codes, [0.8, 0.6, 0.4, 0.2], strict=True), 1
                )
            ),
            *(
                no_result("own", code, 2022, "no_figures_in_year", blank)
                for code in codes
            ),
            computed("groups", "a/1 北", 2020, 0.25, 3),
            computed("groups", "..", 2020, 0.75, 1),
            computed("groups", "1", 2020, 0.5, 2),
        ],
        "fct_system_scores": [
            score("own", "plain", system_id, code, year, 0.5)
            for system_id in ("a", "b")
            for code in codes
            for year in (2020, 2021)
        ]
        + [
            score("groups", "plain", system_id, code, 2020, 0.5)
            for system_id in ("a", "b")
            for code in ("a/1 北", "..", "1")
        ],
        "fct_indicator_values": [
            cell("X1", "a/1 北", 2022, "missing")
            | {"study_id": "own", "status": "no_figures_in_year"},
            cell("X1", "x", 2021, "missing")
            | {"study_id": "own", "status": "base_not_positive"},
        ],
        "fct_indicator_contributions": [
            contribution("own", "plain", "a/1 北", 2021, "a", "X1", 0.5)
        ],
        "fct_indicator_figures": [
            figure("own", "X1", "a/1 北", 2021, "numerator", "one", 7.0)
            | {"source_id": "workspace__panel", "quality": "U"},
            figure("groups", "X1", "1", 2020, "numerator", "one", 8.0),
            figure("groups", "X1", "..", 2020, "numerator", "one", 9.0)
            | {"source_id": "workspace__panel", "quality": "U"},
        ],
        "dim_sources": [
            source(
                *("one", "U", 2),
                source_id="workspace__panel",
                figure_origin="workspace",
                publisher="not stated",
                publisher_zh="未注明",
                title="panel.xlsx",
                title_zh="panel.xlsx",
                citation="not stated. panel.xlsx. A user's own, file panel.xlsx, "
                "SHA-256 00ff.",
                citation_zh="未注明。panel.xlsx。用户自有数据，文件panel.xlsx，"
                "SHA-256 00ff。",
            )
        ],
    }
    return {
        table: [*WAREHOUSE.get(table, []), *added.get(table, [])]
        for table in WAREHOUSE | added
    }


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
        derive(con, path)
    return path


def derive(con, path):
    """Make the tables that follow from others by the statements of their models."""
    con.execute("create view staging.stg_studies__studies as from marts.dim_studies")
    statements = Statements(PROJECT, path.stem)
    for step in statements.steps(DERIVED):
        if step.name in DERIVED:
            name = f"{step.schema}.{step.name}"
            con.execute(f"drop table if exists {name}")
            con.execute(f"create table {name} as {step.statement}")


# --- reading a page ---------------------------------------------------------------


class Page(HTMLParser):
    """Text, attributes, tables by caption and scripts of an HTML page."""

    def __init__(self, source):
        super().__init__()
        self.tags, self.text, self.scripts, self.tables = [], "", [], {}
        self.caption, self.rows, self.open = "", [], []
        # columns that each row of a table covers, with those that reach down into it
        self.widths, self.spans = {}, []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.open.append(tag)
        if tag == "table":
            self.caption, self.rows, self.spans = "", [], []
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            spans = dict(attributes)
            across, down = (int(spans.get(f"{way}span", 1)) for way in ("col", "row"))
            self.spans += [(len(self.rows) - 1 + i, across) for i in range(down)]
        elif tag == "script":
            self.scripts.append((dict(attributes).get("id"), ""))

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass
        if tag == "table":
            rows = [[" ".join(cell.split()) for cell in row] for row in self.rows]
            caption = " ".join(self.caption.split())
            while caption in self.tables:  # another of the same name
                caption += " +"
            self.tables[caption] = rows
            self.widths[caption] = [
                sum(across for row, across in self.spans if row == i)
                for i in range(len(rows))
            ]

    def handle_data(self, data):
        if "script" in self.open:
            name, text = self.scripts[-1]
            self.scripts[-1] = name, text + data
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
        return json.loads(self.script("charts"))

    def script(self, name):
        [text] = [text for key, text in self.scripts if key == name]
        return text


def data_of(specification):
    """The rows that a chart draws: its own, or those that its layers share."""
    return specification["data"]["values"]


def rendered(database, language="en"):
    """The pages of one language by their path in it."""
    pages = site.render_language(database, language)
    return {path.removeprefix(f"{language}/"): text for path, text in pages.items()}


def read_pages(folder, language):
    """The pages of one language of a site that is built, by their path in it."""
    chinese = folder / "zh"
    top = chinese if language == "zh" else folder
    return {
        path.relative_to(top).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(top.rglob("*.html"))
        if language == "zh" or not path.is_relative_to(chinese)
    }
