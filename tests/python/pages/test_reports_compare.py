"""The pages of comparisons: what their data hold is what the marts hold."""

import json
import re

import duckdb
import pandas as pd
import projects
import pytest
from made_up_site import Page

from coupling.base.paths import Paths
from coupling.engine.statements import Statements
from coupling.pages import compare
from coupling.pages.pages import compare_link
from coupling.queries.ask import ask
from coupling.words import tables
from coupling.words.language import speaking

RESULTS = {
    "degree": "coupling_coordination_degree",
    "coupling_degree": "coupling_degree",
    "comprehensive_index": "comprehensive_index",
    "coordination_rank": "coordination_rank",
    "grade": "grade",
}
KEY = ["method_id", "region_code", "year"]


def unpacked(packed):
    """The rows of a packed table as the script of the page reads them."""
    frame = pd.DataFrame(packed["rows"], columns=packed["columns"])
    for column, words in packed["words"].items():
        frame[column] = [
            None if pd.isna(place) else words[int(place)] for place in frame[column]
        ]
    return frame


def held(page):
    data = json.loads(page.script("comparison"))
    return {
        name: unpacked(data[name]) for name in ("results", "agreement", "obstacles")
    }


@pytest.fixture(scope="module")
def small_page(english):
    return Page(english["compare/small.html"])


@pytest.fixture(scope="module")
def con(warehouse):
    with duckdb.connect(warehouse, read_only=True) as con:
        yield con


@pytest.fixture(scope="module", params=["en", "zh"])
def shipped(request, con):
    """The comparisons of the shipped studies: {study_id: context}."""
    with speaking(request.param):
        pages = compare.compare_pages(con)[1:]
        assert len(pages) == len(projects.REGION_YEARS)
        return {page.context["study"]["study_id"]: page.context for page in pages}


def test_results_and_scores_are_those_of_the_marts(con, shipped):
    for study_id, context in shipped.items():
        rows = unpacked(context["comparison"]["results"]).set_index(KEY)
        wanted = (
            con.execute(
                "select * from marts.fct_coupling where study_id = ?", [study_id]
            )
            .df()
            .set_index(KEY)
        )
        assert len(rows) == len(wanted) > 700
        wanted = wanted.loc[rows.index]
        for name, column in RESULTS.items():
            if name == "grade":
                column += "" if rows["grade"].iloc[0].isascii() else "_zh"
                assert rows[name].to_list() == wanted[column].to_list()
            else:
                assert (rows[name] - wanted[column]).abs().max() < 1e-9
        for i, system in enumerate(context["systems"], 1):
            scores = con.execute(
                "select * from marts.fct_system_scores "
                "where study_id = ? and system_id = ?",
                [study_id, system["system_id"]],
            ).df()
            scores = scores.set_index(KEY)["score"].loc[rows.index]
            assert (rows[f"score_{i}"] - scores).abs().max() < 1e-9


def test_agreement_is_what_sql_finds(con, shipped):
    for study_id, context in shipped.items():
        rows = unpacked(context["comparison"]["agreement"])
        methods = len(context["methods"])
        years = len(context["options"]["years"])
        assert len(rows) == methods * (methods - 1) / 2 * years
        wanted = con.execute(
            """
            with cells as (
                select *, rank() over (
                    partition by method_id, year
                    order by round(coupling_coordination_degree, 12)
                ) + (count(*) over (
                    partition by method_id, year,
                    round(coupling_coordination_degree, 12)
                ) - 1) / 2 as mean_rank
                from marts.fct_coupling
                where study_id = ? and status = 'computed'
            )
            select
                a.method_id as first_method_id,
                b.method_id as second_method_id,
                a.year,
                count(*) as region_count,
                corr(a.mean_rank, b.mean_rank) as spearman,
                corr(
                    a.coupling_coordination_degree, b.coupling_coordination_degree
                ) as pearson,
                avg((a.grade_level = b.grade_level)::int) as equal_grade_share,
                max(abs(a.coordination_rank - b.coordination_rank)) as greatest_move,
                arg_min(
                    a.region_code,
                    (-abs(a.coordination_rank - b.coordination_rank), a.region_code)
                ) filter (where a.coordination_rank <> b.coordination_rank)
                    as moved_region_code
            from cells as a
            inner join cells as b
                on a.region_code = b.region_code and a.year = b.year
            where a.method_id < b.method_id
            group by all order by all
            """,
            [study_id],
        ).df()
        pd.testing.assert_frame_equal(
            rows, wanted, check_dtype=False, rtol=0, atol=1e-8
        )


def test_agreement_with_the_default_is_that_of_the_page_of_the_study(con, shipped):
    for study_id, context in shipped.items():
        degrees = ask(con, "study/degrees_by_method", study_id=study_id)
        wanted = {
            row["method"]: row["rank_correlation"]
            for row in tables.method_table(degrees)
            if not row["is_default"]
        }
        said = {row["method"]: row["spearman"] for row in context["against_default"]}
        assert len(said) == projects.METHOD_COUNTS[study_id] - 1
        # methods come in the same order; their names are in one language here
        assert list(said.values()) == pytest.approx(list(wanted.values()), abs=1e-12)


def test_obstacles_are_the_eight_largest_of_the_last_year(con, shipped):
    for study_id, context in shipped.items():
        rows = unpacked(context["comparison"]["obstacles"])
        wanted = con.execute(
            """
            select region_code, item_id, obstacle_degree
            from marts.fct_obstacle_rankings
            inner join marts.dim_studies as studies using (study_id)
            where
                study_id = ?
                and method_id = studies.default_method_id
                and year = studies.last_year
                and level = 'indicator'
                and region_code != 'ALL'
                and obstacle_rank <= 8
            """,
            [study_id],
        ).df()
        degrees = {(r[0], r[1]): r[2] for r in wanted.itertuples(index=False)}
        for code, own in rows.groupby("region_code"):
            assert len(own) == 8
            assert own["obstacle_degree"].is_monotonic_decreasing
            for row in own.itertuples():
                assert row.obstacle_degree == pytest.approx(
                    degrees[code, row.indicator_id], abs=1e-9
                )


def agreement_of(degrees):
    """What the models make of degrees of one study, as pages ask for it."""
    results = degrees.rename(columns={"degree": "coupling_coordination_degree"}).assign(
        study_id="made_up", status="computed"
    )
    statements = Statements(Paths().project, "memory")
    with duckdb.connect() as con:
        con.execute("create schema intermediate; create schema marts")
        con.register("results", results)
        con.execute("create table marts.fct_coupling as from results")
        for step in statements.steps(["fct_method_agreement"])[-2:]:
            con.execute(f"create table {step.schema}.{step.name} as {step.statement}")
        return ask(con, "compare/agreement", study_id="made_up")


def test_ties_opposite_orders_and_constant_degrees_have_their_correlation():
    rows = [
        (method, str(code), year, degree, rank, level)
        for year, pairs in {
            1: [((0.1, 3, 1), (0.3, 1, 1)), ((0.2, 1, 1), (0.2, 2, 1)),
                ((0.2, 1, 2), (0.1, 3, 1))],
            2: [((0.5, 1, 1), (0.1, 2, 2)), ((0.5, 1, 1), (0.2, 1, 1))],
            3: [((0.1, 4, 1), (0.1, 4, 1)), ((0.2, 2, 1), (0.2, 3, 1)),
                ((0.2, 2, 1), (0.3, 2, 1)), ((0.4, 1, 1), (0.4, 1, 1))],
            4: [((0.1, 2, 1), (0.2, 2, 1)), ((0.2, 1, 1), (0.9, 1, 1))],
        }.items()
        for code, sides in enumerate(pairs)
        for method, (degree, rank, level) in zip("ab", sides, strict=True)
    ]  # fmt: skip
    columns = ["degree", "coordination_rank", "grade_level"]
    frame = pd.DataFrame(rows, columns=[*KEY, *columns]).assign(reason=None)
    agreement = agreement_of(frame)
    first, second, third, fourth = tables.records(agreement)
    # ranks 1, 2.5, 2.5 against 3, 2, 1
    assert first["spearman"] == pytest.approx(-(0.75**0.5))
    assert first["pearson"] == pytest.approx(-(0.75**0.5))
    assert first["equal_grade_share"] == pytest.approx(2 / 3)
    assert (first["greatest_move"], first["moved_region_code"]) == (2, "0")
    assert (second["spearman"], second["pearson"]) == (None, None)
    assert second["region_count"] == 2
    # ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4
    assert third["spearman"] == pytest.approx(0.9**0.5)
    # nobody moves, so nobody moves most
    assert (fourth["greatest_move"], fourth["moved_region_code"]) == (0, None)
    methods = [{"method_id": "a"}, {"method_id": "b"}]
    [row] = compare.against_default(
        agreement, methods, [{"region_code": "0", "region": "Zero"}]
    )
    assert (row["greatest_move"], row["moved_region"]) == (0, None)


def test_what_one_method_cannot_compute_counts_in_no_pair(small_page):
    [pair] = tables.records(held(small_page)["agreement"])
    assert pair == {
        "first_method_id": "other",
        "second_method_id": "plain",
        "year": 2021,
        "region_count": 3,
        "spearman": 0.5,
        # of 0.5, 0.3, 0.4 and 0.7126, 0.5817, 0.3308: 0.01309 / (0.1414 * 0.2744)
        "pearson": pytest.approx(0.33734, abs=1e-5),
        "equal_grade_share": pytest.approx(1 / 3),
        "greatest_move": 1,
        "moved_region_code": "2",
    }
    [row] = small_page.table("How alike the other methods")[1:]
    assert row[1:] == ["3", "0.500", "0.337", "33.3%", "1", "Beta"]


def test_obstacles_are_those_of_regions_not_of_their_mean(small_page):
    assert held(small_page)["obstacles"].to_dict("records") == [
        {
            "region_code": "1",
            "indicator_id": "X2",
            "label": "Label of X2",
            "obstacle_degree": 0.99,
        }
    ]


def test_a_study_without_two_regions_has_no_comparison(english):
    assert "compare/empty.html" not in english
    listed = Page(english["compare.html"])
    links = {tags["href"] for tag, tags in listed.tags if tag == "a"}
    assert {"compare/small.html", "compare/three.html"} <= links
    assert not any("empty" in link for link in links)
    assert "compare/" not in english["empty.html"]


def test_a_study_of_one_method_offers_no_choice_of_methods(english):
    page = Page(english["compare/three.html"])
    assert not any(tags.get("name") == "kind" for _tag, tags in page.tags)
    assert held(page)["agreement"].empty


def test_pages_of_studies_and_regions_lead_to_the_comparison(english):
    assert compare_link("small", "1", "2") == "compare/small.html#regions=1,2"
    study = Page(english["small.html"])
    links = [tags.get("href") for tag, tags in study.tags if tag == "a"]
    for code in "123":
        assert links.count(f"compare/small.html#regions={code}") == 1
    region = Page(english["regions/1.html"])
    links = [tags.get("href") for tag, tags in region.tags if tag == "a"]
    assert "../compare/small.html#regions=1" in links
    assert "../compare/empty.html#regions=1" not in links


def test_without_scripts_the_page_hides_the_choice_and_leads_on(english):
    source = english["compare/small.html"]
    [style] = re.findall(r"<noscript><style>(.*?)</style></noscript>", source)
    assert style == ".scripted { display: none; }"
    assert source.count('<div class="scripted">') == 1
    told, _chart = re.findall(r"<noscript><p>(.*?)</p></noscript>", source, re.DOTALL)
    assert [f"../regions/{code}.html" in told for code in "12345"] == [True] * 4 + [
        False
    ]
