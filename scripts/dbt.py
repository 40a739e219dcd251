"""Run dbt in a process of its own, with progress and the peak of its memory."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coupling.paths import Paths


@dataclass(frozen=True)
class BuildResult:
    """What a dbt build did. Memory is the largest resident set of dbt so far, in MB."""

    succeeded: bool
    counts: dict[str, int]
    failures: list[str]
    peak_memory_mb: float


def build(
    database: Path,
    paths: Paths,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> BuildResult:
    """Build every seed, model and test of a project into a new `database`.

    `on_progress` gets nodes done and nodes in all.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    database.unlink(missing_ok=True)
    results = paths.target / "run_results.json"
    results.unlink(missing_ok=True)
    command = [
        *(sys.executable, "-m", "dbt.cli.main", "--log-format", "json"),
        *("--log-path", str(paths.target / "logs"), "build"),
        *("--project-dir", str(paths.project), "--profiles-dir", str(paths.project)),
        *("--target-path", str(paths.target)),
    ]
    environment = os.environ | {"COUPLING_DATABASE": str(database)}
    said = []
    with subprocess.Popen(
        command, env=environment, cwd=paths.project, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout:
            event = _event(line)
            data = event.get("data", {})
            if data.get("index") and data.get("total"):
                on_progress(data["index"], data["total"])
            if event.get("info", {}).get("level") == "error":
                said.append(event["info"]["msg"])
    counts, failures = _outcome(results)
    if process.returncode and not failures:
        failures = said
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return BuildResult(
        process.returncode == 0, counts, failures, usage.ru_maxrss / 1024
    )


def _event(line: str) -> dict:
    try:
        return json.loads(line)
    except json.JSONDecodeError:
        return {}


def _outcome(path: Path) -> tuple[dict[str, int], list[str]]:
    if not path.exists():
        return {}, []
    counts: dict[str, int] = {}
    failures = []
    for result in json.loads(path.read_text(encoding="utf-8"))["results"]:
        kind, _, name = result["unique_id"].split(".")[:3]
        counts[kind] = counts.get(kind, 0) + 1
        if result["status"] in ("error", "fail", "runtime error"):
            message = (result.get("message") or "").strip()
            failures.append(f"{kind} {name}: {message}")
    return counts, failures
