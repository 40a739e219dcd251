"""The formulas of a method as MathML, which browsers draw without scripts or network.

The formulas are those of the models in `models/intermediate`; what a method does not
use is left out.
"""

from functools import cache

from latex2mathml.converter import convert
from markupsafe import Markup

NORMALISED = {
    "larger": r"y_{ij} = \frac{x_{ij} - \min x_j}{\max x_j - \min x_j}",
    "smaller": r"y_{ij} = \frac{\max x_j - x_{ij}}{\max x_j - \min x_j}",
    "shift": r"y_{ij} \leftarrow \varepsilon + (1 - \varepsilon) \, y_{ij}",
}
NORMALISED_BY = {
    "goalpost": (
        r"y_{ij} = \frac{x_{ij} - low_j}{high_j - low_j}",
        r"y_{ij} = \frac{high_j - x_{ij}}{high_j - low_j}",
    ),
    "z_score": (
        r"y_{ij} = \frac{1}{2} + \frac{x_{ij} - \operatorname{mean}(x_j)}"
        r"{6 \operatorname{sd}(x_j)}",
        r"y_{ij} = \frac{1}{2} - \frac{x_{ij} - \operatorname{mean}(x_j)}"
        r"{6 \operatorname{sd}(x_j)}",
    ),
    "rank": (
        r"y_{ij} = \frac{\operatorname{rank}(x_{ij}) - 1}{n - 1}",
        r"y_{ij} = \frac{n - \operatorname{rank}(x_{ij})}{n - 1}",
    ),
    "vector": (
        r"y_{ij} = \frac{x_{ij}}{\sqrt{\sum_i x_{ij}^2}}",
        r"y_{ij} = \frac{\max x_j - x_{ij}}"
        r"{\sqrt{\sum_i (\max x_j - x_{ij})^2}}",
    ),
}
INTERVAL = r"y_{ij} \leftarrow a + (b - a) \, y_{ij}"
INFORMATION = {
    "entropy": r"d_j = 1 - e_j",
    "variation": r"d_j = \frac{\operatorname{sd}(y_j)}{\operatorname{mean}(y_j)}",
    "critic": r"d_j = \operatorname{sd}(y_j) \sum_{k} (1 - r_{jk})",
    "equal": r"d_j = 1",
    "ahp": r"A d = \lambda_{\max} d",
    "pca": (
        r"d_j = \sum_{\lambda_c > 1} \frac{|a_{jc}|}{\sqrt{\lambda_c}}"
        r" \frac{\lambda_c}{\sum_k \lambda_k}"
    ),
    "scatter": r"\left( \sum_t A_t^\prime A_t \right) d = \lambda_{\max} d",
}
ENTROPY = {
    "share": r"p_{ij} = \frac{y_{ij}}{\sum_i y_{ij}}",
    "entropy": r"e_j = - \frac{1}{\ln \, N} \sum_i p_{ij} \ln \, p_{ij}",
}
COMBINED = {
    "product": r"d_j = \prod_m w_j^{(m)}",
    "linear": r"d_j = \sum_m \lambda_m w_j^{(m)}",
    "game_theory": (
        r"d_j = \sum_m a_m w_j^{(m)}, \quad "
        r"\sum_n a_n \, w^{(m)} \cdot w^{(n)} = w^{(m)} \cdot w^{(m)}"
    ),
}
WEIGHTS = {
    "weight": r"w_j = \frac{d_j}{\sum_{k \in S} d_k}",
    "study_weight": r"v_j = \frac{d_j}{\sum_{k} d_k}",
}
SCORE = {
    "linear": r"U_i = \sum_{j \in S} w_j y_{ij}",
    "geometric": r"U_i = \prod_{j \in S} y_{ij}^{w_j}",
    "topsis": r"U_i = \frac{d_i^-}{d_i^+ + d_i^-}",
    "grey_topsis": r"U_i = \frac{S_i^+}{S_i^+ + S_i^-}",
}
TOPSIS = {
    "weighted": r"r_{ij} = w_j y_{ij}",
    "to_best": r"d_i^+ = \sqrt{\sum_{j \in S} \left( \max r_j - r_{ij} \right)^2}",
    "to_worst": r"d_i^- = \sqrt{\sum_{j \in S} \left( r_{ij} - \min r_j \right)^2}",
}
GREY = {
    "relation": (
        r"g_i^\pm = \operatorname{mean}_j \frac{\min \Delta^\pm + \rho \max \Delta^\pm}"
        r"{\Delta_{ij}^\pm + \rho \max \Delta^\pm}"
    ),
    "sides": (
        r"S_i^\pm = \frac{1}{2} \left( \frac{d_i^\mp}{\max d^\mp} +"
        r" \frac{g_i^\pm}{\max g^\pm} \right)"
    ),
}
CAPACITY = r"C = \frac{U_1 U_2}{(a \, U_1 + b \, U_2)^g}"
POWER = (
    r"C = \left[ \frac{U_1 U_2 \cdots U_k}"
    r"{\left( (U_1 + U_2 + \cdots + U_k) / k \right)^k} \right]^e"
)
COUPLING = {
    "standard": (
        r"C = \frac{k \left( U_1 U_2 \cdots U_k \right)^{1/k}}"
        r"{U_1 + U_2 + \cdots + U_k}"
    ),
    "wang_2021": (
        r"C = \sqrt{\left( 1 - \frac{\sum_{a > b} |U_a - U_b|}{k (k - 1) / 2} \right)"
        r" \left( \prod_{a=1}^{k} \frac{U_a}{\max U} \right)^{1/(k-1)}}"
    ),
}
COUPLING_OF_TWO = r"C = \frac{2 \sqrt{U_1 U_2}}{U_1 + U_2}"
DEGREE = r"D = \sqrt{C T}"
OBSTACLE = r"O_{ij} = \frac{v_j (1 - y_{ij})}{\sum_{k} v_k (1 - y_{ik})}"


@cache
def inline(latex: str) -> Markup:
    """Return a formula as MathML that stands in a line of text."""
    return Markup(convert(latex))


@cache
def displayed(latex: str) -> Markup:
    """Return a formula as MathML in a line of its own."""
    return Markup(convert(latex, display="block"))


def of_method(method: dict, contributions: list[float]) -> dict[str, Markup | None]:
    """Return the formulas of each step of a method, by name.

    None where the rule of a step has no formula: given weights, or a rule not known.

    Parameters
    ----------
    method
        A row of `study/method`.
    contributions
        Of the systems, in their order.

    """
    steps = {
        **NORMALISED,
        **ENTROPY,
        **WEIGHTS,
        **TOPSIS,
        "information": INFORMATION.get(method["weighting"]),
        "score": SCORE.get(method["aggregation"]),
        "coupling": coupling(method["coupling_formula"], len(contributions)),
        "interval": INTERVAL,
        **GREY,
        "index": index(contributions),
        "degree": DEGREE,
        "obstacle": OBSTACLE,
    }
    pair = NORMALISED_BY.get(method.get("normalisation") or "min_max")
    if pair:
        steps |= dict(zip(("larger", "smaller"), pair, strict=True))
    if method["weighting"] == "combined":
        steps["information"] = COMBINED.get(method["combination_rule"])
    if method["coupling_formula"] == "capacity":
        steps["coupling"] = CAPACITY
    elif method["coupling_formula"] == "standard" and method.get("coupling_exponent"):
        steps["coupling"] = POWER
    return {name: displayed(latex) if latex else None for name, latex in steps.items()}


def coupling(formula: str, system_count: int) -> str | None:
    """Return the coupling degree of a formula in LaTeX, None where it is not known."""
    if formula == "standard" and system_count == 2:
        return COUPLING_OF_TWO
    return COUPLING.get(formula)


def index(contributions: list[float]) -> str:
    """Return the comprehensive index in LaTeX, the contributions with three decimals.

    Contributions that are all alike are told as a fraction, as 1/3 is not 0.333.
    """
    count = len(contributions)
    scores = [f"U_{place}" for place in range(1, count + 1)]
    if max(contributions) - min(contributions) < 1e-9 and count > 2:
        return rf"T = \frac{{1}}{{{count}}} ({' + '.join(scores)})"
    parts = [
        f"{share:.3f}".rstrip("0") + rf" \, {score}"
        for share, score in zip(contributions, scores, strict=True)
    ]
    return f"T = {' + '.join(parts)}"
