"""Build twice from the same inputs: compare exports, show where time goes."""

import hashlib
import json
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from coupling.exports import export_marts
from coupling.paths import Paths
from coupling.refresh import RefreshError, Stopwatch, build_with_progress


def bench(console: Console, paths: Paths, runs: int) -> None:
    """Build `runs` times; print seconds per run, slowest nodes and peak memory.

    Raises RefreshError if two runs export different bytes.
    """
    watch = Stopwatch(console)
    digests = []
    with tempfile.TemporaryDirectory() as folder:
        for run in range(1, runs + 1):
            database = Path(folder) / str(run) / "coupling.duckdb"
            with watch.step(f"dbt build, run {run}"):
                result = build_with_progress(database, paths, console)
            with watch.step(f"exports, run {run}"):
                files = export_marts(database, database.parent / "exports")
            digests.append({file.name: _digest(file) for file in files})
            size = database.stat().st_size / 2**20
    console.print(watch.table())
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
