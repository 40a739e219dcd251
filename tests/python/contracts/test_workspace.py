"""A user's figures and studies join the shipped ones; faults name file, row, column.

One build has in its workspace: files that contradict the shipped figures and one
another, an own series that completes study 01, and the made-up studies. The same rows
put into the seeds of another copy give the same numbers.
"""

# ruff: noqa: RUF001, Chinese has signs of its own

import csv
import hashlib
import shutil

import projects
import pytest
import test_made_up_studies as made_up

from coupling.base.paths import Paths
from coupling.contracts import gate

SHIPPED = Paths().seeds
STUDY = "ecommerce_manufacturing_east"
EASTERN = ("110000", "120000", "130000", "310000", "320000", "330000", "350000")
EASTERN += ("370000", "440000", "460000")
GDP, CPI, EXPRESS = "gdp_cny_100m", "cpi_previous_year_100", "express_parcels_10k"
LANDINGS = (
    "position,landing_id,file_name,sha256,landed_at,cells_read,cells_blank,"
    "cells_converted,cells_rejected,publisher,title,is_current\n"
)
RESULTS = {
    "fct_coupling": "*",
    "fct_indicator_weights": "*",
    "fct_indicator_values": "* exclude (quality, quality_note, quality_note_zh)",
    "fct_system_scores": "*",
}


def put(folder, name, text):
    """Write a file of a workspace."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def yearbook(*rows):
    """Rows of cells as the text of a yearbook table."""
    return "".join(",".join(map(str, row)) + "\n" for row in rows)


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def move_rows(seeds, folder):
    """Put rows that `seeds` have and the shipped seeds have not into a workspace."""
    for path in sorted(seeds.glob("*/*.csv")):
        name = path.relative_to(seeds)
        if name.parts[0] not in ("reference", "studies") or name.stem == "sources":
            continue
        shipped, rows = read(SHIPPED / name), read(path)
        own = [row for row in rows if row not in shipped]
        if own:
            put(folder, name, yearbook(rows[0].keys()))
            projects.write_rows(folder / name, own)


def express_volume():
    """Made-up parcels: a figure for each eastern region and year."""
    return {
        (region, year): 100 * place + year - 2000
        for place, region in enumerate(EASTERN, 1)
        for year in range(2016, 2024)
    }


EXPRESS_ROW = {"status": "measured", "unit": "10k items", "operator": "identity"}
EXPRESS_ROW |= {"numerator": EXPRESS, "scale": "1", "note": ""}
SERIES_ROW = {"series_id": EXPRESS, "chapter": "internet_and_ecommerce"}
SERIES_ROW |= {"label": "Express parcels", "label_zh": "快递量", "unit": "10k items"}


def complete_study_01(seeds):
    """Change the row of X4 and add its series, in a copy of the seeds."""
    path = seeds / "studies" / "indicators.csv"
    rows = read(path)
    (row,) = (r for r in rows if (r["study_id"], r["indicator_id"]) == (STUDY, "X4"))
    row |= EXPRESS_ROW
    projects.write_rows(path, rows)
    projects.append_rows(seeds / "reference" / "series.csv", [SERIES_ROW])


def replace_figures(seeds, figures):
    """Write figures {(region, year, series): value} into the chapters of a copy."""
    for path in (seeds / "yearbook").glob("*.csv"):
        rows = read(path)
        for row in rows:
            for (region, year, series), value in figures.items():
                is_cell = (row["region_code"], row["year"]) == (region, str(year))
                if is_cell and series in row:
                    row[series] = value
        projects.write_rows(path, rows)


# what the workspace below comes to, and what the figures were
CHANGED = {
    ("110000", 2020, GDP): 40000.5,
    ("110000", 2021, GDP): 42000.25,
    ("120000", 2020, GDP): 15000,
}


def fill_workspace(folder):
    """Three files of one cell and another, an own series, a landing and a revision."""
    # by hand: a value for a cell that no other file has
    put(
        folder,
        "yearbook/by_hand.csv",
        yearbook(("year", "region_code", GDP), (2020, "120000", 15000)),
    )
    # landed second, though the first by name: it wins but for its blank
    put(
        folder,
        "yearbook/a_later.csv",
        yearbook(
            ("region_code", "year", GDP, CPI),
            ("110000", 2020, 40000.5, ""),
            ("110000", 2021, "", ""),
        ),
    )
    put(
        folder,
        "yearbook/b_earlier.csv",
        yearbook(
            ("region_code", "year", GDP),
            ("110000", 2020, 1),
            ("110000", 2021, 42000.25),
        ),
    )
    # no longer current, so not read at all
    put(
        folder,
        "yearbook/c_gone.csv",
        yearbook(("region_code", "year", GDP), ("110000", 2022, 7)),
    )
    put(
        folder,
        "yearbook/express.csv",
        yearbook(
            ("region_code", "year", EXPRESS),
            *((*cell, value) for cell, value in express_volume().items()),
        ),
    )
    put(
        folder,
        "landings.csv",
        LANDINGS
        + yearbook(
            (1, "c_gone", "c.xls", "c1", "2026-01-01", 1, 0, 0, 0, "Office", "C", 0),
            (2, "b_earlier", "b.xls", "b2", "2026-01-02", 2, 0, 0, 0, "Office", "B", 1),
            (3, "a_later", "a.xls", "a3", "2026-01-03", 3, 3, 0, 0, "Office", "A", 1),
            (
                4,
                "express",
                "e.xls",
                "e4",
                "2026-01-04",
                80,
                0,
                0,
                0,
                "Post",
                "Post book",
                1,
            ),
        ),
    )
    put(
        folder,
        "revisions.csv",
        yearbook(
            (
                *("position", "landing_id", "series_id", "region_code", "year"),
                *("value_before", "value_after"),
            ),
            (2, "b_earlier", GDP, "110000", 2021, "", 42000.25),
            (3, "a_later", GDP, "110000", 2020, 1, 40000.5),
            (3, "a_later", CPI, "110000", 2020, 101, ""),
        ),
    )


@pytest.fixture(scope="module")
def in_seeds(tmp_path_factory):
    """The copy whose seeds hold everything."""
    paths = projects.copy_project(tmp_path_factory.mktemp("seeds"))
    projects.keep_few_cities(paths)
    made_up.add_series(paths.seeds)
    made_up.add_studies(paths.seeds)
    complete_study_01(paths.seeds)
    replace_figures(paths.seeds, CHANGED)
    chapter = paths.seeds / "yearbook" / "internet_and_ecommerce.csv"
    rows, express = read(chapter), express_volume()
    for row in rows:
        row[EXPRESS] = express.get((row["region_code"], int(row["year"])), "")
    chapter.write_text(yearbook(rows[0].keys()), encoding="utf-8")
    projects.write_rows(chapter, rows)
    source = dict.fromkeys(("publisher", "title", "citation"), "made up")
    source |= {"source_id": "x", "series_id": EXPRESS, "first_year": 2016}
    source |= {"last_year": 2023, "figures": 80, "copies_compared": 1, "quality": "C"}
    projects.append_rows(paths.seeds / "reference" / "sources.csv", [source])
    return paths


@pytest.fixture(scope="module")
def folder(in_seeds, tmp_path_factory):
    """The workspace that holds what those seeds add to the shipped ones."""
    # brackets and a quote, which a path may have and a pattern reads otherwise
    folder = tmp_path_factory.mktemp("user") / "user's [own] files"
    fill_workspace(folder)
    move_rows(in_seeds.seeds, folder)
    chapter = read(in_seeds.seeds / "yearbook" / "population_and_income.csv")
    names = ["region_code", "year", *made_up.SERIES]
    own = [[row[name] for name in names] for row in chapter]
    put(folder, "yearbook/made_up.csv", yearbook(names, *own))
    # a series without any figure has no column; it must have a source of its own
    put(folder, "reference/sources.csv", "")
    shutil.copy(SHIPPED / "reference" / "sources.csv", folder / "reference")
    nowhere = [
        row
        for row in read(in_seeds.seeds / "reference" / "sources.csv")
        if row["series_id"] == "nowhere"
    ]
    projects.write_rows(folder / "reference" / "sources.csv", nowhere)
    return folder


@pytest.fixture(scope="module")
def database(folder, tmp_path_factory):
    paths = projects.copy_project(tmp_path_factory.mktemp("joined"))
    projects.keep_few_cities(paths)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUPLING_WORKSPACE", str(folder))
        return projects.compute(paths)


@pytest.fixture(scope="module")
def seeds_database(in_seeds):
    return projects.compute(in_seeds, *RESULTS, "qc_study_coverage")


def test_the_gate_accepts_the_workspace(folder):
    assert gate.check_seeds(SHIPPED, folder) == []


@pytest.mark.parametrize("name", RESULTS)
def test_rows_of_a_workspace_count_as_rows_of_the_seeds(database, seeds_database, name):
    query = f"select {RESULTS[name]} from marts.{name} order by all"
    expected = projects.table(seeds_database, query)
    assert {STUDY, "all_operators", "three_systems"} <= set(expected["study_id"])
    assert projects.table(database, query).equals(expected)


def test_coverage_is_that_of_the_completed_study(warehouse, database, seeds_database):
    query = "select * from quality.qc_study_coverage order by all"
    assert projects.table(database, query).equals(projects.table(seeds_database, query))
    query = f"""
        select measured, proxy, no_series, computed_share, cells
        from quality.qc_study_coverage where study_id = '{STUDY}'
    """
    before, after = (projects.table(one, query) for one in (warehouse, database))
    assert before.to_numpy().tolist() == [[9, 4, 3, 13 / 16, 13 * 80]]
    assert after.to_numpy().tolist() == [[10, 4, 2, 14 / 16, 14 * 80]]


def test_each_cell_says_whose_figure_it_is(database):
    found = projects.table(
        database,
        f"""
        select region_code, year, value, source_id, quality, figure_origin,
            shipped_value
        from marts.fct_observations
        where series_id = '{GDP}' and region_code in ('110000', '120000')
            and year between 2020 and 2022
        order by region_code, year
        """,
    ).to_numpy()
    shipped = "shipped__gdp_cny_100m"
    chapter = {
        (row["region_code"], row["year"]): float(row[GDP])
        for row in read(SHIPPED / "yearbook" / "national_accounts.csv")
    }
    was = [chapter[r, str(y)] for r in EASTERN[:2] for y in (2020, 2021, 2022)]
    assert found.tolist() == [
        ["110000", 2020, 40000.5, "workspace__a_later", "U", "workspace", was[0]],
        ["110000", 2021, 42000.25, "workspace__b_earlier", "U", "workspace", was[1]],
        ["110000", 2022, was[2], shipped, "A", "shipped", was[2]],
        ["120000", 2020, 15000, "workspace__by_hand", "U", "workspace", was[3]],
        ["120000", 2021, was[4], shipped, "A", "shipped", was[4]],
        ["120000", 2022, was[5], shipped, "A", "shipped", was[5]],
    ]


def test_a_blank_takes_no_precedence(database):
    chapter = read(SHIPPED / "yearbook" / "national_accounts.csv")
    (row,) = (r for r in chapter if (r["region_code"], r["year"]) == ("110000", "2020"))
    found = projects.table(
        database,
        f"""
        select value, figure_origin from marts.fct_observations
        where series_id = '{CPI}' and region_code = '110000' and year = 2020
        """,
    )
    assert found.to_numpy().tolist() == [[float(row[CPI]), "shipped"]]


def test_the_weakest_quality_follows_a_figure_into_the_indicators(database):
    found = projects.table(
        database,
        f"""
        select indicator_id, year, quality from marts.fct_indicator_values
        where study_id = '{STUDY}' and method_id = 'equal_linear'
            and region_code = '110000' and indicator_id in ('X3', 'X4')
            and year = 2020
        order by indicator_id
        """,
    )
    assert found["quality"].tolist() == ["A", "U"]


def test_every_figure_has_a_source(database, folder):
    without = projects.table(
        database,
        """
        select * from marts.fct_observations
        left join marts.dim_sources as sources using (source_id, series_id)
        where sources.citation is null
        """,
    )
    assert without.empty
    found = projects.table(
        database,
        """
        select source_id, publisher, title, citation, first_year, last_year,
            figure_count, quality, coalesce(landing_position, 0) as position
        from marts.dim_sources
        where figure_origin = 'workspace'
            and series_id in ('gdp_cny_100m', 'express_parcels_10k')
        order by source_id
        """,
    ).to_numpy()
    by_hand = (folder / "yearbook" / "by_hand.csv").read_bytes()
    hand = "not stated. by_hand.csv. A user's own, by_hand.csv, not landed, SHA-256 "
    hand += f"{hashlib.sha256(by_hand).hexdigest()}."
    own = "A user's own, file"
    a, b = (f"Office. {n}. {own} {n.lower()}.xls, SHA-256 " for n in "AB")
    e = f"Post. Post book. {own} e.xls, SHA-256 e4."
    chinese = projects.table(
        database,
        """
        select publisher_zh, title_zh, citation_zh from marts.dim_sources
        where source_id in ('workspace__by_hand', 'workspace__express')
            and series_id in ('gdp_cny_100m', 'express_parcels_10k')
        order by source_id
        """,
    ).to_numpy()
    digest = hashlib.sha256(by_hand).hexdigest()
    hand_zh = "未注明。by_hand.csv。用户自有数据，by_hand.csv，未经导入登记，"
    post_zh = "Post。Post book。用户自有数据，文件e.xls，SHA-256 e4。"
    assert chinese.tolist() == [
        ["未注明", "by_hand.csv", f"{hand_zh}SHA-256 {digest}。"],
        ["Post", "Post book", post_zh],
    ]
    assert found.tolist() == [
        ["workspace__a_later", "Office", "A", f"{a}a3.", 2020, 2020, 1, "U", 3],
        ["workspace__b_earlier", "Office", "B", f"{b}b2.", 2021, 2021, 1, "U", 2],
        [
            *("workspace__by_hand", "not stated", "by_hand.csv", hand),
            *(2020, 2020, 1, "U", 0),
        ],
        ["workspace__express", "Post", "Post book", e, 2016, 2023, 80, "U", 4],
    ]


def test_series_keep_their_sources_and_own_ones_have_their_file(tmp_path, database):
    shipped = projects.copy_project(tmp_path)
    projects.keep_few_cities(shipped)
    without = projects.compute(shipped, "dim_series")
    query = "select * from marts.dim_series order by series_id"
    before, after = (projects.table(one, query) for one in (without, database))
    kept = after[after["series_id"].isin(before["series_id"])].reset_index(drop=True)
    assert kept.equals(before)
    own = after.set_index("series_id").loc[EXPRESS]
    assert list(own[["source_id", "first_year", "last_year", "figure_count"]]) == [
        *("workspace__express", 2016, 2023, 80)
    ]


def test_an_own_series_of_two_files_has_the_years_of_both(tmp_path, monkeypatch):
    put(tmp_path, "reference/series.csv", "")
    shutil.copy(SHIPPED / "reference" / "series.csv", tmp_path / "reference")
    projects.write_rows(tmp_path / "reference" / "series.csv", [SERIES_ROW])
    for year in (2022, 2021):
        cells = (("region_code", "year", EXPRESS), ("110000", year, year / 2))
        put(tmp_path, f"yearbook/of_{year}.csv", yearbook(*cells))
    landings = [(1, "of_2022"), (2, "of_2021")]
    rows = [(*row, "f", "s", "t", 1, 0, 0, 0, "P", f"T{row[0]}", 1) for row in landings]
    put(tmp_path, "landings.csv", LANDINGS + yearbook(*rows))
    assert gate.check_seeds(SHIPPED, tmp_path) == []
    monkeypatch.setenv("COUPLING_WORKSPACE", str(tmp_path))
    paths = projects.copy_project(tmp_path / "project")
    found = projects.table(
        projects.compute(paths, "dim_series"),
        f"""
        select source_id, title, first_year, last_year, figure_count
        from marts.dim_series where series_id = '{EXPRESS}'
        """,
    )
    assert found.to_numpy().tolist() == [["workspace__of_2021", "T2", 2021, 2022, 2]]


def test_revisions_are_listed(database):
    found = projects.table(
        database,
        """
        select landing_position, series_id, year, kind, coalesce(value_before, -1),
            coalesce(value_after, -1), landing_id, file_name, landed_at
        from marts.fct_data_revisions order by all
        """,
    )
    assert found.to_numpy().tolist() == [
        [2, GDP, 2021, "added", -1, 42000.25, "b_earlier", "b.xls", "2026-01-02"],
        [3, CPI, 2020, "removed", 101, -1, "a_later", "a.xls", "2026-01-03"],
        [3, GDP, 2020, "changed", 1, 40000.5, "a_later", "a.xls", "2026-01-03"],
    ]


def test_without_a_workspace_all_is_as_shipped(warehouse):
    found = projects.table(
        warehouse,
        """
        select count(*) as n, count(*) filter (value = shipped_value) as same
        from marts.fct_observations where figure_origin = 'shipped' and quality <> 'U'
        """,
    )
    assert found.to_numpy().tolist() == [[212933, 212933]]
    origins = " union all ".join(
        f"select row_origin from staging.stg_studies__{table}"
        for table in ("studies", "systems", "study_regions", "methods", "indicators")
    )
    found = projects.table(warehouse, f"select distinct row_origin from ({origins})")
    assert found["row_origin"].tolist() == ["shipped"]
    assert projects.table(warehouse, "from marts.fct_data_revisions").empty


# --- faults -------------------------------------------------------------------------


INDICATOR = "study_id,indicator_id,status\n"
SERIES = "series_id,chapter,label,label_zh,unit,min_value,max_value\n"
FAULTS = {
    "an unknown series has the nearest named": (
        {"yearbook/mine.csv": "region_code,year,gdp_cny_10m\n110000,2020,1\n"},
        ("yearbook/mine.csv", 1, "gdp_cny_10m", "such as gdp_cny_100m"),
    ),
    "names of regions are for coupling land": (
        {"yearbook/mine.csv": "region_code,year,gdp_cny_100m\nBeijing,2020,1\n"},
        ("yearbook/mine.csv", 2, "region_code", "coupling land reads"),
    ),
    "a figure is a number": (
        {"yearbook/mine.csv": "region_code,year,gdp_cny_100m\n110000,2020,1;5\n"},
        ("yearbook/mine.csv", 2, "gdp_cny_100m", "a finite number"),
    ),
    "a figure lies within the bounds of its series": (
        {
            "yearbook/mine.csv": "region_code,year,urbanisation_rate_pct\n"
            "110000,2020,101\n"
        },
        ("yearbook/mine.csv", 2, "urbanisation_rate_pct", "a number from 0"),
    ),
    "a cell is there once": (
        {"yearbook/mine.csv": f"region_code,year,{GDP}\n110000,2020,1\n110000,2020,2"},
        ("yearbook/mine.csv", 3, "region_code, year", "a key that no other row has"),
    ),
    "files that nobody landed may not differ": (
        {
            "yearbook/a.csv": f"region_code,year,{GDP}\n110000,2020,1\n",
            "yearbook/b.csv": f"region_code,year,{GDP}\n110000,2019,1\n110000,2020,2\n",
        },
        ("yearbook/b.csv", 3, GDP, "1, as user/yearbook/a.csv has it for 110000"),
    ),
    "a file that nobody landed may not differ from a landed one": (
        {
            "landings.csv": LANDINGS + "1,b,b.xls,s,t,1,0,0,0,P,T,1\n",
            "yearbook/a.csv": f"region_code,year,{GDP}\n110000,2020,1\n",
            "yearbook/b.csv": f"region_code,year,{GDP}\n110000,2020,2\n",
        },
        ("yearbook/b.csv", 2, GDP, "1, as user/yearbook/a.csv has it for 110000"),
    ),
    "a table has the columns of its seed": (
        {"studies/study_regions.csv": "study_id,region\n"},
        ("studies/study_regions.csv", 1, "region", "only the columns"),
        ("studies/study_regions.csv", 1, "region_code", "this column"),
    ),
    "a table is one of the seeds": (
        {"studies/indicator.csv": INDICATOR, "reference/statuses.csv": "status\n"},
        ("reference/statuses.csv", None, "", "one of grade_schemes.csv"),
        (
            "studies/indicator.csv",
            None,
            "",
            "development_thresholds.csv, goalposts.csv, indicators.csv",
        ),
    ),
    "a row refers to rows of both": (
        {"studies/study_regions.csv": f"study_id,region_code\n{STUDY},999999\n"},
        ("studies/study_regions.csv", 2, "region_code", "a region_code of seeds/"),
    ),
    "a key is there once in the workspace too": (
        {
            "studies/study_regions.csv": "study_id,region_code\n"
            + f"{STUDY},500000\n" * 2
        },
        ("studies/study_regions.csv", 3, "study_id, region_code", "(row 2 has it)"),
    ),
    "a new row may not clash with a shipped one": (
        {"reference/regions.csv": "region_code,region,level\n1,Beijing,province\n"},
        (
            "reference/regions.csv",
            2,
            "level, region",
            "(row 2 of seeds/reference/regions.csv",
        ),
    ),
    "a series without figures needs a source": (
        {"reference/series.csv": SERIES + "own,employment,Own,Own,units,,\n"},
        ("reference/series.csv", 2, "series_id", "at least 1 row(s)"),
    ),
    "a source states the figures of the workspace": (
        {
            "reference/series.csv": SERIES + "own,employment,Own,Own,units,,\n",
            "reference/sources.csv": "source_id,series_id,publisher,title,citation,"
            "first_year,last_year,figures,copies_compared,quality,note\n"
            "x,own,P,T,C,2020,2020,2,1,U,\n",
            "yearbook/mine.csv": "region_code,year,own\n110000,2020,1\n",
        },
        ("reference/sources.csv", 2, "figures", "1, as user/yearbook/mine.csv has it"),
    ),
    "a text has a stated length": (
        {"reference/series_names.csv": f"name,series_id\n{'x' * 2001},{GDP}\n"},
        ("reference/series_names.csv", 2, "name", "up to 2,000 characters"),
    ),
    "a landing has a position": (
        {"landings.csv": LANDINGS + "first,b,b.xls,s,t,1,0,0,0,P,T,1\n"},
        ("landings.csv", 2, "position", "a whole number"),
    ),
    "a revision is there once": (
        {
            "revisions.csv": "position,landing_id,series_id,region_code,year,"
            "value_before,value_after\n" + "1,a,b,110000,2020,,1\n" * 2
        },
        (*("revisions.csv", 3, "position, series_id, region_code, year"), "a key"),
    ),
}


@pytest.mark.parametrize("sentence", FAULTS)
def test_the_gate_names_the_file_and_row_of_a_fault(tmp_path, sentence):
    files, *expected = FAULTS[sentence]
    for name, text in files.items():
        put(tmp_path / "user", name, text)
    found = gate.check_seeds(SHIPPED, tmp_path / "user")
    said = "\n".join(map(str, found))
    assert len(found) == len(expected), said
    for finding, (file, row, column, part) in zip(found, expected, strict=True):
        place = (f"user/{file}", row, column)
        assert (finding.file, finding.row, finding.column) == place, said
        assert part in finding.expected, said


def test_a_study_may_have_the_years_of_own_figures(tmp_path):
    gdp = f"region_code,year,{GDP}\n110000,2025,50000\n"
    put(tmp_path, "yearbook/mine.csv", gdp)
    (row,) = (
        r for r in read(SHIPPED / "studies/studies.csv") if r["study_id"] == STUDY
    )
    row["last_year"] = "2025"
    put(tmp_path, "studies/studies.csv", yearbook(row.keys()))
    projects.write_rows(tmp_path / "studies" / "studies.csv", [row])
    assert gate.check_seeds(SHIPPED, tmp_path) == []
    put(tmp_path, "yearbook/mine.csv", f"region_code,year,{GDP}\n110000,2025,\n")
    (finding,) = gate.check_seeds(SHIPPED, tmp_path)
    place = (finding.file, finding.row, finding.column, finding.found)
    assert place[1:] == (2, "last_year", "2025")
    assert place[0].endswith("/studies/studies.csv") and "2011 to 2024" in str(finding)


def test_equal_values_of_two_files_by_hand_are_no_fault(tmp_path):
    for name in "ab":
        text = f"region_code,year,{GDP}\n110000,2020,36000\n"
        put(tmp_path, f"yearbook/{name}.csv", text)
    assert gate.check_seeds(SHIPPED, tmp_path) == []


def test_a_table_that_cannot_be_read_stops_a_build_by_hand(tmp_path, monkeypatch):
    from coupling.contracts import workspace

    put(tmp_path, "yearbook/mine.csv", f"region_code,year,{GDP}\n110000,2020,much\n")
    monkeypatch.setenv("COUPLING_WORKSPACE", str(tmp_path))
    with pytest.raises(workspace.WorkspaceError, match=r"mine\.csv, row 2, column gdp"):
        workspace.figures()


def test_a_file_of_keys_alone_is_no_fault_and_builds(tmp_path, monkeypatch):
    own = tmp_path / "own" / "yearbook"
    own.mkdir(parents=True)
    (own / "mine.csv").write_text("region_code,year\n110000,2020\n", encoding="utf-8")
    paths = projects.copy_project(tmp_path / "project")
    assert gate.check_seeds(paths.seeds, own.parent) == []
    monkeypatch.setenv("COUPLING_WORKSPACE", str(own.parent))
    database = projects.compute(paths, "fct_observations")
    query = "select count(*) as n from marts.fct_observations"
    [[shipped]] = projects.table(database, query).to_numpy().tolist()
    assert shipped > 200_000
    [[own]] = projects.table(
        database, f"{query} where source_id like 'workspace%'"
    ).to_numpy()
    assert own == 0
