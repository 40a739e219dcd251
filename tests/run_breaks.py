"""Break each formula on purpose; expect the data tests or the reference to notice.

Every break of breaks.toml is applied alone to a copy of the project with study 01 and
the made-up studies of the tests. Names given as arguments select breaks.
"""

import os
import sys
import tempfile
import time
import tomllib
from pathlib import Path

from coupling import dbt
from coupling.paths import Paths

TESTS = Path(__file__).parent
sys.path.insert(0, str(TESTS / "python"))

import comparison  # noqa: E402
import projects  # noqa: E402
import reference  # noqa: E402
import test_made_up_studies as made_up  # noqa: E402

# no formula of a study reaches the household screen or the audit of the papers;
# forecasts have their own tests
UNTOUCHED = " ".join(
    f"path:models/staging/{folder}+"
    for folder in ("households", "forecasts", "underwriting", "published")
)
LEFT_OUT = ("digital_economy_nqp", "service_manufacturing", "industrial_transfer")


def main() -> int:
    """Apply all breaks, print who noticed each; return 1 if any went unnoticed."""
    breaks = tomllib.loads((TESTS / "breaks.toml").read_text(encoding="utf-8"))["break"]
    asked = sys.argv[1:]
    breaks = [one for one in breaks if not asked or one["name"] in asked]
    with tempfile.TemporaryDirectory() as folder:
        # what a user has in a workspace is not tested
        os.environ["COUPLING_WORKSPACE"] = folder
        whole = prepare(Path(folder) / "whole")
        expected = reference.compute(whole.seeds)
        unbroken = noticed_by(whole, expected)
        if unbroken:
            print(f"The project fails without any break: {unbroken}")
            return 1
        unnoticed = []
        for number, one in enumerate(breaks, 1):
            started = time.perf_counter()
            path = whole.project / one["file"]
            sound = path.read_text(encoding="utf-8")
            path.write_text(broken(sound, one), encoding="utf-8")
            said = noticed_by(whole, expected)
            path.write_text(sound, encoding="utf-8")
            if not said:
                unnoticed.append(one["name"])
            seconds = time.perf_counter() - started
            print(
                f"{number}/{len(breaks)} {one['name']}: "
                f"{said or 'NOT NOTICED'} ({seconds:.0f} s)",
                flush=True,
            )
    print(f"{len(breaks) - len(unnoticed)} noticed, {len(unnoticed)} not noticed")
    return int(bool(unnoticed))


def prepare(folder: Path) -> Paths:
    """A small project with every formula in use."""
    folder.mkdir()
    paths = projects.copy_project(folder)
    made_up.add_series(paths.seeds)
    made_up.add_studies(paths.seeds)
    for path in (paths.seeds / "studies").glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(LEFT_OUT)]
        path.write_text("".join(kept), encoding="utf-8")
    return paths


def broken(text: str, one: dict) -> str:
    """The text with one break; raise ValueError if there is nothing to break."""
    if one["find"] not in text:
        raise ValueError(f"{one['name']}: {one['file']} has no {one['find']!r}")
    return text.replace(one["find"], one["replace"])


def noticed_by(paths: Paths, expected: dict) -> str:
    """Say what noticed a break: a test of dbt, the reference, or nothing ('')."""
    database = paths.project / "built" / "coupling.duckdb"
    result = dbt.build(database, paths, exclude=UNTOUCHED)
    if not result.succeeded:
        return "dbt: " + result.failures[0].splitlines()[0]
    for name in comparison.KEYS:
        said = comparison.differences(database, name, expected[name])
        if said:
            return f"reference: {name}, {said[0].split(':')[0]}"
    return ""


if __name__ == "__main__":
    sys.exit(main())
