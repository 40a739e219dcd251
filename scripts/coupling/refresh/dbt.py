"""Run dbt in a process of its own, with progress and the peak of its memory."""

import json
import os
import re
import resource
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from coupling.base.paths import Paths
from coupling.refresh.children import Child

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

    @property
    def is_test(self) -> bool:
        """True of data tests and unit tests."""
        return self.kind in ("test", "unit_test")


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
    def failed(self) -> list[Node]:
        """Nodes that went wrong; what was skipped for them is left out."""
        return [n for n in self.nodes if not n.is_good and n.status != "skipped"]

    @property
    def failures(self) -> list[str]:
        """What went wrong, a line each."""
        lines = [f"{node.kind} {node.name}: {node.message}" for node in self.failed]
        return lines if lines or self.succeeded else self.said

    def with_tests(self, tests: list[Node]) -> "BuildResult":
        """Return the result of the build and of `tests` done after it."""
        succeeded = self.succeeded and all(test.is_good for test in tests)
        return replace(self, succeeded=succeeded, nodes=[*self.nodes, *tests])

    @property
    def tests(self) -> tuple[int, int]:
        """Data and unit tests that held, and that did not."""
        passed = sum(node.is_test and node.is_good for node in self.nodes)
        return passed, sum(node.is_test for node in self.failed)


def build(
    database: Path,
    paths: Paths,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    select: tuple[str, ...] = (),
    exclude: str = "",
    without: tuple[str, ...] = (),
    *,
    onto: bool = False,
    child: Child | None = None,
    log: IO | None = None,
) -> BuildResult:
    """Build every seed, model and test of a project into a new `database`.

    With `onto`, what the database has and the build does not make stays there.

    `on_progress` gets nodes done and nodes in all and may raise to end the build;
    `select` and `exclude` limit it to what dbt selects, and does not exclude, by these
    words, and `without` leaves kinds of resources out. `child` is a process that has
    loaded dbt already, in the environment of `at`; what dbt says is also written to
    `log`.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    if not onto:
        database.unlink(missing_ok=True)
    results = paths.target / "run_results.json"
    results.unlink(missing_ok=True)
    arguments = [
        *("--log-format", "json", "--log-level-file=none"),
        *("--log-path", str(paths.target / "logs"), "build"),
        *("--project-dir", str(paths.project), "--profiles-dir", str(paths.project)),
        *("--target-path", str(paths.target)),
        *(("--select", *select) if select else ()),
        *(("--exclude", exclude) if exclude else ()),
        *(word for kind in without for word in ("--exclude-resource-type", kind)),
    ]
    if child is None:
        child = Child("dbt", folder=paths.project, environment=at(database, paths))
    said = []
    try:
        for line in child.go(arguments=arguments).lines():
            event = _event(line)
            data, info = event.get("data", {}), event.get("info", {})
            if data.get("index") and data.get("total"):
                on_progress(data["index"], data["total"])
            if log is not None and info.get("msg"):
                print(info.get("ts", ""), ANSI.sub("", info["msg"]), file=log)
            if info.get("level") == "error":
                said.append(ANSI.sub("", info["msg"]).partition("Traceback")[0])
    finally:
        child.kill()
    if not said and child.process.returncode:
        said.append(f"dbt ended with code {child.process.returncode}")
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return BuildResult(
        child.process.returncode == 0, _nodes(results), said, usage.ru_maxrss / 1024
    )


def at(database: Path, paths: Paths) -> dict[str, str]:
    """Return the environment in which dbt builds `database`.

    The path is from the project's folder, so that what dbt keeps of parsing a project
    stays good where the project is moved or copied.
    """
    return {"COUPLING_DATABASE": os.path.relpath(database, paths.project)}


def _event(line: str) -> dict:
    try:
        event = json.loads(line)
    except json.JSONDecodeError:
        return {}
    return event if isinstance(event, dict) else {}


def _nodes(path: Path) -> list[Node]:
    if not path.exists():
        return []
    results = json.loads(path.read_text(encoding="utf-8"))["results"]
    return [
        Node(
            result["unique_id"].split(".")[0],
            result["unique_id"].split(".")[2],
            result["status"],
            ANSI.sub("", result.get("message") or "").strip(),
        )
        for result in results
        # an exposure is listed but nothing is done about it; a hook is no node
        if result["status"] != "no-op" and result["unique_id"][:9] != "operation"
    ]
