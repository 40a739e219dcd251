"""What stands out in a study, in plain sentences."""

import pandas as pd
from coupling_reports.tables import joined, records

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
    computed = ranking[ranking["status"] == "computed"]
    reasons = " / ".join(ranking.loc[ranking["status"] != "computed", "status_reason"])
    if computed.empty:
        because = f": {_reasons(ranking)}" if reasons else ""
        return f"No region has a coupling coordination degree in {year}{because}."
    best = computed[computed["coordination_rank"] == 1]
    worst = computed[
        computed["coordination_rank"] == computed["coordination_rank"].max()
    ]
    if len(best) == len(computed):
        sentence = f"In {year} {_place(best)}"
    else:
        sentence = (
            f"In {year} {_place(best)} {_come(best)} first "
            f"and {_place(worst)} {_come(worst)} last"
        )
    left_out = len(ranking) - len(computed)
    if left_out:
        sentence += (
            f"; {left_out} of {len(ranking)} regions {'has' if left_out == 1 else 'have'}"
            f" no result ({_reasons(ranking)})"
        )
    return sentence + "."
