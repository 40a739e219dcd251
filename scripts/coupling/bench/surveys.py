"""The screen of households: its error rates, and the time of the detectors alone."""

import resource
import time

import pandas as pd
from rich.console import Console
from rich.progress import track

from coupling.base.paths import Paths
from coupling.contracts.seeds import load_seeds, provinces


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
