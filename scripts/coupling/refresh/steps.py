"""The steps of a run: a bar while they are at work, a line with its time after each."""

import time
from collections.abc import Callable
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

COLUMNS = (
    TextColumn("{task.description:16}"),
    BarColumn(),
    MofNCompleteColumn(),
    TimeElapsedColumn(),
)


class Steps:
    """Seconds of each step, in the order in which they ran."""

    def __init__(
        self,
        console: Console,
        count: int = 0,
        on_start: Callable[[str], None] = lambda name: None,
        now: Callable[[], float] = time.perf_counter,
    ):
        """Prepare for `count` steps; `on_start` hears the name of each."""
        self.console = console
        self.count = count
        self.on_start = on_start
        self.now = now
        self.seconds: dict[str, float] = {}
        self.started = now()
        self._bar = Progress(
            *COLUMNS, console=console, transient=True, disable=not console.is_terminal
        )
        self._task: TaskID | None = None

    @contextmanager
    def step(self, name: str):
        """Time the block as one step, with a bar where there is a terminal."""
        self.on_start(name)
        started = self.now()
        with self._bar:
            task = self._task = self._bar.add_task(name, total=None)
            try:
                yield
            finally:
                self._bar.remove_task(task)
                self._task = None
        self.seconds[name] = self.now() - started
        place = f"{len(self.seconds):2}"
        if self.count:
            place += f"/{self.count}"
        self.console.print(
            f"{place}  {name:18}{self.seconds[name]:7.2f} s",
            highlight=False,
            markup=False,
        )

    def progress(self, done: int, total: int) -> None:
        """Move the bar of the step at work."""
        if self._task is not None:
            self._bar.update(self._task, completed=done, total=total)

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning, by a clock that never goes back."""
        return self.now() - self.started
