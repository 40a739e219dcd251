"""What a build is turned into: exports, workbooks and pages, written side by side."""

from pathlib import Path

from coupling.base.failures import ExitCode, RefreshError
from coupling.refresh.children import Child
from coupling.refresh.work import Work

# the longest first: there are more of them than cores
TASKS = ("workbooks", "pages", "exports", "compare")


def load(work: Work) -> dict[str, Child]:
    """Start loading what writes the results; each waits until it is asked for."""
    return {task: work.child(task) for task in TASKS}


def write(
    work: Work, waiting: dict[str, Child], before: Path | None, only: str
) -> dict[str, list[str]]:
    """Write all results and compare the build with that before; return file names.

    Raises RefreshError if one fails, or if with `only` anything but that study changed.
    """
    waiting["workbooks"].go(database=work.database, folder=work.exports)
    waiting["pages"].go(
        database=work.database, folder=work.site, previous=work.paths.site
    )
    waiting["exports"].go(database=work.database, folder=work.exports)
    waiting["compare"].go(before=before, after=work.database, but_for=only)
    work.run.tables = _compare(work, waiting["compare"], before, only)
    return {task: waiting[task].result() for task in ("exports", "workbooks", "pages")}


def _compare(work: Work, child: Child, before: Path | None, only: str) -> list[dict]:
    try:
        found = child.result()
    except RefreshError as error:
        if before is None or only:
            raise
        # a build before that cannot be read must not stop the new one
        print(f"not compared with {before}: {error}", file=work.log)
        work.run.message = "the build before could not be read"
        child = work.child("compare").go(before=None, after=work.database)
        found = child.result()
    for table in found["others"]:
        if table["rows_added"] or table["rows_removed"]:
            raise RefreshError(
                f"more than {only} changed: {table['table_schema']}."
                f"{table['table_name']} has {table['rows_added']} other rows and lacks "
                f"{table['rows_removed']}; refresh without --only to publish that too",
                ExitCode.RESULTS,
            )
    return found["tables"]
