"""A study that stands in the seeds or in the workspace, ready to be worked out."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from coupling.base.names import known
from coupling.base.paths import Paths
from coupling.contracts import workspace
from coupling.engine.engine import Results, evaluate
from coupling.panels.rows import StudyRows

FOLDERS = ("reference", "studies")
NO_FIGURES = ["region_code", "year"]


def evaluate_stored(
    paths: Paths, study_id: str, method_id: str | None = None
) -> Results:
    """Work out a study of the seeds or the workspace.

    Parameters
    ----------
    paths
        The project.
    study_id
        The study.
    method_id
        A method that takes the place of the study's own.

    Raises
    ------
    NotThereError
        There is no study or method of this name.
    WorkspaceError
        A file of the workspace cannot be read.

    """
    rows = stored_rows(paths, study_id)
    if method_id is not None:
        rows = _under(paths, rows, method_id)
    return evaluate(
        rows,
        paths=paths,
        figures=workspace.figures(paths.workspace).to_pandas(),
        files=workspace.files(paths.workspace).to_pandas(),
    )


def stored_rows(paths: Paths, study_id: str) -> StudyRows:
    """Return the rows of the workspace that a study may ask for.

    The engine has the shipped ones. Figures and source are those of the yearbook files,
    so there are none here.

    Raises
    ------
    NotThereError
        There is no study of this name.

    """
    shipped = _read(paths.seeds / "studies" / "studies.csv")
    own = _read(paths.workspace / "studies" / "studies.csv")
    ids = [*own.get("study_id", []), *shipped["study_id"]]
    known("study", study_id, list(dict.fromkeys(ids)))
    tables = {}
    for folder in FOLDERS:
        for path in sorted((paths.seeds / folder).glob("*.csv")):
            added = _read(paths.workspace / folder / path.name)
            if "study_id" in added:
                added = added[added["study_id"] == study_id]
            if len(added):
                tables[path.stem] = added.reset_index(drop=True)
    return StudyRows(study_id, tables, pd.DataFrame(columns=NO_FIGURES), None)


def _under(paths: Paths, rows: StudyRows, method_id: str) -> StudyRows:
    """Return the rows of a study as if a method were its own."""
    stated = rows.tables.get("studies")
    if stated is None:
        shipped = _read(paths.seeds / "studies" / "studies.csv")
        stated = shipped[shipped["study_id"] == rows.study_id]
    stated = stated.assign(default_method_id=method_id)
    return replace(rows, tables={**rows.tables, "studies": stated})


def _read(path: Path) -> pd.DataFrame:
    if not path.exists():
        return pd.DataFrame()
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
