"""What the pages of comparisons read from the marts, all methods of a study."""

import duckdb
import pandas as pd

from coupling.queries.queries import DATED, indicator_label, told_apart
from coupling.words.language import column, region_name
from coupling.words.tables import TOP_OBSTACLES

PAIR = ["first_method_id", "second_method_id", "year"]
AGREEMENT = [
    *("region_count", "spearman", "pearson", "equal_grade_share"),
    *("greatest_move", "moved_region_code"),
]


def compared_studies(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the ids of the studies whose default method computes two regions."""
    rows = con.execute("""
        select study_id from marts.fct_coupling
        where is_default_method and status = 'computed'
        group by study_id having count(distinct region_code) >= 2
        order by study_id
    """).fetchall()
    return [study_id for (study_id,) in rows]


def regions(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per region of the study, by code: code and name."""
    found = con.execute(
        f"""
        select region_code, {region_name("regions")} as region
        from marts.dim_regions as regions
        where region_code in (
            select region_code from marts.fct_coupling where study_id = $study_id
        )
        order by region_code
        """,
        {"study_id": study_id},
    ).df()
    return told_apart(found)


def methods(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per method that computes a result, the default first: id and name."""
    return con.execute(
        f"""
        select
            coupling.method_id,
            {column("methods.label")} as method,
            coupling.is_default_method
        from marts.fct_coupling as coupling
        inner join marts.dim_methods as methods
            on coupling.method_id = methods.method_id
        where coupling.study_id = $study_id and coupling.status = 'computed'
        group by all
        order by coupling.is_default_method desc, coupling.method_id
        """,
        {"study_id": study_id},
    ).df()


def results(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per method, region and year: D, C, T, rank, grade and lagging system.

    `reason` says why there is no result, NULL where there is one.
    """
    return con.execute(
        f"""
        select
            coupling.method_id,
            coupling.region_code,
            coupling.year,
            coupling.coupling_coordination_degree as degree,
            coupling.coupling_degree,
            coupling.comprehensive_index,
            coupling.coordination_rank,
            coupling.grade_level,
            {column("coupling.grade")} as grade,
            coalesce({column("systems.label")}, coupling.lagging_system_id)
                as lagging_system,
            case
                when coupling.status != 'computed'
                    then coalesce(coupling.status_reason, coupling.status)
            end as reason
        from marts.fct_coupling as coupling
        left join marts.dim_systems as systems
            on
                coupling.study_id = systems.study_id
                and coupling.lagging_system_id = systems.system_id
        where coupling.study_id = $study_id
        order by coupling.method_id, coupling.region_code, coupling.year
        """,
        {"study_id": study_id},
    ).df()


def scores(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per method, region, year and system: the score, NULL if none."""
    return con.execute(
        """
        select method_id, region_code, year, system_id, score
        from marts.fct_system_scores
        where study_id = $study_id
        order by method_id, region_code, year, system_id
        """,
        {"study_id": study_id},
    ).df()


def obstacles(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per region and obstacle of the last year, the eight largest of each."""
    return con.execute(
        f"""
        select
            obstacles.region_code,
            obstacles.item_id as indicator_id,
            {indicator_label("indicators")} as label,
            obstacles.obstacle_degree
        from marts.fct_obstacle_rankings as obstacles
        inner join {DATED} as studies
            on
                obstacles.study_id = studies.study_id
                and obstacles.method_id = studies.default_method_id
                and obstacles.year = studies.result_year
        inner join marts.dim_regions as regions
            on obstacles.region_code = regions.region_code
        inner join marts.dim_indicators as indicators
            on
                obstacles.study_id = indicators.study_id
                and obstacles.item_id = indicators.indicator_id
        where
            obstacles.study_id = $study_id
            and obstacles.level = 'indicator'
        qualify row_number() over (
            partition by obstacles.region_code
            order by obstacles.obstacle_rank, indicators.indicator_position
        ) <= $listed
        order by
            obstacles.region_code,
            obstacles.obstacle_rank,
            indicators.indicator_position
        """,
        {"study_id": study_id, "listed": TOP_OBSTACLES},
    ).df()


def agreement(results: pd.DataFrame) -> pd.DataFrame:
    """One row per pair of methods and year: how alike both rank and grade the regions.

    Only regions that both methods compute count. `spearman` is of D, ties at their mean
    rank, `pearson` of D; both are missing where D does not differ. `equal_grade_share`
    is the share of regions in the same grade. `greatest_move` is the largest difference
    of ranks, `moved_region_code` the region that has it, the first by code of several;
    none where all ranks are equal.

    Parameters
    ----------
    results
        `results` of the study.

    """
    computed = results[results["reason"].isna()]
    columns = ["region_code", "year", "method_id", "degree", "coordination_rank"]
    cells = computed[[*columns, "grade_level"]].assign(
        degree=computed["degree"].round(12)
    )
    both = cells.merge(cells, on=["region_code", "year"], suffixes=("", "_second"))
    both = both[both["method_id"] < both["method_id_second"]].rename(
        columns={"method_id": PAIR[0], "method_id_second": PAIR[1]}
    )
    if both.empty:
        return pd.DataFrame(columns=[*PAIR, *AGREEMENT])
    moves = both["coordination_rank"] - both["coordination_rank_second"]
    both = both.assign(
        move=moves.abs(), is_equal=both["grade_level"] == both["grade_level_second"]
    )
    both = both.sort_values([*PAIR, "region_code"], ignore_index=True)
    degrees = ["degree", "degree_second"]
    ranks = both.groupby(PAIR)[degrees].rank()
    pairs = both.groupby(PAIR)
    furthest = both.loc[pairs["move"].idxmax()].set_index(PAIR)
    return pd.DataFrame(
        {
            "region_count": pairs.size(),
            "spearman": _correlation(ranks.join(both[PAIR]), degrees),
            "pearson": _correlation(both, degrees),
            "equal_grade_share": pairs["is_equal"].mean(),
            "greatest_move": pairs["move"].max(),
            "moved_region_code": furthest["region_code"]
            .astype(object)
            .where(furthest["move"] > 0, None),
        }
    ).reset_index()


def _correlation(frame: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Return Pearson's correlation of two columns for each pair of methods and year."""
    pairs = [frame[name] for name in PAIR]
    first, second = (
        frame[name] - frame.groupby(PAIR)[name].transform("mean") for name in columns
    )
    spread = (first**2).groupby(pairs).sum() * (second**2).groupby(pairs).sum()
    found = (first * second).groupby(pairs).sum() / spread**0.5
    differ = (frame.groupby(PAIR)[columns].nunique() > 1).all(axis=1)
    return found.clip(-1, 1).where(differ)
