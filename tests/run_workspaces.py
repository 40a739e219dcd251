"""Draw workspaces at random: what the check accepts is built, the rest is set aside.

Each is checked and its study worked out in memory; every tenth is built by dbt in a
small project, data tests of the models left out. Prints how many there were of each
kind; ends with 1 if one failed.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).parent
sys.path.insert(0, str(TESTS / "python"))

import generated_workspaces  # noqa: E402
import projects  # noqa: E402

from coupling import dbt, gate  # noqa: E402
from coupling.aside import Aside  # noqa: E402
from coupling.paths import Paths  # noqa: E402
from coupling.studies.stored import evaluate_stored  # noqa: E402


def main() -> int:
    """Draw, check, build; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspaces", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--every", type=int, default=10, help="one in so many by dbt")
    asked = parser.parse_args()
    seen, wrong, slowest = Counter(), 0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        small = projects.small_project(Path(folder) / "project")
        for number in range(asked.workspaces):
            seed = asked.seed + number
            os.environ["COUPLING_WORKSPACE"] = str(Path(folder) / f"w{seed}")
            started = time.monotonic()
            by_dbt = number % asked.every == 0
            kind, fault = tried(seed, small if by_dbt else Paths(), by_dbt)
            slowest = max(slowest, time.monotonic() - started)
            seen[kind] += 1
            wrong += bool(fault)
            if fault:
                print(f"WRONG, seed {seed}: {fault}", flush=True)
            if (number + 1) % 25 == 0:
                print(f"{number + 1} drawn, {wrong} wrong", flush=True)
    print(", ".join(f"{kind}: {count}" for kind, count in sorted(seen.items())))
    print(f"{wrong} wrong; the slowest took {slowest:.1f} s")
    return int(wrong > 0)


def tried(seed: int, paths: Paths, by_dbt: bool) -> tuple[str, str]:
    """Draw one workspace; return what became of it, and what was wrong with that."""
    said = generated_workspaces.draw(seed, paths.workspace)
    findings = gate.check_seeds(paths.seeds, paths.workspace)
    kind, aside = "accepted", Aside(paths)
    if findings:
        kind = "set aside"
        if aside.sort_out()[0] or gate.check_seeds(paths.seeds, aside.folder):
            return kind, f"what is left has faults; {said}"
    with aside.in_use():
        try:
            if by_dbt:
                result = dbt.build(paths.project / projects.DATABASE, paths)
                return (
                    f"{kind}, by dbt",
                    "" if result.succeeded else f"{result.failures}",
                )
            if not findings:
                evaluate_stored(paths, generated_workspaces.STUDY)
        except Exception as error:
            return kind, f"{type(error).__name__}: {error}; {said}"
    return kind, ""


if __name__ == "__main__":
    sys.exit(main())
