"""The `coupling` command."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from coupling.failures import EXPLAINED, ExitCode, RefreshError, Stopped
from coupling.paths import Paths

app = typer.Typer(no_args_is_help=True, add_completion=False)
console = Console()
paths = Paths()

EXIT_CODES = "Exit codes: " + "; ".join(
    f"{code:d} {meaning}" for code, meaning in EXPLAINED.items()
)


@app.command(epilog=EXIT_CODES)
def refresh(
    since_change: Annotated[
        bool, typer.Option(help="Do nothing if no input changed since the last build.")
    ] = False,
    only: Annotated[
        str,
        typer.Option(
            metavar="STUDY",
            help="Publish only if no row changed but those of this study.",
        ),
    ] = "",
    rollback: Annotated[
        bool, typer.Option(help="Publish the build before the current one again.")
    ] = False,
) -> None:
    """Check the seeds, build, test, export, render the pages, publish all at once."""
    # what a refresh needs takes a while to load, which a look at --help should not
    from coupling import refresh as job

    if rollback and (only or since_change):
        console.print("--rollback builds nothing: give it alone.")
        raise typer.Exit(ExitCode.USAGE)
    if rollback:
        _run(lambda: job.rollback(console, paths))
    else:
        _run(lambda: job.refresh(console, paths, only=only, since_change=since_change))


@app.command()
def check() -> None:
    """Check the seeds against their contracts; build nothing."""
    from coupling.refresh import refuse_bad_seeds

    _run(lambda: refuse_bad_seeds(paths.seeds, console))
    console.print("The seeds keep their contracts.")


@app.command()
def land(
    what: Annotated[str, typer.Argument(help="What to land: households.")],
    file: Annotated[
        Path | None, typer.Argument(help="Survey file: .dta, .sav, .csv or .parquet.")
    ] = None,
    survey: Annotated[
        str, typer.Option(help="Survey in seeds/households/survey_mappings.csv.")
    ] = "",
    simulate: Annotated[
        int, typer.Option(min=0, help="Simulate this many households instead.")
    ] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the simulation.")] = 2022,
) -> None:
    """Land a household survey in the workspace; the next refresh screens it."""
    if what != "households" or (file is None) == (simulate == 0):
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
                file, survey, mappings, paths.project / landing.workspace()
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
    from coupling.seeds import load_seeds

    regions = load_seeds(paths.seeds)["regions"].typed["region_code"].tolist()
    landing.land_simulated(
        *simulate(regions, households, seed),
        name,
        paths.project / landing.workspace(),
    )


@app.command()
def report() -> None:
    """Render the pages of the published database into target/site, for a look.

    The published pages belong to their build and stay as they are; a refresh publishes
    pages, database and exports together.
    """
    from coupling_reports.site import build_site

    if not paths.database.exists():
        console.print("There is no published database yet: run coupling refresh first.")
        raise typer.Exit(1)
    for page in build_site(paths.database, paths.target / "site"):
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
    from coupling.bench import bench as run_bench
    from coupling.bench import bench_detectors, bench_households

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
        console.print("[red]Stopped:[/red]", end=" ")
        console.print(str(failure), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(int(failure.code)) from failure
    except Stopped as stop:
        console.print(f"[red]Stopped[/red] by signal {stop.number}.")
        sys.exit(128 + stop.number)
