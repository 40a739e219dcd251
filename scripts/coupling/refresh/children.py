"""Processes that a refresh starts, and that end when it does, however it ends.

A child imports what its task needs at once, waits on its standard input for a line of
arguments, and ends itself when that input closes: also when the refresh was killed. It
keeps the lock of the refresh open, so no other refresh starts beside its remains.
"""

import gc
import json
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from coupling.base.failures import ExitCode, RefreshError, is_of_the_machine, sentence


class Child:
    """A task in a process of its own, loaded and ready to be given its arguments."""

    def __init__(
        self,
        task: str,
        *,
        folder: Path,
        environment: dict[str, str] | None = None,
        log: IO | None = None,
        keep_open: tuple[int, ...] = (),
    ):
        """Start loading `task` of TASKS; what it prints goes to `log`, if any."""
        self.task = task
        self.process = subprocess.Popen(
            # -P: the working folder is the project's, not a place for modules
            [sys.executable, "-P", "-m", "coupling.refresh.children", task],
            cwd=folder,
            env=os.environ | (environment or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            pass_fds=keep_open,
            text=True,
        )

    def go(self, **arguments) -> "Child":
        """Hand over the arguments, as JSON has them."""
        # if it ended while loading, whoever waits for it hears of it
        heard = self.process.stdin
        assert heard is not None
        with suppress(BrokenPipeError):
            heard.write(json.dumps(arguments, default=str) + "\n")
            heard.flush()
        return self

    def lines(self) -> Iterator[str]:
        """What it says on standard output, line by line, until it ends."""
        yield from self.process.stdout or ()
        self.process.wait()

    def result(self):
        """Wait for what the task returns; raise RefreshError if it failed."""
        said = [_read(line) for line in self.lines()]
        answer = said[-1] if said else {}
        if "result" in answer:
            return answer["result"]
        default = {
            "error": f"the process ended with code {self.process.returncode}",
            "code": ExitCode.RESULTS,
        }
        answer = default | answer
        raise RefreshError(f"{self.task}: {answer['error']}", ExitCode(answer["code"]))

    def kill(self) -> None:
        """End it at once, if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            with suppress(BrokenPipeError):
                stream.close()


def _read(line: str) -> dict:
    try:
        said = json.loads(line)
    except json.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}


def _dbt() -> Callable:
    from dbt.cli.main import cli

    return lambda arguments: cli(arguments)


def _exports() -> Callable:
    from coupling.outputs.exports import export_marts

    return lambda database, folder: [
        path.name for path in export_marts(Path(database), Path(folder))
    ]


def _workbooks() -> Callable:
    from coupling.outputs.workbooks import write_workbooks

    return lambda database, folder, studies=None: [
        path.name for path in write_workbooks(Path(database), Path(folder), studies)
    ]


def _pages() -> Callable:
    from coupling.site import site

    renderers = site.other_renderers()
    site.load_templates()
    site.charts_script()

    def run(database, folder, previous):
        pages = site.build_site(Path(database), Path(folder), Path(previous), renderers)
        return [path.name for path in pages]

    return run


def _compare() -> Callable:
    from coupling.outputs.compare import compare

    def run(before, after, but_for=""):
        before, after = before and Path(before), Path(after)
        others = compare(before, after, but_for) if but_for else []
        return {"tables": compare(before, after), "others": others}

    return run


TASKS = {
    "dbt": _dbt,
    "exports": _exports,
    "workbooks": _workbooks,
    "pages": _pages,
    "compare": _compare,
}


def main() -> None:
    """Load a task, wait for its arguments, run it, say what came of it."""
    # a child is gone before what it no longer needs adds up
    gc.disable()
    task = sys.argv[1]
    run = TASKS[task]()
    line = sys.stdin.readline()
    if not line:
        return
    threading.Thread(target=_end_with_the_refresh, daemon=True).start()
    if task == "dbt":
        run(json.loads(line)["arguments"])
    # whatever else the task prints must not look like its answer
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    try:
        answer = {"result": run(**json.loads(line))}
    except Exception as error:
        traceback.print_exc()
        fault = ExitCode.RESULTS
        if is_of_the_machine(error):
            fault = ExitCode.ENVIRONMENT
        answer = {"error": sentence(error), "code": fault}
    print(json.dumps(answer), file=answers, flush=True)


def _end_with_the_refresh() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main()
