"""What the page of household surveys shows, survey by survey."""

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
    detectors = ask(con, "households/detectors", survey_id=survey_id)
    ranges = tables.records(ask(con, "households/score_ranges", survey_id=survey_id))
    bins = ask(con, "households/score_bins", survey_id=survey_id)
    points = ask(
        con, "households/component_points", survey_id=survey_id, points=POINTS_DRAWN
    )
    loadings = ask(con, "households/component_loadings", survey_id=survey_id)
    curves = ask(con, "households/cluster_curves", survey_id=survey_id)
    profiles = ask(con, "households/cluster_profiles", survey_id=survey_id)
    classifier = ask(con, "households/classifier", survey_id=survey_id)
    rules = tables.records(
        ask(con, "households/rules", survey_id=survey_id, listed=RULES_LISTED)
    )

    forest = tables.forest_metrics(classifier)
    importances = tables.importances(forest)
    clusters = sorted(int(cluster) for cluster in points["cluster"].unique())
    colours = charts.cluster_colours(clusters)
    shapes = charts.cluster_shapes(clusters)

    drawings = {
        f"scores_{position}_{i}": charts.score_chart(
            bins[bins["detector"] == row["detector"]],
            row,
            name=f"scores_{position}_{i}",
            label=tables.feature_label(row["detector"]),
        )
        for i, row in enumerate(ranges, 1)
    }
    if len(points):
        name = f"map_{position}"
        drawings[name] = charts.component_chart(points, loadings, colours, name=name)
    if len(curves):
        for kind, measure, marked, label in [
            ("elbow", "within_sum_of_squares", "is_elbow", _("Within sum of squares")),
            ("silhouette", "silhouette", "is_best_silhouette", _("Mean silhouette")),
        ]:
            name = f"{kind}_{position}"
            drawings[name] = charts.curve_chart(
                curves, measure, marked, name=name, label=label
            )
    if importances:
        name = f"importances_{position}"
        drawings[name] = charts.importance_chart(importances, name=name)

    is_flagged = points["is_anomaly"].astype(bool)
    assessed, flagged = survey["assessed_count"], survey["flagged_count"]
    return {
        "survey": survey,
        "name": survey_name(survey_id),
        "position": position,
        "currency": currency_label(survey["currency"]),
        "note": survey_note(survey_id),
        "flagged_share": flagged / assessed if assessed else None,
        "not_assessed": tables.records(
            ask(con, "households/not_assessed", survey_id=survey_id)
        ),
        "detectors": tables.detector_table(detectors),
        "has_labels": bool(detectors["planted_count"].notna().any()),
        "score_ranges": ranges,
        "points_drawn": int((~is_flagged).sum()),
        "flagged_drawn": int(is_flagged.sum()),
        "colours": colours,
        "shapes": shapes,
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
        "forest": forest,
        "forest_obstacles": obstacles_of_forest(classifier),
        "importances": importances,
        "rules": {
            outcome: [row["sentence"] for row in rules if row["outcome"] == outcome]
            for outcome in ("anomalous", "normal")
        },
        "consumption": tables.records(
            ask(con, "households/consumption_model", survey_id=survey_id)
        ),
        "most_anomalous": tables.records(
            ask(
                con,
                "households/most_anomalous",
                survey_id=survey_id,
                listed=HOUSEHOLDS_LISTED,
            )
        ),
        "charts": {
            name: charts.specification(chart) for name, chart in drawings.items()
        },
    }


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
    statuses = sorted(set(classifier.loc[~is_debt, "status"]))
    return [status for status in statuses if status != FITTED]
