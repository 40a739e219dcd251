"""The method of a study in words and formulas, for every method and study shipped."""
# ruff: noqa: RUF001, Chinese has signs of its own

import csv
from xml.etree import ElementTree

import duckdb
import projects
import pytest
from prose import Prose, english_in

from coupling.base.paths import Paths
from coupling.pages.pages import environment
from coupling.prose import rule_text
from coupling.queries.ask import ask
from coupling.words import formulas, tables
from coupling.words.language import ENGLISH, LANGUAGES, speaking

SEEDS = Paths().seeds / "studies"
METHODS = list(csv.DictReader((SEEDS / "methods.csv").open(encoding="utf-8")))
MATHML = "{http://www.w3.org/1998/Math/MathML}"

# as the design has them, written in a line by `line`
NORMALISATION = {
    "": {
        "y_(ij) = (x_(ij) - min x_j) / (max x_j - min x_j)",
        "y_(ij) = (max x_j - x_(ij)) / (max x_j - min x_j)",
    },
    "goalpost": {
        "y_(ij) = (x_(ij) - l o w_j) / (h i g h_j - l o w_j)",
        "y_(ij) = (h i g h_j - x_(ij)) / (h i g h_j - l o w_j)",
    },
    "z_score": {
        "y_(ij) = (1) / (2) + (x_(ij) - mean (x_j)) / (6 sd (x_j))",
        "y_(ij) = (1) / (2) - (x_(ij) - mean (x_j)) / (6 sd (x_j))",
    },
    "rank": {
        "y_(ij) = (rank (x_(ij)) - 1) / (n - 1)",
        "y_(ij) = (n - rank (x_(ij))) / (n - 1)",
    },
    "vector": {
        "y_(ij) = (x_(ij)) / (√(∑_i x_(ij)^2))",
        "y_(ij) = (max x_j - x_(ij)) / (√(∑_i (max x_j - x_(ij))^2))",
    },
}
ZEROS = {
    "exact": set(),
    "shift": {"y_(ij) ← ε + (1 - ε) y_(ij)"},
    "interval": {"y_(ij) ← a + (b - a) y_(ij)"},
}
COMBINED = {
    "product": {"d_j = ∏_m w_j^((m))"},
    "game_theory": {
        "d_j = ∑_m a_m w_j^((m)) , ∑_n a_n w^((m)) · w^((n)) = w^((m)) · w^((m))"
    },
}
ALWAYS = {
    "w_j = (d_j) / (∑_(k ∈ S) d_k)",
    "v_j = (d_j) / (∑_k d_k)",
    "D = √(C T)",
    "O_(ij) = (v_j (1 - y_(ij))) / (∑_k v_k (1 - y_(ik)))",
}
WEIGHTING = {
    "entropy": {
        "p_(ij) = (y_(ij)) / (∑_i y_(ij))",
        "e_j = - (1) / (ln N) ∑_i p_(ij) ln p_(ij)",
        "d_j = 1 - e_j",
    },
    "variation": {"d_j = (sd (y_j)) / (mean (y_j))"},
    "critic": {"d_j = sd (y_j) ∑_k (1 - r_(jk))"},
    "equal": {"d_j = 1"},
    "given": set(),
    "ahp": {"A d = λ_(max) d"},
    "pca": {"d_j = ∑_(λ_c > 1) (| a_(j c) |) / (√(λ_c)) (λ_c) / (∑_k λ_k)"},
    "scatter": {"(∑_t A_t^′ A_t) d = λ_(max) d"},
}
AGGREGATION = {
    "linear": {"U_i = ∑_(j ∈ S) w_j y_(ij)"},
    "geometric": {"U_i = ∏_(j ∈ S) y_(ij)^(w_j)"},
    "topsis": {
        "r_(ij) = w_j y_(ij)",
        "d_i^+ = √(∑_(j ∈ S) (max r_j - r_(ij))^2)",
        "d_i^- = √(∑_(j ∈ S) (r_(ij) - min r_j)^2)",
        "U_i = (d_i^-) / (d_i^+ + d_i^-)",
    },
    "grey_topsis": {
        "r_(ij) = w_j y_(ij)",
        "d_i^+ = √(∑_(j ∈ S) (max r_j - r_(ij))^2)",
        "d_i^- = √(∑_(j ∈ S) (r_(ij) - min r_j)^2)",
        "g_i^± = mean_j (min Δ^± + ρ max Δ^±) / (Δ_(ij)^± + ρ max Δ^±)",
        "S_i^± = (1) / (2) ((d_i^∓) / (max d^∓) + (g_i^±) / (max g^±))",
        "U_i = (S_i^+) / (S_i^+ + S_i^-)",
    },
}
COUPLING = {
    "capacity": {"C = (U_1 U_2) / ((a U_1 + b U_2)^g)"},
    "power": {"C = [ (U_1 U_2 ⋯ U_k) / (((U_1 + U_2 + ⋯ + U_k) / k)^k) ]^e"},
    ("standard", 2): {"C = (2 √(U_1 U_2)) / (U_1 + U_2)"},
    ("standard", 3): {"C = (k (U_1 U_2 ⋯ U_k)^(1 / k)) / (U_1 + U_2 + ⋯ + U_k)"},
    "wang_2021": {
        "C = √((1 - (∑_(a > b) | U_a - U_b |) / (k (k - 1) / 2)) "
        "(∏_(a = 1)^k (U_a) / (max U))^(1 / (k - 1)))"
    },
}


def line(node):
    """A formula of MathML in one line of text."""
    tag = node.tag.removeprefix(MATHML)
    parts = [line(child) for child in node]
    parts = [part for part in parts if part]
    if tag in ("mi", "mn", "mo", "mtext"):
        return (node.text or "").replace("−", "-").strip()
    if tag == "mfrac":
        return f"({parts[0]}) / ({parts[1]})"
    if tag == "msqrt":
        return f"√({' '.join(parts)})"
    if tag in ("msub", "munder"):
        return f"{parts[0]}_{grouped(parts[1])}"
    if tag in ("msup", "mover"):
        return f"{parts[0]}^{grouped(parts[1])}"
    if tag in ("msubsup", "munderover"):
        return f"{parts[0]}_{grouped(parts[1])}^{grouped(parts[2])}"
    return " ".join(parts)


def grouped(text):
    return text if len(text) == 1 else f"({text})"


def tidy(text):
    """Blanks as the tables above have them."""
    text = text.replace("( ", "(").replace(" )", ")")
    return (
        text.replace("(i j)", "(ij)").replace("(i k)", "(ik)").replace("(j k)", "(jk)")
    )


def shown(html):
    """The formulas of a page that stand in a line of their own."""
    found = html.split('<math xmlns="')[1:]
    maths = [f'<math xmlns="{part.split("</math>")[0]}</math>' for part in found]
    return {
        tidy(line(ElementTree.fromstring(math)))
        for math in maths
        if 'display="block"' in math
    }


def section(
    method, contributions, language=ENGLISH, paper="01", side="right", rule=None
):
    systems = [
        {"label": f"System {n}", "label_zh": f"系统{n}", "contribution": share}
        for n, share in enumerate(contributions, 1)
    ]
    with speaking(language):
        return (
            environment()
            .get_template("methods.html.j2")
            .render(
                method=method,
                systems=systems,
                study={"paper_id": paper, "study_origin": "shipped"},
                formulas=formulas.of_method(method, contributions),
                weight_scope=rule_text.weight_scope(method),
                lagging_rule=rule,
                closed_side=side,
            )
        )


def wanted(method, system_count):
    formula = "power" if method["coupling_exponent"] else method["coupling_formula"]
    rules = WEIGHTING | {"combined": COMBINED.get(method["combination_rule"])}
    return (
        ALWAYS
        | NORMALISATION[method["normalisation"]]
        | ZEROS[method["zero_rule"]]
        | rules[method["weighting"]]
        | AGGREGATION[method["aggregation"]]
        | COUPLING.get(formula, COUPLING.get((formula, system_count)))
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("method", METHODS, ids=lambda method: method["method_id"])
def test_each_method_is_told_in_its_formulas(method, language):
    for shares, total in [
        ([0.4, 0.6], "T = 0.4 U_1 + 0.6 U_2"),
        ([1 / 3] * 3, "T = (1) / (3) (U_1 + U_2 + U_3)"),
    ]:
        html = section(method, shares, language)
        assert shown(html) == wanted(method, len(shares)) | {total}
        if language != ENGLISH:
            assert english_in(html) == []


def test_words_follow_the_scheme_and_the_thresholds():
    method = next(one for one in METHODS if one["method_id"] == "entropy_linear")

    def words(**more):
        texts = Prose(section(method, [0.5, 0.5], **more)).texts
        return " ".join(" ".join(texts).split())

    assert "(lower, upper]" in words()
    assert "[lower, upper)" not in words()
    assert "[lower, upper)" in words(side="left")
    assert "lags below 0.8" in words()
    types = [
        {"lags": "first", "lower_bound": 0, "upper_bound": 0.9},
        {"lags": "none", "lower_bound": 0.9, "upper_bound": 1.1},
        {"lags": "second", "lower_bound": 1.1, "upper_bound": None},
    ]
    said = words(rule=rule_text.other_lagging(types, 2))
    assert "the first system lags below 0.9 and the second above 1.1" in said
    assert "0.8" not in said


def test_weights_of_another_scope_are_told():
    method = next(one for one in METHODS if one["method_id"] == "entropy_linear")
    for scopes, told, untold in (
        (("panel", ""), "", "weights of its own"),
        (("panel", "year"), "Weights are those of each year by itself.", ""),
        (("year", ""), "Each year has weights of its own.", ""),
        (("year", "panel"), "Weights are taken over all region", "weights of its own"),
    ):
        named = dict(zip(("normalisation_scope", "weight_scope"), scopes, strict=True))
        texts = " ".join(Prose(section(method | named, [0.5, 0.5])).texts)
        assert told in texts
        assert not untold or untold not in texts


def test_words_follow_the_method():
    by_id = {method["method_id"]: method for method in METHODS}
    halves = [0.5, 0.5]

    def words(method_id, **values):
        texts = Prose(section(by_id[method_id] | values, halves)).texts
        return " ".join(" ".join(texts).split())

    assert "all region-years of the study" in words("entropy_linear")
    assert "regions of the same year" in words("entropy_linear_by_year")
    assert "Zeros stay zeros" in words("entropy_topsis")
    assert "0.0001:" in words("entropy_shifted_linear")
    assert "sample standard deviation" in words("critic_linear")
    assert "weight that the paper prints" in words("equal_linear", weighting="given")
    assert "a rule of its own: rank" not in words("equal_linear")
    html = section(by_id["equal_linear"] | {"weighting": "rank"}, halves)
    assert "<code>rank</code>" in html
    html = section(by_id["equal_linear"] | {"coupling_formula": "odd"}, halves)
    assert "<code>odd</code>" in html


def test_each_shipped_study_shows_its_own_method(warehouse):
    with duckdb.connect(warehouse, read_only=True) as con:
        studies = tables.records(ask(con, "site/studies"))
        assert len(studies) == len(projects.REGION_YEARS)
        for study in studies:
            method = tables.records(
                ask(con, "study/method", study_id=study["study_id"])
            )[0]
            shares = ask(con, "study/systems", study_id=study["study_id"])[
                "contribution"
            ].to_list()
            assert method["method_id"] == study["default_method_id"]
            seed = next(m for m in METHODS if m["method_id"] == method["method_id"])
            found = shown(section(method, shares, paper=study["paper_id"]))
            assert found >= wanted(seed, len(shares))
            [total] = found - wanted(seed, len(shares))
            assert total.startswith("T = ")
