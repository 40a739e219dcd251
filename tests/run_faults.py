"""Kill refreshes at random moments while programs read; nobody may notice.

Half of the kills come at a moment drawn over the whole of a refresh, half within a step
drawn among all: the record of the run tells when that step begins. Every other kill
takes the process of the refresh alone; those it started must end by themselves.
Between builds one contribution of a study changes, so that a mixed build would show.
Every tenth refresh is left to end: it must publish and clear up after the killed. At
the end two builds are published in turn, without pause.

    .venv/bin/python tests/run_faults.py [--kills 200] [--refreshes 0] [--turns 1000]
        [--seed 1] [--minutes 0]

With --kills 0 and --refreshes 20, twenty refreshes end, none is killed.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

TESTS = Path(__file__).parent
sys.path += map(str, (TESTS / "python").iterdir())

import projects  # noqa: E402
import readers  # noqa: E402

from coupling.base.paths import Paths  # noqa: E402
from coupling.publishing import publish, runs  # noqa: E402
from coupling.refresh.refresh import STEPS  # noqa: E402

REFRESH = """
import sys
from pathlib import Path
from rich.console import Console
from coupling.base.failures import RefreshError
from coupling.base.paths import Paths
from coupling.refresh.refresh import refresh
try:
    refresh(Console(), Paths(Path(sys.argv[1])))
except RefreshError as error:
    print(error)
    sys.exit(int(error.code))
"""
# of a project that has kept its first build; the second renders no page either
WITHOUT_DBT, WITHOUT_PAGES = (
    f"""
import sys
sys.path.insert(0, {str(TESTS / "python" / "support")!r})
import stand_ins
stand_ins.use_first_build({tasks})
{REFRESH}
"""
    for tasks in (("dbt",), ("dbt", "pages"))
)
LEFT_TO_END = 10
BEFORE, AFTER = "before its record", "after its end"
# of the two systems of a study; the first as it ships
CONTRIBUTIONS = (("0.4", "0.6"), ("0.3", "0.7"))
SHIPPED = 0


def main() -> int:
    """Kill, print how many fell where, return 1 if any reader or recovery failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--refreshes", type=int, default=0, help="left to end, first")
    parser.add_argument("--turns", type=int, default=1000, help="builds in turn, last")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=0, help="end early; 0: never")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wrong = kill_refreshes(
            Path(folder),
            asked.kills,
            asked.seed,
            asked.minutes,
            asked.refreshes,
            asked.turns,
        )
    return int(bool(wrong))


def told(faults: list[str], when: str = "") -> list[str]:
    """Print what is wrong as soon as it is seen, with the time; return it."""
    found = [f"{when}{fault}" for fault in faults]
    for fault in found:
        print(f"WRONG at {time.strftime('%H:%M:%S')}: {fault}", flush=True)
    return found


def kill_refreshes(
    folder: Path,
    kills: int,
    seed: int,
    minutes: float = 0,
    refreshes: int = 0,
    turns: int = 200,
    like: Paths | None = None,
    programs: Iterable[str] = tuple(readers.READERS),
    refresh: str = REFRESH,
    ending: str = "",
    pause: float = 0,
) -> list[str]:
    """Refresh a small project in `folder` while programs read; return what was wrong.

    First `refreshes` are left to end, then `kills` are killed, one ends, and at last
    its two builds are published in turn, `turns` times. `like` is a small project that
    is published as it ships, to save its first build; `programs` are names of readers,
    which rest `pause` seconds after each look; `refresh` is the script that refreshes,
    `ending` that of the refreshes that are to end, where it is another.
    """
    draw, ending = random.Random(seed), ending or refresh
    paths = prepared(folder / "project", like)
    known = [publish_variant(paths, variant, ending) for variant in (0, 1)]
    usual = runs.load(paths)[-1].seconds
    print("usual seconds:", {step: round(usual[step], 2) for step in usual})
    (folder / "known.json").write_text(json.dumps(known), encoding="utf-8")
    watching = {name: watch(folder, name, pause) for name in programs}
    wrong, fell, done, started = [], Counter(), 0, time.monotonic()
    groups = []
    for number in range(refreshes):
        wrong += told(recover(paths, known, number, ending))
        print(f"{number + 1} refreshes, {len(wrong)} faults", flush=True)
    while done < kills and not 0 < 60 * minutes < time.monotonic() - started:
        set_variant(paths, done % 2)
        process = start(paths, refresh)
        groups.append(process.pid)
        step = kill_at_random(process, paths, usual, draw, alone=done % 2 == 0)
        fell[step] += 1
        done += step != AFTER
        wrong += told(look(paths, known), f"after a kill in {step}: ")
        if (done + 1) % LEFT_TO_END == 0:
            wrong += told(recover(paths, known, done, ending), f"after {done} kills: ")
            wrong += told(left(groups), f"after {done} kills: ")
            print(f"{done} kills, {len(wrong)} faults", flush=True)
    wrong += told(recover(paths, known, done, ending) + left(groups))
    publish_in_turn(paths, turns)
    for name in watching:
        wrong += told(end(folder, name, watching[name]))
    print(f"{done} refreshes killed in {time.monotonic() - started:.0f} s, by step:")
    for step in (BEFORE, *STEPS, AFTER):
        print(f"  {step:20}{fell[step]:5}")
    print(f"{len(wrong)} faults")
    return wrong


def prepared(folder: Path, like: Paths | None) -> Paths:
    """A small project of its own."""
    if like:
        shutil.copytree(like.project, folder, symlinks=True)
        return Paths(folder)
    folder.mkdir()
    return projects.small_project(folder)


def set_variant(paths: Paths, variant: int) -> None:
    """Let the contributions of a study's systems be one of two."""
    path = paths.seeds / "studies" / "systems.csv"
    rows = projects.read_rows(path)
    shares = iter(CONTRIBUTIONS[variant])
    for row in rows:
        if row["study_id"] == "service_manufacturing":
            row["contribution"] = next(shares)
    projects.write_rows(path, rows)


def start(paths: Paths, refresh: str = REFRESH) -> subprocess.Popen:
    """Start a refresh in a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", refresh, str(paths.project)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    )


def publish_variant(paths: Paths, variant: int, refresh: str) -> dict:
    """Publish a build, unless it is; return what readers may find of it."""
    set_variant(paths, variant)
    if variant == SHIPPED and paths.current.exists():
        return readers.describe(paths.current.resolve())
    process = start(paths, refresh)
    said = process.communicate()[0]
    if process.returncode:
        raise SystemExit(f"a refresh without a fault failed:\n{said}")
    return readers.describe(paths.current.resolve())


def kill_at_random(
    process: subprocess.Popen, paths: Paths, usual: dict, draw, alone: bool
) -> str:
    """Kill a refresh; return the step that it was in."""
    before = runs.load(paths)[-1].run_id
    if draw.random() < 0.5:
        time.sleep(draw.uniform(0, 1.5 + sum(usual.values())))
    else:
        wanted = draw.choice(STEPS)
        while process.poll() is None and not is_at(paths, before, wanted):
            time.sleep(0.001)
        time.sleep(draw.uniform(0, usual[wanted]))
    if process.poll() is not None:
        process.communicate()
        return AFTER
    if alone:
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    last = runs.load(paths)[-1]
    return BEFORE if last.run_id == before else last.step


def is_at(paths: Paths, before: str, step: str) -> bool:
    """Say whether the run after `before` has come to a step."""
    last = runs.load(paths)[-1]
    return last.run_id > before and last.step == step


def look(paths: Paths, known: list[dict]) -> list[str]:
    """Read everything once; return what was wrong."""
    found = [read(paths.project, known) for read in readers.READERS.values()]
    return [fault for fault in found if fault]


def recover(paths: Paths, known: list[dict], done: int, refresh: str) -> list[str]:
    """Let a refresh end; return what it left undone."""
    set_variant(paths, done % 2)
    process = start(paths, refresh)
    said = process.communicate()[0]
    if process.returncode:
        return [f"the next refresh ended with {process.returncode}: {said}"]
    wrong = look(paths, known)
    last = runs.load(paths)[-1]
    served = readers.describe(paths.current.resolve())["inputs_hash"]
    if served != known[done % 2]["inputs_hash"] or paths.current.readlink().name != (
        last.run_id
    ):
        wrong.append("the next refresh did not publish its build")
    if paths.building.exists():
        wrong.append("a build at work was left")
    kept = sorted(path.name for path in paths.builds.iterdir())
    published = [r.run_id for r in runs.load(paths) if r.result == runs.PUBLISHED]
    if kept != published[-3:]:
        wrong.append(f"kept builds are {kept}, published were {published[-3:]}")
    if any(run.result == runs.RUNNING for run in runs.load(paths)):
        wrong.append("a killed run still counts as running")
    return wrong


def left(groups: list[int]) -> list[str]:
    """Say which refreshes, killed long ago, left a process; forget them."""
    found = []
    for group in groups:
        with suppress(ProcessLookupError):
            os.killpg(group, 0)
            found.append(f"a process of the refresh {group} was left")
    groups.clear()
    return found


def publish_in_turn(paths: Paths, turns: int) -> None:
    """Publish the builds that are kept, one after the other, without pause."""
    builds = sorted(path.name for path in paths.builds.iterdir())
    for turn in range(turns):
        publish.point_to(paths, builds[turn % len(builds)])
        time.sleep(0.01)


def watch(folder: Path, name: str, pause: float) -> subprocess.Popen:
    """Start a reader that reads on and on, after everyone else's turn."""
    return subprocess.Popen(
        [
            *("nice", "-n", "15", sys.executable, readers.__file__),
            *(name, str(folder / "project"), str(folder / "known.json")),
            *(str(folder / f"{name}.json"), str(pause)),
        ],
        stdin=subprocess.PIPE,
    )


def end(folder: Path, name: str, reader: subprocess.Popen) -> list[str]:
    """End a reader; return what it saw that was wrong."""
    reader.stdin.close()
    reader.wait(timeout=120)
    report = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    print(
        f"  reader of {name}: {report['reads']} reads of {report['builds']} builds,"
        f" {len(report['wrong'])} wrong"
    )
    if not report["reads"]:
        return [f"reader of {name} has read nothing"]
    return [f"reader of {name}: {fault}" for fault in report["wrong"]]


if __name__ == "__main__":
    sys.exit(main())
