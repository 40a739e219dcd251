"""Measure: builds compared byte by byte, the household screen, a study's answer."""

import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.progress import track
from rich.table import Table

from coupling.base.failures import ExitCode, RefreshError
from coupling.base.paths import Paths
from coupling.contracts.seeds import load_seeds, provinces
from coupling.outputs.exports import export_marts
from coupling.refresh import dbt
from coupling.refresh.steps import Steps


def bench(console: Console, paths: Paths, runs: int) -> None:
    """Build `runs` times; print seconds per run, slowest nodes and peak memory.

    Raises RefreshError if two runs export different bytes.
    """
    steps = Steps(console, 2 * runs)
    digests = []
    with tempfile.TemporaryDirectory() as folder:
        for run in range(1, runs + 1):
            database = Path(folder) / str(run) / "coupling.duckdb"
            with steps.step(f"dbt build, run {run}"):
                result = dbt.build(database, paths, on_progress=steps.progress)
                if not result.succeeded:
                    raise RefreshError("\n".join(result.failures), ExitCode.BUILD)
            with steps.step(f"exports, run {run}"):
                files = export_marts(database, database.parent / "exports")
            digests.append({file.name: _digest(file) for file in files})
            size = database.stat().st_size / 2**20
    console.print(_slowest_nodes(paths.target / "run_results.json"))
    console.print(f"Peak memory of dbt: {result.peak_memory_mb:.0f} MB")
    console.print(f"Database: {size:.0f} MB, exports: {len(files)} files")
    changed = [
        name for name in digests[0] if any(d[name] != digests[0][name] for d in digests)
    ]
    if changed:
        raise RefreshError(f"these exports differ between runs: {', '.join(changed)}")
    console.print(f"{runs} runs exported the same bytes.")


def bench_households(console: Console, paths: Paths, seeds: int, size: int) -> None:
    """Screen `seeds` simulated surveys of `size` households and print the error rates.

    Mean and standard deviation over the seeds 0, 1, ... of what
    coupling.households.evaluation.compare measures, per detector.
    """
    # learners take a second to load, so only where they are needed
    from coupling.households.evaluation import MEASURES, evaluate, summary

    regions, settings = _regions_and_parameters(paths)
    parts = []
    for seed in track(range(seeds), "simulated surveys", console=console):
        parts.append(evaluate(regions, settings, [seed], size, n_jobs=-1))
    found = summary(pd.concat(parts, ignore_index=True))
    console.print(f"{seeds} simulated surveys of {size} households, mean and spread:")
    for row in found.to_dict("records"):
        console.print(f"  [bold]{row['detector']}[/bold]")
        for name in MEASURES:
            mean, spread = row[f"{name}_mean"], row[f"{name}_sd"]
            console.print(f"    {name:20} {mean:8.3f} ± {spread:.3f}")


def bench_detectors(console: Console, paths: Paths, size: int) -> None:
    """Time the detectors alone on one simulated survey of `size` households."""
    from coupling.households.detectors import (
        AMOUNTS,
        FAMILY_SIZE,
        detect,
        household_features,
        scale,
    )
    from coupling.households.simulation import simulate

    regions, settings = _regions_and_parameters(paths)
    # about one household in five has a gap; the detectors take completed ones
    survey, _ = simulate(regions, round(1.3 * size), settings["seed"])
    complete = survey.dropna(subset=[*AMOUNTS, FAMILY_SIZE]).head(size)
    features, _ = household_features(
        complete,
        settings["winsor_lower"],
        settings["winsor_upper"],
        settings["floor_share"],
    )
    scaled = scale(features, settings["scale_lower"], settings["scale_upper"])
    started = time.perf_counter()
    detect(scaled, settings, n_jobs=-1)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(
        f"Detectors on {len(scaled):,} simulated households: "
        f"{seconds:.1f} s, peak memory of the process {peak:,.0f} MB"
    )


@dataclass(frozen=True)
class AnswerTimes:
    """Seconds of `coupling study new`, and of loading its libraries and nothing else.

    `printed` until the last line of the answer, `ended` with workbook and page;
    `processor` is what the processors spent on it.
    """

    printed: float
    ended: float
    processor: float
    libraries: float
    libraries_processor: float


def bench_study(console: Console, paths: Paths, size: str) -> None:
    """Time `coupling study new` on a drawn panel of REGIONSxYEARSxINDICATORS."""
    try:
        regions, years, indicators = (int(part) for part in size.split("x"))
    except ValueError:
        regions = years = indicators = 0
    if min(regions, years, indicators - 1) < 1:
        raise RefreshError(
            f"found {size}; expected regions, years and indicators, two or"
            " more of these, such as 16x8x12",
            ExitCode.USAGE,
        )
    times = answer_times(paths, regions, years, indicators)
    console.print(
        f"{size}: answer printed after {times.printed:.1f} s, workbook and page after"
        f" {times.ended:.1f} s, {times.processor:.1f} s of processor; to load its"
        f" libraries alone takes {times.libraries:.1f} s"
    )


def answer_times(
    paths: Paths, regions: int, years: int, indicators: int
) -> AnswerTimes:
    """Make a study of a drawn panel in a workspace of its own, and time it."""
    name = f"bench_{regions}x{years}x{indicators}"
    half = 2 + indicators // 2
    systems = (f"One=3-{half}", f"Two={half + 1}-{2 + indicators}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{name}.csv"
        _drawn_panel(regions, years, indicators).to_csv(file, index=False)
        environment = os.environ | {
            "COUPLING_WORKSPACE": str(Path(folder) / "workspace"),
            "PYTHONUNBUFFERED": "1",
        }
        before = _processor_seconds()
        printed, ended = _seconds_until(
            [
                *(sys.executable, "-c", "from coupling.cli import app; app()"),
                *("study", "new", str(file), "--yes"),
                *(f"--system={system}" for system in systems),
            ],
            f"{name}.xlsx",
            environment,
        )
        between = _processor_seconds()
        _, libraries = _seconds_until(
            [sys.executable, "-c", "import duckdb, pandas, pyarrow, rich, typer"],
            "",
            environment,
        )
        after = _processor_seconds()
    shutil.rmtree(paths.target / "studies" / name, ignore_errors=True)
    return AnswerTimes(printed, ended, between - before, libraries, after - between)


def _drawn_panel(regions: int, years: int, indicators: int) -> pd.DataFrame:
    draw = np.random.default_rng(0)
    level = draw.gamma(3, 100, (regions, 1, indicators))
    growth = 1 + 0.03 * np.arange(years)[None, :, None]
    noise = draw.lognormal(0, 0.1, (regions, years, indicators))
    cells = (level * growth * noise).round(3).reshape(-1, indicators)
    panel = pd.DataFrame(cells, columns=[f"Item {n + 1}" for n in range(indicators)])
    panel.insert(0, "region", np.repeat([f"Place {n}" for n in range(regions)], years))
    panel.insert(1, "year", np.tile(np.arange(2000, 2000 + years), regions))
    return panel


def _seconds_until(
    command: list[str], after: str, environment: dict[str, str]
) -> tuple[float, float]:
    """Seconds until the last line before one that ends with `after`, and to the end."""
    started = time.perf_counter()
    said, printed, is_after = [], 0.0, False
    with subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for line in process.stdout or ():
            said.append(line)
            is_after |= bool(after) and line.rstrip().endswith(after)
            if line.strip() and not is_after:
                printed = time.perf_counter() - started
    ended = time.perf_counter() - started
    if process.returncode or (after and not is_after):
        raise RefreshError("".join(said), ExitCode.RESULTS)
    return printed, ended


def _processor_seconds() -> float:
    """What children that have ended spent."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _regions_and_parameters(paths: Paths) -> tuple[list[str], dict]:
    from coupling.households.frames import parameters

    seeds = load_seeds(paths.seeds)
    settings = parameters(seeds["detector_parameters"].text)
    return provinces(seeds), settings


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _slowest_nodes(path: Path, count: int = 10) -> Table:
    results = json.loads(path.read_text(encoding="utf-8"))["results"]
    results.sort(key=lambda result: -result["execution_time"])
    table = Table("node", "seconds", title="Slowest nodes of the last run")
    for result in results[:count]:
        name = result["unique_id"].split(".")[2]
        table.add_row(name, f"{result['execution_time']:.2f}")
    return table
