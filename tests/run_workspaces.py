"""Draw workspaces at random: what the check accepts is built, the rest is set aside.

Each is checked, and all tables of studies are made in a small project, by the
statements alone. Then so many at a time are put together and built by dbt as the
project is, with surveys and all data tests. Prints how many there were of each kind;
ends with 1 if one failed.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).parent
sys.path += map(str, (TESTS / "python").iterdir())

import generated_workspaces  # noqa: E402
import projects  # noqa: E402

from coupling.contracts import gate  # noqa: E402
from coupling.refresh import data_tests, dbt  # noqa: E402
from coupling.refresh.aside import Aside  # noqa: E402


def main() -> int:
    """Draw, check, build; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspaces", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--together", type=int, default=25)
    asked = parser.parse_args()
    seen, wrong = Counter(), 0
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small = projects.small_project(folder / "small", methods=None)
        whole = projects.copy_project(folder / "whole")
        numbers = range(asked.seed, asked.seed + asked.workspaces)
        for first in numbers[:: asked.together]:
            some = range(first, min(first + asked.together, numbers.stop))
            faults = []
            for seed in some:
                kinds, fault = tried(seed, small, folder / f"w{seed}")
                seen.update(kinds)
                faults += [f"seed {seed}: {fault}"] if fault else []
            seen["built by dbt"] += len(some)
            fault = built_together(some, whole, folder)
            faults += [f"seeds {some[0]} to {some[-1]}: {fault}"] if fault else []
            for fault in faults:
                print(f"WRONG, {fault}", flush=True)
            wrong += len(faults)
            minutes = (time.monotonic() - started) / 60
            print(f"{some[-1]}: {wrong} wrong, {minutes:.0f} minutes", flush=True)
    print(", ".join(f"{kind}: {count}" for kind, count in sorted(seen.items())))
    print(f"{wrong} wrong")
    return int(wrong > 0)


def tried(seed: int, paths, folder: Path) -> tuple[list[str], str]:
    """Draw one workspace; return what became of it, and what was wrong with that."""
    os.environ["COUPLING_WORKSPACE"] = str(folder)
    said = generated_workspaces.draw(seed, folder)
    kinds = [
        "surveys refused" if "refused" in part else "surveys landed"
        for part in said.split("; ")
        if part.startswith("survey ")
    ]
    findings = gate.check_seeds(paths.seeds, folder)
    aside = Aside(paths)
    if any(not finding.row for finding in findings):
        return kinds, f"a finding names no row: {findings}"
    if findings:
        kinds.append("set aside in part")
        if aside.sort_out()[0] or gate.check_seeds(paths.seeds, aside.folder):
            return kinds, f"what is left has faults; {said}"
    else:
        kinds.append("accepted")
    with aside.in_use():
        try:
            database = projects.compute(paths)
        except Exception as error:
            return kinds, f"{type(error).__name__}: {error}; {said}"
    return kinds, wrong_degrees(database, seed, bool(aside.items))


def wrong_degrees(database: Path, seed: int, is_aside: bool) -> str:
    """Say what is wrong with the degrees of a study, '' if nothing."""
    name = generated_workspaces.study_id(seed)
    degrees = projects.table(
        database, f"select * from marts.fct_coupling where study_id = '{name}'"
    )
    if degrees.empty:
        return "" if is_aside else "an accepted study has no rows"
    is_computed = degrees["status"] == "computed"
    within = degrees.loc[is_computed, "coupling_coordination_degree"].between(0, 1)
    if not within.all() or degrees.loc[~is_computed, "status_reason"].isna().any():
        return "a degree outside of 0 to 1, or a status without a reason"
    return ""


def built_together(seeds: range, paths, folder: Path) -> str:
    """Build workspaces as one, by dbt and with all data tests; say what failed."""
    joined = folder / f"joined{seeds[0]}"
    generated_workspaces.join((folder / f"w{seed}" for seed in seeds), joined)
    os.environ["COUPLING_WORKSPACE"] = str(joined)
    aside = Aside(paths)
    if aside.sort_out()[0]:
        return "the shipped seeds are blamed"
    database = paths.project / projects.DATABASE
    with aside.in_use():
        result = dbt.build(
            database, paths, exclude=projects.UNIT_TESTS, without=data_tests.LEFT_TO_RUN
        )
        if result.succeeded:
            manifest = paths.target / "manifest.json"
            result = result.with_tests(data_tests.run(database, manifest))
    return "" if result.succeeded else "; ".join(result.failures)


if __name__ == "__main__":
    sys.exit(main())
