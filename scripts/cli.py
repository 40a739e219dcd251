"""The `coupling` command."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from coupling.bench import bench as run_bench
from coupling.bench import bench_detectors, bench_households
from coupling.paths import Paths
from coupling.refresh import RefreshError, refuse_bad_seeds
from coupling.refresh import refresh as run_refresh
from coupling.seeds import load_seeds
from coupling_reports.site import build_site

app = typer.Typer(no_args_is_help=True, add_completion=False)
console = Console()
paths = Paths()


@app.command()
def refresh() -> None:
    """Check the seeds, build, test, export, render the pages, publish."""
    _run(lambda: run_refresh(console, paths))


@app.command()
def check() -> None:
    """Check the seeds against their contracts; build nothing."""
    _run(lambda: refuse_bad_seeds(paths.seeds, console))
    console.print("The seeds keep their contracts.")


@app.command()
def land(
    files: Annotated[
        list[str],
        typer.Argument(help="Yearbook files; or the word households and one survey."),
    ],
    sheet: Annotated[str, typer.Option(help="Only this sheet of a workbook.")] = "",
    series: Annotated[
        str, typer.Option(help="series_id of the figures, where the file has no name.")
    ] = "",
    unit: Annotated[
        str, typer.Option(help="Unit of the figures, where the file states none.")
    ] = "",
    year: Annotated[
        int | None,
        typer.Option(help="Year of the figures, where the file states none."),
    ] = None,
    name: Annotated[
        str, typer.Option(help="Name of the landing; default: the file's.")
    ] = "",
    publisher: Annotated[str, typer.Option(help="Who publishes the figures.")] = "",
    title: Annotated[str, typer.Option(help="Publication that prints them.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what is understood; write nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
    survey: Annotated[
        str, typer.Option(help="Survey in seeds/households/survey_mappings.csv.")
    ] = "",
    simulate: Annotated[
        int, typer.Option(min=0, help="Simulate this many households instead.")
    ] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the simulation.")] = 2022,
) -> None:
    """Land yearbook files, or a household survey, for the next refresh."""
    if files[0] == "households":
        _land_households(files[1:], survey, simulate, seed)
        return
    from coupling.households.landing import workspace
    from coupling.landing.command import Request, land_files

    request = Request(sheet, series, unit, year, name, publisher, title, dry_run, yes)
    folder = paths.project / workspace()
    code = land_files(console, list(map(Path, files)), request, paths.seeds, folder)
    raise typer.Exit(code)


def _land_households(files: list[str], survey: str, simulate: int, seed: int) -> None:
    if len(files) + (simulate > 0) != 1:
        console.print(
            "Say what to land: coupling land households FILE --survey NAME, "
            "or coupling land households --simulate NUMBER."
        )
        raise typer.Exit(2)
    # learners take a second to load, so only where they are needed
    from coupling.households import landing

    try:
        if simulate:
            name = f"simulated_{simulate}_seed_{seed}"
            _simulate(name, simulate, seed)
            console.print(f"{name}: {simulate:,} simulated households landed")
        else:
            mappings = paths.seeds / "households" / "survey_mappings.csv"
            result = landing.land_households(
                Path(files[0]), survey, mappings, paths.project / landing.workspace()
            )
            console.print(result.summary)
            for reject in result.rejects.head(10).itertuples():
                console.print(
                    f"  row {reject.source_row}, {reject.column_name}: found "
                    f"{reject.found}; {reject.reason}",
                    markup=False,
                )
    except landing.LandingError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from error


def _simulate(name: str, households: int, seed: int) -> None:
    from coupling.households import landing
    from coupling.households.simulation import simulate

    regions = load_seeds(paths.seeds)["regions"].typed["region_code"].tolist()
    landing.land_simulated(
        *simulate(regions, households, seed),
        name,
        paths.project / landing.workspace(),
    )


@app.command()
def report() -> None:
    """Render the pages again from the published database."""
    if not paths.database.exists():
        console.print("There is no published database yet: run coupling refresh first.")
        raise typer.Exit(1)
    for page in build_site(paths.database, paths.site):
        console.print(paths.shown(page))


@app.command()
def bench(
    runs: Annotated[int, typer.Option(min=2, help="Builds to compare.")] = 2,
    households: Annotated[
        int, typer.Option(min=0, help="Screen this many simulated surveys instead.")
    ] = 0,
    detectors: Annotated[
        int, typer.Option(min=0, help="Time detectors on this many households instead.")
    ] = 0,
) -> None:
    """Measure: builds compared byte by byte, or the household screen on known truth."""
    if households:
        bench_households(console, paths, households, 2000)
    elif detectors:
        bench_detectors(console, paths, detectors)
    else:
        _run(lambda: run_bench(console, paths, runs))


def _run(job) -> None:
    try:
        job()
    except RefreshError as failure:
        console.print(f"[red]Stopped:[/red] {failure}")
        raise typer.Exit(1) from failure
