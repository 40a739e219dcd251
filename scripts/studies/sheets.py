"""A panel file as sheets of text: what landing reads, and files of Stata and SPSS."""

from collections import Counter
from pathlib import Path

from coupling.landing.files import (
    MAX_BYTES,
    MAX_CELLS,
    FileError,
    Opened,
    Sheet,
    open_file,
    stored_text,
)

STATISTICAL = (".dta", ".sav")
READ = (".xlsx", ".xls", ".csv", ".txt", ".tsv", ".dta", ".sav", ".parquet")


def open_panel(path: Path, sheet: str = "") -> tuple[Opened, list[str]]:
    """Read a panel file; of a workbook only `sheet`, if it is given.

    Returns sheets of text and, of a data file with labels, the names of its variables.
    Raises FileError for what cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix not in READ:
        raise FileError(f"{path.name} is none of {', '.join(READ)}")
    if suffix in STATISTICAL:
        return _open_statistical(path, suffix)
    opened = open_file(path, sheet, _count_cells)
    return opened, []


def _count_cells(rows: list[list[str]]) -> int:
    """Cells of rows that are as wide as most; the right delimiter makes most."""
    widths = Counter(len(row) for row in rows if any(row))
    width, count = max(widths.items(), key=lambda found: found[0] * found[1])
    return width * count if width > 1 else 0


# --- Stata and SPSS ------------------------------------------------------------------


def _open_statistical(path: Path, suffix: str) -> tuple[Opened, list[str]]:
    if not path.is_file():
        raise FileError(f"there is no file {path.name}")
    if path.stat().st_size > MAX_BYTES:
        raise FileError(
            f"{path.name} has {path.stat().st_size / 1e6:.0f} MB; files of up to"
            f" {MAX_BYTES / 1024 / 1024:.0f} MB are read"
        )
    import pyreadstat

    read = pyreadstat.read_dta if suffix == ".dta" else pyreadstat.read_sav
    try:
        content = path.read_bytes()
        frame, meta = read(path, apply_value_formats=True)
    except FileError:
        raise
    except Exception as error:
        # the reader's errors are of many kinds
        raise FileError(f"{path.name} is damaged, or no {suffix}: {error}") from error
    if frame.size > MAX_CELLS:
        raise FileError(f"{path.name} has more than {MAX_CELLS:,} cells")
    labels = meta.column_names_to_labels
    shown = [(labels.get(name) or "").strip() or name for name in frame.columns]
    counts = Counter(shown)
    heads = [
        label if counts[label] == 1 else name
        for label, name in zip(shown, frame.columns, strict=True)
    ]
    kinds = meta.readstat_variable_types
    columns = [_texts(frame[name], kinds.get(name)) for name in frame.columns]
    rows = [heads, *map(list, zip(*columns, strict=True))]
    sheet = Sheet("", rows, list(range(1, len(rows) + 1)), is_binary=True)
    return Opened(path.name, content, [sheet]), list(frame.columns)


def _texts(column, kind: str | None) -> list[str]:
    """Values as text; a figure kept in single precision as it was typed."""
    values = column.tolist()
    if kind == "float":
        import numpy as np

        values = [
            float(str(np.float32(value))) if isinstance(value, float) else value
            for value in values
        ]
    return ["" if v is None or v != v else stored_text(v) for v in values]
