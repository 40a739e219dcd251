"""Builds replace each other by one rename: tried without dbt, on a few bytes."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest
from rich.console import Console

from coupling.base.failures import ExitCode, RefreshError
from coupling.base.paths import Paths
from coupling.publishing import publish, runs
from coupling.publishing.lock import refresh_lock
from coupling.refresh.mart_gate import whole_without_a_log
from coupling.refresh.refresh import rollback
from coupling.refresh.work import alone, recorded

NOON = datetime(2026, 1, 1, 12)
CONSOLE = Console(quiet=True)


def noon():
    return NOON


def write_build(paths, text):
    """Something in the place of each part of a build at work."""
    for part in ("coupling.duckdb", "exports/a.parquet", "site/index.html"):
        path = paths.building / part
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def publish_build(paths, text=None, clock=noon, fail=None):
    """Do what a refresh does around a build; return its run."""
    with (
        alone(CONSOLE, paths, clock) as lock,
        recorded(CONSOLE, paths, lock, clock, {}, 2) as work,
    ):
        with work.steps.step("seal"):
            write_build(paths, text or work.run.run_id)
            publish.adopt_old_layout(paths, clock())
            publish.seal(paths.building, work.run.run_id, "f" * 64, clock())
        if fail:
            raise fail
        with work.steps.step("publish"):
            publish.publish(paths, work.run.run_id)
    return work.run


def served(paths):
    """The text of every part, by its published name."""
    return {
        path.read_text()
        for path in (
            paths.database,
            paths.exports / "a.parquet",
            paths.site / "index.html",
        )
    }


def kept(paths):
    return sorted(path.name for path in paths.builds.iterdir())


@pytest.fixture
def paths(tmp_path):
    return Paths(tmp_path)


def test_all_parts_are_published_and_three_builds_are_kept(paths):
    made = [publish_build(paths).run_id for _ in range(5)]
    assert served(paths) == {made[-1]}
    assert kept(paths) == made[-3:]
    assert publish.current_id(paths) == made[-1]
    assert not paths.building.exists()
    assert publish.is_served_whole(paths)
    assert [run.result for run in runs.load(paths)] == ["published"] * 5


def test_publishing_takes_less_than_50_ms(paths):
    runs_made = [publish_build(paths) for _ in range(5)]
    assert min(run.seconds["publish"] for run in runs_made) < 0.05


def test_a_published_database_is_read_only(paths):
    publish_build(paths)
    assert paths.database.stat().st_mode & 0o777 == 0o444


def test_all_of_a_build_is_on_disk_before_its_name_is_there(paths, monkeypatch):
    publish_build(paths)
    done = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(descriptor):
        done.append(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    def noted_replace(path, target):
        done.append((path.name, Path(target)))
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    build = paths.builds / publish_build(paths).run_id
    named = done.index((".current.new", paths.current))
    whole = {path.stat().st_ino for path in [build, *build.rglob("*")]}
    assert len(whole) == 7
    assert whole <= {*done[:named]}
    assert paths.builds.stat().st_ino in done[:named]
    assert paths.warehouse.stat().st_ino in done[named:]


def test_a_log_beside_the_database_is_a_fault_of_the_marts(tmp_path):
    database = tmp_path / "coupling.duckdb"
    assert whole_without_a_log(database, tmp_path) == []
    (tmp_path / "coupling.duckdb.wal").write_text("rows")
    (fault,) = whole_without_a_log(database, tmp_path)
    assert fault.startswith("coupling.duckdb.wal holds rows")


def test_an_open_file_stays_readable_when_its_build_is_gone(paths):
    publish_build(paths, "first")
    with paths.database.open() as file:
        for _ in range(4):
            publish_build(paths, "later")
        assert file.read() == "first"


def test_files_and_folders_of_the_old_layout_become_a_build(paths):
    for path in (
        paths.database,
        paths.exports / "a.parquet",
        paths.site / "index.html",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("before links")
    with pytest.raises(RefreshError, match="no luck"):
        publish_build(paths, "new", fail=RefreshError("no luck"))
    assert served(paths) == {"before links"}
    publish_build(paths, "new")
    assert served(paths) == {"new"}
    rollback(CONSOLE, paths, clock=noon)
    assert served(paths) == {"before links"}


def test_an_adoption_that_was_killed_is_finished(paths):
    write_build(paths, "before links")
    paths.builds.mkdir()
    paths.building.rename(paths.builds / publish.BEFORE)
    paths.current.symlink_to(f"builds/{publish.BEFORE}")
    paths.database.write_text("before links")
    (paths.warehouse / ".exports.old").mkdir()
    paths.site.mkdir(parents=True)
    (paths.site / "index.html").write_text("before links")
    with alone(CONSOLE, paths, noon):
        assert served(paths) == {"before links"}
    publish_build(paths, "new")
    assert served(paths) == {"new"}


def test_a_link_of_somebody_else_is_left_alone_and_named(paths, tmp_path):
    paths.site.parent.mkdir()
    paths.site.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RefreshError, match="reports/site is a link to") as failure:
        publish.refuse_foreign_links(paths)
    assert failure.value.code == ExitCode.ENVIRONMENT


def test_a_rollback_serves_the_build_before_and_the_next_goes_on(paths):
    made = [publish_build(paths).run_id for _ in range(3)]
    rollback(CONSOLE, paths, clock=noon)
    assert served(paths) == {made[1]}
    rolled = runs.load(paths)[-1]
    assert (rolled.result, rolled.exit_code) == ("rolled_back", 0)
    assert (rolled.previous_run_id, rolled.served_run_id) == (made[2], made[1])
    newest = publish_build(paths).run_id
    assert served(paths) == {newest}
    # the build that was rolled back from is gone, those before are kept
    assert kept(paths) == [made[0], made[1], newest]
    rollback(CONSOLE, paths, clock=noon)
    rollback(CONSOLE, paths, clock=noon)
    assert served(paths) == {made[0]}
    with pytest.raises(RefreshError, match="no build before"):
        rollback(CONSOLE, paths, clock=noon)
    assert served(paths) == {made[0]}


def test_no_rollback_goes_to_a_build_that_was_rolled_back_from(paths, monkeypatch):
    made = [publish_build(paths).run_id for _ in range(2)]
    # as if each run were killed before it cleared up
    monkeypatch.setattr(publish, "prune", lambda paths: None)
    rollback(CONSOLE, paths, clock=noon)
    newest = publish_build(paths).run_id
    assert kept(paths) == [*made, newest]
    rollback(CONSOLE, paths, clock=noon)
    assert served(paths) == {made[0]}


@pytest.mark.parametrize("harm", ["longer", "other", "missing", "no manifest"])
def test_a_rollback_passes_over_a_damaged_build(paths, harm):
    made = [publish_build(paths).run_id for _ in range(3)]
    build = paths.builds / made[1]
    if harm == "missing":
        (build / "site" / "index.html").unlink()
    elif harm == "no manifest":
        (build / "manifest.json").write_text("{")
    else:
        text = (build / "exports" / "a.parquet").read_text()
        changed = text + "x" if harm == "longer" else "x" + text[1:]
        (build / "exports" / "a.parquet").write_text(changed)
    assert publish.what_is_wrong(build)
    rollback(CONSOLE, paths, clock=noon)
    assert served(paths) == {made[0]}


def test_a_clock_set_back_changes_neither_order_nor_what_is_kept(paths):
    times = iter([NOON, NOON, NOON.replace(year=1999), NOON.replace(year=1970)] * 20)
    made = [publish_build(paths, clock=lambda: next(times)).run_id for _ in range(6)]
    assert made == sorted(made)
    assert kept(paths) == made[-3:]
    assert served(paths) == {made[-1]}
    assert all(run.finished_at >= run.started_at for run in runs.load(paths))


def test_a_run_record_that_is_damaged_is_left_out_and_its_number_not_reused(paths):
    first = publish_build(paths)
    runs.record_file(paths, first.run_id).write_text("{")
    second = publish_build(paths)
    assert [run.run_id for run in runs.load(paths)] == [second.run_id]
    assert second.run_id > first.run_id


def test_a_record_that_cannot_be_written_leaves_the_one_before(paths):
    run = publish_build(paths)
    run.message = {"no", "JSON"}
    with pytest.raises(TypeError):
        runs.save(paths, run)
    assert [one.result for one in runs.load(paths)] == ["published"]


def test_logs_and_hashes_of_older_runs_are_dropped_and_their_records_stay(
    paths, monkeypatch
):
    monkeypatch.setattr(runs, "RUNS_IN_FULL", 2)
    made = [publish_build(paths).run_id for _ in range(4)]
    assert [run.run_id for run in runs.load(paths)] == made
    kept = [runs.log_file(paths, run_id).exists() for run_id in made]
    assert kept == [False, False, True, True]


def test_a_second_refresh_is_told_who_is_at_work_since_when(paths):
    with refresh_lock(paths, "noon"), pytest.raises(RefreshError) as busy:
        publish_build(paths)
    assert busy.value.code == ExitCode.BUSY == 5
    assert f"process {os.getpid()} on" in str(busy.value)
    assert "since noon" in str(busy.value)
    publish_build(paths)


def test_a_refresh_of_another_machine_is_not_taken_for_ended(paths):
    nobody = {"pid": 2**22 + 1, "host": "elsewhere", "since": "noon"}
    with refresh_lock(paths, "noon"):
        paths.lock.write_text(json.dumps(nobody))
        started = time.monotonic()
        with pytest.raises(RefreshError, match="on elsewhere, since noon"):
            publish_build(paths)
    assert time.monotonic() - started < 5


HELD = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_publish import CONSOLE, alone, noon, recorded
from coupling.base.paths import Paths
paths = Paths(Path(sys.argv[1]))
with (
    alone(CONSOLE, paths, noon) as lock,
    recorded(CONSOLE, paths, lock, noon, {}, 1) as work,
):
    print(work.child("compare").process.pid, flush=True)
    time.sleep(60)
"""


def test_processes_of_a_refresh_hold_its_lock_until_they_have_ended(paths, monkeypatch):
    monkeypatch.setattr("coupling.publishing.lock.LONGEST", 0.2)
    command = [sys.executable, "-c", HELD, str(paths.project)]
    with subprocess.Popen(
        [*command, str(Path(__file__).parent)], stdout=subprocess.PIPE, text=True
    ) as process:
        child = int(process.stdout.readline())
        os.kill(child, signal.SIGSTOP)
        process.kill()
        process.wait()
        with pytest.raises(RefreshError, match="another refresh is at work"):
            publish_build(paths)
        os.kill(child, signal.SIGCONT)
    monkeypatch.undo()
    # of a refresh that is known to be dead, its processes are waited for
    monkeypatch.setattr("coupling.publishing.lock.PATIENCE", 0)
    publish_build(paths)


def test_processes_of_a_run_that_fails_end_with_it(paths):
    with (
        pytest.raises(RefreshError, match="no luck"),
        alone(CONSOLE, paths, noon) as lock,
        recorded(CONSOLE, paths, lock, noon, {}, 1) as work,
    ):
        child = work.child("compare")
        raise RefreshError("no luck")
    assert child.process.poll() is not None


def test_the_lock_lasts_as_long_as_a_process_of_a_killed_refresh(paths):
    script = (
        "import subprocess, sys, time; from pathlib import Path;"
        "from coupling.base.paths import Paths\n"
        "from coupling.publishing.lock import refresh_lock\n"
        "with refresh_lock(Paths(Path(sys.argv[1])), 'noon') as lock:\n"
        "    subprocess.Popen(['sleep', '1'], pass_fds=[lock], stdout=2)\n"
        "    print('locked', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(paths.project)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "locked\n"
        process.kill()
    started = time.monotonic()
    publish_build(paths)
    assert 0.2 < time.monotonic() - started < 8


FAULTS = {
    "cannot": (OSError(28, os.strerror(28)), ExitCode.ENVIRONMENT, "No space left"),
    "bug": (KeyError("column"), ExitCode.RESULTS, "column"),
}


@pytest.mark.parametrize(("fault", "code", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_a_sentence_a_code_and_a_record(paths, fault, code, said):
    before = publish_build(paths).run_id
    with pytest.raises(RefreshError, match=said) as failure:
        publish_build(paths, fail=fault)
    assert failure.value.code == code
    assert served(paths) == {before}
    assert kept(paths) == [before]
    assert not paths.building.exists()
    run = runs.load(paths)[-1]
    assert (run.result, run.exit_code, run.failed_step) == ("failed", code, "seal")
    assert run.served_run_id == before
    assert "Traceback" in runs.log_file(paths, run.run_id).read_text()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_run_killed_beside_the_rename_is_told_apart(paths, moment):
    before = publish_build(paths)
    killed = publish_build(paths)
    if moment == "before":
        publish.point_to(paths, before.run_id)
    killed.result, killed.exit_code, killed.finished_at = "running", None, None
    runs.save(paths, killed)
    publish_build(paths)
    became = {run.run_id: run.result for run in runs.load(paths)}[killed.run_id]
    assert became == ("killed" if moment == "before" else "published")
    assert (killed.run_id in kept(paths)) == (moment == "after")


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_rollback_killed_beside_the_rename_is_told_apart(paths, moment):
    first, second = publish_build(paths).run_id, publish_build(paths).run_id
    rollback(CONSOLE, paths, clock=noon)
    killed = runs.load(paths)[-1]
    if moment == "before":
        publish.point_to(paths, second)
    killed.result, killed.exit_code, killed.finished_at = "running", None, None
    runs.save(paths, killed)
    with alone(CONSOLE, paths, noon):
        became = runs.load(paths)[-1]
    assert became.result == ("killed" if moment == "before" else "rolled_back")
    assert became.served_run_id == (second if moment == "before" else first)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount")
@pytest.mark.parametrize("fault", ["full", "read-only"])
def test_a_disk_that_takes_no_more_leaves_the_old_build(paths, fault):
    paths.warehouse.mkdir()
    disk = str(paths.warehouse)
    mounted = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]
    if subprocess.run(mounted, capture_output=True).returncode:
        pytest.skip("no permission to mount")
    try:
        publish_build(paths, "old")
        if fault == "full":
            with pytest.raises(RefreshError, match="No space left") as failure:
                publish_build(paths, "x" * 900_000)
        else:
            subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
            with pytest.raises(RefreshError, match="Read-only file system") as failure:
                publish_build(paths, "new")
        assert failure.value.code == ExitCode.ENVIRONMENT
        assert served(paths) == {"old"}
        if fault == "full":
            assert runs.load(paths)[-1].result == "failed"
            publish_build(paths, "new")
            assert served(paths) == {"new"}
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


PUBLISH_ON = """
import os
import signal
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import test_publish
from coupling.publishing import publish
from coupling.base.paths import Paths

def killed_within(step):
    do = getattr(publish, step)
    def start(*arguments):
        # at the second thing that it does to the disk
        done = []
        def or_killed(do):
            def instead(*arguments):
                if done:
                    os.kill(os.getpid(), signal.SIGKILL)
                done.append(do)
                return do(*arguments)
            return instead
        os.fsync, Path.replace = map(or_killed, (os.fsync, Path.replace))
        return do(*arguments)
    setattr(publish, step, start)

paths = Paths(Path(sys.argv[1]))
test_publish.publish_build(paths)
for step in sys.argv[3:]:
    killed_within(step)
while True:
    test_publish.publish_build(paths)
"""


def test_killed_at_any_moment_of_publishing_no_reader_notices(paths):
    """Processes that publish without pause, each killed after a random while.

    Two more end within sealing and within publishing, wherever those fell.
    """
    draw = random.Random(3)
    publish_build(paths)
    seen, steps = set(), []
    for within in ([], ["seal"], ["publish"], *([] for _ in range(18))):
        command = [sys.executable, "-c", PUBLISH_ON, str(paths.project)]
        process = subprocess.Popen(
            [*command, str(Path(__file__).parent), *within], stderr=subprocess.PIPE
        )
        before = publish.current_id(paths)
        while publish.current_id(paths) == before and process.poll() is None:
            read_once(paths)
        end = time.monotonic() + draw.uniform(0, 0.05)
        while time.monotonic() < end:
            seen.add(read_once(paths))
        if not within:
            process.send_signal(signal.SIGKILL)
        said = process.communicate()[1].decode()
        assert process.returncode == -signal.SIGKILL, said
        steps.append(runs.load(paths)[-1].step)
        seen.add(read_once(paths))
    assert steps[1:3] == ["seal", "publish"]
    last = publish_build(paths).run_id
    assert served(paths) == {last}
    assert len(kept(paths)) == 3
    assert len(seen) >= len(steps)  # each process published a build of its own
    results = {run.result for run in runs.load(paths)}
    assert results == {"published", "killed"}


def read_once(paths):
    """Read every part of the build that is published; all are of one run."""
    build = paths.current.resolve(strict=True)
    try:
        manifest = json.loads((build / "manifest.json").read_text())
        read = {(build / name).read_text() for name in manifest["files"]}
    except FileNotFoundError:
        # nobody waits for a reader while hundreds of builds a second are published
        behind = int(publish.current_id(paths)[:6]) - int(build.name[:6])
        assert behind >= publish.KEPT_BUILDS
        return read_once(paths)
    assert read == {manifest["run_id"]} == {build.name}
    for part in (
        paths.database,
        paths.exports / "a.parquet",
        paths.site / "index.html",
    ):
        assert len(part.read_text()) == len(build.name)
    return build.name


def test_leftovers_do_not_outlive_the_next_run(paths):
    publish_build(paths)
    (paths.builds / ".000000-old").mkdir()
    write_build(paths, "half a build")
    (paths.building / "half_a_table.parquet").write_text("half")
    (paths.warehouse / ".current.new").symlink_to("nowhere")
    made = publish_build(paths).run_id
    names = {path.name for path in paths.warehouse.iterdir()}
    assert names == {".lock", "builds", "coupling.duckdb", "current", "exports", "runs"}
    assert served(paths) == {made}
    assert not (paths.current / "half_a_table.parquet").exists()


def test_runs_go_on_counting_where_their_records_are_gone(paths):
    made = [publish_build(paths).run_id for _ in range(5)]
    shutil.rmtree(paths.runs)
    assert publish_build(paths).run_id[:6] == "000006" > made[-1]
