"""The page of data quality and the home: their numbers are those of the database."""

import json
import shutil

import duckdb
import pandas as pd
import projects
import pytest
from made_up_site import (
    WAREHOUSE,
    Page,
    data_of,
    read_pages,
    rendered,
    source,
    write_warehouse,
)

from coupling.pages import quality as quality_page
from coupling.pages.quality import quality_pages, with_state
from coupling.queries.ask import ask
from coupling.site import build, fingerprint, site
from coupling.site.beside import Beside
from coupling.words.tables import EN_DASH, MINUS

CELLS = "Cells of the indicators in use by how their value came about"
DEFAULT = """
    marts.fct_indicator_values as v
    join marts.dim_studies as s
        on v.study_id = s.study_id and v.method_id = s.default_method_id
    join marts.dim_indicators as i
        on v.study_id = i.study_id and v.indicator_id = i.indicator_id
"""


@pytest.fixture(scope="module")
def shipped(shipped_site):
    """The English pages of the shipped figures."""
    return read_pages(shipped_site, "en")


@pytest.fixture(scope="module")
def page(shipped):
    return Page(shipped["quality.html"])


@pytest.fixture(scope="module")
def quality(english):
    """The page of the made-up warehouse."""
    return Page(english["quality.html"])


@pytest.fixture(scope="module")
def without_rows(tmp_path_factory):
    """The page of a warehouse whose quality tables are all empty."""
    kept = ("dim_", "fct_indicator_values", "fct_observations")
    rows = {table: rows for table, rows in WAREHOUSE.items() if table.startswith(kept)}
    path = write_warehouse(tmp_path_factory.mktemp("empty") / "db", rows)
    return Page(rendered(path)["quality.html"])


def query(database, text):
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(text).fetchall()


def number(cell):
    return int(cell.replace(",", ""))


def share(count, whole):
    return f"{count / whole:.1%}" if count else EN_DASH


# --- against the shipped figures ---------------------------------------------------


def test_cells_of_the_shipped_studies_are_those_of_sql(page, warehouse):
    labels = dict(query(warehouse, "select study_id, label from marts.dim_studies"))
    rows = query(
        warehouse,
        f"""
        select v.study_id, count(*),
            count(*) filter (where value_origin = 'observed'),
            count(*) filter (where value_origin = 'interpolated'),
            count(*) filter (where value_origin = 'carried'),
            count(*) filter (where value_origin = 'missing')
        from {DEFAULT} group by v.study_id
        """,
    )
    shown = {
        row[0]: [number(cell) for cell in row[1:6]] for row in page.table(CELLS)[1:]
    }
    assert shown == {labels[study_id]: list(counts) for study_id, *counts in rows}
    assert len(shown) == len(projects.REGION_YEARS)


def test_shares_of_the_shipped_studies_are_of_all_indicators_listed(page, warehouse):
    found = query(
        warehouse,
        f"""
        with listed as (
            select i.study_id, s.label, s.paper_id,
                s.region_count * (s.last_year - s.first_year + 1) as panel,
                count(*) as n,
                count(*) filter (where coverage_status = 'no_series') as no_series,
                count(*) filter (where coverage_status = 'excluded') as excluded
            from marts.dim_indicators as i join marts.dim_studies as s using (study_id)
            group by all
        ), cells as (
            select v.study_id,
                count(*) filter (
                    where value_origin = 'observed' and operator = 'identity'
                ) as published,
                count(*) filter (
                    where value_origin = 'observed' and operator <> 'identity'
                ) as derived,
                count(*) filter (where value_origin = 'interpolated') as interpolated,
                count(*) filter (where value_origin = 'carried') as carried,
                count(*) filter (where value_origin = 'missing') as missing
            from {DEFAULT} group by v.study_id
        )
        select label, n * panel, published, derived, interpolated, carried, missing,
            no_series * panel, excluded * panel
        from listed join cells using (study_id) order by paper_id, study_id
        """,
    )
    expected = [
        [label, f"{whole:,}", *(share(part, whole) for part in parts)]
        for label, whole, *parts in found
    ]
    shares = page.tables["Share of the cells of all indicators listed, by study"]
    assert shares[1:] == expected
    # every cell is in one part
    assert all(whole == sum(parts) for _, whole, *parts in found)


def test_the_maps_show_every_indicator_and_year_of_the_shipped_studies(page, warehouse):
    charts = page.charts()
    maps = [f"coverage_{i + 1}" for i in range(len(projects.REGION_YEARS))]
    assert sorted(charts) == [*sorted(maps), "letters", "shares"]
    drawn = [data_of(charts[name]) for name in maps]
    [(squares,)] = query(
        warehouse,
        """
        select sum(last_year - first_year + 1)
        from marts.dim_indicators join marts.dim_studies using (study_id)
        """,
    )
    assert sum(map(len, drawn)) == squares
    [(imputed,)] = query(
        warehouse,
        f"select count(*) from {DEFAULT} where value_origin in "
        "('interpolated', 'carried')",
    )
    rows = [row for rows in drawn for row in rows]
    assert sum(row["interpolated"] + row["carried"] for row in rows) == imputed > 0
    assert all(
        row["said"] == f"{row['observed'] / row['regions']:.0%}"
        for row in rows
        if row["state"] == "imputed"
    )


def test_letters_and_suspicious_figures_are_those_of_sql(page, warehouse):
    letters = query(
        warehouse,
        """
        select quality, count(distinct series_id), count(*)
        from marts.fct_observations group by quality order by quality
        """,
    )
    shown = page.table("Figures in use by quality letter")[1:]
    assert [(row[0], number(row[2]), number(row[3])) for row in shown] == letters
    drawn = data_of(page.charts()["letters"])
    assert sum(row["figure_count"] for row in drawn) == sum(n for *_, n in letters)
    suspicious = query(
        warehouse,
        """
        select reason, count(*), count(distinct series_id)
        from quality.qc_suspicious_observations group by reason
        """,
    )
    shown = page.table("Figures worth a look by reason")[1:]
    assert {(row[0], *map(number, row[1:])) for row in shown} == set(suspicious)
    listed = page.table("Figures that stand out")[1:]
    found = sum(n for _, n, _ in suspicious)
    assert len(listed) == min(found, quality_page.ROWS_LISTED)
    sources = page.table("Sources of the figures, the least checked first")[1:]
    assert [(len(sources),)] == query(
        warehouse, "select count(*) from marts.dim_sources"
    )


def test_a_database_that_no_refresh_made_says_what_is_not_known(page, shipped):
    assert "Not judged: this database was not made by a refresh" in page.text
    assert "Not known: this database was not made by a refresh" in page.text
    assert "not judged for this database" in Page(shipped["index.html"]).text


def test_the_home_counts_what_the_warehouse_holds(shipped, warehouse):
    home = Page(shipped["index.html"])
    [counts] = query(
        warehouse,
        """
        select
            (select count(*) from marts.dim_studies),
            (select count(distinct region_code) from marts.fct_coupling),
            (select count(*) from marts.dim_indicators where is_computed),
            (select count(distinct method_id) from marts.fct_coupling),
            (select count(distinct series_id) from marts.dim_sources),
            (select count(distinct survey_id) from marts.fct_household_anomalies),
            (select count(*) from marts.fct_published_checks)
        """,
    )
    held = home.text.split("What the warehouse holds")[-1]
    names = ("Studies", "Regions", "Indicators", "Methods compared", "Source series")
    for name, count in zip(
        (*names, "Household surveys", "Claims of papers"), counts, strict=True
    ):
        assert held.split(name, 1)[1].split()[0] == f"{count:,}", name
    [(figures, first, last)] = query(
        warehouse, "select count(*), min(year), max(year) from marts.fct_observations"
    )
    assert f"{figures:,} figures" in held
    assert f"{first}{EN_DASH}{last}" in held
    rows = home.table("Figures that it was built from, by publisher")[1:]
    assert sum(number(row[3]) for row in rows) == figures


def test_the_home_tells_the_health_of_the_shipped_data(shipped, warehouse):
    health = dict(Page(shipped["index.html"]).table("What was checked")[1:])
    [(cells, imputed, missing)] = query(
        warehouse,
        f"""
        select count(*),
            count(*) filter (where value_origin in ('interpolated', 'carried')),
            count(*) filter (where value_origin = 'missing')
        from {DEFAULT}
        """,
    )
    assert health["Imputed cells"] == (
        f"{imputed:,} of {cells:,} cells in use ({imputed / cells:.1%}), "
        f"{missing} missing"
    )
    [(rejects, suspicious, figures)] = query(
        warehouse,
        """
        select (select count(*) from quality.qc_household_rejects),
            (select count(*) from quality.qc_suspicious_observations),
            (select count(*) from marts.fct_observations)
        """,
    )
    assert f"rows of household surveys: {rejects}" in health["Rejected rows"]
    assert health["Figures worth a look"] == f"{suspicious:,} of {figures:,} figures"
    verdicts = dict(
        query(
            warehouse,
            "select verdict, count(*) from marts.fct_published_checks group by verdict",
        )
    )
    assert (
        f"{verdicts['agrees']:,} agree, {verdicts['disagrees']:,}"
        in (health["Audit of the papers"])
    )


# --- what is made up ---------------------------------------------------------------


def test_a_cell_rests_on_its_weakest_region(made_up):
    with duckdb.connect(str(made_up), read_only=True) as con:
        cells = with_state(ask(con, "quality/cells"))
    small = cells[cells["study_id"] == "small"].set_index(["indicator_id", "year"])
    # four regions: all carried; three observed and one without a row; none in use
    assert small.at[("X1", 2020), "state"] == "imputed"
    assert small.at[("X1", 2021), "state"] == "missing"
    assert small.at[("X1", 2021), "observed_share"] == 0.75
    assert small.at[("X10", 2020), "state"] == "excluded"
    counted = ["published", "derived", "interpolated", "carried", "missing"]
    found = small[[*counted, "no_series", "excluded"]]
    assert (found.sum(axis=1) == small["cells"]).all()
    assert found.loc[("X2", 2021)].tolist() == [1, 0, 2, 0, 1, 0, 0]


def test_a_proxy_is_marked_where_the_quality_page_names_it(quality):
    marked = "X9 Label of X9 (proxy)"
    rows = quality.table("Share of the cells of each indicator, Small study")
    assert [row[0] for row in rows if row[0].startswith("X9")] == [marked]
    assert [row[1] for row in quality.table("the same everywhere")[1:]] == [marked]
    drawn = {row["indicator"] for row in data_of(quality.charts()["coverage_1"])}
    assert "X9  Label of X9 (proxy)" in drawn
    assert quality.text.count("(proxy) marks an indicator") == 1


@pytest.mark.parametrize(
    ("operator", "status", "expected"),
    [
        ("identity", "measured", "published"),
        ("ratio", "proxy", "derived"),
        (None, "no_series", "no_series"),
    ],
)
def test_a_figure_as_printed_is_published_and_any_other_derived(
    tmp_path, operator, status, expected
):
    [first] = [
        row for row in WAREHOUSE["dim_indicators"] if row["indicator_id"] == "X1"
    ]
    values = [
        {
            "study_id": "small",
            "method_id": "plain",
            "indicator_id": "X1",
            "region_code": region,
            "year": 2020,
            "value_origin": "observed",
        }
        for region in "1234"
    ]
    rows = {
        "dim_indicators": [
            first
            | {"operator": operator, "coverage_status": status, "is_computed": True}
        ],
        "fct_indicator_values": values if operator else [],
    }
    path = write_warehouse(tmp_path / "db", WAREHOUSE | rows)
    with duckdb.connect(str(path), read_only=True) as con:
        [state, _] = with_state(ask(con, "quality/cells"))["state"]
    assert state == expected


def test_revisions_are_counted_by_landing_and_kind(quality):
    counts = [
        ["1. landing_1", "file 1.xlsx", "added", "2", "1"],
        ["2. landing_2", "file 2.xlsx", "changed", "1", "1"],
        ["2. landing_2", "file 2.xlsx", "removed", "1", "1"],
    ]
    shown = quality.table("Figures changed by landing")[1:]
    assert [row[:2] + row[3:] for row in shown] == counts
    figures = quality.table("Figures before and after")[1:]
    assert figures[0] == [
        "2",
        "gone",
        "Alpha",
        "2021",
        "removed",
        "5.5",
        EN_DASH,
        EN_DASH,
    ]
    assert figures[1][1:7] == ["Series one", "Alpha", "2021", "changed", "3.5", "4.5"]
    assert len(figures) == 4


def test_effects_are_split_and_the_latest_come_first(quality, english):
    by_study = quality.table("What refreshes changed, by study")[1:]
    # run, study, degrees, ranks, split, largest effects of data and of method
    assert by_study[0] == [
        *("000002-b", "Small study", "3", "1", "2", "0.250", "0.062")
    ]
    assert {row[0] for row in by_study[1:]} == {"000001-a"}
    assert ["000001-a", "old", "1", "0", "1", "0.000", "0.125"] in by_study
    largest = quality.table("Largest changes of D under default methods")[1:]
    assert largest[0] == [
        *("000002-b", "Small study", "Alpha", "2021", "0.500", "0.688"),
        *("+0.2500", f"{MINUS}0.0625", "1", "2", "split"),
    ]
    # what one build lacks comes last of its run, and is not split
    assert largest[1][2:8] == ["Gamma", "2021", EN_DASH, "0.500", EN_DASH, EN_DASH]
    assert largest[1][-1] == "no degree before"
    # other methods, and studies that are gone, are in the first table alone
    assert [row[0] for row in largest] == ["000002-b", "000002-b", "000001-a"]
    home = Page(english["index.html"]).table("What was checked")
    assert ["Data revisions", "figures changed by landings: 4"] in home


def test_expectations_are_counted_by_suite_the_most_warnings_first(quality, english):
    suites = quality.table("Checks by suite")[1:]
    assert suites == [
        ["yearbook.trade", "1", "1", "1", "3"],
        ["marts.studies", "0", "0", "2", "2"],
        ["All suites", "1", "1", "3", "5"],
    ]
    unmet = quality.table("Checks that do not hold")[1:]
    assert [row[1:4] for row in unmet] == [
        ["gdp", "range", "error"],
        ["exports", "jump_warning", "warning"],
    ]
    assert "what was seen of exports" in unmet[1][-1]
    home = dict(Page(english["index.html"]).table("What was checked")[1:])
    assert home["Great Expectations"] == (
        "checks: 5; hold: 3; warnings let through: 1; errors: 1"
    )


def test_imputed_cells_are_those_interpolated_and_those_carried(quality, english):
    home = dict(Page(english["index.html"]).table("What was checked")[1:])
    assert home["Imputed cells"] == "7 of 1,238 cells in use (0.6%), 1 missing"
    assert (
        "7 of the 1,238 cells of the indicators in use are imputed (0.6%), 1 have no "
        "figure"
    ) in quality.text
    rows = quality.table(CELLS)[1:]
    assert rows[0] == ["Small study", "1,234", "1,226", "3", "4", "1", "0.6%"]


def test_rejected_rows_are_listed_with_their_reasons(quality):
    [landed] = quality.table("Cells of yearbook files that were not landed")[1:]
    assert landed[1] == "C7"
    assert landed[3] == "not a number"
    households = quality.table("Rows of household surveys that could not be used")[1:]
    assert [row[1] for row in households] == [EN_DASH, "h7"]
    assert quality.table("Values pulled back to a quantile")[1:] == [
        ["made_up", "net income", "1", "2"]
    ]


def test_a_list_that_is_cut_says_how_much_it_shows(tmp_path, monkeypatch):
    monkeypatch.setattr(quality_page, "ROWS_LISTED", 2)
    page = Page(rendered(write_warehouse(tmp_path / "db", WAREHOUSE))["quality.html"])
    assert "The first 2 of 3 rows (quality.qc_suspicious_observations)" in page.text
    assert len(page.table("Figures that stand out")) == 3
    # counts are of all
    counts = page.table("Figures worth a look by reason")[1:]
    assert [row[1] for row in counts] == ["2", "1"]


def test_empty_tables_are_told_in_a_sentence_each(without_rows):
    for sentence in (
        "No figure stands out against its neighbouring years.",
        "No landing has changed a figure.",
        "No refresh has changed a degree or a rank since the first build.",
        "No cell of a landed yearbook file was left out.",
        "No row of a household survey was refused.",
        "No value of a household survey was pulled back to a quantile.",
        "There is no study whose cells could be imputed.",
        "Every indicator with figures tells regions apart.",
        "All expectations hold.",
    ):
        assert sentence in without_rows.text
    assert "Figures that stand out" not in without_rows.text


def test_without_study_or_source_there_is_no_page(tmp_path):
    path = write_warehouse(tmp_path / "db", {})
    with duckdb.connect(str(path)) as con:
        assert quality_pages(con) == []
    path = write_warehouse(
        tmp_path / "own",
        {"dim_series": WAREHOUSE["dim_series"], "dim_sources": [source("one", "A", 4)]},
    )
    page = Page(rendered(path)["quality.html"])
    assert "No study lists an indicator." in page.text
    assert "The warehouse holds no figure." in page.text


def test_pages_lead_to_what_is_made_of_what_is_beside_them(made_up, chinese):
    summary = {"layers": {"marts": 1}, "steps": [], "tables": []}
    pages = site.render_language(made_up, "zh", Beside(summary))
    assert "zh/lineage.html" in pages

    def links(text):
        return {tags.get("href") for _, tags in Page(text).tags}

    assert "lineage.html" in links(pages["zh/index.html"])
    assert "lineage.html" not in links(chinese["index.html"])
    assert "expectations/index.html" in links(chinese["quality.html"])


# --- which build it is -------------------------------------------------------------


def runs_of(database, runs, files):
    """Write runs, and input files of the last, as a refresh does after its pages."""
    with duckdb.connect(str(database)) as con:
        runs, files = pd.DataFrame(runs), pd.DataFrame(files)
        con.execute("create table marts.fct_runs as select * from runs")
        con.execute("create table marts.fct_run_inputs as select * from files")


def run(run_id, **values):
    return {
        "run_id": run_id,
        "finished_at": pd.Timestamp("2026-03-04 05:06:59"),
        "project_version": "9.9",
        "python_version": "3.11",
        "dbt_version": "1.11",
        "duckdb_version": "2.0",
        "inputs_hash": "ab" * 32,
        "inputs_changed": None,
        "tests_passed": 1234,
        "tests_failed": 0,
        "tables_changed": 3,
        "table_rows": 5678,
        "coupling_rows_changed": 0,
        **values,
    }


@pytest.fixture
def with_runs(made_up, tmp_path):
    """A copy of the made-up warehouse that tells of two runs."""
    path = tmp_path / "db"
    shutil.copyfile(made_up, path)
    files = [
        ("000002-x", "seeds/a/b.csv", "same"),
        ("000002-x", "seeds/c.csv", "added"),
        ("000002-x", "models/d.sql", "removed"),
        ("000002-x", "profiles.yml", "changed"),
        ("000001-x", "old/e.csv", "same"),
    ]
    names = ("run_id", "file", "change")
    runs_of(
        path,
        [run("000001-x", tests_passed=7), run("000002-x")],
        [dict(zip(names, row, strict=True)) for row in files],
    )
    return path


def test_the_script_tells_the_run_that_made_the_database(with_runs):
    facts = build.build_facts(with_runs)
    assert facts["run_id"] == "000002-x"
    assert facts["finished_at"] == "2026-03-04 05:06"
    assert (facts["tests_passed"], facts["inputs_changed"]) == (1234, None)
    assert facts["folders"] == [[".", 1, 1], ["models", 0, 1], ["seeds", 2, 1]]
    assert facts["input_count"] == 3
    text = build.build_script(with_runs).decode()
    assert json.loads(text.partition("const buildFacts = ")[2].rstrip(";\n")) == facts


def test_without_runs_the_script_tells_nothing(made_up, tmp_path):
    assert build.build_facts(made_up) is None
    assert b"const buildFacts = null;" in build.build_script(made_up)
    shutil.copyfile(made_up, tmp_path / "db")
    runs_of(tmp_path / "db", [run("1")], [{"run_id": "", "file": "", "change": ""}])
    with duckdb.connect(str(tmp_path / "db")) as con:
        con.execute("delete from marts.fct_runs")
    assert build.build_facts(tmp_path / "db") is None


def test_the_time_of_the_build_is_in_no_page_and_in_no_fingerprint(
    made_up, with_runs, tmp_path, monkeypatch
):
    first, second = tmp_path / "first", tmp_path / "second"
    site.build_site(made_up, first)
    build.write_build(with_runs, first)
    known = json.loads((first / fingerprint.NAME).read_text(encoding="utf-8"))
    assert build.NAME not in known["files"]
    # the next site takes the pages of a finished build, but not what tells of it
    monkeypatch.setattr(site, "render_site", lambda *_: pytest.fail("rendered again"))
    site.build_site(made_up, second, previous=first)
    assert b"const buildFacts = null;" in (second / build.NAME).read_bytes()
    assert b"000002-x" in (first / build.NAME).read_bytes()
    assert not any("000002-x" in page.read_text() for page in first.rglob("*.html"))
