"""Builds compared byte by byte: seconds, slowest nodes, memory."""

import hashlib
import json
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from coupling.base.failures import ExitCode, RefreshError
from coupling.base.paths import Paths
from coupling.outputs.exports import export_marts
from coupling.refresh import dbt
from coupling.refresh.steps import Steps


def bench_builds(console: Console, paths: Paths, runs: int) -> None:
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
