"""Sentences of the choices that a method makes beyond min-max, one rule and C."""
# ruff: noqa: E501, RUF001, formulas have minus signs

from coupling.queries.ask import ask
from coupling.words import tables
from coupling.words.language import _

RULES = {
    "entropy": lambda: _("entropy"),
    "variation": lambda: _("coefficient of variation"),
    "critic": lambda: _("CRITIC"),
    "equal": lambda: _("equal weights"),
    "given": lambda: _("given weights"),
    "ahp": lambda: _("analytic hierarchy process"),
    "pca": lambda: _("principal components"),
    "scatter": lambda: _("scatter degree"),
}


def normalisation(method: dict) -> str | None:
    """Return the sentence of a normalisation other than min-max, None for min-max."""
    match method.get("normalisation"):
        case "goalpost":
            return _(
                "Indicators are brought to 0 to 1 by fixed goalposts: y = (x − low) / "
                "(high − low) where more is better, y = (high − x) / (high − low) where "
                "less is, cut off at 0 and 1."
            )
        case "z_score":
            return _(
                "Indicators are brought to 0 to 1 by their z-score, with mean and "
                "sample standard deviation over the scope, the sign turned where less "
                "is better: y = 1/2 + z / 6, cut off at 0 and 1."
            )
        case "rank":
            return _(
                "Indicators are brought to 0 to 1 by their rank among the n values of "
                "the scope, rank 1 the worst and ties sharing their mean: y = (rank − "
                "1) / (n − 1)."
            )
        case "vector":
            return _(
                "Indicators are divided by the root of their sum of squares over the "
                "scope, y = x / √Σ x², where less is better after x becomes max x − x."
            )
    return None


def weights(con, method: dict) -> str | None:
    """Return the sentence of a rule of weights that is told nowhere else, or None."""
    match method["weighting"]:
        case "ahp":
            return _(
                "Weights by the analytic hierarchy process: the principal eigenvector "
                "of each pairwise matrix, over two levels the priority of the criterion "
                "times that within it. With λ its eigenvalue and n items, CI = (λ − n) "
                "/ (n − 1) and CR = CI / RI (Saaty 1980); a matrix with CR of 0.1 or "
                "more is refused."
            )
        case "pca":
            return _(
                "Weights by principal components: d is the sum, over the components of "
                "the correlation matrix with an eigenvalue above 1, of |loading| / "
                "√eigenvalue times the component's share of variance."
            )
        case "scatter":
            return _(
                "Weights by the vertical and horizontal scatter degree: the eigenvector "
                "of the largest eigenvalue of Σ Aₜ′Aₜ on the standardised panel, taken "
                "absolute."
            )
        case "combined":
            return _combined(con, method)
    return None


def _combined(con, method: dict) -> str:
    members = tables.records(
        ask(con, "study/combined_weights", method_id=method["method_id"])
    )
    names = [RULES[member["weighting"]]() for member in members]
    listed = tables.joined(names)
    match method["combination_rule"]:
        case "product":
            return _(
                "Combined weights of {rules}: in each system the product of their "
                "weights, d = w₁ w₂."
            ).format(rules=listed)
        case "linear":
            shares = [
                f"{member['share']:g} {name}"
                for name, member in zip(names, members, strict=True)
            ]
            return _(
                "Combined weights: in each system d is the mixture of the weights by "
                "{rules}."
            ).format(rules=tables.joined(shares))
        case _other:
            return _(
                "Combined weights of {rules} by game theory: in each system d = Σ a w, "
                "where a solves Σ aⱼ (wᵢ·wⱼ) = wᵢ·wᵢ and is taken absolute and to sum 1."
            ).format(rules=listed)


def weight_scope(method: dict) -> str | None:
    """Return the sentence of weights whose scope is not that of the normalisation."""
    scope = method.get("weight_scope")
    if scope in (None, "", method["normalisation_scope"]):
        return None
    if scope == "year":
        return _("Weights are those of each year by itself.")
    return _("Weights are taken over all region-years of the study.")


def scores(method: dict) -> str | None:
    """Return the sentence of grey relational TOPSIS, None of other scores."""
    if method["aggregation"] != "grey_topsis":
        return None
    return _(
        "Grey relational TOPSIS: with r = w y, d⁺ and d⁻ the Euclidean distances to the "
        "largest and smallest r of each indicator over the scope, and g⁺ and g⁻ the grey "
        "relational degrees to them with resolution {resolution}, each divided by its "
        "largest, S⁺ = (d⁻ + g⁺) / 2, S⁻ = (d⁺ + g⁻) / 2 and U = S⁺ / (S⁺ + S⁻)."
    ).format(resolution=f"{method['resolution']:g}")


def coupling(method: dict, number: int, factors: list[str]) -> str | None:
    """Return the sentence of a coupling degree with an exponent, or of capacity."""
    formula, exponent = method["coupling_formula"], method.get("coupling_exponent")
    if formula == "standard" and exponent is not None:
        return _(
            "For k = {number} systems, C = [{product} / (({sum}) / {number})^{number}]^"
            "{exponent}; C = 0 where a score is 0."
        ).format(
            number=number,
            product=" ".join(factors),
            sum=" + ".join(factors),
            exponent=f"{exponent:g}",
        )
    if formula == "capacity":
        return _(
            "Capacitive coupling of two systems: C = U₁ U₂ / ({a} U₁ + {b} U₂)^{g}; "
            "C = 0 where a score is 0, and no degree is given where C would exceed 1."
        ).format(
            a=f"{method['capacity_a']:g}",
            b=f"{method['capacity_b']:g}",
            g=f"{method['capacity_exponent']:g}",
        )
    return None


def lagging(types: list[dict], number: int) -> str | None:
    """Return the sentence of thresholds other than 0.8 and 1.2, None of these.

    types: rows of dim_development_types of the study.
    """
    alike = [row for row in types if row["lags"] == "none"]
    if not alike:
        return None
    low, high = alike[0]["lower_bound"], alike[0]["upper_bound"]
    if len(types) == 3 and (low, high) == (0.8, 1.2):
        return None
    if number == 2 and high is not None:
        return _(
            "By the relative development E = U₁ / U₂, the first system lags below "
            "{low} and the second above {high}; between them both are synchronous."
        ).format(low=f"{low:g}", high=f"{high:g}")
    return _(
        "By the relative development E, the lowest score over the highest, the lowest "
        "system lags below {low}; otherwise the systems are synchronous."
    ).format(low=f"{low:g}")
