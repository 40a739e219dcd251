"""One run at work: its record, its log, its processes, and how it ends."""

import shutil
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

from rich.console import Console

from coupling.base.failures import (
    ExitCode,
    RefreshError,
    Stopped,
    is_of_the_machine,
    sentence,
)
from coupling.base.paths import Paths
from coupling.publishing import publish, runs
from coupling.publishing.lock import refresh_lock
from coupling.refresh.children import Child
from coupling.refresh.steps import Steps

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time by the machine's clock; used for names and records, not for order."""
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass
class Work:
    """A run at work: where, for whom, and what it has started."""

    console: Console
    paths: Paths
    run: runs.Run
    log: TextIO
    lock: int
    steps: Steps
    clock: Clock
    children: list[Child] = field(default_factory=list)

    @property
    def database(self) -> Path:
        """The new database."""
        return self.paths.building / publish.PARTS["database"]

    @property
    def exports(self) -> Path:
        """The new exports."""
        return self.paths.building / publish.PARTS["exports"]

    @property
    def site(self) -> Path:
        """The new pages."""
        return self.paths.building / publish.PARTS["site"]

    def child(self, task: str, **environment: str) -> Child:
        """Start loading a task in a process that ends with this run."""
        child = Child(
            task,
            folder=self.paths.project,
            environment=environment,
            log=self.log,
            keep_open=(self.lock,),
        )
        self.children.append(child)
        return child


@contextmanager
def alone(console: Console, paths: Paths, clock: Clock) -> Iterator[int]:
    """Hold the lock for the block, after clearing what killed runs left.

    Yields the lock's descriptor. Raises RefreshError if another refresh is at work or
    the warehouse cannot be written to, Stopped when SIGTERM or SIGINT comes.
    """
    since = f"{clock():%Y-%m-%d %H:%M:%S} UTC"
    with _stopped_by_signals(), refresh_lock(paths, since) as lock:
        with _cannot_write(paths):
            for run in runs.close_unfinished(paths, publish.current_id(paths)):
                console.print(f"Run {run.run_id} was {run.message}.", highlight=False)
            publish.clear_leftovers(paths)
        yield lock


@contextmanager
def recorded(
    console: Console,
    paths: Paths,
    lock: int,
    clock: Clock,
    codes: dict[str, ExitCode],
    count: int,
) -> Iterator[Work]:
    """Record the run whatever becomes of it, and turn what goes wrong into sentences.

    `codes` gives the exit code of steps that fail by an error nobody foresaw; it is
    ExitCode.ENVIRONMENT where the machine is at fault, else ExitCode.RESULTS.
    """
    with _cannot_write(paths):
        run = runs.new_run(paths, clock())
        log = runs.log_file(paths, run.run_id).open("a", encoding="utf-8", buffering=1)
    run.previous_run_id = run.served_run_id = publish.current_id(paths)

    def started(step: str) -> None:
        run.step = step
        print(f"== {step}", file=log)
        runs.save(paths, run)

    steps = Steps(console, count, on_start=started)
    run.seconds = steps.seconds
    work = Work(console, paths, run, log, lock, steps, clock)
    try:
        yield work
        run.exit_code = int(ExitCode.DONE)
    except RefreshError as error:
        _fail(work, error)
        raise
    except Stopped as stop:
        run.result, run.exit_code = runs.STOPPED, 128 + stop.number
        run.failed_step, run.message = run.step, str(stop)
        raise
    except Exception as error:
        _keep_traceback(work)
        code = codes.get(run.step, ExitCode.RESULTS)
        if is_of_the_machine(error):
            code = ExitCode.ENVIRONMENT
        failure = RefreshError(f"{run.step}: {sentence(error)}", code)
        _fail(work, failure)
        raise failure from error
    finally:
        for child in work.children:
            child.kill()
        _close(work)


def _fail(work: Work, error: RefreshError) -> None:
    run = work.run
    run.result, run.exit_code = runs.FAILED, int(error.code)
    run.failed_step, run.message = run.failed_step or run.step, str(error)


def _keep_traceback(work: Work) -> None:
    # a full disk must not hide what went wrong first
    with suppress(OSError):
        traceback.print_exc(file=work.log)


def _close(work: Work) -> None:
    """Clear what was not published and write the record of how the run ended."""
    run, paths = work.run, work.paths
    if publish.current_id(paths) == run.run_id:
        # also where something failed after the rename
        run.result, run.served_run_id = runs.PUBLISHED, run.run_id
    elif run.result != runs.ROLLED_BACK:
        shutil.rmtree(paths.building, ignore_errors=True)
        shutil.rmtree(paths.builds / run.run_id, ignore_errors=True)
    run.finished_at = finish(work)
    try:
        runs.save(paths, run, durably=True)
        work.log.close()
        publish.prune(paths)
        runs.prune(paths)
    except OSError as error:
        work.console.print(
            f"The end of run {run.run_id} could not be recorded: {sentence(error)}",
            style="red",
            markup=False,
            soft_wrap=True,
        )
    if run.result in (runs.FAILED, runs.STOPPED):
        log = paths.shown(runs.log_file(paths, run.run_id))
        work.console.print(
            f"Failed in step '{run.failed_step}'. Log: {log}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def finish(work: Work) -> str:
    """When the run ends if it ends now: never before its start, whatever the clock."""
    started = datetime.fromisoformat(work.run.started_at)
    end = started + timedelta(seconds=work.steps.elapsed)
    return f"{end:%Y-%m-%dT%H:%M:%S.%f}"


@contextmanager
def _cannot_write(paths: Paths) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RefreshError(
            f"cannot write to {paths.shown(paths.warehouse)}: {sentence(error)}",
            ExitCode.ENVIRONMENT,
        ) from error


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Raise Stopped where SIGTERM or SIGINT comes, so that the run ends in order."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number, frame):
        raise Stopped(number)

    before = {n: signal.signal(n, stop) for n in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
