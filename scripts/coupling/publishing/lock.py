"""One refresh at a time: a lock of the kernel, which no killed run leaves behind."""

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from coupling.base.failures import ExitCode, RefreshError
from coupling.base.paths import Paths

# how long to wait for a refresh that has not yet said who it is
PATIENCE = 10.0
# processes of a killed refresh end by themselves, on a slow disk in minutes
LONGEST = 600.0


@contextmanager
def refresh_lock(paths: Paths, since: str) -> Iterator[int]:
    """Hold the lock for the block; yield its file descriptor.

    Processes that the refresh starts keep the descriptor open, so the lock lasts until
    the last of them has ended, even where the refresh itself was killed.

    Raises RefreshError with ExitCode.BUSY, naming pid and start of the other refresh,
    if one is at work; `since` is what it is told of this one.
    """
    try:
        paths.warehouse.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(paths.lock, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise RefreshError(
            f"cannot write to {paths.shown(paths.warehouse)}: {error.strerror}",
            ExitCode.ENVIRONMENT,
        ) from error
    try:
        _acquire(descriptor)
        mine = {"pid": os.getpid(), "since": since, "host": socket.gethostname()}
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(mine).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _acquire(descriptor: int) -> None:
    started = time.monotonic()
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            holder = _holder(descriptor)
            patience = LONGEST if holder else PATIENCE
            if _is_alive(holder) or time.monotonic() > started + patience:
                raise RefreshError(
                    f"another refresh is at work: process {holder.get('pid', '?')} on "
                    f"{holder.get('host', '?')}, since {holder.get('since', '?')}",
                    ExitCode.BUSY,
                ) from None
            time.sleep(0.05)


def _holder(descriptor: int) -> dict:
    """What the other refresh wrote; nothing while it is just writing it."""
    try:
        return dict(json.loads(os.pread(descriptor, 4096, 0)))
    except (ValueError, TypeError):
        return {}


def _is_alive(holder: dict) -> bool:
    """False where the refresh that took the lock is known to have ended."""
    if not holder:
        return False
    if holder.get("host") != socket.gethostname():
        return True
    try:
        os.kill(int(holder["pid"]), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, KeyError, ValueError):
        return True
    return True
