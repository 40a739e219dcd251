"""From figure to degree: what the shipped contributions and figures say.

Every row of fct_indicator_contributions is compared with the reference in
test_marts_agree_with_reference and, on odd studies, in test_made_up_studies. Here are
the formulas by hand and the figures behind each value.
"""

from math import log, sqrt

import decomposition
import numpy as np
import projects
import pytest
import rederivation
from pytest import approx

HALVES = np.array([0.5, 0.5])


def degree_of(u, alpha=HALVES):
    """D of the standard formula."""
    k = len(u)
    return sqrt(k * np.prod(u) ** (1 / k) / np.sum(u) * np.sum(alpha * u))


def wang(u, alpha):
    """D with the coupling degree of Wang et al."""
    k = len(u)
    pairs = [(i, j) for i in range(k) for j in range(i)]
    gap = sum(abs(u[i] - u[j]) for i, j in pairs) / len(pairs)
    c = sqrt((1 - gap) * (np.prod(u / np.max(u))) ** (1 / (k - 1)))
    return sqrt(c * np.sum(alpha * u))


def parts_of(u0, u1, d0, d1, alpha=HALVES, formula="standard"):
    """Parts of the systems in the change of D."""
    u0, u1 = np.array(u0, dtype=float), np.array(u1, dtype=float)
    slopes = decomposition.degree_changes_per_score(
        u0, u1, np.float64(d0), np.float64(d1), alpha, formula
    )
    return slopes * (u1 - u0)


# --- the formulas by hand ---------------------------------------------------------


def test_with_equal_shares_two_systems_take_the_change_by_their_growth():
    # C T = sqrt(U1 U2), so ln D = (ln U1 + ln U2) / 4
    u0, u1 = [0.1, 0.4], [0.4, 0.9]
    d0, d1 = 0.04**0.25, 0.36**0.25
    parts = parts_of(u0, u1, d0, d1)
    assert parts[0] == approx((d1 - d0) * log(4) / log(9), abs=1e-15)
    assert parts[1] == approx((d1 - d0) * log(2.25) / log(9), abs=1e-15)


def test_from_zero_the_systems_at_zero_share_the_change():
    parts = parts_of([0, 0.3, 0], [0.2, 0.9, 0.4], 0, 0.6, np.ones(3) / 3)
    assert list(parts) == approx([0.3, 0, 0.3], abs=1e-15)
    assert list(parts_of([0, 0.3], [0, 0.9], 0, 0)) == [0, 0]
    assert list(parts_of([0.2, 0.3], [0.2, 0.3], 0.5, 0.5)) == [0, 0]


def test_the_lead_changes_hands_where_the_scores_meet():
    shares = decomposition.lead_shares(np.array([0.1, 0.3]), np.array([0.4, 0.2]))
    # the gap goes from -0.2 to 0.2: they meet half way
    assert list(shares) == approx([0.5, 0.5])
    tied = decomposition.lead_shares(np.array([0.3, 0.3]), np.array([0.4, 0.4]))
    assert list(tied) == [1, 0]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("k", [2, 3, 5])
def test_parts_add_up_whatever_the_scores(seed, k):
    rng = np.random.default_rng(seed)
    u0, u1 = rng.uniform(0.01, 1, (2, k))
    alpha = rng.dirichlet(np.ones(k))
    for formula, degree in (("standard", degree_of), ("wang_2021", wang)):
        d0, d1 = degree(u0, alpha), degree(u1, alpha)
        parts = parts_of(u0, u1, d0, d1, alpha, formula)
        assert parts.sum() == approx(d1 - d0, abs=1e-13)


def test_topsis_from_worst_to_best_by_hand():
    # distances 0.6 and 0.8 to best; then 0, 0: both sides take half of the change
    best = np.array([[[0.36, 0.64]], [[0.0, 0.0]]])
    worst = best[::-1]
    parts = decomposition.topsis_changes(best, worst)[0, 0]
    assert list(parts) == approx([0.36, 0.64], abs=1e-15)


# --- the shipped figures ----------------------------------------------------------


def test_every_value_follows_from_its_figures(warehouse):
    count, bad = rederivation.differences(warehouse)
    used = {
        "ecommerce_manufacturing_east": 13,
        "digital_economy_nqp": 26,
        "digital_economy_nqp_2012_2019": 29,
        "service_manufacturing": 14,
        "industrial_transfer": 18,
        "industrial_transfer_2011_2019": 22,
        "industrial_transfer_anhui": 19,
        "finance_economy_cities": 12,
        "digital_green_cities": 12,
        "digital_green_cities_recent": 12,
    }
    assert count == sum(used[name] * n for name, n in projects.REGION_YEARS.items())
    assert bad == []


def test_system_parts_of_equal_shares_follow_the_growth_of_scores(warehouse):
    rows = projects.table(
        warehouse,
        """
        select region_code, year, method_id, study_id, system_id, min(score) as score,
            min(score_change) as change, min(coordination_change) as total,
            sum(coordination_change_contribution) as part
        from marts.fct_indicator_contributions
        inner join marts.dim_methods using (method_id)
        where study_id in ('ecommerce_manufacturing_east', 'digital_economy_nqp')
            and coupling_formula = 'standard' and change_status = 'computed'
        group by all order by all
        """,
    )
    rows["growth"] = np.log(rows["score"] / (rows["score"] - rows["change"]))
    cell = ["study_id", "method_id", "region_code", "year"]
    rows["all_growth"] = rows.groupby(cell)["growth"].transform("sum")
    usual = rows[(rows["all_growth"].abs() > 1e-6) & np.isfinite(rows["growth"])]
    assert len(usual) > 2 * 8 * (10 + 30) * 7 * 0.95
    expected = usual["total"] * usual["growth"] / usual["all_growth"]
    assert usual["part"].to_numpy() == approx(expected.to_numpy(), abs=1e-9)


def test_an_interpolated_cell_shows_the_figures_around_it(warehouse):
    rows = projects.table(
        warehouse,
        """
        select * from marts.fct_indicator_contributions
        where value_origin = 'interpolated' and is_default_method
        """,
    )
    assert len(rows) > 50
    share = (rows["year"] - rows["year_before"]) / (
        rows["year_after"] - rows["year_before"]
    )
    ratio = rows["denominator_series_id"].notna()
    assert (rows["numerator_value_after"].notna()).all()
    assert (ratio == rows["denominator_value_after"].notna()).all()
    plain = rows[rows["indicator_id"].eq("X10")]
    low = 100 * plain["numerator_value"] / plain["denominator_value"]
    high = 100 * plain["numerator_value_after"] / plain["denominator_value_after"]
    expected = low + (high - low) * share[plain.index]
    assert len(plain) == 10
    assert plain["raw_value"].to_numpy() == approx(expected.to_numpy(), rel=1e-12)


def test_figures_are_the_published_ones_with_their_source(warehouse):
    odd = projects.table(
        warehouse,
        """
        select figures.*
        from marts.fct_indicator_figures as figures
        left join marts.fct_observations as published
            on figures.series_id = published.series_id
            and figures.region_code = published.region_code
            and figures.figure_year = published.year
        where figures.role in ('numerator', 'denominator', 'numerator_year_before')
            and (figures.figure is distinct from published.value
                or figures.source_id is distinct from published.source_id
                or figures.quality is distinct from published.quality)
        """,
    )
    assert len(odd) == 0
    roles = projects.table(
        warehouse, "select distinct role from marts.fct_indicator_figures order by all"
    )
    assert list(roles["role"]) == [
        "denominator",
        "denominator_country_total",
        "land_area",
        "numerator",
        "numerator_country_total",
        "numerator_year_before",
    ]


def test_the_first_year_has_no_change_and_says_so(warehouse):
    counts = projects.table(
        warehouse,
        """
        select year = first_year as is_first, change_status,
            count(score_change) as score_changes, count(coordination_change) as changes,
            count(coordination_change_contribution) as parts, count(*) as n
        from marts.fct_indicator_contributions
        inner join marts.dim_studies using (study_id)
        group by all order by all
        """,
    ).to_numpy()
    assert [list(row[:2]) for row in counts] == [
        [False, "computed"],
        [True, "first_year"],
    ]
    assert set(counts[0][2:]) == {counts[0][5]}
    assert list(counts[1][2:5]) == [0, 0, 0]
