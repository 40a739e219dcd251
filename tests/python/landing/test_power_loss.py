"""A landing that power cuts off at any moment is whole or was never there.

What is written but not yet forced to disk is lost or half there; renames and removals
whose folder is not yet forced to disk may be undone.
"""

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from coupling.base.paths import Paths
from coupling.landing import workspace
from coupling.landing.dictionary import load_dictionary
from coupling.landing.figures import read_file
from coupling.landing.layouts import Options
from coupling.landing.workspace import Wish

FIRST = "地区,年份,GDP(亿元)\n北京,2022,41540.9\n天津,2022,16132.2\n"
CORRECTED = FIRST.replace("41540.9", "41610.9") + "河北,2022,41988.0\n"


class PowerLossError(BaseException):
    """The machine goes off."""


class Disk:
    """What a folder's programs did, what of it is on disk, and when power ends."""

    def __init__(self, patch, stop: int):
        self.stop, self.done = stop, 0
        self.unsynced: set[Path] = set()
        # how to undo what only the names in a folder tell, the last at the end
        self.undo: list[tuple[set[Path], callable]] = []
        for name in ("write_bytes", "write_text", "replace", "unlink"):
            self._wrap(patch, name)
        to_disk, rmtree = workspace.to_disk, shutil.rmtree

        def synced(path):
            self.step()
            to_disk(path)
            self.unsynced.discard(path)
            self.undo = [one for one in self.undo if path not in one[0]]

        def removed(path):
            self.step()
            rmtree(path)

        patch.setattr(workspace, "to_disk", synced)
        patch.setattr(workspace.shutil, "rmtree", removed)

    def step(self) -> None:
        if self.done == self.stop:
            raise PowerLossError
        self.done += 1

    def _wrap(self, patch, name: str) -> None:
        usual = getattr(Path, name)

        def call(path, *arguments, **options):
            self.step()
            target = arguments[0] if name == "replace" else path
            before = target.read_bytes() if target.exists() else None
            found = usual(path, *arguments, **options)
            if name.startswith("write"):
                self.unsynced.add(path)
            else:
                if path in self.unsynced:
                    self.unsynced.remove(path)
                    self.unsynced.add(target)
                self.undo.append(
                    ({path.parent, target.parent}, (name, path, target, before))
                )
            return found

        patch.setattr(Path, name, call)

    def lose(self, share: float, are_names_lost: bool) -> None:
        """Let the disk be as it may be after the loss."""
        for path in self.unsynced:
            if path.exists():
                content = path.read_bytes()
                path.write_bytes(content[: int(share * len(content))])
        for _, (name, path, target, before) in reversed(self.undo):
            if not are_names_lost or not path.parent.exists():
                continue
            if name == "replace" and target.exists():
                target.rename(path)
            if before is not None:
                target.write_bytes(before)


def state(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".landing")
    }


class FixedTime:
    @staticmethod
    def now(zone):
        return datetime(2026, 1, 1, tzinfo=zone)


@pytest.fixture(scope="module")
def wishes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    dictionary = load_dictionary(Paths().seeds, folder / "none")
    found = []
    for text in (FIRST, CORRECTED):
        path = folder / "file.csv"
        path.write_text(text, encoding="utf-8")
        reading = read_file(path, dictionary, Options())
        found.append(Wish(reading, "file", True, ".csv", "", ""))
    return found


JOBS = {
    "a first landing": (0, lambda folder, w: workspace.land(folder, [w[0]], {})),
    "a correction": (1, lambda folder, w: workspace.land(folder, [w[1]], {})),
    "a correction taken back": (
        2,
        lambda folder, w: workspace.undo(folder, "file", {}),
    ),
    "a landing taken back": (1, lambda folder, w: workspace.undo(folder, "file", {})),
}


@pytest.mark.parametrize("are_names_lost", [False, True])
@pytest.mark.parametrize("share", [0, 0.5])
@pytest.mark.parametrize("name", JOBS)
def test_power_ends_at_any_moment(
    name, share, are_names_lost, wishes, tmp_path, monkeypatch
):
    monkeypatch.setattr(workspace, "datetime", FixedTime)
    landed, job = JOBS[name]
    sound = tmp_path / "sound"
    for wish in wishes[:landed]:
        workspace.land(sound, [wish], {})
    before = state(sound)
    whole = tmp_path / "whole"
    if landed:
        shutil.copytree(sound, whole)
    job(whole, wishes)
    after = state(whole)
    assert before != after
    seen, stop = set(), 0
    while True:
        folder = tmp_path / str(stop)
        if landed:
            shutil.copytree(sound, folder)
        with monkeypatch.context() as patch:
            disk = Disk(patch, stop)
            try:
                job(folder, wishes)
                is_cut = False
            except PowerLossError:
                is_cut = True
        if not is_cut:
            break
        disk.lose(share, are_names_lost)
        workspace.settle(folder)
        found = state(folder)
        assert found in (before, after), f"cut at {stop}"
        seen.add(found == after)
        # and the next command works as ever
        assert not (folder / workspace.JOURNAL).exists()
        stop += 1
    assert seen == {False, True} and stop > 15
