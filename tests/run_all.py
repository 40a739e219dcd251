"""Run every check of the project and count them all.

Linters, the gate, dbt data tests and unit tests on a fresh build, and pytest. The last
line reads `N passed, N failed`; the exit code is 1 if anything failed.
"""

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from coupling.base.paths import Paths
from coupling.contracts.gate import check_seeds
from coupling.refresh import dbt

sys.path.insert(0, str(Path(__file__).parent / "python" / "support"))

import projects

PROJECT = Paths().project
DATABASE = PROJECT / projects.DATABASE
TARGET = DATABASE.parent
LINT = PROJECT / ".venv-lint" / "bin"
SQL = ("models", "macros", "tests/generic", "tests/singular")
SQLFLUFF = (LINT / "python", "tests/lint_sql.py", "lint", "--disable-progress-bar")
MYPY = (LINT / "mypy", "--python-executable", sys.executable)
LINTERS = (
    (LINT / "ruff", "check", "."),
    (LINT / "ruff", "format", "--check", "."),
    (*SQLFLUFF, "--processes", "1", *SQL),
    (*SQLFLUFF, "--templater", "placeholder", "reports/queries"),
    MYPY,
)


class TestPaths(Paths):
    """The project, compiled apart from the build of make warehouse."""

    @property
    def target(self) -> Path:
        """The folder in which dbt compiles for the tests."""
        return TARGET


def main() -> int:
    """Run all checks, or with --quick the quick ones; print what failed and counts."""
    passed = failed = 0
    is_quick = "--quick" in sys.argv[1:]
    # what a user has in a workspace is not tested
    os.environ["COUPLING_WORKSPACE"] = str(TARGET / "no_workspace")
    with ThreadPoolExecutor(1) as beside:
        # programs of their own, which need nothing of the others
        linted = beside.submit(run_linters)
        every = (
            ("gate", run_gate),
            ("dbt data and unit tests", run_dbt),
            ("pytest", run_pytest),
            ("linters", linted.result),
        )
        quick = (
            ("gate", run_gate),
            ("quick tests", run_quick_tests),
            ("linters and types", linted.result),
        )
        for name, check in quick if is_quick else every:
            started = time.perf_counter()
            good, bad = check()
            seconds = time.perf_counter() - started
            print(f"{name}: {good} good, {bad} bad in {seconds:.0f} s", flush=True)
            passed, failed = passed + good, failed + bad
    print(f"{passed} passed, {failed} failed")
    return int(failed > 0)


def run_linters() -> tuple[int, int]:
    """Count linters without and with complaints."""
    bad = 0
    for command in LINTERS:
        run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
        if run.returncode:
            bad += 1
            print(run.stdout, run.stderr, sep="\n")
    return len(LINTERS) - bad, bad


def run_gate() -> tuple[int, int]:
    """Check the shipped seeds."""
    findings = check_seeds(Paths().seeds)
    for finding in findings:
        print(finding)
    return (0, 1) if findings else (1, 0)


def run_dbt() -> tuple[int, int]:
    """Build everything into a database of its own; count its tests."""
    result = dbt.build(DATABASE, TestPaths())
    for failure in result.failures:
        print(failure)
    tests = [node for node in result.nodes if node.kind in ("test", "unit_test")]
    bad = sum(not node.is_good for node in tests)
    if not result.succeeded:
        bad = max(bad, 1)
    return sum(node.is_good for node in tests), bad


def run_pytest() -> tuple[int, int]:
    """Run pytest on the database just built; count its cases."""
    return _pytest(
        # a process for each core: more take longer together
        *("--numprocesses", str(max(2, os.cpu_count() or 2))),
        *("--dist", "loadfile", "--no-loadscope-reorder"),
        database=str(DATABASE),
    )


def run_quick_tests() -> tuple[int, int]:
    """Run the tests that build nothing; count them."""
    return _pytest("--quick")


def _pytest(*options: str, database: str = "") -> tuple[int, int]:
    report = TARGET / "pytest.xml"
    report.unlink(missing_ok=True)
    environment = os.environ | {"COUPLING_TEST_DATABASE": database}
    command = (sys.executable, "-m", "pytest", *options, f"--junitxml={report}")
    run = subprocess.run(command, cwd=PROJECT, env=environment)
    if not report.exists():
        return 0, 1
    suite = ET.parse(report).getroot().find("testsuite")
    total, *others = (
        int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped")
    )
    bad = max(others[0] + others[1], int(run.returncode != 0))
    return total - sum(others), bad


if __name__ == "__main__":
    sys.exit(main())
