"""What stands out in a study, in plain sentences."""

import pandas as pd

from coupling_reports.tables import MINUS, joined

SYNCHRONOUS = "synchronous"


def key_findings(
    study: dict,
    ranking: pd.DataFrame,
    coupling: pd.DataFrame,
    lagging: pd.DataFrame,
    obstacles: pd.DataFrame,
) -> list[str]:
    """Return one to four sentences, fewer where there is less to say.

    Parameters
    ----------
    study
        A row of `queries.studies`.
    ranking, coupling, lagging, obstacles
        `queries.ranking`, `queries.mean_coupling`, `queries.lagging_counts` and
        `queries.indicator_obstacles` of the study.

    """
    sentences = [
        first_and_last(ranking, study["last_year"]),
        change_of_mean(coupling),
        most_lagging(lagging),
        top_obstacle(obstacles),
    ]
    return [sentence for sentence in sentences if sentence]


def first_and_last(ranking: pd.DataFrame, year: int) -> str:
    """Say who comes first and last in the year, and how many have no result."""
    is_computed = ranking["status"] == "computed"
    computed, rest = ranking[is_computed], ranking[~is_computed]
    reasons = "; ".join(dict.fromkeys(rest["status_reason"]))
    if computed.empty:
        because = f": {reasons}" if reasons else ""
        return f"No region has a coupling coordination degree in {year}{because}."

    ranks = computed["coordination_rank"]
    best, worst = computed[ranks == ranks.min()], computed[ranks == ranks.max()]
    sentence = f"In {year} {_places(best, 'first')}"
    if len(best) < len(computed):
        sentence += f" and {_places(worst, 'last')}"
    if len(rest):
        verb = "has" if len(rest) == 1 else "have"
        sentence += f"; {len(rest)} of {len(ranking)} regions {verb} no D ({reasons})"
    return f"{sentence}."


def change_of_mean(coupling: pd.DataFrame) -> str | None:
    """Say how mean D went from the first year with a result to the last."""
    if coupling.empty:
        return None
    first, last = coupling.iloc[0], coupling.iloc[-1]
    start = first["coupling_coordination_degree"]
    end = last["coupling_coordination_degree"]
    if len(coupling) == 1:
        return f"Mean D over the regions is {end:.3f} in {last['year']:.0f}."
    if f"{start:.3f}" == f"{end:.3f}":
        return (
            f"Mean D over the regions stayed at {end:.3f} from {first['year']:.0f} "
            f"to {last['year']:.0f}."
        )
    change = end - start
    signed = f"{change:+.3f}".replace("-", MINUS)
    verb = "rose" if change > 0 else "fell"
    return (
        f"Mean D over the regions {verb} from {start:.3f} in {first['year']:.0f} "
        f"to {end:.3f} in {last['year']:.0f}, a change of {signed}."
    )


def most_lagging(lagging: pd.DataFrame) -> str | None:
    """Say which system lags behind most often, over all region-years."""
    if lagging.empty:
        return None
    total = int(lagging["region_years"].sum())
    is_synchronous = lagging["lagging_system_id"] == SYNCHRONOUS
    behind = lagging[~is_synchronous]
    if behind.empty:
        return f"No system lags behind in any of the {total:,} region-years."
    most = int(behind["region_years"].max())
    names = behind.loc[behind["region_years"] == most, "lagging_system"].to_list()
    synchronous = int(lagging.loc[is_synchronous, "region_years"].sum())
    each = "" if len(names) == 1 else " each"
    rest = f"; in {synchronous:,} the systems are synchronous" if synchronous else ""
    return (
        f"The system that lags behind most often is {joined(names)}, in {most:,} of "
        f"{total:,} region-years{each} ({most / total:.1%}){rest}."
    )


def top_obstacle(obstacles: pd.DataFrame) -> str | None:
    """Say which indicator is the largest obstacle in the last year with obstacles."""
    if obstacles.empty:
        return None
    year = obstacles["year"].max()
    top = obstacles[(obstacles["year"] == year) & (obstacles["obstacle_rank"] == 1)]
    names = [f"{row.indicator_id} {row.label}" for row in top.itertuples()]
    degree = top["obstacle_degree"].iloc[0]
    return (
        f"The largest obstacle in {year} is {joined(names)}, with a mean obstacle "
        f"degree of {degree:.1%}{'' if len(names) == 1 else ' each'}."
    )


def _places(regions: pd.DataFrame, place: str) -> str:
    top = regions.iloc[0]
    verb = "comes" if len(regions) == 1 else "come"
    degree = f"D = {top['coupling_coordination_degree']:.3f}, {top['grade']}"
    return f"{joined(regions['region'].to_list())} {verb} {place} ({degree})"
