"""What each refresh did: one JSON file per run, kept outside the builds.

A record is written before the run does anything, again at every step and at its end,
so that a killed run leaves word of how far it came.
"""

import json
import os
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from coupling.base.disk import to_disk
from coupling.base.failures import ExitCode
from coupling.base.paths import Paths

RUNNING = "running"
PUBLISHED = "published"
ROLLED_BACK = "rolled_back"
FAILED = "failed"
STOPPED = "stopped"
KILLED = "killed"
ROLLBACK = "rollback"
RESULTS = (RUNNING, PUBLISHED, ROLLED_BACK, FAILED, STOPPED, KILLED)

# logs and hashes of inputs of older runs are dropped; their records stay
RUNS_IN_FULL = 100
NAME = re.compile(r"(\d{6})-\d{8}T\d{6}Z")


@dataclass
class Run:
    """One run; the fields are columns of marts.fct_runs where they are scalars.

    Times are UTC as ISO text. `finished_at` is `started_at` plus the seconds by a clock
    that never goes back. `step` is that at work, or the last. `inputs` maps each input
    file to its hash; it is kept in a file of its own.
    """

    run_id: str
    started_at: str
    result: str = RUNNING
    finished_at: str | None = None
    exit_code: int | None = None
    step: str = ""
    failed_step: str | None = None
    message: str | None = None
    previous_run_id: str | None = None
    served_run_id: str | None = None
    inputs_hash: str | None = None
    inputs_changed: int | None = None
    tests_passed: int | None = None
    tests_failed: int | None = None
    versions: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    tables: list[dict] = field(default_factory=list)
    inputs: dict[str, str] = field(default_factory=dict)


def new_run(paths: Paths, now: datetime) -> Run:
    """Record the start of a run, with an id that sorts after all there are.

    The number in front makes the order; a clock set back changes only the rest.
    """
    paths.runs.mkdir(parents=True, exist_ok=True)
    numbers = [
        int(match[1])
        for folder in (paths.runs, paths.builds)
        if folder.is_dir()
        for match in [NAME.match(entry.name) for entry in folder.iterdir()]
        if match
    ]
    number = max(numbers, default=0) + 1
    run = Run(f"{number:06d}-{now:%Y%m%dT%H%M%SZ}", f"{now:%Y-%m-%dT%H:%M:%S.%f}")
    save(paths, run, durably=True)
    return run


def save(paths: Paths, run: Run, durably: bool = False) -> None:
    """Write the record in the place of the one before, whole or not at all."""
    record = asdict(run)
    inputs = record.pop("inputs")
    if inputs and not inputs_file(paths, run.run_id).exists():
        _write(inputs_file(paths, run.run_id), inputs, durably)
    _write(record_file(paths, run.run_id), record, durably)


def load(paths: Paths) -> list[Run]:
    """All runs in their order; a record that cannot be read is left out."""
    if not paths.runs.is_dir():
        return []
    runs = []
    for path in sorted(paths.runs.iterdir()):
        if path.suffix != ".json" or not NAME.fullmatch(path.stem):
            continue
        try:
            run = Run(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError, OSError):
            continue
        try:
            text = inputs_file(paths, run.run_id).read_text(encoding="utf-8")
            run.inputs = dict(json.loads(text))
        except (ValueError, TypeError, OSError):
            run.inputs = {}
        runs.append(run)
    return runs


def close_unfinished(paths: Paths, current: str | None) -> list[Run]:
    """Say of runs that were killed what became of them; return those runs.

    Must be called with the lock held. A run whose build is the current one was killed
    after it had published; so was a rollback that has reached its build.
    """
    killed = [run for run in load(paths) if run.result == RUNNING]
    for run in killed:
        run.message = f"killed in step '{run.step}'"
        if current and run.run_id == current:
            run.result, run.exit_code = PUBLISHED, int(ExitCode.DONE)
            run.message += ", after it had published"
        elif run.step == ROLLBACK and current == run.served_run_id:
            run.result, run.exit_code = ROLLED_BACK, int(ExitCode.DONE)
            run.message += ", after it had rolled back"
        else:
            run.result, run.failed_step = KILLED, run.step
            run.served_run_id = current
        save(paths, run, durably=True)
    return killed


def withdrawn(runs: list[Run]) -> set[str]:
    """Runs whose builds were rolled back from."""
    return {
        run.previous_run_id
        for run in runs
        if run.result == ROLLED_BACK and run.previous_run_id
    }


def prune(paths: Paths) -> None:
    """Drop logs and hashes of inputs of all but the latest runs."""
    records = sorted(p.stem for p in paths.runs.iterdir() if NAME.fullmatch(p.stem))
    for run_id in sorted(set(records))[:-RUNS_IN_FULL]:
        log_file(paths, run_id).unlink(missing_ok=True)
        inputs_file(paths, run_id).unlink(missing_ok=True)


def record_file(paths: Paths, run_id: str) -> Path:
    """Where the record of a run is."""
    return paths.runs / f"{run_id}.json"


def inputs_file(paths: Paths, run_id: str) -> Path:
    """Where the hashes of a run's inputs are."""
    return paths.runs / f"{run_id}.inputs"


def log_file(paths: Paths, run_id: str) -> Path:
    """Where the log of a run is: what dbt said, and tracebacks."""
    return paths.runs / f"{run_id}.log"


def _write(path: Path, content: dict, durably: bool) -> None:
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
        if durably:
            file.flush()
            os.fsync(file.fileno())
    partial.replace(path)
    if durably:
        to_disk(path.parent)
