"""Publish a whole build by the rename of one link; keep the last builds; roll back.

    warehouse/current            -> builds/<run_id>           the link that is renamed
    warehouse/coupling.duckdb    -> current/coupling.duckdb
    warehouse/exports            -> current/exports
    reports/site                 -> ../warehouse/current/site

Whoever opens a published name gets a file of one build, which stays as it is for as
long as it is open. Files are never written to once they are published.
"""

import hashlib
import json
import os
import shutil
from datetime import datetime
from pathlib import Path

from coupling.base.disk import to_disk
from coupling.base.failures import ExitCode, RefreshError
from coupling.base.paths import Paths
from coupling.publishing import runs

KEPT_BUILDS = 3
MANIFEST = "manifest.json"
PARTS = {"database": "coupling.duckdb", "exports": "exports", "site": "site"}
# what was published in the time when the names were files and folders themselves
BEFORE = "000000-00000000T000000Z"


def current_id(paths: Paths) -> str | None:
    """The run whose build is published; None before the first."""
    return paths.current.readlink().name if paths.current.is_symlink() else None


def current_database(paths: Paths) -> Path | None:
    """The published database by its own path, None where there is none."""
    database = paths.database.resolve()
    return database if database.is_file() else None


def refuse_foreign_links(paths: Paths) -> None:
    """Raise RefreshError if a published name is a link that is not ours."""
    for name, target in _links(paths).items():
        if name.is_symlink() and name.readlink() != target:
            raise RefreshError(
                f"{paths.shown(name)} is a link to {name.readlink()}; the refresh puts "
                f"a link to {target} there: remove it, and link to {paths.shown(name)} "
                "from elsewhere",
                ExitCode.ENVIRONMENT,
            )


def clear_leftovers(paths: Paths) -> None:
    """Remove what killed runs left: the build at work, and whole builds not published.

    Must be called with the lock held, after runs.close_unfinished.
    """
    shutil.rmtree(paths.building, ignore_errors=True)
    published = {runs.PUBLISHED, runs.RUNNING}
    unpublished = {r.run_id for r in runs.load(paths) if r.result not in published}
    for build in _builds(paths):
        is_leftover = build.name.startswith(".") or build.name in unpublished
        if is_leftover and build.name != current_id(paths):
            shutil.rmtree(build, ignore_errors=True)
    for name in (paths.current, *_links(paths)):
        _beside(name).unlink(missing_ok=True)
    for name, target in _links(paths).items():
        if not os.path.lexists(name) and (name.parent / target).exists():
            _point(name, target)
        shutil.rmtree(_retired(name), ignore_errors=True)


def seal(folder: Path, run_id: str, inputs_hash: str | None, now: datetime) -> None:
    """Write the manifest of a build and have all of it survive a loss of power.

    The manifest tells which run the files belong to, and the size and SHA-256 of each.
    The database becomes read-only, lest a tool that opens it for writing shut out all
    others.
    """
    (folder / PARTS["database"]).chmod(0o444)
    manifest = {
        "run_id": run_id,
        "sealed_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "inputs_hash": inputs_hash,
        "files": {name: _facts(path, sync=True) for name, path in _files(folder)},
    }
    path = folder / MANIFEST
    with path.open("w", encoding="utf-8") as file:
        json.dump(manifest, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    for below in [folder, *(p for p in folder.rglob("*") if p.is_dir())]:
        to_disk(below)


def what_is_wrong(folder: Path) -> str:
    """Say in what a build differs from its manifest, '' if in nothing."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        for name, facts in manifest["files"].items():
            if not (folder / name).is_file():
                return f"{name} is missing"
            if _facts(folder / name) != facts:
                return f"{name} is not as it was published"
    except (OSError, ValueError, KeyError, TypeError):
        return f"{MANIFEST} is missing or damaged"
    return "" if PARTS["database"] in manifest["files"] else "it has no database"


def is_served_whole(paths: Paths) -> bool:
    """Say whether the published names lead to one undamaged build."""
    in_place = all(
        name.is_symlink() and name.readlink() == target
        for name, target in _links(paths).items()
    )
    return in_place and paths.current.is_symlink() and not what_is_wrong(paths.current)


def publish(paths: Paths, run_id: str) -> None:
    """Make the sealed build in paths.building the published one, all at once."""
    paths.builds.mkdir(exist_ok=True)
    build = paths.builds / run_id
    paths.building.rename(build)
    to_disk(paths.builds)
    _point(paths.current, Path("builds") / run_id)
    for name, target in _links(paths).items():
        if not name.is_symlink():
            _point(name, target)


def adopt_old_layout(paths: Paths, now: datetime) -> None:
    """Turn published names that are files and folders themselves into links.

    Their content becomes the build BEFORE and stays published until the next build
    takes its place. A file is replaced at once; a folder is missing for the moment
    between two renames, this one time.
    """
    real = [name for name in _links(paths) if name.exists() and not name.is_symlink()]
    if not real:
        return
    build = paths.builds / BEFORE
    if current_id(paths) != BEFORE:
        shutil.rmtree(build, ignore_errors=True)
        build.mkdir(parents=True)
        for name, part in zip(_links(paths), PARTS.values(), strict=True):
            if name.is_dir():
                shutil.copytree(name, build / part)
            elif name.is_file():
                shutil.copyfile(name, build / part)
        if (build / PARTS["database"]).is_file():
            seal(build, BEFORE, None, now)
        _point(paths.current, Path("builds") / BEFORE)
    for name in real:
        if name.is_dir():
            name.rename(_retired(name))
        _point(name, _links(paths)[name])
        shutil.rmtree(_retired(name), ignore_errors=True)


def previous_build(paths: Paths) -> str:
    """The undamaged kept build from which the current one took over.

    Raises RefreshError where there is none.
    """
    current = current_id(paths)
    gone = runs.withdrawn(runs.load(paths))
    damaged = []
    for build in reversed(_builds(paths)):
        if not current or build.name >= current or build.name in gone:
            continue
        wrong = what_is_wrong(build)
        if not wrong:
            return build.name
        damaged.append(f"{build.name}: {wrong}")
    found = f" ({'; '.join(damaged)})" if damaged else ""
    raise RefreshError(
        f"there is no build before {current or 'the first'} to go back to{found}",
        ExitCode.ENVIRONMENT,
    )


def point_to(paths: Paths, run_id: str) -> None:
    """Make a kept build the published one."""
    _point(paths.current, Path("builds") / run_id)


def prune(paths: Paths) -> None:
    """Remove builds that were rolled back from, and all but the last three others."""
    current = current_id(paths)
    gone = runs.withdrawn(runs.load(paths))
    others = [
        build
        for build in reversed(_builds(paths))
        if build.name != current and build.name not in gone
    ]
    kept = {current, *(build.name for build in others[: KEPT_BUILDS - 1])}
    for build in _builds(paths):
        if build.name not in kept:
            # out of sight first, so that no half of it is ever taken for a build
            hidden = build.with_name(f".{build.name}")
            build.rename(hidden)
            shutil.rmtree(hidden, ignore_errors=True)


def _links(paths: Paths) -> dict[Path, Path]:
    """The published names, and where each leads."""
    return {
        getattr(paths, attribute): Path(
            os.path.relpath(paths.current / part, getattr(paths, attribute).parent)
        )
        for attribute, part in PARTS.items()
    }


def _builds(paths: Paths) -> list[Path]:
    return sorted(paths.builds.iterdir()) if paths.builds.is_dir() else []


def _point(link: Path, target: Path) -> None:
    """Make `link` lead to `target`: at every moment it leads to the old or the new."""
    link.parent.mkdir(parents=True, exist_ok=True)
    beside = _beside(link)
    beside.unlink(missing_ok=True)
    beside.symlink_to(target)
    beside.replace(link)
    to_disk(link.parent)


def _beside(link: Path) -> Path:
    return link.with_name(f".{link.name}.new")


def _retired(name: Path) -> Path:
    return name.with_name(f".{name.name}.old")


def _files(folder: Path) -> list[tuple[str, Path]]:
    """Every file of a build but its manifest, by its name in the build, sorted."""
    return sorted(
        (path.relative_to(folder).as_posix(), path)
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    )


def _facts(path: Path, sync: bool = False) -> dict:
    with path.open("rb") as file:
        if sync:
            os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}
