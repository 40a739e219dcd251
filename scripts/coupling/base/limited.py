"""Call a function in a process of its own, which may take so much memory and time.

Readers of packed files unpack what a few bytes ask for, and some of them end the
process where there is no memory for it. So they read in a child, which the kernel holds
to its limits; what it read comes back, or one sentence.
"""

import os
import pickle
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

MIB = 1024 * 1024
# libraries alone take 100 MiB
LEAST_MEMORY = 352 * MIB
MEMORY_PER_BYTE = 64
LEAST_SECONDS = 5
SECONDS_PER_MIB = 5
# threads and pools of the libraries would count as memory, unused as it is
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_IO_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "1",
}
OUT_OF_MEMORY = 70
# some readers abort where there is no memory for them
MEMORY_ENDED = (OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGKILL)
# seconds; a reader that sleeps so long waits for nothing
LOOK_EVERY, ASLEEP = 0.25, 2.0
# of the clock, where other programs have the processors, for a second of the child
PATIENCE = 20


class LimitError(Exception):
    """A call that took more than it may, or that ended its process: one sentence."""


def read_within_limits(
    function: Callable[..., Any], file: Path, *arguments: Any
) -> Any:
    """Return what `function(file, *arguments)` returns, or raise what it raises.

    Memory and time follow from the size of the file. The function is one of a module,
    and what it takes, returns and raises can be pickled.

    Raises LimitError if it takes more memory or time, or ends the process.
    """
    size = file.stat().st_size
    memory = LEAST_MEMORY + MEMORY_PER_BYTE * size
    seconds = LEAST_SECONDS + SECONDS_PER_MIB * size // MIB
    call = (function.__module__, function.__qualname__, (file, *arguments))
    with subprocess.Popen(
        [
            sys.executable,
            "-P",
            "-m",
            "coupling.base.limited",
            str(memory),
            str(seconds),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | ONE_THREAD,
    ) as child:
        try:
            said = _answer(child, pickle.dumps(call), PATIENCE * seconds)
        except subprocess.TimeoutExpired as error:
            raise LimitError(_too_long(file, seconds)) from error
        finally:
            child.kill()
    if child.returncode == -signal.SIGXCPU:
        raise LimitError(_too_long(file, seconds))
    if child.returncode in MEMORY_ENDED:
        raise LimitError(
            f"{file.name} unpacks to more than {memory // MIB:,} MiB of memory; it has"
            f" {size:,} bytes, and no table of that size takes so much"
        )
    if child.returncode:
        raise LimitError(
            f"{file.name} is damaged: its reader ended with {child.returncode}"
        )
    is_good, found = pickle.loads(said)
    if not is_good:
        raise found
    return found


def _answer(
    child: subprocess.Popen[bytes], call: bytes | None, patience: float
) -> bytes:
    """Return what a child says; end one that hangs.

    Some readers wait for ever where memory ends: asleep, with no time of a processor.
    """
    deadline = time.monotonic() + patience
    before, idle_looks = None, 0
    while True:
        try:
            said, _ = child.communicate(call, LOOK_EVERY)
            return said
        except subprocess.TimeoutExpired:
            call = None
            if time.monotonic() > deadline:
                raise
            # counted in looks: a machine that stands still for a while takes one
            state, spent = _at_work(child.pid)
            idle_looks = idle_looks + 1 if state == "S" and spent == before else 0
            before = spent
            if idle_looks * LOOK_EVERY > ASLEEP:
                child.kill()


def _at_work(pid: int) -> tuple[str, int]:
    """State and processor time of a process, as Linux tells them."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return "", 0
    fields = stat.rpartition(")")[2].split()
    return fields[0], int(fields[11]) + int(fields[12])


def _too_long(file: Path, seconds: int) -> str:
    return f"{file.name} takes more than {seconds} s to read; no table of its size does"


def main() -> None:
    """Be the child: take a call from standard input, say what came of it."""
    # what readers print is no answer
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    memory, seconds = (int(text) for text in sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    module, name, arguments = pickle.load(sys.stdin.buffer)
    try:
        said = pickle.dumps((True, getattr(import_module(module), name)(*arguments)))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception as error:
        said = pickle.dumps((False, error))
    with answer:
        answer.write(said)


if __name__ == "__main__":
    main()
