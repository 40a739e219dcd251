"""What each rule that a method may choose is, in sentences of the language spoken."""
# ruff: noqa: E501, RUF001, formulas have minus signs

from coupling.queries.ask import ask
from coupling.words import tables
from coupling.words.language import CHINESE, _, spoken

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
# names of the rules of weights, where several are combined
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


def normalisation(method: dict, indicators: list[dict]) -> str:
    """Return how indicators are brought to 0 to 1, over what, and what becomes of 0.

    indicators: rows of `study/indicators`.
    """
    scopes = {
        "panel": _("all region-years of the study"),
        "year": _("the regions of the same year"),
    }
    scope = scopes.get(method["normalisation_scope"], method["normalisation_scope"])
    negative = [
        row["indicator_id"]
        for row in indicators
        if row["is_computed"] and row["direction"] == "-"
    ]
    other = _other_normalisation(method)
    told = [
        other
        or _(
            "Indicators are brought to 0 to 1 by their smallest and largest value over "
            "{scope}: y = (x − min x) / (max x − min x) where more is better."
        ).format(scope=scope)
    ]
    if other:
        told.append(_("The scope is {scope}.").format(scope=scope))
    elif negative:
        told.append(
            _(
                "Where less is better, for {indicators}, y = (max x − x) / (max x − "
                "min x)."
            ).format(indicators=tables.joined_list(negative))
        )
    else:
        told.append(_("No indicator in use has less as better."))
    match method["zero_rule"]:
        case "shift":
            told.append(
                _("y is then shifted to ε + (1 − ε) y with ε = {epsilon}.").format(
                    epsilon=f"{method['epsilon']:g}"
                )
            )
        case "interval":
            told.append(
                _("y is then mapped to {low} + ({high} − {low}) y.").format(
                    low=f"{method['interval_low']:g}",
                    high=f"{method['interval_high']:g}",
                )
            )
        case "exact":
            told.append(_("Zeros stay zeros; nothing is shifted."))
        case rule:
            told.append(_by_rule(_("Zeros"), rule))
    return sentences(told)


def _other_normalisation(method: dict) -> str | None:
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


def weights(con, method: dict, study: dict) -> str:
    """Return the rule of the weights, their scope, and what becomes of d."""
    match method["weighting"]:
        case "entropy":
            rule = _(
                "Entropy weights: with shares p = y / Σ y over the same scope of N "
                "region-years and entropy e = −(1 / ln N) Σ p ln p, 0 ln 0 = 0, the "
                "information of an indicator is d = 1 − e."
            )
        case "variation":
            rule = _(
                "Weights by the coefficient of variation: the information of an "
                "indicator is d = sd(y) / mean(y), sd that of a sample."
            )
        case "critic":
            rule = _(
                "CRITIC weights: the information of an indicator is its sample "
                "standard deviation times its conflict with the other indicators k of "
                "its system, d = sd(y) Σ (1 − r), r the correlation with k."
            )
        case "equal":
            rule = _("Equal weights: d = 1 for every indicator.")
        case "given":
            rule = (
                _("Given weights: d is the weight that the paper prints.")
                if study["paper_id"] is not None and not method.get("weight_set_id")
                else _("Given weights: d is the weight stated for the study.")
            )
        case "ahp":
            rule = _(
                "Weights by the analytic hierarchy process: the principal eigenvector "
                "of each pairwise matrix, over two levels the priority of the criterion "
                "times that within it. With λ its eigenvalue and n items, CI = (λ − n) "
                "/ (n − 1) and CR = CI / RI (Saaty 1980); a matrix with CR of 0.1 or "
                "more is refused."
            )
        case "pca":
            rule = _(
                "Weights by principal components: d is the sum, over the components of "
                "the correlation matrix with an eigenvalue above 1, of |loading| / "
                "√eigenvalue times the component's share of variance."
            )
        case "scatter":
            rule = _(
                "Weights by the vertical and horizontal scatter degree: the eigenvector "
                "of the largest eigenvalue of Σ Aₜ′Aₜ on the standardised panel, taken "
                "absolute."
            )
        case "combined":
            rule = _combined(con, method)
        case other:
            rule = _by_rule(_("Weights"), other)
    scope = weight_scope(method)
    return sentences(
        [
            rule,
            *([scope] if scope else []),
            _(
                "The weight in a system is w = d / Σ d over its indicators, that in "
                "the study v = d / Σ d over all indicators. An indicator that does not "
                "vary weighs nothing."
            ),
        ]
    )


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


def scores(method: dict) -> str:
    """Return how the score of a system is made of y and weights."""
    match method["aggregation"]:
        case "topsis":
            return _(
                "TOPSIS: with r = w y and d⁺ and d⁻ the Euclidean distances of a "
                "region-year to the largest and to the smallest r of each indicator "
                "over the scope, the score of a system is the closeness "
                "U = d⁻ / (d⁺ + d⁻)."
            )
        case "linear":
            return _("The score of a system is the weighted sum U = Σ w y.")
        case "geometric":
            return _("The score of a system is the weighted product U = Π y^w.")
        case "grey_topsis":
            return _(
                "Grey relational TOPSIS: with r = w y, d⁺ and d⁻ the Euclidean distances to the "
                "largest and smallest r of each indicator over the scope, and g⁺ and g⁻ the grey "
                "relational degrees to them with resolution {resolution}, each divided by its "
                "largest, S⁺ = (d⁻ + g⁺) / 2, S⁻ = (d⁺ + g⁻) / 2 and U = S⁺ / (S⁺ + S⁻)."
            ).format(resolution=f"{method['resolution']:g}")
        case other:
            return _by_rule(_("Scores"), other)


def coupling(method: dict, number: int) -> str:
    """Return the coupling degree of `number` systems."""
    factors = [f"U{subscript(place)}" for place in range(1, number + 1)]
    if other := _other_coupling(method, number, factors):
        return other
    match method["coupling_formula"]:
        case "standard":
            return _(
                "For k = {number} systems, C = k ({product})^(1/{number}) / "
                "({sum}), which lies between 0 and 1; C = 0 where a score "
                "is 0."
            ).format(number=number, product=" ".join(factors), sum=" + ".join(factors))
        case "wang_2021":
            return _(
                "For k = {number} systems, the corrected form of Wang et al. (2021): "
                "C = √[(1 − Σ |Uₐ − U_b| / {pairs}) × (Π U / max U)^(1/{exponent})], "
                "the sum over the {pairs} pairs of systems and each U of the product "
                "divided by the largest; C = 0 where a score is 0."
            ).format(
                number=number, pairs=number * (number - 1) // 2, exponent=number - 1
            )
        case other:
            return _by_rule(_("Coupling degree"), other)


def _other_coupling(method: dict, number: int, factors: list[str]) -> str | None:
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


def lagging(types: list[dict], number: int) -> str:
    """Return when a system of `number` lags.

    types: rows of dim_development_types of the study.
    """
    if other := other_lagging(types, number):
        return other
    if number == 2:
        return _(
            "By the ratio of the two scores, the first system lags below 0.8 and the "
            "second above 1.2; between them both are synchronous."
        )
    return _(
        "The system with the lowest score lags where it is below 0.8 of the highest; "
        "otherwise the systems are synchronous."
    )


def other_lagging(types: list[dict], number: int) -> str | None:
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


def _by_rule(what: str, rule: str) -> str:
    return _("{what} follow the rule {rule}.").format(what=what, rule=rule)


def subscript(number: int) -> str:
    """Return a whole number as subscript."""
    return str(number).translate(SUBSCRIPTS)


def sentences(told: list[str]) -> str:
    """Return sentences one after the other, as the language spoken has it."""
    # a Chinese sentence ends in a full stop as wide as a letter and its space
    return ("" if spoken() == CHINESE else " ").join(told)
