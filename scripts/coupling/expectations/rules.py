"""Thresholds as data: the rows of seeds/reference/expectations.csv."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coupling.words.in_both import Both


@dataclass(frozen=True)
class Rule:
    """One row of expectations.csv; `scale` and `limit` are None where blank."""

    name: str
    scope: str
    kind: str
    subject: str
    compared_with: str
    scale: float | None
    limit: float | None
    severity: str
    reason: Both
    level: str = ""


def read_rules(seeds: Path) -> list[Rule]:
    """Read the rules of a folder of seeds, in the order of the file."""
    text = pd.read_csv(
        seeds / "reference" / "expectations.csv",
        dtype=str,
        keep_default_na=False,
        encoding="utf-8-sig",
    )
    return [
        Rule(
            name=row.expectation_id,
            scope=row.scope,
            kind=row.kind,
            subject=row.subject,
            compared_with=row.compared_with,
            scale=float(row.scale) if row.scale else None,
            limit=float(row.limit_value) if row.limit_value else None,
            severity=row.severity,
            reason=Both(row.reason, row.reason_zh),
            level=getattr(row, "level", ""),
        )
        for row in text.itertuples()
    ]


def rules_for(rules: list[Rule], kind: str, *subjects: str) -> list[Rule]:
    """Rules of a kind that apply: those that name the first subject that any names.

    `subjects` go from the narrowest to the widest; '*' is tried last.
    """
    of_kind = [rule for rule in rules if rule.kind == kind]
    for subject in (*subjects, "*"):
        named = [rule for rule in of_kind if rule.subject == subject]
        if named:
            return named
    return []
