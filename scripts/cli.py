"""The `coupling` command."""

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from coupling import explain as explanations
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
    pages = build_site(paths.database, paths.site, paths.site)
    first = [page for page in pages if page.parent == paths.site]
    for page in first:
        console.print(paths.shown(page))
    console.print(f"{len(pages) - len(first)} pages of chains beside them")


@app.command()
def explain(
    study: Annotated[str, typer.Option(help="study_id, as in marts.dim_studies.")],
    region: Annotated[
        str, typer.Option(help="Code, English name or Chinese name of the region.")
    ],
    year: Annotated[int, typer.Option(help="Calendar year of the study.")],
    method: Annotated[
        str | None, typer.Option(help="method_id; by default that of the study.")
    ] = None,
    lang: Annotated[
        Literal["en", "zh"], typer.Option(help="Language of texts and labels.")
    ] = "en",
    to: Annotated[
        Literal["html", "xlsx"] | None,
        typer.Option(help="Write a page or a workbook instead of printing."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write; its ending can stand for --to.")
    ] = None,
) -> None:
    """Show where a degree comes from: figures, scales, weights, scores, changes."""
    if out is not None and to is None:
        to = out.suffix.lstrip(".").lower()
        if to not in explanations.WRITERS:
            console.print("Say --to html or --to xlsx, or end --out in one of them.")
            raise typer.Exit(2)
    try:
        chain = explanations.find_chain(
            paths.database, study, region, year, method, lang
        )
        if to is None:
            explanations.print_chain(chain, console)
        else:
            written = explanations.write_chain(chain, to, out)
            console.print(f"{written} written", markup=False, highlight=False)
    except explanations.ExplainError as error:
        console.print(str(error), style="red", markup=False, highlight=False)
        raise typer.Exit(1) from error


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
