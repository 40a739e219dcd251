"""What `coupling land FILE...` does: read, show, ask, write."""

import sys
from dataclasses import dataclass
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from coupling.base.texts import YEARS, visible
from coupling.landing.dictionary import DictionaryError, load_dictionary
from coupling.landing.figures import FigureKey, RefusalError, read_file
from coupling.landing.layouts import Options
from coupling.landing.own_names import OwnName, OwnNameError, read_own_names, rows_of
from coupling.landing.shown import show
from coupling.landing.workspace import (
    NameTakenError,
    NoUndoError,
    Planned,
    Wish,
    current_landings,
    land,
    landing_id,
    plan,
    plan_undo,
    settle,
    shipped_figures,
    undo,
)

LANDED, REFUSED, USAGE = 0, 1, 2


@dataclass(frozen=True)
class Request:
    """The options of the command."""

    sheet: str = ""
    series_id: str = ""
    unit: str = ""
    year: int | None = None
    name: str = ""
    publisher: str = ""
    title: str = ""
    is_dry_run: bool = False
    is_confirmed: bool = False
    region: str = ""
    skip: tuple[str, ...] = ()
    means: tuple[str, ...] = ()

    @property
    def of_figures(self) -> list[str]:
        """Options given that say how figures are read, as the user writes them."""
        options = {
            "series": self.series_id,
            "unit": self.unit,
            "year": self.year,
            "publisher": self.publisher,
            "title": self.title,
            "region": self.region,
            "skip": self.skip,
            "means": self.means,
        }
        return [f"--{name}" for name, value in options.items() if value]


def land_files(
    console: Console, files: list[Path], request: Request, seeds: Path, workspace: Path
) -> int:
    """Land yearbook files in `workspace`, all of them or none; return the exit code."""
    if fault := _usage_fault(files, request):
        return _refuse(console, fault, USAGE)
    try:
        dictionary = load_dictionary(seeds, workspace)
        names = read_own_names(request.means, dictionary)
        if names:
            dictionary = load_dictionary(seeds, workspace, rows_of(names))
    except OwnNameError as error:
        return _refuse(console, str(error), USAGE)
    except DictionaryError as error:
        return _refuse(console, str(error))
    if fault := _unknown_option(dictionary, request):
        return _refuse(console, fault, USAGE)
    region = dictionary.region(request.region) if request.region else None
    options = Options(
        request.series_id, request.unit, request.year, region, request.skip
    )
    wishes, refusals = [], []
    for file in files:
        try:
            reading = read_file(file, dictionary, options, request.sheet)
        except RefusalError as refusal:
            refusals.append(str(refusal))
            continue
        show(console, reading)
        name = landing_id(request.name or file.name)
        wishes.append(
            Wish(
                reading,
                name,
                bool(request.name),
                file.suffix.lower(),
                request.publisher,
                request.title,
            )
        )
    if refusals:
        return _refuse(console, "Nothing is landed.\n" + "\n".join(refusals))
    try:
        return _write(
            console, wishes, names, request, workspace, shipped_figures(seeds)
        )
    except NameTakenError as error:
        return _refuse(console, str(error))
    except OSError as error:
        return _refuse(console, f"the workspace cannot be read or written: {error}")


def list_landings(console: Console, workspace: Path) -> int:
    """Say what is landed, a line each; return the exit code."""
    settle(workspace)
    rows = current_landings(workspace)
    if not rows:
        console.print("Nothing is landed.")
        return LANDED
    table = Table(box=SIMPLE_HEAD)
    # a name that is cut could not be undone
    table.add_column("name", no_wrap=True)
    for heading in ("file", "landed at", "figures"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        figures = int(row["cells_read"]) - int(row["cells_rejected"])
        cells = (row["landing_id"], row["file_name"], row["landed_at"], f"{figures:,}")
        table.add_row(*(Text(visible(cell)) for cell in cells))
    console.print(table)
    return LANDED


def undo_landing(
    console: Console, name: str, request: Request, seeds: Path, workspace: Path
) -> int:
    """Take back the last landing of a name; return the exit code."""
    shipped = shipped_figures(seeds)
    try:
        settle(workspace)
        planned = plan_undo(workspace, name, shipped)
        code = _answered(console, planned, request, "Take this back? [y/N] ")
        if code is not None:
            return code
        undo(workspace, name, shipped)
    except NoUndoError as error:
        return _refuse(console, str(error))
    except OSError as error:
        return _refuse(console, f"the workspace cannot be read or written: {error}")
    console.print("Taken back. The next coupling refresh uses what is left.")
    return LANDED


def _answered(
    console: Console, planned: Planned, request: Request, question: str
) -> int | None:
    """Tell what is planned and ask; return the exit code unless it is to be written."""
    for said in planned.said:
        console.print(Text(visible(said)), soft_wrap=True)
    if planned.is_empty:
        return LANDED
    if request.is_dry_run:
        console.print("Dry run: nothing is written.")
        return LANDED
    if request.is_confirmed:
        return None
    if not sys.stdin.isatty():
        return _refuse(console, "Nothing is written without --yes or a terminal.")
    if input(question).strip().lower() not in ("y", "yes"):
        return _refuse(console, "Nothing is written.")
    return None


def _write(
    console: Console,
    wishes: list[Wish],
    names: list[OwnName],
    request: Request,
    workspace: Path,
    shipped: dict[FigureKey, str],
) -> int:
    settle(workspace)
    planned = plan(workspace, wishes, shipped, names)
    code = _answered(console, planned, request, "Land this? [y/N] ")
    if code is not None:
        return code
    land(workspace, wishes, shipped, names)
    console.print("Landed. The next coupling refresh uses it.")
    return LANDED


def _usage_fault(files: list[Path], request: Request) -> str:
    if not files:
        return "Say which files to land: coupling land FILE..."
    names = [landing_id(request.name or file.name) for file in files]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        both = [f.name for f, n in zip(files, names, strict=True) if n == twice]
        return f"{' and '.join(both)} would both land as {twice}; land them one by one"
    if request.year is not None and request.year not in YEARS:
        return f"--year {request.year} is not from {YEARS[0]} to {YEARS[-1]}"
    return ""


def _unknown_option(dictionary, request: Request) -> str:
    if request.series_id and request.series_id not in dictionary.series:
        near = dictionary.nearest(request.series_id, "series")
        return f"--series {request.series_id} is no series_id{near}"
    if request.unit and dictionary.unit(request.unit) is None:
        near = dictionary.nearest(request.unit, "unit")
        return f"--unit {request.unit} is not in seeds/reference/units.csv{near}"
    if request.region and dictionary.region(request.region) is None:
        near = dictionary.nearest(request.region, "region")
        return f"--region {request.region} is no region{near}"
    return ""


def _refuse(console: Console, message: str, code: int = REFUSED) -> int:
    for line in message.splitlines():
        console.print(Text(visible(line, 600), style="red"), soft_wrap=True)
    return code
