"""What a study in the workspace says of a file that revises it."""

from pathlib import Path
from typing import Any

from coupling.base.texts import key
from coupling.landing.workspace import read_rows
from coupling.panels.panel import Panel
from coupling.panels.places import OWN
from coupling.studies.assemble import OWN_SET
from coupling.studies.choices import Grade, Stated

TABLES = ("studies", "systems", "indicators", "study_regions", "goalposts")


def read_earlier(
    workspace: Path, study_id: str
) -> dict[str, list[dict[str, Any]]] | None:
    """Return rows of a study by table; None if there is no such study of the user."""
    tables = {
        name: [
            row
            for row in read_rows(workspace / "studies" / f"{name}.csv")
            if row["study_id"] == study_id
        ]
        for name in TABLES
    }
    if not tables["studies"]:
        return None
    scheme = tables["studies"][0]["grade_scheme_id"]
    tables["grade_schemes"] = [
        row
        for row in read_rows(workspace / "reference" / "grade_schemes.csv")
        if row["grade_scheme_id"] == scheme and scheme.startswith(f"{study_id}__")
    ]
    return tables


def label_of(row: dict[str, Any]) -> str:
    """Return the label of a row in the language that it has."""
    return row.get("label") or row.get("label_zh") or ""


def joins_regions(tables: dict[str, list[dict[str, Any]]]) -> bool:
    """Say whether any region of a study is one that the warehouse knows."""
    return not all(r["region_code"].startswith(OWN) for r in tables["study_regions"])


def joined_series(tables: dict[str, list[dict[str, Any]]], study_id: str) -> bool:
    """Say whether a study has figures in series that are not its own."""
    return any(
        not row["numerator"].startswith(f"{study_id}__") for row in tables["indicators"]
    )


def stated_before(tables: dict[str, list[dict[str, Any]]], panel: Panel) -> Stated:
    """Return what a study says, for the indicators of a panel that bear its names.

    A study whose indicators are not all in the panel says nothing of systems, since
    they would not be those of the study any more.
    """
    [study] = tables["studies"]
    stated = Stated(
        name=study["study_id"],
        label=label_of(study),
        method=study["default_method_id"],
    )
    if tables["grade_schemes"]:
        stated.grades = [
            Grade(
                float(row["lower"]),
                float(row["upper"]),
                row.get("grade") or row.get("grade_zh") or "",
            )
            for row in tables["grade_schemes"]
        ]
    else:
        stated.grade_scheme = study["grade_scheme_id"]
    found = [_place(panel, row) for row in tables["indicators"]]
    places = [place for place in found if place is not None]
    if len(places) < len(found):
        return stated
    goalposts = {
        row["indicator_id"]: (float(row["low"]), float(row["high"]))
        for row in tables["goalposts"]
        if row["goalpost_set_id"] == OWN_SET
    }
    systems = sorted(tables["systems"], key=lambda row: int(row["position"]))
    shares = {label_of(row): float(row["contribution"]) for row in systems}
    if len(set(shares.values())) > 1:
        stated.contributions = shares
    for system in systems:
        stated.systems[label_of(system)] = [
            place
            for place, row in zip(places, tables["indicators"], strict=True)
            if row["system_id"] == system["system_id"]
        ]
    for place, row in zip(places, tables["indicators"], strict=True):
        stated.directions[place] = row["direction"]
        criterion = row.get("criterion") or row.get("criterion_zh")
        if criterion:
            stated.criteria[place] = criterion
        if not panel.indicators[place].unit:
            stated.units[place] = row["unit"]
        if row.get("given_weight"):
            stated.weights[place] = float(row["given_weight"])
        if row["indicator_id"] in goalposts:
            stated.goalposts[place] = goalposts[row["indicator_id"]]
    return stated


def _place(panel: Panel, row: dict[str, Any]) -> int | None:
    """Place of the indicator with the label of a row; of several, that of its unit."""
    same = [
        place
        for place, one in enumerate(panel.indicators)
        if key(one.label) == key(label_of(row))
    ]
    alike = [p for p in same if key(panel.indicators[p].unit) == key(row["unit"])]
    return next(iter(alike or same), None)
