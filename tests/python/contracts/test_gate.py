"""Every kind of bad seed is refused with its file, row, column and what was expected.

The cases break a small copy of the seeds: contracts as shipped, two regions, seven
series, one chapter, one study. `row` is the line in the file; the header is line 1.
"""

import csv
import shutil
from typing import NamedTuple

import projects
import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from coupling.base.paths import Paths
from coupling.contracts import gate

STUDIES, SYSTEMS = "studies/studies.csv", "studies/systems.csv"
STUDY_REGIONS, METHODS = "studies/study_regions.csv", "studies/methods.csv"
INDICATORS, GRADES = "studies/indicators.csv", "reference/grade_schemes.csv"
REGIONS, NEIGHBOURS = "reference/regions.csv", "reference/region_neighbours.csv"
SERIES, SOURCES = "reference/series.csv", "reference/sources.csv"
EMPLOYMENT = "yearbook/employment.csv"
PUBLISHED = "published/paper_01_table_2_coupling.csv"
WORKERS = "urban_unit_employment_10k"


def printed_rows(name: str) -> list[dict]:
    """The rows of a printed table as shipped."""
    path = Paths().seeds / "published" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(header: str, *rows: tuple) -> list[dict]:
    return [dict(zip(header.split(), row, strict=True)) for row in rows]


LABELS = {"label": "Label", "label_zh": "标签"}
CRITERION = {"criterion": "Scale", "criterion_zh": "规模", "direction": "+"}
STUDY = {
    **LABELS,
    "first_year": 2019,
    "last_year": 2020,
    "default_method_id": "equal",
    "grade_scheme_id": "thirds",
}
METHOD = {
    **LABELS,
    "normalisation_scope": "panel",
    "zero_rule": "exact",
    "weighting": "equal",
    "aggregation": "linear",
    "coupling_formula": "standard",
}
MEASURED = {
    **LABELS,
    **CRITERION,
    "unit": "100m yuan",
    "operator": "identity",
    "numerator": "gdp_cny_100m",
    "scale": 1,
    "status": "measured",
}
RATIO = MEASURED | {"operator": "ratio", "denominator": "resident_population_10k"}
STOCK = MEASURED | {
    "operator": "perpetual_inventory",
    "depreciation_rate": 0.1,
    "initial_growth_rate": 0.05,
}
WITHOUT_SERIES = {"status": "no_series", "note": "not among the figures"}
PROXY = {"status": "proxy", "note": "something close"}
SERIES_BOUNDS = {
    WORKERS: (0, ""),
    "manufacturing_employment_urban_units_10k": (0, ""),
    "manufacturing_average_wage_cny": (0, ""),
    "urbanisation_rate_pct": (0, 100),
    "gdp_cny_100m": (0, ""),
    "resident_population_10k": (0, ""),
    "hightech_industry_profit_cny_100m": ("", ""),
    "total_employment_10k": (0, ""),
    "average_wage_urban_units_cny": (0, ""),
    "average_wage_on_post_staff_cny": (0, ""),
    "it_average_wage_cny": (0, ""),
}
SOURCE = {
    "publisher": "Office",
    "title": "Yearbook",
    "citation": "Office. Yearbook.",
    "first_year": 2019,
    "last_year": 2020,
    "figures": 0,
    "copies_compared": 1,
    "quality": "B",
}
ONE_SERIES = {**LABELS, "chapter": "employment", "unit": "items"}
SMALL = {
    "studies/weight_combinations.csv": [],
    "studies/study_methods.csv": [],
    "reference/series_breaks.csv": table(
        "series_id level year reason", ("gdp_cny_100m", "city", 2019, "a census")
    ),
    "reference/adjudications.csv": table(
        "region_code year series_id step finding outcome reason reason_zh",
        ("110000", 2019, "gdp_cny_100m", 1, "spike", "withheld", "off", "偏离"),
    ),
    SERIES: [
        {"series_id": series, "min_value": low, "max_value": high, **ONE_SERIES}
        for series, (low, high) in SERIES_BOUNDS.items()
    ],
    SOURCES: [
        {"source_id": f"printed__{series}", "series_id": series, **SOURCE}
        for series in SERIES_BOUNDS
    ],
    REGIONS: [
        {
            "region_code": code,
            "region": name,
            "name_zh": name_zh,
            "level": "province",
            "country_code": "CN",
            "land_area_10k_km2": 1.5,
            "capital_latitude": 39.5,
            "capital_longitude": 116.5,
        }
        for code, name, name_zh in (
            ("110000", "Beijing", "北京"),
            ("120000", "Tianjin", "天津"),
        )
    ],
    NEIGHBOURS: table(
        "region_code_a region_code_b basis", ("110000", "120000", "shared border")
    ),
    "reference/region_groups.csv": table(
        "grouping_id region_code group_id", ("three_belt", "110000", "east")
    ),
    "reference/region_names.csv": table("name kind", ("全国", "total")),
    "reference/series_names.csv": table("name series_id", ("GDP", "gdp_cny_100m")),
    GRADES: table(
        "grade_scheme_id level lower upper grade grade_zh",
        ("thirds", 1, 0, 0.3, "low", "低"),
        ("thirds", 2, 0.3, 0.6, "middle", "中"),
        ("thirds", 3, 0.6, 1, "high", "高"),
    ),
    STUDIES: [{"study_id": "small", **STUDY}],
    SYSTEMS: [
        {"study_id": "small", "system_id": "left", "position": 1, "contribution": 0.4}
        | LABELS,
        {"study_id": "small", "system_id": "right", "position": 2, "contribution": 0.6}
        | LABELS,
    ],
    STUDY_REGIONS: table(
        "study_id region_code", ("small", "110000"), ("small", "120000")
    ),
    METHODS: [
        {"method_id": "equal", **METHOD},
        {"method_id": "shifted", **METHOD, "zero_rule": "shift", "epsilon": 0.01},
    ],
    INDICATORS: [
        {"study_id": "small", "indicator_id": f"X{place}", "position": place, **row}
        for place, row in enumerate(
            (
                {"system_id": "left", **MEASURED, "given_weight": 0.3},
                {"system_id": "left", **RATIO, **PROXY, "given_weight": 0.7},
                {"system_id": "right", **STOCK},
                {"system_id": "right", **LABELS, **CRITERION, **WITHOUT_SERIES},
            ),
            start=1,
        )
    ],
    EMPLOYMENT: table(
        "region_code year", ("110000", 2019), ("110000", 2020), ("120000", 2019)
    ),
    PUBLISHED: [
        {
            "study_id": "small",
            "region_code": "110000",
            "year": 2020,
            "coupling_degree": 0.9,
            "coupling_coordination_degree": 0.5,
        }
    ],
    # the printed tables that name regions, cut to the two that there are
    **{
        f"published/{name}.csv": [
            row
            for row in printed_rows(name)
            if row["region_code"] in ("", "110000", "120000")
        ]
        or [printed_rows(name)[0] | {"region_code": "110000"}]
        for name in (
            "paper_01_table_3_grades",
            "paper_02_table_2_coordination",
            "paper_03_table_4_coordination",
            "paper_06_tables_1_2_losses",
            "paper_06_tables_3_4_forecasts",
        )
    },
}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The small seeds, all well; not to be changed."""
    folder = tmp_path_factory.mktemp("small") / "seeds"
    for part in ("published", "reference", "studies"):
        shutil.copytree(Paths().seeds / part, folder / part)
    (folder / EMPLOYMENT).parent.mkdir()
    for path in (Paths().seeds / EMPLOYMENT).parent.glob("employment.*"):
        shutil.copy2(path, folder / "yearbook")
    for name, rows in SMALL.items():
        projects.write_rows(folder / name, rows)
    return folder


@pytest.fixture
def copy(small, tmp_path):
    """A copy of the small seeds to break."""
    return shutil.copytree(small, tmp_path / "seeds")


# --- ways to break a seed -----------------------------------------------------------


def cell(name: str, row: int, column: str, value: str):
    """Put `value` into one cell."""

    def edit(folder):
        header, *rows = lines_of(folder / name)
        rows[row - 2][header.index(column)] = value
        write_lines(folder / name, [header, *rows])

    return edit


def with_row(name: str, **cells):
    """Add a line at the end; cells not named are blank."""
    return lambda folder: projects.append_rows(folder / name, [cells])


def with_rows(name: str, column: str, values):
    """Add a line of a chapter per value, each of a year of its own."""

    def edit(folder):
        rows = [
            {"region_code": "120000", "year": year, column: value}
            for year, value in enumerate(values, start=2001)
        ]
        projects.append_rows(folder / name, rows)

    return edit


def with_column(name: str, column: str, value: str = ""):
    """Add a column at the end, with `value` in every row."""

    def edit(folder):
        header, *rows = lines_of(folder / name)
        rows = [[*row, value] for row in rows]
        write_lines(folder / name, [[*header, column], *rows])

    return edit


def without_column(name: str, column: str):
    """Take a column out."""

    def edit(folder):
        lines = lines_of(folder / name)
        place = lines[0].index(column)
        write_lines(folder / name, [row[:place] + row[place + 1 :] for row in lines])

    return edit


def content(name: str, change):
    """Put `change(bytes of the file)` into the file."""

    def edit(folder):
        path = folder / name
        changed = change(path.read_bytes())
        assert changed != path.read_bytes()
        path.write_bytes(changed)

    return edit


def renamed(name: str, old: str, new: str):
    """Put `new` wherever `old` stands in the file."""
    return content(name, lambda text: text.replace(old.encode(), new.encode()))


def other_study(without: str = "", contributions=(0.5, 0.5)):
    """Add a second study whose rows in one seed are left out."""
    one = {"study_id": "other"}
    added = [
        (STUDIES, one | STUDY),
        (STUDY_REGIONS, one | {"region_code": "120000"}),
    ]
    for place in (1, 2):
        row = {"system_id": f"s{min(place, len(contributions))}", "position": place}
        added.append((INDICATORS, one | row | MEASURED | {"indicator_id": f"X{place}"}))
    for place, share in enumerate(contributions, start=1):
        row = {"system_id": f"s{place}", "position": place, "contribution": share}
        added.append((SYSTEMS, one | row | LABELS))
    return [with_row(name, **row) for name, row in added if name != without]


def stated(series: str, figures: int, first_year=2019, last_year=2020):
    """Let the source of a series state how many figures there are, of which years."""
    row = list(SERIES_BOUNDS).index(series) + 2
    said = {"figures": figures, "first_year": first_year, "last_year": last_year}
    return [cell(SOURCES, row, column, str(value)) for column, value in said.items()]


def lines_of(path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write_lines(path, lines) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


# --- what is expected ---------------------------------------------------------------


class Fault(NamedTuple):
    """A finding to expect; `expected` is a part of what the gate says it expected."""

    name: str
    row: int | None
    column: str
    found: str
    expected: str


def assert_faults(folder, faults) -> None:
    found = gate.check_seeds(folder)
    said = "\n".join(map(str, found))
    assert len(found) == len(faults), said
    for finding, fault in zip(found, faults, strict=True):
        place = (f"seeds/{fault.name}", fault.row, fault.column, fault.found)
        assert place == (finding.file, finding.row, finding.column, finding.found), said
        assert fault.expected in finding.expected, said


CASES = {}


def case(sentence: str, edits, *faults: Fault) -> None:
    assert sentence not in CASES
    CASES[sentence] = (edits if isinstance(edits, list) else [edits], faults)


# Keys

case(
    "a key stands twice",
    with_row(METHODS, method_id="equal", **METHOD),
    Fault(METHODS, 4, "method_id", "equal again", "(row 2 has it)"),
)
case(
    "a key stands three times",
    [with_row(METHODS, method_id="equal", **METHOD)] * 2,
    Fault(METHODS, 4, "method_id", "equal again", "(row 2 has it)"),
    Fault(METHODS, 5, "method_id", "equal again", "(row 2 has it)"),
)
case(
    "a combined key stands twice",
    with_row(STUDY_REGIONS, study_id="small", region_code="110000"),
    Fault(
        STUDY_REGIONS,
        4,
        "study_id, region_code",
        "small, 110000 again",
        "(row 2 has it)",
    ),
)
case(
    "a region-year stands twice, written differently",
    with_row(EMPLOYMENT, region_code="110000", year="2019.0"),
    Fault(EMPLOYMENT, 5, "region_code, year", "110000, 2019 again", "no other row"),
)
case(
    "two indicators have one position",
    cell(INDICATORS, 3, "position", "1"),
    Fault(INDICATORS, 3, "study_id, position", "small, 1 again", "(row 2 has it)"),
)

# Numbers

NOT_NUMBERS = ("abc", "nan", "inf", "-Infinity", "1e999", "1,234", "12 %", " ")
case(
    "number columns hold text, NaN and infinity",
    [with_rows(EMPLOYMENT, WORKERS, NOT_NUMBERS)],
    *(
        Fault(EMPLOYMENT, row, WORKERS, text, "a finite number")
        for row, text in enumerate(NOT_NUMBERS, start=5)
    ),
)
case(
    "number columns hold what is a number, however written",
    [
        with_rows(EMPLOYMENT, WORKERS, ("1e3", "+2", "007", ".5", "1.", "", "-0")),
        *stated(WORKERS, 6, 2001, 2007),
    ],
)
for text in ("2019.5", "two thousand"):
    case(
        f"{text!r} stands in a year column",
        cell(EMPLOYMENT, 4, "year", text),
        Fault(EMPLOYMENT, 4, "year", text, "a whole number"),
    )
case(
    "years are before 1949 and after 2100",
    [cell(EMPLOYMENT, 2, "year", "1948"), cell(EMPLOYMENT, 3, "year", "2101")],
    *(
        Fault(EMPLOYMENT, row, "year", year, "a number from 1949 to 2100")
        for row, year in ((2, "1948"), (3, "2101"))
    ),
)
case(
    "years are 1949 and 2100",
    [cell(EMPLOYMENT, 2, "year", "1949"), cell(EMPLOYMENT, 3, "year", "2100")],
)
case(
    "a figure lies below the bounds of its series",
    cell(EMPLOYMENT, 2, WORKERS, "-0.1"),
    Fault(EMPLOYMENT, 2, WORKERS, "-0.1", "a number from 0"),
)
case(
    "a figure lies above the bounds of its series",
    [
        with_column(EMPLOYMENT, "urbanisation_rate_pct", "99"),
        cell(EMPLOYMENT, 3, "urbanisation_rate_pct", "100.1"),
    ],
    Fault(EMPLOYMENT, 3, "urbanisation_rate_pct", "100.1", " to 100"),
)
case(
    "figures lie on the bounds of their series",
    [
        with_column(EMPLOYMENT, "urbanisation_rate_pct", "100"),
        cell(EMPLOYMENT, 3, "urbanisation_rate_pct", "0"),
        *stated("urbanisation_rate_pct", 3),
    ],
)
case(
    "a figure of a series without bounds is negative",
    [
        with_column(EMPLOYMENT, "hightech_industry_profit_cny_100m", "-5"),
        *stated("hightech_industry_profit_cny_100m", 3),
    ],
)
case(
    "epsilon is 0",
    cell(METHODS, 3, "epsilon", "0"),
    Fault(METHODS, 3, "epsilon", "0", "to 0.5"),
)
case(
    "a position is 0",
    cell(SYSTEMS, 2, "position", "0"),
    Fault(SYSTEMS, 2, "position", "0", "a number from 1 "),
)

# Names that another seed must have

UNKNOWN_NAMES = [
    (INDICATORS, 2, "numerator", "a series_id of seeds/reference/series.csv"),
    (INDICATORS, 3, "denominator", "a series_id of seeds/reference/series.csv"),
    (EMPLOYMENT, 4, "region_code", "a region_code of seeds/reference/regions.csv"),
    (STUDY_REGIONS, 3, "region_code", "a region_code of seeds/reference/regions.csv"),
    (NEIGHBOURS, 2, "region_code_b", "a region_code of seeds/reference/regions.csv"),
    (PUBLISHED, 2, "study_id", "a study_id of seeds/studies/studies.csv"),
    (STUDIES, 2, "default_method_id", "a method_id of seeds/studies/methods.csv"),
    (STUDIES, 2, "grade_scheme_id", "seeds/reference/grade_schemes.csv"),
    (INDICATORS, 2, "operator", "one of identity, ratio, per_area"),
    (INDICATORS, 5, "status", "one of measured, proxy, no_series, excluded"),
]
for name, row, column, expected in UNKNOWN_NAMES:
    case(
        f"{column} of {name} is unknown",
        cell(name, row, column, "odd"),
        Fault(name, row, column, "odd", expected),
    )
CHOICES = {
    "normalisation_scope": "one of panel, year",
    "zero_rule": "one of exact, shift, interval",
    "weighting": "one of entropy, critic, variation, equal, given, ahp, pca, scatter, "
    "combined",
    "aggregation": "one of linear, geometric, topsis, grey_topsis",
    "coupling_formula": "one of standard, wang_2021, capacity",
}
case(
    "the choices of a method are unknown",
    [cell(METHODS, 2, column, "odd") for column in CHOICES],
    *(Fault(METHODS, 2, column, "odd", CHOICES[column]) for column in sorted(CHOICES)),
)
case(
    "a chapter has a column that is no series",
    with_column(EMPLOYMENT, "odd_series", "1.5"),
    Fault(EMPLOYMENT, 1, "odd_series", "an unknown series", "a series_id of seeds/"),
)
case(
    "a chapter has a further column that is a series",
    [with_column(EMPLOYMENT, "gdp_cny_100m", "1.5"), *stated("gdp_cny_100m", 3)],
)
case(
    "a source states another number of figures, or other years",
    [
        with_column(EMPLOYMENT, "gdp_cny_100m", "1.5"),
        *stated("gdp_cny_100m", 4, 2018, 2021),
        *stated(WORKERS, 1),
    ],
    Fault(SOURCES, 2, "figures", "1", "0, as seeds/yearbook/employment.csv has it"),
    Fault(SOURCES, 6, "figures", "4", "3, as seeds/yearbook/employment.csv has it"),
    Fault(SOURCES, 6, "first_year", "2018", "2019, as seeds/"),
    Fault(SOURCES, 6, "last_year", "2021", "2020, as seeds/"),
)
case(
    "a study reaches beyond the years of the figures",
    [cell(STUDIES, 2, "first_year", "2018"), cell(STUDIES, 2, "last_year", "2021")],
    Fault(STUDIES, 2, "first_year", "2018", "2019 to 2020"),
    Fault(STUDIES, 2, "last_year", "2021", "2019 to 2020"),
)
case(
    "no indicator of a system has figures",
    [
        cell(INDICATORS, 4, "status", "no_series"),
        cell(INDICATORS, 4, "note", "not among the figures"),
    ],
    Fault(SYSTEMS, 3, "system_id", "right", "measured or proxy"),
)
case(
    "no indicator of a system has figures, but one of another study does",
    [
        *other_study(),
        *(renamed(name, "other,s2", "other,right") for name in (SYSTEMS, INDICATORS)),
        cell(INDICATORS, 4, "status", "excluded"),
        cell(INDICATORS, 4, "note", "left out"),
    ],
    Fault(SYSTEMS, 3, "system_id", "right", "measured or proxy"),
)
case(
    "the name of a study is a path",
    [
        *other_study(),
        *(
            renamed(name, "other,", "odd/../up,")
            for name in (STUDIES, STUDY_REGIONS, SYSTEMS, INDICATORS)
        ),
    ],
    Fault(STUDIES, 3, "study_id", "odd/../up", "letters, digits, _ and -"),
)
case(
    "the name of a system begins with a dot",
    [renamed(name, "small,right", "small,.right") for name in (SYSTEMS, INDICATORS)],
    Fault(SYSTEMS, 3, "system_id", ".right", "letters, digits, _ and -"),
)
case(
    "a further series of a chapter has no numbers",
    with_column(EMPLOYMENT, "gdp_cny_100m", "abc"),
    *(
        Fault(EMPLOYMENT, row, "gdp_cny_100m", "abc", "a finite number")
        for row in (2, 3, 4)
    ),
)
case(
    "a series has no source",
    with_row(SERIES, series_id="new", **ONE_SERIES),
    Fault(
        SERIES,
        13,
        "series_id",
        "new with 0 row(s)",
        "at least 1 row(s) with this series_id in seeds/reference/sources.csv",
    ),
)
case(
    "a second source of a series has years of the first",
    with_row(
        SOURCES,
        **SOURCE
        | {"source_id": "second", "series_id": "gdp_cny_100m", "first_year": 2020},
    ),
    Fault(
        SOURCES,
        len(SERIES_BOUNDS) + 2,
        "first_year",
        "2020",
        "a year after 2020, the last_year of the row of gdp_cny_100m before it",
    ),
)
case(
    "sources of two levels share their years",
    [
        cell(SOURCES, 6, "level", "province"),
        with_row(
            SOURCES,
            **SOURCE
            | {"source_id": "second", "series_id": "gdp_cny_100m", "level": "city"},
        ),
    ],
)
case(
    "figures of provinces have a source of cities",
    [
        cell(SOURCES, 2, "level", "city"),
        cell(EMPLOYMENT, 2, WORKERS, "5"),
        *stated(WORKERS, 0),
    ],
    Fault(
        SOURCES,
        2,
        "level",
        "city",
        "a source of level province as well, which seeds/yearbook/employment.csv has",
    ),
)
case(
    "the second source of a series has the figures of its years",
    [
        cell(EMPLOYMENT, 2, WORKERS, "5"),
        cell(EMPLOYMENT, 3, WORKERS, "6"),
        *stated(WORKERS, 2, 2019, 2019),
        with_row(
            SOURCES,
            **SOURCE
            | {"source_id": "second", "series_id": WORKERS, "first_year": 2020},
        ),
    ],
    Fault(SOURCES, 2, "figures", "2", "1, as seeds/yearbook/employment.csv has it"),
    Fault(
        SOURCES,
        len(SERIES_BOUNDS) + 2,
        "figures",
        "0",
        "1, as seeds/yearbook/employment.csv has it",
    ),
)
case(
    "an indicator is of a system that its study does not have",
    cell(INDICATORS, 5, "system_id", "odd"),
    Fault(
        INDICATORS,
        5,
        "study_id, system_id",
        "small, odd",
        "a combination that seeds/studies/systems.csv has",
    ),
)
case(
    "an indicator is of a system that only another study has",
    [*other_study(), cell(INDICATORS, 5, "system_id", "s2")],
    Fault(INDICATORS, 5, "study_id, system_id", "small, s2", "a combination that"),
)

# Studies, systems, catalogue, grades

case("a second study is complete", other_study())
case(
    "a study has no regions",
    other_study(without=STUDY_REGIONS),
    Fault(
        STUDIES,
        3,
        "study_id",
        "other with 0 row(s)",
        "at least 1 row(s) with this study_id in seeds/studies/study_regions.csv",
    ),
)
case(
    "a study has one system only",
    other_study(contributions=(1,)),
    Fault(
        STUDIES,
        3,
        "study_id",
        "other with 1 row(s)",
        "at least 2 row(s) with this study_id in seeds/studies/systems.csv",
    ),
)
case(
    "a study has no indicators",
    other_study(without=INDICATORS),
    Fault(
        STUDIES,
        3,
        "study_id",
        "other with 0 row(s)",
        "at least 1 row(s) with this study_id in seeds/studies/indicators.csv",
    ),
)
case(
    "the first year is after the last",
    cell(STUDIES, 2, "first_year", "2021"),
    Fault(STUDIES, 2, "first_year", "2021", "not after last_year 2020"),
)
case("the first year is the last", cell(STUDIES, 2, "first_year", "2020"))
case(
    "contributions do not sum to 1",
    cell(SYSTEMS, 3, "contribution", "0.5"),
    Fault(SYSTEMS, 2, "contribution", "a sum of 0.9 over 2 rows", "a sum of 1 over"),
)
case(
    "contributions of one study of two do not sum to 1",
    other_study(contributions=(0.5, 0.500000002)),
    Fault(
        SYSTEMS,
        4,
        "contribution",
        "a sum of 1.000000002 over 2 rows",
        "a sum of 1 over other",
    ),
)
case(
    "contributions sum to 1 but for rounding",
    cell(SYSTEMS, 3, "contribution", "0.5999999995"),
)
case(
    "weights are given for part of a system",
    cell(INDICATORS, 2, "given_weight", ""),
    Fault(
        INDICATORS, 2, "given_weight", "a blank", "since other rows of small, left have"
    ),
)
case(
    "weights are given for no indicator",
    [cell(INDICATORS, row, "given_weight", "") for row in (2, 3)],
)
case(
    "an indicator that is not used has no weight where others have",
    [
        cell(INDICATORS, 4, "given_weight", "1"),
        cell(INDICATORS, 5, "status", "excluded"),
        cell(INDICATORS, 5, "note", "left out"),
    ],
)
case(
    "grade intervals overlap",
    cell(GRADES, 3, "lower", "0.2"),
    Fault(GRADES, 3, "lower", "0.2", "0.3, where the interval below ends"),
)
case(
    "grade intervals leave a hole",
    cell(GRADES, 4, "lower", "0.65"),
    Fault(GRADES, 4, "lower", "0.65", "0.6, where the interval below ends"),
)
case(
    "a grade scheme does not start at 0",
    cell(GRADES, 2, "lower", "0.1"),
    Fault(GRADES, 2, "lower", "0.1", "0, where"),
)
case(
    "a grade scheme does not end at 1",
    cell(GRADES, 4, "upper", "0.9"),
    Fault(GRADES, 4, "upper", "0.9", "1, the end of the scale"),
)
case(
    "a grade interval is empty",
    with_row(
        GRADES,
        grade_scheme_id="thirds",
        level=4,
        lower=1,
        upper=1,
        grade="top",
        grade_zh="顶",
    ),
    Fault(GRADES, 5, "upper", "1", "more than lower"),
)
case(
    "a second grade scheme stands above the first, its grades upside down",
    content(
        GRADES,
        lambda text: text.replace(
            b"thirds,1,",
            b"two,2,0.5,1,high,h,\ntwo,1,0,0.5,low,l,\nthirds,1,",
        ),
    ),
)

# Values that other values call for

CALLED_FOR = [
    (INDICATORS, 2, "operator", "since status is measured"),
    (INDICATORS, 2, "unit", "since status is measured"),
    (INDICATORS, 3, "denominator", "since operator is ratio"),
    (INDICATORS, 3, "note", "since status is proxy"),
    (INDICATORS, 3, "numerator", "since status is proxy"),
    (INDICATORS, 4, "depreciation_rate", "since operator is perpetual_inventory"),
    (INDICATORS, 4, "initial_growth_rate", "since operator is perpetual_inventory"),
    (METHODS, 3, "epsilon", "since zero_rule is shift"),
]
case(
    "values that other values call for are blank",
    [cell(name, row, column, "") for name, row, column, _ in CALLED_FOR],
    *(
        Fault(name, row, column, "a blank", expected)
        for name, row, column, expected in CALLED_FOR
    ),
)
for name, row, column in (
    (METHODS, 2, "weighting"),
    (EMPLOYMENT, 2, "region_code"),
    (EMPLOYMENT, 2, "year"),
    (SERIES, 2, "unit"),
):
    case(
        f"{column} of {name} is blank",
        cell(name, row, column, ""),
        Fault(name, row, column, "a blank", "a value"),
    )
for name, row, columns in (
    (REGIONS, 2, ("region", "name_zh")),
    (SERIES, 2, ("label", "label_zh")),
    (STUDIES, 2, ("label", "label_zh")),
    (SYSTEMS, 3, ("label", "label_zh")),
    (METHODS, 2, ("label", "label_zh")),
    (INDICATORS, 2, ("label", "label_zh")),
    (GRADES, 3, ("grade", "grade_zh")),
):
    case(
        f"a row of {name} has no name in either language",
        [cell(name, row, column, "") for column in columns],
        Fault(name, row, columns[0], "a blank", f"one of {', '.join(columns)}"),
    )
    for column in columns:
        case(f"a row of {name} lacks {column} alone", cell(name, row, column, ""))
case(
    "a region has a code and a name, and nothing else",
    with_row(REGIONS, region_code="own_1", name_zh="测试"),
)
case(
    "two regions of one level bear one name",
    with_row(REGIONS, region_code="1", region="Beijing", level="province"),
    Fault(REGIONS, 4, "level, region", "province, Beijing again", "(row 2 has it)"),
)
case(
    "regions of two levels, or without a level, bear one name",
    [
        with_row(REGIONS, region_code=code, region="Beijing", level=level)
        for code, level in (("1", "city"), ("2", ""), ("3", ""))
    ],
)
case(
    "the unit of a shipped series is unknown",
    cell(SERIES, 2, "unit", "bushels"),
    Fault(SERIES, 2, "unit", "bushels", "a unit of seeds/reference/units.csv"),
)
case(
    "an indicator is excluded without a reason",
    [cell(INDICATORS, 5, "status", "excluded"), cell(INDICATORS, 5, "note", "")],
    Fault(INDICATORS, 5, "note", "a blank", "since status is excluded"),
)
case(
    "a deflator of a capital stock is left out", cell(INDICATORS, 4, "denominator", "")
)

# Columns; what refers to a column that is missing is not reported as well

MISSING_COLUMNS = [
    (METHODS, "label"),
    (METHODS, "zero_rule"),
    (METHODS, "method_id"),
    (GRADES, "lower"),
    (SYSTEMS, "study_id"),
    (INDICATORS, "status"),
    (INDICATORS, "system_id"),
    (STUDIES, "last_year"),
    (REGIONS, "region_code"),
    (SERIES, "series_id"),
    (SERIES, "max_value"),
    (SOURCES, "series_id"),
    (EMPLOYMENT, "year"),
    (EMPLOYMENT, WORKERS),
]
for name, column in MISSING_COLUMNS:
    case(
        f"column {column} of {name} is missing",
        without_column(name, column),
        Fault(name, 1, column, "no such column", "this column"),
    )
case(
    "a seed has a further column",
    with_column(METHODS, "remark"),
    Fault(METHODS, 1, "remark", "an unknown column", "that its YAML file describes"),
)
for name, column in (
    (METHODS, "label"),
    (REGIONS, "region_code"),
    (SERIES, "max_value"),
    (EMPLOYMENT, "year"),
    (EMPLOYMENT, WORKERS),
):
    case(
        f"column {column} of {name} stands twice",
        with_column(name, column, "7"),
        Fault(name, 1, column, "the column twice", "each column once"),
    )

# Rows; what refers to a row that cannot be read is not reported as well

case(
    "a row has too few fields",
    content(
        REGIONS, lambda text: text.replace(b",116.5,,,,,,,\n", b",116.5,,,,,,\n", 1)
    ),
    Fault(REGIONS, 2, "", "15 fields", "16 fields, as in the header"),
)
case(
    "a row has too many fields",
    content(STUDIES, lambda text: text.replace(b",thirds,,\n", b",thirds,,,\n")),
    Fault(STUDIES, 2, "", "11 fields", "10 fields, as in the header"),
)
case(
    "a line between rows is blank",
    content(GRADES, lambda text: text.replace(b"\nthirds,2", b"\n\nthirds,2")),
)
case(
    "a quote is not closed",
    content(GRADES, lambda text: text.replace(b"middle", b'"middle')),
    Fault(GRADES, 3, "", "unexpected end of data", "a CSV row"),
)
case(
    "text follows a closing quote",
    content(SYSTEMS, lambda text: text.replace(b"right", b'"right"hand')),
    Fault(SYSTEMS, 3, "", "',' expected after '\"'", "a CSV row"),
)
case(
    "fields in quotes hold commas, quotes and line ends",
    [
        cell(METHODS, 2, "label", 'Equal, "flat"'),
        cell(METHODS, 3, "label", "Shifted\nby a little"),
    ],
)
case(
    "a fault follows fields with commas and line ends",
    [
        with_row(METHODS, method_id="third", **METHOD),
        cell(METHODS, 2, "label", "Equal,\nflat,\r\nplain"),
        cell(METHODS, 3, "label", "Shifted\nby a little"),
        cell(METHODS, 3, "weighting", "odd"),
        cell(METHODS, 4, "aggregation", "odd"),
    ],
    Fault(METHODS, 5, "weighting", "odd", "one of entropy"),
    Fault(METHODS, 7, "aggregation", "odd", "one of linear"),
)
case(
    "a fault follows characters that only look like line ends",
    [
        cell(METHODS, 2, "label", "Equal\u2028flat\x0b\x0c\x85"),
        cell(METHODS, 3, "weighting", "odd"),
    ],
    Fault(METHODS, 3, "weighting", "odd", "one of entropy"),
)

# Files

case(
    "a file is in GBK",
    content(METHODS, lambda text: text.decode().encode("gbk")),
    Fault(METHODS, 2, "", "byte 0xb1", "UTF-8"),
)
case(
    "a file is in UTF-16",
    content(REGIONS, lambda text: text.decode().encode("utf-16")),
    Fault(REGIONS, 1, "", "byte 0xff", "UTF-8"),
)
for name in (METHODS, EMPLOYMENT, SERIES, INDICATORS):
    case(
        f"{name} is empty",
        content(name, lambda text: b""),
        Fault(name, 1, "", "no header", "a header"),
    )
case(
    "a chapter has a header only",
    content(EMPLOYMENT, lambda text: text.splitlines(keepends=True)[0]),
    Fault(EMPLOYMENT, None, "", "no rows", "at least one row"),
)
case(
    "the catalogue has a header only",
    content(INDICATORS, lambda text: text.splitlines(keepends=True)[0]),
    Fault(INDICATORS, None, "", "no rows", "at least one row"),
    Fault(STUDIES, 2, "study_id", "small with 0 row(s)", "in seeds/studies/indicators"),
)
case(
    "a file begins with a byte order mark",
    content(METHODS, lambda text: b"\xef\xbb\xbf" + text),
)
case(
    "a file has the line ends of Windows",
    content(METHODS, lambda text: text.replace(b"\n", b"\r\n")),
)
case(
    "a fault stands in a file with a byte order mark and the line ends of Windows",
    [
        cell(METHODS, 3, "weighting", "odd"),
        content(METHODS, lambda text: b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n")),
    ],
    Fault(METHODS, 3, "weighting", "odd", "one of entropy"),
)
case(
    "the last line has no line end",
    content(METHODS, lambda text: text.removesuffix(b"\n")),
)

# Several at once

GRADED = "published/paper_04_table_2_obstacles.csv"
for text in ("0,17", "1.7e-1", "about 0.1", "1.01", "-"):
    case(
        f"a printed number reads {text!r}",
        cell(GRADED, 2, "obstacle_degree", text),
        Fault(GRADED, 2, "obstacle_degree", text, "from 0 to 1, in plain digits"),
    )
case(
    "printed numbers are whole, or lack digits on a side of the point",
    [
        cell(GRADED, row, "obstacle_degree", text)
        for row, text in enumerate(("1", "0.", ".5", "-0", "0.100"), start=2)
    ],
)
case(
    "several seeds have several faults",
    [
        cell(SYSTEMS, 3, "position", "1"),
        cell(SYSTEMS, 3, "label", ""),
        cell(SYSTEMS, 3, "label_zh", ""),
        cell(EMPLOYMENT, 4, WORKERS, "abc"),
        cell(EMPLOYMENT, 4, "manufacturing_average_wage_cny", "-1"),
        cell(EMPLOYMENT, 2, WORKERS, "inf"),
        cell(STUDY_REGIONS, 2, "region_code", "odd"),
        with_column(METHODS, "remark"),
        cell(REGIONS, 2, "land_area_10k_km2", "0"),
        cell(PUBLISHED, 2, "coupling_degree", "1.5"),
        content(GRADES, lambda text: "中".encode("gbk") + text),
    ],
    Fault(PUBLISHED, 2, "coupling_degree", "1.5", "a number from 0 to 1"),
    Fault(GRADES, 1, "", "byte 0xd6", "UTF-8"),
    Fault(REGIONS, 2, "land_area_10k_km2", "0", "a number from"),
    Fault(METHODS, 1, "remark", "an unknown column", "only the columns"),
    Fault(STUDY_REGIONS, 2, "region_code", "odd", "a region_code"),
    Fault(SYSTEMS, 3, "label", "a blank", "a value in one of label, label_zh"),
    Fault(SYSTEMS, 3, "study_id, position", "small, 1 again", "(row 2 has it)"),
    Fault(EMPLOYMENT, 2, WORKERS, "inf", "a finite number"),
    Fault(EMPLOYMENT, 4, "manufacturing_average_wage_cny", "-1", "a number from 0"),
    Fault(EMPLOYMENT, 4, WORKERS, "abc", "a finite number"),
)


# --- tests --------------------------------------------------------------------------


def test_the_shipped_seeds_have_no_fault():
    assert gate.check_seeds(Paths().seeds) == []


def test_the_small_seeds_have_no_fault(small):
    assert gate.check_seeds(small) == []


@pytest.mark.parametrize("sentence", CASES)
def test_the_gate_names_each_fault_and_no_other_when(copy, sentence):
    edits, faults = CASES[sentence]
    for edit in edits:
        edit(copy)
    assert_faults(copy, faults)


def test_every_test_that_a_contract_states_is_known_to_the_gate():
    stated = set()
    for contract in Paths().seeds.rglob("*.yml"):
        for seed in yaml.safe_load(contract.read_text(encoding="utf-8"))["seeds"]:
            for part in (seed, *seed.get("columns", [])):
                for test in part.get("data_tests", []):
                    stated.add(test if isinstance(test, str) else next(iter(test)))
    assert "not_empty" in stated and "unique" in stated
    assert stated - set(gate.TOLD) == set()


def test_a_reference_may_be_to_columns_of_other_names(copy):
    contract = copy / "studies" / "_studies.yml"
    stated = """      - references:
          arguments:
            columns: [default_method_id]
            to: ref('methods')
            to_columns: [method_id]
      - years_in_order:"""
    text = contract.read_text(encoding="utf-8")
    text = text.replace("      - years_in_order:", stated)
    contract.write_text(text, encoding="utf-8")
    assert_faults(copy, [])
    cell(STUDIES, 2, "default_method_id", "odd")(copy)
    fault = Fault(STUDIES, 2, "default_method_id", "odd", "a combination that seeds/")
    assert_faults(copy, [fault, fault._replace(expected="a method_id of seeds/")])


def test_a_test_that_the_gate_does_not_know_is_an_error(copy):
    contract = copy / "studies" / "_studies.yml"
    text = contract.read_text(encoding="utf-8")
    contract.write_text(text.replace("- not_empty", "- not_known", 1), encoding="utf-8")
    with pytest.raises(KeyError, match="not_known"):
        gate.check_seeds(copy)


def test_a_contract_without_its_file_is_a_fault(copy):
    (copy / METHODS).unlink()
    found = gate.check_seeds(copy)
    assert gate.Finding(f"seeds/{METHODS}", None, "", "no such file", "a file") in found


# --- the gate never crashes ---------------------------------------------------------


def with_cell(rows, row, column, put):
    for cells in rows[row : row + 1]:
        cells[column : column + 1] = [put]


def with_field(rows, row, column, put):
    for cells in rows[row : row + 1]:
        cells.insert(column, put)


def with_row_again(rows, row, column, put):
    rows.extend([list(cells) for cells in rows[row : row + 1]])


def with_rows_out(rows, row, column, put):
    del rows[row : row + column]


def with_column_again(rows, row, column, put):
    for cells in rows:
        cells.extend(cells[column : column + 1])


def with_column_out(rows, row, column, put):
    for cells in rows:
        del cells[column : column + 1]


EDITS = [with_cell, with_field, with_row_again, with_rows_out]
EDITS += [with_column_again, with_column_out]
ODD = [" ", "nan", "-inf", "1e400", "-1", "0.5", "9" * 400, "110000", "2019", "small"]
ODD += ["left", "gdp_cny_100m", '"', '""', '"a\nb"', "\r", "\0", "\u2028", "\ufeff"]
PUTS = st.sampled_from([text.encode() for text in ODD]) | st.binary(max_size=4)
PLACES = st.integers(0, 20)
BREAKS = st.tuples(
    st.sampled_from(sorted(SMALL)), st.sampled_from(EDITS), PLACES, PLACES, PUTS
)


@settings(max_examples=40, deadline=None, derandomize=True, phases=[Phase.generate])
@given(breaks=st.lists(BREAKS, min_size=1, max_size=4))
def test_the_gate_reports_or_passes_whatever_the_files_hold(small, breaks):
    kept = {name: (small / name).read_bytes() for name, *_ in breaks}
    try:
        for name, edit, *places_and_put in breaks:
            rows = [
                line.split(b",") for line in (small / name).read_bytes().split(b"\n")
            ]
            edit(rows, *places_and_put)
            (small / name).write_bytes(b"\n".join(map(b",".join, rows)))
        for finding in gate.check_seeds(small):
            assert (small.parent / finding.file).exists()
            assert finding.row is None or finding.row >= 1
            assert finding.found and finding.expected
    finally:
        for name, data in kept.items():
            (small / name).write_bytes(data)
