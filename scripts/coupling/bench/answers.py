"""How long a user waits for the answer of a study."""

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

from coupling.base.failures import ExitCode, RefreshError
from coupling.base.paths import Paths
from coupling.bench.panels import Size


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


def bench_study(console: Console, paths: Paths, text: str) -> None:
    """Time `coupling study new` on a drawn panel of REGIONSxYEARSxINDICATORS."""
    size = Size.read(text, least=(1, 1, 2))
    times = answer_times(paths, size.regions, size.years, size.indicators)
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
