"""Run dbt in a process of its own, with progress and the peak of its memory."""

import json
import os
import re
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coupling.paths import Paths

ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Node:
    """What became of one seed, model or test; status as dbt names it."""

    kind: str
    name: str
    status: str
    message: str

    @property
    def is_good(self) -> bool:
        """True where dbt built it or found the test to hold."""
        return self.status in ("success", "pass")


@dataclass(frozen=True)
class BuildResult:
    """What a dbt build did; memory is the largest resident set of dbt so far."""

    succeeded: bool
    nodes: list[Node]
    said: list[str]
    peak_memory_mb: float

    @property
    def counts(self) -> dict[str, int]:
        """Nodes by kind: seed, model, test, unit_test."""
        return Counter(node.kind for node in self.nodes)

    @property
    def failures(self) -> list[str]:
        """What went wrong, a line each; what was skipped for it is left out."""
        bad = [n for n in self.nodes if not n.is_good and n.status != "skipped"]
        lines = [f"{node.kind} {node.name}: {node.message}" for node in bad]
        return lines if lines or self.succeeded else self.said


def build(
    database: Path,
    paths: Paths,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    select: tuple[str, ...] = (),
    exclude: str = "",
) -> BuildResult:
    """Build every seed, model and test of a project into a new `database`.

    `on_progress` gets nodes done and nodes in all; `select` and `exclude` limit the
    build to what dbt selects, and does not exclude, by these words.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    database.unlink(missing_ok=True)
    results = paths.target / "run_results.json"
    results.unlink(missing_ok=True)
    command = [
        *(str(Path(sys.executable).with_name("dbt")), "--log-format", "json"),
        "--log-level-file=none",
        *("--log-path", str(paths.target / "logs"), "build"),
        *("--project-dir", str(paths.project), "--profiles-dir", str(paths.project)),
        *("--target-path", str(paths.target)),
        *(("--select", *select) if select else ()),
        *(("--exclude", exclude) if exclude else ()),
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
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return BuildResult(
        process.returncode == 0, _nodes(results), said, usage.ru_maxrss / 1024
    )


def _event(line: str) -> dict:
    try:
        return json.loads(line)
    except json.JSONDecodeError:
        return {}


def _nodes(path: Path) -> list[Node]:
    if not path.exists():
        return []
    results = json.loads(path.read_text(encoding="utf-8"))["results"]
    return [
        Node(
            *(result["unique_id"].split(".")[place] for place in (0, 2)),
            result["status"],
            ANSI.sub("", result.get("message") or "").strip(),
        )
        for result in results
        # an exposure is listed but nothing is done about it
        if result["status"] != "no-op"
    ]
