"""Measure: builds compared byte by byte, and the household screen on known truth."""

import hashlib
import json
import resource
import tempfile
import time
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.progress import track
from rich.table import Table

from coupling import dbt
from coupling.exports import export_marts
from coupling.failures import ExitCode, RefreshError
from coupling.paths import Paths
from coupling.seeds import load_seeds, provinces
from coupling.steps import Steps


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
