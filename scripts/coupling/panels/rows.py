"""The rows of a study: what a panel file comes to, and what is worked out and stored.

`StudyRows` stands between reading and everything after it. Nothing in it depends on how
the file was laid out: the same panel, wide, long or in sheets, gives the same rows.
"""

from dataclasses import dataclass, field

import pandas as pd

from coupling.words.in_both import Both


@dataclass(frozen=True)
class Source:
    """The file that a study was read from."""

    file_name: str
    sha256: str


@dataclass(frozen=True)
class RejectedCell:
    """A cell that was left out: where, what it says, why."""

    sheet: str
    row: int
    column: str
    text: str
    reason: Both


@dataclass
class StudyRows:
    """A study as rows of the seed tables, and its figures.

    Attributes
    ----------
    study_id
        Lower-case letters, digits and underscores; that of no shipped study.
    tables
        By name of the seed table, the rows of this study and no others; columns are
        those that the YAML file beside the seed describes, blanks are None or NaN.
        There are always `studies` (one row), `systems`, `indicators`, `study_regions`;
        `series` and `regions` have the user's own alone, `grade_schemes` and `methods`
        are there where the study has its own. A table without rows is left out.
    figures
        `region_code` (text), `year` (int) and a float column per series of the study,
        NaN where blank; one row per region and year, in order of both; whole years of
        the file, also those before and after the study's.
    source
        The file; None where all figures are shipped ones.
    rejected
        Cells that are no numbers; their figures are blank.

    """

    study_id: str
    tables: dict[str, pd.DataFrame]
    figures: pd.DataFrame
    source: Source | None
    rejected: list[RejectedCell] = field(default_factory=list)
