"""The page of a study, number by number."""
# ruff: noqa: RUF001, the pages print dashes and signs of their own

import re
import shutil

import duckdb
import pandas as pd
import pytest
from made_up_site import (
    CLOSING,
    HOSTILE,
    IN_CHINESE,
    REASON,
    UNUSABLE,
    WAREHOUSE,
    Page,
    data_of,
    rendered,
    study,
    write_warehouse,
)

from coupling.base.inputs import versions
from coupling.outputs import digest
from coupling.words import tables
from coupling.words.citations import citation
from coupling.words.language import CHINESE, speaking


@pytest.fixture(scope="module")
def empty(english):
    return Page(english["empty.html"])


@pytest.fixture(scope="module")
def small_zh(chinese):
    return Page(chinese["small.html"])


def test_the_ranking_shows_the_degrees_of_the_last_year(small):
    header, *rows = small.table("Regions by coupling coordination degree, 2021")
    assert header == [
        *("Rank", "Rank interval", "Region", "D", "C", "T", "Grade", "Lagging system"),
        "Compare",
    ]
    assert rows == [
        ["1", "–", "Alpha", "0.713", "0.900", "0.564", "high", "System A", "compare"],
        ["2", "–", "Beta", "0.582", "0.900", "0.376", "high", "System B", "compare"],
        ["3", "–", "Gamma", "0.331", "0.900", "0.122", "low", "synchronous", "compare"],
        ["–", "–", "Delta", f"not computed: {REASON}"],
    ]


def test_the_chinese_page_has_the_same_numbers_with_chinese_names(small_zh):
    rows = next(
        rows for rows in small_zh.tables.values() if rows[1:] and "甲地" in rows[1]
    )
    assert rows[1:] == [
        ["1", "–", "甲地", "0.713", "0.900", "0.564", "高", "系统", "比较"],
        ["2", "–", "乙地", "0.582", "0.900", "0.376", "高", "系统", "比较"],
        ["3", "–", "丙地", "0.331", "0.900", "0.122", "低", "同步", "比较"],
        ["–", "–", "丁地", f"未计算：{IN_CHINESE[REASON]}"],
    ]


def test_belts_have_the_mean_degree_of_their_regions(small):
    # (0.61 + 0.41) / 2, (0.7126 + 0.5817) / 2
    assert small.table("Mean D of the regions of each belt") == [
        ["Belt", "2020", "2021"],
        ["East", "0.510", "0.647"],
        ["West", "0.210", "0.331"],
    ]


def test_the_regional_gap_is_range_and_sample_deviation_over_the_mean(small):
    # 2020: sqrt((0.2^2 + 0 + 0.2^2) / 2) / 0.41
    assert small.table("Regional gap of D by year")[1:] == [
        ["2020", "0.610", "0.210", "0.400", "0.488", "3"],
        ["2021", "0.713", "0.331", "0.382", "0.358", "3"],
    ]


def test_regions_of_each_grade_are_named_by_degree(small):
    assert small.table("Regions of each grade by year")[1:] == [
        ["low", "Beta, Gamma", "Gamma"],
        ["high", "Alpha", "Alpha, Beta"],
    ]


def test_the_map_has_a_tile_for_each_region_and_year(small):
    cells = data_of(small.charts()["map"])
    assert [(row["region"], row["year"], row["tile_label"]) for row in cells] == [
        *(("Alpha", 2020, "0.61"), ("Alpha", 2021, "0.71")),
        *(("Beta", 2020, "0.41"), ("Beta", 2021, "0.58")),
        *(("Gamma", 2020, "0.21"), ("Gamma", 2021, "0.33")),
        *(("Delta", 2020, "–"), ("Delta", 2021, "–")),
    ]
    assert [row["tile_column"] for row in cells[::2]] == [1, 2, 3, 4]
    [slider] = small.charts()["map"]["params"]
    assert (slider["value"], slider["bind"]["min"], slider["bind"]["max"]) == (
        *(2021, 2020, 2021),
    )


def test_legends_have_the_colours_and_dashes_of_the_lines(small):
    drawn = []
    for name in ("trend", "belts", "gap", "criteria"):
        strokes = small.charts()[name]["layer"][0]["encoding"]
        colours = strokes["color"]["scale"]["range"]
        dashes = strokes["strokeDash"]["scale"]["range"]
        drawn += zip(colours, dashes, strict=True)
    legend = [
        (tags["stroke"], [int(n) for n in tags.get("stroke-dasharray", "1 0").split()])
        for tag, tags in small.tags
        if tag == "line"
    ]
    assert legend == drawn
    assert len(legend) == 3 + 2 + 2 + 3


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
        ["high", "(0.5, 1.0]", "1", "2"],
        ["low", "[0.0, 0.5]", "2", "1"],
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


def test_how_far_another_study_of_the_paper_agrees_is_told(small, three):
    assert small.table("Agreement of the two studies")[1:] == [
        ["2021", "3", "0.543", "0.250", "−0.012", "33.3%"]
    ]
    assert ": the same paper's indicators, " in small.text
    assert "2 of 2 are measured there and 0 stand in by proxy" in small.text
    assert "Agreement of the two studies" not in three.text


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


def with_values(tmp_path, values):
    """The study page of a made-up warehouse with these values by indicator."""
    cells = [
        {
            "study_id": "small",
            "method_id": "plain",
            "indicator_id": indicator,
            "region_code": region,
            "year": year,
            "value_origin": "observed" if value is not None else "missing",
            "raw_value": value,
        }
        for indicator, row in values.items()
        for (region, year), value in row.items()
    ]
    rows = WAREHOUSE | {"fct_indicator_values": cells}
    return Page(rendered(write_warehouse(tmp_path / "db", rows))["small.html"])


def test_indicators_of_the_same_figures_are_found_in_the_data(tmp_path):
    ones = {("1", 2020): 1.0, ("1", 2021): 3.0, ("2", 2020): None}
    page = with_values(
        tmp_path,
        {
            "X1": ones,
            "X9": ones,
            "X2": ones | {("2", 2020): 0.0},
            "X3": ones | {("1", 2021): 4.0},
            # not in use
            "X10": ones,
            # without a figure
            "X4": dict.fromkeys(ones),
            "X5": dict.fromkeys(ones),
        },
    )
    text = " ".join(page.text.split())
    same = "have the same figures in every cell and count twice."
    assert text.count(same) == 2
    assert f"X1 and X9 (proxy) {same}" in text
    assert (
        "X1 Label of X1 in System A and X9 Label of X9 (proxy) in System B " + same
    ) in text


@pytest.mark.parametrize(
    ("notes", "told"),
    [
        (("Only this", "only this", "a break"), ["Only this", "a break"]),
        (("only this", "only this; 2017 missing", None), ["only this; 2017 missing"]),
        (("a; b", "b", "c"), ["a; b", "c"]),
        ((None, None, None), []),
    ],
)
def test_what_two_notes_say_is_told_once(notes, told):
    columns = ["coverage_note", "a_quality_note", "b_quality_note"]
    parts = [
        f"{part}_{name}" for part in "ab" for name in ("label", "title", "quality")
    ]
    row = WAREHOUSE["dim_indicators"][0] | dict.fromkeys(parts)
    row |= dict(zip(columns, notes, strict=True)) | {"operator": None, "system": "A"}
    none = pd.DataFrame(columns=["indicator_id"])
    [system] = tables.coverage_table(pd.DataFrame([row]), none)
    assert [indicator["notes"] for indicator in system["indicators"]] == [told]
    row |= {f"{name}_zh": row[name] and f"说明{row[name]}" for name in columns}
    with speaking(CHINESE):
        [system] = tables.coverage_table(pd.DataFrame([row]), none)
    in_chinese = [f"说明{note}" for note in told]
    assert [indicator["notes"] for indicator in system["indicators"]] == [in_chinese]


def test_two_systems_have_their_own_word_in_chinese(small_zh):
    assert "两个系统得分的接近程度" in small_zh.text
    assert "2个系统" not in small_zh.text


def test_a_chinese_study_page_has_no_half_width_colon_or_stop(small_zh):
    # an interval is written as in mathematics
    text = small_zh.text.replace("(下限, 上限]", "")
    assert re.findall(r"[\u4e00-\u9fff）] ?[:,;]|[\u4e00-\u9fff）]\.\s", text) == []


def without_menu(text):
    return text.lower().replace("what the papers print", "", 1)


def test_a_study_without_a_paper_does_not_speak_of_one(english, small, three):
    assert "paper" not in without_menu(three.text)
    assert three.table("Indicators of the study")
    assert (
        "Of the 2 indicators of the catalogue, 2 are measured as the catalogue defines "
        "them, 100.0%."
    ) in three.text
    assert "Paper07" in "".join(small.text.split())
    index = Page(english["index.html"])
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
            "fct_coupling": [
                row for row in WAREHOUSE["fct_coupling"] if row["study_id"] == "small"
            ],
        },
    )
    page = Page(rendered(path)["small.html"])
    assert "paper" not in without_menu(page.text)
    assert "those of the indicator that the catalogue defines" in page.text
    assert page.text.count("The printed numbers") == 2


def test_publishers_of_the_series_used_are_cited(small, small_zh):
    assert "Data: Office A; Office Z; years 2020 to 2021." in small.text
    assert "Citation of two" in small.text
    assert "Office U" not in small.text
    # in the order of their English names
    assert "数据：甲局；末局；2020至2021年。" in small_zh.text
    assert "two出处" in small_zh.text
    assert "two年鉴（B）" in small_zh.text


def test_notes_and_breaks_are_told_in_the_language_of_the_page(small, small_zh):
    assert "something near; breaks in 2020" in small.text
    assert "相近的事物；2020年有断点" in small_zh.text
    assert "From 2020 more units are counted" in small.text
    assert "统计范围扩大" in small_zh.text
    assert "more units are counted" not in small_zh.text


def test_a_study_says_how_to_cite_it(small, english, chinese):
    sentence = " ".join(small.text.split())
    assert f"Coupling Warehouse (version {versions()['project']}). " in sentence
    [build] = set(re.findall(r"build ([0-9a-f]{12})\b", sentence))
    assert "Study small, method plain, build" in sentence
    assert f"build {build}. Data: Office A; Office Z, 2020-2021" in sentence
    assert "@misc{coupling_warehouse_small," in sentence
    # one build for all studies and both languages
    assert build in english["three.html"] and build in chinese["small.html"]


def test_the_build_follows_the_rows_and_no_run(made_up, tmp_path):
    def build_of(*statements):
        path = tmp_path / f"{len(statements)}.db"
        shutil.copy(made_up, path)
        with duckdb.connect(path) as con:
            for statement in statements:
                con.execute(statement)
            return digest.of_results(con)

    unchanged = build_of()
    run = "create table marts.fct_runs as select 1 as run_id"
    elsewhere = "create table staging.other as select 1 as a"
    row = "update marts.fct_coupling set coupling_degree = coupling_degree / 2"
    assert build_of(run, elsewhere) == unchanged
    assert build_of(run, elsewhere, row) != unchanged


def test_bibtex_is_free_of_what_latex_reads():
    study = {"study_id": "a_b", "label": r"50% \x {of} A & B", "label_zh": None}
    study |= {"first_year": 2016, "last_year": 2024, "result_year": 2023}
    entry = citation(study, {"method_id": "m_1"}, "0123", [])["bibtex"]
    assert r"title = {{50\% x of A \& B}}" in entry
    assert r"Study a\_b, method m\_1, build 0123. Data: not named, 2016-2023" in entry


def test_formulas_are_those_of_the_default_method(small, three):
    assert "entropy" in small.text
    assert "TOPSIS" in small.text
    assert "CRITIC" not in small.text
    assert "ε = 0.01" in " ".join(three.text.split())
    assert "CRITIC" in three.text
    assert "weighted geometric mean" in three.text
    assert "entropy" not in three.text


def test_findings_are_computed_from_the_tables(small):
    sentences = " ".join(small.text.split())
    for sentence in [
        "In 2021 Alpha comes first (D = 0.713, high) and Gamma comes last "
        f"(D = 0.331, low); 1 of 4 regions has no D ({REASON}).",
        "Mean D over the regions rose from 0.410 in 2020 to 0.542 in 2021, "
        "a change of +0.132.",
        "Mean D by belt in 2021: East 0.647 and West 0.331; East gained most since "
        "2020 (+0.137).",
        "The regional gap narrowed from 2020 to 2021: highest minus lowest D 0.400 to "
        "0.382, coefficient of variation 0.488 to 0.358.",
        "Of 3 regions with a grade in 2020 and 2021, 1 moved up",
        "The system that lags behind most often is System A, in 3 of 6 region-years "
        "(50.0%); in 2 the systems are synchronous.",
        "The largest obstacle in 2021 is X9 Label of X9 (proxy), with a mean obstacle "
        "degree of 20.0%.",
        "Of the cells of the indicators in use 15.0% hold no published figure: 2.5% "
        "interpolated between known years and 12.5% taken from the nearest known year.",
    ]:
        assert sentence in sentences


def test_a_study_without_results_says_so(empty):
    text = " ".join(empty.text.split())
    reason = UNUSABLE
    assert f"No region has a coupling coordination degree in 2021: {reason}." in text
    assert empty.table("Regions by coupling coordination degree, 2021")[1:] == [
        ["–", "–", "Alpha", f"not computed: {reason}"]
    ]
    assert [name for name, _ in empty.scripts] == ["words", None, None]


def test_an_office_without_a_name_in_chinese_is_told_all_the_same():
    series = pd.DataFrame(
        [("shipped", "Office A; Office Z", "甲局", "")],
        columns=["figure_origin", "publisher", "publisher_zh", "title"],
    )
    assert tables.publishers(series) == [("Office A", "甲局"), ("Office Z", "Office Z")]
