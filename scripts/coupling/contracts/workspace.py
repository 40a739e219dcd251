"""A user's own tables: read from the workspace, checked, put into the build.

    workspace/yearbook/*.csv      figures, wide: region_code, year, a column per series
    workspace/landings.csv        what `coupling land` put there, in order of position
    workspace/revisions.csv       figures that a landing changed
    workspace/reference/*.csv     rows of the reference tables, as in seeds/reference
    workspace/studies/*.csv       rows of the study tables, as in seeds/studies

Every file may be absent. All are read by the code that reads the seeds.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from coupling.base.paths import workspace
from coupling.contracts.seeds import Finding, Seed, Test, contracts, read_table
from coupling.words.in_both import Both, in_both, in_columns

FOLDERS = ("reference", "studies")
CELL = ["region_code", "year", "series_id"]
YEARBOOK_TYPES = {"region_code": "string", "year": "int"}
OPEN_ENDED: list[Test] = [("matches_series_dictionary", None, {})]
LANDINGS = {
    "position": "int",
    "landing_id": "string",
    "file_name": "string",
    "sha256": "string",
    "landed_at": "string",
    "cells_read": "int",
    "cells_blank": "int",
    "cells_converted": "int",
    "cells_rejected": "int",
    "publisher": "string",
    "title": "string",
    "is_current": "string",
}
REVISIONS = {
    "position": "int",
    "landing_id": "string",
    "series_id": "string",
    "region_code": "string",
    "year": "int",
    "value_before": "double",
    "value_after": "double",
}
REVISION_KEY = ["position", "series_id", "region_code", "year"]
FIGURES_SCHEMA = pa.schema(
    [
        ("region_code", pa.string()),
        ("year", pa.int32()),
        ("series_id", pa.string()),
        ("value", pa.float64()),
        ("source_id", pa.string()),
    ]
)
FILES_SCHEMA = pa.schema(
    [
        ("source_id", pa.string()),
        ("position", pa.int32()),
        ("publisher", pa.string()),
        ("publisher_zh", pa.string()),
        ("title", pa.string()),
        ("citation", pa.string()),
        ("citation_zh", pa.string()),
    ]
)
ROWS_SCHEMA = pa.schema(
    [
        ("table_name", pa.string()),
        ("row_number", pa.int32()),
        ("column_name", pa.string()),
        ("value", pa.string()),
    ]
)
REVISIONS_SCHEMA = pa.schema(
    [
        ("position", pa.int32()),
        ("series_id", pa.string()),
        ("region_code", pa.string()),
        ("year", pa.int32()),
        ("value_before", pa.float64()),
        ("value_after", pa.float64()),
        ("landing_id", pa.string()),
        ("file_name", pa.string()),
        ("landed_at", pa.string()),
    ]
)


class WorkspaceError(Exception):
    """A file of the workspace that cannot be read: where, found, expected."""


def source_of(landing_id: str) -> str:
    """Return the name of the origin of a yearbook file's figures."""
    return f"workspace__{landing_id}"


def yearbook_files(folder: Path) -> list[Path]:
    """Return the yearbook files in use, the one that takes precedence last.

    First files that nobody landed, by name, then landed ones by the position of their
    last landing. A file whose last landing is no longer current is not in use.
    """
    landed = _last_landings(folder)
    files = []
    for path in sorted((folder / "yearbook").glob("*.csv")):
        landing = landed.get(path.stem)
        if landing is None:
            files.append((0, path))
        elif str(landing["is_current"]).lower() not in ("0", "false"):
            files.append((landing["position"], path))
    return [path for _, path in sorted(files)]


def _last_landings(folder: Path) -> dict[str, dict[str, Any]]:
    """Rows of landings.csv by landing_id, the last of each; none without the file."""
    if not (folder / "landings.csv").exists():
        return {}
    landings = _readable(folder, "landings.csv", LANDINGS).typed
    ordered = landings.sort_values("position").to_dict("records")
    return {landing["landing_id"]: landing for landing in ordered}


def _table(
    folder: Path,
    name: str,
    types: dict[str, str],
    tests: Iterable[Test] = (),
    **layout: Any,
) -> Seed:
    """One table of the workspace, with what is wrong with it in its findings.

    `layout` is what the file may leave out or have: `optional`, `older`.
    """
    seed = Seed(name, f"{folder.name}/{name}", dict(types), list(tests), **layout)
    seed.is_shipped = False
    read_table(seed, folder / name)
    return seed


def _own_table(seed: Seed, path: Path, folder: Path) -> Seed:
    """The workspace's file beside a seed, read by the seed's contract."""
    return _table(
        folder,
        path.relative_to(folder).as_posix(),
        seed.types | seed.older,
        seed.tests,
        optional=seed.optional,
        older=seed.older,
    )


def _readable(
    folder: Path, name: str, types: dict[str, str], tests: Iterable[Test] = ()
) -> Seed:
    """One table of the workspace; raise WorkspaceError if anything is wrong with it."""
    seed = _table(folder, name, types, tests)
    _refuse_faults(seed)
    return seed


def _refuse_faults(seed: Seed) -> None:
    for fault in seed.findings:
        raise WorkspaceError(
            f"{fault.file}, row {fault.row}, column {fault.column}: "
            f"found {fault.found}; expected {fault.expected}"
        )


def _long(seed: Seed) -> pd.DataFrame:
    """The figures of a yearbook table: a row per cell that is not blank."""
    long = seed.typed.melt(["region_code", "year"], var_name="series_id")
    return long.dropna()


# --- into the build ----------------------------------------------------------------


def figures(folder: Path | None = None) -> pa.Table:
    """Figures of the workspace, one per region, year and series; blanks are none.

    Where files differ, the one that takes precedence has its way (see yearbook_files).
    `folder` is by default the workspace as seen from the project folder.
    """
    folder = folder or workspace()
    parts = []
    for path in yearbook_files(folder):
        seed = _readable(folder, f"yearbook/{path.name}", YEARBOOK_TYPES, OPEN_ENDED)
        parts.append(_long(seed).assign(source_id=source_of(path.stem)))
    if not parts:
        return FIGURES_SCHEMA.empty_table()
    table = pd.concat(parts).drop_duplicates(CELL, keep="last").sort_values(CELL)
    return _arrow(table, FIGURES_SCHEMA)


def files(folder: Path | None = None) -> pa.Table:
    """Origin of the figures of each yearbook file in use, as a citation needs it."""
    folder = folder or workspace()
    landed = _last_landings(folder)
    rows = [_origin(path, landed.get(path.stem)) for path in yearbook_files(folder)]
    return _arrow(pd.DataFrame(rows, columns=FILES_SCHEMA.names), FILES_SCHEMA)


def _origin(path: Path, landing: dict[str, Any] | None) -> dict[str, Any]:
    if landing is None:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        how = in_both("{file}, not landed", file=path.name)
        return origin(path.stem, path.name, how, digest)
    row = origin(
        path.stem,
        _or(landing["title"], path.name),
        in_both("file {file}", file=_or(landing["file_name"], path.name)),
        _or(landing["sha256"], ""),
        _or(landing["publisher"], ""),
    )
    return row | {"position": landing["position"]}


def origin(
    landing_id: str,
    title: str,
    how: Both | str,
    digest: str,
    publisher: str = "",
) -> dict[str, Any]:
    """Return the origin of figures as `files` has it, with how to cite them.

    `how` tells the file; a digest or publisher that is not stated is blank.
    """
    not_stated = in_both("not stated")
    office = Both(publisher, publisher) if publisher else not_stated
    citation = in_both(
        "{publisher}. {title}. A user's own, {how}, SHA-256 {digest}.",
        publisher=office,
        title=title,
        how=how,
        digest=digest or not_stated,
    )
    return {
        "source_id": source_of(landing_id),
        "position": None,
        **in_columns("publisher", office),
        "title": title,
        **in_columns("citation", citation),
    }


def _or(text: Any, otherwise: str) -> str:
    return otherwise if pd.isna(text) else str(text)


def revisions() -> pa.Table:
    """Figures that landings changed, with the landing; none without the files."""
    folder = workspace()
    if not (folder / "revisions.csv").exists():
        return REVISIONS_SCHEMA.empty_table()
    changed = _readable(folder, "revisions.csv", REVISIONS).typed
    columns = ["position", "file_name", "landed_at"]
    landings = pd.DataFrame(columns=columns)
    if (folder / "landings.csv").exists():
        landings = _readable(folder, "landings.csv", LANDINGS).typed[columns]
    landings = landings.astype({"position": "float64"})
    return _arrow(changed.merge(landings, "left", "position"), REVISIONS_SCHEMA)


def _arrow(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    texts = {f.name: "str" for f in schema if f.type == pa.string()}
    whole = {f.name: "Int32" for f in schema if f.type == pa.int32()}
    typed = frame[schema.names].astype(texts | whole)
    return pa.Table.from_pandas(typed, schema, preserve_index=False)


def rows(seeds: Path = Path("seeds")) -> pa.Table:
    """Cells of the tables in reference/ and studies/, as text; blanks are none.

    One row per table, line of its file, and column with a value. Numbers are written as
    Python has them, so that every reader takes the same number. Raises WorkspaceError
    for a table that the check refuses to read.
    """
    folder = workspace()
    parts = []
    for seed, path in contracts(seeds):
        path = folder / path.relative_to(seeds)
        if not seed.key or not path.exists():
            continue
        own = _own_table(seed, path, folder)
        _refuse_faults(own)
        text = own.text.copy()
        for column in own.typed.select_dtypes("number"):
            whole = own.types[column] == "int"
            text[column] = [
                "" if pd.isna(number) else repr(int(number) if whole else float(number))
                for number in own.typed[column]
            ]
        long = text.rename_axis("row_number").reset_index()
        long = long.melt("row_number", var_name="column_name")
        parts.append(long[long["value"] != ""].assign(table_name=seed.name))
    if not parts:
        return ROWS_SCHEMA.empty_table()
    return _arrow(pd.concat(parts), ROWS_SCHEMA)


# --- into the gate -----------------------------------------------------------------


def join_workspace(seeds: dict[str, Seed], folder: Path) -> None:
    """Join the tables of a workspace to the `seeds`, so that they are checked together.

    Rows of a table take the place of shipped rows with the same key. Each yearbook file
    becomes a seed of its own, with the tests of a shipped chapter. What cannot be read
    or belongs nowhere is a finding.
    """
    for seed, path in _tables(seeds, folder):
        _join(seed, path, folder)
    _join_yearbook(seeds, folder)
    _join_records(seeds, folder)


def _tables(seeds: dict[str, Seed], folder: Path) -> Iterator[tuple[Seed, Path]]:
    """Files beside which a seed stands; any other file is a finding of `seeds`."""
    for part in FOLDERS:
        known = {
            seed.name: seed
            for seed in list(seeds.values())
            if seed.key and Path(seed.file).parent.name == part
        }
        for path in sorted((folder / part).glob("*.csv")):
            if path.stem in known:
                yield known[path.stem], path
                continue
            stray = Seed(
                f"workspace__{part}__{path.stem}", _shown(path, folder), {}, []
            )
            expected = "one of " + ", ".join(f"{name}.csv" for name in sorted(known))
            stray.findings.append(Finding(stray.file, None, "", path.name, expected))
            seeds[stray.name] = stray


def _shown(path: Path, folder: Path) -> str:
    return f"{folder.name}/{path.relative_to(folder).as_posix()}"


def _join(seed: Seed, path: Path, folder: Path) -> None:
    own = _own_table(seed, path, folder)
    seed.findings += own.findings
    seed.is_whole &= own.is_whole
    seed.joined_file = own.file
    seed.lines_before = int(max(seed.text.index, default=0)) + 1
    if not set(seed.text) <= {*own.text, *seed.optional}:
        return
    own.text = own.text.reindex(columns=seed.text.columns, fill_value="")
    own.typed = own.typed.reindex(columns=seed.typed.columns)
    own.text.index += seed.lines_before
    own.typed.index += seed.lines_before
    seed.before_join = seed.typed
    keys = pd.MultiIndex.from_frame(own.typed[list(seed.key)])
    kept = ~pd.MultiIndex.from_frame(seed.typed[list(seed.key)]).isin(keys)
    seed.text = pd.concat([seed.text[kept], own.text[seed.text.columns]])
    seed.typed = pd.concat([seed.typed[kept], own.typed[seed.typed.columns]])


def _join_yearbook(seeds: dict[str, Seed], folder: Path) -> None:
    chapters = [seed for seed in seeds.values() if has_figures(seed)]
    if not chapters:
        return
    tests = [test for test in chapters[0].tests if test[0] != "not_empty"]
    try:
        paths, landed = yearbook_files(folder), set(_last_landings(folder))
    except WorkspaceError:
        # landings.csv has faults, reported with its own rows
        paths, landed = sorted((folder / "yearbook").glob("*.csv")), set()
    yearbook = [
        _table(folder, f"yearbook/{path.name}", YEARBOOK_TYPES, tests) for path in paths
    ]
    seeds |= {f"workspace__{seed.name}": seed for seed in yearbook}
    whole = [seed for seed in yearbook if seed.has("region_code", "year")]
    if whole:
        _refuse_contradictions(whole, landed)
        _add_sources(seeds, pd.concat([_long(seed) for seed in whole]))


def has_figures(seed: Seed) -> bool:
    """True for a table of yearbook figures."""
    return any(name == "matches_series_dictionary" for name, _, _ in seed.tests)


def _refuse_contradictions(yearbook: list[Seed], landed: set[str]) -> None:
    """Report cells for which two files differ and no landing says which is later."""
    cells = pd.concat(
        _long(seed).assign(file=seed.file, stem=Path(seed.name).stem)
        for seed in yearbook
    ).drop_duplicates([*CELL, "file"])
    cells["is_landed"] = cells["stem"].isin(landed)
    by_cell = cells.groupby(CELL)
    open_to_doubt = (by_cell["value"].transform("nunique") > 1) & ~(
        by_cell["is_landed"].transform("all")
    )
    by_file = {seed.file: seed for seed in yearbook}
    for cell, group in cells[open_to_doubt].groupby(CELL):
        region, year, series = cell
        first, *others = group.to_dict("records")
        for other in others:
            if other["value"] == first["value"]:
                continue
            seed = by_file[other["file"]]
            here = (seed.typed["region_code"] == region) & (seed.typed["year"] == year)
            expected = (
                f"{first['value']:.15g}, as {first['file']} has it for {region} in "
                f"{year:.0f}, or a blank in one of the two"
            )
            seed.report(seed.typed.index[here][:1], series, expected)


def _add_sources(seeds: dict[str, Seed], cells: pd.DataFrame) -> None:
    """Add the sources that the build makes for series that have none."""
    sources, series = seeds["sources"], seeds["series"]
    if not (sources.has("series_id") and series.has("series_id")):
        return
    own = cells[cells["series_id"].isin(series.typed["series_id"])]
    own = own[~own["series_id"].isin(sources.typed["series_id"])]
    years = own.groupby("series_id")["year"]
    made = pd.DataFrame(
        {"first_year": years.min(), "last_year": years.max(), "figures": years.size()}
    ).reset_index()
    made["source_id"] = made["series_id"].map(source_of)
    made = made.assign(copies_compared=1, quality="U", level=None)
    made = made.assign(note=None, note_zh=None)
    made = made.reindex(columns=sources.typed.columns, fill_value="made by the build")
    made.index += int(max(sources.text.index, default=0)) + 1
    sources.typed = pd.concat([sources.typed, made])
    sources.text = pd.concat([sources.text, made.fillna("").astype(str)])


def _join_records(seeds: dict[str, Seed], folder: Path) -> None:
    for name, types, key in (
        ("landings.csv", LANDINGS, ["position"]),
        ("revisions.csv", REVISIONS, REVISION_KEY),
    ):
        if (folder / name).exists():
            tests = [
                ("no_blanks", None, {"columns": [*key, "landing_id"]}),
                ("unique_combination", None, {"columns": key}),
            ]
            seeds[f"workspace__{name}"] = _table(folder, name, types, tests)
