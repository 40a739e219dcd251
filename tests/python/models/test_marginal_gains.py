"""Marginal gains against differences of D, computed again from weights and values."""

import duckdb
import numpy as np
import pytest

STEP = 1e-6
SAMPLE = 600


def degree(scores, contributions, formula):
    scores, contributions = np.array(scores), np.array(contributions)
    k = len(scores)
    if formula == "standard":
        coupling = k * np.prod(scores) ** (1 / k) / scores.sum()
    else:
        gaps = [abs(scores[i] - scores[j]) for i in range(k) for j in range(i)]
        coupling = np.sqrt(
            (1 - np.mean(gaps)) * np.prod(scores / scores.max()) ** (1 / (k - 1))
        )
    return np.sqrt(coupling * (contributions * scores).sum())


def score(values, weights, best, worst, aggregation):
    if aggregation == "linear":
        return (weights * values).sum()
    if aggregation == "geometric":
        return np.prod(values**weights)
    to_best = np.sqrt(((best - weights * values) ** 2).sum())
    to_worst = np.sqrt(((weights * values - worst) ** 2).sum())
    return to_worst / (to_best + to_worst)


@pytest.fixture(scope="module")
def con(warehouse):
    with duckdb.connect(warehouse, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def cells(con):
    """Everything behind D of each region-year: {key: {system_id: frame}}."""
    frame = con.execute("""
        with weighted as (
            select
                weighted.*,
                max(weighted_value) over scope as best,
                min(weighted_value) over scope as worst
            from intermediate.int_indicators_weighted as weighted
            window scope as (
                partition by study_id, method_id, indicator_id, scope_year
            )
        )

        select weighted.*, systems.contribution, systems.system_position,
            methods.aggregation, methods.coupling_formula
        from weighted
        inner join marts.dim_systems as systems using (study_id, system_id)
        inner join marts.dim_methods as methods using (method_id)
        order by study_id, method_id, region_code, year, system_position, indicator_id
    """).df()
    key = ["study_id", "method_id", "region_code", "year"]
    return dict(iter(frame.groupby(key)))


def raised(rows, indicator_id, step):
    scores, contributions = [], []
    for _, system in rows.groupby("system_position"):
        values = system["normalised_value"].to_numpy() + step * (
            system["indicator_id"] == indicator_id
        )
        scores.append(
            score(
                values.to_numpy(),
                system["weight"].to_numpy(),
                system["best"].to_numpy(),
                system["worst"].to_numpy(),
                system["aggregation"].iloc[0],
            )
        )
        contributions.append(system["contribution"].iloc[0])
    return degree(scores, contributions, rows["coupling_formula"].iloc[0])


def test_a_gain_is_the_difference_that_a_small_step_makes(con, cells):
    gains = con.execute(
        """
        select *
        from marts.fct_marginal_gains
        where normalised_value > 0.001
        order by hash(study_id, method_id, region_code, year, indicator_id)
        limit $sample
    """,
        {"sample": SAMPLE},
    ).df()
    assert len(gains) == SAMPLE
    assert gains["method_id"].nunique() == 9 and gains["study_id"].nunique() == 10
    for row in gains.itertuples():
        rows = cells[row.study_id, row.method_id, row.region_code, row.year]
        slope = (
            raised(rows, row.indicator_id, STEP) - raised(rows, row.indicator_id, -STEP)
        ) / (2 * STEP)
        assert row.coordination_gain == pytest.approx(0.01 * slope, rel=1e-4, abs=1e-9)


def test_every_cell_with_a_slope_has_a_gain(con):
    missing = con.execute("""
        select count(*)
        from intermediate.int_indicators_weighted as weighted
        inner join marts.fct_coupling using (study_id, method_id, region_code, year)
        inner join marts.dim_methods using (method_id)
        left join marts.fct_marginal_gains as gains
            using (study_id, method_id, region_code, year, indicator_id)
        where coupling_coordination_degree > 0
            and not (aggregation = 'geometric' and weighted.normalised_value = 0)
            and gains.coordination_gain is null
    """).fetchone()
    assert missing == (0,)


def test_only_a_step_with_room_for_it_is_ranked(con):
    """All ranks again, in numpy: 1 plus the number of larger gains with room."""
    gains = con.execute("select * from marts.fct_marginal_gains").df()
    has_room = (1 - gains["normalised_value"]).round(12) >= 0.01
    assert (gains["gain_rank"].notna() == has_room).all()
    assert (gains["status"].eq("computed") == has_room).all()
    assert (gains["status_reason"].isna() == has_room).all()
    # those that would be first but for their want of room
    region_year = ["study_id", "method_id", "region_code", "year"]
    largest = gains.groupby(region_year)["coordination_gain"].transform("max")
    is_largest = gains["coordination_gain"] == largest
    assert (is_largest & (gains["normalised_value"] == 1)).sum() > 50
    for _, rows in gains[has_room].groupby(region_year):
        slope = (100 * rows["coordination_gain"]).round(12).to_numpy()
        ranks = 1 + (slope[None] > slope[:, None] + 2e-12).sum(axis=1)
        # to within what rounding to 12 decimals calls equal
        least = 1 + (slope[None] > slope[:, None] - 2e-12).sum(axis=1)
        rank = rows["gain_rank"].to_numpy(dtype=int)
        assert ((ranks <= rank) & (rank <= least)).all()
        assert rank.min() == 1


def test_ranks_follow_the_gains(con):
    wrong = con.execute("""
        select count(*)
        from marts.fct_marginal_gains as a
        inner join marts.fct_marginal_gains as b
            using (study_id, method_id, region_code, year)
        where method_id = 'entropy_linear'
            and a.coordination_gain > b.coordination_gain + 1e-12
            and a.gain_rank >= b.gain_rank
    """).fetchone()
    assert wrong == (0,)
