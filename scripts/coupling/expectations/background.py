"""A process beside the build that runs one job after another and keeps what it loads.

Not multiprocessing: that would run the command's own start-up once more.
"""

import contextlib
import os
import pickle
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor


class BackgroundError(Exception):
    """A job failed; the message is what it said."""


class Background:
    """A context within which `submit` runs importable functions in another process."""

    def __enter__(self) -> "Background":
        """Start the process."""
        self._said = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "coupling.expectations"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
        )
        self._thread = ThreadPoolExecutor(1)
        return self

    def __exit__(self, *_) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._thread.shutdown(cancel_futures=True)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._said):
            assert pipe is not None
            with contextlib.suppress(OSError):  # a job that was never read
                pipe.close()

    def submit(self, job: Callable, *arguments) -> Future:
        """Run `job(*arguments)`; the future raises BackgroundError if it fails."""
        return self._thread.submit(self._run, job, arguments)

    def _run(self, job: Callable, arguments: tuple):
        said, heard = self._process.stdin, self._process.stdout
        assert said is not None and heard is not None
        try:
            pickle.dump((job, arguments), said)
            said.flush()
            good, answer = pickle.load(heard)
        except (EOFError, OSError) as error:
            self._said.seek(0)
            tail = self._said.read()[-2000:].decode(errors="replace")
            raise BackgroundError(f"the process ended: {tail}") from error
        if not good:
            raise BackgroundError(answer)
        return answer


def serve() -> None:
    """Answer jobs from standard input on standard output until it closes."""
    answers = os.fdopen(os.dup(1), "wb")
    os.nice(5)  # the build comes first
    os.dup2(2, 1)  # what a library prints must not mix with the answers
    while True:
        try:
            job, arguments = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer = True, job(*arguments)
        except Exception:
            answer = False, traceback.format_exc()
        pickle.dump(answer, answers)
        answers.flush()
