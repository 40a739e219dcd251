"""What ends a refresh early, and the exit codes that a scheduler acts on."""

import errno
import os
from enum import IntEnum


class ExitCode(IntEnum):
    """How a refresh ended; listed in `coupling refresh --help` and in README.md."""

    DONE = 0
    INPUTS = 1
    USAGE = 2
    BUILD = 3
    RESULTS = 4
    BUSY = 5
    ENVIRONMENT = 6


EXPLAINED = {
    ExitCode.DONE: "published, rolled back, or nothing to do",
    ExitCode.INPUTS: "the inputs have faults, or changed during the run",
    ExitCode.USAGE: "the command was not understood",
    ExitCode.BUILD: "a model or a data test failed",
    ExitCode.RESULTS: "a check of the marts, an export or a page failed",
    ExitCode.BUSY: "another refresh is at work",
    ExitCode.ENVIRONMENT: "no space, no permission, or a damaged installation",
}

# what the operating system says when the fault is the machine's, not the project's
_MACHINE = tuple(
    os.strerror(number)
    for number in (
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EROFS,
        errno.EACCES,
        errno.EPERM,
        errno.EIO,
        errno.EMFILE,
        errno.ENOMEM,
    )
)


class RefreshError(Exception):
    """A step failed; nothing was published. `code` is the exit code.

    `failed` names models and tests that failed; `files` has, by file of a workspace,
    what is wrong with its figures.
    """

    def __init__(self, message: str, code: ExitCode = ExitCode.RESULTS):
        """Keep the sentence for the user and the code for the scheduler."""
        super().__init__(message)
        self.code = code
        self.failed: list[str] = []
        self.files: dict[str, str] = {}


class Stopped(BaseException):
    """The refresh was told to end by a signal, `number`."""

    def __init__(self, number: int):
        """Keep which signal it was."""
        super().__init__(f"stopped by signal {number}")
        self.number = number


def sentence(error: BaseException) -> str:
    """What went wrong in one line, without the traceback."""
    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if error.filename else ""
        return f"{error.strerror}{where}"
    said = str(error).strip().splitlines()
    return said[0] if said else type(error).__name__


def is_of_the_machine(error: BaseException | str) -> bool:
    """Say whether space, permission or hardware is at fault rather than the project."""
    if isinstance(error, (OSError, MemoryError)):
        return True
    return any(said in str(error) for said in _MACHINE)
