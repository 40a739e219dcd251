"""Write the results of a study to a file of the kind that its name ends in.

    .xlsx .html      the workbook, the page
    .dta .sav        Stata, SPSS: a row per region and year, with labels
    .parquet .csv    .parquet is that table; .csv has a row per number, all results long
    a folder         one .csv a table

The same results give the same bytes.
"""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from coupling.answers import frames
from coupling.base.texts import no_formula
from coupling.engine.engine import Results
from coupling.queries.ask import ask
from coupling.words.language import named, spoken

# what the files say of when they were written, in place of the time
STATA_TIME = b"01 Jan 2024 00:00"
SPSS_DATE, SPSS_TIME = b"01 Jan 24", b"00:00:00"
# where the header of a .sav has date and time
SPSS_PLACE = 92
LABEL_WIDTH = 80
WHOLE = ("region_id", "year", "coordination_rank", "grade_level", "lagging_system")


class ExportError(Exception):
    """A file cannot be written; the message says which, and what is possible."""


def save(results: Results, path: Path) -> list[Path]:
    """Write the results of a study, in the language spoken; return the files written.

    Raises
    ------
    ExportError
        The ending is not one that can be written, or the file cannot be.

    """
    write = writer_of(path)
    try:
        folder = path if path.suffix == "" else path.parent
        folder.mkdir(parents=True, exist_ok=True)
        return write(results, path)
    except OSError as error:
        place = error.filename or path
        raise ExportError(f"{place} cannot be written: {error.strerror}") from error


def writer_of(path: Path) -> "Writer":
    """Return what writes a file of this name.

    Raises
    ------
    ExportError
        The ending is not one that can be written.

    """
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        endings = ", ".join(ending for ending in WRITERS if ending)
        raise ExportError(
            f"{path}: found the ending {path.suffix}; expected one of {endings}, or a "
            "folder for a .csv file a table"
        )
    return write


def _xlsx(results: Results, path: Path) -> list[Path]:
    from coupling.answers.workbook import workbook

    path.write_bytes(workbook(results))
    return [path]


def _html(results: Results, path: Path) -> list[Path]:
    from coupling.answers.page import own_study_page
    from coupling.base.inputs import versions

    page = own_study_page(results.connection, results.study_id, versions(), spoken())
    path.write_text(page, encoding="utf-8", newline="\n")
    return [path]


def _folder(results: Results, path: Path) -> list[Path]:
    tables = {name: read(results) for name, read in frames.FRAMES.items()}
    tables["panel"] = frames.panel(results)[0]
    written = []
    for name in sorted(tables):
        written.append(path / f"{name}.csv")
        _write_csv(tables[name], written[-1])
    return written


def _csv(results: Results, path: Path) -> list[Path]:
    _write_csv(long(results), path)
    return [path]


def _write_csv(frame: pd.DataFrame, path: Path) -> None:
    # Excel takes a file for UTF-8 only if it begins with the mark
    safe = frame.rename(columns=no_formula)
    texts = safe.select_dtypes(exclude="number").columns
    safe[texts] = safe[texts].astype(object).map(no_formula)
    safe.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")


def long(results: Results) -> pd.DataFrame:
    """Return every number of the results in a row of its own.

    Columns: region_code, region, year, measure, item_id, item, value. Weights belong to
    no region, and to a year only where a method weighs year by year.
    """
    parts = []
    for name, measures, item in (
        ("weights", ["weight", "study_weight"], "indicator"),
        ("scores", ["score", "score_rank"], "system"),
        ("coupling", list(COUPLING_MEASURES), None),
        ("obstacles", ["obstacle_degree", "obstacle_rank"], "indicator"),
        ("values", ["raw_value", "normalised_value"], "indicator"),
    ):
        found = frames.FRAMES[name](results)
        for measure in measures:
            part = found.reindex(columns=["region_code", "region", "year"])
            part = part.astype({"year": "Int32"}).assign(
                measure=measure,
                item_id=found[f"{item}_id"] if item else None,
                item=found[item] if item else None,
                value=found[measure].astype("float64"),
            )
            parts.append(part.astype({"item_id": "str", "item": "str"}))
    return pd.concat(parts, ignore_index=True)


COUPLING_MEASURES = (
    *("coupling_degree", "comprehensive_index", "coupling_coordination_degree"),
    *("grade_level", "coordination_rank"),
)


def _parquet(results: Results, path: Path) -> list[Path]:
    frames.panel(results)[0].to_parquet(path, index=False)
    return [path]


def _dta(results: Results, path: Path) -> list[Path]:
    import pyreadstat

    frame, labels, values = _labelled(results)
    pyreadstat.write_dta(
        frame,
        path,
        file_label=_title(results),
        column_labels=labels,
        variable_value_labels=values,
        variable_format=dict.fromkeys(WHOLE, "%12.0g"),
        # that of Stata 14, which every Stata since reads
        version=14,
    )
    content = path.read_bytes()
    head, mark, rest = content.partition(b"<timestamp>")
    length = rest[0]
    path.write_bytes(
        head + mark + bytes([len(STATA_TIME)]) + STATA_TIME + rest[1 + length :]
    )
    return [path]


def _sav(results: Results, path: Path) -> list[Path]:
    import pyreadstat

    frame, labels, values = _labelled(results)
    pyreadstat.write_sav(
        frame,
        path,
        file_label=_title(results),
        column_labels=labels,
        variable_value_labels=values,
        variable_measure={
            **dict.fromkeys(frame, "scale"),
            **dict.fromkeys(values, "nominal"),
            "grade_level": "ordinal",
        },
        variable_format=dict.fromkeys(WHOLE, "F8.0"),
    )
    content = bytearray(path.read_bytes())
    stamp = SPSS_DATE + SPSS_TIME
    content[SPSS_PLACE : SPSS_PLACE + len(stamp)] = stamp
    path.write_bytes(content)
    return [path]


def _labelled(results: Results) -> tuple[pd.DataFrame, list[str | None], dict]:
    frame, variables = frames.panel(results)
    labels: list[str | None] = [_shortened(variable.label) for variable in variables]
    values = {v.name: v.values for v in variables if v.values}
    return frame, labels, values


def _shortened(label: str) -> str:
    return label if len(label) <= LABEL_WIDTH else label[: LABEL_WIDTH - 1] + "…"


def _title(results: Results) -> str:
    study = ask(results.connection, "answers/study", study_id=results.study_id)
    title = named(study.iloc[0].to_dict())
    # SPSS has room for 64 bytes
    return title.encode()[:60].decode(errors="ignore")


Writer = Callable[[Results, Path], list[Path]]
WRITERS: dict[str, Writer] = {
    ".xlsx": _xlsx,
    ".html": _html,
    ".csv": _csv,
    ".dta": _dta,
    ".sav": _sav,
    ".parquet": _parquet,
    "": _folder,
}
