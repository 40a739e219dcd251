"""What stands in for the slow steps of a refresh, so that a test of others is quick."""

import shutil
from concurrent.futures import Future
from pathlib import Path

import duckdb
import projects

from coupling.base.paths import Paths
from coupling.publishing.run_tables import TABLES
from coupling.refresh import dbt, judgement, work

FIRST_DATABASE = "first.duckdb"
FIRST_MANIFEST = "first_manifest.json"


def keep_first_build(paths: Paths) -> None:
    """Keep what dbt made for the build that is published, for `build_as_first`."""
    database = paths.target / FIRST_DATABASE
    shutil.copyfile(paths.database, database)
    with duckdb.connect(str(database)) as connection:
        for table in TABLES:
            connection.execute(f"drop table marts.{table}")
    shutil.copyfile(paths.target / "manifest.json", paths.target / FIRST_MANIFEST)


def build_as_first(database: Path, paths: Paths, **_) -> dbt.BuildResult:
    """Give what dbt made at first, in place of a build by dbt."""
    database.parent.mkdir(parents=True)
    target = paths.target
    shutil.copyfile(target / FIRST_DATABASE, database)
    shutil.copyfile(target / FIRST_MANIFEST, target / "manifest.json")
    return dbt.BuildResult(True, [], [], 0)


def build_by_statements(database: Path, paths: Paths, **_) -> dbt.BuildResult:
    """Make what dbt would, of other seeds or a workspace, in a third of the time."""
    made = projects.compute(paths, without=projects.FOLDERS_ASIDE)
    database.parent.mkdir(parents=True)
    shutil.move(made, database)
    manifest = paths.target / "manifest.json"
    shutil.copyfile(paths.target / FIRST_MANIFEST, manifest)
    return dbt.BuildResult(True, [], [], 0)


def use_first_build(tasks: tuple[str, ...] = ("dbt",)) -> None:
    """Let refreshes of this process do without dbt or more, and judge nothing."""
    dbt.build = build_as_first
    judgement.Judgement = NotJudged
    work.Work.child = as_before(work.Work.child, tasks)


class AsBefore:
    """What is published, in the place of what a process would make."""

    tasks = ("dbt", "pages", "workbooks")

    def __init__(self, paths: Paths):
        """Stand in for a process of a project."""
        self.paths = paths

    def go(self, database, folder, previous=None) -> "AsBefore":
        """Copy pages (where there are some before) or workbooks."""
        before = self.paths.site if previous else self.paths.exports
        folder.mkdir(exist_ok=True)
        self.names = []
        for path in before.glob("**/*" if previous else "*.xlsx"):
            if path.is_file():
                self.names.append(path.relative_to(before).as_posix())
                (folder / self.names[-1]).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, folder / self.names[-1])
        return self

    def result(self) -> list[str]:
        """Return the names of the files."""
        return self.names

    def kill(self) -> None:
        """It does not run."""


def as_before(child, tasks: tuple[str, ...] | None = None):
    """Return a Work.child that starts no process of these tasks, or AsBefore.tasks."""

    def start(work, task, **environment):
        if task in (tasks or AsBefore.tasks):
            return AsBefore(work.paths)
        return child(work, task, **environment)

    return start


class NotJudged:
    """What was found at first; to judge takes seconds, test_expectations.py does."""

    def __init__(self, work):
        # figures whose judgement never comes
        self.work, self.figures = work, Future()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def beside(self, progress):
        """Return the progress as it is."""
        return progress

    def of_marts(self, before):
        """Judge nothing."""

    def tell_warnings(self):
        """There are none."""
