"""Refresh the warehouse: gate, build, exports, pages, publish."""

import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from coupling import dbt, gate
from coupling.exports import export_marts
from coupling.paths import Paths
from coupling_reports.site import build_site

# what the YAML of the seeds states: the gate has just tested it on the files themselves
TESTED_BY_THE_GATE = "path:seeds,resource_type:test"


class RefreshError(Exception):
    """A step failed; nothing was published."""


@dataclass
class Stopwatch:
    """Seconds of each step, in the order in which they ran."""

    console: Console
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str):
        """Time the block as one step."""
        started = time.perf_counter()
        self.console.print(f"[bold]{name}[/bold] ...")
        try:
            yield
        except OSError as error:
            raise RefreshError(f"{name}: {error}; nothing was published") from error
        self.seconds[name] = time.perf_counter() - started

    def table(self) -> Table:
        """Seconds by step, with their sum."""
        table = Table("step", "seconds", title="Time by step")
        for name, seconds in self.seconds.items():
            table.add_row(name, f"{seconds:.1f}")
        table.add_row("all", f"{sum(self.seconds.values()):.1f}", style="bold")
        return table


def refresh(console: Console, paths: Paths) -> None:
    """Check, build, export, render and publish; print times and where to look.

    Raises RefreshError, with what was wrong already printed, if any step fails. The
    published database, exports and pages then stay as they were.
    """
    watch = Stopwatch(console)
    new_database = paths.building / paths.database.name
    new_exports = paths.building / "exports"
    new_site = paths.building / "site"
    with watch.step("gate"):
        refuse_bad_seeds(paths.seeds, console)
    with watch.step("dbt build"):
        shutil.rmtree(paths.building, ignore_errors=True)
        result = build_with_progress(new_database, paths, console)
    with watch.step("exports"):
        files = export_marts(new_database, new_exports)
    with watch.step("pages"):
        pages = build_site(new_database, new_site, paths.site)
    with watch.step("publish"):
        replace_folder(new_exports, paths.exports)
        replace_folder(new_site, paths.site)
        new_database.replace(paths.database)
        shutil.rmtree(paths.building)
    console.print(watch.table())
    console.print(f"Peak memory of the build: {result.peak_memory_mb:.0f} MB")
    ran = ", ".join(
        f"{count} {kind.replace('_', ' ')}s"
        for kind, count in sorted(result.counts.items())
    )
    console.print(f"dbt ran {ran}, all passed.")
    console.print("\nWhere to look:")
    for what, path, note in (
        ("database", paths.database, "schemas marts and quality"),
        ("exports", paths.exports, f"{len(files)} Parquet files"),
        ("pages", paths.site / "index.html", f"{len(pages)} pages"),
    ):
        console.print(f"  {what:9} {paths.shown(path)}  ({note})")


def refuse_bad_seeds(seeds: Path, console: Console) -> None:
    """Print each fault of the seeds and raise RefreshError if there is any."""
    findings = gate.check_seeds(seeds)
    if not findings:
        return
    console.print(f"[red]{len(findings)} fault(s) in the seeds:[/red]")
    for finding in findings:
        where = finding.file
        where += f", row {finding.row}" if finding.row else ""
        where += f", column {finding.column}" if finding.column else ""
        console.print(
            f"  {where}: found {finding.found}; expected {finding.expected}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    raise RefreshError("the seeds have faults; nothing was built")


def build_with_progress(
    database: Path, paths: Paths, console: Console
) -> dbt.BuildResult:
    """Run dbt build behind a progress bar; raise RefreshError if anything fails."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("seeds, models and tests", total=None)
        result = dbt.build(
            database,
            paths,
            on_progress=lambda done, total: progress.update(
                task, completed=done, total=total
            ),
            exclude=TESTED_BY_THE_GATE,
        )
    if not result.succeeded:
        for failure in result.failures:
            console.print(failure, style="red", markup=False, highlight=False)
        raise RefreshError("the build failed; nothing was published")
    return result


def replace_folder(new: Path, published: Path) -> None:
    """Put `new` in the place of `published`."""
    retired = new.with_name(f"{new.name}.retired")
    published.parent.mkdir(parents=True, exist_ok=True)
    if published.exists():
        published.replace(retired)
    new.replace(published)
    shutil.rmtree(retired, ignore_errors=True)
