"""`coupling explain`: the chain of one degree on the screen, as page and workbook."""
# ruff: noqa: RUF001, Chinese sentences have Chinese commas

import io
import re
import string
from math import fsum

import duckdb
import openpyxl
import pytest
from pytest import approx
from rich.console import Console
from typer.testing import CliRunner

from coupling import cli, explain
from coupling.base.paths import Paths
from coupling.pages import chains
from coupling.words.phrases import LANGUAGES, phrases, speaker

STUDY = "ecommerce_manufacturing_east"


@pytest.fixture(scope="module")
def project(warehouse, tmp_path_factory):
    """A project whose published database is the built one."""
    paths = Paths(tmp_path_factory.mktemp("project"))
    paths.database.parent.mkdir(parents=True)
    paths.database.symlink_to(warehouse.resolve())
    return paths


@pytest.fixture()
def run(project, monkeypatch, tmp_path):
    """Run coupling explain with a wide screen in a folder of its own."""
    monkeypatch.setattr(cli, "paths", project)
    monkeypatch.setattr(cli, "console", Console(width=250))
    monkeypatch.chdir(tmp_path)

    def invoke(*words):
        with cli.console.capture() as printed:
            result = CliRunner().invoke(cli.app, ["explain", *map(str, words)])
        return result.exit_code, printed.get()

    return invoke


def asked(region="330000", year=2023, study=STUDY):
    return ["--study", study, "--region", region, "--year", year]


@pytest.fixture(scope="module")
def zhejiang(project):
    return explain.find_chain(project.database, STUDY, "Zhejiang", 2023)


# --- what a chain holds -----------------------------------------------------------


def test_parts_of_a_chain_add_up_to_what_the_marts_say(zhejiang, warehouse):
    [row] = zhejiang["years"]
    with duckdb.connect(str(warehouse), read_only=True) as con:
        degree, before = (
            con.execute(
                "select coupling_coordination_degree from marts.fct_coupling where "
                "study_id = ? and region_code = '330000' and year = ? "
                "and is_default_method",
                [STUDY, year],
            ).fetchone()[0]
            for year in (2023, 2022)
        )
    assert row["degree"] == degree
    parts = [system["part_of_change"] for system in row["systems"]]
    assert fsum(parts) == approx(degree - before, abs=1e-12)
    assert fsum(s["obstacle_degree"] for s in row["systems"]) == approx(1)
    for system in row["systems"]:
        best, worst = (
            fsum(i[side] for i in system["indicators"]) ** 0.5
            for side in ("to_best", "to_worst")
        )
        assert system["score"] == approx(worst / (best + worst), abs=1e-12)
        assert fsum(i["weight"] for i in system["indicators"]) == approx(1)


def test_sentences_name_what_moved_the_degree(zhejiang):
    [row] = zhejiang["years"]
    parts = {
        i["label"] + (" (proxy)" if i["is_proxy"] else ""): i["part_of_change"]
        for system in row["systems"]
        for i in system["indicators"]
    }
    most = max(parts, key=parts.get)
    least = min(parts, key=parts.get)
    assert row["sentences"][0] == (
        f"Zhejiang's D rose by {row['change']:.3f} to {row['degree']:.3f}, mostly "
        f"through {most} (+{parts[most]:.3f}); {least} worked against it "
        f"(\N{MINUS SIGN}{-parts[least]:.3f})."
    )
    assert row["sentences"][1] == "Cross-border e-commerce lags behind."


def sentences_of(change, parts, **values):
    row = {
        "year": 2021,
        "status": "computed",
        "degree": 0.5,
        "lagging_system": None,
        "systems": [
            {
                "indicators": [
                    {
                        "label": label,
                        "is_proxy": False,
                        "coordination_change": change,
                        "change_status": "computed",
                        "part_of_change": part,
                        "obstacle_degree": None,
                    }
                    for label, part in parts.items()
                ]
            }
        ],
        **values,
    }
    return chains.sentences(row, {"label": "Here"}, "en")


def test_a_fall_is_told_by_what_pulled_down():
    said = sentences_of(-0.1, {"a": 0.05, "b": -0.15})
    minus = "\N{MINUS SIGN}"
    assert said == [
        f"Here's D fell by 0.100 to 0.500, mostly through b ({minus}0.150); "
        "a worked against it (+0.050)."
    ]
    assert sentences_of(0.0001, {"a": 0.0001}) == ["Here's D stayed at 0.500."]
    why = sentences_of(None, {}, status="missing_value", reason="no figures")
    assert why == ["Here has no D in 2021: no figures."]


# --- finding it -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("330000", "330000"),
        ("Zhejiang", "330000"),
        ("zhejiang", "330000"),
        ("浙江", "330000"),
        ("浙江省", "330000"),
        ("北京市", "110000"),
        ("Inner Mongolia", "150000"),
        ("内蒙古自治区", "150000"),
        ("广西壮族自治区", "450000"),
    ],
)
def test_regions_go_by_code_and_by_both_names(project, name, code):
    chain = explain.find_chain(project.database, "industrial_transfer", name, 2016)
    assert chain["region"]["region_code"] == code


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (asked(study="ecomerce_manufacturing_east"), f"Nearest: {STUDY}"),
        (asked(region="Zhejang"), "Nearest: Zhejiang"),
        (asked(region="浙"), "Nearest: 浙江"),
        (asked(region="Tibet"), "Tibet is not in study"),
        (asked(year=2030), "has no year 2030; there are 2016 to 2023"),
        ([*asked(), "--method", "entropy_topsi"], "Nearest: entropy_topsis"),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest(run, words, said):
    code, printed = run(*words)
    assert code == 1
    assert said in printed


def test_without_a_database_it_says_what_to_do(run, monkeypatch, tmp_path):
    monkeypatch.setattr(cli, "paths", Paths(tmp_path))
    assert run(*asked()) == (
        1,
        "There is no published database yet: run coupling refresh first.\n",
    )
    paths = Paths(tmp_path)
    paths.database.parent.mkdir()
    duckdb.connect(str(paths.database)).close()
    code, printed = run(*asked())
    assert code == 1 and "holds no chains" in printed


# --- showing it -------------------------------------------------------------------


def test_the_screen_shows_the_whole_chain(run, zhejiang):
    code, printed = run(*asked("浙江省"))
    [row] = zhejiang["years"]
    assert code == 0
    assert row["sentences"][0] in printed
    for text in (
        "figure, 2023: 23,463.9 100m yuan E-commerce sales (A)",
        "526 \N{EN DASH} 53,154 (+)",
        "observed",
        "3 of 10",
        "good coordination",
        "denominator, country total, 2023",
        "China Statistical Yearbook",
    ):
        assert text in printed
    assert "nan" not in printed and "None" not in printed


def test_the_method_changes_the_chain(run):
    code, printed = run(*asked(), "--method", "entropy_geometric")
    assert code == 0
    assert "Part of ln U: w ln y" in printed
    assert "Entropy weights, weighted geometric mean" in printed


def test_chinese_texts_and_labels(run):
    code, printed = run(*asked(), "--lang", "zh")
    assert code == 0
    assert "浙江的耦合协调度D上升0.039，至0.726" in printed
    assert "跨境电商" in printed and "熵权法" in printed
    english = set(re.findall(r"[A-Za-z]{6,}", printed.split("统计序列与来源")[0]))
    assert not english & {"Indicator", "Weight", "numerator", "observed", "lagging"}


@pytest.mark.parametrize("key", phrases())
def test_every_phrase_says_the_same_blanks_in_both_languages(key):
    texts = phrases()[key]
    assert set(texts) == set(LANGUAGES)
    english, chinese = (
        {name for _, name, _, _ in string.Formatter().parse(texts[language]) if name}
        for language in LANGUAGES
    )
    assert english == chinese
    assert all(texts[language].strip() for language in LANGUAGES)


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="en, zh"):
        speaker("fr")


def hostile(chain):
    """The chain with a formula and a tag for a label."""
    [row] = chain["years"]
    system, *others = row["systems"]
    first, *rest = system["indicators"]
    first = first | {"label": '=HYPERLINK("x")<script>alert(1)</script>[red]'}
    system = system | {"indicators": [first, *rest]}
    return chain | {"years": [row | {"systems": [system, *others]}]}


def test_a_page_escapes_what_it_prints_and_needs_nothing_else(zhejiang, tmp_path):
    path = explain.write_chain(hostile(zhejiang), "html", tmp_path / "chain.html")
    page = path.read_text(encoding="utf-8")
    assert "<script" not in page and "&lt;script&gt;" in page
    assert 'id="y2023"' in page and 'id="y2023-X3"' in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links <= set(re.findall(r'id="([^"]+)"', page))


def test_the_screen_takes_no_markup_from_labels(zhejiang):
    console = Console(width=300, file=io.StringIO())
    explain.print_chain(hostile(zhejiang), console)
    assert "</script>[red]" in console.file.getvalue()


def test_a_workbook_holds_numbers_in_full_and_no_formula(zhejiang, tmp_path):
    chain = hostile(zhejiang)
    first = explain.write_chain(chain, "xlsx", tmp_path / "a.xlsx").read_bytes()
    second = explain.write_chain(chain, "xlsx", tmp_path / "b.xlsx").read_bytes()
    assert first == second
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["cover", "chain", "figures"]
    head, *rows = book["chain"].iter_rows(values_only=True)
    assert len(rows) == 13
    assert rows[0][2].startswith("X1 =HYPERLINK")
    kinds = {cell.data_type for sheet in book for line in sheet for cell in line}
    assert kinds == {"n", "s"}
    at = head.index("Part of change of D")
    [row] = zhejiang["years"]
    assert fsum(line[at] for line in rows) == approx(row["change"], abs=1e-12)
    figures = list(book["figures"].iter_rows(values_only=True))
    sales = next(line for line in figures if line[0] == "X3 E-commerce sales")
    assert sales[3:7] == (2023, 23463.9, "100m yuan", "A")
    assert "Yearbook" in sales[7] or "National" in sales[7]
    cover = [line[1] for line in book["cover"].iter_rows(values_only=True)]
    assert row["sentences"][0] in cover


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["--to", "xlsx"], f"{STUDY}-330000-2023.xlsx"),
        (["--to", "html", "--out", "own.page"], "own.page"),
        (["--out", "own.xlsx"], "own.xlsx"),
        (["--to", "html", "--lang", "zh"], f"{STUDY}-330000-2023.html"),
    ],
)
def test_files_go_where_they_are_asked_to(run, tmp_path, words, name):
    code, printed = run(*asked(), *words)
    assert (code, printed) == (0, f"{name} written\n")
    assert (tmp_path / name).stat().st_size > 5000


def test_a_file_that_cannot_be_written_or_has_no_kind_is_refused(run):
    assert run(*asked(), "--out", "no/folder/a.html")[0] == 1
    assert run(*asked(), "--out", "a.docx")[0] == 2
