"""What the page of household surveys shows, survey by survey."""

from collections.abc import Callable
from functools import partial

import duckdb
import pandas as pd

from coupling.charts import charts
from coupling.pages.pages import Page
from coupling.queries.ask import ask
from coupling.words import tables
from coupling.words.language import _

FITTED = "fitted"

POINTS_DRAWN = 1500  # flagged households of the map, and as many others
HOUSEHOLDS_LISTED = 20
RULES_LISTED = 5


def household_pages(con: duckdb.DuckDBPyConnection) -> list[Page]:
    """Return the page of household surveys; none where there is no survey."""
    surveys = survey_contexts(con)
    drawings = {
        name: chart for survey in surveys for name, chart in survey["charts"].items()
    }
    content = {"surveys": surveys, "charts": drawings}
    return [Page("households.html", "households.html.j2", content)] if surveys else []


def survey_contexts(con: duckdb.DuckDBPyConnection) -> list[dict]:
    """Return what the page shows of each survey; nothing without surveys."""
    return [
        survey_context(con, survey, position)
        for position, survey in enumerate(
            tables.records(ask(con, "households/surveys")), 1
        )
    ]


def survey_context(con: duckdb.DuckDBPyConnection, survey: dict, position: int) -> dict:
    """Return all that the section of a survey shows.

    Parameters
    ----------
    con
        An open connection.
    survey
        A row of `households/surveys`.
    position
        Place of the survey on the page; it names the section and its charts.

    """
    survey_id = survey["survey_id"]
    asked = partial(ask, con, survey_id=survey_id)
    ranges = tables.records(asked("households/score_ranges"))
    detectors = asked("households/detectors")
    points = asked("households/component_points", points=POINTS_DRAWN)
    loadings = asked("households/component_loadings")
    curves = asked("households/cluster_curves")
    profiles = asked("households/cluster_profiles")
    clusters = sorted(int(cluster) for cluster in points["cluster"].unique())
    colours = charts.cluster_colours(clusters)
    learnt = _learnt(asked)
    drawings = {
        **_score_charts(asked("households/score_bins"), ranges, position),
        **_cluster_charts(points, loadings, curves, colours, position),
    }
    if learnt["importances"]:
        name = f"importances_{position}"
        drawings[name] = charts.importance_chart(learnt["importances"], name=name)
    is_flagged = points["is_anomaly"].astype(bool)
    assessed, flagged = survey["assessed_count"], survey["flagged_count"]
    return {
        "survey": survey,
        "name": survey_name(survey_id),
        "position": position,
        "currency": currency_label(survey["currency"]),
        "note": survey_note(survey_id),
        "flagged_share": flagged / assessed if assessed else None,
        "not_assessed": tables.records(asked("households/not_assessed")),
        "detectors": tables.detector_table(detectors),
        "has_labels": bool(detectors["planted_count"].notna().any()),
        "score_ranges": ranges,
        "points_drawn": int((~is_flagged).sum()),
        "flagged_drawn": int(is_flagged.sum()),
        "colours": colours,
        "shapes": charts.cluster_shapes(clusters),
        "components": sorted({int(number) for number in loadings["component"]}),
        "explained": dict(
            zip(
                loadings["component"],
                loadings["explained_variance_ratio"],
                strict=True,
            )
        ),
        "loadings": tables.loading_table(loadings),
        "curves": tables.records(curves),
        "profiles": tables.records(profiles),
        "profile_columns": tables.profile_columns(profiles),
        **learnt,
        "most_anomalous": tables.records(
            asked("households/most_anomalous", listed=HOUSEHOLDS_LISTED)
        ),
        "charts": {
            name: charts.specification(chart) for name, chart in drawings.items()
        },
    }


def _learnt(asked: Callable[..., pd.DataFrame]) -> dict:
    """Return what the forest, the rules and the consumption model found."""
    classifier = asked("households/classifier")
    rules = tables.records(asked("households/rules", listed=RULES_LISTED))
    forest = tables.forest_metrics(classifier)
    return {
        "forest": forest,
        "forest_obstacles": obstacles_of_forest(classifier),
        "importances": tables.importances(forest),
        "rules": {
            outcome: [row["sentence"] for row in rules if row["outcome"] == outcome]
            for outcome in ("anomalous", "normal")
        },
        "consumption": tables.records(asked("households/consumption_model")),
    }


def _score_charts(
    bins: pd.DataFrame, ranges: list[dict], position: int
) -> dict[str, charts.Drawing]:
    """Return a histogram of the scores of each detector."""
    return {
        f"scores_{position}_{i}": charts.score_chart(
            bins[bins["detector"] == row["detector"]],
            row,
            name=f"scores_{position}_{i}",
            label=tables.feature_label(row["detector"]),
        )
        for i, row in enumerate(ranges, 1)
    }


def _cluster_charts(
    points: pd.DataFrame,
    loadings: pd.DataFrame,
    curves: pd.DataFrame,
    colours: dict,
    position: int,
) -> dict[str, charts.Drawing]:
    """Return the map of the households and the curves that chose their clusters."""
    drawn: dict[str, charts.Drawing] = {}
    if len(points):
        name = f"map_{position}"
        drawn[name] = charts.component_chart(points, loadings, colours, name=name)
    if len(curves):
        for kind, measure, marked, label in [
            ("elbow", "within_sum_of_squares", "is_elbow", _("Within sum of squares")),
            ("silhouette", "silhouette", "is_best_silhouette", _("Mean silhouette")),
        ]:
            name = f"{kind}_{position}"
            drawn[name] = charts.curve_chart(
                curves, measure, marked, name=name, label=label
            )
    return drawn


def survey_name(survey_id: str) -> str:
    """Return the name of a shipped survey, the id of another."""
    names = {
        "engel_1857": _("Engel's households of 1857"),
        "simulated_cfps2022": _("Households simulated after CFPS 2022"),
    }
    return names.get(survey_id, survey_id)


def survey_note(survey_id: str) -> str | None:
    """Return what the figures of a published survey leave out, None if nothing."""
    notes = {
        "engel_1857": _(
            "Expenditure is that on food only, so the ratio of expenditure to income "
            "is the share of income spent on food."
        )
    }
    return notes.get(survey_id)


def currency_label(code: str | None) -> str:
    """Return the name of a currency with its code, or the code where it has no name."""
    if code is None:
        return _("not known")
    names = {"BEF": _("Belgian francs"), "CNY": _("yuan")}
    return f"{names[code]} ({code})" if code in names else code


def obstacles_of_forest(classifier: pd.DataFrame) -> list[str]:
    """Return why there is no forest, nothing where it is fitted.

    Parameters
    ----------
    classifier
        `households/classifier`.

    """
    is_debt = classifier["metric"].str.startswith("debt_").astype(bool)
    is_refused = ~is_debt & (classifier["status"] != FITTED)
    return sorted(set(classifier.loc[is_refused, "reason"]))
