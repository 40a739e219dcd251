"""Break each formula and each safeguard on purpose; expect the suite to notice.

Every break of breaks.toml is applied alone to a copy of the project with study 01 and
the made-up studies of the tests: the data tests or the reference must notice. Every
break of breaks_of_code.toml is applied alone to a copy of the code: the file of pytest
that it names must notice. Names given as arguments select breaks.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from coupling.base.paths import Paths
from coupling.refresh import dbt

TESTS = Path(__file__).parent
sys.path += map(str, (TESTS / "python").iterdir())

import comparison  # noqa: E402
import projects  # noqa: E402
import reference  # noqa: E402
import test_made_up_studies as made_up  # noqa: E402
import test_variants as variants  # noqa: E402

# no formula of a study reaches the household screen or the audit of the papers;
# forecasts have their own tests
UNTOUCHED = " ".join(
    f"path:models/staging/{folder}+"
    for folder in ("households", "forecasts", "underwriting", "published")
)
LEFT_OUT = ("digital_economy_nqp", "service_manufacturing", "industrial_transfer")
# what a checkout has beside its files
NOT_COPIED = (".git", ".venv*", "__pycache__", "target", "logs", "warehouse")
# a file of tests that takes longer has met a break for which it waits for ever
LONGEST_SECONDS = 600
PYTEST = (sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "--tb=no")


def main() -> int:
    """Apply all breaks, print who noticed each; return 1 if any went unnoticed."""
    asked = sys.argv[1:]
    unnoticed = count = 0
    with tempfile.TemporaryDirectory() as folder:
        # what a user has in a workspace is not tested
        os.environ["COUPLING_WORKSPACE"] = folder
        for name, watch in (
            ("breaks.toml", watch_formulas),
            ("breaks_of_code.toml", watch_code),
        ):
            text = (TESTS / name).read_text(encoding="utf-8")
            breaks = tomllib.loads(text)["break"]
            breaks = [one for one in breaks if not asked or one["name"] in asked]
            if breaks:
                count += len(breaks)
                unnoticed += apply(breaks, *watch(Path(folder) / Path(name).stem))
    print(f"{count - unnoticed} noticed, {unnoticed} not noticed")
    return int(unnoticed > 0)


def apply(breaks: list[dict], project: Path, noticed: Callable[[dict], str]) -> int:
    """Break the project in one way after the other; count what goes unnoticed.

    Raises SystemExit if the project fails without any break.
    """
    for tests in sorted({one.get("tests", "") for one in breaks}):
        said = noticed({"name": "no break", "tests": tests})
        if said:
            raise SystemExit(f"The project fails without any break: {said}")
    unnoticed = 0
    for number, one in enumerate(breaks, 1):
        started = time.perf_counter()
        path = project / one["file"]
        sound = path.read_text(encoding="utf-8")
        path.write_text(broken(sound, one), encoding="utf-8")
        said = noticed(one)
        path.write_text(sound, encoding="utf-8")
        unnoticed += not said
        seconds = time.perf_counter() - started
        print(
            f"{number}/{len(breaks)} {one['name']}: "
            f"{said or 'NOT NOTICED'} ({seconds:.0f} s)",
            flush=True,
        )
    return unnoticed


def watch_formulas(folder: Path) -> tuple[Path, Callable[[dict], str]]:
    """A project of made-up studies, and what says who noticed a break of it."""
    paths = prepare(folder)
    expected = reference.compute(paths.seeds)
    return folder, lambda one: noticed_by(paths, expected)


def watch_code(folder: Path) -> tuple[Path, Callable[[dict], str]]:
    """A copy of the code, and what says who noticed a break of it."""
    project = folder / "project"
    shutil.copytree(Paths().project, project, ignore=beside_files)
    environment = os.environ | {"PYTHONPATH": str(project / "scripts")}
    built = Paths().project / projects.DATABASE
    if built.exists():
        # of make test, so that it is not built again for each break
        environment["COUPLING_TEST_DATABASE"] = str(built)

    def noticed(one: dict) -> str:
        """Say which test failed first or did not end, '' where all pass."""
        try:
            run = subprocess.run(
                [*PYTEST, f"tests/python/{one['tests']}"],
                cwd=project,
                env=environment,
                capture_output=True,
                text=True,
                timeout=LONGEST_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return f"{one['tests']} does not end"
        failed = [line for line in run.stdout.splitlines() if "::" in line]
        if run.returncode and not failed:
            raise SystemExit(f"{one['name']}: no test ran: {run.stdout}{run.stderr}")
        return failed[0].split(" - ")[0] if run.returncode else ""

    return project, noticed


def beside_files(folder: str, names: list[str]) -> set[str]:
    """What of a folder is none of the files of a checkout."""
    ignored = shutil.ignore_patterns(*NOT_COPIED)(folder, names)
    # a link to the pages; the package has a room of that name
    return ignored | ({"site"} if Path(folder) == Paths().site.parent else set())


def prepare(folder: Path) -> Paths:
    """A small project with every formula in use."""
    folder.mkdir()
    paths = projects.copy_project(folder)
    projects.keep_few_cities(paths)
    made_up.add_series(paths.seeds)
    made_up.add_studies(paths.seeds)
    variants.add_variants(paths.seeds)
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
    database = paths.project / projects.DATABASE
    result = dbt.build(database, paths, exclude=UNTOUCHED, without=("test",))
    if not result.succeeded:
        return "dbt: " + result.failures[0].splitlines()[0]
    for failed in projects.broken_tests(database, paths.target / "manifest.json"):
        return f"data test {failed}"
    for name in comparison.KEYS:
        said = comparison.differences(database, name, expected[name])
        if said:
            return f"reference: {name}, {said[0].split(':')[0]}"
    return ""


if __name__ == "__main__":
    sys.exit(main())
