"""What stands out in a study, in plain sentences."""

import pandas as pd

from coupling.words.language import _, ngettext
from coupling.words.region_findings import (
    are_belts,
    between_groups,
    change_of_gap,
    moves_of_grade,
)
from coupling.words.tables import TIMES, joined, joined_clauses, signed, year_span

SYNCHRONOUS = "synchronous"
# a larger share of imputed cells is among the key findings
IMPUTED_SHARE = 0.05
# an indicator with this share of a system's weight is in effect the system
WHOLE_SYSTEM = 0.9


def key_findings(
    study: dict,
    ranking: pd.DataFrame,
    coupling: pd.DataFrame,
    groups: pd.DataFrame,
    gaps: pd.DataFrame,
    results: pd.DataFrame,
    lagging: pd.DataFrame,
    obstacles: pd.DataFrame,
    weights: pd.DataFrame,
    alike: pd.DataFrame,
    coverage: dict | None,
) -> list[str]:
    """Return the key findings, fewer where there is less to say.

    Parameters
    ----------
    study
        A row of `site/studies`.
    ranking, coupling, groups, gaps, results, lagging, obstacles, weights, alike
        `study/ranking`, `study/mean_coupling`, `study/group_means`,
        `study/regional_gap`, `study/results`, `study/lagging_counts`,
        `study/indicator_obstacles`, `study/weights` and `study/same_figures` of
        the study.
    coverage
        The row of `study/coverage`, if there is one.

    """
    sentences = [
        first_and_last(ranking, study["result_year"]),
        years_without_figures(study),
        change_of_mean(coupling),
        between_groups(groups, are_belts=are_belts(study)),
        change_of_gap(gaps),
        moves_of_grade(results),
        most_lagging(lagging),
        top_obstacle(obstacles),
        *whole_systems(weights),
        counted_twice(alike),
        imputed_share(coverage),
    ]
    return [sentence for sentence in sentences if sentence]


def first_and_last(ranking: pd.DataFrame, year: int) -> str:
    """Say who comes first and last in the year, and how many have no result."""
    is_computed = ranking["status"] == "computed"
    computed, rest = ranking[is_computed], ranking[~is_computed]
    reasons = "; ".join(dict.fromkeys(rest["status_reason"]))
    if computed.empty:
        if not reasons:
            return _("No region has a coupling coordination degree in {year}.").format(
                year=year
            )
        return _(
            "No region has a coupling coordination degree in {year}: {reasons}."
        ).format(year=year, reasons=reasons)

    ranks = computed["coordination_rank"]
    best, worst = computed[ranks == ranks.min()], computed[ranks == ranks.max()]
    first = _places(best, ngettext("comes first", "come first", len(best)))
    last = _places(worst, ngettext("comes last", "come last", len(worst)))
    if len(best) < len(computed):
        sentence = _("In {year} {first} and {last}")
    else:
        sentence = _("In {year} {first}")
    if len(rest):
        sentence += ngettext(
            "; {number} of {total} regions has no D ({reasons})",
            "; {number} of {total} regions have no D ({reasons})",
            len(rest),
        )
    return (sentence + _(".")).format(
        year=year,
        first=first,
        last=last,
        number=len(rest),
        total=len(ranking),
        reasons=reasons,
    )


def years_without_figures(study: dict) -> str | None:
    """Say which years of a study have no figure at all and so no result."""
    years = study["years_without_figures"]
    if years is None:
        return None
    return ngettext(
        "No indicator has a figure in {years}: that year is not computed.",
        "No indicator has a figure in {years}: these years are not computed.",
        len(years),
    ).format(years=year_span([int(year) for year in years]))


def breaks_inside(breaks: pd.DataFrame) -> list[str]:
    """Say which years change the level of figures, why, and for which indicators.

    Parameters
    ----------
    breaks
        `study/breaks` of the study.

    """
    sentences = []
    for (year, reason), rows in breaks.groupby(["year", "reason"], sort=False):
        touched = dict.fromkeys(name for names in rows["indicators"] for name in names)
        sentences.append(
            _(
                "From {year} {reason}: {series}; it touches {indicators}. Changes over "
                "that year are partly those of the statistics."
            ).format(
                year=year,
                reason=reason,
                series=joined(rows["series"].to_list()),
                indicators=joined(list(touched)),
            )
        )
    return sentences


def change_of_mean(coupling: pd.DataFrame) -> str | None:
    """Say how mean D went from the first year with a result to the last."""
    if coupling.empty:
        return None
    first, last = coupling.iloc[0], coupling.iloc[-1]
    start = first["coupling_coordination_degree"]
    end = last["coupling_coordination_degree"]
    numbers = {
        "start": f"{start:.3f}",
        "end": f"{end:.3f}",
        "first": f"{first['year']:.0f}",
        "last": f"{last['year']:.0f}",
        "change": signed(end - start),
    }
    if len(coupling) == 1:
        sentence = _("Mean D over the regions is {end} in {last}.")
    elif numbers["start"] == numbers["end"]:
        sentence = _("Mean D over the regions stayed at {end} from {first} to {last}.")
    elif end > start:
        sentence = _(
            "Mean D over the regions rose from {start} in {first} to {end} in {last}, "
            "a change of {change}."
        )
    else:
        sentence = _(
            "Mean D over the regions fell from {start} in {first} to {end} in {last}, "
            "a change of {change}."
        )
    return sentence.format(**numbers)


def most_lagging(lagging: pd.DataFrame) -> str | None:
    """Say which system lags behind most often, over all region-years."""
    if lagging.empty:
        return None
    total = int(lagging["region_years"].sum())
    is_synchronous = lagging["lagging_system_id"] == SYNCHRONOUS
    behind = lagging[~is_synchronous]
    if behind.empty:
        return _("No system lags behind in any of the {total} region-years.").format(
            total=f"{total:,}"
        )
    most = int(behind["region_years"].max())
    names = behind.loc[behind["region_years"] == most, "lagging_system"].to_list()
    synchronous = int(lagging.loc[is_synchronous, "region_years"].sum())
    sentence = ngettext(
        "The system that lags behind most often is {names}, in {most} of {total} "
        "region-years ({share})",
        "The system that lags behind most often is {names}, in {most} of {total} "
        "region-years each ({share})",
        len(names),
    )
    if synchronous:
        sentence += _("; in {synchronous} the systems are synchronous")
    return (sentence + _(".")).format(
        names=joined(names),
        most=f"{most:,}",
        total=f"{total:,}",
        share=f"{most / total:.1%}",
        synchronous=f"{synchronous:,}",
    )


def top_obstacle(obstacles: pd.DataFrame) -> str | None:
    """Say which indicator is the largest obstacle in the last year with obstacles."""
    if obstacles.empty:
        return None
    year = obstacles["year"].max()
    top = obstacles[(obstacles["year"] == year) & (obstacles["obstacle_rank"] == 1)]
    names = [f"{row.indicator_id} {row.label}" for row in top.itertuples()]
    # two messages, not two forms: Chinese tells one from several here
    if names[1:]:
        sentence = _(
            "The largest obstacles in {year} are {names}, with a mean obstacle degree "
            "of {degree} each."
        )
    else:
        sentence = _(
            "The largest obstacle in {year} is {names}, with a mean obstacle degree of "
            "{degree}."
        )
    return sentence.format(
        year=year, names=joined(names), degree=f"{top['obstacle_degree'].iloc[0]:.1%}"
    )


def whole_systems(weights: pd.DataFrame) -> list[str]:
    """Say which systems are in effect one indicator, one sentence for each."""
    known = weights[weights["weight"].notna()]
    shares = known["weight"] / known.groupby("system_id")["weight"].transform("sum")
    heavy = known.assign(share=shares)[shares >= WHOLE_SYSTEM]
    return [
        _(
            "The system {system} is in effect one indicator: {indicator} holds {share} "
            "of its weight."
        ).format(
            system=row.system,
            indicator=f"{row.indicator_id} {row.label}",
            share=f"{row.share:.1%}",
        )
        for row in heavy.itertuples()
    ]


def counted_twice(alike: pd.DataFrame, *, in_full: bool = False) -> str | None:
    """Say which indicators have the same figures and so count more than once.

    Parameters
    ----------
    alike
        `study/same_figures` of the study.
    in_full
        With the names and systems of the indicators, not their ids alone.

    """
    if alike.empty:
        return None
    name = _in_full if in_full else _id_of
    groups = [
        joined([name(row) for row in rows.itertuples()])
        for _figures, rows in alike.groupby("figures", sort=False)
    ]
    are_pairs = len(alike) == 2 * len(groups)
    if groups[1:] and are_pairs:
        sentence = _("The same figures in every cell count twice: {groups}.")
    elif groups[1:]:
        sentence = _("The same figures in every cell count twice or more: {groups}.")
    elif are_pairs:
        sentence = _("{groups} have the same figures in every cell and count twice.")
    else:
        sentence = _(
            "{groups} have the same figures in every cell and count {number} times."
        )
    return sentence.format(groups=_("; ").join(groups), number=len(alike))


def _id_of(indicator) -> str:
    return indicator.indicator_id + (_(" (proxy)") if indicator.is_proxy else "")


def _in_full(indicator) -> str:
    return _("{indicator} in {system}").format(
        indicator=f"{indicator.indicator_id} {indicator.label}",
        system=indicator.system,
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
        (interpolated, _("{share} interpolated between known years")),
        (carried, _("{share} taken from the nearest known year")),
    ]
    parts = [way.format(share=f"{share:.1%}") for share, way in ways if share]
    return _(
        "Of the cells of the indicators in use {share} hold no published figure: "
        "{ways}."
    ).format(
        share=f"{interpolated + carried:.1%}",
        ways=joined_clauses(parts),
    )


def without_meaning(counted: pd.DataFrame) -> str | None:
    """Say of which indicators values have no meaning, for want of a positive base.

    Parameters
    ----------
    counted
        `study/meaningless` of the study.

    """
    if counted.empty:
        return None
    names = [
        _("{indicator} ({number})").format(
            indicator=f"{row.indicator_id} {row.label}", number=f"{row.cells:,}"
        )
        for row in counted.itertuples()
    ]
    return _(
        "A ratio or growth rate whose base is zero or below has no meaning and counts "
        "as no figure, with the number of region-years: {indicators}."
    ).format(indicators=joined(names))


def of_catalogue(coverage: dict | None, *, has_paper: bool) -> str | None:
    """Say how many indicators of the catalogue are measured, and why others are not.

    Parameters
    ----------
    coverage
        The row of `study/coverage`, if there is one.
    has_paper
        Whether the catalogue is that of a paper.

    """
    if coverage is None:
        return None
    measured, proxy = coverage["measured"], coverage["proxy"]
    as_defined = (
        _("as the paper does") if has_paper else _("as the catalogue defines them")
    )
    if measured and proxy:
        in_use = ngettext(
            "{measured} is measured {as_defined} and {proxy} by a proxy, together "
            "{share}",
            "{measured} are measured {as_defined} and {proxy} by a proxy, together "
            "{share}",
            measured,
        )
    elif measured or proxy:
        in_use = ngettext(
            "{either} is measured {how}, {share}",
            "{either} are measured {how}, {share}",
            measured or proxy,
        )
    else:
        in_use = _("none is measured")
    rest = []
    if coverage["no_series"]:
        rest.append(
            ngettext(
                "{number} has no series among the figures",
                "{number} have no series among the figures",
                coverage["no_series"],
            ).format(number=f"{coverage['no_series']:,}")
        )
    if coverage["excluded"]:
        rest.append(
            ngettext(
                "{number} is excluded with a reason",
                "{number} are excluded with a reason",
                coverage["excluded"],
            ).format(number=f"{coverage['excluded']:,}")
        )
    total = coverage["paper_indicators"]
    whose = (
        ngettext(
            "Of the {total} indicator that the paper names, {in_use}",
            "Of the {total} indicators that the paper names, {in_use}",
            total,
        )
        if has_paper
        else ngettext(
            "Of the {total} indicator of the catalogue, {in_use}",
            "Of the {total} indicators of the catalogue, {in_use}",
            total,
        )
    )
    sentence = whose.format(
        total=f"{total:,}",
        in_use=in_use.format(
            measured=f"{measured:,}",
            proxy=f"{proxy:,}",
            either=f"{measured or proxy:,}",
            how=as_defined if measured else _("by a proxy"),
            as_defined=as_defined,
            share=f"{coverage['computed_share']:.1%}",
        ),
    )
    sentence += _("; {rest}.").format(rest=joined_clauses(rest)) if rest else _(".")
    if coverage["degenerate"]:
        sentence += ngettext(
            " Of those measured, {number} is constant or without a figure, so not in "
            "use.",
            " Of those measured, {number} are constant or without a figure, so not in "
            "use.",
            coverage["degenerate"],
        ).format(number=f"{coverage['degenerate']:,}")
    return sentence


def of_cells(coverage: dict | None) -> str | None:
    """Say how many cells hold a published figure, and how the others are filled.

    Parameters
    ----------
    coverage
        The row of `study/coverage`, if there is one.

    """
    if coverage is None:
        return None
    if not coverage["cells"]:
        return _("No indicator is in use, so there is no cell to fill.")
    cells = _("{cells} cells (indicators in use {times} regions {times} years)").format(
        cells=f"{coverage['cells']:,}", times=TIMES
    )
    if coverage["observed_cells"] == coverage["cells"]:
        return _("All {cells} hold a published figure.").format(cells=cells)
    observed, interpolated, carried, missing, blank, meaningless = (
        coverage[f"{origin}_cells"]
        for origin in (
            *("observed", "interpolated", "carried", "missing"),
            *("blank_year", "meaningless"),
        )
    )
    missing -= blank + meaningless
    parts = []
    if observed:
        parts.append(
            ngettext(
                "{number} holds a published figure",
                "{number} hold a published figure",
                observed,
            ).format(number=f"{observed:,}")
        )
    if interpolated:
        parts.append(
            ngettext(
                "{number} ({share}) is interpolated between known years of the same "
                "region",
                "{number} ({share}) are interpolated between known years of the same "
                "region",
                interpolated,
            ).format(
                number=f"{interpolated:,}",
                share=f"{coverage['interpolated_share']:.1%}",
            )
        )
    if carried:
        parts.append(
            ngettext(
                "{number} ({share}) takes the nearest known year",
                "{number} ({share}) take the nearest known year",
                carried,
            ).format(number=f"{carried:,}", share=f"{coverage['carried_share']:.1%}")
        )
    if missing:
        parts.append(
            ngettext(
                "{number} has no figure in any year",
                "{number} have no figure in any year",
                missing,
            ).format(number=f"{missing:,}")
        )
    if blank:
        parts.append(
            ngettext(
                "{number} is of a year without any figure",
                "{number} are of years without any figure",
                blank,
            ).format(number=f"{blank:,}")
        )
    if meaningless:
        parts.append(
            ngettext(
                "{number} has no meaning, for its base is zero or below",
                "{number} have no meaning, for their base is zero or below",
                meaningless,
            ).format(number=f"{meaningless:,}")
        )
    return _("Of {cells}, {parts}.").format(cells=cells, parts=joined_clauses(parts))


def levels_against_print(agreement: pd.DataFrame) -> str | None:
    """Say how far C and D lie from the printed ones, on average over the years.

    Parameters
    ----------
    agreement
        `study/published_agreement`.

    """
    if agreement.empty:
        return None
    regions = agreement["region_count"]
    fewest, most = int(regions.min()), int(regions.max())
    degrees = [
        _("our {degree} {relation}").format(
            degree=degree, relation=_beside_print(agreement[column], regions)
        )
        for degree, column in (
            ("D", "mean_difference"),
            ("C", "mean_coupling_degree_difference"),
        )
        if agreement[column].notna().any()
    ]
    if not degrees:
        return None
    return ngettext(
        "Even a high correlation over {span} region says little about levels: on "
        "average {degrees}.",
        "Even a high correlation over {span} regions says little about levels: on "
        "average {degrees}.",
        most,
    ).format(
        span=(
            _("{fewest} to {most}").format(fewest=f"{fewest:,}", most=f"{most:,}")
            if fewest < most
            else f"{most:,}"
        ),
        degrees=joined_clauses(degrees),
    )


def _beside_print(differences: pd.Series, regions: pd.Series) -> str:
    known = differences.notna()
    total = (differences[known] * regions[known]).sum()
    mean = f"{total / regions[known].sum():.3f}"
    if float(mean) == 0:
        return _("is the same as the printed one")
    if float(mean) > 0:
        return _("is higher by {difference}").format(difference=mean)
    return _("is lower by {difference}").format(difference=mean.removeprefix("-"))


def _places(regions: pd.DataFrame, place: str) -> str:
    top = regions.iloc[0]
    return _("{regions} {place} (D = {degree}, {grade})").format(
        regions=joined(regions["region"].to_list()),
        place=place,
        degree=f"{top['coupling_coordination_degree']:.3f}",
        grade=top["grade"],
    )
