"""What takes a while to make and comes out the same, kept for the processes to come.

It stands in target/kept/ and may be taken away at any time.
"""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from coupling.base.paths import Paths


def folder(name: str, *made_by: str | bytes) -> Path | None:
    """Return a folder for what is made by code or packages, None if there can be none.

    Where one of `made_by` changes, it is another folder.
    """
    found = hashlib.sha256()
    for part in made_by:
        found.update(part.encode() if isinstance(part, str) else part)
        found.update(b"\0")
    path = Paths().target / "kept" / f"{name}-{found.hexdigest()[:12]}"
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return path if os.access(path, os.W_OK) else None


def bytes_of(name: str, make: Callable[[], bytes], *made_by: str | bytes) -> bytes:
    """Return what `make` gives, as it was kept or as it is made now."""
    place = folder(name, *made_by)
    if place is None:
        return make()
    path, hashed = place / "content", place / "sha256"
    with suppress(OSError):
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() == hashed.read_text():
            return content
    content = make()
    with suppress(OSError):
        for target, kept in (
            (path, content),
            (hashed, hashlib.sha256(content).hexdigest().encode()),
        ):
            partial = target.with_name(f"{target.name}.{os.getpid()}")
            partial.write_bytes(kept)
            partial.replace(target)
    return content
