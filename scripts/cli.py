"""The `coupling` command."""

from typing import Annotated

import typer
from rich.console import Console

from coupling.bench import bench as run_bench
from coupling.paths import Paths
from coupling.refresh import RefreshError, refuse_bad_seeds
from coupling.refresh import refresh as run_refresh
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
) -> None:
    """Build repeatedly: times by step, memory, and whether exports are identical."""
    _run(lambda: run_bench(console, paths, runs))


def _run(job) -> None:
    try:
        job()
    except RefreshError as failure:
        console.print(f"[red]Stopped:[/red] {failure}")
        raise typer.Exit(1) from failure
