"""What stands out in a study, in plain sentences."""

import pandas as pd

from coupling_reports.tables import TIMES, joined, signed

SYNCHRONOUS = "synchronous"
# a larger share of imputed cells is among the key findings
IMPUTED_SHARE = 0.05


def key_findings(
    study: dict,
    ranking: pd.DataFrame,
    coupling: pd.DataFrame,
    lagging: pd.DataFrame,
    obstacles: pd.DataFrame,
    coverage: dict | None,
) -> list[str]:
    """Return one to five sentences, fewer where there is less to say.

    Parameters
    ----------
    study
        A row of `queries.studies`.
    ranking, coupling, lagging, obstacles
        `queries.ranking`, `queries.mean_coupling`, `queries.lagging_counts` and
        `queries.indicator_obstacles` of the study.
    coverage
        The row of `queries.coverage`, if there is one.

    """
    sentences = [
        first_and_last(ranking, study["last_year"]),
        change_of_mean(coupling),
        most_lagging(lagging),
        top_obstacle(obstacles),
        imputed_share(coverage),
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
    verb = "rose" if change > 0 else "fell"
    return (
        f"Mean D over the regions {verb} from {start:.3f} in {first['year']:.0f} "
        f"to {end:.3f} in {last['year']:.0f}, a change of {signed(change)}."
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


def imputed_share(coverage: dict | None) -> str | None:
    """Say how many cells are interpolated or carried, if more than 5 % of them."""
    if coverage is None:
        return None
    interpolated = coverage["interpolated_share"] or 0.0
    carried = coverage["carried_share"] or 0.0
    if interpolated + carried <= IMPUTED_SHARE:
        return None
    ways = [
        (interpolated, f"{interpolated:.1%} interpolated between known years"),
        (carried, f"{carried:.1%} taken from the nearest known year"),
    ]
    return (
        f"Of the cells behind these results {interpolated + carried:.1%} hold no "
        f"published figure: {joined([way for share, way in ways if share])}."
    )


def of_catalogue(coverage: dict | None, *, has_paper: bool) -> str | None:
    """Say how many indicators of the catalogue are measured, and why others are not.

    Parameters
    ----------
    coverage
        The row of `queries.coverage`, if there is one.
    has_paper
        Whether the catalogue is that of a paper.

    """
    if coverage is None:
        return None
    measured, proxy = coverage["measured"], coverage["proxy"]
    as_defined = "as the paper does" if has_paper else "as the catalogue defines them"
    if measured and proxy:
        in_use = f"{_are(measured)} measured {as_defined} and {proxy:,} by a proxy"
        in_use += f", together {coverage['computed_share']:.1%}"
    elif measured or proxy:
        in_use = f"{_are(measured or proxy)} measured "
        in_use += as_defined if measured else "by a proxy"
        in_use += f", {coverage['computed_share']:.1%}"
    else:
        in_use = "none is measured"
    rest = []
    if coverage["no_series"]:
        verb = "has" if coverage["no_series"] == 1 else "have"
        rest.append(f"{coverage['no_series']:,} {verb} no series among the figures")
    if coverage["excluded"]:
        rest.append(f"{_are(coverage['excluded'])} excluded with a reason")
    whose = "that the paper names" if has_paper else "of the catalogue"
    total = _counted(coverage["paper_indicators"], "indicator")
    sentence = f"Of the {total} {whose}, {in_use}"
    sentence += f"; {joined(rest)}." if rest else "."
    if coverage["degenerate"]:
        sentence += (
            f" Of those measured, {_are(coverage['degenerate'])} constant or without "
            "a figure, so not in use."
        )
    return sentence


def of_cells(coverage: dict | None) -> str | None:
    """Say how many cells hold a published figure, and how the others are filled.

    Parameters
    ----------
    coverage
        The row of `queries.coverage`, if there is one.

    """
    if coverage is None:
        return None
    if not coverage["cells"]:
        return "No indicator is in use, so there is no cell to fill."
    cells = (
        f"{coverage['cells']:,} cells (indicators in use {TIMES} regions {TIMES} years)"
    )
    if coverage["observed_cells"] == coverage["cells"]:
        return f"All {cells} hold a published figure."
    observed, interpolated, carried, missing = (
        coverage[f"{origin}_cells"]
        for origin in ("observed", "interpolated", "carried", "missing")
    )
    parts = []
    if observed:
        verb = "holds" if observed == 1 else "hold"
        parts.append(f"{observed:,} {verb} a published figure")
    if interpolated:
        verb = "is" if interpolated == 1 else "are"
        parts.append(
            f"{interpolated:,} ({coverage['interpolated_share']:.1%}) {verb} "
            "interpolated between known years of the same region"
        )
    if carried:
        verb = "takes" if carried == 1 else "take"
        parts.append(
            f"{carried:,} ({coverage['carried_share']:.1%}) {verb} the nearest known "
            "year"
        )
    if missing:
        verb = "has" if missing == 1 else "have"
        parts.append(f"{missing:,} {verb} no figure in any year")
    return f"Of {cells}, {joined(parts)}."


def levels_against_print(agreement: pd.DataFrame) -> str | None:
    """Say how far C and D lie from the printed ones, on average over the years.

    Parameters
    ----------
    agreement
        `queries.published_agreement`.

    """
    if agreement.empty:
        return None
    regions = agreement["region_count"]
    fewest, most = int(regions.min()), int(regions.max())
    span = _counted(most, "region")
    if fewest < most:
        span = f"{fewest:,} to {span}"
    degrees = [
        f"our {degree} {_beside_print(agreement[column], regions)}"
        for degree, column in (
            ("D", "mean_difference"),
            ("C", "mean_coupling_degree_difference"),
        )
        if agreement[column].notna().any()
    ]
    if not degrees:
        return None
    return (
        f"Even a high correlation over {span} says little about levels: on average "
        f"{joined(degrees)}."
    )


def _beside_print(differences: pd.Series, regions: pd.Series) -> str:
    known = differences.notna()
    total = (differences[known] * regions[known]).sum()
    mean = f"{total / regions[known].sum():.3f}"
    if float(mean) == 0:
        return "is the same as the printed one"
    relation = "higher" if float(mean) > 0 else "lower"
    return f"is {relation} by {mean.removeprefix('-')}"


def _are(number: int) -> str:
    return f"{number:,} {'is' if number == 1 else 'are'}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _places(regions: pd.DataFrame, place: str) -> str:
    top = regions.iloc[0]
    verb = "comes" if len(regions) == 1 else "come"
    degree = f"D = {top['coupling_coordination_degree']:.3f}, {top['grade']}"
    return f"{joined(regions['region'].to_list())} {verb} {place} ({degree})"
